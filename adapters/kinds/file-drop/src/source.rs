//! The text of a file as a stream: unpacked, and in UTF-8 where it was UTF-16.

use std::fs::File;
use std::io::{self, Read, Seek as _, SeekFrom};
use std::path::Path;

use lienthong_adapter_kit::split::FlawKind;
use lienthong_adapter_kit::unpack::{Entry, EntryReader, Gunzip, Packing};
use lienthong_text::{DecodeError, Encoding, Transcoder};

/// How the text of a file is got at.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Way<'a> {
    pub(crate) path: &'a Path,
    pub(crate) packing: Packing,
    /// Which file of an archive.
    pub(crate) entry: Option<&'a Entry>,
    pub(crate) encoding: Encoding,
    pub(crate) decompressed_bytes_max: u64,
}

/// A stream of text. The single-byte encodings come as they are: they are cut at ASCII characters
/// and decoded item by item. (Behind a pointer, a file can be read into memory that was not filled
/// with zeros before; an enum of streams can't say that of itself.)
pub(crate) type Source = Box<dyn Read + Send>;

/// UTF-16 as UTF-8. What is no text becomes a byte that no UTF-8 has, so that the item it stands in
/// is refused and the others are not.
struct Utf16Text {
    source: Source,
    transcoder: Transcoder,
    text: Vec<u8>,
    /// How much of `text` was handed on.
    read: usize,
    is_over: bool,
}

/// A byte that UTF-8 does not have.
const NO_TEXT: u8 = 0xFF;

impl Way<'_> {
    /// Opens the text at an offset. Only plain files can be entered in the middle; of others, what
    /// lies before is read and thrown away.
    ///
    /// # Errors
    /// Of the disk, or with a [`FlawKind`] within.
    pub(crate) fn open(&self, offset: u64) -> io::Result<Source> {
        let mut file = File::open(self.path)?;
        let is_wide = !self.encoding.is_ascii_compatible();
        if self.packing == Packing::Plain && !is_wide {
            file.seek(SeekFrom::Start(offset))?;
            return Ok(Box::new(file));
        }
        let mut source = self.unpacked(file)?;
        if is_wide {
            source = Box::new(Utf16Text {
                source,
                transcoder: Transcoder::new(self.encoding),
                text: Vec::new(),
                read: 0,
                is_over: false,
            });
        }
        let skipped = io::copy(&mut source.by_ref().take(offset), &mut io::sink())?;
        if skipped < offset {
            return Err(io::Error::other(FlawKind::Truncated("what was read before")));
        }
        Ok(source)
    }
}

impl Way<'_> {
    /// Opens the text's bytes, unpacked and not decoded.
    ///
    /// # Errors
    /// Of the disk, or with a [`FlawKind`] within.
    pub(crate) fn open_raw(&self) -> io::Result<Source> {
        self.unpacked(File::open(self.path)?)
    }

    fn unpacked(&self, file: File) -> io::Result<Source> {
        Ok(match (self.packing, self.entry) {
            (Packing::Plain, _) => Box::new(file),
            (Packing::Zip, Some(entry)) => Box::new(EntryReader::open(file, entry)?),
            (Packing::Gzip | Packing::Zip, _) => {
                Box::new(Gunzip::new(file, self.decompressed_bytes_max))
            }
        })
    }
}

impl Read for Utf16Text {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while self.read == self.text.len() && !self.is_over {
            self.refill()?;
        }
        let mut rest = self.text.get(self.read..).unwrap_or_default();
        let read = rest.read(out)?;
        self.read += read;
        Ok(read)
    }
}

impl Utf16Text {
    fn refill(&mut self) -> io::Result<()> {
        let mut piece = vec![0; 64 << 10];
        let length = self.source.read(&mut piece)?;
        self.is_over = length == 0;
        self.text.clear();
        self.read = 0;
        let mut rest = piece.get(..length).unwrap_or_default();
        loop {
            let mut decoded = String::new();
            let fed = if self.is_over {
                self.transcoder.finish(&mut decoded)
            } else {
                self.transcoder.feed(rest, &mut decoded)
            };
            self.text.extend_from_slice(decoded.as_bytes());
            match fed {
                Ok(()) => return Ok(()),
                Err(error @ DecodeError::NoByteOrderMark) => {
                    return Err(io::Error::other(FlawKind::Undecodable(error)));
                }
                Err(_) => {
                    self.text.push(NO_TEXT);
                    rest = &[];
                }
            }
        }
    }
}
