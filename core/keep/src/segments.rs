//! The segments of one feed: found, listed, written at the end, dropped at the beginning.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use crate::files;
use crate::frame::{self, Head, Spot};
use crate::{Error, Options};

/// A segment takes this part of what all of a feed's may take: so much is dropped at a time.
const SEGMENT_PART: u64 = 16;
/// No segment is closed below this size, so that a small keep is not a heap of files.
const SEGMENT_MIN: u64 = 64 << 10;

/// A frame in a segment.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    pub(crate) path: PathBuf,
    pub(crate) spot: Spot,
    pub(crate) head: Head,
}

/// The writing side of one feed's segments.
#[derive(Debug)]
pub(crate) struct Segments {
    folder: PathBuf,
    options: Options,
    /// Oldest first, with their sizes.
    listed: Vec<(PathBuf, u64)>,
    /// Whether the newest one may be written further: not behind bytes that can't be read.
    is_open: bool,
}

/// The folder of a feed's segments.
pub(crate) fn feed_folder(keep: &Path, source: &str, feed: &str) -> PathBuf {
    keep.join(files::folder_name(source)).join(files::folder_name(feed))
}

impl Segments {
    /// Opens the segments of a feed and drops what the outbox knows nothing of: frames at or behind
    /// `version_next` were written for a commit that never was, or belong to an outbox of before.
    pub(crate) fn open(
        folder: PathBuf,
        options: Options,
        version_next: u64,
    ) -> Result<Self, Error> {
        files::create_folder(&folder).map_err(Error::at(&folder))?;
        let mut opened = Self { folder, options, listed: Vec::new(), is_open: true };
        for path in paths(&opened.folder).map_err(Error::at(&opened.folder))? {
            let bytes = fs::metadata(&path).map_err(Error::at(&path))?.len();
            opened.listed.push((path, bytes));
        }
        opened.forget_from(version_next)?;
        opened.is_open = opened.listed.last().is_none_or(|(path, bytes)| {
            let frames = frames(path);
            let end = frames.last().map_or(0, |found| found.spot.end());
            let is_whole = frames.last().is_none_or(|found| {
                File::open(path).is_ok_and(|mut file| frame::read(&mut file, &found.spot).is_some())
            });
            end == *bytes && is_whole
        });
        Ok(opened)
    }

    /// Drops the frames that hold a version from this one on.
    pub(crate) fn forget_from(&mut self, version: u64) -> Result<(), Error> {
        for (path, bytes) in &mut self.listed {
            let late = frames(path).into_iter().find(|found| found.head.end() > version);
            let Some(late) = late else { continue };
            let file = fs::OpenOptions::new().write(true).open(&path).map_err(Error::at(path))?;
            file.set_len(late.spot.offset).map_err(Error::at(path))?;
            *bytes = late.spot.offset;
        }
        self.listed.retain(|(path, bytes)| *bytes > 0 || fs::remove_file(path).is_err());
        Ok(())
    }

    /// Writes a frame at the end, and drops the oldest segments beyond the bound.
    pub(crate) fn append(&mut self, text: &[u8], of: Head) -> Result<(), Error> {
        let first = of.first;
        let full = || io::Error::new(io::ErrorKind::InvalidData, "the items can't be packed");
        let bytes = frame::encode(text, of, self.options.key.as_ref());
        let bytes = bytes.ok_or_else(full).map_err(Error::at(&self.folder))?;
        let closed_at = (self.options.bytes_max / SEGMENT_PART).max(SEGMENT_MIN);
        let fits = self.listed.last().is_some_and(|(_, held)| *held < closed_at);
        if !(fits && self.is_open) {
            self.listed.push((self.folder.join(format!("{first:020}.seg")), 0));
            self.is_open = true;
        }
        let Some((path, held)) = self.listed.last_mut() else { return Ok(()) };
        let written = files::append(path).and_then(|mut file| file.write_all(&bytes));
        if let Err(error) = written {
            // What lies there now may be half a frame: the next one begins a segment of its own.
            self.is_open = false;
            *held = fs::metadata(&path).map_or(*held, |metadata| metadata.len());
            return Err(Error::at(path)(error));
        }
        *held += bytes.len() as u64;
        self.drop_oldest();
        Ok(())
    }

    fn drop_oldest(&mut self) {
        let mut total: u64 = self.listed.iter().map(|(_, bytes)| bytes).sum();
        while total > self.options.bytes_max && self.listed.len() > 1 {
            let (path, bytes) = self.listed.remove(0);
            total -= bytes;
            if let Err(error) = fs::remove_file(&path) {
                tracing::warn!("[LT-5020] {} can't be removed: {error}", path.display());
            }
        }
    }
}

/// The segments of a feed, oldest first; none where nothing was ever kept.
pub(crate) fn paths(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut paths = Vec::new();
    for entry in entries {
        let path = entry?.path();
        if path.extension().is_some_and(|ending| ending == "seg") {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}

/// The frames of a segment, in order, as far as it can be read. A segment that was dropped in the
/// meantime has none.
pub(crate) fn frames(path: &Path) -> Vec<Found> {
    let mut frames: Vec<Found> = Vec::new();
    let Ok(mut file) = File::open(path) else { return frames };
    let mut offset = 0;
    while let Some((spot, head)) = frame::peek(&mut file, offset) {
        offset = spot.end();
        frames.push(Found { path: path.to_path_buf(), spot, head });
    }
    frames
}
