//! `tone-placement`: one habit of placing tone marks.

use std::borrow::Cow;

use lienthong_text::clean::{TonePlacement, place_tones};

use super::{Argument, Example, Function, Outcome, whole};

pub(super) const FUNCTION: Function = Function {
    name: "tone-placement",
    argument: Argument::TonePlacement,
    fails: None,
    doc: "Writes syllables that end in `oa`, `oe` or `uy` with the tone mark on their first vowel \
          (`old`: hòa, khỏe, thủy) or on their second (`new`: hoà, khoẻ, thuỷ). Both are right \
          and are different texts; use it where a key or name has to equal another system's. Put \
          `nfc` before it where text may be decomposed.",
    examples: &[
        Example {
            written: "{ tone-placement = \"old\" }",
            input: "Uỷ ban tỉnh Khánh Hoà",
            output: Some("Ủy ban tỉnh Khánh Hòa"),
        },
        Example { written: "{ tone-placement = \"new\" }", input: "HÒA", output: Some("HOÀ") },
        Example {
            written: "{ tone-placement = \"new\" }",
            input: "quý, hoàn",
            output: Some("quý, hoàn"),
        },
    ],
};

pub(super) fn apply(text: &str, placement: TonePlacement, out: &mut String) -> Outcome {
    match place_tones(text, placement) {
        Cow::Borrowed(_) => whole(text),
        Cow::Owned(placed) => {
            out.push_str(&placed);
            Outcome::Written
        }
    }
}
