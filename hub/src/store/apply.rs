//! Storing a batch: the index takes the highest version of every key, the receipt says so.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::sync::Arc;

use bytes::Bytes;
use jiff::Timestamp;
use lienthong_protocol::{Digest, Outcome, Receipt, Refusal};
use lienthong_standard::{HistoryRule, RecordType, StateCode};
use rusqlite::{Connection, Transaction, params};

use super::history::History;
use super::index::{Index, Row};
use super::rules::Hits;
use super::{FeedName, StoreError, blob, read};

/// A batch that was opened and verified, ready to be stored.
#[derive(Debug)]
pub(crate) struct BatchWork {
    /// Its digest.
    pub(crate) digest: Digest,
    /// Where it came from.
    pub(crate) feed: FeedName,
    /// The type of its records.
    pub(crate) record_type: Arc<RecordType>,
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
    /// The rules that records broke, in the batch's order; a rule once for each record.
    pub(crate) breaches: Vec<Broken>,
}

/// A rule that a record broke.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Broken {
    /// The record's place in the batch.
    pub(crate) place: u32,
    /// The rule's place in the record type.
    pub(crate) rule: usize,
}

/// One record of a batch, as the index needs it.
#[derive(Clone, Debug, PartialEq, Eq)]
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
    /// The state that it is in, where its type has states.
    pub(crate) state: StateCode,
    /// When the step was taken, in microseconds since 1970, where records are steps.
    pub(crate) at: i64,
}

impl Ord for Entry {
    fn cmp(&self, other: &Self) -> Ordering {
        let order = |entry: &Self| (entry.revision, entry.version, entry.place);
        self.key.cmp(&other.key).then_with(|| order(self).cmp(&order(other)))
    }
}

impl PartialOrd for Entry {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// What the writer knows without asking the store: the feeds by name, the number of the next batch,
/// the index. It must be loaded anew when a transaction was rolled back.
#[derive(Debug)]
pub(super) struct Known {
    feeds: HashMap<FeedName, Feed>,
    next_batch: i64,
    /// The record index.
    pub(super) index: Index,
}

#[derive(Clone, Debug)]
struct Feed {
    id: i64,
    record_type: String,
}

impl Known {
    /// Reads it from the store.
    pub(super) fn load(connection: &Connection) -> Result<Self, StoreError> {
        let mut query =
            connection.prepare("SELECT agency, source, feed, id, record_type FROM feeds")?;
        let rows = query.query_map([], |row| {
            let name = FeedName { agency: row.get(0)?, source: row.get(1)?, feed: row.get(2)? };
            Ok((name, Feed { id: row.get(3)?, record_type: row.get(4)? }))
        })?;
        let feeds = rows.collect::<rusqlite::Result<_>>()?;
        let newest: i64 =
            connection.query_row("SELECT ifnull(max(id), 0) FROM batches", [], |row| row.get(0))?;
        Ok(Self { feeds, next_batch: newest + 1, index: Index::load(connection)? })
    }

    fn id_of(
        &mut self,
        transaction: &Transaction<'_>,
        batch: &BatchWork,
    ) -> Result<i64, StoreError> {
        if let Some(feed) = self.feeds.get(&batch.feed) {
            if feed.record_type != *batch.record_type.name {
                return Err(StoreError::OtherRecordType { known: feed.record_type.clone() });
            }
            return Ok(feed.id);
        }
        let FeedName { agency, source, feed } = &batch.feed;
        transaction.execute(
            "INSERT INTO feeds (agency, source, feed, record_type) VALUES (?1, ?2, ?3, ?4)",
            params![agency, source, feed, &*batch.record_type.name],
        )?;
        let id = transaction.last_insert_rowid();
        let known = Feed { id, record_type: batch.record_type.name.to_string() };
        self.feeds.insert(batch.feed.clone(), known);
        Ok(id)
    }
}

impl Known {
    /// The feed of the same source whose records are of a type; there is one, as a rule.
    pub(super) fn beside(&self, feed: &FeedName, record_type: &str) -> Option<i64> {
        let is_it = |(name, known): &(&FeedName, &Feed)| {
            name.agency == feed.agency
                && name.source == feed.source
                && known.record_type == record_type
        };
        self.feeds.iter().filter(is_it).map(|(_, known)| known.id).min()
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
    known: &mut Known,
    batch: &BatchWork,
) -> Result<Bytes, StoreError> {
    if let Some((_, receipt)) = read::stored_receipt(transaction, &batch.digest)? {
        return Ok(Bytes::from(receipt));
    }
    let feed_id = known.id_of(transaction, batch)?;
    let batch_id = known.next_batch;
    known.next_batch += 1;

    let mut receipt = Receipt {
        batch: batch.digest,
        received_at: batch.received_at.to_string(),
        runs: Vec::new(),
        refusals: batch.refusals.clone(),
    };
    let mut tally = Tally::default();
    let mut rows = blob::Writer::with_capacity(batch.entries.len());
    let mut find = Index::find(transaction)?;
    let mut outcomes = vec![Outcome::Refused; batch.count as usize];
    let mut hits = Hits::new(&batch.record_type);
    let mut history = History::new(batch, known, feed_id, batch_id);
    for entry in &batch.entries {
        let stored = known.index.get(&mut find, feed_id, &entry.key)?;
        let (mut outcome, mut is_newest) = judge(entry, stored, &mut tally);
        if let Some(history) = history.as_mut().filter(|_| outcome == Outcome::Accepted) {
            let broken = history.judge(entry, stored, &mut known.index, &mut find)?;
            for rule in broken.iter() {
                hits.over_time(rule, &entry.key);
            }
            if let Some(rule) = broken.refusing() {
                (outcome, is_newest) = (Outcome::Refused, false);
                tally.new_keys -= u32::from(stored.is_none());
                receipt.refusals.push(over_time(entry, rule));
            } else {
                history.take(entry);
            }
        } else if outcome == Outcome::Refused {
            receipt.refusals.push(conflict(entry));
        }
        if is_newest {
            let Entry { revision, version, place, content, state, .. } = *entry;
            let row = Row { revision, version, batch_id, place, content, state };
            known.index.put(feed_id, &entry.key, row, &mut rows);
        }
        if let Some(place) = outcomes.get_mut(entry.place as usize) {
            *place = outcome;
        }
    }
    let subjects = history.map(|history| history.end(&mut known.index)).unwrap_or_default();
    hits.across_fields(batch, &outcomes);
    receipt.refusals.sort_by_key(|refusal| refusal.index);
    for outcome in outcomes {
        receipt.push(outcome);
    }

    let text = serde_json::to_vec(&receipt)
        .map_err(|_| StoreError::Damaged("a receipt can't be written"))?;
    let received_at = batch.received_at.as_microsecond();
    insert(transaction, (batch_id, feed_id), batch, &text)?;
    insert_pending(transaction, batch_id, &rows, &subjects)?;
    hits.store(transaction, feed_id, received_at)?;
    add_up(transaction, feed_id, received_at, &receipt, &tally)?;
    Ok(Bytes::from(text))
}

fn insert(
    transaction: &Transaction<'_>,
    (batch_id, feed_id): (i64, i64),
    batch: &BatchWork,
    receipt: &[u8],
) -> Result<(), StoreError> {
    let (digest, received_at) = (batch.digest.as_bytes(), batch.received_at.as_microsecond());
    transaction
        .prepare_cached(
            "INSERT INTO batches (id, feed_id, digest, received_at, receipt, body)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?
        .execute(params![batch_id, feed_id, digest, received_at, receipt, &batch.body[..]])?;
    Ok(())
}

/// Notes the rows of a batch down until they are moved to their places.
fn insert_pending(
    transaction: &Transaction<'_>,
    batch_id: i64,
    rows: &blob::Writer,
    subjects: &blob::Writer,
) -> Result<(), StoreError> {
    if rows.bytes().is_empty() {
        return Ok(());
    }
    let subjects = Some(subjects.bytes()).filter(|bytes| !bytes.is_empty());
    transaction
        .prepare_cached("INSERT INTO pending (batch_id, rows, subjects) VALUES (?1, ?2, ?3)")?
        .execute(params![batch_id, rows.bytes(), subjects])?;
    Ok(())
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

/// A record that a rule over the history refuses.
fn over_time(entry: &Entry, rule: &HistoryRule) -> Refusal {
    Refusal {
        index: entry.place,
        code: "LT-7042".to_owned(),
        field: None,
        reason: format!("{} (rule `{}`)", rule.message.en, rule.code),
        reason_vi: format!("{} (quy tắc `{}`)", rule.message.vi, rule.code),
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

/// What becomes of a record beside the one that is stored, and whether it takes its place.
fn judge(entry: &Entry, stored: Option<Row>, tally: &mut Tally) -> (Outcome, bool) {
    let Some(stored) = stored else {
        tally.new_keys += 1;
        return (Outcome::Accepted, true);
    };
    let is_same = entry.content == stored.content;
    match (entry.revision, entry.version).cmp(&(stored.revision, stored.version)) {
        Ordering::Less => (Outcome::Unchanged, false),
        Ordering::Equal if !is_same => (Outcome::Refused, false),
        Ordering::Equal => {
            tally.repeated += 1;
            (Outcome::Unchanged, false)
        }
        Ordering::Greater if is_same => (Outcome::Unchanged, true),
        Ordering::Greater => (Outcome::Accepted, true),
    }
}
