//! Windows-1258: letters with their shape marks are one byte, tone marks stand behind as bytes of
//! their own, so the text is composed to NFC.
//!
//! The nine bytes that the code page leaves undefined are refused. (The table that browsers use
//! maps them to C1 controls, which no Vietnamese text means.)

use std::borrow::Cow;

use encoding_rs::WINDOWS_1258;
use unicode_normalization::UnicodeNormalization as _;

use super::{ascii, at};
use crate::{DecodeError, Encoding};

/// Whether the code page has this byte.
pub(crate) fn has(byte: u8) -> bool {
    !matches!(byte, 0x81 | 0x8A | 0x8D..=0x90 | 0x9A | 0x9D | 0x9E)
}

/// Whether the byte is a tone mark, which belongs to the letter before it.
pub(crate) fn is_mark(byte: u8) -> bool {
    matches!(byte, 0xCC | 0xD2 | 0xDE | 0xEC | 0xF2)
}

/// Decodes a whole text.
pub(crate) fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, DecodeError> {
    if let Some(text) = ascii(bytes) {
        return Ok(Cow::Borrowed(text));
    }
    if let Some(offset) = bytes.iter().position(|byte| !has(*byte)) {
        let encoding = Encoding::Windows1258;
        return Err(DecodeError::Malformed { encoding, offset: at(offset) });
    }
    let (text, _) = WINDOWS_1258.decode_without_bom_handling(bytes);
    Ok(Cow::Owned(text.nfc().collect()))
}
