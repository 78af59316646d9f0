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

/// Whether two texts are the same but for capitals, blanks and punctuation. Texts without a letter
/// or digit say nothing, and are the same as none.
pub(crate) fn is_same(left: &str, right: &str) -> bool {
    let (mut left_rest, mut right_rest) = (left.as_bytes(), right.as_bytes());
    let mut says_something = false;
    // Nearly all pairs are told apart by their first letters, without the Unicode tables.
    loop {
        match (next_letter(&mut left_rest), next_letter(&mut right_rest)) {
            (Next::End, Next::End) => return says_something,
            (Next::Letter(one), Next::Letter(other)) if one == other => says_something = true,
            (Next::Other, _) | (_, Next::Other) => return is_same_in_unicode(left, right),
            _ => return false,
        }
    }
}

/// The first letter or digit of a text, small: texts that differ in it are not the same.
pub(crate) fn first_letter(text: &str) -> Option<char> {
    match text.as_bytes() {
        [first, ..] if first.is_ascii_alphanumeric() => Some(first.to_ascii_lowercase().into()),
        _ => letters(text).next(),
    }
}

/// What comes next in a text.
enum Next {
    /// An ASCII letter, small, or digit.
    Letter(u8),
    /// A character that is not ASCII.
    Other,
    End,
}

fn next_letter(rest: &mut &[u8]) -> Next {
    while let [byte, after @ ..] = *rest {
        if !byte.is_ascii() {
            return Next::Other;
        }
        *rest = after;
        if byte.is_ascii_alphanumeric() {
            return Next::Letter(byte.to_ascii_lowercase());
        }
    }
    Next::End
}

fn is_same_in_unicode(left: &str, right: &str) -> bool {
    let mut says_something = false;
    letters(left).inspect(|_| says_something = true).eq(letters(right)) && says_something
}

fn letters(text: &str) -> impl Iterator<Item = char> {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase)
}

#[cfg(test)]
mod tests;
