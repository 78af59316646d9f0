//! The encodings by name, and decoding of a whole text.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::encodings::{single, tcvn3, utf8, utf16, viscii, vni, vps, windows1258};

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
    /// VNI for Windows: the encoding of the `VNI-…` fonts.
    #[serde(rename = "vni")]
    Vni,
    /// VISCII, RFC 1456.
    #[serde(rename = "viscii")]
    Viscii,
    /// VPS, of the Vietnamese Professionals Society.
    #[serde(rename = "vps")]
    Vps,
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
    pub const ALL: [Self; 9] = [
        Self::Utf8,
        Self::Utf16Le,
        Self::Utf16Be,
        Self::Utf16,
        Self::Windows1258,
        Self::Tcvn3,
        Self::Vni,
        Self::Viscii,
        Self::Vps,
    ];

    /// Those in which Vietnamese is written with one or two bytes a letter.
    pub const LEGACY: [Self; 5] =
        [Self::Tcvn3, Self::Vni, Self::Windows1258, Self::Viscii, Self::Vps];

    /// Its name in settings and messages.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "utf-8",
            Self::Utf16Le => "utf-16le",
            Self::Utf16Be => "utf-16be",
            Self::Utf16 => "utf-16",
            Self::Windows1258 => "windows-1258",
            Self::Tcvn3 => "tcvn3",
            Self::Vni => "vni",
            Self::Viscii => "viscii",
            Self::Vps => "vps",
        }
    }

    /// Whether blanks, line ends and the signs of ASCII are those bytes and part of no other
    /// character, so that a text can be cut at them before it is decoded.
    pub const fn is_ascii_compatible(self) -> bool {
        !matches!(self, Self::Utf16Le | Self::Utf16Be | Self::Utf16)
    }

    /// Whether these bytes are ASCII that reads the same in this encoding. Not every text without
    /// a high byte is: VISCII and VPS have letters in the place of control characters.
    pub fn is_plain(self, bytes: &[u8]) -> bool {
        let has_letter = |table: &single::Table| bytes.iter().any(|byte| table.is_letter(*byte));
        match self {
            Self::Utf16Le | Self::Utf16Be | Self::Utf16 => bytes.is_empty(),
            Self::Viscii => !has_letter(&viscii::TABLE),
            Self::Vps => !has_letter(&vps::TABLE),
            Self::Utf8 | Self::Windows1258 | Self::Tcvn3 | Self::Vni => bytes.is_ascii(),
        }
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
/// UTF-8 is only checked and returned as it is. The legacy encodings yield NFC; pure ASCII is
/// returned as it is.
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
        Encoding::Vni => vni::decode(bytes),
        Encoding::Viscii => Ok(viscii::TABLE.decode(bytes)),
        Encoding::Vps => Ok(vps::TABLE.decode(bytes)),
    }
}

/// How many bytes from the beginning are valid UTF-8: all of them, if it is the length. Many times
/// faster than the standard library's check, for buffers of many items.
pub fn utf8_valid_up_to(bytes: &[u8]) -> usize {
    encoding_rs::Encoding::utf8_valid_up_to(bytes)
}

#[cfg(test)]
mod tests;
