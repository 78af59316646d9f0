//! Storing a batch: the record index takes the highest version of every key, the receipt says so.

use std::collections::HashMap;

use bytes::Bytes;
use jiff::Timestamp;
use lienthong_protocol::{Digest, Outcome, Receipt, Refusal};
use rusqlite::{CachedStatement, Connection, OptionalExtension as _, Transaction, params};

use super::{FeedName, StoreError, read};

/// A batch that was opened and verified, ready to be stored.
#[derive(Debug)]
pub(crate) struct BatchWork {
    /// Its digest.
    pub(crate) digest: Digest,
    /// Where it came from.
    pub(crate) feed: FeedName,
    /// The type of its records.
    pub(crate) record_type: String,
    /// Its bytes as they came.
    pub(crate) body: Bytes,
    /// When it came.
    pub(crate) received_at: Timestamp,
    /// How many records it holds.
    pub(crate) count: u32,
    /// The records that the standard accepts, ordered by key and then by version.
    pub(crate) entries: Vec<Entry>,
    /// The records that it does not, in the batch's order.
    pub(crate) refusals: Vec<Refusal>,
}

/// One record of a batch, as the index needs it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Entry {
    /// Its key's text.
    pub(crate) key: String,
    /// Its revision, which orders before the version; 0 where its type has none.
    pub(crate) revision: i64,
    /// Its version.
    pub(crate) version: i64,
    /// Its place in the batch.
    pub(crate) place: u32,
    /// A hash of its text.
    pub(crate) content: i64,
}

/// The feeds by name, as the writer knows them, and the number of the next batch.
#[derive(Debug, Default)]
pub(super) struct Feeds {
    known: HashMap<FeedName, Feed>,
    next_batch: i64,
}

#[derive(Clone, Debug)]
struct Feed {
    id: i64,
    record_type: String,
}

impl Feeds {
    /// Reads them from the store.
    pub(super) fn load(connection: &Connection) -> rusqlite::Result<Self> {
        let mut query =
            connection.prepare("SELECT agency, source, feed, id, record_type FROM feeds")?;
        let rows = query.query_map([], |row| {
            let name = FeedName { agency: row.get(0)?, source: row.get(1)?, feed: row.get(2)? };
            Ok((name, Feed { id: row.get(3)?, record_type: row.get(4)? }))
        })?;
        let known = rows.collect::<rusqlite::Result<_>>()?;
        let newest: i64 =
            connection.query_row("SELECT ifnull(max(id), 0) FROM batches", [], |row| row.get(0))?;
        Ok(Self { known, next_batch: newest + 1 })
    }

    /// Forgets what a transaction that was rolled back had told.
    pub(super) fn forget(&mut self, connection: &Connection) -> Result<(), StoreError> {
        *self = Self::load(connection)?;
        Ok(())
    }

    fn id_of(
        &mut self,
        transaction: &Transaction<'_>,
        batch: &BatchWork,
    ) -> Result<i64, StoreError> {
        if let Some(feed) = self.known.get(&batch.feed) {
            if feed.record_type != batch.record_type {
                return Err(StoreError::OtherRecordType { known: feed.record_type.clone() });
            }
            return Ok(feed.id);
        }
        let FeedName { agency, source, feed } = &batch.feed;
        transaction.execute(
            "INSERT INTO feeds (agency, source, feed, record_type) VALUES (?1, ?2, ?3, ?4)",
            params![agency, source, feed, batch.record_type],
        )?;
        let id = transaction.last_insert_rowid();
        let known = Feed { id, record_type: batch.record_type.clone() };
        self.known.insert(batch.feed.clone(), known);
        Ok(id)
    }
}

/// What a batch changed.
#[derive(Debug, Default)]
struct Tally {
    new_keys: u32,
    repeated: u32,
}

/// Stores a batch and gives its receipt; a batch seen before gives the stored one.
pub(super) fn store(
    transaction: &Transaction<'_>,
    feeds: &mut Feeds,
    batch: &BatchWork,
) -> Result<Bytes, StoreError> {
    if let Some((_, receipt)) = read::stored_receipt(transaction, &batch.digest)? {
        return Ok(Bytes::from(receipt));
    }
    let feed_id = feeds.id_of(transaction, batch)?;
    let batch_id = feeds.next_batch;
    feeds.next_batch += 1;

    let mut receipt = Receipt {
        batch: batch.digest,
        received_at: batch.received_at.to_string(),
        runs: Vec::new(),
        refusals: batch.refusals.clone(),
    };
    let mut index = Index::new(transaction, feed_id, batch_id)?;
    let mut outcomes = vec![Outcome::Refused; batch.count as usize];
    for entry in &batch.entries {
        let outcome = index.apply(entry)?;
        if outcome == Outcome::Refused {
            receipt.refusals.push(conflict(entry));
        }
        if let Some(place) = outcomes.get_mut(entry.place as usize) {
            *place = outcome;
        }
    }
    let tally = index.tally;
    receipt.refusals.sort_by_key(|refusal| refusal.index);
    for outcome in outcomes {
        receipt.push(outcome);
    }

    let text = serde_json::to_vec(&receipt)
        .map_err(|_| StoreError::Damaged("a receipt can't be written"))?;
    let received_at = batch.received_at.as_microsecond();
    transaction
        .prepare_cached(
            "INSERT INTO batches (id, feed_id, digest, received_at, receipt, body)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?
        .execute(params![
            batch_id,
            feed_id,
            batch.digest.as_bytes(),
            received_at,
            text,
            &batch.body[..],
        ])?;
    add_up(transaction, feed_id, received_at, &receipt, &tally)?;
    Ok(Bytes::from(text))
}

/// Two records under one version of one key, which no connector that keeps its outbox sends.
fn conflict(entry: &Entry) -> Refusal {
    Refusal {
        index: entry.place,
        code: "LT-7040".to_owned(),
        field: None,
        reason: format!("version {} of this record came before with other content", entry.version),
        reason_vi: format!(
            "phiên bản {} của bản ghi này đã được nhận trước đó với nội dung khác",
            entry.version
        ),
    }
}

fn add_up(
    transaction: &Transaction<'_>,
    feed_id: i64,
    received_at: i64,
    receipt: &Receipt,
    tally: &Tally,
) -> Result<(), StoreError> {
    let count = |outcome| i64::try_from(receipt.count_of(outcome)).unwrap_or(i64::MAX);
    transaction
        .prepare_cached(
            "UPDATE feeds SET records = records + ?2, batches = batches + 1,
             accepted = accepted + ?3, unchanged = unchanged + ?4, refused = refused + ?5,
             repeated = repeated + ?6, received_at = max(received_at, ?7) WHERE id = ?1",
        )?
        .execute(params![
            feed_id,
            tally.new_keys,
            count(Outcome::Accepted),
            count(Outcome::Unchanged),
            count(Outcome::Refused),
            tally.repeated,
            received_at,
        ])?;
    Ok(())
}

/// The record index, while the records of one batch are applied to it.
struct Index<'t> {
    insert: CachedStatement<'t>,
    find: CachedStatement<'t>,
    update: CachedStatement<'t>,
    feed_id: i64,
    batch_id: i64,
    tally: Tally,
}

impl<'t> Index<'t> {
    fn new(
        transaction: &'t Transaction<'_>,
        feed_id: i64,
        batch_id: i64,
    ) -> rusqlite::Result<Self> {
        let insert = transaction.prepare_cached(
            "INSERT INTO records (feed_id, key, revision, version, batch_id, place, content)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT DO NOTHING",
        )?;
        let find = transaction.prepare_cached(
            "SELECT revision, version, content FROM records WHERE feed_id = ?1 AND key = ?2",
        )?;
        let update = transaction.prepare_cached(
            "UPDATE records SET revision = ?3, version = ?4, batch_id = ?5, place = ?6, content = ?7
             WHERE feed_id = ?1 AND key = ?2",
        )?;
        Ok(Self { insert, find, update, feed_id, batch_id, tally: Tally::default() })
    }

    /// Most records are new: they are inserted first and looked up only when that fails.
    fn apply(&mut self, entry: &Entry) -> Result<Outcome, StoreError> {
        let Entry { key, revision, version, place, content } = entry;
        let row = params![self.feed_id, key, revision, version, self.batch_id, place, content];
        if self.insert.execute(row)? == 1 {
            self.tally.new_keys += 1;
            return Ok(Outcome::Accepted);
        }
        let stored: Option<(i64, i64, i64)> = self
            .find
            .query_row(params![self.feed_id, key], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?))
            })
            .optional()?;
        let Some((stored_revision, stored_version, stored_content)) = stored else {
            return Err(StoreError::Damaged("a key is neither new nor known"));
        };
        let (new, old) = ((*revision, *version), (stored_revision, stored_version));
        if new == old && *content != stored_content {
            return Ok(Outcome::Refused);
        }
        if new == old {
            self.tally.repeated += 1;
        }
        if new <= old {
            return Ok(Outcome::Unchanged);
        }
        self.update.execute(row)?;
        let is_same = *content == stored_content;
        Ok(if is_same { Outcome::Unchanged } else { Outcome::Accepted })
    }
}
