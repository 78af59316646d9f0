//! What text must be: NFC, without control characters; and what it had better not hold.

use unicode_normalization::{IsNormalized, is_nfc, is_nfc_quick};

use crate::scan::{is_common_text, is_printable_ascii};

/// What is wrong with a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Flaw {
    /// A control character other than tab, line feed and carriage return.
    Control,
    /// Not in Unicode's composed form, so equal words would differ.
    NotComposed,
    /// An invisible character (U+200B, U+FEFF), as legacy systems leave in names.
    Invisible,
}

/// Finds the gravest flaw of a text.
///
/// Nearly all texts are decided by a look at their bytes: the composed Vietnamese letters and the
/// general punctuation can't be out of form, and only the rest asks the Unicode tables.
pub(crate) fn flaw(text: &str) -> Option<Flaw> {
    if is_printable_ascii(text.as_bytes()) || is_common_text(text) {
        return None;
    }
    let is_layout = |c: char| matches!(c, '\t' | '\n' | '\r');
    if text.chars().any(|c| c.is_control() && !is_layout(c)) {
        return Some(Flaw::Control);
    }
    let is_composed = match is_nfc_quick(text.chars()) {
        IsNormalized::Yes => true,
        IsNormalized::No => false,
        IsNormalized::Maybe => is_nfc(text),
    };
    if !is_composed {
        return Some(Flaw::NotComposed);
    }
    text.contains(['\u{200b}', '\u{feff}']).then_some(Flaw::Invisible)
}

#[cfg(test)]
mod tests;
