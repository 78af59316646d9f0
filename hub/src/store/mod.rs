//! The hub's store: one SQLite file, one writer thread that groups commits, readers beside it.
//!
//! What is answered has been committed with `synchronous=FULL`: a hub that is killed at any moment
//! answers a repeated batch with the receipt that it gave, or would have given, before.

mod apply;
mod audit;
mod blob;
mod dossiers;
mod heartbeats;
mod history;
mod index;
mod read;
mod rules;
mod schema;
mod writer;

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use rusqlite::{Connection, ErrorCode, OpenFlags};

use crate::Error;

pub(crate) use apply::{BatchWork, Broken, Entry};
pub(crate) use audit::doubled;
pub(crate) use dossiers::{
    DossierKind, DossierWork, ProgressWork, Written, find_dossier, stats as dvcqg_stats,
};
pub(crate) use heartbeats::{HeartbeatWork, StoredHeartbeat, all as all_heartbeats};
pub(crate) use read::{
    FeedName, FeedTotals, feed_totals, find_record, list_records, stored_receipt,
};
pub(crate) use rules::{RuleTotals, rule_totals};
pub(crate) use writer::{Done, Work, Writer};

/// Readers kept open; a request that finds none opens one of its own.
const READERS_KEPT: usize = 4;

/// What the store's file is called in the data folder.
const FILE: &str = "hub.sqlite";

/// Why the store did not do what it was asked; nothing of the work has been stored.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StoreError {
    /// The disk, or the store's bound, is full.
    #[error("the store is full")]
    Full,
    /// The hub is stopping.
    #[error("the store has been closed")]
    Closed,
    /// More work waits than the store takes in.
    #[error("too much work waits for the store")]
    Busy,
    /// The feed holds records of another type.
    #[error("the feed holds records of type `{known}`")]
    OtherRecordType {
        /// The type it holds.
        known: String,
    },
    /// What is stored contradicts itself.
    #[error("the store is damaged: {0}")]
    Damaged(&'static str),
    /// The writer's thread can't be started.
    #[error("the store's thread can't be started")]
    Thread(#[source] std::io::Error),
    /// SQLite failed.
    #[error("the store failed")]
    Sqlite(#[source] rusqlite::Error),
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::Full,
            _ => Self::Sqlite(error),
        }
    }
}

/// The store of one hub; made by [`Store::open`], ended by [`Store::close`].
#[derive(Debug)]
pub(crate) struct Store {
    path: PathBuf,
    writer: Writer,
    readers: Mutex<Vec<Connection>>,
    /// Held for as long as the store is open: one hub a folder.
    _lock: File,
}

impl Store {
    /// Opens or makes the store in a folder.
    pub(crate) fn open(folder: &Path, bytes_max: Option<u64>) -> Result<Self, Error> {
        let io = |source| Error::Folder { path: folder.to_owned(), source };
        fs::create_dir_all(folder).map_err(io)?;
        let lock = File::create(folder.join("hub.lock")).map_err(io)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(Error::InUse { path: folder.to_owned() });
            }
            Err(TryLockError::Error(source)) => return Err(io(source)),
        }
        let path = folder.join(FILE);
        let connection = schema::open_writer(&path, bytes_max)?;
        let writer = Writer::start(connection)
            .map_err(|source| Error::Damaged { path: path.clone(), source: Box::new(source) })?;
        Ok(Self { path, writer, readers: Mutex::new(Vec::new()), _lock: lock })
    }

    /// The writer.
    pub(crate) fn writer(&self) -> &Writer {
        &self.writer
    }

    /// Runs a query on a reader's connection; blocks.
    pub(crate) fn read<T>(
        &self,
        query: impl FnOnce(&Connection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let kept = self.readers.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let reader = match kept {
            Some(reader) => reader,
            None => self.open_reader()?,
        };
        let answer = query(&reader);
        let mut readers = self.readers.lock().unwrap_or_else(PoisonError::into_inner);
        if readers.len() < READERS_KEPT {
            readers.push(reader);
        }
        answer
    }

    fn open_reader(&self) -> Result<Connection, StoreError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let reader = Connection::open_with_flags(&self.path, flags)?;
        reader.pragma_update(None, "cache_size", -2048)?;
        reader.pragma_update(None, "query_only", true)?;
        reader.busy_timeout(std::time::Duration::from_secs(5))?;
        Ok(reader)
    }

    /// Finishes the work that waits, empties the write-ahead log and stops the writer; blocks.
    pub(crate) fn close(&self) {
        self.readers.lock().unwrap_or_else(PoisonError::into_inner).clear();
        self.writer.stop();
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        self.close();
    }
}

#[cfg(test)]
mod tests;
