//! Vietnamese text: the encodings that Vietnamese systems still write, and cleaning.
//!
//! Pure: no input or output, no state but a [`Transcoder`]'s. Decoding never replaces what it can't
//! read: it fails with the place. What the legacy encodings yield is NFC, because some of them keep
//! tone marks apart from their letters; UTF-8 and UTF-16 are handed on as they were written, and
//! [`clean::nfc`] is there for who wants more. What a text is in is told by people; who wants it
//! detected asks for that ([`Detector`], [`reread_detected`]) and is told how sure it is.

pub mod clean;
mod detect;
mod encoding;
mod encodings;
#[cfg(test)]
mod oracle;
mod reread;
mod syllable;
mod transcoder;

pub use detect::{Detection, Detector, Guess, reread_detected};
pub use encoding::{DecodeError, Encoding, decode, utf8_valid_up_to};
pub use encodings::tcvn3::{tcvn3_char, tcvn3_upper};
pub use reread::{RereadError, bytes_of, reread};
pub use syllable::is_syllable;
pub use transcoder::Transcoder;
