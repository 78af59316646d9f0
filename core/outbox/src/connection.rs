//! Connections to the database: the writer's and the readers', with what each needs set.

use std::path::Path;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use crate::{Error, Options, integer, schema};

/// Twice SQLite's own: fewer overflow pages for bodies of tens of kilobytes; no gain beyond.
const PAGE_BYTES: i64 = 8192;
/// Pages in the log before they are copied into the file: 8 MB.
const CHECKPOINT_PAGES: u32 = 1000;
/// What the log is cut back to after it had to grow.
const LOG_BYTES_MAX: i64 = 32 << 20;
/// Statements kept prepared; there are about forty.
const STATEMENTS: usize = 64;
/// Negative: KiB.
const WRITER_CACHE: i64 = -2048;
const READER_CACHE: i64 = -512;

/// Opens the one connection that writes, creating the database if there is none.
pub(crate) fn open_writer(path: &Path, options: &Options) -> Result<Connection, Error> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_CREATE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(options.busy_timeout)?;
    connection.pragma_update(None, "page_size", PAGE_BYTES)?;
    // The answer is the mode that is now set; a file that can't have it answers with its own.
    let mode: String =
        connection.pragma_update_and_check(None, "journal_mode", "wal", |row| row.get(0))?;
    if mode != "wal" {
        return Err(Error::Misuse(format!("the journal mode is {mode}, not wal")));
    }
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "wal_autocheckpoint", CHECKPOINT_PAGES)?;
    connection.pragma_update(None, "journal_size_limit", LOG_BYTES_MAX)?;
    connection.pragma_update(None, "cache_size", WRITER_CACHE)?;
    if let Some(bytes) = options.database_bytes_max {
        let pages = (integer::signed(bytes) / PAGE_BYTES).max(1);
        connection.pragma_update_and_check(None, "max_page_count", pages, |_| Ok(()))?;
    }
    keep_statements(&connection)?;
    schema::migrate(&mut connection, path)?;
    Ok(connection)
}

/// Opens a connection that can't write.
pub(crate) fn open_reader(path: &Path, busy_timeout: Duration) -> Result<Connection, Error> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(busy_timeout)?;
    connection.pragma_update(None, "cache_size", READER_CACHE)?;
    keep_statements(&connection)?;
    schema::check_readable(&connection, path)?;
    Ok(connection)
}

/// Keeps statements prepared. Plans must not depend on what is bound, or SQLite as it is built here
/// (with STAT4) compiles statements with joins and ranges anew at every use: a third of the CPU, as
/// measured.
fn keep_statements(connection: &Connection) -> Result<(), Error> {
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    Ok(())
}
