//! Two mappings on the same items: how many records change, in which fields, which counts move.
//!
//! Of one record only its newest item counts, as only the newest state of a key stands above. What
//! is held is a few numbers a record, and values only of the samples.

mod differ;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use lienthong_standard::RecordType;
use serde::Serialize;

use crate::{Mapped, Outcome};

/// What a change of the mapping means for one record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Change {
    /// The same record.
    Unchanged,
    /// Another record.
    Changed,
    /// It was a record and is refused now.
    NewlyRefused,
    /// It was refused and is a record now.
    NewlyAccepted,
    /// Refused before and after.
    StillRefused,
}

/// Whether the values of people are shown in samples.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Values {
    /// What the standard tags as personal is masked.
    Masked,
    /// Everything is shown, because a person asked for it.
    Shown,
}

/// Gathers what two mappings make of the same items.
#[derive(Debug)]
pub struct Comparison {
    record_type: Arc<RecordType>,
    values: Values,
    samples_max: usize,
    samples: usize,
    items: u64,
    moved: u64,
    records: HashMap<String, Record>,
    names: Names,
}

/// What is held of one record.
#[derive(Debug)]
struct Record {
    order: (u64, u64),
    change: Change,
    fields: Box<[u32]>,
    reasons: Box<[u32]>,
    before: Box<[u32]>,
    after: Box<[u32]>,
    sample: Option<Box<Sample>>,
}

/// Names by number, so that a record holds numbers.
#[derive(Debug, Default)]
struct Names {
    fields: Numbered<Arc<str>>,
    reasons: Numbered<(&'static str, Option<String>)>,
    counts: Numbered<(Arc<str>, String, Option<String>)>,
}

#[derive(Debug)]
struct Numbered<T> {
    numbers: HashMap<T, u32>,
}

impl<T> Default for Numbered<T> {
    fn default() -> Self {
        Self { numbers: HashMap::new() }
    }
}

impl<T: std::hash::Hash + Eq> Numbered<T> {
    fn number(&mut self, name: T) -> u32 {
        let next = u32::try_from(self.numbers.len()).unwrap_or(u32::MAX);
        *self.numbers.entry(name).or_insert(next)
    }
}

/// What changes between two mappings; made by [`Comparison::finish`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// Items that were compared.
    pub items: u64,
    /// Records that they are the states of; an item whose key can't be told is one of its own.
    pub records: u64,
    /// Records that stay the same.
    pub unchanged: u64,
    /// Records that become other records.
    pub changed: u64,
    /// Records that are refused now.
    pub newly_refused: u64,
    /// Records that are accepted now.
    pub newly_accepted: u64,
    /// Refused before and after.
    pub still_refused: u64,
    /// Items whose record has another key now, so that the one under the old key is left behind.
    pub other_key: u64,
    /// In how many changed records each field differs.
    pub fields: BTreeMap<String, u64>,
    /// Why records are refused now, most frequent first.
    pub refusals: Vec<RefusalCount>,
    /// The counts by code that move, over all months and for each month.
    pub counts: Vec<MovedCount>,
    /// Some of the records that change.
    pub samples: Vec<Sample>,
}

/// How many records are newly refused for a reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RefusalCount {
    /// The error code.
    pub code: &'static str,
    /// The national field.
    pub field: Option<String>,
    /// How many records.
    pub records: u64,
}

/// A national count that moves: how many records have a code in a field.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct MovedCount {
    /// The field.
    pub field: String,
    /// The month of the records' own date; none for the sum of all.
    pub month: Option<String>,
    /// The code.
    pub code: String,
    /// How many there were.
    pub before: u64,
    /// How many there are.
    pub after: u64,
}

/// One record before and after.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Sample {
    /// Where its item was read.
    pub place: String,
    /// Its key, the parts joined by ` · `.
    pub key: Option<String>,
    /// What the change means for it.
    pub change: Change,
    /// The fields that differ.
    pub fields: Vec<FieldChange>,
    /// Why it is refused, now or before.
    pub reasons: Vec<String>,
}

/// One field before and after, with group and row: `DanhSachLePhi[2].Gia`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FieldChange {
    /// The field.
    pub field: String,
    /// Its value before; none where there was none.
    pub before: Option<String>,
    /// Its value after.
    pub after: Option<String>,
}

impl Comparison {
    /// Begins a comparison of records of a type, with so many samples.
    pub fn new(record_type: Arc<RecordType>, samples_max: usize, values: Values) -> Self {
        Self {
            record_type,
            values,
            samples_max,
            samples: 0,
            items: 0,
            moved: 0,
            records: HashMap::new(),
            names: Names::default(),
        }
    }

    /// Adds what one item was and is. Of the items of one record the one with the highest order
    /// counts.
    pub fn add(&mut self, order: (u64, u64), place: &str, before: &Outcome, after: &Outcome) {
        self.items += 1;
        if let (Some(old), Some(new)) = (&before.key, &after.key) {
            self.moved += u64::from(old != new);
        }
        let key = after.key.as_ref().or(before.key.as_ref());
        // No key begins like this: an item without one stands for itself.
        let key = key.cloned().unwrap_or_else(|| format!("\u{0}{}", self.items));
        if let Some(known) = self.records.get(&key) {
            if known.order > order {
                return;
            }
            self.samples -= usize::from(known.sample.is_some());
        }
        let record = self.record(order, place, before, after);
        self.samples += usize::from(record.sample.is_some());
        self.records.insert(key, record);
    }

    fn record(
        &mut self,
        order: (u64, u64),
        place: &str,
        before: &Outcome,
        after: &Outcome,
    ) -> Record {
        let change = match (&before.result, &after.result) {
            (Ok(old), Ok(new)) if old.record == new.record => Change::Unchanged,
            (Ok(_), Ok(_)) => Change::Changed,
            (Ok(_), Err(_)) => Change::NewlyRefused,
            (Err(_), Ok(_)) => Change::NewlyAccepted,
            (Err(_), Err(_)) => Change::StillRefused,
        };
        let mut record = Record {
            order,
            change,
            fields: Box::default(),
            reasons: Box::default(),
            before: self.counts(before),
            after: self.counts(after),
            sample: None,
        };
        if matches!(change, Change::Unchanged | Change::StillRefused) {
            return record;
        }
        let (old, new) = (before.result.as_ref().ok(), after.result.as_ref().ok());
        let changes = differ::fields(&self.record_type, (old, new), self.values);
        if change == Change::Changed {
            let mut fields: Vec<u32> = Vec::new();
            for (name, _) in &changes {
                let number = self.names.fields.number(Arc::from(name.as_str()));
                if !fields.contains(&number) {
                    fields.push(number);
                }
            }
            record.fields = fields.into();
        }
        if let (Change::NewlyRefused, Err(rejection)) = (change, &after.result) {
            let mut reasons = Vec::new();
            for reason in &rejection.reasons {
                let field = reason.field.as_deref().map(differ::without_rows);
                let number = self.names.reasons.number((reason.code, field));
                if !reasons.contains(&number) {
                    reasons.push(number);
                }
            }
            record.reasons = reasons.into();
        }
        if self.samples < self.samples_max {
            let rejection = after.result.as_ref().err().or_else(|| before.result.as_ref().err());
            let reasons = rejection.map(|rejection| &rejection.reasons).into_iter().flatten();
            record.sample = Some(Box::new(Sample {
                place: place.to_owned(),
                key: differ::key(
                    &self.record_type,
                    after.key.as_ref().or(before.key.as_ref()),
                    self.values,
                ),
                change,
                fields: changes.into_iter().map(|(_, change)| change).collect(),
                reasons: reasons.map(ToString::to_string).collect(),
            }));
        }
        record
    }

    fn counts(&mut self, outcome: &Outcome) -> Box<[u32]> {
        let Ok(Mapped { codes, month, .. }) = &outcome.result else { return Box::default() };
        let number = |(field, code): &(Arc<str>, String)| {
            self.names.counts.number((Arc::clone(field), code.clone(), month.clone()))
        };
        codes.iter().map(number).collect()
    }

    /// Sums up.
    pub fn finish(self) -> Difference {
        let Self { items, moved, records, names, .. } = self;
        let mut difference = Difference {
            items,
            records: records.len() as u64,
            unchanged: 0,
            changed: 0,
            newly_refused: 0,
            newly_accepted: 0,
            still_refused: 0,
            other_key: moved,
            fields: BTreeMap::new(),
            refusals: Vec::new(),
            counts: Vec::new(),
            samples: Vec::new(),
        };
        let mut fields = vec![0_u64; names.fields.numbers.len()];
        let mut reasons = vec![0_u64; names.reasons.numbers.len()];
        let mut counts = vec![(0_u64, 0_u64); names.counts.numbers.len()];
        let mut samples = Vec::new();
        for record in records.into_values() {
            match record.change {
                Change::Unchanged => difference.unchanged += 1,
                Change::Changed => difference.changed += 1,
                Change::NewlyRefused => difference.newly_refused += 1,
                Change::NewlyAccepted => difference.newly_accepted += 1,
                Change::StillRefused => difference.still_refused += 1,
            }
            let sums = [(&record.fields, &mut fields), (&record.reasons, &mut reasons)];
            for (numbers, sums) in sums {
                for number in numbers {
                    if let Some(sum) = sums.get_mut(*number as usize) {
                        *sum += 1;
                    }
                }
            }
            for number in &record.before {
                if let Some((before, _)) = counts.get_mut(*number as usize) {
                    *before += 1;
                }
            }
            for number in &record.after {
                if let Some((_, after)) = counts.get_mut(*number as usize) {
                    *after += 1;
                }
            }
            samples.extend(record.sample.map(|sample| (record.order, *sample)));
        }
        samples.sort_by_key(|(order, _)| *order);
        difference.samples = samples.into_iter().map(|(_, sample)| sample).collect();
        for (name, number) in names.fields.numbers {
            let records = fields.get(number as usize).copied().unwrap_or(0);
            if records > 0 {
                difference.fields.insert(name.to_string(), records);
            }
        }
        for ((code, field), number) in names.reasons.numbers {
            let records = reasons.get(number as usize).copied().unwrap_or(0);
            if records > 0 {
                difference.refusals.push(RefusalCount { code, field, records });
            }
        }
        difference.refusals.sort_by(|one, two| {
            (two.records, one.code, &one.field).cmp(&(one.records, two.code, &two.field))
        });
        difference.counts = moved_counts(names.counts, &counts);
        difference
    }
}

/// A field, a month or all of them, a code.
type CountName = (Arc<str>, Option<String>, String);

/// The counts that differ, and their sums over all months.
fn moved_counts(
    names: Numbered<(Arc<str>, String, Option<String>)>,
    counts: &[(u64, u64)],
) -> Vec<MovedCount> {
    let mut sums: BTreeMap<CountName, (u64, u64)> = BTreeMap::new();
    for ((field, code, month), number) in names.numbers {
        let (before, after) = counts.get(number as usize).copied().unwrap_or_default();
        let months = month.is_some().then_some(month).into_iter().chain([None]);
        for month in months {
            let sum = sums.entry((Arc::clone(&field), month, code.clone())).or_default();
            *sum = (sum.0 + before, sum.1 + after);
        }
    }
    let moved = sums.into_iter().filter(|(_, (before, after))| before != after);
    let moved = moved.map(|((field, month, code), (before, after))| MovedCount {
        field: field.to_string(),
        month,
        code,
        before,
        after,
    });
    moved.collect()
}
