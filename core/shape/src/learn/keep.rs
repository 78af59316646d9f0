//! Which values a shape tells: few, short, repeating like codes, and nobody's.

use std::collections::BTreeMap;

use crate::node::Node;
use crate::path::{Step, Trail};
use crate::personal;

/// Different values that a place may have.
pub(crate) const VALUES_MAX: usize = 64;
/// Values that a place has to have shown before a few different ones are taken for all.
const COUNT_MIN: u64 = 20;
/// Characters of a value.
const CHARS_MAX: usize = 64;

/// Which of its values a shape may tell of a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// None: they are a person's.
    Nothing,
    /// Those that repeat like codes.
    Repeated,
    /// All, where they are few: codes, as the mapping knows.
    Codes,
}

/// Counts a value where all so far are told; one that may not be told ends that for good.
pub(super) fn count(values: &mut Option<BTreeMap<Box<str>, u64>>, value: &str) {
    let Some(known) = values else { return };
    if let Some(count) = known.get_mut(value) {
        *count += 1;
    } else if known.len() < VALUES_MAX && may_be_told(value) {
        known.insert(value.into(), 1);
    } else {
        *values = None;
    }
}

/// Whether a value may stand in a shape, or be shown as new.
pub(crate) fn may_be_told(value: &str) -> bool {
    value.chars().count() <= CHARS_MAX && !personal::looks_personal(value)
}

/// Takes away the values that do not repeat like codes.
pub(super) fn settle(node: &mut Node, trail: &Trail<'_>, keep: &dyn Fn(&[&str]) -> Keep) {
    if let Some(text) = &mut node.text {
        // The values of a place whose texts are all dates say nothing.
        let is_moment =
            text.claims().any(|form| form.starts_with("timestamp:") || form.starts_with("date:"));
        if is_moment && text.filled() > 0 {
            text.values = None;
        }
        settle_values(&mut text.values, trail, keep);
    }
    if let Some(number) = &mut node.number {
        settle_values(&mut number.values, trail, keep);
    }
    for (name, member) in &mut node.members {
        settle(member, &trail.down(Step::Name(name)), keep);
    }
    if let Some(others) = &mut node.others {
        settle(others, &trail.down(Step::Others), keep);
    }
    if let Some(list) = &mut node.list {
        settle(&mut list.element, &trail.down(Step::Elements), keep);
    }
}

fn settle_values(
    values: &mut Option<BTreeMap<Box<str>, u64>>,
    trail: &Trail<'_>,
    keep: &dyn Fn(&[&str]) -> Keep,
) {
    let Some(known) = values else { return };
    let is_code = known.is_empty() || repeats(known) || keep(&trail.names()) == Keep::Codes;
    if !is_code {
        *values = None;
    }
}

/// Whether values come again like codes: words of several have to come more often, and what names
/// a year will not be the same next year.
fn repeats(values: &BTreeMap<Box<str>, u64>) -> bool {
    let count: u64 = values.values().sum();
    let has_words = values.keys().any(|value| value.contains(char::is_whitespace));
    let times = if has_words { 10 } else { 3 };
    let distinct = u64::try_from(values.len()).unwrap_or(u64::MAX);
    count >= COUNT_MIN
        && count >= distinct.saturating_mul(times)
        && !values.keys().any(|value| names_a_year(value))
}

fn names_a_year(value: &str) -> bool {
    let mut runs = value.split(|letter: char| !letter.is_ascii_digit());
    runs.any(|run| run.len() == 4 && (run.starts_with("19") || run.starts_with("20")))
}
