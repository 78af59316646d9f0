//! Applying a plan to an item: decode, map, check, hand on.

use std::collections::BTreeSet;
use std::mem;
use std::ops::Range;

use lienthong_standard::{Candidate, Field, FieldFault, Rows, Submission, Value};

use crate::decode;
use crate::draft::{At, Drafts};
use crate::evaluate::evaluate;
use crate::plan::{GroupPlan, RowsOf, Rule, Source};
use crate::slots::{Row, Slot, Slots};
use crate::words::Flaw;
use crate::workspace::{recycle, recycle_text};
use crate::{Mapping, Reason, Rejection, Workspace};

/// A record with thousands of faulty rows is answered with this many reasons.
const FLAWS_MAX: usize = 100;

impl Mapping {
    /// Maps and checks one item and hands the submission to `sink`, which is called at most once
    /// and encodes it with [`Submission::write_json`].
    ///
    /// # Errors
    /// Every reason why the record is refused; then the sink was not called.
    pub fn apply(
        &self,
        item: &[u8],
        work: &mut Workspace,
        sink: &mut dyn FnMut(&Submission<'_>),
    ) -> Result<(), Rejection> {
        let unescaped = decode::Unescaped::default();
        let mut slots = mem::take(&mut work.slots).recycle(self.plan.trie.scopes);
        let mut drafts = mem::take(&mut work.drafts).recycle();
        work.breaches.clear();
        let trie = &self.plan.trie;
        let outcome = match decode::decode(self.input, trie, item, &unescaped, &mut slots) {
            Ok(()) => {
                self.draft(&mut slots, &mut drafts, &mut work.spare);
                let values = drafts.values.complete(&slots.scratch);
                let outcome = self.accept((item, &slots.scratch), &drafts, &values, work, sink);
                drafts.values.reuse(values);
                outcome
            }
            Err(fault) => {
                let key = self.key_beside(&fault, &mut slots, &mut drafts, &mut work.spare);
                Err(Rejection { reasons: vec![fault.reason()], key })
            }
        };
        for encoding in &slots.detected {
            *work.detected.entry(encoding.name()).or_default() += 1;
        }
        work.slots = slots.recycle(0);
        work.drafts = drafts.recycle();
        recycle_text(&mut work.spare);
        outcome
    }

    /// Evaluates every rule over the decoded slots.
    pub(crate) fn draft<'a>(
        &'a self,
        slots: &mut Slots<'a>,
        drafts: &mut Drafts<'a>,
        spare: &mut String,
    ) {
        let root = Row::default();
        row(&self.plan.record, root, None, slots, drafts, spare);
        for (index, group) in self.plan.groups.iter().enumerate() {
            let (values, parents) = (drafts.values.len(), drafts.parents.len());
            if let Some(plan) = group {
                let is_nested =
                    self.record_type.groups.get(index).is_some_and(|group| group.parent.is_some());
                rows(plan, index, is_nested, slots, drafts, spare);
            }
            let parents = parents..drafts.parents.len();
            drafts.groups.push((values..drafts.values.len(), parents));
        }
    }

    /// Gives a complete draft to the standard, or says why there is none. The texts are those of
    /// the item and the scratch string, the values those of the draft.
    pub(crate) fn accept(
        &self,
        texts: (&[u8], &str),
        drafts: &Drafts<'_>,
        values: &[Value<'_>],
        work: &mut Workspace,
        sink: &mut dyn FnMut(&Submission<'_>),
    ) -> Result<(), Rejection> {
        if drafts.flaws.is_empty() {
            self.accept_values(drafts, values, work, sink)
        } else {
            Err(self.flawed(texts, drafts, values))
        }
    }

    fn accept_values(
        &self,
        drafts: &Drafts<'_>,
        values: &[Value<'_>],
        work: &mut Workspace,
        sink: &mut dyn FnMut(&Submission<'_>),
    ) -> Result<(), Rejection> {
        let mut rows: Vec<Rows<'_>> = recycle(mem::take(&mut work.rows));
        rows.extend(drafts.groups.iter().map(|group| rows_of(group, drafts, values)));
        let own = values.get(..self.record_type.fields.len()).unwrap_or_default();
        let candidate = Candidate { values: own, groups: &rows };
        work.faults.clear();
        let accepted = self.record_type.accept(
            &self.standard,
            candidate,
            &mut work.faults,
            &mut work.breaches,
        );
        let outcome = match accepted {
            Some(submission) => {
                sink(&submission);
                Ok(())
            }
            None => Err(Rejection {
                reasons: work
                    .faults
                    .drain(..)
                    .map(|fault| {
                        let path = self.path_of(&fault.field);
                        Reason::of_standard(fault, path)
                    })
                    .collect(),
                key: self.key_of(values),
            }),
        };
        work.rows = recycle(rows);
        outcome
    }

    /// Every reason of a record that could not be mapped whole: what could not be mapped, and what
    /// the standard finds in the rest.
    #[cold]
    fn flawed(&self, texts: (&[u8], &str), drafts: &Drafts<'_>, values: &[Value<'_>]) -> Rejection {
        let reasons = drafts.flaws.iter().filter_map(|(at, flaw)| {
            let (rule, field) = (self.rule_at(*at)?, self.field_at(*at)?);
            let path = self.shown_paths(at.group, rule);
            Some(flaw.reason(rule, field, (self.name_at(*at), path), texts))
        });
        let mut reasons: Vec<Reason> = reasons.collect();
        let names: BTreeSet<String> =
            drafts.flaws.iter().map(|(at, _)| self.name_at(*at)).collect();
        for fault in self.faults_beside(drafts, values) {
            // A value that could not be mapped is not missing, and rules that name it say nothing.
            if fault.code != "LT-4110" && !names.contains(&fault.field) {
                let path = self.path_of(&fault.field);
                reasons.push(Reason::of_standard(fault, path));
            }
        }
        Rejection { reasons, key: self.key_of(values) }
    }

    /// What the standard finds in a record of which some values could not be mapped.
    fn faults_beside(&self, drafts: &Drafts<'_>, values: &[Value<'_>]) -> Vec<FieldFault> {
        let rows: Vec<Rows<'_>> =
            drafts.groups.iter().map(|group| rows_of(group, drafts, values)).collect();
        let own = values.get(..self.record_type.fields.len()).unwrap_or_default();
        let candidate = Candidate { values: own, groups: &rows };
        let (mut faults, mut breaches) = (Vec::new(), Vec::new());
        self.record_type.accept(&self.standard, candidate, &mut faults, &mut breaches);
        faults
    }

    /// The key of a record that can be read but for a part of it, unless that part may say the key.
    #[cold]
    pub(crate) fn key_beside<'a>(
        &'a self,
        fault: &decode::Fault,
        slots: &mut Slots<'a>,
        drafts: &mut Drafts<'a>,
        spare: &mut String,
    ) -> Option<String> {
        let mut rules =
            self.record_type.key.iter().filter_map(|field| self.plan.record.get(*field));
        let crosses = |rule: &Option<Rule>| rule.as_ref().is_some_and(Rule::reads_a_document);
        if !fault.is_behind_the_item() || rules.any(crosses) {
            return None;
        }
        self.draft(slots, drafts, spare);
        self.key_of(&drafts.values.complete(&slots.scratch))
    }

    /// The key of a record whose key fields have values.
    fn key_of(&self, values: &[Value<'_>]) -> Option<String> {
        let mut parts = Vec::new();
        for field in &self.record_type.key {
            parts.push(text_of(*values.get(*field)?)?);
        }
        Some(parts.join("\u{1f}"))
    }

    pub(crate) fn rule_at(&self, at: At) -> Option<&Rule> {
        let rules = match at.group {
            None => &self.plan.record,
            Some(group) => &self.plan.groups.get(group)?.as_ref()?.rules,
        };
        rules.get(at.field)?.as_ref()
    }

    pub(crate) fn field_at(&self, at: At) -> Option<&Field> {
        let fields = match at.group {
            None => &self.record_type.fields,
            Some(group) => &self.record_type.groups.get(group)?.fields,
        };
        fields.get(at.field)
    }

    /// The field with its group and row, as the standard names it in its own faults.
    pub(crate) fn name_at(&self, at: At) -> String {
        let field = self.field_at(at).map_or("", |field| &*field.name);
        match at.group.and_then(|group| self.record_type.groups.get(group)) {
            Some(group) if group.single => format!("{}.{field}", group.path),
            Some(group) => format!("{}[{}].{field}", group.path, at.row),
            None => field.to_owned(),
        }
    }

    /// The source paths of a field that the standard names with rows: `DanhSachLePhi[2].Gia`.
    pub(crate) fn path_of(&self, name: &str) -> Option<String> {
        let mut path = String::new();
        let mut is_index = false;
        for letter in name.chars() {
            match letter {
                '[' => is_index = true,
                ']' => is_index = false,
                letter if !is_index => path.push(letter),
                _ => {}
            }
        }
        let group = path.rsplit_once('.');
        let (group, field) = match group {
            Some((group, field)) => (Some(self.record_type.group_index(group)?), field),
            None => (None, path.as_str()),
        };
        let fields = match group {
            Some(group) => &self.record_type.groups.get(group)?.fields,
            None => &self.record_type.fields,
        };
        let field = fields.iter().position(|known| &*known.name == field)?;
        self.shown_paths(group, self.rule_at(At { group, row: 0, field })?)
    }

    /// The paths of a rule as a person reads them, from the item down: `fees[].name`.
    pub(crate) fn shown_paths(&self, group: Option<usize>, rule: &Rule) -> Option<String> {
        let rows = group.map(|group| self.shown_rows(group)).unwrap_or_default();
        let plan = group.and_then(|group| self.plan.groups.get(group)?.as_ref());
        let part = plan.and_then(|plan| plan.by.as_ref()).map(|by| format!("[{by}]"));
        let part = part.unwrap_or_default();
        let shown = rule.paths.iter().map(|path| match (&*rows, &**path) {
            ("", path) => format!("{path}{part}"),
            (rows, ".") => rows.to_owned(),
            (rows, path) if path.starts_with(".<") => {
                format!("{rows}{}", path.replacen('.', "", 1))
            }
            (rows, path) => format!("{rows}.{path}{part}"),
        });
        let shown: Vec<String> = shown.collect();
        (!shown.is_empty()).then(|| shown.join(", "))
    }

    /// The path of a group's rows, `fees[]`; empty for the record's own.
    fn shown_rows(&self, group: usize) -> String {
        let parent = self.record_type.groups.get(group).and_then(|group| group.parent);
        let around = parent.map(|parent| self.shown_rows(parent)).unwrap_or_default();
        let plan = self.plan.groups.get(group).and_then(Option::as_ref);
        match plan.and_then(|plan| plan.each.as_ref()).map(ToString::to_string) {
            None => around,
            Some(each) if each == "." && around.is_empty() => each,
            Some(each) if each == "." => around,
            Some(each) if around.is_empty() => format!("{each}[]"),
            Some(each) => format!("{around}.{each}[]"),
        }
    }
}

/// The rows of one group.
fn rows_of<'r>(
    (within, parents): &(Range<usize>, Range<usize>),
    drafts: &'r Drafts<'_>,
    values: &'r [Value<'r>],
) -> Rows<'r> {
    Rows {
        values: values.get(within.clone()).unwrap_or_default(),
        parents: drafts.parents.get(parents.clone()).unwrap_or_default(),
    }
}

/// The canonical text of one value, without quotes.
pub(crate) fn text_of(value: Value<'_>) -> Option<String> {
    Some(match value {
        Value::Missing | Value::Null => return None,
        Value::Text(text) | Value::Decimal(text) => text.to_owned(),
        Value::Integer(number) => number.to_string(),
        Value::Boolean(is) => is.to_string(),
        Value::Date(date) => date.to_string(),
        Value::Timestamp(instant) => instant.to_string(),
    })
}

/// Evaluates the rules of one row.
fn row<'a>(
    rules: &'a [Option<Rule>],
    row: Row,
    group: Option<usize>,
    slots: &mut Slots<'a>,
    drafts: &mut Drafts<'a>,
    spare: &mut String,
) {
    let start = drafts.values.len();
    drafts.values.reserve(rules.len());
    let mut first_later = None;
    for (field, rule) in rules.iter().enumerate() {
        let Some(rule) = rule else {
            drafts.values.push(Value::Missing);
            continue;
        };
        if let Some(slot) = rule.as_it_stands
            && let Slot::Text(text) = slots.get(row, slot)
            && !text.is_empty()
        {
            drafts.values.push(Value::Text(text));
            continue;
        }
        match evaluate(rule, row, slots, spare, &mut drafts.values) {
            Ok(()) => {
                if let Source::Later { .. } = rule.source {
                    first_later = first_later.or(Some(field));
                }
            }
            Err(flaw) => {
                drafts.values.push(Value::Missing);
                flawed(At { group, row: row.index, field }, flaw, drafts);
            }
        }
    }
    let Some(first_later) = first_later else { return };
    for (field, rule) in rules.iter().enumerate().skip(first_later) {
        if let Some(Rule { source: Source::Later { first, second }, when_missing, .. }) = rule {
            let at = At { group, row: row.index, field };
            later(at, start, (*first, *second), *when_missing, drafts);
        }
    }
}

#[cold]
fn flawed<'a>(at: At, flaw: Flaw<'a>, drafts: &mut Drafts<'a>) {
    if drafts.flaws.len() < FLAWS_MAX {
        drafts.flaws.push((at, flaw));
    }
}

/// Compares two fields of the same row, once all others have their values.
fn later(
    at: At,
    start: usize,
    (first, second): (usize, usize),
    when_missing: crate::plan::WhenMissing,
    drafts: &mut Drafts<'_>,
) {
    let of = |field: usize| drafts.values.get(start + field);
    let value = match (of(first), of(second)) {
        (Some(Value::Timestamp(first)), Some(Value::Timestamp(second))) => {
            Value::Boolean(first > second)
        }
        (Some(Value::Date(first)), Some(Value::Date(second))) => Value::Boolean(first > second),
        _ => match when_missing {
            crate::plan::WhenMissing::Absent => Value::Missing,
            crate::plan::WhenMissing::Null => Value::Null,
            crate::plan::WhenMissing::Refuse => {
                flawed(at, Flaw::new(crate::words::Kind::Missing), drafts);
                Value::Missing
            }
        },
    };
    drafts.values.set(start + at.field, value);
}

/// Evaluates the rules of a group for all its rows.
fn rows<'a>(
    plan: &'a GroupPlan,
    group: usize,
    is_nested: bool,
    slots: &mut Slots<'a>,
    drafts: &mut Drafts<'a>,
    spare: &mut String,
) {
    let (RowsOf::Scope(scope) | RowsOf::Around(scope)) = plan.rows;
    let count = slots.rows(scope).len();
    for index in 0..count {
        let Some(at) = slots.rows(scope).get(index).copied() else { break };
        let (values, flaws) = (drafts.values.len(), drafts.flaws.len());
        row(&plan.rules, at, Some(group), slots, drafts, spare);
        let mut parent = at.parent;
        if let RowsOf::Around(_) = plan.rows {
            // A row that would hold nothing of the source is none.
            let new = drafts.values.since(values);
            let is_empty = new.iter().zip(&plan.rules).all(|(value, rule)| {
                let is_constant =
                    rule.as_ref().is_some_and(|rule| matches!(rule.source, Source::Value(_)));
                is_constant || matches!(value, Value::Missing | Value::Null)
            });
            let is_only_missing = drafts.flaws.get(flaws..).unwrap_or_default().iter();
            let mut is_only_missing =
                is_only_missing.map(|(_, flaw)| flaw.kind == crate::words::Kind::Missing);
            if is_empty && is_only_missing.all(|is| is) {
                drafts.values.truncate(values);
                drafts.flaws.truncate(flaws);
                continue;
            }
            parent = at.index;
        }
        if is_nested {
            drafts.parents.push(parent);
        }
    }
}

#[cfg(test)]
mod tests;
