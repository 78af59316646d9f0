//! VNI for Windows, the encoding of the `VNI-…` fonts: a letter and, behind it, one byte for its
//! marks. `ơ ư đ ị ỉ ĩ ì í ỵ` are letters of their own.
//!
//! The marks are composed by rule: they are what the fonts draw above or below the letter before
//! them. A mark that does not belong to the letter before it is refused. So are the bytes that no
//! VNI font has a sign for. Typewriting of capitals varies, so a mark may be the one for capitals
//! or the one for small letters; the letter decides.

use std::borrow::Cow;

use unicode_normalization::char::compose;

use super::windows1252::char_1252;
use super::{ascii, at};
use crate::{DecodeError, Encoding};

const CIRCUMFLEX: char = '\u{302}';
const BREVE: char = '\u{306}';
const GRAVE: char = '\u{300}';
const ACUTE: char = '\u{301}';
const TILDE: char = '\u{303}';
const HOOK: char = '\u{309}';
const DOT: char = '\u{323}';

/// What one byte behind a letter stands for.
#[derive(Clone, Copy)]
struct Marks {
    shape: Option<char>,
    tone: Option<char>,
}

/// The marks of a byte, the same for capitals and small letters.
fn marks(byte: u8) -> Option<Marks> {
    let (shape, tone) = match byte | 0x20 {
        0xF8 => (None, Some(GRAVE)),
        0xF9 => (None, Some(ACUTE)),
        0xFB => (None, Some(HOOK)),
        0xF5 => (None, Some(TILDE)),
        0xEF => (None, Some(DOT)),
        0xE2 => (Some(CIRCUMFLEX), None),
        0xE0 => (Some(CIRCUMFLEX), Some(GRAVE)),
        0xE1 => (Some(CIRCUMFLEX), Some(ACUTE)),
        0xE5 => (Some(CIRCUMFLEX), Some(HOOK)),
        0xE3 => (Some(CIRCUMFLEX), Some(TILDE)),
        0xE4 => (Some(CIRCUMFLEX), Some(DOT)),
        0xEA => (Some(BREVE), None),
        0xE8 => (Some(BREVE), Some(GRAVE)),
        0xE9 => (Some(BREVE), Some(ACUTE)),
        0xFA => (Some(BREVE), Some(HOOK)),
        0xFC => (Some(BREVE), Some(TILDE)),
        0xEB => (Some(BREVE), Some(DOT)),
        _ => return None,
    };
    (byte >= 0xC0).then_some(Marks { shape, tone })
}

/// Whether the byte belongs to the letter before it.
pub(crate) fn is_mark(byte: u8) -> bool {
    marks(byte).is_some()
}

/// The character of a byte that stands for itself; `None` for marks and where VNI has none.
fn letter(byte: u8) -> Option<char> {
    Some(match byte {
        0x80..=0xBF => return char_1252(byte),
        0xD1 => 'Đ',
        0xF1 => 'đ',
        0xD4 => 'Ơ',
        0xF4 => 'ơ',
        0xD6 => 'Ư',
        0xF6 => 'ư',
        0x00..=0x7F | 0xCC | 0xCD | 0xEC | 0xED | 0xD7 | 0xF7 => char::from(byte),
        0xC6 => 'Ỉ',
        0xE6 => 'ỉ',
        0xD3 => 'Ĩ',
        0xF3 => 'ĩ',
        0xD2 => 'Ị',
        0xF2 => 'ị',
        0xCE => 'Ỵ',
        0xEE => 'ỵ',
        _ => return None,
    })
}

/// The letter with its marks, where Vietnamese has one.
fn marked(letter: char, Marks { shape, tone }: Marks) -> Option<char> {
    let takes = match shape {
        Some(CIRCUMFLEX) => "aeoAEO",
        Some(_) => "aA",
        None => "aeiouyơưAEIOUYƠƯ",
    };
    if !takes.contains(letter) {
        return None;
    }
    // Unicode composes what stands below a letter before what stands above it.
    let (first, second) = if tone == Some(DOT) { (tone, shape) } else { (shape, tone) };
    [first, second].into_iter().flatten().try_fold(letter, compose)
}

/// Decodes a whole text.
pub(crate) fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, DecodeError> {
    if let Some(text) = ascii(bytes) {
        return Ok(Cow::Borrowed(text));
    }
    let mut text = String::with_capacity(bytes.len() + bytes.len() / 2);
    let mut rest = bytes.iter().copied().enumerate().peekable();
    while let Some((offset, byte)) = rest.next() {
        let Some(base) = letter(byte) else {
            let encoding = Encoding::Vni;
            return Err(DecodeError::Malformed { encoding, offset: at(offset) });
        };
        let with_marks = rest.peek().and_then(|(_, next)| marked(base, marks(*next)?));
        if with_marks.is_some() {
            rest.next();
        }
        text.push(with_marks.unwrap_or(base));
    }
    Ok(Cow::Owned(text))
}
