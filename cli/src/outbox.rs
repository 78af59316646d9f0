//! The connector's outbox as the commands open it, and times as people read them.

use std::path::Path;

use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};
use lienthong_config::Limits;
use lienthong_outbox::{Error, FeedRow, Options, Outbox, Reader};
use lienthong_runtime::{Clock as _, SystemClock};

use crate::exit::Failure;

/// Opens the outbox to write; fails while a connector uses it.
pub(crate) fn open(folder: &Path, limits: &Limits) -> Result<Outbox, Error> {
    let options = Options {
        waiting_bytes_max: limits.waiting_bytes_max,
        quarantine_bytes_max: limits.quarantine_bytes_max,
        database_bytes_max: limits.database_bytes_max,
        history_days: limits.history_days,
        ..Options::default()
    };
    Outbox::open(folder, options)
}

/// Opens the outbox to read, also while a connector uses it; `None` where there is none yet.
pub(crate) fn open_reader(folder: &Path) -> Result<Option<Reader>, Failure> {
    match Outbox::open_reader(folder) {
        Ok(reader) => Ok(Some(reader)),
        Err(Error::Absent { .. }) => Ok(None),
        Err(error) => Err(failure(error)),
    }
}

/// An outbox's failure with its code.
pub(crate) fn failure(error: Error) -> Failure {
    Failure::of(format!("[{}] the outbox can't be used", error.code()), error)
}

/// A feed as the commands name it: `igate/dossiers`.
pub(crate) fn feed_name(feed: &FeedRow) -> String {
    format!("{}/{}", feed.source, feed.feed)
}

/// Now, in milliseconds since 1970.
pub(crate) fn now_millis() -> i64 {
    SystemClock.now().as_millisecond()
}

/// A stored moment as RFC 3339, in Vietnamese time.
pub(crate) fn moment(millis: i64) -> String {
    let Ok(at) = Timestamp::from_millisecond(millis) else { return millis.to_string() };
    let zone = TimeZone::fixed(Offset::constant(7));
    at.to_zoned(zone).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
}

/// How long ago a stored moment was: `3 min`.
pub(crate) fn ago(millis: Option<i64>, now: i64) -> String {
    let Some(millis) = millis else { return "never".to_owned() };
    format!("{} ago", span(u64::try_from(now - millis).unwrap_or(0)))
}

/// A length of time in the largest unit that fits.
pub(crate) fn span(millis: u64) -> String {
    let secs = millis / 1000;
    match secs {
        0..=119 => format!("{secs} s"),
        120..=7199 => format!("{} min", secs / 60),
        7200..=172_799 => format!("{} h", secs / 3600),
        _ => format!("{} d", secs / 86_400),
    }
}
