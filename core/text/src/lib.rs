//! Vietnamese text: the encodings that Vietnamese systems still write, and cleaning.
//!
//! Pure: no input or output, no state but a [`Transcoder`]'s. Decoding never replaces what it can't
//! read: it fails with the place. What the legacy encodings yield is NFC, because some of them keep
//! tone marks apart from their letters; UTF-8 and UTF-16 are handed on as they were written, and
//! [`clean::nfc`] is there for who wants more.

pub mod clean;
mod encoding;
mod encodings;
#[cfg(test)]
mod oracle;
mod reread;
mod transcoder;

pub use encoding::{DecodeError, Encoding, decode, utf8_valid_up_to};
pub use encodings::tcvn3::{tcvn3_char, tcvn3_upper};
pub use reread::{RereadError, bytes_of, reread};
pub use transcoder::Transcoder;
