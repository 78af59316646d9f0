//! A rule's condition as a typed tree: what is evaluated, and what can be reasoned about.

use std::sync::Arc;

use crate::pattern::Pattern;
use crate::sentinel::Sentinels;
use crate::{Bound, Title};

/// A condition over a record, or over one row of a group and the record around it.
///
/// It is true, false or unknown: unknown where a value that decides is missing. Names and types
/// were checked when the standard was compiled.
#[derive(Clone, Debug)]
pub enum Condition {
    /// All of these hold.
    All(Box<[Condition]>),
    /// One of these holds.
    Any(Box<[Condition]>),
    /// This does not hold.
    Not(Box<Condition>),
    /// The field has a value that is not null; the group has a row.
    Present(Place),
    /// The whole text matches the pattern.
    Matches(Place, Arc<Pattern>),
    /// The value is one of those that systems write where they have none.
    Sentinel(Place, Arc<Sentinels>),
    /// Two texts are the same but for capitals, blanks and punctuation, and say something.
    Same(Place, Place),
    /// The text says no more than the name of the code.
    NamesCode {
        /// The text.
        text: Place,
        /// The code.
        code: Place,
        /// The names of the code's list.
        names: Arc<[CodeName]>,
    },
    /// One value lies to another as said.
    Compare(Comparison, Term, Term),
    /// No text of the record holds an invisible character. Judged where texts are checked one by
    /// one, so that no text is looked at twice; as a part of a rule it is true.
    Visible,
    /// No body of a register is named on a day on which it was not there. Judged where identifiers
    /// are checked one by one; as a part of a rule it is true.
    InForce,
}

/// A code with its name.
#[derive(Clone, Debug)]
pub struct CodeName {
    /// The code.
    pub code: Box<str>,
    /// What it means.
    pub name: Title,
}

/// How two values compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
}

/// One side of a comparison.
#[derive(Clone, Debug)]
pub enum Term {
    /// The value of a field.
    Value(Place),
    /// The date in Vietnam of a timestamp, or the one inside a dossier code.
    DateOf(Place),
    /// How many characters a text has.
    Length(Place),
    /// How many rows a group of the record has.
    Count {
        /// The group, by its place in the record type.
        group: usize,
        /// How many fields a row has.
        width: usize,
    },
    /// A text or a code.
    Text(Box<str>),
    /// True or false.
    Boolean(bool),
    /// A number, date or instant.
    Constant(Bound),
}

/// Where a value lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// A field of the record.
    Record(usize),
    /// A field of the row that the rule is about.
    Row(usize),
    /// A group of the record, which is present when it has rows.
    Group(usize),
}
