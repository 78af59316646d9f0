//! How one feed is paged, checked when the adapter is built.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use lienthong_adapter_api::{Problem, PullError, PullFailure, Section};

use super::position::{At, Position, Reading};
use super::window::{Format, Writing};
use super::{AtEnd, Hole, Paging, Values, Window};

/// The longest step, overlap and lag: a year and a day.
const SECS_MAX: u64 = 366 * 86_400;

/// By how much our clock may be ahead of the system's, where windows do not overlap by more.
const AHEAD_MAX: SignedDuration = SignedDuration::from_mins(1);

/// The most records a feed can remember: two generations of them fit into a cursor.
const REMEMBER_MAX: usize = 20_000;

/// How one feed is paged.
#[derive(Clone, Debug)]
pub struct Plan {
    pub(super) paging: Paging,
    pub(super) window: Option<PlannedWindow>,
    pub(super) at_end: AtEnd,
    pub(super) remember: usize,
    parameters: Arc<BTreeMap<String, String>>,
}

#[derive(Clone, Debug)]
pub(super) struct PlannedWindow {
    start: Timestamp,
    step: SignedDuration,
    overlap: SignedDuration,
    lag: SignedDuration,
    writing: Writing,
}

/// What a plan is built from.
pub struct PlanParts<'a> {
    /// How the list is divided.
    pub paging: &'a Paging,
    /// The time windows.
    pub window: Option<&'a Window>,
    /// What follows the last page.
    pub at_end: AtEnd,
    /// How many records are remembered.
    pub remember: usize,
    /// Where the operator wants windows to begin.
    pub since: Option<&'a str>,
    /// The operator's values for placeholders.
    pub parameters: &'a BTreeMap<String, String>,
    /// All holes of the request's templates.
    pub holes: Vec<Hole>,
    /// The feed's section, for the places of problems.
    pub feed: &'a Section,
    /// The operator's section, for the places of problems.
    pub settings: &'a Section,
}

impl Plan {
    /// Checks the parts against each other.
    ///
    /// # Errors
    /// Every problem, with its place.
    pub fn build(parts: &PlanParts<'_>) -> Result<Self, Vec<Problem>> {
        let mut problems = Vec::new();
        check_holes(parts, &mut problems);
        if parts.remember > REMEMBER_MAX {
            let text = format!("`remember` can be at most {REMEMBER_MAX}");
            problems.push(wrong(parts.feed, "remember", text, "out of bounds"));
        }
        let size = match *parts.paging {
            Paging::Offset { size, reread, .. } if reread >= size => Some(0),
            Paging::Page { size, .. } | Paging::Offset { size, .. } => Some(size),
            Paging::Cursor { size, .. } | Paging::NextLink { size, .. } => size,
            Paging::None => None,
        };
        if size == Some(0) {
            let text = "a page must hold at least one new item".to_owned();
            problems.push(wrong(parts.feed, "paging", text, "check `size` and `reread`"));
        }
        if let (Paging::Page { .. }, AtEnd::Stay) = (parts.paging, parts.at_end) {
            // The next page may already have records when the one before it is found to have
            // grown: what was added to that one would never be seen.
            let text = "a list that is waited on can't be read by page numbers".to_owned();
            problems.push(wrong(parts.feed, "at_end", text, "use offsets, a cursor or links"));
        }
        let window = match parts.window {
            Some(window) => {
                PlannedWindow::build(window, parts).map_err(|found| problems.extend(found)).ok()
            }
            None => None,
        };
        if !problems.is_empty() {
            return Err(problems);
        }
        Ok(Self {
            paging: parts.paging.clone(),
            window,
            at_end: parts.at_end,
            remember: parts.remember,
            parameters: Arc::new(parts.parameters.clone()),
        })
    }

    /// Whether one answer holds everything that is asked for.
    pub fn is_one_answer(&self) -> bool {
        matches!(self.paging, Paging::None)
    }

    /// Whether the feed is read by time windows, so that a window can be counted.
    pub fn has_window(&self) -> bool {
        self.window.is_some()
    }

    /// By how much the last window ends later than a system whose clock shows `date` can have
    /// written records, if that is more than windows overlap.
    pub(super) fn ahead(&self, now: Timestamp, date: Timestamp) -> Option<SignedDuration> {
        let window = self.window.as_ref()?;
        let ahead = earlier(now, window.lag).duration_since(date);
        (ahead > window.overlap.max(AHEAD_MAX)).then_some(ahead)
    }

    /// The values for the first page of a window of one's own, for checks and censuses.
    ///
    /// # Errors
    /// When the moments can't be written.
    pub fn values_between(&self, from: Timestamp, until: Timestamp) -> Result<Values, PullError> {
        let reading =
            Reading { from: Some(from), until: Some(until), at: At::First, ..Reading::default() };
        self.values(&reading)
    }

    /// The window that a check asks for: the last step before the present, or the first of all
    /// where the present is not known.
    pub fn window_to_check(&self, now: Option<Timestamp>) -> (Timestamp, Timestamp) {
        let Some(window) = &self.window else {
            return (Timestamp::UNIX_EPOCH, Timestamp::UNIX_EPOCH);
        };
        let until = now.unwrap_or_else(|| later(window.start, window.step));
        (earlier(until, window.step), until)
    }

    /// Opens a reading; `None` when nothing is due.
    pub(super) fn open(&self, position: &Position, now: Timestamp) -> Option<Reading> {
        let Some(window) = &self.window else { return Some(Reading::default()) };
        let edge = earlier(now, window.lag);
        let covered = position.covered.unwrap_or(window.start);
        // The clock was set back: what lies between was perhaps asked for before it existed.
        let from = covered.min(edge);
        let until = later(from, window.step).min(edge);
        if until == covered || (position.covered.is_none() && edge <= window.start) {
            return None;
        }
        Some(Reading {
            from: Some(earlier(from, window.overlap)),
            until: Some(until),
            ..Reading::default()
        })
    }

    /// Whether a window ends where the present begins, so that no further one is due.
    pub(super) fn is_at_edge(&self, until: Timestamp, now: Timestamp) -> bool {
        self.window.as_ref().is_none_or(|window| until >= earlier(now, window.lag))
    }

    /// The values of a page's request.
    pub(super) fn values(&self, reading: &Reading) -> Result<Values, PullError> {
        let mut values = Values { parameters: Arc::clone(&self.parameters), ..Values::default() };
        match &self.paging {
            Paging::None => {}
            Paging::Page { first, size } => {
                values.size = Some(*size);
                values.page = Some(if let At::Page(page) = reading.at { page } else { *first });
            }
            Paging::Offset { first, size, .. } => {
                values.size = Some(*size);
                let offset = if let At::Offset(offset) = reading.at { offset } else { *first };
                values.offset = Some(offset);
            }
            Paging::Cursor { size, .. } => {
                values.size = *size;
                if let At::Token(token) = &reading.at {
                    values.cursor = Some(token.clone());
                }
            }
            Paging::NextLink { size, .. } => values.size = *size,
        }
        if let (Some(window), Some(from), Some(until)) = (&self.window, reading.from, reading.until)
        {
            let unwritable = |error: jiff::Error| {
                let what = "a moment of the window can't be written".to_owned();
                PullError::new(PullFailure::BadCursor(what), "the window").caused_by(error)
            };
            values.from = Some(window.writing.from(from).map_err(unwritable)?);
            values.until = Some(window.writing.until(until).map_err(unwritable)?);
        }
        Ok(values)
    }
}

impl PlannedWindow {
    fn build(window: &Window, parts: &PlanParts<'_>) -> Result<Self, Vec<Problem>> {
        let section = parts.feed.child("window", "`window`");
        let mut problems = Vec::new();
        for (key, value, min) in [
            ("step_secs", window.step_secs, 1),
            ("overlap_secs", window.overlap_secs, 0),
            ("lag_secs", window.lag_secs, 0),
        ] {
            if value < min || value > SECS_MAX {
                let text = format!("`{key}` must lie between {min} and {SECS_MAX}");
                problems.push(wrong(&section, key, text, "out of bounds"));
            }
        }
        let (text, place, key) = match parts.since {
            Some(since) => (since, parts.settings, "since"),
            None => (&*window.start, &section, "start"),
        };
        let start = text.parse::<Timestamp>().unwrap_or_else(|_| {
            let text = format!("`{key}` is not a moment such as 2025-01-01T00:00:00+07:00");
            problems.push(wrong(place, key, text, "not RFC 3339"));
            Timestamp::UNIX_EPOCH
        });
        let timezone = TimeZone::get(&window.timezone).unwrap_or_else(|_| {
            let text = format!("there is no time zone `{}`", window.timezone);
            problems.push(wrong(&section, "timezone", text, "not in the IANA database"));
            TimeZone::UTC
        });
        let format = Format::parse(&window.format);
        let writing = Writing { format, timezone, until: window.until };
        if let Err(error) = writing.from(start) {
            let text = format!("the format can't be used: {error}");
            problems.push(wrong(&section, "format", text, "not a date format"));
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        let secs = |value: u64| SignedDuration::from_secs(i64::try_from(value).unwrap_or(0));
        Ok(Self {
            start,
            step: secs(window.step_secs),
            overlap: secs(window.overlap_secs),
            lag: secs(window.lag_secs),
            writing,
        })
    }
}

fn check_holes(parts: &PlanParts<'_>, problems: &mut Vec<Problem>) {
    let needed = match parts.paging {
        Paging::Page { .. } => Some(("{page}", Hole::Page)),
        Paging::Offset { .. } => Some(("{offset}", Hole::Offset)),
        Paging::Cursor { .. } => Some(("{cursor}", Hole::Cursor)),
        Paging::None | Paging::NextLink { .. } => None,
    };
    if let Some((name, hole)) = needed
        && !parts.holes.contains(&hole)
    {
        let text = format!("the request does not use {name}, so every page would be the same");
        problems.push(template(parts.feed, "paging", text));
    }
    let is_windowed = parts.holes.iter().any(|hole| matches!(hole, Hole::From | Hole::Until));
    if parts.window.is_some() != is_windowed {
        let text = if is_windowed {
            "the request uses {from} or {until}, but the feed has no `window`"
        } else {
            "the feed has a `window`, but the request uses neither {from} nor {until}"
        };
        problems.push(template(parts.feed, "window", text.to_owned()));
    }
    for hole in &parts.holes {
        if let Hole::Param(name) = hole
            && !parts.parameters.contains_key(name)
        {
            let settings = parts.settings;
            problems.push(settings.problem_at(
                settings.span_of("parameters"),
                "LT-1074",
                format!("the system needs the parameter `{name}`"),
                "a value is missing",
                Some(format!("add `{name} = \"…\"` to `parameters`")),
            ));
        }
    }
}

fn template(section: &Section, key: &str, text: String) -> Problem {
    section.problem_at(section.span_of(key), "LT-1072", text, "does not fit the request", None)
}

fn wrong(section: &Section, key: &str, text: String, label: &str) -> Problem {
    section.problem_at(section.span_of(key), "LT-1071", text, label, None)
}

fn earlier(at: Timestamp, by: SignedDuration) -> Timestamp {
    at.checked_sub(by).unwrap_or(Timestamp::MIN)
}

fn later(at: Timestamp, by: SignedDuration) -> Timestamp {
    at.checked_add(by).unwrap_or(Timestamp::MAX)
}
