//! `upper`: capital letters.

use super::{Argument, Example, Function, Outcome};

pub(super) const FUNCTION: Function = Function {
    name: "upper",
    argument: Argument::None,
    fails: None,
    doc: "Writes every letter as a capital, Vietnamese letters included.",
    examples: &[
        Example { written: "\"upper\"", input: "h22.đ", output: Some("H22.Đ") },
        Example { written: "\"upper\"", input: "ờ", output: Some("Ờ") },
    ],
};

pub(super) fn apply(text: &str, out: &mut String) -> Outcome {
    out.extend(text.chars().flat_map(char::to_uppercase));
    Outcome::Written
}
