//! Rules that read dates and instants: formats in the order in which they are tried.

use lienthong_standard::{Date, Timestamp};

use super::format::{Format, Zone};

/// How an instant is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Instants {
    pub(crate) formats: Box<[Format]>,
    pub(crate) zone: Zone,
}

impl Instants {
    /// Reads with the first format that fits.
    pub(crate) fn read(&self, text: &str) -> Option<Timestamp> {
        self.formats.iter().find_map(|format| format.timestamp(text, self.zone))
    }
}

/// How a date is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Dates {
    /// The text holds a date and nothing else.
    Plain(Box<[Format]>),
    /// The text holds an instant; its date in Vietnam is meant, and the time is given up.
    OfInstant(Instants),
}

impl Dates {
    /// Reads with the first format that fits.
    pub(crate) fn read(&self, text: &str) -> Option<Date> {
        match self {
            Self::Plain(formats) => formats.iter().find_map(|format| format.date(text)),
            Self::OfInstant(instants) => instants.read(text).map(Timestamp::date),
        }
    }
}
