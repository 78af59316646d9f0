//! An open file, or the open files of an archive one after the other.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use lienthong_adapter_kit::split::{Flaw, FlawKind, Limits, Mark};
use lienthong_adapter_kit::unpack::{Entry, Packing, entries};
use lienthong_text::Encoding;

use crate::detection::detect;
use crate::digest::Digest;
use crate::draft::Draft;
use crate::position::{DigestSoFar, InFile};
use crate::settings::{Feed, Format, Settings};
use crate::source::Way;
use crate::text::Text;

/// The most files in an archive.
const ENTRIES_MAX: usize = 10_000;

/// A file that is being read.
pub(crate) struct Opened {
    /// The place behind what was handed on.
    pub(crate) at: InFile,
    /// The bound that the splitter was made with.
    pub(crate) item_bytes_max: usize,
    feed: Feed,
    path: PathBuf,
    packing: Packing,
    decompressed_bytes_max: u64,
    /// The files of an archive that are still to be read, the one being read first.
    entries: VecDeque<Entry>,
    /// `None` between the files of an archive and at the end.
    text: Option<Text>,
    /// What the texts opened since the last page were found to be.
    notes: Vec<String>,
}

/// Whether there is more in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rest {
    More,
    Nothing,
}

/// Tells how a file is packed.
///
/// # Errors
/// Of the disk.
pub(crate) fn packing_of(path: &Path) -> io::Result<Packing> {
    let mut head = Vec::with_capacity(Packing::HEAD);
    File::open(path)?.take(4).read_to_end(&mut head)?;
    Ok(Packing::of(&head))
}

/// Whether the items of a file are handed on as they lie on the disk, so that its digest can be
/// made while it is read.
pub(crate) fn is_straight(feed: &Feed, packing: Packing) -> bool {
    packing == Packing::Plain
        && feed.format != Format::Csv
        && feed.encoding() == Some(Encoding::Utf8)
}

impl Opened {
    /// Opens a file at a place.
    ///
    /// # Errors
    /// Of the disk; with a [`FlawKind`] within when the file as a whole can't be read.
    pub(crate) fn open(
        path: PathBuf,
        feed: &Feed,
        settings: &Settings,
        item_bytes_max: usize,
        at: InFile,
    ) -> io::Result<Self> {
        let packing = packing_of(&path)?;
        let decompressed_bytes_max = settings.decompressed_bytes_max;
        let mut opened = Self {
            at,
            item_bytes_max,
            feed: feed.clone(),
            path,
            packing,
            decompressed_bytes_max,
            entries: VecDeque::new(),
            text: None,
            notes: Vec::new(),
        };
        if packing == Packing::Zip {
            let file = File::open(&opened.path)?;
            opened.entries = entries(file, ENTRIES_MAX, decompressed_bytes_max)?.into();
            if let Some(current) = &opened.at.entry {
                opened.entries.retain(|entry| entry.name >= *current);
            }
            opened.at.entry = opened.entries.front().map(|entry| entry.name.clone());
        } else {
            opened.text = Some(opened.open_text()?);
        }
        Ok(opened)
    }

    /// Fills a page.
    ///
    /// # Errors
    /// Of the disk. The page is then to be thrown away.
    pub(crate) fn fill(&mut self, draft: &mut Draft) -> io::Result<Rest> {
        let rest = self.fill_items(draft);
        self.notes.drain(..).for_each(|note| draft.note(note));
        rest
    }

    fn fill_items(&mut self, draft: &mut Draft) -> io::Result<Rest> {
        loop {
            if self.text.is_none() {
                if self.entries.is_empty() {
                    return Ok(Rest::Nothing);
                }
                if !self.enter(draft)? {
                    self.leave();
                    continue;
                }
            }
            let is_straight = is_straight(&self.feed, Packing::Plain);
            let Some(text) = &mut self.text else { continue };
            let rest = if is_straight {
                text.fill_straight(&mut self.at, draft)?
            } else {
                text.fill_decoded(&mut self.at, draft)?
            };
            if rest == Rest::More {
                return Ok(Rest::More);
            }
            if self.packing != Packing::Zip {
                return Ok(Rest::Nothing);
            }
            self.leave();
            if draft.is_full() && !self.entries.is_empty() {
                return Ok(Rest::More);
            }
        }
    }

    /// The digest of the whole file, once there is nothing left of it.
    pub(crate) fn content(&self) -> String {
        match &self.at.digest {
            DigestSoFar::Known(content) => content.clone(),
            DigestSoFar::Running(state) => {
                Digest::resume(state).map_or_else(String::new, |digest| digest.content())
            }
        }
    }

    /// Opens the next file of the archive; false when it is a fault.
    fn enter(&mut self, draft: &mut Draft) -> io::Result<bool> {
        match self.open_text() {
            Ok(text) => self.text = Some(text),
            Err(error) => {
                let kind = error.downcast::<FlawKind>()?;
                let flaw = Flaw::new(kind, self.at.mark.offset, self.at.mark.number, b"");
                draft.fault(flaw.into_fault(self.origin()));
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Goes behind a file of the archive.
    fn leave(&mut self) {
        self.text = None;
        self.entries.pop_front();
        self.at.mark = Mark::default();
        self.at.entry = self.entries.front().map(|entry| entry.name.clone());
    }

    fn origin(&self) -> Arc<str> {
        match &self.at.entry {
            Some(entry) => format!("{}/{entry}", self.at.name).into(),
            None => self.at.name.as_str().into(),
        }
    }

    fn open_text(&mut self) -> io::Result<Text> {
        let mut origin = self.origin();
        let mut way = Way {
            path: &self.path,
            packing: self.packing,
            entry: self.entries.front(),
            encoding: self.feed.encoding().unwrap_or_default(),
            decompressed_bytes_max: self.decompressed_bytes_max,
        };
        if self.feed.encoding().is_none() {
            let found = detect(&way)?;
            way.encoding = found.encoding;
            self.notes.extend(found.note(&origin));
            if let Some(shown) = found.shown() {
                origin = format!("{origin} ({shown})").into();
            }
        }
        let limits = Limits { item_bytes: self.item_bytes_max, ..Limits::default() };
        Text::open(&way, &self.feed, limits, &mut self.at, origin)
    }
}
