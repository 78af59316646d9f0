//! Record splitters: from a stream of text to items, without holding more than one item.
//!
//! A [`Splitter`] looks at a window of the text and says where the next item lies in it, so that
//! items are handed on as ranges of the buffer they were read into. It judges only what it must to
//! find the end of an item (lines, brackets, tags, quotes); whether the item itself is good is
//! found out by the mapping, which reads every item anyway.
//!
//! After malformed input a splitter goes on behind it wherever that place can be told: the next
//! line, the next element of the array, behind the item's end tag. Where it can't, the rest of the
//! text is one [`Flaw`]. No byte is dropped in silence but separators, and what stands around the
//! items: the envelope of an array, the elements beside and above the records.

mod array;
mod brackets;
mod flaw;
mod glance;
mod lines;
mod pieces;
mod reading;
mod records;
mod row;
mod seek;
mod subtree;
mod xml;

use std::ops::Range;

use serde::{Deserialize, Serialize};

pub use flaw::{Flaw, FlawKind};
pub use pieces::{Piece, Pieces};
pub use reading::{FillLimits, Filled, Found, Reading};
pub use row::Columns;
pub use xml::declared_encoding;

/// What one item may be at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of one item.
    pub item_bytes: usize,
    /// Levels of nesting within one item.
    pub depth: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { item_bytes: 16 << 20, depth: 64 }
    }
}

/// A place between two items, from which splitting can go on: all that a cursor has to keep.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mark {
    /// Bytes of the text before this place.
    pub offset: u64,
    /// Items and flaws before this place.
    pub number: u64,
    /// Line ends before this place, for the formats that go by lines.
    pub line: u64,
    /// Whether the place lies within the array or element that holds the items.
    pub inside: bool,
    /// Whether the rest of the text was found to be a flaw, so that nothing comes behind.
    pub over: bool,
}

/// What a splitter found at the beginning of a window.
#[derive(Debug)]
pub enum Step {
    /// An item.
    Item {
        /// Where it lies in the window.
        range: Range<usize>,
        /// How many bytes of the window are done with.
        consumed: usize,
    },
    /// A stretch that is no item.
    Flaw {
        /// What is wrong with it.
        flaw: Flaw,
        /// How many bytes of the window are done with.
        consumed: usize,
    },
    /// Bytes that belong to no item.
    Skip {
        /// How many, at least one.
        consumed: usize,
    },
    /// The window is too short to tell: it must begin at the same place and be longer.
    More,
    /// The text is at its end and everything in the window is done with.
    End,
}

/// How a text is cut into items.
#[derive(Debug)]
pub struct Splitter(Format);

#[derive(Debug)]
enum Format {
    Lines(lines::Lines),
    Array(array::Array),
    Xml(Box<xml::Xml>),
    Records(records::Records),
}

impl Splitter {
    /// One JSON value a line.
    pub fn json_lines(limits: Limits, at: Mark) -> Self {
        Self(Format::Lines(lines::Lines::new(limits, at)))
    }

    /// The elements of an array; `path` is the way to it through objects, as keys with dots
    /// between them, empty where the whole text is the array.
    pub fn json_array(path: &str, limits: Limits, at: Mark) -> Self {
        Self(Format::Array(array::Array::new(path, limits, at)))
    }

    /// XML elements; `path` is the way to them below the root element, as local names with `/`
    /// between them, empty where each root element is an item.
    pub fn xml(path: &str, limits: Limits, at: Mark) -> Self {
        Self(Format::Xml(Box::new(xml::Xml::new(path, limits, at))))
    }

    /// Records of delimited text with quoted fields (RFC 4180), the heading among them;
    /// [`Columns`] makes rows of them.
    pub fn records(delimiter: u8, limits: Limits, at: Mark) -> Self {
        Self(Format::Records(records::Records::new(delimiter, limits, at)))
    }

    /// Looks for what comes next in a window that begins where the last step ended, or at the same
    /// place after [`Step::More`]. `is_last` says that the text ends with the window.
    pub fn step(&mut self, window: &[u8], is_last: bool) -> Step {
        match &mut self.0 {
            Format::Lines(lines) => lines.step(window, is_last),
            Format::Array(array) => array.step(window, is_last),
            Format::Xml(xml) => xml.step(window, is_last),
            Format::Records(records) => records.step(window, is_last),
        }
    }

    /// The place behind the last step. Splitting can only be taken up again from a place behind an
    /// item or a flaw, or from the beginning.
    pub fn mark(&self) -> Mark {
        match &self.0 {
            Format::Lines(lines) => lines.mark(),
            Format::Array(array) => array.mark(),
            Format::Xml(xml) => xml.mark(),
            Format::Records(records) => records.mark(),
        }
    }

    /// Goes back to a place behind an item or a flaw.
    pub fn rewind(&mut self, to: Mark) {
        match &mut self.0 {
            Format::Lines(lines) => lines.rewind(to),
            Format::Array(array) => array.rewind(to),
            Format::Xml(xml) => xml.rewind(to),
            Format::Records(records) => records.rewind(to),
        }
    }
}

/// A length as it is counted in offsets.
fn wide(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests;
