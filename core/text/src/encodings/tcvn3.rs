//! TCVN 5712:1993 VN3 (ABC), the encoding of the `.Vn…` fonts.
//!
//! It has no capitals with tone marks: in an "H" font (`.VnTimeH`) the bytes of small letters are
//! shown as capitals, so the font is part of the text; [`tcvn3_upper`] is for that. The positions
//! where TCVN 5712 VN1 and VN2 keep such capitals are refused.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization as _;

use super::{ascii, at};
use crate::{DecodeError, Encoding};

/// The characters of the bytes from 0xA0 on; a space stands where VN3 has none. The five at 0xB0
/// are tone marks, which belong to the letter before them.
#[rustfmt::skip]
const FROM_A0: [char; 96] = [
    '\u{A0}', 'Ă', 'Â', 'Ê', 'Ô', 'Ơ', 'Ư', 'Đ', 'ă', 'â', 'ê', 'ô', 'ơ', 'ư', 'đ', ' ',
    '\u{300}', '\u{309}', '\u{303}', '\u{301}', '\u{323}',
    'à', 'ả', 'ã', 'á', 'ạ', ' ', 'ằ', 'ẳ', 'ẵ', 'ắ', ' ',
    ' ', ' ', ' ', ' ', ' ', ' ', 'ặ', 'ầ', 'ẩ', 'ẫ', 'ấ', 'ậ', 'è', ' ', 'ẻ', 'ẽ',
    'é', 'ẹ', 'ề', 'ể', 'ễ', 'ế', 'ệ', 'ì', 'ỉ', ' ', ' ', ' ', 'ĩ', 'í', 'ị', 'ò',
    ' ', 'ỏ', 'õ', 'ó', 'ọ', 'ồ', 'ổ', 'ỗ', 'ố', 'ộ', 'ờ', 'ở', 'ỡ', 'ớ', 'ợ', 'ù',
    ' ', 'ủ', 'ũ', 'ú', 'ụ', 'ừ', 'ử', 'ữ', 'ứ', 'ự', 'ỳ', 'ỷ', 'ỹ', 'ý', 'ỵ', ' ',
];

/// The character of a byte; `None` where VN3 has none. The bytes 0xB0 to 0xB4 are combining tone
/// marks.
pub fn tcvn3_char(byte: u8) -> Option<char> {
    if byte < 0x80 {
        return Some(char::from(byte));
    }
    let index = usize::from(byte.checked_sub(0xA0)?);
    FROM_A0.get(index).copied().filter(|found| *found != ' ')
}

/// The capital that an "H" font shows for a character.
pub fn tcvn3_upper(letter: char) -> char {
    let mut upper = letter.to_uppercase();
    match (upper.next(), upper.next()) {
        (Some(single), None) => single,
        _ => letter,
    }
}

/// Whether the byte is a tone mark, which belongs to the letter before it.
pub(crate) fn is_mark(byte: u8) -> bool {
    matches!(byte, 0xB0..=0xB4)
}

/// Decodes a whole text.
pub(crate) fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, DecodeError> {
    if let Some(text) = ascii(bytes) {
        return Ok(Cow::Borrowed(text));
    }
    let mut text = String::with_capacity(bytes.len() + bytes.len() / 2);
    for (offset, byte) in bytes.iter().enumerate() {
        let Some(found) = tcvn3_char(*byte) else {
            let encoding = Encoding::Tcvn3;
            return Err(DecodeError::Malformed { encoding, offset: at(offset) });
        };
        text.push(found);
    }
    // The letters themselves are composed; only marks of their own leave anything to do.
    if bytes.iter().any(|byte| is_mark(*byte)) {
        text = text.nfc().collect();
    }
    Ok(Cow::Owned(text))
}
