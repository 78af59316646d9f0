//! States over time: which may follow which, and what the steps of one record must keep to.
//!
//! One record alone can't break these rules; whoever keeps the record before can judge the next.

use std::fmt;
use std::sync::Arc;

use crate::{Severity, Title};

/// The most states of a table: a set of them is one number.
pub(crate) const STATES_MAX: usize = 64;

/// The code of a state, small enough to be kept beside every record: up to seven bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct StateCode(i64);

impl StateCode {
    /// No state, or none that is known.
    pub const NONE: Self = Self(0);

    /// Takes a code; none when it is empty or longer than seven bytes.
    pub fn of(code: &str) -> Option<Self> {
        if code.is_empty() || code.len() > 7 {
            return None;
        }
        Some(Self(code.bytes().fold(0, |number, byte| (number << 8) | i64::from(byte))))
    }

    /// The number that it is stored as.
    pub const fn number(self) -> i64 {
        self.0
    }

    /// Takes a stored number back.
    pub const fn from_number(number: i64) -> Self {
        Self(number)
    }
}

impl fmt::Display for StateCode {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = self.0.to_be_bytes();
        let text = String::from_utf8_lossy(&bytes);
        out.write_str(text.trim_start_matches('\0'))
    }
}

/// A table of states; made by [`Standard::compile`](crate::Standard::compile) from `states.toml`.
#[derive(Clone, Debug)]
pub struct StateTable {
    /// Its name: `dossier`.
    pub name: Arc<str>,
    /// The name for people.
    pub title: Title,
    /// The document that says so, or what it is inferred from.
    pub source: Arc<str>,
    /// Every state with the set of those that it leads to, over whatever lies between.
    rows: Box<[(StateCode, u64)]>,
}

impl StateTable {
    /// Takes every state with the places of those that may come right after it.
    pub(crate) fn new(
        name: Arc<str>,
        title: Title,
        source: Arc<str>,
        next: &[(StateCode, Vec<usize>)],
    ) -> Self {
        let mut sets: Vec<u64> = next
            .iter()
            .map(|(_, next)| next.iter().fold(0, |set, place| set | 1 << place))
            .collect();
        // What a state leads to, its followers lead to as well; a round for each step of a way.
        for _ in 0..sets.len() {
            let before = sets.clone();
            for set in &mut sets {
                let places = (0..before.len()).filter(|place| *set & (1 << place) != 0);
                *set |=
                    places.filter_map(|place| before.get(place)).fold(0, |all, more| all | more);
            }
        }
        let rows = next.iter().zip(sets).map(|((code, _), set)| (*code, set)).collect();
        Self { name, title, source, rows }
    }

    /// Whether a record that was in one state may be in another later, with or without states
    /// between them. A state that is not in the table is not judged.
    pub fn leads_to(&self, before: StateCode, after: StateCode) -> bool {
        let place = |code| self.rows.iter().position(|(known, _)| *known == code);
        let (Some(from), Some(to)) = (place(before), place(after)) else { return true };
        from == to || self.rows.get(from).is_some_and(|(_, set)| set & (1 << to) != 0)
    }
}

/// How the states of a record type's records are told and judged.
#[derive(Clone, Debug)]
pub struct States {
    /// Which state may follow which.
    pub table: Arc<StateTable>,
    /// The field that holds the state.
    pub field: usize,
    /// The next state of a record can't follow the one before.
    pub back: HistoryRule,
    /// Where each record is a step in the history of another record.
    pub steps: Option<Steps>,
}

/// Records that are steps: the first field of their key names the record whose history they tell.
#[derive(Clone, Debug)]
pub struct Steps {
    /// The record type of that record; its key is that one field.
    pub of: Arc<str>,
    /// The field that holds the instant of the step.
    pub at: usize,
    /// A step comes after others were known that lie behind it.
    pub late: HistoryRule,
    /// A step comes at the same instant with the same state as another.
    pub twice: HistoryRule,
    /// A step has a state that can neither come before nor after that of its record.
    pub beside: HistoryRule,
}

/// A rule over the history of a record.
#[derive(Clone, Debug)]
pub struct HistoryRule {
    /// Its name: `status-goes-back`.
    pub code: Arc<str>,
    /// What is wrong when it does not hold.
    pub message: Title,
    /// What follows then.
    pub severity: Severity,
    /// Where the hazard was seen, or what the rule is inferred from.
    pub source: Option<Arc<str>>,
}

impl States {
    /// Every rule over the history.
    pub fn rules(&self) -> impl Iterator<Item = &HistoryRule> {
        let steps = self.steps.iter().flat_map(|steps| [&steps.late, &steps.twice, &steps.beside]);
        std::iter::once(&self.back).chain(steps)
    }
}

#[cfg(test)]
mod tests;
