//! The audit: whether any version of a feed was accepted by two receipts.
//!
//! It counts from what was stored and answered, the batches and their receipts, and not from the
//! record index, whose rule it checks. A version of a feed belongs to one record, so a version that
//! two receipts accepted is a record that was applied twice.

use std::collections::HashMap;
use std::io::Read as _;

use lienthong_protocol::{HEADER_BYTES_MAX, Outcome, Receipt, open_header};
use rusqlite::Connection;

use super::{FeedName, StoreError};

/// Longer than any compressed header: zstd adds less than a tenth to what it can't compress.
const START_BYTES: u64 = 2 * HEADER_BYTES_MAX as u64;

/// A stretch of versions, first and last.
type Stretch = (u64, u64);

/// For each feed with batches, how many versions more than one receipt accepted.
pub(crate) fn doubled(connection: &Connection) -> Result<HashMap<FeedName, u64>, StoreError> {
    let mut query = connection.prepare("SELECT id, feed_id, receipt FROM batches ORDER BY id")?;
    let mut rows = query.query([])?;
    let mut stretches: HashMap<i64, Vec<Stretch>> = HashMap::new();
    let mut start = Vec::new();
    while let Some(row) = rows.next()? {
        let receipt: Receipt =
            serde_json::from_slice(row.get_ref(2)?.as_blob().unwrap_or_default())
                .map_err(|_| StoreError::Damaged("a receipt can't be read"))?;
        // Only the start of the batch is read: its header is a frame of its own.
        let body = connection.blob_open("main", "batches", "body", row.get(0)?, true)?;
        start.clear();
        body.take(START_BYTES)
            .read_to_end(&mut start)
            .map_err(|_| StoreError::Damaged("a batch can't be read"))?;
        let header =
            open_header(&start).map_err(|_| StoreError::Damaged("a batch can't be opened"))?;
        let accepted = stretches.entry(row.get(1)?).or_default();
        accepted_stretches(&receipt, header.version_first, &header.skipped, accepted);
    }
    let mut feeds = connection.prepare("SELECT id, agency, source, feed FROM feeds")?;
    let doubled = feeds.query_map([], |row| {
        let name = FeedName { agency: row.get(1)?, source: row.get(2)?, feed: row.get(3)? };
        Ok((name, overlap(stretches.remove(&row.get(0)?).unwrap_or_default())))
    })?;
    Ok(doubled.collect::<rusqlite::Result<_>>()?)
}

/// Appends the stretches of versions that a receipt accepts.
fn accepted_stretches(receipt: &Receipt, first: u64, skipped: &[u32], out: &mut Vec<Stretch>) {
    let mut skipped = skipped.iter().map(|distance| first + u64::from(*distance)).peekable();
    let mut next = first;
    for run in &receipt.runs {
        for _ in 0..run.count {
            while skipped.next_if_eq(&next).is_some() {
                next += 1;
            }
            if run.outcome == Outcome::Accepted {
                match out.last_mut() {
                    Some((_, last)) if *last + 1 == next => *last = next,
                    _ => out.push((next, next)),
                }
            }
            next += 1;
        }
    }
}

/// How many versions lie in a stretch that begins within an earlier one.
fn overlap(mut stretches: Vec<Stretch>) -> u64 {
    stretches.sort_unstable();
    let mut doubled = 0;
    let mut reached: Option<u64> = None;
    for (first, last) in stretches {
        if let Some(reached) = reached.filter(|reached| first <= *reached) {
            doubled += last.min(reached) - first + 1;
        }
        reached = reached.max(Some(last));
    }
    doubled
}

#[cfg(test)]
mod tests;
