//! `nfc`: composed Unicode.

use unicode_normalization::{IsNormalized, UnicodeNormalization as _, is_nfc_quick};

use super::{Argument, Example, Function, Outcome, whole};

pub(super) const FUNCTION: Function = Function {
    name: "nfc",
    argument: Argument::None,
    fails: None,
    doc: "Writes letters with their marks as one character each (Unicode NFC), as the national \
          standard wants all text. Nothing a reader sees changes.",
    examples: &[
        Example { written: "\"nfc\"", input: "Nguye\u{302}\u{303}n", output: Some("Nguyễn") },
        Example { written: "\"nfc\"", input: "Nguyễn", output: Some("Nguyễn") },
    ],
};

pub(super) fn apply(text: &str, out: &mut String) -> Outcome {
    if text.is_ascii() || is_nfc_quick(text.chars()) == IsNormalized::Yes {
        return whole(text);
    }
    out.extend(text.nfc());
    Outcome::Written
}
