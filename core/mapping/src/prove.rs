//! Verdicts on a mapping, computed over a shape in place of items: what each national field, group
//! and rule across fields can be, and how it can fail.
//!
//! The same way is walked as with an item: source path, text functions, code list, target, the
//! standard's checks. What is known value by value goes through the real code; of the rest only what
//! all of it has in common is known, and each step says what it leaves of that. What a step does not
//! know is forgotten, never guessed, so that "proven" holds for every item that fits the shape.

mod failure;
mod finding;
mod outcome;
mod place;
mod rows;
mod rules;
mod seen;
mod source;
mod standing;
mod steps;
mod tally;
mod texts;
mod words;

#[cfg(test)]
mod tests;

use lienthong_shape::Shape;
use lienthong_standard::{Field, RecordType, Standard};

use crate::plan::{GroupPlan, Plan, RowsOf, Rule, Source};
use crate::slots::Slots;
use crate::words::Kind;
use crate::{Input, Verdict};

use failure::{Against, Cause, Failures};
use finding::Finding;
use outcome::{Other, Outcome};
use rows::{Scope, is_read};
use standing::{Court, Standing};
use tally::Tally;

/// A mapping that is to be judged.
#[derive(Clone, Copy)]
pub(crate) struct Case<'a> {
    pub(crate) input: Input,
    pub(crate) standard: &'a Standard,
    pub(crate) record_type: &'a RecordType,
    pub(crate) plan: &'a Plan,
    /// What the items look like; without it only what their format says is known.
    pub(crate) shape: Option<&'a Shape>,
}

/// One verdict on every field, group and rule: the record's fields, each group with its fields, and
/// the rules.
pub(crate) fn verdicts(case: &Case<'_>) -> Vec<Verdict> {
    let court = Judge::hear(case);
    let mut findings = Vec::new();
    court.fields(None, &mut findings);
    for index in 0..case.record_type.groups.len() {
        court.group(index, &mut findings);
        court.fields(Some(index), &mut findings);
    }
    court.rules(&mut findings);
    findings.into_iter().map(|finding| finding.verdict).collect()
}

/// All that the fields and groups of a mapping can be.
struct Judge<'a> {
    case: &'a Case<'a>,
    /// What the record's fields can be.
    record: Vec<Outcome>,
    /// What the fields of each group can be; none for groups that are not mapped.
    groups: Vec<Option<GroupSeen<'a>>>,
    /// Rows that no record has room for.
    crowded: Option<usize>,
}

/// What a group can be.
struct GroupSeen<'a> {
    plan: &'a GroupPlan,
    scope: Scope<'a>,
    given: Vec<Outcome>,
}

impl<'a> Judge<'a> {
    fn hear(case: &'a Case<'a>) -> Self {
        let Case { input, shape, plan, record_type, .. } = *case;
        let mut scopes: Vec<Option<Scope<'a>>> = vec![None; plan.trie.scopes];
        let root = Scope::of_record(shape, input);
        let record = given(&plan.record, &root);
        if let Some(first) = scopes.first_mut() {
            *first = Some(root);
        }
        let mut groups: Vec<Option<GroupSeen<'a>>> = Vec::new();
        for (index, _) in record_type.groups.iter().enumerate() {
            let plan = plan.groups.get(index).and_then(Option::as_ref);
            groups.push(plan.and_then(|plan| {
                let around = Self::around(case, index, plan, &scopes)?;
                let (scope, given) = if let RowsOf::Scope(id) = plan.rows {
                    let scope = match &plan.each {
                        Some(path) => Scope::of_list(around, path),
                        None => Scope::of_parts(around),
                    };
                    if let Some(place) = scopes.get_mut(id) {
                        *place = Some(scope.clone());
                    }
                    let given = given(&plan.rules, &scope);
                    (scope, given)
                } else {
                    let given = given(&plan.rules, around);
                    (Scope::around(around, &plan.rules, &given), given)
                };
                Some(GroupSeen { plan, scope, given })
            }));
        }
        let crowded = Self::crowded(case, &groups);
        Self { case, record, groups, crowded }
    }

    /// The rows that a group lies in.
    fn around<'s>(
        case: &Case<'_>,
        index: usize,
        plan: &GroupPlan,
        scopes: &'s [Option<Scope<'a>>],
    ) -> Option<&'s Scope<'a>> {
        let id = match plan.rows {
            RowsOf::Around(id) => id,
            RowsOf::Scope(_) => {
                let parent = case.record_type.groups.get(index)?.parent;
                let parent = parent.and_then(|parent| case.plan.groups.get(parent)?.as_ref());
                match parent.map(|plan| plan.rows) {
                    Some(RowsOf::Scope(id) | RowsOf::Around(id)) => id,
                    None => 0,
                }
            }
        };
        scopes.get(id)?.as_ref()
    }

    /// The group with the most rows, if a record may have more rows than there is room for.
    fn crowded(case: &Case<'_>, groups: &[Option<GroupSeen<'a>>]) -> Option<usize> {
        // Every path takes at most one slot, and one for each key that an element is picked by.
        let width = |rules: &[Option<Rule>]| {
            let paths = rules.iter().flatten().flat_map(|rule| &rule.paths);
            paths.map(|path| 1 + path.matches('[').count()).sum::<usize>()
        };
        let keys = case.plan.groups.iter().flatten().filter_map(|plan| plan.each.as_ref());
        let keys = keys.map(|path| path.steps.len()).sum::<usize>();
        let mut slots = u64::try_from(case.plan.trie.width).unwrap_or(u64::MAX);
        let mut most = None;
        for (index, seen) in groups.iter().enumerate() {
            let Some(seen) = seen else { continue };
            let width = u64::try_from(width(&seen.plan.rules) + keys).unwrap_or(u64::MAX);
            let rows = seen.scope.per_record.1;
            slots = slots.saturating_add(rows.saturating_mul(width.max(1)));
            if most.is_none_or(|(known, _)| rows > known) {
                most = Some((rows, index));
            }
        }
        let has_room = slots <= u64::try_from(Slots::MAX).unwrap_or(u64::MAX);
        most.filter(|_| !has_room).map(|(_, index)| index)
    }

    fn court(&self) -> Court<'_> {
        let Case { standard, record_type, .. } = *self.case;
        let own_date = record_type.own_date.and_then(|field| self.record.get(field));
        Court { standard, record_type, own_date }
    }

    /// Judges the fields of the record or of a group.
    fn fields(&self, group: Option<usize>, findings: &mut Vec<Finding<'a>>) {
        let Case { record_type, plan, shape, .. } = *self.case;
        let (fields, rules, prefix): (&[Field], _, _) = match group {
            None => (&record_type.fields, Some(&plan.record), String::new()),
            Some(index) => {
                let Some(group) = record_type.groups.get(index) else { return };
                let plan = plan.groups.get(index).and_then(Option::as_ref);
                (&group.fields, plan.map(|plan| &plan.rules), format!("{}.", group.path))
            }
        };
        let seen = group.and_then(|group| self.groups.get(group)?.as_ref());
        let given = if group.is_none() { Some(&self.record) } else { seen.map(|seen| &seen.given) };
        let rows = seen.map_or((1, 1), |seen| seen.scope.per_record);
        let items = shape.map_or(0, |shape| shape.items);
        for (index, field) in fields.iter().enumerate() {
            let rule = rules.and_then(|rules| rules.get(index)?.as_ref());
            let mut finding = Finding::of_field(field, &prefix, rule, items, rows.1);
            let given = given.and_then(|given| given.get(index)).filter(|_| rule.is_some());
            let Some(given) = given else {
                findings.push(finding.not_mapped());
                continue;
            };
            if rows.1 == 0 {
                findings.push(finding.without_rows());
                continue;
            }
            let Standing { mut failures, can_pass } = self.court().judge(field, given);
            if self.may_lie_elsewhere(group, index) {
                failures.add(Cause::Standard(Against::Within), Tally::up_to(items));
            }
            let mut own = given.failures.clone();
            if let Some(seen) = seen {
                seen.forgive(index, &mut own);
            }
            let always_fails = !can_pass && rows.0 > 0 && !(own.is_empty() && failures.is_empty());
            finding.fails(&own, &failures);
            if always_fails {
                finding.refute();
            }
            finding.tell(given, self.case);
            findings.push(finding);
        }
    }

    /// Whether the code of a field must lie in that of another, and both can be there.
    fn may_lie_elsewhere(&self, group: Option<usize>, field: usize) -> bool {
        let given = match group {
            None => Some(&self.record),
            Some(group) => self.groups.get(group).and_then(Option::as_ref).map(|seen| &seen.given),
        };
        let can_be = |field: usize| {
            given.and_then(|given| given.get(field)).is_some_and(Outcome::may_be_present)
        };
        let own_date = self.court().own_date.is_some_and(Outcome::may_be_present);
        let within = self.case.record_type.within.iter();
        let mut within = within.filter(|it| it.group == group && it.field == field);
        own_date && within.any(|it| can_be(it.field) && can_be(it.above))
    }

    /// Judges how many rows a group can have.
    fn group(&self, index: usize, findings: &mut Vec<Finding<'a>>) {
        let Case { record_type, shape, .. } = *self.case;
        let Some(group) = record_type.groups.get(index) else { return };
        let items = shape.map_or(0, |shape| shape.items);
        let mut finding = Finding::of_group(group, items);
        let Some(seen) = self.groups.get(index).and_then(Option::as_ref) else {
            findings.push(finding.not_mapped());
            return;
        };
        let Scope { per_record, per_parent, empty, .. } = seen.scope;
        finding.rows_max = seen.scope.per_record.1.max(1);
        let mut failures = seen.scope.failures.clone();
        let parent = group.parent.and_then(|parent| self.groups.get(parent)?.as_ref());
        // What a row of the parent lacks, can be lacking where there is such a row.
        let is_asked = group.parent.is_none() || parent.is_some_and(|it| it.scope.per_record.1 > 0);
        if group.required && per_parent.0 == 0 && is_asked {
            let tally = if empty.is_possible() { empty } else { Tally::up_to(0) };
            failures.add(Cause::NoRows, tally);
        }
        let unknown = Tally::up_to(seen.scope.of);
        if group.single && per_parent.1 > 1 {
            failures.add(Cause::SeveralRows, unknown);
        }
        let rows_max = u64::from(group.rows_max);
        if per_record.1 > rows_max {
            failures.add(Cause::TooManyRows { max: rows_max }, unknown);
        }
        if self.crowded == Some(index) && per_record.1 <= rows_max {
            let max = u64::try_from(Slots::MAX).unwrap_or(u64::MAX);
            failures.add(Cause::TooManyRows { max }, unknown);
        }
        let is_in_record = group.parent.is_none();
        let has_none = group.required && per_parent.1 == 0 && is_in_record;
        let has_several = group.single && per_parent.0 > 1 && is_in_record;
        finding.fails(&failures, &Failures::default());
        if has_none || has_several || per_record.0 > rows_max {
            finding.refute();
        }
        finding.tell_rows(per_parent, seen.plan);
        findings.push(finding);
    }
}

impl GroupSeen<'_> {
    /// A group without a list has no row where none of its fields has a value: what is missing
    /// fails only where another one is there.
    fn forgive(&self, field: usize, failures: &mut Failures) {
        if matches!(self.plan.rows, RowsOf::Scope(_)) {
            return;
        }
        let others = self.plan.rules.iter().zip(&self.given).enumerate();
        let mut others =
            others.filter(|(index, (rule, _))| *index != field && is_read(rule.as_ref()));
        let has_row = others.any(|(_, (_, given))| {
            given.may_be_present() || given.failures.has_other_than_missing()
        });
        let missing = Cause::Mapping(Kind::Missing);
        failures.0.retain(|failure| has_row || failure.cause != missing);
        for failure in failures.0.iter_mut().filter(|failure| failure.cause == missing) {
            failure.tally = failure.tally.some();
        }
    }
}

/// What each rule of a row can give.
fn given(rules: &[Option<Rule>], scope: &Scope<'_>) -> Vec<Outcome> {
    let mut all: Vec<Outcome> = rules
        .iter()
        .map(|rule| match rule {
            None => Outcome::always(None, scope.of),
            Some(Rule { source: Source::Value(value), .. }) => {
                Outcome::always(Some(value), scope.of)
            }
            Some(Rule { source: Source::Later { .. }, .. }) => Outcome::default(),
            Some(rule) => {
                let mut failures = Failures::default();
                let seen = source::found(rule, &scope.stands, scope.of, scope.input, &mut failures);
                outcome::of_rule(rule, seen, failures)
            }
        })
        .collect();
    for (index, rule) in rules.iter().enumerate() {
        if let Some(Rule { source: Source::Later { first, second }, .. }) = rule {
            let given = match (all.get(*first), all.get(*second)) {
                (Some(first), Some(second)) => {
                    outcome::of_comparison(rule.as_ref(), first, second, scope.of)
                }
                _ => Outcome::default(),
            };
            if let Some(place) = all.get_mut(index) {
                *place = given;
            }
        }
    }
    all
}

/// Whether a field's value is of a known form for certain.
fn is_always(other: &Other, form: &str) -> bool {
    matches!(other, Other::Text(body) if body.have_all(form))
}
