//! Slots: the values that the decoders find, in the places that the plan gave them.
//!
//! All rows of a record lie one after the other: the record's own slots first, then the slots of
//! each group row as it is met. A slot is a copy of a few words; text that had to be rewritten
//! (escapes, entities) lies in one scratch string per record.
//!
//! What a slot holds is always whole words: a processor that stores a value in small parts and
//! loads it in one piece waits, and with a few slots a field that was a tenth of all time.

use std::ops::Range;

use lienthong_text::Encoding;

use crate::decode::json::Stops;

/// What was found at one place of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Slot<'a> {
    Missing,
    Null,
    /// Text as it stands in the item.
    Text(&'a str),
    /// Text that was rewritten, in the scratch string.
    Scratch(Span),
    /// A JSON number, as it is written.
    Number(&'a str),
    True,
    False,
    /// Something that is no single value.
    Unfit(Unfit),
}

/// Why there is no single value at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u64)]
pub(crate) enum Unfit {
    /// An object, or an element with child elements.
    Object,
    /// A list.
    List,
    /// A single value stands where the path goes on.
    Scalar,
    /// An element occurs more than once.
    Repeated,
    /// Several list elements have the key that one is picked by.
    Several,
}

/// A part of the scratch string: its start in the upper half and its end in the lower.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Span(u64);

impl Span {
    pub(crate) fn new(start: usize, end: usize) -> Self {
        let cut = |place: usize| u64::from(u32::try_from(place).unwrap_or(u32::MAX));
        Self(cut(start) << 32 | cut(end))
    }

    pub(crate) fn range(self) -> Range<usize> {
        let (start, end) = (self.0 >> 32, self.0 & 0xffff_ffff);
        usize::try_from(start).unwrap_or(0)..usize::try_from(end).unwrap_or(0)
    }

    /// The text of the span.
    pub(crate) fn of(self, scratch: &str) -> &str {
        scratch.get(self.range()).unwrap_or_default()
    }
}

/// Where the slots of one row begin, and which row of its scope it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Row {
    pub(crate) base: u32,
    pub(crate) index: u32,
    /// The row that this one lies in.
    pub(crate) parent: u32,
}

/// The slots of one record, filled by a decoder.
#[derive(Debug, Default)]
pub(crate) struct Slots<'a> {
    cells: Vec<Slot<'a>>,
    /// The rows of each scope, in the order of the item; the record itself is scope 0.
    rows: Vec<Vec<Row>>,
    pub(crate) scratch: String,
    /// What the XML decoder counts per node; empty for other inputs.
    pub(crate) lists: Vec<ListState>,
    /// The encodings that texts were found to be in.
    pub(crate) detected: Vec<Encoding>,
    /// What the JSON decoder has found of the text that it reads.
    pub(crate) stops: Stops,
}

/// What was seen of the elements of one list.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct ListState {
    pub(crate) count: u32,
    /// Which selections have found their element.
    pub(crate) matched: u64,
}

impl ListState {
    /// Notes that a selection has found its element; false when it had found one before.
    pub(crate) fn add_match(&mut self, place: usize) -> bool {
        let bit = 1_u64 << place.min(63);
        let is_new = self.matched & bit == 0;
        self.matched |= bit;
        is_new
    }
}

/// All slots of one record together; a record that needs more is refused.
const SLOTS_MAX: usize = 1 << 18;

impl<'a> Slots<'a> {
    /// All slots of one record together.
    pub(crate) const MAX: usize = SLOTS_MAX;

    /// Slots of one row; a mapping that needs more does not load.
    pub(crate) const WIDTH_MAX: usize = 4096;

    /// Empties the slots for another item, and keeps what was allocated.
    pub(crate) fn recycle<'b>(self, scopes: usize) -> Slots<'b> {
        let Slots { cells, mut rows, mut scratch, lists, mut detected, mut stops } = self;
        stops.shrink();
        detected.clear();
        crate::workspace::recycle_text(&mut scratch);
        rows.iter_mut().for_each(Vec::clear);
        rows.resize_with(scopes.max(rows.len()), Vec::new);
        let cells = crate::workspace::recycle(cells);
        Slots { cells, rows, scratch, lists, detected, stops }
    }

    /// Opens a row of a scope; none when the record has too many.
    pub(crate) fn open(&mut self, scope: usize, width: usize, parent: u32) -> Option<Row> {
        let base = self.cells.len();
        if base + width > SLOTS_MAX {
            return None;
        }
        self.cells.resize(base + width, Slot::Missing);
        let rows = self.rows.get_mut(scope)?;
        let row =
            Row { base: u32::try_from(base).ok()?, index: u32::try_from(rows.len()).ok()?, parent };
        rows.push(row);
        Some(row)
    }

    /// The rows of a scope.
    pub(crate) fn rows(&self, scope: usize) -> &[Row] {
        self.rows.get(scope).map_or(&[], Vec::as_slice)
    }

    #[inline]
    pub(crate) fn get(&self, row: Row, slot: u32) -> Slot<'a> {
        self.cells.get((row.base + slot) as usize).copied().unwrap_or(Slot::Missing)
    }

    #[inline]
    pub(crate) fn set(&mut self, row: Row, slot: u32, value: Slot<'a>) {
        if let Some(place) = self.cells.get_mut((row.base + slot) as usize) {
            *place = value;
        }
    }

    /// Says of several slots that nothing fit can be found there.
    #[cold]
    pub(crate) fn unfit(&mut self, row: Row, slots: &[u32], why: Unfit) {
        for slot in slots {
            self.set(row, *slot, Slot::Unfit(why));
        }
    }

    /// Empties several slots, for a list element that turned out not to be meant.
    pub(crate) fn forget(&mut self, row: Row, slots: &[u32]) {
        for slot in slots {
            self.set(row, *slot, Slot::Missing);
        }
    }
}
