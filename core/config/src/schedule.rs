//! When a feed is pulled: an interval or a cron expression, within the hours a calendar allows.
//!
//! Pure: the moment comes in, a moment goes out. All times of day are those of Vietnam.

use std::fmt;

use croner::Cron;
use croner::parser::{CronParser, Seconds};
use jiff::civil::{self, Weekday};
use jiff::tz::{Offset, TimeZone};
use jiff::{SignedDuration, Timestamp};

#[cfg(test)]
mod tests;

/// How many days ahead an open hour is looked for: a year, so that a calendar that never opens is
/// told from one with long holidays.
const DAYS_AHEAD: usize = 366;

/// When a feed is pulled.
#[derive(Clone, Debug, Default)]
pub struct Timetable {
    /// How often.
    pub schedule: Schedule,
    /// At which hours.
    pub calendar: Calendar,
}

/// How often a feed is pulled.
#[derive(Clone, Debug)]
pub enum Schedule {
    /// At an interval from the end of the last pass.
    Every {
        /// The interval.
        secs: u32,
        /// By how much it is lengthened or shortened at random, in hundredths of it, so that the
        /// connectors of a country do not all call in the same second.
        jitter_percent: u8,
    },
    /// At the times of a cron expression.
    Cron(Box<CronTimes>),
}

/// A cron expression, read in Vietnamese time.
#[derive(Clone)]
pub struct CronTimes {
    pattern: Cron,
    text: String,
}

/// When pulling is allowed; always, if nothing else is said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Calendar {
    /// Windows of the week; none means all of it.
    windows: Vec<Window>,
    /// Days on which nothing is pulled.
    closed: Vec<civil::Date>,
}

/// A window of the week: from one weekday to another, from one time of day to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    first: Weekday,
    last: Weekday,
    from: civil::Time,
    /// `None` is midnight at the end of the day.
    until: Option<civil::Time>,
}

impl Default for Schedule {
    fn default() -> Self {
        Self::Every { secs: 300, jitter_percent: 10 }
    }
}

impl Timetable {
    /// The first moment from `at` on at which pulling is allowed; `None` when the calendar does
    /// not open within a year.
    pub fn allowed_from(&self, at: Timestamp) -> Option<Timestamp> {
        self.calendar.allowed_from(at)
    }

    /// The moment of the next pull after one that ended at `at`, within the calendar. `jitter`
    /// lies in -1.0..=1.0 and comes from the runtime's seeded source. `None` when there is no such
    /// moment within a year.
    pub fn next_after(&self, at: Timestamp, jitter: f64) -> Option<Timestamp> {
        let due = match &self.schedule {
            Schedule::Every { secs, jitter_percent } => {
                let share = jitter.clamp(-1.0, 1.0) * f64::from(*jitter_percent) / 100.0;
                let secs = (f64::from(*secs) * (1.0 + share)).max(1.0);
                at.checked_add(SignedDuration::from_secs_f64(secs)).ok()?
            }
            Schedule::Cron(times) => {
                let mut due = times.next_after(at)?;
                // A cron time outside the calendar is left out, not moved into the next window.
                for _ in 0..DAYS_AHEAD {
                    if self.calendar.allows(due) {
                        return Some(due);
                    }
                    let open = self.calendar.allowed_from(due)?;
                    due = times.at_or_after(open)?;
                }
                return None;
            }
        };
        self.calendar.allowed_from(due)
    }
}

impl CronTimes {
    /// Reads a cron expression of five fields (minute, hour, day, month, weekday).
    ///
    /// # Errors
    /// What is wrong with it, in words.
    pub fn parse(text: &str) -> Result<Self, String> {
        let parser = CronParser::builder().seconds(Seconds::Disallowed).build();
        let pattern = parser.parse(text).map_err(|error| error.to_string())?;
        Ok(Self { pattern, text: text.to_owned() })
    }

    /// The first time after a moment.
    pub fn next_after(&self, at: Timestamp) -> Option<Timestamp> {
        self.find(at, false)
    }

    fn at_or_after(&self, at: Timestamp) -> Option<Timestamp> {
        self.find(at, true)
    }

    fn find(&self, at: Timestamp, inclusive: bool) -> Option<Timestamp> {
        let found = self.pattern.find_next_occurrence(&local(at), inclusive).ok()?;
        instant(found)
    }
}

impl fmt::Debug for CronTimes {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "CronTimes({:?})", self.text)
    }
}

impl fmt::Display for CronTimes {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.text)
    }
}

impl Calendar {
    /// Makes a calendar of windows (none: the whole week) and closed days.
    pub fn new(windows: Vec<Window>, closed: Vec<civil::Date>) -> Self {
        Self { windows, closed }
    }

    /// Whether pulling is allowed at a moment.
    pub fn allows(&self, at: Timestamp) -> bool {
        let at = local(at);
        if self.closed.contains(&at.date()) {
            return false;
        }
        self.windows.is_empty() || self.windows.iter().any(|window| window.holds(at))
    }

    /// The first moment from `at` on at which pulling is allowed.
    pub fn allowed_from(&self, at: Timestamp) -> Option<Timestamp> {
        if self.allows(at) {
            return Some(at);
        }
        let start = local(at);
        for day in start.date().series(jiff::Span::new().days(1)).take(DAYS_AHEAD) {
            if self.closed.contains(&day) {
                continue;
            }
            let begins = self.openings(day).into_iter().map(|time| day.to_datetime(time));
            if let Some(begin) = begins.filter(|begin| *begin >= start).min() {
                return instant(begin);
            }
        }
        None
    }

    fn openings(&self, day: civil::Date) -> Vec<civil::Time> {
        if self.windows.is_empty() {
            return vec![civil::Time::midnight()];
        }
        let of_day = self.windows.iter().filter(|window| window.is_on(day.weekday()));
        of_day.map(|window| window.from).collect()
    }
}

impl Window {
    /// Reads `Mon-Fri 07:00-18:00`, `Sat 08:00-11:30` or `daily 22:00-24:00`. A window ends on the
    /// day it begins: a night is two windows.
    ///
    /// # Errors
    /// What is wrong with it, in words.
    pub fn parse(text: &str) -> Result<Self, String> {
        const FORM: &str = "a window is written `Mon-Fri 07:00-18:00`";
        let (days, hours) = text.trim().split_once(' ').ok_or_else(|| FORM.to_owned())?;
        let (first, last) = match days.split_once('-') {
            _ if days == "daily" => (Weekday::Monday, Weekday::Sunday),
            Some((first, last)) => (weekday(first)?, weekday(last)?),
            None => (weekday(days)?, weekday(days)?),
        };
        let (from, until) = hours.trim().split_once('-').ok_or_else(|| FORM.to_owned())?;
        let from = time_of_day(from)?;
        let until = if until.trim() == "24:00" { None } else { Some(time_of_day(until)?) };
        if until.is_some_and(|until| until <= from) {
            return Err("a window must end after it begins, on the same day".to_owned());
        }
        Ok(Self { first, last, from, until })
    }

    fn is_on(&self, day: Weekday) -> bool {
        self.first.until(day) <= self.first.until(self.last)
    }

    fn holds(&self, at: civil::DateTime) -> bool {
        let time = at.time();
        let before_end = self.until.is_none_or(|until| time < until);
        self.is_on(at.weekday()) && time >= self.from && before_end
    }
}

fn weekday(text: &str) -> Result<Weekday, String> {
    Ok(match text.trim() {
        "Mon" => Weekday::Monday,
        "Tue" => Weekday::Tuesday,
        "Wed" => Weekday::Wednesday,
        "Thu" => Weekday::Thursday,
        "Fri" => Weekday::Friday,
        "Sat" => Weekday::Saturday,
        "Sun" => Weekday::Sunday,
        other => {
            return Err(format!("`{other}` is not a weekday: Mon, Tue, Wed, Thu, Fri, Sat, Sun"));
        }
    })
}

fn time_of_day(text: &str) -> Result<civil::Time, String> {
    let wrong = || format!("`{}` is not a time of day from 00:00 to 23:59", text.trim());
    let (hour, minute) = text.trim().split_once(':').ok_or_else(wrong)?;
    if hour.len() != 2 || minute.len() != 2 {
        return Err(wrong());
    }
    let hour = hour.parse().map_err(|_| wrong())?;
    let minute = minute.parse().map_err(|_| wrong())?;
    civil::Time::new(hour, minute, 0, 0).map_err(|_| wrong())
}

/// Vietnam has had one offset since 1975, so that a schedule needs no zone table.
fn local(at: Timestamp) -> civil::DateTime {
    Offset::constant(7).to_datetime(at)
}

fn instant(at: civil::DateTime) -> Option<Timestamp> {
    TimeZone::fixed(Offset::constant(7)).to_timestamp(at).ok()
}
