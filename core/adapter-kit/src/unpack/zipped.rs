//! Zip archives, read entry by entry in the order of their names.

use std::io::{self, Read, Seek, SeekFrom, Take};

use flate2::Crc;
use flate2::read::DeflateDecoder;
use zip::result::ZipError;
use zip::{CompressionMethod, ZipArchive};

use super::{Packing, damaged, flawed, of_decompressor, read_fully};
use crate::split::FlawKind;

/// One file in an archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its name in the archive.
    pub name: String,
    /// What keeps it from being read.
    pub trouble: Option<FlawKind>,
    start: u64,
    compressed_bytes: u64,
    bytes: u64,
    checksum: u32,
    is_deflated: bool,
}

/// Lists the files of an archive by name. Folders and hidden files are left out. Files past
/// `bytes_max`, added up as the archive declares them, are marked as not to be read.
///
/// # Errors
/// A [`FlawKind`] within when the archive as a whole can't be used; otherwise the disk's.
pub fn entries(
    file: impl Read + Seek,
    entries_max: usize,
    bytes_max: u64,
) -> io::Result<Vec<Entry>> {
    let mut archive = ZipArchive::new(file).map_err(of_archive)?;
    if archive.has_duplicate_names() {
        return Err(flawed(FlawKind::Archive("two of its files have one name")));
    }
    if archive.len() > entries_max {
        return Err(flawed(FlawKind::Archive("it holds too many files")));
    }
    let mut list = Vec::with_capacity(archive.len());
    for index in 0..archive.len() {
        let entry = archive.by_index_raw(index).map_err(of_archive)?;
        let name = String::from_utf8_lossy(entry.name_raw()).into_owned();
        if entry.is_dir() || is_hidden(&name) {
            continue;
        }
        let method = entry.compression();
        let trouble = if entry.encrypted() {
            Some(FlawKind::Archive("it is encrypted"))
        } else if !matches!(method, CompressionMethod::Stored | CompressionMethod::Deflated) {
            Some(FlawKind::Archive("its way of compression is not known"))
        } else {
            None
        };
        let start = entry.data_start().ok_or_else(|| damaged("an entry has no beginning"))?;
        list.push(Entry {
            name,
            trouble,
            start,
            compressed_bytes: entry.compressed_size(),
            bytes: entry.size(),
            checksum: entry.crc32(),
            is_deflated: method == CompressionMethod::Deflated,
        });
    }
    list.sort_by(|one, other| one.name.cmp(&other.name));
    let mut left = bytes_max;
    for entry in &mut list {
        match left.checked_sub(entry.bytes) {
            Some(rest) => left = rest,
            None => entry.trouble = Some(FlawKind::Bomb { max: bytes_max }),
        }
    }
    Ok(list)
}

fn is_hidden(name: &str) -> bool {
    name.starts_with("__MACOSX/") || name.split(['/', '\\']).any(|part| part.starts_with('.'))
}

fn of_archive(error: ZipError) -> io::Error {
    match error {
        ZipError::Io(error) => of_decompressor(error),
        ZipError::InvalidArchive(_) => damaged("it is not a whole zip archive"),
        _ => flawed(FlawKind::Archive("its kind of zip is not known")),
    }
}

/// Reads one file of an archive, and checks its length and checksum at the end.
#[derive(Debug)]
pub struct EntryReader<R> {
    body: Body<R>,
    /// The first bytes, which were looked at before.
    head: [u8; Packing::HEAD],
    head_at: usize,
    head_end: usize,
    left: u64,
    checksum: u32,
    seen: Crc,
}

#[derive(Debug)]
enum Body<R> {
    Stored(Take<R>),
    Deflated(Box<DeflateDecoder<Take<R>>>),
}

impl<R: Read + Seek> EntryReader<R> {
    /// Opens a file that [`entries`] listed, in the same archive.
    ///
    /// # Errors
    /// The entry's trouble, and [`FlawKind::Archive`] when it is an archive itself; otherwise the
    /// disk's.
    pub fn open(mut file: R, entry: &Entry) -> io::Result<Self> {
        if let Some(trouble) = &entry.trouble {
            return Err(flawed(trouble.clone()));
        }
        file.seek(SeekFrom::Start(entry.start))?;
        let stored = file.take(entry.compressed_bytes);
        let body = if entry.is_deflated {
            Body::Deflated(Box::new(DeflateDecoder::new(stored)))
        } else {
            Body::Stored(stored)
        };
        let mut reader = Self {
            body,
            head: [0; Packing::HEAD],
            head_at: 0,
            head_end: 0,
            left: entry.bytes,
            checksum: entry.checksum,
            seen: Crc::new(),
        };
        let mut head = [0; Packing::HEAD];
        let read = read_fully(&mut reader, &mut head)?;
        if Packing::of(head.get(..read).unwrap_or_default()) != Packing::Plain {
            return Err(flawed(FlawKind::Archive("it holds another archive")));
        }
        (reader.head, reader.head_end) = (head, read);
        Ok(reader)
    }
}

impl<R: Read> Read for EntryReader<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.head_at < self.head_end {
            let mut head = self.head.get(self.head_at..self.head_end).unwrap_or_default();
            let read = head.read(out)?;
            self.head_at += read;
            return Ok(read);
        }
        if out.is_empty() {
            return Ok(0);
        }
        let read = match &mut self.body {
            Body::Stored(body) => body.read(out)?,
            Body::Deflated(body) => body.read(out).map_err(of_decompressor)?,
        };
        self.seen.update(out.get(..read).unwrap_or_default());
        let read_wide = u64::try_from(read).unwrap_or(u64::MAX);
        let Some(left) = self.left.checked_sub(read_wide) else {
            return Err(damaged("an entry is longer than the archive says"));
        };
        self.left = left;
        if read == 0 && left > 0 {
            return Err(damaged("it ends early"));
        }
        if read == 0 && self.seen.sum() != self.checksum {
            return Err(damaged("the checksum of an entry is another"));
        }
        Ok(read)
    }
}
