//! `lower`: small letters.

use super::{Argument, Example, Function, Outcome};

pub(super) const FUNCTION: Function = Function {
    name: "lower",
    argument: Argument::None,
    fails: None,
    doc: "Writes every letter small, Vietnamese letters included.",
    examples: &[
        Example { written: "\"lower\"", input: "AN@Example.VN", output: Some("an@example.vn") },
        Example { written: "\"lower\"", input: "Đ", output: Some("đ") },
    ],
};

pub(super) fn apply(text: &str, out: &mut String) -> Outcome {
    out.extend(text.chars().flat_map(char::to_lowercase));
    Outcome::Written
}
