//! Decoders: from the bytes of an item straight into slots.

mod document;
pub(crate) mod escape;
pub(crate) mod json;
pub(crate) mod seen;
mod split;
pub(crate) mod xml;

#[cfg(test)]
mod tests;

pub(crate) use document::Unescaped;

use crate::Input;
use crate::slots::{Slots, Unfit};
use crate::trie::Trie;

/// Levels of objects, lists or elements in an item; deeper ones are refused.
pub(crate) const DEPTH_MAX: usize = 64;

/// Bytes of an item; bigger ones are refused.
pub(crate) const BYTES_MAX: usize = 16 << 20;

/// Why an item can't be read at all. Offsets are bytes from the item's start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// It is not JSON or not XML.
    Malformed { offset: usize, what: String },
    /// A name that the mapping reads occurs twice in one object.
    Duplicate { offset: usize, name: String },
    /// It is nested too deeply.
    TooDeep { offset: usize },
    /// It has too many bytes.
    TooBig,
    /// It has too many rows.
    TooManyRows,
    /// Something on the way to a group's list can't be entered, so its rows would be lost.
    OnTheWay { why: Unfit, list: String },
    /// A document type, which lets text grow without bound.
    DocumentType { offset: usize },
    /// A reference to a character or text that plain XML does not know.
    Entity { offset: usize },
    /// A text that is a document can't be read as one.
    InDocument { place: String, offset: Option<usize>, fault: Box<Fault> },
    /// Something else than a text stands where a document is expected.
    NoDocument { place: String, why: Unfit },
    /// Lists that make rows together have different numbers of parts.
    Unequal { parts: Vec<(String, usize)>, row: Option<u32> },
}

impl Fault {
    /// Whether the item itself was read, so that what stands beside the fault can be told.
    pub(crate) const fn is_behind_the_item(&self) -> bool {
        matches!(self, Self::InDocument { .. } | Self::NoDocument { .. } | Self::Unequal { .. })
    }
}

/// Reads an item into the slots of the trie's paths. `unescaped` keeps the texts of documents that
/// had to be unescaped, which the slots then lend.
pub(crate) fn decode<'a>(
    input: Input,
    trie: &Trie,
    item: &'a [u8],
    unescaped: &'a Unescaped,
    slots: &mut Slots<'a>,
) -> Result<(), Fault> {
    if item.len() > BYTES_MAX {
        return Err(Fault::TooBig);
    }
    match input {
        Input::Json | Input::Row => json::decode(trie, item, slots)?,
        Input::Xml => xml::decode(trie, item, slots)?,
    }
    if trie.documents.is_empty() && trie.splits.is_empty() {
        return Ok(());
    }
    document::read(trie, item, unescaped, slots)?;
    split::read(trie, slots)
}

/// The item as text. One check of the whole is faster than one of every value.
fn utf8(item: &[u8]) -> Result<&str, Fault> {
    simdutf8::basic::from_utf8(item).map_err(|_| {
        let valid = std::str::from_utf8(item).err().map_or(0, |error| error.valid_up_to());
        Fault::Malformed { offset: valid, what: "it is not UTF-8".to_owned() }
    })
}
