//! Documents in texts: XML or JSON that a source keeps in one text of its items.
//!
//! They are read once the item has been, by the same decoders and into slots of the same rows, so
//! what holds for an item holds for them: its grammar, its depth, no document types. A text that
//! stands in the item as it is, is read where it stands.

use std::cell::OnceCell;

use super::{Fault, json, xml};
use crate::Input;
use crate::slots::{Row, Slot, Slots, Unfit};
use crate::trie::{Document, Trie};
use crate::words::offset_in;

/// The texts of a record that had to be unescaped, for documents to be read from; made when the
/// first is needed.
pub(crate) type Unescaped = OnceCell<String>;

/// Reads the documents of a record.
pub(super) fn read<'a>(
    trie: &Trie,
    item: &[u8],
    unescaped: &'a Unescaped,
    slots: &mut Slots<'a>,
) -> Result<(), Fault> {
    for document in &trie.documents {
        for index in 0..slots.rows(document.scope).len() {
            let Some(row) = slots.rows(document.scope).get(index).copied() else { break };
            let text = match slots.get(row, document.slot) {
                Slot::Missing | Slot::Null => continue,
                Slot::Text(text) => text,
                // No document lies in another, so all their texts are in the scratch text by now.
                Slot::Scratch(span) => span.of(unescaped.get_or_init(|| slots.scratch.clone())),
                Slot::Number(_) | Slot::True | Slot::False => {
                    return Err(no_document(document, row, Unfit::Scalar));
                }
                Slot::Unfit(why) => return Err(no_document(document, row, why)),
            };
            let text = text.strip_prefix('\u{feff}').unwrap_or(text);
            if text.trim().is_empty() {
                continue;
            }
            let read = match document.format {
                Input::Json | Input::Row => json::decode_into(&document.root, row, text, slots),
                Input::Xml => xml::decode_into(trie, &document.root, row, text.as_bytes(), slots),
            };
            read.map_err(|fault| in_document(document, row, item, text, fault))?;
        }
    }
    Ok(())
}

#[cold]
fn no_document(document: &Document, row: Row, why: Unfit) -> Fault {
    Fault::NoDocument { place: place(document, row), why }
}

#[cold]
fn in_document(document: &Document, row: Row, item: &[u8], text: &str, fault: Fault) -> Fault {
    let offset = offset_in(item, text).zip(fault.offset()).map(|(start, inside)| start + inside);
    Fault::InDocument { place: place(document, row), offset, fault: Box::new(fault) }
}

/// Where a document stands: its path, with the number of its row.
fn place(document: &Document, row: Row) -> String {
    match document.shown.rsplit_once("[]") {
        Some((rows, rest)) => format!("{rows}[{}]{rest}", row.index),
        None => document.shown.to_string(),
    }
}
