//! Compressed files, told by their first bytes and read within bounds.
//!
//! Damage to a file is a [`FlawKind`] inside an [`io::Error`], which [`crate::split::Reading`]
//! makes a flaw of, behind everything that could be read; other errors are the disk's.

mod gzip;
mod zipped;

use std::io::{self, Read};

use crate::split::FlawKind;

pub use gzip::Gunzip;
pub use zipped::{Entry, EntryReader, entries};

/// How a file is packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Packing {
    /// Not at all.
    Plain,
    /// One stream, RFC 1952.
    Gzip,
    /// An archive of files.
    Zip,
}

impl Packing {
    /// How many bytes [`Packing::of`] wants to see.
    pub const HEAD: usize = 4;

    /// Tells by the first bytes of a file.
    pub fn of(head: &[u8]) -> Self {
        if head.starts_with(&[0x1F, 0x8B]) {
            Self::Gzip
        } else if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
            Self::Zip
        } else {
            Self::Plain
        }
    }
}

fn flawed(kind: FlawKind) -> io::Error {
    io::Error::other(kind)
}

fn damaged(what: &str) -> io::Error {
    flawed(FlawKind::Damaged(what.to_owned()))
}

/// Makes a flaw of an error that a decompressor means, and leaves those of the disk.
fn of_decompressor(error: io::Error) -> io::Error {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => damaged("it ends early"),
        io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput => {
            damaged("it can't be decompressed")
        }
        _ => error,
    }
}

/// Reads until `out` is full or the stream is over.
fn read_fully(source: &mut impl Read, out: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while let Some(rest) = out.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        match source.read(rest)? {
            0 => break,
            read => filled += read,
        }
    }
    Ok(filled)
}

#[cfg(test)]
mod tests;
