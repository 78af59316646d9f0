//! `trim`: blanks at both ends taken away.

use super::{Argument, Example, Function, Outcome};

pub(super) const FUNCTION: Function = Function {
    name: "trim",
    argument: Argument::None,
    fails: None,
    doc: "Takes away blanks at both ends: every character that Unicode calls white space, the \
          no-break space among them.",
    examples: &[
        Example {
            written: "\"trim\"", input: "  Nguyễn Văn A ", output: Some("Nguyễn Văn A")
        },
        Example { written: "\"trim\"", input: "\u{a0}H22\t", output: Some("H22") },
        Example { written: "\"trim\"", input: "   ", output: Some("") },
    ],
};

pub(super) fn apply(text: &str) -> Outcome {
    let start = text.len() - text.trim_start().len();
    Outcome::Kept(start..start + text.trim().len())
}
