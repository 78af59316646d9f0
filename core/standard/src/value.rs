//! Values between a mapping and the standard: borrowed, typed, without allocation.

use crate::{Date, Timestamp};

/// One value of a record that is not yet checked.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value<'a> {
    /// The record says nothing about the field; it is left out of the canonical form.
    Missing,
    /// The field is said to be empty; only where the standard lets it be null.
    Null,
    /// Text, a code or an identifier, in NFC.
    Text(&'a str),
    /// A whole number.
    Integer(i64),
    /// An exact number in canonical form: an optional `-`, digits without leading zeros, optionally
    /// a point and digits; trailing zeros are kept, and zero has no sign.
    Decimal(&'a str),
    /// True or false.
    Boolean(bool),
    /// A calendar date.
    Date(Date),
    /// An instant.
    Timestamp(Timestamp),
}

impl Value<'_> {
    /// Whether there is neither a value nor a null.
    pub const fn is_missing(&self) -> bool {
        matches!(self, Self::Missing)
    }

    /// The order of two values of one kind, numbers by their value; none when one is absent or they
    /// are of different kinds.
    pub fn compare(self, other: Self) -> Option<std::cmp::Ordering> {
        crate::order::compare(self, other)
    }

    /// Whether there is a value, and not a null.
    pub const fn is_present(&self) -> bool {
        !matches!(self, Self::Missing | Self::Null)
    }
}

/// One mapped but unchecked record.
///
/// `values` has one value for every field of the record type, in its order; `groups` has the rows
/// of every group, in the order of the record type's groups.
#[derive(Clone, Copy, Debug)]
pub struct Candidate<'a> {
    /// The values of the record's own fields.
    pub values: &'a [Value<'a>],
    /// The rows of each group.
    pub groups: &'a [Rows<'a>],
}

/// The rows of one group of a candidate.
#[derive(Clone, Copy, Debug, Default)]
pub struct Rows<'a> {
    /// The values, row after row, each as wide as the group has fields.
    pub values: &'a [Value<'a>],
    /// For each row the row of the parent group that it belongs to, never falling; empty when the
    /// group has no parent.
    pub parents: &'a [u32],
}

impl Rows<'_> {
    /// No rows.
    pub const EMPTY: Self = Self { values: &[], parents: &[] };
}
