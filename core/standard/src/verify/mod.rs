//! Checking a canonical JSON record that somebody else has written.
//!
//! The record must be, byte for byte, what [`Submission::write_json`] writes: fields in the record
//! type's order, no blanks, as few escapes as possible. Then equal records are equal bytes.

mod scan;

use crate::{
    Breach, Candidate, Date, FieldFault, RecordType, Rows, Standard, StateCode, Submission,
    Timestamp, Value,
};

/// What a canonical record is known by, after it was checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// The key fields' canonical texts joined with U+001F.
    pub key: String,
    /// The date that decides which codes are in force.
    pub own_date: Option<Date>,
    /// The value of the revision field; 0 for record types without one.
    pub revision: i64,
    /// The state that it is in, for record types that have states.
    pub state: StateCode,
    /// When the step was taken, for record types that are steps.
    pub at: Option<Timestamp>,
}

/// Room for reading records; kept from one record to the next, so that nothing is allocated anew.
#[derive(Clone, Debug, Default)]
pub struct VerifyScratch {
    /// Texts that had escapes, without them.
    text: String,
    fields: Vec<Slot>,
    groups: Vec<GroupSlots>,
    breaches: Vec<Breach>,
}

impl VerifyScratch {
    /// The rules that the record read last broke; those that only warn, where it was accepted.
    pub fn breaches(&self) -> &[Breach] {
        &self.breaches
    }
}

#[derive(Clone, Debug, Default)]
struct GroupSlots {
    fields: Vec<Slot>,
    parents: Vec<u32>,
}

/// A value by its place, since the texts around it still move while a record is read.
#[derive(Clone, Copy, Debug)]
enum Slot {
    Missing,
    Null,
    /// Bytes of the record.
    Text(usize, usize),
    Decimal(usize, usize),
    /// Bytes of the scratch text.
    Unescaped(usize, usize),
    Integer(i64),
    Boolean(bool),
    Date(Date),
    Timestamp(Timestamp),
}

impl RecordType {
    /// Reads a canonical JSON record and checks it like [`RecordType::accept`].
    ///
    /// # Errors
    /// Every fault of its fields; or, where it is not in canonical form, the first place where it
    /// is not.
    pub fn verify(
        &self,
        standard: &Standard,
        json: &[u8],
        scratch: &mut VerifyScratch,
    ) -> Result<Verified, Vec<FieldFault>> {
        scratch.breaches.clear();
        let json = match std::str::from_utf8(json) {
            Ok(json) => json,
            Err(error) => return Err(vec![scan::not_utf8(error.valid_up_to())]),
        };
        if let Err(fault) = scan::record(self, json, scratch) {
            return Err(vec![*fault]);
        }
        self.check_slots(standard, json, scratch)
    }

    fn check_slots(
        &self,
        standard: &Standard,
        json: &str,
        scratch: &mut VerifyScratch,
    ) -> Result<Verified, Vec<FieldFault>> {
        let in_groups: usize = scratch.groups.iter().map(|group| group.fields.len()).sum();
        let mut values = Vec::with_capacity(scratch.fields.len() + in_groups);
        let slots = scratch.groups.iter().flat_map(|group| &group.fields);
        for slot in scratch.fields.iter().chain(slots) {
            values.push(slot.value(json, &scratch.text));
        }
        let (own, mut rest) = values.split_at(scratch.fields.len());
        let mut groups = Vec::with_capacity(scratch.groups.len());
        for group in &scratch.groups {
            let (values, after) = rest.split_at(group.fields.len());
            groups.push(Rows { values, parents: &group.parents });
            rest = after;
        }
        let candidate = Candidate { values: own, groups: &groups };
        let mut faults = Vec::new();
        match self.accept(standard, candidate, &mut faults, &mut scratch.breaches) {
            Some(submission) => Ok(Verified::new(&submission)),
            None => Err(faults),
        }
    }
}

impl Verified {
    fn new(submission: &Submission<'_>) -> Self {
        let mut key = String::new();
        submission.write_key(&mut key);
        let (own_date, revision) = (submission.own_date(), submission.revision());
        let states = submission.record_type().states.as_ref();
        let state = match states.map(|states| submission.value(states.field)) {
            Some(Value::Text(code)) => StateCode::of(code).unwrap_or(StateCode::NONE),
            _ => StateCode::NONE,
        };
        let steps = states.and_then(|states| states.steps.as_ref());
        let at = match steps.map(|steps| submission.value(steps.at)) {
            Some(Value::Timestamp(at)) => Some(at),
            _ => None,
        };
        Self { key, own_date, revision, state, at }
    }
}

impl Slot {
    fn value<'a>(self, json: &'a str, text: &'a str) -> Value<'a> {
        let part = |from: &'a str, start, end| from.get(start..end).unwrap_or_default();
        match self {
            Self::Missing => Value::Missing,
            Self::Null => Value::Null,
            Self::Text(start, end) => Value::Text(part(json, start, end)),
            Self::Decimal(start, end) => Value::Decimal(part(json, start, end)),
            Self::Unescaped(start, end) => Value::Text(part(text, start, end)),
            Self::Integer(number) => Value::Integer(number),
            Self::Boolean(value) => Value::Boolean(value),
            Self::Date(date) => Value::Date(date),
            Self::Timestamp(instant) => Value::Timestamp(instant),
        }
    }
}

#[cfg(test)]
mod tests;
