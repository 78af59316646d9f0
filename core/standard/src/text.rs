//! What text must be: NFC, without control characters; and what it had better not hold.

use unicode_normalization::{IsNormalized, is_nfc, is_nfc_quick};

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
    let bytes = text.as_bytes();
    let is_plain = bytes.iter().fold(true, |plain, byte| plain & (byte.wrapping_sub(0x20) <= 0x5e));
    if is_plain {
        return None;
    }
    let mut is_suspect = false;
    let mut rest = bytes;
    while let Some(first) = rest.first() {
        let width = match rest {
            [b'\t' | b'\n' | b'\r' | 0x20..=0x7e, ..] => 1,
            // U+0080 to U+009F are control characters too.
            [0x00..=0x7f, ..] | [0xc2, 0x80..=0x9f, ..] => return Some(Flaw::Control),
            // U+00A0 to U+02FF: Latin letters, always in form.
            [0xc2..=0xcb, ..] => 2,
            // U+1E00 to U+1EFF are too; U+2010 to U+203F: dashes, quotes, ellipsis.
            [0xe1, 0xb8..=0xbb, ..] | [0xe2, 0x80, 0x90..=0xbf, ..] => 3,
            _ => {
                is_suspect = true;
                usize::from(*first >= 0xc0) + 1
            }
        };
        rest = rest.get(width..).unwrap_or_default();
    }
    if !is_suspect {
        return None;
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
