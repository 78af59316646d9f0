//! An instant, written and read in the legal time of Vietnam (`Asia/Ho_Chi_Minh`).
//!
//! Since 13 June 1975 that is +07:00 without exception, which is the fast path. Older instants use
//! the offsets of the time zone database; their short table stands here, so that the crate needs no
//! database and no state, and a test compares it with the database for every hour that matters.

use std::fmt;

use crate::Date;
use crate::date::{digits, pair};

const DAY_SECS: i64 = 86_400;
const SEVEN_HOURS: i32 = 7 * 3600;

/// 0001-01-01T00:00:00+07:00 and 9999-12-31T23:59:59+07:00.
const FIRST: i64 = -62_135_622_000;
const LAST: i64 = 253_402_275_599;

/// First instant from which +07:00 holds for good: 1975-06-13T00:00:00+08:00.
const SETTLED: i64 = 171_820_800;

/// Offsets before that, each with the instant (in seconds since 1970) at which it ended.
const PAST: [(i64, i32); 8] = [
    // Local mean time has seconds in its offset (+07:06:30).
    (-1_851_577_590, 25_590),
    (-852_105_600, SEVEN_HOURS),
    (-782_643_600, 8 * 3600),
    (-767_869_200, 9 * 3600),
    (-718_095_600, SEVEN_HOURS),
    (-457_772_400, 8 * 3600),
    (-315_648_000, SEVEN_HOURS),
    (SETTLED, 8 * 3600),
];

/// An instant of the years 1 to 9999, with nanoseconds.
///
/// Its canonical form is the civil time in `Asia/Ho_Chi_Minh` with the offset, and a fraction only
/// if it is not zero: `2025-06-20T01:35:00+07:00`. Instants of local mean time (before May 1911),
/// whose offset had seconds, are written at +07:00.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp {
    seconds: i64,
    nanos: u32,
    /// The date in Vietnam, which follows from the seconds: whoever makes an instant mostly has it,
    /// and whoever writes it need not work it out again.
    date: Date,
}

/// A civil time with its offset from UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Civil {
    /// The calendar date.
    pub date: Date,
    /// Hour, 0 to 23.
    pub hour: u8,
    /// Minute, 0 to 59.
    pub minute: u8,
    /// Second, 0 to 59.
    pub second: u8,
    /// Nanoseconds within the second.
    pub nanos: u32,
    /// Offset from UTC in seconds, a whole number of minutes.
    pub offset_secs: i32,
}

impl Timestamp {
    /// The instant so many seconds after 1970-01-01T00:00:00Z; `nanos` lies within the second. None
    /// outside the years 1 to 9999 of Vietnamese time.
    pub fn from_unix(seconds: i64, nanos: u32) -> Option<Self> {
        if !(FIRST..=LAST).contains(&seconds) {
            return None;
        }
        let local = seconds + i64::from(offset_at(seconds));
        Self::on(Date::from_days(local.div_euclid(DAY_SECS))?, seconds, nanos)
    }

    /// An instant that is known to lie on this date in Vietnam.
    fn on(date: Date, seconds: i64, nanos: u32) -> Option<Self> {
        let is_valid = nanos < 1_000_000_000 && (FIRST..=LAST).contains(&seconds);
        is_valid.then_some(Self { seconds, nanos, date })
    }

    /// The instant of a civil time in `Asia/Ho_Chi_Minh`. Where a clock was set back the earlier
    /// instant is meant; in a gap the offset before the gap holds (RFC 5545).
    pub fn from_civil(date: Date, hour: u8, minute: u8, second: u8, nanos: u32) -> Option<Self> {
        let local = civil_seconds(date, hour, minute, second)?;
        if local >= SETTLED + 8 * 3600 {
            return Self::on(date, local - i64::from(SEVEN_HOURS), nanos);
        }
        Self::from_unix(local - i64::from(offset_of_civil(local)), nanos)
    }

    /// The instant of a civil time at an offset from UTC in seconds.
    pub fn from_offset(
        date: Date,
        (hour, minute, second): (u8, u8, u8),
        nanos: u32,
        offset_secs: i32,
    ) -> Option<Self> {
        let local = civil_seconds(date, hour, minute, second)?;
        if offset_secs == SEVEN_HOURS && local >= SETTLED + 8 * 3600 {
            return Self::on(date, local - i64::from(offset_secs), nanos);
        }
        let is_valid = offset_secs.unsigned_abs() < 86_400;
        Self::from_unix(local - i64::from(offset_secs), nanos).filter(|_| is_valid)
    }

    /// Seconds since 1970-01-01T00:00:00Z; negative before.
    pub const fn seconds(self) -> i64 {
        self.seconds
    }

    /// Nanoseconds within the second.
    pub const fn nanos(self) -> u32 {
        self.nanos
    }

    /// The date in Vietnam at this instant.
    pub fn date(self) -> Date {
        self.date
    }

    /// The civil time in Vietnam at this instant.
    pub fn civil(self) -> Civil {
        let offset_secs = offset_at(self.seconds);
        let local = self.seconds + i64::from(offset_secs);
        let date = self.date;
        let second_of_day = u32::try_from(local.rem_euclid(DAY_SECS)).unwrap_or(0);
        let part = |number: u32| u8::try_from(number % 60).unwrap_or(0);
        let hour = part(second_of_day / 3600);
        let (minute, second) = (part(second_of_day / 60), part(second_of_day));
        Civil { date, hour, minute, second, nanos: self.nanos, offset_secs }
    }

    /// Appends the canonical form, `2025-06-20T01:35:00+07:00`.
    pub fn write_iso(self, out: &mut Vec<u8>) {
        let civil = self.civil();
        let [y1, y2, y3, y4, _, o1, o2, _, d1, d2] = civil.date.iso();
        let [h1, h2] = digits(u16::from(civil.hour));
        let [m1, m2] = digits(u16::from(civil.minute));
        let [s1, s2] = digits(u16::from(civil.second));
        let minutes = u16::try_from(civil.offset_secs / 60).unwrap_or(0);
        let [x1, x2] = digits(minutes / 60);
        let [x3, x4] = digits(minutes % 60);
        let text = [
            y1, y2, y3, y4, b'-', o1, o2, b'-', d1, d2, b'T', h1, h2, b':', m1, m2, b':', s1, s2,
            b'+', x1, x2, b':', x3, x4,
        ];
        if civil.nanos == 0 {
            out.extend_from_slice(&text);
            return;
        }
        let (time, offset) = text.split_at(19);
        let fraction = format!(".{:09}", civil.nanos);
        out.extend_from_slice(time);
        out.extend_from_slice(fraction.trim_end_matches('0').as_bytes());
        out.extend_from_slice(offset);
    }

    /// Reads exactly the canonical form; anything else, even the same instant written otherwise, is
    /// none.
    pub fn parse_canonical(text: &str) -> Option<Self> {
        let (date, rest) = text.split_at_checked(10)?;
        let date = Date::parse_iso(date)?;
        let &[b'T', h1, h2, b':', m1, m2, b':', s1, s2, ref rest @ ..] = rest.as_bytes() else {
            return None;
        };
        let (fraction, offset) = rest.split_at_checked(rest.len().checked_sub(6)?)?;
        let nanos = nanos_of(fraction)?;
        let &[b'+', x1, x2, b':', x3, x4] = offset else { return None };
        let offset_secs = i32::from(pair(x1, x2)?) * 3600 + i32::from(pair(x3, x4)?) * 60;
        let time = (pair(h1, h2)?, pair(m1, m2)?, pair(s1, s2)?);
        let read = Self::from_offset(date, time, nanos, offset_secs)?;
        (offset_at(read.seconds) == offset_secs).then_some(read)
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = Vec::with_capacity(35);
        self.write_iso(&mut text);
        f.write_str(std::str::from_utf8(&text).unwrap_or_default())
    }
}

/// The fraction of a second with its point, without trailing zeros; empty for none.
fn nanos_of(fraction: &[u8]) -> Option<u32> {
    let Some((b'.', digits)) = fraction.split_first() else {
        return fraction.is_empty().then_some(0);
    };
    let is_canonical = digits.len() <= 9 && digits.last().is_some_and(|last| *last != b'0');
    if !is_canonical {
        return None;
    }
    let mut nanos = 0;
    for index in 0..9 {
        let digit = digits.get(index).map_or(Some(0), |byte| pair(b'0', *byte))?;
        nanos = nanos * 10 + u32::from(digit);
    }
    Some(nanos)
}

/// Seconds of a civil time as if it were UTC.
fn civil_seconds(date: Date, hour: u8, minute: u8, second: u8) -> Option<i64> {
    let is_time = hour < 24 && minute < 60 && second < 60;
    let time = i64::from(hour) * 3600 + i64::from(minute) * 60 + i64::from(second);
    is_time.then(|| date.days() * DAY_SECS + time)
}

/// The offset in which an instant is written.
fn offset_at(seconds: i64) -> i32 {
    if seconds >= SETTLED {
        return SEVEN_HOURS;
    }
    let offset =
        PAST.iter().find(|(end, _)| seconds < *end).map_or(SEVEN_HOURS, |(_, offset)| *offset);
    if offset % 60 == 0 { offset } else { SEVEN_HOURS }
}

/// The offset that turns a civil time of the past into its instant.
fn offset_of_civil(local: i64) -> i32 {
    let mut before: Option<(i64, i32)> = None;
    for (end, offset) in PAST {
        if local - i64::from(offset) < end {
            let is_gap = before.is_some_and(|(start, _)| local - i64::from(offset) < start);
            return before.filter(|_| is_gap).map_or(offset, |(_, earlier)| earlier);
        }
        before = Some((end, offset));
    }
    SEVEN_HOURS
}

#[cfg(test)]
mod tests;
