//! The flat plan: for each national field where its value comes from and what is done to it.

use lienthong_standard::Value;
use lienthong_text::Encoding;

use crate::convert::boolean::Words;
use crate::convert::codes::Codes;
use crate::convert::format::Format;
use crate::convert::moment::{Dates, Instants};
use crate::convert::number::Notation;
use crate::functions::Step;
use crate::path::Path;
use crate::trie::Trie;

/// A compiled mapping, without its names.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    pub(crate) trie: Trie,
    /// One place for each field of the record type.
    pub(crate) record: Vec<Option<Rule>>,
    /// One place for each group of the record type.
    pub(crate) groups: Vec<Option<GroupPlan>>,
}

/// How the rows of one group come to be.
#[derive(Clone, Debug)]
pub(crate) struct GroupPlan {
    pub(crate) rows: RowsOf,
    /// The path of `each`, below the rows of the group around.
    pub(crate) each: Option<Path>,
    /// The mark between the parts of texts that the rows are made of.
    pub(crate) by: Option<Box<str>>,
    /// One place for each field of the group.
    pub(crate) rules: Vec<Option<Rule>>,
}

/// Where the rows of a group come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RowsOf {
    /// One row for each element of a list.
    Scope(usize),
    /// At most one row, from the rows of this scope themselves.
    Around(usize),
}

/// The rule of one national field.
#[derive(Clone, Debug)]
pub(crate) struct Rule {
    pub(crate) source: Source,
    /// The slot of the source, where its text is taken as it stands: what most rules do.
    pub(crate) as_it_stands: Option<u32>,
    pub(crate) text: Reading,
    pub(crate) steps: Box<[Step]>,
    /// In a box, because most rules have none and rules lie one behind the other.
    pub(crate) codes: Option<Box<Codes>>,
    pub(crate) target: Target,
    pub(crate) when_missing: WhenMissing,
    /// Whether the literal text of a JSON number may become text.
    pub(crate) number: Number,
    /// The source paths, as they are written.
    pub(crate) paths: Box<[Box<str>]>,
    /// The rule, as it is written.
    pub(crate) written: Box<str>,
}

/// How the text of a rule is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reading {
    /// It is Unicode.
    AsWritten,
    /// Its bytes, in this legacy encoding, were taken for characters.
    In(Encoding),
    /// Its bytes were taken for characters, and each value shows by its looks in which encoding.
    Detected,
}

/// Where a value comes from.
#[derive(Clone, Debug)]
pub(crate) enum Source {
    Slot(u32),
    /// The first that is there.
    FirstOf(Box<[u32]>),
    /// All that are there, with a text between them.
    Join {
        slots: Box<[u32]>,
        with: Box<str>,
    },
    Value(Constant),
    /// Whether the first national field is later than the second.
    Later {
        first: usize,
        second: usize,
    },
}

/// A value that stands in the mapping itself.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Constant {
    Text(Box<str>),
    Integer(i64),
    Decimal(Box<str>),
    Boolean(bool),
    Date(lienthong_standard::Date),
    Timestamp(lienthong_standard::Timestamp),
}

impl Constant {
    /// The constant as a value of a record.
    pub(crate) fn value(&self) -> Value<'_> {
        match self {
            Self::Text(text) => Value::Text(text),
            Self::Integer(number) => Value::Integer(*number),
            Self::Decimal(number) => Value::Decimal(number),
            Self::Boolean(is) => Value::Boolean(*is),
            Self::Date(date) => Value::Date(*date),
            Self::Timestamp(instant) => Value::Timestamp(*instant),
        }
    }
}

/// What the text or literal becomes.
#[derive(Clone, Debug)]
pub(crate) enum Target {
    Text,
    Integer(IntegerAs),
    Decimal(DecimalAs),
    Boolean(Option<Words>),
    Date(Dates),
    Timestamp(Instants),
    /// A date, at a time of day that the mapping says.
    TimestampOfDate {
        formats: Box<[Format]>,
        at: (u8, u8, u8),
    },
}

/// How a whole number is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum IntegerAs {
    /// A JSON number only.
    Literal,
    /// Digits, as a number or as text.
    Digits,
    /// A decimal with a zero fraction.
    ExactDecimal(Notation),
}

/// How a decimal is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DecimalAs {
    /// A JSON number only.
    Literal,
    /// A JSON number, or text in this notation.
    Text(Notation),
}

/// What a source without a value means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum WhenMissing {
    Absent,
    Null,
    Refuse,
}

/// What may become of a JSON number where text is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Number {
    Refused,
    AsWritten,
}

impl Rule {
    /// Whether a path goes into a document that a text is.
    pub(crate) fn reads_a_document(&self) -> bool {
        self.paths.iter().any(|path| path.contains("<xml>") || path.contains("<json>"))
    }
}
