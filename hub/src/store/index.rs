//! The record index: for every feed and key the row of the highest version.
//!
//! Rows lie in the order of their keys, and keys need not come in that order. Writing each batch's
//! rows to their places would write a page for almost every record: measured, three times the cost
//! of all the rest. So the rows of new batches are first committed together as one blob a batch
//! (`pending`), kept in memory beside it, and moved to their places (`records`) many at once. A hub
//! that starts reads the blobs that are left.

use hashbrown::HashMap;
use lienthong_standard::StateCode;
use rusqlite::{CachedStatement, Connection, OptionalExtension as _, Transaction, params};

use super::{StoreError, blob};

/// Rows that are moved at once. They take about 5 MiB.
const PENDING_MAX: usize = 32_768;

/// A row of the index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Row {
    /// Orders before the version.
    pub(super) revision: i64,
    /// The version.
    pub(super) version: i64,
    /// The batch that brought it.
    pub(super) batch_id: i64,
    /// Its place in that batch.
    pub(super) place: u32,
    /// A hash of its text.
    pub(super) content: i64,
    /// The state that it is in, where its type has states.
    pub(super) state: StateCode,
}

/// Where the rows of a feed's subjects lie: the records whose steps the feed tells, each with the
/// newest step known of it. Feeds have positive numbers.
pub(super) const fn subjects_of(feed_id: i64) -> i64 {
    -feed_id
}

/// What the index knows without asking the store.
#[derive(Debug, Default)]
pub(super) struct Index {
    feeds: HashMap<i64, FeedRows>,
    pending: usize,
}

/// The rows of one feed that are not in their places.
#[derive(Debug, Default)]
struct FeedRows {
    rows: HashMap<String, Row>,
    /// The highest key of the feed, in its place or not: what lies above it is new.
    highest: Option<String>,
}

impl Index {
    /// Reads what is pending, and the highest keys.
    pub(super) fn load(connection: &Connection) -> Result<Self, StoreError> {
        let mut index = Self::default();
        let mut query = connection.prepare("SELECT id FROM feeds")?;
        let mut rows = query.query([])?;
        while let Some(row) = rows.next()? {
            let feed_id: i64 = row.get(0)?;
            for feed_id in [feed_id, subjects_of(feed_id)] {
                let highest = connection.query_row(
                    "SELECT max(key) FROM records WHERE feed_id = ?1",
                    [feed_id],
                    |row| row.get(0),
                )?;
                index.feeds.insert(feed_id, FeedRows { rows: HashMap::new(), highest });
            }
        }
        let mut query = connection.prepare(
            "SELECT batches.feed_id, pending.batch_id, pending.rows, pending.subjects FROM pending
             JOIN batches ON batches.id = pending.batch_id ORDER BY pending.batch_id",
        )?;
        let mut rows = query.query([])?;
        while let Some(row) = rows.next()? {
            let (feed_id, batch_id): (i64, i64) = (row.get(0)?, row.get(1)?);
            for (feed_id, column) in [(feed_id, 2), (subjects_of(feed_id), 3)] {
                let bytes =
                    row.get_ref(column)?.as_blob_or_null().ok().flatten().unwrap_or_default();
                let mut blob = blob::Reader::new(bytes, batch_id);
                while let Some((key, row)) = blob.next().map_err(StoreError::Damaged)? {
                    index.keep(feed_id, key, row);
                }
            }
        }
        Ok(index)
    }

    /// Whether so many rows are pending that they should be moved.
    pub(super) fn is_full(&self) -> bool {
        self.pending >= PENDING_MAX
    }

    /// Looks a key up, with a statement of [`Index::find`].
    pub(super) fn get(
        &self,
        find: &mut CachedStatement<'_>,
        feed_id: i64,
        key: &str,
    ) -> Result<Option<Row>, StoreError> {
        let Some(feed) = self.feeds.get(&feed_id) else { return Ok(None) };
        if feed.highest.as_deref().is_none_or(|highest| key > highest) {
            return Ok(None);
        }
        if let Some(row) = feed.rows.get(key) {
            return Ok(Some(*row));
        }
        let found = find.query_row(params![feed_id, key], |row| {
            Ok(Row {
                revision: row.get(0)?,
                version: row.get(1)?,
                batch_id: row.get(2)?,
                place: row.get(3)?,
                content: row.get(4)?,
                state: StateCode::from_number(row.get(5)?),
            })
        });
        Ok(found.optional()?)
    }

    /// The statement that looks a key up in its place.
    pub(super) fn find<'t>(
        transaction: &'t Transaction<'_>,
    ) -> rusqlite::Result<CachedStatement<'t>> {
        transaction.prepare_cached(
            "SELECT revision, version, batch_id, place, content, state FROM records
             WHERE feed_id = ?1 AND key = ?2",
        )
    }

    /// Takes a row, and notes it down for its batch.
    pub(super) fn put(&mut self, feed_id: i64, key: &str, row: Row, blob: &mut blob::Writer) {
        blob.push(key, &row);
        self.keep(feed_id, key.to_owned(), row);
    }

    fn keep(&mut self, feed_id: i64, key: String, row: Row) {
        let feed = self.feeds.entry(feed_id).or_default();
        match &mut feed.highest {
            Some(highest) if *key <= **highest => {}
            Some(highest) => key.clone_into(highest),
            None => feed.highest = Some(key.clone()),
        }
        if feed.rows.insert(key, row).is_none() {
            self.pending += 1;
        }
    }

    /// Moves all pending rows to their places.
    pub(super) fn settle(&mut self, transaction: &Transaction<'_>) -> Result<(), StoreError> {
        if self.pending == 0 {
            return Ok(());
        }
        let mut write = transaction.prepare_cached(
            "INSERT INTO records (feed_id, key, revision, version, batch_id, place, content, state)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (feed_id, key) DO UPDATE SET
             revision = excluded.revision, version = excluded.version,
             batch_id = excluded.batch_id, place = excluded.place, content = excluded.content,
             state = excluded.state",
        )?;
        for (feed_id, feed) in &mut self.feeds {
            let mut rows: Vec<(String, Row)> = feed.rows.drain().collect();
            rows.sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
            for (key, row) in rows {
                let Row { revision, version, batch_id, place, content, state } = row;
                let state = state.number();
                write.execute(params![
                    feed_id, key, revision, version, batch_id, place, content, state
                ])?;
            }
        }
        self.pending = 0;
        transaction.execute("DELETE FROM pending", [])?;
        Ok(())
    }
}

#[cfg(test)]
mod tests;
