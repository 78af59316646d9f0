//! The items of a frame: an index of places, then the bytes as the system gave them.

use lienthong_adapter_api::{Place, Position, SourceItem};
use serde::{Deserialize, Serialize};

/// The items of one frame, read back.
#[derive(Clone, Debug)]
pub struct KeptItems {
    index: Index,
    bytes: Vec<u8>,
    first: u64,
}

/// One kept item.
#[derive(Clone, Copy, Debug)]
pub struct Kept<'a> {
    /// The version that it took; the highest is what an endpoint holds.
    pub version: u64,
    /// The version that it took when it was read from the source. A replayed item stands behind its
    /// own in the stream, and takes part in "newer" and "older" by this.
    pub origin: u64,
    /// Its bytes as the system gave them.
    pub bytes: &'a [u8],
    /// Where it came from.
    pub place: Place<'a>,
}

/// An item that is sent again and so takes a new version.
#[derive(Clone, Copy, Debug)]
pub struct Replayed<'a> {
    /// The version that it took when it was read from the source.
    pub origin: u64,
    /// Its bytes and its place.
    pub item: SourceItem<'a>,
}

/// What stands before the bytes, as one line of JSON.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Index {
    origins: Vec<String>,
    items: Vec<Entry>,
}

/// One item: its origin, its position, its length, and its first version where it was replayed.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Entry(u32, Spot, usize, Option<u64>);

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
enum Spot {
    #[serde(rename = "b")]
    Byte(u64),
    #[serde(rename = "i")]
    Index(u64),
    #[serde(rename = "r")]
    Row(u64),
    #[serde(rename = "c")]
    Cell(u32, u32),
}

impl From<Position> for Spot {
    fn from(position: Position) -> Self {
        match position {
            Position::Byte(offset) => Self::Byte(offset),
            Position::Index(index) => Self::Index(index),
            Position::Row(row) => Self::Row(row),
            Position::Cell { row, column } => Self::Cell(row, column),
        }
    }
}

impl From<Spot> for Position {
    fn from(spot: Spot) -> Self {
        match spot {
            Spot::Byte(offset) => Self::Byte(offset),
            Spot::Index(index) => Self::Index(index),
            Spot::Row(row) => Self::Row(row),
            Spot::Cell(row, column) => Self::Cell { row, column },
        }
    }
}

/// Gathers the items of a frame.
#[derive(Debug, Default)]
pub(crate) struct Gathered {
    index: Index,
    bytes: Vec<u8>,
}

impl Gathered {
    /// Adds an item; `origin` is the version it was first read under, where it is replayed.
    pub(crate) fn push(&mut self, item: SourceItem<'_>, origin: Option<u64>) {
        let names = &mut self.index.origins;
        if names.last().is_none_or(|last| last != item.place.origin) {
            names.push(item.place.origin.to_owned());
        }
        let name = u32::try_from(names.len().saturating_sub(1)).unwrap_or(u32::MAX);
        let spot = Spot::from(item.place.position);
        self.index.items.push(Entry(name, spot, item.bytes.len(), origin));
        self.bytes.extend_from_slice(item.bytes);
    }

    pub(crate) fn count(&self) -> usize {
        self.index.items.len()
    }

    pub(crate) fn bytes(&self) -> usize {
        self.bytes.len()
    }

    /// The text of a frame; empties this.
    pub(crate) fn take(&mut self) -> serde_json::Result<Vec<u8>> {
        let mut text = serde_json::to_vec(&std::mem::take(&mut self.index))?;
        text.push(b'\n');
        text.append(&mut self.bytes);
        Ok(text)
    }
}

impl KeptItems {
    /// Reads the text of a frame; nothing when it is not one.
    pub(crate) fn parse(mut text: Vec<u8>, first: u64) -> Option<Self> {
        let line = text.iter().position(|byte| *byte == b'\n')?;
        let bytes = text.split_off(line + 1);
        let index: Index = serde_json::from_slice(&text).ok()?;
        let total = index.items.iter().try_fold(0_usize, |sum, entry| sum.checked_add(entry.2));
        (total == Some(bytes.len())).then_some(Self { index, bytes, first })
    }

    /// How many items there are.
    pub fn len(&self) -> usize {
        self.index.items.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.index.items.is_empty()
    }

    /// The items, in the order of their versions.
    pub fn iter(&self) -> impl Iterator<Item = Kept<'_>> {
        let mut start = 0;
        self.index.items.iter().zip(self.first..).map(move |(entry, version)| {
            let Entry(name, spot, length, origin) = *entry;
            let bytes = self.bytes.get(start..start + length).unwrap_or_default();
            start += length;
            let name = self.index.origins.get(name as usize).map_or("", String::as_str);
            let place = Place { origin: name, position: Position::from(spot) };
            Kept { version, origin: origin.unwrap_or(version), bytes, place }
        })
    }
}
