//! Writing the ledger and pruning it in small steps.

use crate::integer::signed;
use crate::writer::{Store, Write};
use crate::{EndpointId, Error, LedgerEntry, LedgerState, Options};

/// Rows that one write may prune for each that it adds.
const PRUNE_STEP: u64 = 2;

const DAY_MILLIS: i64 = 24 * 60 * 60 * 1000;

/// Remembers what was sent.
pub(crate) struct PutLedger {
    pub(crate) endpoint: EndpointId,
    pub(crate) entries: Vec<LedgerEntry>,
}

impl Write for PutLedger {
    type Output = ();

    fn apply(&self, store: &mut Store) -> Result<(), Error> {
        for entry in &self.entries {
            store.put_ledger(self.endpoint, entry)?;
        }
        match self.entries.iter().map(|entry| entry.at).max() {
            Some(now) => store.prune_ledger(now, self.entries.len() as u64),
            None => Ok(()),
        }
    }
}

impl Store {
    fn put_ledger(&mut self, endpoint: EndpointId, entry: &LedgerEntry) -> Result<(), Error> {
        let LedgerEntry { key, content, state, at } = entry;
        let state = match state {
            LedgerState::Sending => "sending",
            LedgerState::Done => "done",
        };
        let change = "UPDATE ledger SET content = ?3, state = ?4, at = ?5
                      WHERE endpoint = ?1 AND key = ?2";
        let row = (endpoint.0, key, content, state, at);
        if self.connection.prepare_cached(change)?.execute(row)? == 1 {
            return Ok(());
        }
        let add = "INSERT INTO ledger (endpoint, key, content, state, at)
                   VALUES (?1, ?2, ?3, ?4, ?5)";
        self.connection.prepare_cached(add)?.execute(row)?;
        self.counters.ledger_rows += 1;
        Ok(())
    }

    /// Forgets a few of the oldest rows that are past their time or beyond the bound. A forgotten
    /// key makes the uplink look at the endpoint, so that nothing is lost by it.
    fn prune_ledger(&mut self, now: i64, added: u64) -> Result<(), Error> {
        let Options { ledger_days, ledger_rows_max, .. } = self.options();
        let step = added * PRUNE_STEP;
        let oldest = now.saturating_sub(i64::from(*ledger_days) * DAY_MILLIS);
        let mut forget = self.connection.prepare_cached(
            "DELETE FROM ledger WHERE (endpoint, key) IN (
               SELECT endpoint, key FROM (SELECT endpoint, key, at FROM ledger
                 ORDER BY at LIMIT ?1) WHERE at < ?2)",
        )?;
        let aged = forget.execute((signed(step), oldest))?;
        let left = self.counters.ledger_rows.saturating_sub(aged as u64);
        let beyond = left.saturating_sub(*ledger_rows_max).min(step);
        let counted = forget.execute((signed(beyond), i64::MAX))?;
        drop(forget);
        self.counters.ledger_rows = left.saturating_sub(counted as u64);
        Ok(())
    }
}
