//! What one item becomes under one mapping, owned: for comparing mappings and for replay.

use std::sync::Arc;

use lienthong_standard::{Field, FieldType, Submission, Value};

use crate::{Mapping, Rejection, Workspace};

/// What one item became; made by [`Mapping::outcome`].
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The record's key, if it could be told.
    pub key: Option<String>,
    /// The record, or why there is none.
    pub result: Result<Mapped, Rejection>,
}

/// A record that the standard accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mapped {
    /// Its canonical JSON.
    pub record: Vec<u8>,
    /// Its revision; 0 where its type has none.
    pub revision: i64,
    /// The month of its own date, `2026-11`, if it has one.
    pub month: Option<String>,
    /// Its codes, by field; those of groups stand under `Group.Field`, row after row.
    pub codes: Vec<(Arc<str>, String)>,
}

impl Mapping {
    /// Maps one item and keeps what became of it.
    pub fn outcome(&self, item: &[u8], work: &mut Workspace) -> Outcome {
        let mut key = String::new();
        let mut mapped = None;
        let applied = self.apply(item, work, &mut |submission| {
            submission.write_key(&mut key);
            mapped = Some(Mapped::of(submission));
        });
        match (applied, mapped) {
            (Ok(()), Some(mapped)) => Outcome { key: Some(key), result: Ok(mapped) },
            (Ok(()), None) => {
                Outcome { key: None, result: Err(Rejection { reasons: Vec::new(), key: None }) }
            }
            (Err(rejection), _) => Outcome { key: rejection.key.clone(), result: Err(rejection) },
        }
    }
}

impl Mapped {
    fn of(submission: &Submission<'_>) -> Self {
        let mut record = Vec::with_capacity(512);
        submission.write_json(&mut record);
        let month = submission.own_date();
        let month = month.map(|date| format!("{:04}-{:02}", date.year(), date.month()));
        let revision = submission.revision();
        Self { record, revision, month, codes: codes(submission) }
    }
}

fn codes(submission: &Submission<'_>) -> Vec<(Arc<str>, String)> {
    let record_type = submission.record_type();
    let mut codes = Vec::new();
    let mut add = |field: &Field, name: &dyn Fn() -> Arc<str>, value: Value<'_>| {
        if let (FieldType::Code(_), Value::Text(code)) = (field.kind, value) {
            codes.push((name(), code.to_owned()));
        }
    };
    for (index, field) in record_type.fields.iter().enumerate() {
        add(field, &|| Arc::clone(&field.name), submission.value(index));
    }
    for (index, group) in record_type.groups.iter().enumerate() {
        for row in submission.rows(index).values.chunks_exact(group.fields.len().max(1)) {
            for (field, value) in group.fields.iter().zip(row) {
                add(field, &|| Arc::from(format!("{}.{}", group.path, field.name)), *value);
            }
        }
    }
    codes
}
