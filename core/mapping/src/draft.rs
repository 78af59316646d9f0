//! Drafts: national values while the scratch string still grows.

use std::ops::Range;

use lienthong_standard::{Date, Timestamp, Value};

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

/// A national value whose text may lie in the scratch string.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Draft<'a> {
    Missing,
    Null,
    Text(Piece<'a>),
    Integer(i64),
    Decimal(Piece<'a>),
    Boolean(bool),
    Date(Date),
    Timestamp(Timestamp),
}

impl<'a> Draft<'a> {
    /// Appends the value, once the scratch string is complete.
    ///
    /// Every arm appends for itself: a value that is put together first and moved then would be
    /// stored in parts and loaded whole, which processors are slow at.
    #[inline]
    pub(crate) fn append<'s>(self, scratch: &'s str, values: &mut Vec<Value<'s>>)
    where
        'a: 's,
    {
        match self {
            Self::Missing => values.push(Value::Missing),
            Self::Null => values.push(Value::Null),
            Self::Text(Piece::Kept(text)) => values.push(Value::Text(text)),
            Self::Text(Piece::Scratch(span)) => values.push(Value::Text(span.of(scratch))),
            Self::Integer(number) => values.push(Value::Integer(number)),
            Self::Decimal(piece) => values.push(Value::Decimal(piece.of(scratch))),
            Self::Boolean(is) => values.push(Value::Boolean(is)),
            Self::Date(date) => values.push(Value::Date(date)),
            Self::Timestamp(instant) => values.push(Value::Timestamp(instant)),
        }
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

/// All drafts of one record: its own fields, then the rows of group after group.
#[derive(Debug, Default)]
pub(crate) struct Drafts<'a> {
    pub(crate) values: Vec<Draft<'a>>,
    /// For each group where its values and its rows' parents lie.
    pub(crate) groups: Vec<(Range<usize>, Range<usize>)>,
    pub(crate) parents: Vec<u32>,
    /// What could not be mapped.
    pub(crate) flaws: Vec<(At, Flaw<'a>)>,
}

impl Drafts<'_> {
    /// Empties the drafts.
    pub(crate) fn clear(&mut self) {
        let Self { values, groups, parents, flaws } = self;
        values.clear();
        groups.clear();
        parents.clear();
        flaws.clear();
    }

    /// Empties the drafts for another record, and keeps what was allocated.
    pub(crate) fn recycle<'b>(self) -> Drafts<'b> {
        let Drafts { values, mut groups, mut parents, flaws } = self;
        groups.clear();
        parents.clear();
        Drafts {
            values: crate::workspace::recycle(values),
            groups,
            parents,
            flaws: crate::workspace::recycle(flaws),
        }
    }
}
