//! Reading what is kept of a feed, also while its connector runs.

use std::path::Path;

use crate::frame::{self, Made};
use crate::items::{Kept, KeptItems};
use crate::segments::{Found, feed_folder, frames, paths};
use crate::{Error, Key};

/// What is kept of one feed, as it lay there when it was opened.
#[derive(Debug)]
pub struct Reader {
    frames: Vec<Frame>,
    key: Option<Key>,
}

/// A run of kept items with one version each.
#[derive(Clone, Debug)]
pub struct Frame {
    found: Found,
}

impl Reader {
    /// Lists what is kept of a feed; nothing where nothing ever was.
    ///
    /// # Errors
    /// When its folder can't be read.
    pub fn open(
        keep: &Path,
        (source, feed): (&str, &str),
        key: Option<Key>,
    ) -> Result<Self, Error> {
        let folder = feed_folder(keep, source, feed);
        let paths = paths(&folder).map_err(Error::at(&folder))?;
        let found = paths.iter().flat_map(|path| frames(path));
        Ok(Self { frames: found.map(|found| Frame { found }).collect(), key })
    }

    /// The frames, oldest first.
    pub fn frames(&self) -> &[Frame] {
        &self.frames
    }

    /// The frames that may be sent again: those without a gap up to `version_next`, which is the
    /// outbox's. Oldest first. What lies before a gap may be older than what an endpoint holds, and
    /// nobody could tell.
    pub fn suffix(&self, version_next: u64) -> &[Frame] {
        let committed = self.frames.partition_point(|frame| frame.end() <= version_next);
        let committed = self.frames.get(..committed).unwrap_or_default();
        let mut next = version_next;
        let mut first = committed.len();
        for (index, frame) in committed.iter().enumerate().rev() {
            if frame.end() != next {
                break;
            }
            (next, first) = (frame.first(), index);
        }
        committed.get(first..).unwrap_or_default()
    }

    /// Looks at the kept items, newest first, until `look` answers: for the item of a version, or of
    /// a record's key as the caller's mapping tells it. Damaged frames are passed over.
    ///
    /// # Errors
    /// [`Error::Locked`] when it comes to items that are sealed with another key.
    pub fn find<T>(
        &self,
        mut look: impl FnMut(&Kept<'_>, &Made) -> Option<T>,
    ) -> Result<Option<T>, Error> {
        for frame in self.frames.iter().rev() {
            let items = match self.load(frame) {
                Ok(items) => items,
                Err(error @ Error::Locked { .. }) => return Err(error),
                Err(_) => continue,
            };
            let kept: Vec<Kept<'_>> = items.iter().collect();
            if let Some(found) = kept.iter().rev().find_map(|kept| look(kept, frame.made())) {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }

    /// Reads the items of a frame.
    ///
    /// # Errors
    /// [`Error::Locked`] without the key that it is sealed with, [`Error::Damaged`] when it is not
    /// what was written, [`Error::Files`] when it has been dropped in the meantime.
    pub fn load(&self, frame: &Frame) -> Result<KeptItems, Error> {
        let Found { path, spot, head } = &frame.found;
        frame::items(path, spot, head, self.key.as_ref())
    }
}

impl Frame {
    /// The version of its first item.
    pub fn first(&self) -> u64 {
        self.found.head.first
    }

    /// The version behind its last item.
    pub fn end(&self) -> u64 {
        self.found.head.end()
    }

    /// How its items were mapped.
    pub fn made(&self) -> &Made {
        &self.found.head.made
    }
}
