//! What a rule may find at its source: the kinds of slots, each with what is known of its values.

use lienthong_shape::NumberSeen;

use super::tally::Tally;
use super::texts::{Body, Texts};
use crate::slots::Unfit;

/// What may be found at one place, or at the places of one rule.
#[derive(Clone, Debug, Default)]
pub(crate) struct Seen {
    /// Nothing is there, or null.
    pub(crate) nothing: Tally,
    /// What is no single value.
    pub(crate) unfit: Vec<(Unfit, Tally)>,
    pub(crate) texts: Texts,
    pub(crate) numbers: Numbers,
    /// True or false.
    pub(crate) truth: Tally,
}

/// What JSON numbers may be.
#[derive(Clone, Debug, Default)]
pub(crate) struct Numbers {
    /// Those that are known one by one, by their literals.
    pub(crate) known: Vec<(Box<str>, Tally)>,
    pub(crate) body: Option<NumberBody>,
}

/// What numbers have in common.
#[derive(Clone, Debug)]
pub(crate) struct NumberBody {
    pub(crate) count: Tally,
    /// How many are not written as whole numbers.
    pub(crate) broken: Tally,
    pub(crate) chars_max: u32,
    /// The least and the greatest.
    pub(crate) range: Option<(Box<str>, Box<str>)>,
}

impl Seen {
    /// Anything that a decoder can find.
    pub(crate) fn anything(count: Tally, unfit: &[Unfit], has_json_values: bool) -> Self {
        let some = count.some();
        let body = NumberBody { count: some, broken: some, chars_max: u32::MAX, range: None };
        Self {
            nothing: some,
            unfit: unfit.iter().map(|why| (*why, some)).collect(),
            texts: Texts::anything(some),
            numbers: Numbers { known: Vec::new(), body: has_json_values.then_some(body) },
            truth: if has_json_values { some } else { Tally::NEVER },
        }
    }

    /// Adds what is no single value.
    pub(crate) fn add_unfit(&mut self, why: Unfit, tally: Tally) {
        match self.unfit.iter_mut().find(|(known, _)| *known == why) {
            Some((_, sum)) => *sum += tally,
            None => self.unfit.push((why, tally)),
        }
    }

    /// Adds everything of another.
    pub(crate) fn add(&mut self, other: Self) {
        self.nothing += other.nothing;
        for (why, tally) in other.unfit {
            self.add_unfit(why, tally);
        }
        self.texts.add(other.texts);
        self.numbers.add(other.numbers);
        self.truth += other.truth;
    }

    /// How often it is no single value.
    pub(crate) fn unfit_count(&self) -> Tally {
        self.unfit.iter().fold(Tally::NEVER, |sum, (_, tally)| sum + *tally)
    }
}

impl Numbers {
    /// The numbers of a place; `at_most` where not all of them are reached.
    pub(crate) fn of(seen: &NumberSeen, at_most: Option<u64>) -> Self {
        let tally = |count: u64| match at_most {
            Some(most) => Tally::up_to(count.min(most)),
            None if count == 0 => Tally::up_to(0),
            None => Tally::exactly(count),
        };
        if let Some(values) = &seen.values {
            let known = values.iter().map(|(value, count)| (value.clone(), tally(*count)));
            return Self { known: known.collect(), body: None };
        }
        let broken = seen.count.saturating_sub(seen.whole);
        let body = NumberBody {
            count: tally(seen.count),
            broken: if broken == 0 { Tally::NEVER } else { tally(broken) },
            chars_max: seen.chars_max,
            range: seen.range.clone(),
        };
        Self { known: Vec::new(), body: Some(body) }
    }

    pub(crate) fn is_possible(&self) -> bool {
        !self.known.is_empty() || self.body.is_some()
    }

    /// How many there are.
    pub(crate) fn count(&self) -> Tally {
        let known = self.known.iter().fold(Tally::NEVER, |sum, (_, tally)| sum + *tally);
        known + self.body.as_ref().map_or(Tally::NEVER, |body| body.count)
    }

    fn add(&mut self, other: Self) {
        for (literal, tally) in other.known {
            match self.known.iter_mut().find(|(known, _)| *known == literal) {
                Some((_, sum)) => *sum += tally,
                None => self.known.push((literal, tally)),
            }
        }
        if let Some(more) = other.body {
            self.body = Some(match self.body.take() {
                None => more,
                // Which of two ranges a number is in, nobody asks.
                Some(own) => NumberBody {
                    count: own.count + more.count,
                    broken: own.broken + more.broken,
                    chars_max: own.chars_max.max(more.chars_max),
                    range: None,
                },
            });
        }
    }

    /// The literals as text.
    pub(crate) fn into_texts(self) -> Texts {
        let body = self.body.map(|body| Body::plain(body.count, (1, body.chars_max.max(1))));
        Texts { known: self.known, body, ..Texts::default() }
    }
}
