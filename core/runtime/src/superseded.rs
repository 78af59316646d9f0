//! Newer states that stand for older ones, for endpoints that take one full state at a time.
//!
//! Decided at delivery and not before: batches never change.

use std::collections::HashSet;

use lienthong_protocol::{SealedBatch, open};
use lienthong_standard::RecordType;

/// The keys that these batches hold. A batch that can't be opened adds nothing: its records then go
/// up beside the older ones, which costs a request and loses nothing.
pub(crate) fn keys<'a>(
    record_type: &RecordType,
    batches: impl Iterator<Item = &'a SealedBatch>,
) -> HashSet<String> {
    let mut keys = HashSet::new();
    for batch in batches {
        let Ok(opened) = open(&batch.body) else { continue };
        keys.extend(opened.records().filter_map(|record| key_of(record_type, record)));
    }
    keys
}

/// The key of a record in its canonical form.
pub(crate) fn key_of(record_type: &RecordType, record: &[u8]) -> Option<String> {
    let record: serde_json::Map<String, serde_json::Value> = serde_json::from_slice(record).ok()?;
    let mut key = String::new();
    for (position, index) in record_type.key.iter().enumerate() {
        if position > 0 {
            key.push('\u{1f}');
        }
        match record.get(&*record_type.fields.get(*index)?.name)? {
            serde_json::Value::String(text) => key.push_str(text),
            other => key.push_str(&other.to_string()),
        }
    }
    Some(key)
}
