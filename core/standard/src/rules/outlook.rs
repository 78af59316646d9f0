//! What can come of a rule when only some things are known of the values: the same three values as
//! in a record, but several of them at once.

use std::cmp::Ordering;

use crate::shape::dossier_date;
use crate::{Pattern, Value};

use super::eval::holds;
use super::{Comparison, Condition, Place, Rule, Term};

/// What is known of one field before there is a record.
#[derive(Clone, Debug, Default)]
pub struct Prospect<'a> {
    /// Whether it can be missing or null.
    pub may_be_absent: bool,
    /// What its value can be, where there is one.
    pub values: Prospects<'a>,
}

/// What a field's value can be.
#[derive(Clone, Debug, Default)]
pub enum Prospects<'a> {
    /// There is none.
    #[default]
    None,
    /// One of these and no other.
    Known(Vec<Value<'a>>),
    /// Any between these two, of the field's own kind.
    Between(Value<'a>, Value<'a>),
    /// Any.
    Any,
}

/// What is known of a record before there is one.
pub trait Outlook {
    /// What a field of the record can be.
    fn of_record(&self, field: usize) -> Prospect<'_>;
    /// What a field of the row can be that the rule is about.
    fn of_row(&self, field: usize) -> Prospect<'_>;
    /// Whether every text of a field matches a pattern, where that is known; `is_row` says whether
    /// the field is one of the row.
    fn always_matches(&self, is_row: bool, field: usize, pattern: &Pattern) -> bool;
    /// The fewest and the most rows that a group can have.
    fn of_group(&self, group: usize) -> (u64, u64);
    /// Whether some text can hold an invisible character.
    fn can_be_invisible(&self) -> bool;
    /// Whether some body of a register can be named.
    fn can_name_a_body(&self) -> bool;
}

/// What can come of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RuleOutlook {
    /// Whether some record can break it.
    pub can_break: bool,
    /// Whether some record can keep it.
    pub can_hold: bool,
}

/// Comparisons of known values that are tried one by one.
const PAIRS_MAX: usize = 4096;

impl Rule {
    /// What can come of the rule for all records that are as the outlook says. What can't break is
    /// certain; what can, may be impossible for reasons that are not seen here.
    pub fn outlook(&self, outlook: &dyn Outlook) -> RuleOutlook {
        let when = self.when.as_ref().map_or(Three::TRUE, |when| when.outlook(outlook));
        let holds = self.holds.outlook(outlook);
        RuleOutlook {
            can_break: when.is_true && holds.is_false,
            can_hold: when.is_false || when.is_unknown || holds.is_true || holds.is_unknown,
        }
    }
}

/// Which of the three values an expression can have.
#[derive(Clone, Copy, Debug, Default)]
struct Three {
    is_true: bool,
    is_false: bool,
    is_unknown: bool,
}

impl Three {
    const TRUE: Self = Self { is_true: true, is_false: false, is_unknown: false };

    fn of(value: Option<bool>) -> Self {
        Self {
            is_true: value == Some(true),
            is_false: value == Some(false),
            is_unknown: value.is_none(),
        }
    }

    fn or_else(self, other: Self) -> Self {
        Self {
            is_true: self.is_true || other.is_true,
            is_false: self.is_false || other.is_false,
            is_unknown: self.is_unknown || other.is_unknown,
        }
    }

    /// `and` in three values; `or` is the same turned over.
    fn and(self, other: Self) -> Self {
        let can = |it: Self| it.is_true || it.is_false || it.is_unknown;
        Self {
            is_true: self.is_true && other.is_true,
            is_false: (self.is_false && can(other)) || (other.is_false && can(self)),
            is_unknown: (self.is_unknown && (other.is_unknown || other.is_true))
                || (other.is_unknown && self.is_true),
        }
    }

    fn not(self) -> Self {
        Self { is_true: self.is_false, is_false: self.is_true, ..self }
    }
}

impl Condition {
    fn outlook(&self, outlook: &dyn Outlook) -> Three {
        match self {
            Self::All(parts) => {
                parts.iter().fold(Three::TRUE, |all, part| all.and(part.outlook(outlook)))
            }
            Self::Any(parts) => {
                let none = parts
                    .iter()
                    .fold(Three::TRUE, |none, part| none.and(part.outlook(outlook).not()));
                none.not()
            }
            Self::Not(part) => part.outlook(outlook).not(),
            Self::Present(Place::Group(group)) => {
                let (fewest, most) = outlook.of_group(*group);
                Three { is_true: most > 0, is_false: fewest == 0, is_unknown: false }
            }
            Self::Present(place) => {
                let prospect = at(*place, outlook);
                Three {
                    is_true: !matches!(prospect.values, Prospects::None),
                    is_false: prospect.may_be_absent,
                    is_unknown: false,
                }
            }
            Self::Matches(place, pattern) => {
                let always = match place {
                    Place::Record(field) => outlook.always_matches(false, *field, pattern),
                    Place::Row(field) => outlook.always_matches(true, *field, pattern),
                    Place::Group(_) => false,
                };
                let is_match = |value: Value<'_>| match value {
                    Value::Text(text) => Some(pattern.is_match(text)),
                    _ => None,
                };
                let mut can = each(at(*place, outlook), is_match);
                can.is_false &= !always;
                can
            }
            Self::Sentinel(place, sentinels) => {
                each(at(*place, outlook), |value| sentinels.is_match(value))
            }
            Self::Same(left, right) => {
                let (left, right) = (at(*left, outlook), at(*right, outlook));
                any_of(&[left, right])
            }
            Self::NamesCode { text, code, .. } => any_of(&[at(*text, outlook), at(*code, outlook)]),
            Self::Compare(op, left, right) => compare(*op, left, right, outlook),
            // What these rules ask is judged value by value.
            Self::Visible => {
                Three { is_true: true, is_false: outlook.can_be_invisible(), is_unknown: false }
            }
            Self::InForce => {
                Three { is_true: true, is_false: outlook.can_name_a_body(), is_unknown: false }
            }
        }
    }
}

fn at(place: Place, outlook: &dyn Outlook) -> Prospect<'_> {
    match place {
        Place::Record(field) => outlook.of_record(field),
        Place::Row(field) => outlook.of_row(field),
        Place::Group(_) => Prospect { may_be_absent: true, values: Prospects::None },
    }
}

/// What a question about one value can answer.
fn each(prospect: Prospect<'_>, ask: impl Fn(Value<'_>) -> Option<bool>) -> Three {
    let mut can = Three { is_unknown: prospect.may_be_absent, ..Three::default() };
    match prospect.values {
        Prospects::None => {}
        Prospects::Known(values) => {
            for value in values {
                can = can.or_else(Three::of(ask(value)));
            }
        }
        Prospects::Between(..) | Prospects::Any => {
            can = can.or_else(Three { is_true: true, is_false: true, is_unknown: false });
        }
    }
    can
}

/// What a question about two values can answer of which nothing is looked at but whether they are.
fn any_of(prospects: &[Prospect<'_>; 2]) -> Three {
    let can_be = prospects.iter().all(|it| !matches!(it.values, Prospects::None));
    let is_unknown = prospects.iter().any(|it| it.may_be_absent) || can_be;
    Three { is_true: can_be, is_false: can_be, is_unknown }
}

fn compare(op: Comparison, left: &Term, right: &Term, outlook: &dyn Outlook) -> Three {
    let (left, right) = (term(left, outlook), term(right, outlook));
    let is_unknown = left.may_be_absent || right.may_be_absent;
    let mut can = Three { is_unknown, ..Three::default() };
    match (&left.values, &right.values) {
        (Prospects::None, _) | (_, Prospects::None) => {}
        (Prospects::Known(ones), Prospects::Known(others))
            if ones.len().saturating_mul(others.len()) <= PAIRS_MAX =>
        {
            for one in ones {
                for other in others {
                    can = can.or_else(Three::of(one.compare(*other).map(|order| holds(op, order))));
                }
            }
        }
        (one, other) => {
            for order in orders(one, other) {
                can = can.or_else(Three::of(Some(holds(op, order))));
            }
        }
    }
    can
}

/// The orders in which two values can stand.
fn orders(one: &Prospects<'_>, other: &Prospects<'_>) -> Vec<Ordering> {
    let any = vec![Ordering::Less, Ordering::Equal, Ordering::Greater];
    let (Some((least, most)), Some((other_least, other_most))) = (ends(one), ends(other)) else {
        return any;
    };
    match (most.compare(other_least), least.compare(other_most)) {
        (Some(Ordering::Less), _) => vec![Ordering::Less],
        (_, Some(Ordering::Greater)) => vec![Ordering::Greater],
        (Some(Ordering::Equal), _) => vec![Ordering::Less, Ordering::Equal],
        (_, Some(Ordering::Equal)) => vec![Ordering::Equal, Ordering::Greater],
        _ => any,
    }
}

/// The least and the greatest of what can be.
fn ends<'a>(values: &Prospects<'a>) -> Option<(Value<'a>, Value<'a>)> {
    match values {
        Prospects::Between(least, most) => Some((*least, *most)),
        Prospects::Known(values) => {
            let mut values = values.iter().copied();
            let first = values.next()?;
            values.try_fold((first, first), |(least, most), value| {
                let least = if value.compare(least)?.is_lt() { value } else { least };
                let most = if value.compare(most)?.is_gt() { value } else { most };
                Some((least, most))
            })
        }
        Prospects::None | Prospects::Any => None,
    }
}

fn term<'a>(term: &'a Term, outlook: &'a dyn Outlook) -> Prospect<'a> {
    let always = |values| Prospect { may_be_absent: false, values };
    let known = |value| always(Prospects::Known(vec![value]));
    match term {
        Term::Value(place) => at(*place, outlook),
        Term::DateOf(place) => date_of(at(*place, outlook)),
        Term::Length(place) => length_of(at(*place, outlook)),
        Term::Count { group, .. } => {
            let (fewest, most) = outlook.of_group(*group);
            always(Prospects::Between(whole(fewest), whole(most)))
        }
        Term::Text(text) => known(Value::Text(text)),
        Term::Boolean(value) => known(Value::Boolean(*value)),
        Term::Constant(bound) => known(bound.value()),
    }
}

fn whole(count: u64) -> Value<'static> {
    Value::Integer(i64::try_from(count).unwrap_or(i64::MAX))
}

/// The numbers of characters of texts.
fn length_of(prospect: Prospect<'_>) -> Prospect<'_> {
    let Prospect { may_be_absent, values } = prospect;
    let values = match values {
        Prospects::None => Prospects::None,
        Prospects::Known(values) => Prospects::Known(
            values
                .into_iter()
                .filter_map(|value| match value {
                    Value::Text(text) => u64::try_from(text.chars().count()).ok().map(whole),
                    _ => None,
                })
                .collect(),
        ),
        Prospects::Between(..) | Prospects::Any => {
            Prospects::Between(Value::Integer(0), Value::Integer(i64::MAX))
        }
    };
    Prospect { may_be_absent, values }
}

/// The dates of timestamps, or those inside dossier codes, which may have none.
fn date_of(prospect: Prospect<'_>) -> Prospect<'_> {
    let Prospect { mut may_be_absent, values } = prospect;
    let values = match values {
        Prospects::Known(values) => {
            let mut dates = Vec::new();
            for value in values {
                match value {
                    Value::Timestamp(instant) => dates.push(Value::Date(instant.date())),
                    Value::Text(code) => match dossier_date(code) {
                        Some(date) => dates.push(Value::Date(date)),
                        None => may_be_absent = true,
                    },
                    _ => may_be_absent = true,
                }
            }
            if dates.is_empty() { Prospects::None } else { Prospects::Known(dates) }
        }
        Prospects::None => Prospects::None,
        Prospects::Between(..) | Prospects::Any => {
            may_be_absent = true;
            Prospects::Any
        }
    };
    Prospect { may_be_absent, values }
}

#[cfg(test)]
mod tests;
