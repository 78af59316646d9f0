//! Judging a condition of a record, in three values: true, false and unknown.

use std::cmp::Ordering;

use crate::shape::dossier_date;
use crate::text::is_same;
use crate::{Rows, Value, order};

use super::{Comparison, Condition, Place, Rule, Term};

/// What a rule says of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It holds, or it does not apply.
    Fine,
    /// It does not hold.
    Broken,
}

/// The values that a condition sees.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scope<'a> {
    pub(crate) values: &'a [Value<'a>],
    pub(crate) groups: &'a [Rows<'a>],
    /// The row that the rule is about; empty for a rule of the record.
    pub(crate) row: &'a [Value<'a>],
}

impl Rule {
    /// A rule is broken only if its condition for applying is true and what should hold is false;
    /// where a missing value leaves either unknown, the rule does not apply.
    pub(crate) fn judge(&self, scope: &Scope<'_>) -> Verdict {
        let applies = self.when.as_ref().is_none_or(|when| when.holds(scope) == Some(true));
        if applies && self.holds.holds(scope) == Some(false) {
            return Verdict::Broken;
        }
        Verdict::Fine
    }
}

impl Condition {
    fn holds(&self, scope: &Scope<'_>) -> Option<bool> {
        match self {
            Self::All(parts) => among(parts, scope, false),
            Self::Any(parts) => among(parts, scope, true),
            Self::Not(part) => part.holds(scope).map(|holds| !holds),
            Self::Present(place) => Some(is_present(*place, scope)),
            Self::Matches(place, pattern) => {
                text_of(*place, scope).map(|text| pattern.is_match(text))
            }
            Self::Sentinel(place, sentinels) => sentinels.is_match(value_at(*place, scope)),
            Self::Same(left, right) => {
                Some(is_same(text_of(*left, scope)?, text_of(*right, scope)?))
            }
            Self::NamesCode { text, code, names } => {
                let (text, code) = (text_of(*text, scope)?, text_of(*code, scope)?);
                let mut named = names.iter().filter(|known| *known.code == *code);
                let says = |name: &str| is_same(name, text);
                Some(named.any(|known| says(&known.name.vi) || says(&known.name.en)))
            }
            Self::Compare(op, left, right) => compare(*op, left, right, scope),
            Self::Visible | Self::InForce => Some(true),
        }
    }
}

/// `strong` (false for all, true for any) decides alone; else one that is unknown leaves it open.
fn among(parts: &[Condition], scope: &Scope<'_>, strong: bool) -> Option<bool> {
    let mut outcome = Some(!strong);
    for part in parts {
        match part.holds(scope) {
            Some(holds) if holds == strong => return Some(strong),
            Some(_) => {}
            None => outcome = None,
        }
    }
    outcome
}

fn compare(op: Comparison, left: &Term, right: &Term, scope: &Scope<'_>) -> Option<bool> {
    let (left, right) = (value_of(left, scope), value_of(right, scope));
    if let (Value::Text(left), Value::Text(right)) = (left, right) {
        // Texts have no order, and equality is found faster.
        return Some((op == Comparison::Equal) == (left == right));
    }
    let order = order::compare(left, right)?;
    Some(holds(op, order))
}

/// Whether two values in this order are as a comparison says.
pub(super) fn holds(op: Comparison, order: Ordering) -> bool {
    match op {
        Comparison::Equal => order == Ordering::Equal,
        Comparison::NotEqual => order != Ordering::Equal,
        Comparison::Less => order == Ordering::Less,
        Comparison::LessOrEqual => order != Ordering::Greater,
        Comparison::Greater => order == Ordering::Greater,
        Comparison::GreaterOrEqual => order != Ordering::Less,
    }
}

fn value_of<'a>(term: &'a Term, scope: &Scope<'a>) -> Value<'a> {
    match term {
        Term::Value(place) => value_at(*place, scope),
        Term::DateOf(place) => match value_at(*place, scope) {
            Value::Timestamp(instant) => Value::Date(instant.date()),
            Value::Text(code) => dossier_date(code).map_or(Value::Missing, Value::Date),
            _ => Value::Missing,
        },
        Term::Length(place) => {
            text_of(*place, scope).map_or(Value::Missing, |text| whole(text.chars().count()))
        }
        Term::Count { group, width } => {
            let cells = scope.groups.get(*group).map_or(0, |rows| rows.values.len());
            whole(cells / (*width).max(1))
        }
        Term::Text(text) => Value::Text(text),
        Term::Boolean(value) => Value::Boolean(*value),
        Term::Constant(bound) => bound.value(),
    }
}

fn whole(count: usize) -> Value<'static> {
    Value::Integer(i64::try_from(count).unwrap_or(i64::MAX))
}

fn value_at<'a>(place: Place, scope: &Scope<'a>) -> Value<'a> {
    let value = match place {
        Place::Record(index) => scope.values.get(index),
        Place::Row(index) => scope.row.get(index),
        Place::Group(_) => None,
    };
    value.copied().unwrap_or(Value::Missing)
}

fn text_of<'a>(place: Place, scope: &Scope<'a>) -> Option<&'a str> {
    match value_at(place, scope) {
        Value::Text(text) => Some(text),
        _ => None,
    }
}

fn is_present(place: Place, scope: &Scope<'_>) -> bool {
    match place {
        Place::Group(index) => scope.groups.get(index).is_some_and(|rows| !rows.values.is_empty()),
        _ => value_at(place, scope).is_present(),
    }
}
