//! The encodings by name, and decoding of a whole text.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::encodings::{tcvn3, utf8, utf16, windows1258};

/// How a text is written in bytes.
///
/// Each has one file under `encodings`; a new one is a variant here and a file there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub enum Encoding {
    /// UTF-8.
    #[default]
    #[serde(rename = "utf-8")]
    Utf8,
    /// UTF-16 with the low byte first, as Windows programs write it.
    #[serde(rename = "utf-16le")]
    Utf16Le,
    /// UTF-16 with the high byte first.
    #[serde(rename = "utf-16be")]
    Utf16Be,
    /// UTF-16 that says by its byte order mark which byte is first; one without a mark is refused.
    #[serde(rename = "utf-16")]
    Utf16,
    /// The Vietnamese code page of Windows.
    #[serde(rename = "windows-1258")]
    Windows1258,
    /// TCVN 5712:1993 VN3, known as ABC: the encoding of the `.Vn…` fonts.
    #[serde(rename = "tcvn3")]
    Tcvn3,
}

/// Bytes that are not a text of the encoding they were said to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// A byte or sequence that the encoding does not have.
    #[error("byte {offset} is not {}", encoding.name())]
    Malformed {
        /// The encoding.
        encoding: Encoding,
        /// Offset of the first byte of the sequence.
        offset: u64,
    },
    /// The text ends inside a character.
    #[error("the text ends inside a character of {}, at byte {offset}", encoding.name())]
    Truncated {
        /// The encoding.
        encoding: Encoding,
        /// Offset of the first byte of that character.
        offset: u64,
    },
    /// UTF-16 by its mark, but there is none.
    #[error("the text does not begin with a UTF-16 byte order mark")]
    NoByteOrderMark,
}

impl Encoding {
    /// Every encoding, in the order in which they are listed to people.
    pub const ALL: [Self; 6] =
        [Self::Utf8, Self::Utf16Le, Self::Utf16Be, Self::Utf16, Self::Windows1258, Self::Tcvn3];

    /// Its name in settings and messages.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "utf-8",
            Self::Utf16Le => "utf-16le",
            Self::Utf16Be => "utf-16be",
            Self::Utf16 => "utf-16",
            Self::Windows1258 => "windows-1258",
            Self::Tcvn3 => "tcvn3",
        }
    }

    /// Whether every byte below 0x80 is that ASCII character and part of no other one, so that a
    /// text can be cut at ASCII characters before it is decoded.
    pub const fn is_ascii_compatible(self) -> bool {
        matches!(self, Self::Utf8 | Self::Windows1258 | Self::Tcvn3)
    }
}

impl DecodeError {
    /// Offset of the first byte that could not be read.
    pub const fn offset(&self) -> u64 {
        match self {
            Self::Malformed { offset, .. } | Self::Truncated { offset, .. } => *offset,
            Self::NoByteOrderMark => 0,
        }
    }

    /// The same error, `by` bytes further on.
    #[must_use]
    pub const fn moved(self, by: u64) -> Self {
        match self {
            Self::Malformed { encoding, offset } => {
                Self::Malformed { encoding, offset: offset + by }
            }
            Self::Truncated { encoding, offset } => {
                Self::Truncated { encoding, offset: offset + by }
            }
            Self::NoByteOrderMark => Self::NoByteOrderMark,
        }
    }
}

/// Decodes a whole text. A byte order mark at its beginning is left out.
///
/// UTF-8 is only checked and returned as it is. The single-byte encodings yield NFC, except that
/// pure ASCII is returned as it is.
///
/// # Errors
/// [`DecodeError`] with the place of the first byte that can't be read; nothing is ever replaced.
pub fn decode(bytes: &[u8], encoding: Encoding) -> Result<Cow<'_, str>, DecodeError> {
    match encoding {
        Encoding::Utf8 => utf8::decode(bytes).map(Cow::Borrowed),
        Encoding::Utf16Le | Encoding::Utf16Be | Encoding::Utf16 => {
            utf16::decode(bytes, encoding).map(Cow::Owned)
        }
        Encoding::Windows1258 => windows1258::decode(bytes),
        Encoding::Tcvn3 => tcvn3::decode(bytes),
    }
}

/// How many bytes from the beginning are valid UTF-8: all of them, if it is the length. Many times
/// faster than the standard library's check, for buffers of many items.
pub fn utf8_valid_up_to(bytes: &[u8]) -> usize {
    encoding_rs::Encoding::utf8_valid_up_to(bytes)
}

#[cfg(test)]
mod tests;
