//! Text whose bytes were taken for characters of another encoding on the way here.
//!
//! JSON and XML are Unicode, so a system that keeps text in a legacy encoding and does not know it
//! hands on every byte as some character: the one of the same number (Latin-1), or the one that
//! Western Windows has (Windows-1252: `‘` for 0x91). Both ways are undone here. They differ from
//! 0x80 to 0x9F only; a text in which both seem to have been gone is refused.

use std::borrow::Cow;

use crate::encodings::windows1252::{byte_1252, char_1252};
use crate::{Encoding, decode};

/// Why a text can't be taken back to its bytes and read again. Characters are counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RereadError {
    /// A character that no byte was ever taken for: this is Unicode already, or it was damaged.
    #[error("character {character} is not one that a byte was taken for")]
    NoByte {
        /// Its place.
        character: usize,
    },
    /// One character is there by Latin-1 and one by Windows-1252.
    #[error("up to character {character} the bytes were taken for characters in two ways")]
    TwoWays {
        /// The place where it shows.
        character: usize,
    },
    /// A byte that the encoding does not have.
    #[error("character {character} is not {}", encoding.name())]
    Malformed {
        /// The encoding.
        encoding: Encoding,
        /// The place of the character that the byte was taken for.
        character: usize,
    },
}

/// Reads a text whose bytes, in a legacy encoding, were taken for characters. Text that is plain in
/// the encoding is returned as it is, and so is any text for an encoding that is not a legacy one.
///
/// TCVN3 leaves quotation marks and dashes beyond Latin-1 as they are: none of its bytes is taken
/// for them, and writers put them in by the keyboard.
///
/// # Errors
/// [`RereadError`] with the place of the first character that can't be read; nothing is replaced.
pub fn reread(text: &str, encoding: Encoding) -> Result<Cow<'_, str>, RereadError> {
    if !Encoding::LEGACY.contains(&encoding) || encoding.is_plain(text.as_bytes()) {
        return Ok(Cow::Borrowed(text));
    }
    if encoding != Encoding::Tcvn3 {
        return part(text, 0, encoding).map(Cow::Owned);
    }
    let mut out = String::with_capacity(text.len());
    let mut before = 0;
    for piece in text.split_inclusive(is_sign) {
        let sign = piece.chars().next_back().filter(|last| is_sign(*last));
        let words = sign.and_then(|sign| piece.strip_suffix(sign)).unwrap_or(piece);
        out.push_str(&part(words, before, encoding)?);
        out.extend(sign);
        before += piece.chars().count();
    }
    Ok(Cow::Owned(out))
}

/// Takes characters back to the bytes that were taken for them.
///
/// # Errors
/// [`RereadError`] with the place of the first character that stands for no byte.
pub fn bytes_of(text: &str) -> Result<Vec<u8>, RereadError> {
    let mut bytes = Vec::with_capacity(text.len());
    let (mut is_latin1, mut is_1252) = (false, false);
    for (character, letter) in (1..).zip(text.chars()) {
        let byte = if let Ok(byte) = u8::try_from(letter) {
            // The five that Windows-1252 has not are the same in both.
            is_latin1 |= matches!(byte, 0x80..=0x9F) && char_1252(byte).is_some();
            byte
        } else {
            is_1252 = true;
            byte_1252(letter).ok_or(RereadError::NoByte { character })?
        };
        if is_latin1 && is_1252 {
            return Err(RereadError::TwoWays { character });
        }
        bytes.push(byte);
    }
    Ok(bytes)
}

/// Reads a part, so many characters behind the beginning.
fn part(text: &str, before: usize, encoding: Encoding) -> Result<String, RereadError> {
    let bytes = bytes_of(text).map_err(|error| error.moved(before))?;
    let read = decode(&bytes, encoding).map_err(|error| {
        let offset = usize::try_from(error.offset()).unwrap_or(usize::MAX);
        RereadError::Malformed { encoding, character: before.saturating_add(offset) + 1 }
    })?;
    Ok(read.into_owned())
}

/// A sign of Windows-1252 that Latin-1 does not have.
fn is_sign(letter: char) -> bool {
    !letter.is_alphabetic() && u8::try_from(letter).is_err() && byte_1252(letter).is_some()
}

impl RereadError {
    /// The place of the character, counted from 1.
    pub const fn character(&self) -> usize {
        match self {
            Self::NoByte { character }
            | Self::TwoWays { character }
            | Self::Malformed { character, .. } => *character,
        }
    }

    /// The same error, so many characters further on.
    fn moved(self, by: usize) -> Self {
        let character = self.character() + by;
        match self {
            Self::NoByte { .. } => Self::NoByte { character },
            Self::TwoWays { .. } => Self::TwoWays { character },
            Self::Malformed { encoding, .. } => Self::Malformed { encoding, character },
        }
    }
}

#[cfg(test)]
mod tests;
