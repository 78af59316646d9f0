//! The reading side: connections of its own, so that nobody who reads waits for who writes.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use lienthong_protocol::{Digest, Provenance, SourceSpan};
use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension as _, Row};
use serde::de::DeserializeOwned;

use crate::integer::unsigned;
use crate::{EndpointId, Error, FeedId, FeedRow, LedgerRow, LedgerState, Totals, connection, lock};

/// Connections that are kept open; more are opened when more threads read at once.
const IDLE_MAX: usize = 4;

/// The reading side of an outbox, also for another program while the connector runs.
#[derive(Clone)]
pub struct Reader {
    pool: Arc<Pool>,
}

struct Pool {
    path: PathBuf,
    busy_timeout: Duration,
    idle: Mutex<Vec<Connection>>,
}

impl Reader {
    pub(crate) fn open(folder: &Path, busy_timeout: Duration) -> Result<Self, Error> {
        let path = lock::database(folder);
        if !path.is_file() {
            return Err(Error::Absent { folder: folder.into() });
        }
        let reader = Self { pool: Arc::new(Pool { path, busy_timeout, idle: Mutex::default() }) };
        reader.with(|_| Ok(()))?;
        Ok(reader)
    }

    /// Lends a connection.
    pub(crate) fn with<T>(
        &self,
        read: impl FnOnce(&Connection) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let Pool { path, busy_timeout, idle } = &*self.pool;
        let lent = idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let opened = lent.map_or_else(|| connection::open_reader(path, *busy_timeout), Ok);
        let connection = opened.map_err(|error| error.at(path))?;
        let answer = read(&connection).map_err(|error| error.at(path));
        let mut idle = idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < IDLE_MAX {
            idle.push(connection);
        }
        answer
    }

    /// Reads every feed, in the order in which they were first seen.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn feeds(&self) -> Result<Vec<FeedRow>, Error> {
        self.with(feeds)
    }

    /// Reads one feed.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn feed(&self, feed: FeedId) -> Result<Option<FeedRow>, Error> {
        self.with(|connection| {
            let mut rows = connection.prepare_cached("SELECT * FROM feed WHERE id = ?1")?;
            Ok(rows.query_row([feed.0], feed_row).optional()?)
        })
    }

    /// Reads every endpoint by number and name, also those no longer in the settings.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn endpoints(&self) -> Result<Vec<(EndpointId, String)>, Error> {
        self.with(|connection| {
            let mut rows =
                connection.prepare_cached("SELECT id, name FROM endpoint ORDER BY id")?;
            let pairs = rows.query_map([], |row| Ok((EndpointId(row.get(0)?), row.get(1)?)))?;
            Ok(pairs.collect::<Result<_, _>>()?)
        })
    }

    /// Reads what the ledger remembers of a key.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn ledger_get(&self, endpoint: EndpointId, key: &str) -> Result<Option<LedgerRow>, Error> {
        self.with(|connection| {
            let mut rows = connection.prepare_cached(
                "SELECT content, state, at FROM ledger WHERE endpoint = ?1 AND key = ?2",
            )?;
            Ok(rows.query_row((endpoint.0, key), ledger_row).optional()?)
        })
    }
}

impl fmt::Debug for Reader {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Reader").field("path", &self.pool.path).finish_non_exhaustive()
    }
}

/// Reads every feed over a given connection.
pub(crate) fn feeds(connection: &Connection) -> Result<Vec<FeedRow>, Error> {
    let mut rows = connection.prepare_cached("SELECT * FROM feed ORDER BY id")?;
    let feeds = rows.query_map([], feed_row)?;
    Ok(feeds.collect::<Result<_, _>>()?)
}

pub(crate) fn feed_row(row: &Row<'_>) -> rusqlite::Result<FeedRow> {
    Ok(FeedRow {
        id: FeedId(row.get("id")?),
        source: row.get("source")?,
        feed: row.get("name")?,
        cursor: row.get("cursor")?,
        version_next: unsigned(row.get("version_next")?),
        totals: Totals {
            pulled: unsigned(row.get("pulled")?),
            accepted: unsigned(row.get("accepted")?),
            quarantined: unsigned(row.get("quarantined")?),
            released: unsigned(row.get("released")?),
            discarded: unsigned(row.get("discarded")?),
        },
        attempt: row.get("attempt")?,
        due_at: row.get("due_at")?,
        halted: row.get("halted")?,
        last_pass_at: row.get("last_pass_at")?,
        last_success_at: row.get("last_success_at")?,
        last_news_at: row.get("last_news_at")?,
        calm: row.get("calm")?,
        last_error: row.get("last_error")?,
    })
}

fn ledger_row(row: &Row<'_>) -> rusqlite::Result<LedgerRow> {
    let state: String = row.get("state")?;
    // Anything but a clear "done" means that one has to look.
    let state = if state == "done" { LedgerState::Done } else { LedgerState::Sending };
    Ok(LedgerRow { content: row.get("content")?, state, at: row.get("at")? })
}

/// Reads a provenance from its JSON text.
pub(crate) fn provenance(row: &Row<'_>, column: &str) -> rusqlite::Result<Provenance> {
    json(row, column)
}

/// Reads where a batch was read from, and the digest of the source's bytes.
pub(crate) fn origin(
    row: &Row<'_>,
    column: &str,
) -> rusqlite::Result<(Vec<SourceSpan>, Option<String>)> {
    json(row, column)
}

/// Reads a stored digest.
pub(crate) fn digest(row: &Row<'_>, column: &str) -> rusqlite::Result<Digest> {
    let bytes: Vec<u8> = row.get(column)?;
    let bytes_read = bytes.len();
    Digest::from_bytes(&bytes).ok_or_else(|| {
        let wrong = format!("a digest of {bytes_read} bytes").into();
        rusqlite::Error::FromSqlConversionFailure(0, Type::Blob, wrong)
    })
}

fn json<T: DeserializeOwned>(row: &Row<'_>, column: &str) -> rusqlite::Result<T> {
    let text: String = row.get(column)?;
    serde_json::from_str(&text)
        .map_err(|error| rusqlite::Error::FromSqlConversionFailure(0, Type::Text, Box::new(error)))
}

pub(crate) mod drift;
mod quarantine;
