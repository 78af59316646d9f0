//! The ways in which a field, a group or a rule can fail, each with how often and on which values.

use super::tally::Tally;
use crate::Input;
use crate::plan::Reading;
use crate::slots::Unfit;
use crate::words::Kind;

/// Why something can fail.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Cause {
    /// The mapping gives no value.
    Mapping(Kind),
    /// The text is not of the encoding that the mapping names.
    Encoding(Reading),
    /// The standard refuses the value.
    Standard(Against),
    /// A text is no document of the format that a path goes into.
    Document(Input),
    /// Texts whose parts make rows have different numbers of them.
    Parts,
    /// The way to a group's list can't be walked.
    OnTheWay(Unfit),
    /// A list has no rows, and needs one.
    NoRows,
    /// A list has several rows, and may have one.
    SeveralRows,
    /// A list has more rows than the standard, or any record, may have.
    TooManyRows { max: u64 },
    /// A rule across fields does not hold.
    Broken,
    /// A function that can fail, of which no more is known.
    UnknownFunction,
}

/// What of the standard a value goes against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Against {
    Required,
    Null,
    Type,
    Length,
    Form,
    Range,
    Code,
    Force,
    Control,
    Composition,
    /// The code must lie in that of another field.
    Within,
}

impl Against {
    /// By the code of the standard's fault.
    pub(crate) fn of_code(code: &str) -> Self {
        match code {
            "LT-4101" => Self::Required,
            "LT-4102" => Self::Null,
            "LT-4104" => Self::Length,
            "LT-4105" => Self::Form,
            "LT-4106" => Self::Range,
            "LT-4107" => Self::Code,
            "LT-4108" => Self::Force,
            "LT-4109" => Self::Control,
            _ => Self::Type,
        }
    }
}

/// One way to fail.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Failure {
    pub(crate) cause: Cause,
    pub(crate) tally: Tally,
    /// Known values that fail so.
    pub(crate) values: Vec<(Box<str>, Tally)>,
}

/// All ways to fail, each once.
#[derive(Clone, Debug, Default)]
pub(crate) struct Failures(pub(crate) Vec<Failure>);

impl Failures {
    /// Adds a way to fail, if it is possible.
    pub(crate) fn add(&mut self, cause: Cause, tally: Tally) {
        if !tally.is_possible() {
            return;
        }
        match self.0.iter_mut().find(|failure| failure.cause == cause) {
            Some(failure) => failure.tally += tally,
            None => self.0.push(Failure { cause, tally, values: Vec::new() }),
        }
    }

    /// Adds a known value that fails.
    pub(crate) fn add_value(&mut self, cause: Cause, value: &str, tally: Tally) {
        self.add(cause, tally);
        if let Some(failure) = self.0.iter_mut().find(|failure| failure.cause == cause) {
            match failure.values.iter_mut().find(|(known, _)| **known == *value) {
                Some((_, sum)) => *sum += tally,
                None => failure.values.push((value.into(), tally)),
            }
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether there is another way than that the source has nothing.
    pub(crate) fn has_other_than_missing(&self) -> bool {
        self.0.iter().any(|failure| failure.cause != Cause::Mapping(Kind::Missing))
    }
}
