//! A page while it is being filled, from one file after the other.

use std::ops::Range;
use std::sync::Arc;

use bytes::Bytes;
use lienthong_adapter_api::{Cursor, Fault, OriginId, Page, PageBuilder, Position};
use lienthong_adapter_kit::split::{FillLimits, Filled};

/// A page while it is being filled.
///
/// Items either are read straight into the buffer or are appended to it; a feed does one or the
/// other.
#[derive(Debug)]
pub(crate) struct Draft {
    pub(crate) filled: Filled,
    pub(crate) limits: FillLimits,
    builder: PageBuilder,
    items: Vec<(Range<usize>, OriginId, Position)>,
    faults: Vec<Fault>,
}

/// How full a draft was, to go back to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Level {
    buffer: usize,
    found: usize,
    flaws: usize,
    items: usize,
    faults: usize,
}

impl Draft {
    pub(crate) fn new(limits: FillLimits) -> Self {
        Self {
            filled: Filled::default(),
            limits,
            builder: PageBuilder::default(),
            items: Vec::new(),
            faults: Vec::new(),
        }
    }

    pub(crate) fn is_full(&self) -> bool {
        self.items.len() + self.faults.len() >= self.limits.items
    }

    /// Whether a page is full enough to be handed on although more could be added.
    pub(crate) fn is_worth_handing_on(&self) -> bool {
        self.is_full() || self.filled.buffer.len() >= self.limits.bytes / 2
    }

    pub(crate) fn level(&self) -> Level {
        Level {
            buffer: self.filled.buffer.len(),
            found: self.filled.found.len(),
            flaws: self.filled.flaws.len(),
            items: self.items.len(),
            faults: self.faults.len(),
        }
    }

    /// Throws away what was added since.
    pub(crate) fn fall_back(&mut self, to: Level) {
        self.filled.buffer.truncate(to.buffer);
        self.filled.found.truncate(to.found);
        self.filled.flaws.truncate(to.flaws);
        self.items.truncate(to.items);
        self.faults.truncate(to.faults);
    }

    pub(crate) fn origin(&mut self, name: &Arc<str>) -> OriginId {
        self.builder.origin(Arc::clone(name))
    }

    pub(crate) fn item(&mut self, range: Range<usize>, origin: OriginId, position: Position) {
        self.items.push((range, origin, position));
    }

    /// Appends an item; false when it does not fit any more.
    pub(crate) fn append(&mut self, item: &[u8], origin: OriginId, position: Position) -> bool {
        let start = self.filled.buffer.len();
        if self.is_full() || start + item.len() > self.limits.bytes {
            return false;
        }
        self.filled.buffer.extend_from_slice(item);
        self.items.push((start..self.filled.buffer.len(), origin, position));
        true
    }

    pub(crate) fn fault(&mut self, fault: Fault) {
        self.faults.push(fault);
    }

    pub(crate) fn note(&mut self, note: String) {
        self.builder.note(note);
    }

    /// The page, and its buffer once more.
    pub(crate) fn finish(self, next: Option<Cursor>, more: bool) -> (Page, Bytes) {
        let Self { mut builder, filled, items, faults, .. } = self;
        for fault in faults {
            builder.fault(fault);
        }
        let buffer = Bytes::from(filled.buffer);
        (builder.finish_over(buffer.clone(), items, next, more), buffer)
    }
}

#[cfg(test)]
mod tests;
