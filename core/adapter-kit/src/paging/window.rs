//! Moments as a request writes them.

use jiff::Timestamp;
use jiff::fmt::strtime;
use jiff::tz::TimeZone;

use super::Bound;

/// How a window's ends are written.
#[derive(Clone, Debug)]
pub(super) struct Writing {
    pub(super) format: Format,
    pub(super) timezone: TimeZone,
    pub(super) until: Bound,
}

#[derive(Clone, Debug)]
pub(super) enum Format {
    Rfc3339,
    EpochSeconds,
    EpochMillis,
    Pattern(String),
}

impl Format {
    pub(super) fn parse(text: &str) -> Self {
        match text {
            "rfc3339" => Self::Rfc3339,
            "epoch-s" => Self::EpochSeconds,
            "epoch-ms" => Self::EpochMillis,
            pattern => Self::Pattern(pattern.to_owned()),
        }
    }
}

impl Writing {
    /// Writes the beginning of a window. Every format cuts off, so what is written is never later
    /// than the moment meant: a window may begin earlier, but not later than it should.
    pub(super) fn from(&self, at: Timestamp) -> Result<String, jiff::Error> {
        self.write(at)
    }

    /// Writes the end of a window.
    ///
    /// Cutting off is right here too: the next window begins at the same moment, written the same
    /// way, so nothing lies between them.
    pub(super) fn until(&self, at: Timestamp) -> Result<String, jiff::Error> {
        match self.until {
            Bound::Exclusive => self.write(at),
            Bound::Inclusive => {
                let last = at.checked_sub(jiff::SignedDuration::from_nanos(1))?;
                self.write(last)
            }
        }
    }

    fn write(&self, at: Timestamp) -> Result<String, jiff::Error> {
        let zoned = at.to_zoned(self.timezone.clone());
        match &self.format {
            Format::Rfc3339 => strtime::format("%Y-%m-%dT%H:%M:%S%:z", &zoned),
            Format::EpochSeconds => Ok(at.as_second().to_string()),
            Format::EpochMillis => Ok(at.as_millisecond().to_string()),
            Format::Pattern(pattern) => strtime::format(pattern, &zoned),
        }
    }
}
