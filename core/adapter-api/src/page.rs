//! A page of a feed: items and faults over one shared buffer.

use std::ops::Range;
use std::sync::Arc;

use bytes::{Bytes, BytesMut};

use crate::{Cursor, Place, Position};

/// One page of a feed, with the cursor behind it.
///
/// Invariant (kept by [`PageBuilder`]): every range lies within the buffer and every origin exists.
#[derive(Clone, Debug)]
pub struct Page {
    buffer: Bytes,
    origins: Vec<Arc<str>>,
    items: Vec<ItemRef>,
    faults: Vec<Fault>,
    notes: Vec<String>,
    /// The position behind this page; `None` leaves the stored cursor as it is.
    pub next: Option<Cursor>,
    /// Whether another pull right now would find more.
    pub more: bool,
}

/// Index of an origin within its page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OriginId(u32);

/// One item of a page, as ranges into the page's buffer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemRef {
    range: Range<usize>,
    origin: OriginId,
    position: Position,
}

/// A stretch of the source that could not be read as an item.
#[derive(Clone, Debug)]
pub struct Fault {
    /// The error code, `LT-2xxx`.
    pub code: &'static str,
    /// What is wrong, in words; no personal data.
    pub reason: String,
    /// What the operator or the owner of the system can do.
    pub hint: Option<String>,
    /// The file or request.
    pub origin: Arc<str>,
    /// Where in it.
    pub position: Position,
    /// The beginning of the raw bytes, bounded by the adapter, kept in quarantine.
    pub excerpt: Bytes,
    /// How many items the stretch certainly stands for, at least 1.
    pub items: u64,
}

/// One element of a feed before mapping: its bytes as the system gave them, and its place.
#[derive(Clone, Copy, Debug)]
pub struct SourceItem<'a> {
    /// JSON or XML text in UTF-8, as the feed's mapping declares it.
    pub bytes: &'a [u8],
    /// Where it came from.
    pub place: Place<'a>,
}

impl Page {
    /// An empty page: nothing new behind the cursor.
    pub fn empty() -> Self {
        PageBuilder::default().finish(None, false)
    }

    /// The items in source order.
    pub fn items(&self) -> impl ExactSizeIterator<Item = SourceItem<'_>> {
        self.items.iter().map(|item| self.resolve(item))
    }

    /// The stretch of the page's buffer from one item to another, both included: what a digest of
    /// the source is taken over. Empty when there are no such items.
    pub fn stretch(&self, first: usize, last: usize) -> &[u8] {
        let (Some(first), Some(last)) = (self.items.get(first), self.items.get(last)) else {
            return &[];
        };
        self.buffer.get(first.range.start..last.range.end).unwrap_or_default()
    }

    /// What could not be read as items, in source order.
    pub fn faults(&self) -> &[Fault] {
        &self.faults
    }

    /// What the operator should know of how the page was read, such as an encoding that was found
    /// out and not told. The runtime logs every note as a warning.
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// How many items the page holds.
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether the page holds neither items nor faults.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty() && self.faults.is_empty()
    }

    /// The size of the shared buffer in bytes.
    pub fn bytes(&self) -> usize {
        self.buffer.len()
    }

    fn resolve(&self, item: &ItemRef) -> SourceItem<'_> {
        let bytes = self.buffer.get(item.range.clone()).unwrap_or_default();
        let origin = self.origins.get(item.origin.0 as usize).map_or("", |name| &**name);
        SourceItem { bytes, place: Place { origin, position: item.position } }
    }
}

/// Fills a page.
#[derive(Debug, Default)]
pub struct PageBuilder {
    buffer: BytesMut,
    origins: Vec<Arc<str>>,
    items: Vec<ItemRef>,
    faults: Vec<Fault>,
    notes: Vec<String>,
}

impl PageBuilder {
    /// Makes a builder with room for a buffer of this many bytes.
    pub fn with_capacity(bytes: usize) -> Self {
        Self { buffer: BytesMut::with_capacity(bytes), ..Self::default() }
    }

    /// Names a file or request that the next items come from.
    pub fn origin(&mut self, name: impl Into<Arc<str>>) -> OriginId {
        let id = u32::try_from(self.origins.len()).unwrap_or(u32::MAX);
        self.origins.push(name.into());
        OriginId(id)
    }

    /// Adds one item by copying its bytes into the shared buffer.
    pub fn push(&mut self, origin: OriginId, position: Position, bytes: &[u8]) {
        let start = self.buffer.len();
        self.buffer.extend_from_slice(bytes);
        self.items.push(ItemRef { range: start..self.buffer.len(), origin, position });
    }

    /// Adds a stretch that could not be read as an item.
    pub fn fault(&mut self, fault: Fault) {
        self.faults.push(fault);
    }

    /// Adds a note; no personal data.
    pub fn note(&mut self, note: String) {
        self.notes.push(note);
    }

    /// How many items were added.
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// How many faults were added.
    pub fn faults_len(&self) -> usize {
        self.faults.len()
    }

    /// Whether nothing was added yet.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty() && self.faults.is_empty()
    }

    /// How many bytes the items take.
    pub fn bytes(&self) -> usize {
        self.buffer.len()
    }

    /// Ends the page. `next` is the position behind it, `more` whether to pull again at once.
    pub fn finish(self, next: Option<Cursor>, more: bool) -> Page {
        let Self { buffer, origins, items, faults, notes } = self;
        Page { buffer: buffer.freeze(), origins, items, faults, notes, next, more }
    }

    /// Ends a page whose items are ranges of a buffer that the adapter has filled itself, so that
    /// nothing is copied. Items already pushed are dropped with the builder's own buffer, so a
    /// caller uses either [`PageBuilder::push`] or this.
    ///
    /// # Panics
    /// When a range does not lie within `buffer`: the page would hold other bytes than were read.
    pub fn finish_over(
        self,
        buffer: Bytes,
        items: Vec<(Range<usize>, OriginId, Position)>,
        next: Option<Cursor>,
        more: bool,
    ) -> Page {
        let items = items
            .into_iter()
            .map(|(range, origin, position)| {
                assert!(
                    range.start <= range.end && range.end <= buffer.len(),
                    "an item's range lies within the page's buffer"
                );
                ItemRef { range, origin, position }
            })
            .collect();
        let Self { origins, faults, notes, .. } = self;
        Page { buffer, origins, items, faults, notes, next, more }
    }
}

#[cfg(test)]
mod tests;
