//! Writing the delivery history and pruning it in small steps.

use crate::integer::signed;
use crate::writer::Store;
use crate::writer::settle::Delivery;
use crate::{Error, Options, Settlement};

/// Bytes of an endpoint's words that are kept.
const RECEIPT_BYTES_MAX: usize = 2000;
/// Lines that are pruned for each that is added: more, so that a bound that was lowered is reached.
const PRUNE_STEP: i64 = 8;

const DAY_MILLIS: i64 = 24 * 60 * 60 * 1000;

impl Store {
    /// Copies what is to be remembered of a batch, before it is deleted.
    pub(crate) fn write_history(
        &mut self,
        delivery: &Delivery,
        settlement: &Settlement,
    ) -> Result<(), Error> {
        let mut line = self.connection.prepare_cached(
            "INSERT INTO history (feed, endpoint, digest, version_first, version_last, count,
               stored_at, settled_at, delivered, unchanged, superseded, refused, receipt,
               provenance, origin)
             SELECT feed, ?2, digest, version_first, version_last, count,
               stored_at, ?3, ?4, ?5, ?6, ?7, ?8, provenance, origin
             FROM batch WHERE id = ?1",
        )?;
        line.execute((
            delivery.batch.0,
            delivery.endpoint.0,
            settlement.at,
            signed(settlement.delivered),
            signed(settlement.unchanged),
            signed(settlement.superseded),
            signed(settlement.refused.len() as u64),
            settlement.receipt.as_deref().map(beginning),
        ))?;
        drop(line);
        self.history_added += 1;
        self.history_at = self.history_at.max(settlement.at);
        Ok(())
    }

    /// Deletes some of the oldest lines that are past their time or beyond the bound, and as many
    /// traces of rows that left the quarantine as long ago. Done once for a transaction.
    pub(crate) fn prune_history(&mut self) -> Result<(), Error> {
        let step = std::mem::take(&mut self.history_added).saturating_mul(PRUNE_STEP);
        let now = std::mem::take(&mut self.history_at);
        if step == 0 {
            return Ok(());
        }
        let Options { history_days, history_rows_max, .. } = self.options();
        let oldest = now.saturating_sub(i64::from(*history_days) * DAY_MILLIS);
        // Lines leave only at the front, so that the numbers tell how many there are.
        let mut lines = self.connection.prepare_cached(
            "DELETE FROM history WHERE id < ?1 + (SELECT min(id) FROM history)
               AND (settled_at < ?2 OR id <= (SELECT max(id) FROM history) - ?3)",
        )?;
        lines.execute((step, oldest, signed(*history_rows_max)))?;
        let mut traces = self.connection.prepare_cached(
            "DELETE FROM quarantine WHERE id IN (SELECT id FROM quarantine
               WHERE settled_at IS NOT NULL AND settled_at < ?2 ORDER BY settled_at LIMIT ?1)",
        )?;
        traces.execute((step, oldest))?;
        Ok(())
    }
}

fn beginning(text: &str) -> &str {
    let cut = text.floor_char_boundary(RECEIPT_BYTES_MAX);
    text.get(..cut).unwrap_or(text)
}
