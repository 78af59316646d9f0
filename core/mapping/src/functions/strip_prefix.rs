//! `strip-prefix`: one known beginning taken away.

use super::{Argument, Example, Function, Outcome};

pub(super) const FUNCTION: Function = Function {
    name: "strip-prefix",
    argument: Argument::Text,
    fails: None,
    doc: "Takes a beginning away where the text has it, once; other texts stay as they are.",
    examples: &[
        Example { written: "{ strip-prefix = \"HS-\" }", input: "HS-0099", output: Some("0099") },
        Example { written: "{ strip-prefix = \"HS-\" }", input: "0099", output: Some("0099") },
    ],
};

pub(super) fn apply(text: &str, prefix: &str) -> Outcome {
    let start = if text.starts_with(prefix) { prefix.len() } else { 0 };
    Outcome::Kept(start..text.len())
}
