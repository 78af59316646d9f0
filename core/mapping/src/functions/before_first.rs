//! `before-first`: the part before a mark.

use super::{Argument, Example, Function, Outcome, whole};

pub(super) const FUNCTION: Function = Function {
    name: "before-first",
    argument: Argument::Text,
    fails: None,
    doc: "Keeps what stands before the first place of a mark, or all of a text without the mark.",
    examples: &[
        Example { written: "{ before-first = \"##\" }", input: "1##2##3", output: Some("1") },
        Example { written: "{ before-first = \"-\" }", input: "H22", output: Some("H22") },
    ],
};

pub(super) fn apply(text: &str, mark: &str) -> Outcome {
    match text.find(mark) {
        Some(end) => Outcome::Kept(0..end),
        None => whole(text),
    }
}
