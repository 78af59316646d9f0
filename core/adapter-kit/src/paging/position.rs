//! Where a feed stands: what the cursor holds.

use jiff::Timestamp;
use lienthong_adapter_api::{Cursor, PullError, PullFailure};
use serde::{Deserialize, Serialize};

use super::Digest;
use super::memory::{Memory, Stored};

/// The version of the cursor's form.
const VERSION: u8 = 1;

/// The whole position of a feed.
#[derive(Debug)]
pub(super) struct Position {
    /// Everything before this moment was read; only with windows.
    pub(super) covered: Option<Timestamp>,
    /// The reading under way.
    pub(super) reading: Option<Reading>,
    /// What was given out.
    pub(super) memory: Memory,
}

/// One way through the list, or through a window of it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Reading {
    /// The window, from its overlap on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) from: Option<Timestamp>,
    /// The end of the window.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) until: Option<Timestamp>,
    /// The page to read next.
    pub(super) at: At,
    /// The last record that was taken, when some of that page's were taken already.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) anchor: Option<Digest>,
    /// The digest of the last whole page, to notice a system that gives the same one for ever.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) last_page: Option<Digest>,
    /// Pages asked for.
    #[serde(default)]
    pub(super) pages: u32,
    /// Records seen.
    #[serde(default)]
    pub(super) read: u64,
    /// Those of them that are of the page to read next.
    #[serde(default)]
    pub(super) taken: u64,
    /// The largest total that the system told.
    #[serde(default)]
    pub(super) total_max: u64,
    /// How often the reading was begun again.
    #[serde(default)]
    pub(super) repeats: u8,
}

/// A page of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum At {
    /// The first one.
    #[default]
    First,
    /// The one of this number.
    Page(u64),
    /// The one that begins with the item of this number.
    Offset(u64),
    /// The one that a token leads to.
    Token(String),
    /// The one that an address leads to.
    Link(String),
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Form {
    v: u8,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    covered: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reading: Option<Reading>,
    #[serde(default, skip_serializing_if = "Stored::is_empty")]
    seen: Stored,
}

impl Reading {
    /// Begins again with the first page of the same window.
    pub(super) fn begin_again(&mut self) {
        let repeats = self.repeats.saturating_add(1);
        *self = Self { from: self.from, until: self.until, repeats, ..Self::default() };
    }

    /// Waits on the last page for what is added behind its last record.
    pub(super) fn wait_behind(&mut self, last: Option<Digest>) {
        self.anchor = last;
        self.last_page = None;
        (self.pages, self.repeats, self.taken) = (0, 0, 0);
    }

    /// Counts records of the page.
    pub(super) fn count(&mut self, records: usize) {
        self.read += records as u64;
        self.taken += records as u64;
    }

    /// Takes back what was counted of the page, to read it from its beginning.
    pub(super) fn forget_page(&mut self) {
        self.read = self.read.saturating_sub(self.taken);
        self.taken = 0;
    }

    /// Says which page is read, for the place of an item.
    pub(super) fn shown(&self) -> String {
        let mut shown = match &self.at {
            At::First => "first page".to_owned(),
            At::Page(page) => format!("page {page}"),
            At::Offset(offset) => format!("offset {offset}"),
            At::Token(_) | At::Link(_) => format!("page {} in order", self.pages + 1),
        };
        if let Some((from, until)) = self.from.zip(self.until) {
            shown = format!("{shown} of {from} to {until}");
        }
        shown
    }
}

impl Position {
    /// Reads a cursor.
    pub(super) fn read(after: Option<&Cursor>, remember: usize) -> Result<Self, PullError> {
        let Some(cursor) = after else {
            let memory = Memory::read(&Stored::default(), remember).unwrap_or_default();
            return Ok(Self { covered: None, reading: None, memory });
        };
        let bad =
            |what: &str| PullError::new(PullFailure::BadCursor(what.to_owned()), "the cursor");
        let form: Form = cursor.read().map_err(|error| bad("it is not one").caused_by(error))?;
        if form.v != VERSION {
            return Err(bad("it has another version"));
        }
        let Some(memory) = Memory::read(&form.seen, remember) else {
            return Err(bad("its memory can't be read"));
        };
        Ok(Self { covered: form.covered, reading: form.reading, memory })
    }

    /// Writes the cursor.
    pub(super) fn write(&self) -> Result<Cursor, PullError> {
        let form = Form {
            v: VERSION,
            covered: self.covered,
            reading: self.reading.clone(),
            seen: self.memory.stored(),
        };
        Cursor::write(&form).map_err(|error| {
            let what = "it has grown too long".to_owned();
            PullError::new(PullFailure::BadCursor(what), "the cursor").caused_by(error)
        })
    }
}
