//! Lists in texts: parts with a mark between them, several texts side by side, part by part a row.
//!
//! No part is copied. Texts that do not have the same number of parts make the record refused: which
//! of them lacks one, only the source can say.

use super::Fault;
use crate::slots::{Row, Slot, Slots, Span};
use crate::trie::{Split, Trie};

/// Takes the lists of a record apart.
pub(super) fn read(trie: &Trie, slots: &mut Slots<'_>) -> Result<(), Fault> {
    for split in &trie.splits {
        for index in 0..slots.rows(split.parent).len() {
            let Some(row) = slots.rows(split.parent).get(index).copied() else { break };
            rows(split, row, slots)?;
        }
    }
    Ok(())
}

/// Opens the rows of one row's lists.
fn rows(split: &Split, parent: Row, slots: &mut Slots<'_>) -> Result<(), Fault> {
    let mut parts = Vec::with_capacity(split.columns.len());
    for column in &split.columns {
        let value = slots.get(parent, column.slot);
        if let Slot::Unfit(why) = value {
            return Err(Fault::OnTheWay { why, list: column.shown.to_string() });
        }
        parts.push(count(split, value, &slots.scratch));
    }
    let most = parts.iter().copied().max().unwrap_or(0);
    // An empty text beside lists of one is a list of one empty part: joined, the two look the same.
    if !parts.iter().all(|count| *count == most || (most == 1 && *count == 0)) {
        return Err(unequal(split, parent, &parts));
    }
    let mut first = None;
    for _ in 0..most {
        let Some(row) = slots.open(split.scope, split.columns.len(), parent.index) else {
            return Err(Fault::TooManyRows);
        };
        first.get_or_insert(row.index);
    }
    let Some(first) = first else { return Ok(()) };
    for (slot, column) in (0..).zip(&split.columns) {
        fill(split, slot, slots.get(parent, column.slot), first, slots);
    }
    Ok(())
}

/// The parts of a value. Blank text is no list.
fn count(split: &Split, value: Slot<'_>, scratch: &str) -> usize {
    let text = match value {
        Slot::Text(text) => text,
        Slot::Scratch(span) => span.of(scratch),
        Slot::Missing | Slot::Null | Slot::Unfit(_) => return 0,
        Slot::Number(_) | Slot::True | Slot::False => return 1,
    };
    if text.trim().is_empty() { 0 } else { split.parts(text).count() }
}

/// Puts the parts of one value into the rows from the first on.
fn fill<'a>(split: &Split, slot: u32, value: Slot<'a>, first: u32, slots: &mut Slots<'a>) {
    let put = |nth: usize, value: Slot<'a>, slots: &mut Slots<'a>| {
        let row = slots.rows(split.scope).get(first as usize + nth).copied();
        if let Some(row) = row {
            slots.set(row, slot, value);
        }
    };
    match value {
        Slot::Text(text) => {
            for (nth, (start, end)) in split.parts(text).enumerate() {
                put(nth, Slot::Text(text.get(start..end).unwrap_or_default()), slots);
            }
        }
        Slot::Scratch(span) => {
            let begin = span.range().start;
            let parts: Vec<_> = split.parts(span.of(&slots.scratch)).collect();
            for (nth, (start, end)) in parts.into_iter().enumerate() {
                put(nth, Slot::Scratch(Span::new(begin + start, begin + end)), slots);
            }
        }
        Slot::Number(_) | Slot::True | Slot::False => put(0, value, slots),
        Slot::Missing | Slot::Null | Slot::Unfit(_) => {}
    }
}

impl Split {
    /// Where each part of a text begins and ends.
    fn parts(&self, text: &str) -> impl Iterator<Item = (usize, usize)> {
        let is_closed = self.is_closed;
        let text = if is_closed { text.strip_suffix(&*self.by).unwrap_or(text) } else { text };
        let mut start = Some(0);
        std::iter::from_fn(move || {
            let begin = start?;
            let found = text.get(begin..).and_then(|rest| rest.find(&*self.by));
            start = found.map(|at| begin + at + self.by.len());
            Some((begin, found.map_or(text.len(), |at| begin + at)))
        })
    }
}

#[cold]
fn unequal(split: &Split, parent: Row, parts: &[usize]) -> Fault {
    let named = split.columns.iter().map(|column| column.shown.to_string());
    let row = (split.parent > 0).then_some(parent.index);
    Fault::Unequal { parts: named.zip(parts.iter().copied()).collect(), row }
}
