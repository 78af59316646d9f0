//! Drafts: a record's national values while the scratch string still grows.

use std::ops::Range;

use lienthong_standard::Value;

use crate::slots::Span;
use crate::words::Flaw;

/// Text of the item or the plan, or in the scratch string.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Piece<'a> {
    Kept(&'a str),
    Scratch(Span),
}

impl<'a> Piece<'a> {
    /// The text; the scratch string is that of the same record.
    #[inline]
    pub(crate) fn of<'s>(self, scratch: &'s str) -> &'s str
    where
        'a: 's,
    {
        match self {
            Self::Kept(text) => text,
            Self::Scratch(span) => span.of(scratch),
        }
    }

    #[inline]
    pub(crate) fn is_empty(self) -> bool {
        match self {
            Self::Kept(text) => text.is_empty(),
            Self::Scratch(span) => span.range().is_empty(),
        }
    }
}

/// National values, of which some texts still lie in the scratch string.
///
/// They are what the standard will check, but for those texts: these are put in at the end, when
/// the scratch string moves no more. Most records have two or three of them, so that the other
/// values need not be looked at again.
#[derive(Debug, Default)]
pub(crate) struct Values<'a> {
    list: Vec<Value<'a>>,
    /// The places of those texts in the list, rising.
    rewritten: Vec<(usize, Span)>,
}

impl<'a> Values<'a> {
    #[inline]
    pub(crate) fn push(&mut self, value: Value<'a>) {
        self.list.push(value);
    }

    #[inline]
    pub(crate) fn push_text(&mut self, piece: Piece<'a>) {
        match piece {
            Piece::Kept(text) => self.list.push(Value::Text(text)),
            Piece::Scratch(span) => {
                self.rewritten.push((self.list.len(), span));
                self.list.push(Value::Text(""));
            }
        }
    }

    #[inline]
    pub(crate) fn push_decimal(&mut self, piece: Piece<'a>) {
        match piece {
            Piece::Kept(number) => self.list.push(Value::Decimal(number)),
            Piece::Scratch(span) => {
                self.rewritten.push((self.list.len(), span));
                self.list.push(Value::Decimal(""));
            }
        }
    }

    pub(crate) fn reserve(&mut self, more: usize) {
        self.list.reserve(more);
    }

    pub(crate) fn len(&self) -> usize {
        self.list.len()
    }

    /// The value at a place, whose text may not be in yet.
    pub(crate) fn get(&self, place: usize) -> Option<Value<'a>> {
        self.list.get(place).copied()
    }

    pub(crate) fn set(&mut self, place: usize, value: Value<'a>) {
        if let Some(old) = self.list.get_mut(place) {
            *old = value;
        }
    }

    /// The values from a place on, whose texts may not be in yet.
    pub(crate) fn since(&self, place: usize) -> &[Value<'a>] {
        self.list.get(place..).unwrap_or_default()
    }

    pub(crate) fn truncate(&mut self, length: usize) {
        self.list.truncate(length);
        let rewritten = self.rewritten.partition_point(|(place, _)| *place < length);
        self.rewritten.truncate(rewritten);
    }

    /// Takes the values out, with all their texts; the scratch string is that of the same record.
    /// What was allocated comes back by [`Values::reuse`].
    pub(crate) fn complete<'s>(&mut self, scratch: &'s str) -> Vec<Value<'s>>
    where
        'a: 's,
    {
        let mut list: Vec<Value<'s>> = std::mem::take(&mut self.list);
        for (place, span) in self.rewritten.drain(..) {
            match list.get_mut(place) {
                Some(Value::Text(text) | Value::Decimal(text)) => *text = span.of(scratch),
                _ => unreachable!("a text was put at {place}"),
            }
        }
        list
    }

    /// Takes back what was allocated.
    pub(crate) fn reuse(&mut self, list: Vec<Value<'_>>) {
        self.list = crate::workspace::recycle(list);
    }

    /// Empties the values for another record, and keeps what was allocated.
    fn recycle<'b>(self) -> Values<'b> {
        let Self { list, mut rewritten } = self;
        rewritten.clear();
        Values { list: crate::workspace::recycle(list), rewritten }
    }
}

/// Where a value belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct At {
    /// The group, by its place in the record type; none for the record itself.
    pub(crate) group: Option<usize>,
    /// The row of the group.
    pub(crate) row: u32,
    /// The field of the record or group.
    pub(crate) field: usize,
}

/// The draft of one record: its own fields, then the rows of group after group.
#[derive(Debug, Default)]
pub(crate) struct Drafts<'a> {
    pub(crate) values: Values<'a>,
    /// For each group where its values and its rows' parents lie.
    pub(crate) groups: Vec<(Range<usize>, Range<usize>)>,
    pub(crate) parents: Vec<u32>,
    /// What could not be mapped.
    pub(crate) flaws: Vec<(At, Flaw<'a>)>,
}

impl Drafts<'_> {
    /// Empties the draft.
    pub(crate) fn clear(&mut self) {
        let Self { values, groups, parents, flaws } = self;
        values.truncate(0);
        groups.clear();
        parents.clear();
        flaws.clear();
    }

    /// Empties the draft for another record, and keeps what was allocated.
    pub(crate) fn recycle<'b>(self) -> Drafts<'b> {
        let Drafts { values, mut groups, mut parents, flaws } = self;
        groups.clear();
        parents.clear();
        Drafts {
            values: values.recycle(),
            groups,
            parents,
            flaws: crate::workspace::recycle(flaws),
        }
    }
}
