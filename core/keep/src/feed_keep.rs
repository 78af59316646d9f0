//! The keep of one feed while its connector runs: the newest pages in memory, the rest in segments.
//!
//! The pages are held by reference until the end of the pass and compressed only then, so that
//! reading a system for the first time, a million records in one pass, costs next to nothing: of
//! such a pass the tail alone is written. A pass of a few megabytes is written whole.

use std::collections::VecDeque;
use std::path::Path;

use lienthong_adapter_api::Page;

use crate::frame::{Head, Made};
use crate::items::{Gathered, Replayed};
use crate::segments::{Segments, feed_folder};
use crate::{Error, Options};

/// The most bytes of pages in memory, apart from the newest page.
const RING_BYTES: usize = 1 << 20;
/// A pass is written as it goes up to so many bytes; of a longer one the tail is, at its end.
const PASS_BYTES: usize = 4 << 20;
/// A frame holds about so many bytes of items: what a reader has in memory at a time.
const FRAME_BYTES: usize = 512 << 10;
/// The most items of a frame.
const FRAME_ITEMS: usize = 4096;

/// Keeps the newest items of one feed. There is one for each feed of a connector that runs.
#[derive(Debug)]
pub struct FeedKeep {
    segments: Segments,
    made: Made,
    ring: VecDeque<(Page, u64)>,
    ring_bytes: usize,
    pass_bytes: usize,
}

impl FeedKeep {
    /// Opens the keep of a feed. `version_next` is the outbox's: what lies at or behind it was never
    /// committed and is dropped.
    ///
    /// # Errors
    /// When its folder can't be used.
    pub fn open(
        keep: &Path,
        (source, feed): (&str, &str),
        made: Made,
        options: Options,
        version_next: u64,
    ) -> Result<Self, Error> {
        let folder = feed_folder(keep, source, feed);
        let segments = Segments::open(folder, options, version_next)?;
        Ok(Self { segments, made, ring: VecDeque::new(), ring_bytes: 0, pass_bytes: 0 })
    }

    /// Says how the items are mapped that come from now on. What came before is written first where
    /// that changes.
    ///
    /// # Errors
    /// When what came before can't be written; it is then not kept.
    pub fn map_with(&mut self, made: Made) -> Result<(), Error> {
        if self.made == made {
            return Ok(());
        }
        let flushed = self.flush();
        self.made = made;
        flushed
    }

    /// Takes a page whose items were committed under the versions from `version_first` on.
    ///
    /// # Errors
    /// When earlier pages of the pass can't be written; they are then not kept.
    pub fn add(&mut self, page: Page, version_first: u64) -> Result<(), Error> {
        if page.items().len() == 0 {
            return Ok(());
        }
        self.ring_bytes += page.bytes();
        self.ring.push_back((page, version_first));
        while self.ring_bytes > RING_BYTES && self.ring.len() > 1 {
            if self.pass_bytes < PASS_BYTES {
                return self.flush();
            }
            if let Some((oldest, _)) = self.ring.pop_front() {
                self.ring_bytes -= oldest.bytes();
            }
        }
        Ok(())
    }

    /// Writes what is in memory: the pass has ended, well or not.
    ///
    /// # Errors
    /// When it can't be written; it is then not kept, and the gap shows by the versions.
    pub fn end_pass(&mut self) -> Result<(), Error> {
        let flushed = self.flush();
        self.pass_bytes = 0;
        flushed
    }

    /// Writes items that take new versions from `version_first` on because they are sent again. To
    /// be called before their commit, and to be taken back by [`FeedKeep::forget_from`] when that
    /// fails.
    ///
    /// # Errors
    /// When they can't be written.
    pub fn add_replayed(
        &mut self,
        version_first: u64,
        items: &[Replayed<'_>],
    ) -> Result<(), Error> {
        let mut open = Open { gathered: Gathered::default(), first: version_first };
        for replayed in items {
            open.gathered.push(replayed.item, Some(replayed.origin));
            self.write_if(&mut open, Open::is_full)?;
        }
        self.write_if(&mut open, |_| true)
    }

    /// Drops what holds a version from this one on.
    ///
    /// # Errors
    /// When it can't be dropped; it is at the next start.
    pub fn forget_from(&mut self, version: u64) -> Result<(), Error> {
        self.segments.forget_from(version)
    }

    fn flush(&mut self) -> Result<(), Error> {
        let pages = std::mem::take(&mut self.ring);
        self.pass_bytes += self.ring_bytes;
        self.ring_bytes = 0;
        let first = pages.front().map_or(0, |(_, first)| *first);
        let mut open = Open { gathered: Gathered::default(), first };
        for (page, version_first) in pages {
            if version_first != open.next() {
                self.write_if(&mut open, |_| true)?;
                open.first = version_first;
            }
            for item in page.items() {
                open.gathered.push(item, None);
                self.write_if(&mut open, Open::is_full)?;
            }
        }
        self.write_if(&mut open, |_| true)
    }

    fn write_if(&mut self, open: &mut Open, is_due: impl Fn(&Open) -> bool) -> Result<(), Error> {
        if open.gathered.count() == 0 || !is_due(open) {
            return Ok(());
        }
        let (first, next) = (open.first, open.next());
        open.first = next;
        let Ok(text) = open.gathered.take() else { return Ok(()) };
        let made = self.made.clone();
        let head = Head { first, count: next - first, raw: text.len(), made, key: None };
        self.segments.append(&text, head)
    }
}

/// The frame that is being filled.
struct Open {
    gathered: Gathered,
    first: u64,
}

impl Open {
    fn next(&self) -> u64 {
        self.first + self.gathered.count() as u64
    }

    fn is_full(&self) -> bool {
        self.gathered.bytes() >= FRAME_BYTES || self.gathered.count() >= FRAME_ITEMS
    }
}
