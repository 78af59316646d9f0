//! Encodings in which every byte is one character.

use std::borrow::Cow;

/// Bytes below 0x20 that are letters.
pub(crate) type Low = &'static [(u8, char)];

/// The characters of the bytes from 0x80 on.
pub(crate) type High = [char; 128];

/// What every byte of an encoding is. All characters are composed, so what is read is NFC.
#[derive(Debug)]
pub(crate) struct Table {
    pub(crate) low: Low,
    pub(crate) high: &'static High,
}

impl Table {
    /// The character of a byte.
    pub(crate) fn char(&self, byte: u8) -> char {
        if let Some(index) = byte.checked_sub(0x80) {
            return self.high.get(usize::from(index)).copied().unwrap_or_default();
        }
        self.letter_below_space(byte).unwrap_or_else(|| char::from(byte))
    }

    /// Whether the byte is not the ASCII character of its number.
    pub(crate) fn is_letter(&self, byte: u8) -> bool {
        byte >= 0x80 || self.letter_below_space(byte).is_some()
    }

    fn letter_below_space(&self, byte: u8) -> Option<char> {
        if byte >= b' ' {
            return None;
        }
        self.low.iter().find(|(low, _)| *low == byte).map(|(_, letter)| *letter)
    }

    /// Decodes a whole text; every byte can be read.
    pub(crate) fn decode<'a>(&self, bytes: &'a [u8]) -> Cow<'a, str> {
        if !bytes.iter().any(|byte| self.is_letter(*byte))
            && let Ok(text) = std::str::from_utf8(bytes)
        {
            return Cow::Borrowed(text);
        }
        Cow::Owned(bytes.iter().map(|byte| self.char(*byte)).collect())
    }
}
