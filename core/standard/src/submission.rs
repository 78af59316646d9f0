//! A record that the standard has accepted, and its canonical form.

use std::fmt::Write as _;

use crate::record_type::Group;
use crate::shape::period_end;
use crate::{Candidate, Date, Field, RecordType, Rows, Value, encode};

/// Between the fields of a key text; no accepted text holds it.
const KEY_SEPARATOR: char = '\u{1f}';

/// A record that the standard has accepted; made by [`RecordType::accept`] alone.
#[derive(Clone, Copy, Debug)]
pub struct Submission<'a> {
    record_type: &'a RecordType,
    candidate: Candidate<'a>,
}

impl<'a> Submission<'a> {
    pub(crate) const fn new(record_type: &'a RecordType, candidate: Candidate<'a>) -> Self {
        Self { record_type, candidate }
    }

    /// The record type that it was accepted for.
    pub const fn record_type(&self) -> &'a RecordType {
        self.record_type
    }

    /// The value of a field of the record, by its place in the record type.
    pub fn value(&self, field: usize) -> Value<'a> {
        self.candidate.values.get(field).copied().unwrap_or(Value::Missing)
    }

    /// The rows of a group, by its place in the record type.
    pub fn rows(&self, group: usize) -> Rows<'a> {
        self.candidate.groups.get(group).copied().unwrap_or(Rows::EMPTY)
    }

    /// The date that decides which codes are in force.
    pub fn own_date(&self) -> Option<Date> {
        self.record_type.own_date_of(self.candidate.values)
    }

    /// The value of the record type's revision field; 0 without one.
    pub fn revision(&self) -> i64 {
        match self.record_type.revision.map(|field| self.value(field)) {
            Some(Value::Integer(revision)) => revision,
            _ => 0,
        }
    }

    /// Appends the canonical form: one JSON object, fields in the record type's order, then the
    /// groups; what is absent is left out.
    pub fn write_json(&self, out: &mut Vec<u8>) {
        out.push(b'{');
        write_fields(&self.record_type.fields, self.candidate.values, out);
        self.write_groups(None, 0, out);
        close(b'}', out);
    }

    /// Appends the key text: the key fields' canonical texts joined with U+001F, a missing one
    /// empty.
    pub fn write_key(&self, out: &mut String) {
        for (place, field) in self.record_type.key.iter().enumerate() {
            if place > 0 {
                out.push(KEY_SEPARATOR);
            }
            match self.value(*field) {
                Value::Missing | Value::Null => {}
                Value::Text(text) | Value::Decimal(text) => out.push_str(text),
                Value::Integer(number) => out.push_str(itoa::Buffer::new().format(number)),
                Value::Boolean(value) => out.push_str(if value { "true" } else { "false" }),
                // Writing to a string can't fail.
                Value::Date(date) => write!(out, "{date}").unwrap_or_default(),
                Value::Timestamp(instant) => write!(out, "{instant}").unwrap_or_default(),
            }
        }
    }

    /// Appends the groups that lie in one row of a group, or in the record itself.
    fn write_groups(&self, parent: Option<usize>, parent_row: u32, out: &mut Vec<u8>) {
        for (index, group) in self.record_type.children(parent) {
            let rows = self.rows(index);
            let of_row = if parent.is_some() {
                let first = rows.parents.partition_point(|row| *row < parent_row);
                first..rows.parents.partition_point(|row| *row <= parent_row)
            } else {
                0..rows.values.len() / group.fields.len().max(1)
            };
            if !of_row.is_empty() {
                self.write_group(index, group, of_row, out);
            }
        }
    }

    fn write_group(
        &self,
        index: usize,
        group: &Group,
        range: std::ops::Range<usize>,
        out: &mut Vec<u8>,
    ) {
        group.json_key.write(out);
        if !group.single {
            out.push(b'[');
        }
        let width = group.fields.len();
        let rows = self.rows(index).values.chunks_exact(width.max(1));
        for (row, values) in rows.enumerate().skip(range.start).take(range.len()) {
            out.push(b'{');
            write_fields(&group.fields, values, out);
            self.write_groups(Some(index), u32::try_from(row).unwrap_or(u32::MAX), out);
            close(b'}', out);
            out.push(b',');
        }
        if group.single {
            return;
        }
        close(b']', out);
        out.push(b',');
    }
}

impl RecordType {
    /// The date that decides which codes are in force, out of a record's values.
    pub(crate) fn own_date_of(&self, values: &[Value<'_>]) -> Option<Date> {
        match values.get(self.own_date?)? {
            Value::Date(date) => Some(*date),
            Value::Timestamp(instant) => Some(instant.date()),
            Value::Text(period) => period_end(period),
            _ => None,
        }
    }
}

/// Appends `"name":value,` for each value that is there.
fn write_fields(fields: &[Field], values: &[Value<'_>], out: &mut Vec<u8>) {
    for (field, value) in fields.iter().zip(values) {
        if !value.is_missing() {
            field.json_key.write(out);
            encode::value(*value, out);
            out.push(b',');
        }
    }
}

/// Ends an object or list: a comma after the last member gives way to the bracket.
fn close(bracket: u8, out: &mut Vec<u8>) {
    match out.last_mut() {
        Some(last @ b',') => *last = bracket,
        _ => out.push(bracket),
    }
}
