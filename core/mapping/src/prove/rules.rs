//! The standard's rules across fields, over what the fields can be.

use lienthong_standard::{Field, Outlook, Pattern, Prospect, Prospects, Value};

use super::failure::{Cause, Failures};
use super::finding::Finding;
use super::outcome::{Other, Outcome};
use super::{Judge, Tally, is_always};
use crate::plan::Constant;

/// What the fields can be, as rules ask for it.
struct Known<'a> {
    record: &'a [Outcome],
    row: &'a [Outcome],
    judge: &'a Judge<'a>,
}

impl<'a> Judge<'a> {
    /// Judges every rule of the record type.
    pub(super) fn rules(&self, findings: &mut Vec<Finding<'a>>) {
        let items = self.case.shape.map_or(0, |shape| shape.items);
        for rule in &self.case.record_type.rules {
            let mut finding = Finding::of_rule(rule, items);
            let rows = match rule.group {
                None => Some((1, 1, &[][..])),
                Some(group) => self.groups.get(group).and_then(Option::as_ref).map(|seen| {
                    let (fewest, most) = seen.scope.per_record;
                    (fewest, most, &seen.given[..])
                }),
            };
            let Some((fewest, most, row)) = rows.filter(|(_, most, _)| *most > 0) else {
                findings.push(finding.without_rows());
                continue;
            };
            finding.rows_max = most;
            let known = Known { record: &self.record, row, judge: self };
            let outlook = rule.outlook(&known);
            if outlook.can_break {
                let mut failures = Failures::default();
                failures.add(Cause::Broken, Tally::up_to(items));
                finding.fails(&failures, &Failures::default());
            }
            let refuses = rule.severity == lienthong_standard::Severity::Refuse;
            if outlook.can_break && !outlook.can_hold && refuses && fewest > 0 {
                finding.refute();
            }
            finding.tell_rule(rule);
            findings.push(finding);
        }
    }
}

impl Outlook for Known<'_> {
    fn of_record(&self, field: usize) -> Prospect<'_> {
        prospect(self.record.get(field))
    }

    fn of_row(&self, field: usize) -> Prospect<'_> {
        prospect(self.row.get(field))
    }

    fn always_matches(&self, is_row: bool, field: usize, pattern: &Pattern) -> bool {
        let fields = if is_row { self.row } else { self.record };
        let form = format!("pattern:{}", pattern.name);
        fields.get(field).is_some_and(|given| {
            given.known.is_empty() && given.others.iter().all(|other| is_always(other, &form))
        })
    }

    fn of_group(&self, group: usize) -> (u64, u64) {
        let seen = self.judge.groups.get(group).and_then(Option::as_ref);
        seen.map_or((0, 0), |seen| seen.scope.per_record)
    }

    fn can_be_invisible(&self) -> bool {
        self.judge.all().any(|(_, given)| {
            let is_seen = |text: &str| !text.contains(['\u{200b}', '\u{feff}']);
            let known = given.known.iter().any(|(constant, _)| match constant {
                Constant::Text(text) => !is_seen(text),
                _ => false,
            });
            known
                || given.others.iter().any(|other| match other {
                    Other::Text(body) => body.alphabet.invisible,
                    Other::Blank(_, kinds) => kinds.invisible,
                    _ => false,
                })
        })
    }

    fn can_name_a_body(&self) -> bool {
        self.judge.all().any(|(field, given)| field.register.is_some() && given.may_be_present())
    }
}

impl Judge<'_> {
    /// Every field with what it can be.
    fn all(&self) -> impl Iterator<Item = (&Field, &Outcome)> {
        let record_type = self.case.record_type;
        let groups = record_type.groups.iter().zip(&self.groups);
        let groups = groups.filter_map(|(group, seen)| Some((group, seen.as_ref()?)));
        let groups = groups.flat_map(|(group, seen)| group.fields.iter().zip(&seen.given));
        record_type.fields.iter().zip(&self.record).chain(groups)
    }
}

/// What a rule may know of a field.
fn prospect(given: Option<&Outcome>) -> Prospect<'_> {
    let Some(given) = given else {
        return Prospect { may_be_absent: true, values: Prospects::None };
    };
    let may_be_absent = given.may_be_absent();
    let known = given.known.iter().map(|(constant, _)| constant.value());
    let values = match given.others.as_slice() {
        [] if given.known.is_empty() => Prospects::None,
        [] => Prospects::Known(known.collect()),
        [Other::Number(_, Some((least, most)))] if given.known.is_empty() => {
            Prospects::Between(Value::Decimal(least), Value::Decimal(most))
        }
        _ => Prospects::Any,
    };
    Prospect { may_be_absent, values }
}
