//! `strip-suffix`: one known end taken away.

use super::{Argument, Example, Function, Outcome};

pub(super) const FUNCTION: Function = Function {
    name: "strip-suffix",
    argument: Argument::Text,
    fails: None,
    doc: "Takes an end away where the text has it, once; other texts stay as they are. An owner's \
          suffix of a procedure code is one.",
    examples: &[
        Example {
            written: "{ strip-suffix = \".000.00.00.H48\" }",
            input: "1.001612.000.00.00.H48",
            output: Some("1.001612"),
        },
        Example {
            written: "{ strip-suffix = \".H48\" }",
            input: "1.001612",
            output: Some("1.001612"),
        },
    ],
};

pub(super) fn apply(text: &str, suffix: &str) -> Outcome {
    let end = if text.ends_with(suffix) { text.len() - suffix.len() } else { text.len() };
    Outcome::Kept(0..end)
}
