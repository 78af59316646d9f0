//! `after-first`: the part behind a mark.

use super::{Argument, Example, Function, Outcome};

pub(super) const FUNCTION: Function = Function {
    name: "after-first",
    argument: Argument::Text,
    fails: None,
    doc: "Keeps what stands behind the first place of a mark; a text without the mark becomes \
          empty, and so counts as missing.",
    examples: &[
        Example {
            written: "{ after-first = \" - \" }",
            input: "G03 - Giáo dục",
            output: Some("Giáo dục"),
        },
        Example { written: "{ after-first = \"-\" }", input: "H22", output: Some("") },
    ],
};

pub(super) fn apply(text: &str, mark: &str) -> Outcome {
    let start = text.find(mark).map_or(text.len(), |start| start + mark.len());
    Outcome::Kept(start..text.len())
}
