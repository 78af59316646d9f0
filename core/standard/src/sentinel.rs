//! Sentinels: values that systems write where they have none.

use std::sync::Arc;

use crate::text::{first_letter, is_same};
use crate::{Date, Timestamp, Title, Value};

/// A named list of such values; made by [`Standard::compile`](crate::Standard::compile) from
/// `sentinels.toml`.
#[derive(Clone, Debug)]
pub struct Sentinels {
    /// Its name: `identity-number`.
    pub name: Arc<str>,
    /// The name for people.
    pub title: Title,
    /// Where they were seen.
    pub source: Arc<str>,
    /// The values.
    pub values: SentinelValues,
}

/// The values of a list.
#[derive(Clone, Debug)]
pub enum SentinelValues {
    /// Texts; capitals, blanks and punctuation make no difference.
    Texts(Texts),
    /// Days, in order.
    Dates(Days),
}

/// Texts that stand for none.
#[derive(Clone, Debug)]
pub struct Texts {
    /// Each with its first letter or digit, by which nearly all values are told from it.
    texts: Box<[(Option<char>, Box<str>)]>,
}

impl Texts {
    pub(crate) fn new(texts: impl Iterator<Item = Box<str>>) -> Self {
        Self { texts: texts.map(|text| (first_letter(&text), text)).collect() }
    }

    /// The texts as they are written in the list.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        self.texts.iter().map(|(_, text)| &**text)
    }

    fn has(&self, value: &str) -> bool {
        let first = first_letter(value);
        self.texts.iter().any(|(letter, text)| *letter == first && is_same(text, value))
    }
}

/// Days that stand for none.
#[derive(Clone, Debug)]
pub struct Days {
    days: Box<[Date]>,
    /// No instant between these two lies on one of the days: nearly all are decided by them.
    clear: Option<(Timestamp, Timestamp)>,
}

/// The day around which the gap between sentinels is looked for.
const MIDDLE: Option<Date> = Date::new(2000, 1, 1);

impl Days {
    /// Takes days in any order.
    pub(crate) fn new(mut days: Vec<Date>) -> Self {
        days.sort_unstable();
        let before = days.iter().rev().find(|day| Some(**day) < MIDDLE);
        let after = days.iter().find(|day| Some(**day) >= MIDDLE);
        let below = before.and_then(|day| Timestamp::from_civil(*day, 23, 59, 59, 0));
        let above = after.and_then(|day| Timestamp::from_civil(*day, 0, 0, 0, 0));
        Self { clear: below.zip(above), days: days.into() }
    }

    /// The days, in order.
    pub fn days(&self) -> &[Date] {
        &self.days
    }

    fn has(&self, day: Date) -> bool {
        self.days.contains(&day)
    }
}

impl Sentinels {
    /// Whether a value is one of them; none where there is no value to be one.
    pub fn is_match(&self, value: Value<'_>) -> Option<bool> {
        match (&self.values, value) {
            (SentinelValues::Texts(texts), Value::Text(text)) => Some(texts.has(text)),
            (SentinelValues::Dates(days), Value::Date(day)) => Some(days.has(day)),
            (SentinelValues::Dates(days), Value::Timestamp(at)) => {
                // The last second of a day may have a fraction.
                let is_between = |(below, above): (Timestamp, Timestamp)| {
                    at.seconds() > below.seconds() && at < above
                };
                let is_clear = days.clear.is_some_and(is_between);
                Some(!is_clear && days.has(at.date()))
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests;
