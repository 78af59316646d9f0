//! Normalisation Form C: letters and their marks as one character where Unicode has one.

use std::borrow::Cow;

use unicode_normalization::{IsNormalized, UnicodeNormalization as _, is_nfc_quick};

/// Composes to NFC.
///
/// On the hot path: for ASCII and for the letters that Vietnamese uses, a look at the bytes shows
/// that there is nothing to do.
pub fn nfc(text: &str) -> Cow<'_, str> {
    if text.is_ascii() || is_surely_composed(text.as_bytes()) {
        return Cow::Borrowed(text);
    }
    if is_nfc_quick(text.chars()) == IsNormalized::Yes {
        return Cow::Borrowed(text);
    }
    let composed: String = text.nfc().collect();
    if composed == text { Cow::Borrowed(text) } else { Cow::Owned(composed) }
}

/// Whether every character is of a block in which all characters have the quick-check property
/// `NFC_QC=Yes` and the combining class 0. The blocks, by their bytes in UTF-8: up to U+02FF,
/// U+1E00 to U+1EFF (Vietnamese letters), U+2010 to U+20BF (dashes, quotation marks, `₫`).
fn is_surely_composed(mut rest: &[u8]) -> bool {
    loop {
        rest = match rest {
            [] => return true,
            [0..=0x7F, tail @ ..]
            | [0xC2..=0xCB, _, tail @ ..]
            | [0xE1, 0xB8..=0xBB, _, tail @ ..]
            | [0xE2, 0x80, 0x90..=0xBF, tail @ ..]
            | [0xE2, 0x81..=0x82, _, tail @ ..] => tail,
            _ => return false,
        };
    }
}

#[cfg(test)]
mod tests;
