//! The tables of the store, and how its connections are set up.

use std::path::Path;

use rusqlite::Connection;

use crate::Error;

/// The form of the tables, in `user_version`.
const FORM: i64 = 2;

/// "lthb" in `application_id`, so that another program's file is not taken for a store.
const APPLICATION: i64 = 0x6c74_6862;

/// The writer's page cache in KiB: most of what the hub may hold in memory.
const WRITER_CACHE_KIB: i64 = 24 * 1024;

/// Pages in the write-ahead log before it is copied into the file: hot pages of the record index
/// are then copied once for many commits.
const CHECKPOINT_PAGES: i64 = 4000;

/// A record's row is small and lies in the order of its feed and key; its text stays in the batch
/// that brought it, as it came. Rows of new batches wait in `pending`, see `index`. The digests of
/// batches are the one random key that is written at once; there is one in up to 500 records.
const TABLES: &str = "
CREATE TABLE feeds (
    id INTEGER PRIMARY KEY,
    agency TEXT NOT NULL,
    source TEXT NOT NULL,
    feed TEXT NOT NULL,
    record_type TEXT NOT NULL,
    records INTEGER NOT NULL DEFAULT 0,
    batches INTEGER NOT NULL DEFAULT 0,
    accepted INTEGER NOT NULL DEFAULT 0,
    unchanged INTEGER NOT NULL DEFAULT 0,
    refused INTEGER NOT NULL DEFAULT 0,
    repeated INTEGER NOT NULL DEFAULT 0,
    received_at INTEGER NOT NULL DEFAULT 0,
    UNIQUE (agency, source, feed)
) STRICT;

CREATE TABLE batches (
    id INTEGER PRIMARY KEY,
    feed_id INTEGER NOT NULL REFERENCES feeds (id),
    digest BLOB NOT NULL,
    received_at INTEGER NOT NULL,
    receipt BLOB NOT NULL,
    body BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX batches_by_digest ON batches (digest);

CREATE TABLE records (
    feed_id INTEGER NOT NULL,
    key TEXT NOT NULL,
    revision INTEGER NOT NULL,
    version INTEGER NOT NULL,
    batch_id INTEGER NOT NULL,
    place INTEGER NOT NULL,
    content INTEGER NOT NULL,
    PRIMARY KEY (feed_id, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE pending (
    batch_id INTEGER PRIMARY KEY REFERENCES batches (id),
    rows BLOB NOT NULL
) STRICT;

CREATE TABLE heartbeats (
    agency TEXT PRIMARY KEY,
    received_at INTEGER NOT NULL,
    heartbeat BLOB NOT NULL,
    totals BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE dvcqg_dossiers (
    code TEXT PRIMARY KEY,
    account TEXT NOT NULL,
    record TEXT NOT NULL,
    changed_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE dvcqg_writes (
    id INTEGER PRIMARY KEY,
    code TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('insert', 'update', 'insert-refused', 'update-refused')),
    written_at INTEGER NOT NULL
) STRICT;

CREATE TABLE dvcqg_progress (
    id INTEGER PRIMARY KEY,
    code TEXT NOT NULL,
    account TEXT NOT NULL,
    content INTEGER NOT NULL,
    record TEXT NOT NULL,
    received_at INTEGER NOT NULL
) STRICT;
CREATE INDEX dvcqg_progress_by_code ON dvcqg_progress (code, content);
";

/// The second form: the state of a record beside its row, the subjects of steps, and how often rules
/// of the standard were broken. Rows that wait are read in either form, see `blob`.
const SECOND: &str = "
ALTER TABLE records ADD COLUMN state INTEGER NOT NULL DEFAULT 0;
ALTER TABLE pending ADD COLUMN subjects BLOB;
CREATE TABLE rules (
    feed_id INTEGER NOT NULL,
    rule TEXT NOT NULL,
    warned INTEGER NOT NULL DEFAULT 0,
    refused INTEGER NOT NULL DEFAULT 0,
    last_at INTEGER NOT NULL DEFAULT 0,
    examples TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (feed_id, rule)
) STRICT, WITHOUT ROWID;
";

/// Opens the one connection that writes.
pub(super) fn open_writer(path: &Path, bytes_max: Option<u64>) -> Result<Connection, Error> {
    let failed = |source| Error::Store { path: path.to_owned(), source };
    let connection = Connection::open(path).map_err(failed)?;
    let found: i64 =
        connection.pragma_query_value(None, "user_version", |row| row.get(0)).map_err(failed)?;
    if found > FORM {
        return Err(Error::Form { path: path.to_owned(), found, known: FORM });
    }
    set_up(&connection, bytes_max).map_err(failed)?;
    if found < FORM {
        let first = if found == 0 { TABLES } else { "" };
        let pragmas = format!("PRAGMA application_id={APPLICATION};PRAGMA user_version={FORM};");
        let steps = format!("BEGIN;{first};{SECOND};{pragmas}COMMIT;");
        connection.execute_batch(&steps).map_err(failed)?;
    }
    Ok(connection)
}

fn set_up(connection: &Connection, bytes_max: Option<u64>) -> rusqlite::Result<()> {
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "cache_size", -WRITER_CACHE_KIB)?;
    connection.pragma_update(None, "wal_autocheckpoint", CHECKPOINT_PAGES)?;
    connection.pragma_update(None, "journal_size_limit", 64 << 20)?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    connection.set_prepared_statement_cache_capacity(64);
    if let Some(bytes_max) = bytes_max {
        let page: u64 = connection.pragma_query_value(None, "page_size", |row| {
            row.get::<_, i64>(0).map(i64::unsigned_abs)
        })?;
        let pages = i64::try_from(bytes_max / page.max(1)).unwrap_or(i64::MAX).max(1);
        connection.pragma_update(None, "max_page_count", pages)?;
    }
    Ok(())
}

/// Copies the write-ahead log into the file and cuts it to nothing.
pub(super) fn empty_log(connection: &Connection) -> rusqlite::Result<()> {
    connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
}

#[cfg(test)]
mod tests;
