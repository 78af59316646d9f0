//! The decoders against trees: every wanted path finds what a plain walk over the tree finds.

mod json;
mod xml;

use crate::Input;
use crate::decode::{Fault, Unescaped, decode};
use crate::path::{Key, Path, Step};
use crate::slots::{Row, Slot, Slots, Unfit};
use crate::trie::{Node, Trie, Use};

/// What one path finds, owned.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Found {
    Missing,
    Null,
    Text(String),
    Number(String),
    Bool(bool),
    Unfit(Unfit),
}

impl Found {
    /// Whether a list element with this value at its key is the one that is picked.
    fn is_key(&self, wanted: &str) -> bool {
        match self {
            Self::Text(text) | Self::Number(text) => text == wanted,
            Self::Bool(is) => is.to_string() == wanted,
            Self::Missing | Self::Null | Self::Unfit(_) => false,
        }
    }
}

fn found(slots: &Slots<'_>, row: Row, slot: u32) -> Found {
    match slots.get(row, slot) {
        Slot::Missing => Found::Missing,
        Slot::Null => Found::Null,
        Slot::Text(text) => Found::Text(text.to_owned()),
        Slot::Scratch(span) => Found::Text(span.of(&slots.scratch).to_owned()),
        Slot::Number(text) => Found::Number(text.to_owned()),
        Slot::True => Found::Bool(true),
        Slot::False => Found::Bool(false),
        Slot::Unfit(why) => Found::Unfit(why),
    }
}

/// What all paths find, and for each list path what its inner path finds in every row.
type Decoded = (Vec<Found>, Vec<Vec<Found>>);

/// Decodes an item for paths, and for lists with one path inside each.
fn decoded(
    input: Input,
    paths: &[Path],
    lists: &[(Path, Path)],
    item: &str,
) -> Result<Decoded, Fault> {
    let (mut root, mut width) = (Node::default(), 0);
    let wanted: Vec<u32> = paths.iter().map(|path| root.want(path, &mut width)).collect();
    let mut inner = Vec::new();
    for (index, (each, path)) in lists.iter().enumerate() {
        let (mut row, mut row_width) = (Node::default(), 0);
        inner.push(row.want(path, &mut row_width));
        let each_use = Use::Each { scope: index + 1, width: row_width, root: row };
        root.want_each(each, "list", &mut width, each_use);
    }
    let mut counted = 0;
    root.finish(&mut counted);
    let scopes = lists.len() + 1;
    let trie = Trie { root, width, lists: counted, scopes, ..Trie::default() };
    let (unescaped, again) = (Unescaped::default(), Unescaped::default());
    let mut slots = Slots::default().recycle(trie.scopes);
    let first = decode(input, &trie, item.as_bytes(), &unescaped, &mut slots);
    // The order of names is remembered: the second time, each is looked for where it stood.
    let mut slots = Slots::default().recycle(trie.scopes);
    let second = decode(input, &trie, item.as_bytes(), &again, &mut slots);
    assert_eq!(first, second, "{item}");
    second?;
    let own = wanted.iter().map(|slot| found(&slots, Row::default(), *slot)).collect();
    let rows = inner.iter().enumerate().map(|(index, slot)| {
        slots.rows(index + 1).iter().map(|row| found(&slots, *row, *slot)).collect()
    });
    Ok((own, rows.collect()))
}

/// Decodes an item for paths as a steward writes them.
fn values(input: Input, paths: &[&str], item: &str) -> Result<Vec<Found>, Fault> {
    let paths: Vec<Path> = paths.iter().map(|path| Path::parse(path, input).unwrap()).collect();
    decoded(input, &paths, &[], item).map(|(own, _)| own)
}

fn text(text: &str) -> Found {
    Found::Text(text.to_owned())
}

fn number(text: &str) -> Found {
    Found::Number(text.to_owned())
}

/// The picked elements of a list: all for an index that is there, those with the key otherwise.
fn picked<'e, E>(step: &Step, elements: &[&'e E], key: impl Fn(&E, &Key) -> Found) -> Vec<&'e E> {
    match step {
        Step::Index(at) => elements.get(*at as usize).copied().into_iter().collect(),
        Step::Where { key: by, value } => {
            elements.iter().copied().filter(|element| key(element, by).is_key(value)).collect()
        }
        _ => Vec::new(),
    }
}
