//! The writer's connection with what it keeps in memory, and its transactions.

use std::path::PathBuf;

use lienthong_protocol::Provenance;
use rusqlite::Connection;
use zstd::bulk::Compressor;

use crate::integer::unsigned;
use crate::quarantine::QUARANTINE_ZSTD_LEVEL;
use crate::writer::Job;
use crate::writer::quarantine::Recent;
use crate::{EndpointId, Error, FeedId, Options};

/// Provenances that are recognised without asking the database.
const PROVENANCES_MAX: usize = 64;

/// What would take a scan to count: kept in memory, put back when a transaction is rolled back.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Counters {
    /// The number of the next batch.
    pub(crate) batch_next: i64,
    /// Bytes of the batches that wait.
    pub(crate) waiting_bytes: u64,
    /// Bytes of what waits in quarantine, compressed.
    pub(crate) quarantine_bytes: u64,
    /// Rows of the ledger.
    pub(crate) ledger_rows: u64,
}

/// The one connection that writes.
pub(crate) struct Store {
    pub(crate) connection: Connection,
    pub(crate) counters: Counters,
    pub(crate) recent: Recent,
    pub(crate) compressor: Compressor<'static>,
    /// Lines added to the history in this transaction, and the latest time among them.
    pub(crate) history_added: i64,
    pub(crate) history_at: i64,
    path: PathBuf,
    options: Options,
    provenances: Vec<(Provenance, i64)>,
    routes: Vec<(FeedId, Vec<EndpointId>)>,
}

impl Store {
    /// Takes a connection over and counts what is there.
    pub(crate) fn new(
        connection: Connection,
        path: PathBuf,
        options: Options,
    ) -> Result<Self, Error> {
        let counters = count(&connection)?;
        let recent = Recent::load(&connection)?;
        let compressor = Compressor::new(QUARANTINE_ZSTD_LEVEL)
            .map_err(|_| Error::Misuse("zstd has no such level".into()))?;
        // Who gets what is said anew by each start, from the settings.
        connection.execute("UPDATE route SET active = 0 WHERE active = 1", [])?;
        Ok(Self {
            connection,
            counters,
            recent,
            compressor,
            history_added: 0,
            history_at: 0,
            path,
            options,
            provenances: Vec::new(),
            routes: Vec::new(),
        })
    }

    pub(crate) fn options(&self) -> &Options {
        &self.options
    }

    /// Writes a group in one transaction, durable when this returns; or nothing of it.
    pub(crate) fn transact(&mut self, group: &mut [Box<dyn Job>]) -> Result<(), Error> {
        let before = self.counters;
        let outcome = self.try_transact(group);
        if outcome.is_err() {
            self.counters = before;
            (self.history_added, self.history_at) = (0, 0);
            self.provenances.clear();
            self.routes.clear();
            // SQLite itself rolls back after some failures.
            if !self.connection.is_autocommit()
                && let Err(error) = self.connection.execute_batch("ROLLBACK")
            {
                tracing::error!(%error, "the outbox could not roll back");
            }
        }
        outcome.map_err(|error| error.at(&self.path))
    }

    fn try_transact(&mut self, group: &mut [Box<dyn Job>]) -> Result<(), Error> {
        self.execute("BEGIN IMMEDIATE")?;
        for job in group {
            job.apply(self)?;
        }
        self.prune_history()?;
        self.execute("COMMIT")
    }

    fn execute(&self, sql: &str) -> Result<(), Error> {
        self.connection.prepare_cached(sql)?.execute([])?;
        Ok(())
    }

    /// Copies the log into the file and empties it.
    pub(crate) fn checkpoint(&self) -> Result<(), Error> {
        let checkpoint =
            self.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
        checkpoint.map_err(|error| Error::from(error).at(&self.path))
    }

    /// The number of a provenance, stored once.
    pub(crate) fn provenance(&mut self, provenance: &Provenance) -> Result<i64, Error> {
        let known = self.provenances.iter().find(|(known, _)| known == provenance);
        if let Some((_, id)) = known {
            return Ok(*id);
        }
        let text = json(provenance)?;
        let add = "INSERT INTO provenance (text) VALUES (?1) ON CONFLICT DO NOTHING";
        self.connection.prepare_cached(add)?.execute([&text])?;
        let find = "SELECT id FROM provenance WHERE text = ?1";
        let id = self.connection.prepare_cached(find)?.query_row([&text], |row| row.get(0))?;
        if self.provenances.len() >= PROVENANCES_MAX {
            self.provenances.clear();
        }
        self.provenances.push((provenance.clone(), id));
        Ok(id)
    }

    /// The endpoints that get a feed.
    pub(crate) fn routes(&mut self, feed: FeedId) -> Result<Vec<EndpointId>, Error> {
        let known = self.routes.iter().find(|(known, _)| *known == feed);
        if let Some((_, endpoints)) = known {
            return Ok(endpoints.clone());
        }
        let mut rows = self.connection.prepare_cached(
            "SELECT endpoint FROM route WHERE feed = ?1 AND active = 1 ORDER BY endpoint",
        )?;
        let endpoints = rows.query_map([feed.0], |row| Ok(EndpointId(row.get(0)?)))?;
        let endpoints: Vec<EndpointId> = endpoints.collect::<Result<_, _>>()?;
        self.routes.push((feed, endpoints.clone()));
        Ok(endpoints)
    }

    /// Forgets who gets what, after it was changed.
    pub(crate) fn forget_routes(&mut self) {
        self.routes.clear();
    }
}

/// Writes a value as JSON text for a column.
pub(crate) fn json<T: serde::Serialize>(value: &T) -> Result<String, Error> {
    serde_json::to_string(value).map_err(|error| Error::Misuse(error.to_string()))
}

fn count(connection: &Connection) -> Result<Counters, Error> {
    let number = |sql: &str| connection.query_row(sql, [], |row| row.get::<_, i64>(0));
    Ok(Counters {
        batch_next: 1 + number(
            "SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'batch'",
        )?,
        waiting_bytes: unsigned(number("SELECT coalesce(sum(bytes), 0) FROM batch")?),
        quarantine_bytes: unsigned(number(
            "SELECT coalesce(sum(length(raw)), 0) FROM quarantine_raw",
        )?),
        ledger_rows: unsigned(number("SELECT count(*) FROM ledger")?),
    })
}
