//! What the store is asked: receipts, single records, pages of records, counts of feeds.

use std::collections::VecDeque;

use jiff::Timestamp;
use lienthong_protocol::{Digest, OpenBatch};
use rusqlite::{Connection, OptionalExtension as _, params};
use serde::{Deserialize, Serialize};

use super::StoreError;

/// How many bytes of opened batches a listing keeps while it goes through its records.
const OPENED_BYTES_MAX: usize = 16 << 20;

/// A listing ends early when its records take this many bytes.
const LISTING_BYTES_MAX: usize = 8 << 20;

/// A feed by its agency, its source and its own name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(crate) struct FeedName {
    /// The agency's code.
    pub(crate) agency: String,
    /// The source's name in the connector.
    pub(crate) source: String,
    /// The feed's name.
    pub(crate) feed: String,
}

/// What the hub has received of a feed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct FeedTotals {
    /// The feed.
    #[serde(flatten)]
    pub(crate) name: FeedName,
    /// The type of its records.
    pub(crate) record_type: String,
    /// How many different keys.
    pub(crate) records: u64,
    /// How many batches, each once.
    pub(crate) batches: u64,
    /// How many records were stored as newest.
    pub(crate) accepted: u64,
    /// How many changed nothing.
    pub(crate) unchanged: u64,
    /// How many were refused.
    pub(crate) refused: u64,
    /// Of those that changed nothing, how many had come under the same version in another batch.
    pub(crate) repeated: u64,
    /// When the last batch came.
    pub(crate) received_at: Option<Timestamp>,
}

/// One record that was looked up.
#[derive(Debug)]
pub(crate) struct Found {
    /// Its version.
    pub(crate) version: u64,
    /// Its revision.
    pub(crate) revision: i64,
    /// When its batch came.
    pub(crate) received_at: Timestamp,
    /// The digest of its batch.
    pub(crate) batch: Digest,
    /// Its canonical JSON text.
    pub(crate) record: Vec<u8>,
}

/// One record of a listing.
#[derive(Debug)]
pub(crate) struct Listed {
    /// Its key.
    pub(crate) key: String,
    /// Its version.
    pub(crate) version: u64,
    /// Its canonical JSON text.
    pub(crate) record: Vec<u8>,
}

/// The agency and the receipt of a batch that was stored before.
pub(crate) fn stored_receipt(
    connection: &Connection,
    digest: &Digest,
) -> Result<Option<(String, Vec<u8>)>, StoreError> {
    let mut query = connection.prepare_cached(
        "SELECT feeds.agency, batches.receipt FROM batches
         JOIN feeds ON feeds.id = batches.feed_id WHERE batches.digest = ?1",
    )?;
    let found = query.query_row([digest.as_bytes()], |row| Ok((row.get(0)?, row.get(1)?)));
    Ok(found.optional()?)
}

/// The totals of every feed, in the order of their names.
pub(crate) fn feed_totals(connection: &Connection) -> Result<Vec<FeedTotals>, StoreError> {
    let mut query = connection.prepare_cached(
        "SELECT agency, source, feed, record_type, records, batches, accepted, unchanged, refused,
         repeated, received_at FROM feeds ORDER BY agency, source, feed",
    )?;
    let rows = query.query_map([], |row| {
        let count = |index| row.get::<_, i64>(index).map(i64::unsigned_abs);
        Ok(FeedTotals {
            name: FeedName { agency: row.get(0)?, source: row.get(1)?, feed: row.get(2)? },
            record_type: row.get(3)?,
            records: count(4)?,
            batches: count(5)?,
            accepted: count(6)?,
            unchanged: count(7)?,
            refused: count(8)?,
            repeated: count(9)?,
            received_at: Timestamp::from_microsecond(row.get(10)?).ok(),
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Version, revision, place, time, digest and body.
type RecordRow = (i64, i64, u32, i64, Vec<u8>, Vec<u8>);

/// Looks up one record.
pub(crate) fn find_record(
    connection: &Connection,
    feed: &FeedName,
    key: &str,
) -> Result<Option<Found>, StoreError> {
    let mut query = connection.prepare_cached(
        "SELECT records.version, records.revision, records.place, batches.received_at,
         batches.digest, batches.body FROM records JOIN batches ON batches.id = records.batch_id
         WHERE records.feed_id = (SELECT id FROM feeds WHERE agency = ?1 AND source = ?2
         AND feed = ?3) AND records.key = ?4",
    )?;
    let found: Option<RecordRow> = query
        .query_row(params![feed.agency, feed.source, feed.feed, key], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?))
        })
        .optional()?;
    let Some((version, revision, place, received_at, digest, body)) = found else {
        return Ok(None);
    };
    Ok(Some(Found {
        version: version.unsigned_abs(),
        revision,
        received_at: Timestamp::from_microsecond(received_at)
            .map_err(|_| StoreError::Damaged("a batch has no time"))?,
        batch: Digest::from_bytes(&digest).ok_or(StoreError::Damaged("a batch has no digest"))?,
        record: record_at(&open(&body)?, place)?,
    }))
}

/// Lists records of a feed in the order of their keys, from behind `after`, at most `limit`; fewer
/// when they are long, but at least one if there is one.
pub(crate) fn list_records(
    connection: &Connection,
    feed: &FeedName,
    after: Option<&str>,
    limit: u32,
) -> Result<Vec<Listed>, StoreError> {
    let mut query = connection.prepare_cached(
        "SELECT key, version, batch_id, place FROM records WHERE feed_id = (SELECT id FROM feeds
         WHERE agency = ?1 AND source = ?2 AND feed = ?3) AND (?4 IS NULL OR key > ?4)
         ORDER BY key LIMIT ?5",
    )?;
    let mut rows = query.query(params![feed.agency, feed.source, feed.feed, after, limit])?;
    let mut opened = Opened::default();
    let mut listed = Vec::new();
    let mut bytes = 0;
    while let Some(row) = rows.next()? {
        let batch = opened.batch(connection, row.get(2)?)?;
        let record = record_at(batch, row.get(3)?)?;
        bytes += record.len();
        let version = row.get::<_, i64>(1)?.unsigned_abs();
        listed.push(Listed { key: row.get(0)?, version, record });
        if bytes >= LISTING_BYTES_MAX {
            break;
        }
    }
    Ok(listed)
}

/// Batches opened during one listing, the newest last. Neighbouring keys most often lie in the same
/// few batches.
#[derive(Default)]
struct Opened {
    batches: VecDeque<(i64, OpenBatch)>,
    bytes: usize,
}

impl Opened {
    fn batch(&mut self, connection: &Connection, id: i64) -> Result<&OpenBatch, StoreError> {
        let known = self.batches.iter().position(|(known, _)| *known == id);
        let position = if let Some(position) = known {
            position
        } else {
            let mut query = connection.prepare_cached("SELECT body FROM batches WHERE id = ?1")?;
            let body: Vec<u8> = query.query_row([id], |row| row.get(0))?;
            let batch = open(&body)?;
            self.bytes += batch.lines().len();
            self.batches.push_back((id, batch));
            while self.bytes > OPENED_BYTES_MAX && self.batches.len() > 1 {
                if let Some((_, oldest)) = self.batches.pop_front() {
                    self.bytes -= oldest.lines().len();
                }
            }
            self.batches.len() - 1
        };
        let found = self.batches.get(position).map(|(_, batch)| batch);
        found.ok_or(StoreError::Damaged("an opened batch is gone"))
    }
}

fn open(body: &[u8]) -> Result<OpenBatch, StoreError> {
    lienthong_protocol::open(body).map_err(|_| StoreError::Damaged("a batch can't be opened"))
}

fn record_at(batch: &OpenBatch, place: u32) -> Result<Vec<u8>, StoreError> {
    let record = batch.records().nth(place as usize);
    record.map(<[u8]>::to_vec).ok_or(StoreError::Damaged("a record's place is not in its batch"))
}
