//! Releasing from quarantine: new batches, and the rows that they stand for.

use crate::integer::length;
use crate::writer::{Store, Write};
use crate::{BatchId, Enqueue, Error};

impl Write for Enqueue {
    type Output = Vec<BatchId>;

    fn batches(&self) -> usize {
        self.batches.len()
    }

    fn apply(&self, store: &mut Store) -> Result<Vec<BatchId>, Error> {
        let Self { feed, endpoint, batches, releases, quarantined, rules, at } = self;
        if batches.is_empty() && !releases.is_empty() {
            return Err(Error::Misuse("a release without batches would lose its rows".into()));
        }
        // A row that was mapped again remembers how: a replay has to know what an endpoint holds.
        let mapped = batches.first().filter(|_| endpoint.is_none());
        let mapped = mapped.map(|batch| store.provenance(&batch.header.provenance)).transpose()?;
        for id in releases {
            // A row that is gone was released before: its batch would go up twice. One of another
            // feed is not what the caller has looked at.
            if store.settle_quarantined(*id, "released", mapped, *at)? != Some(*feed) {
                return Err(Error::Unknown { what: "quarantined record", id: id.0 });
            }
        }
        let mut row = store
            .connection
            .prepare_cached("UPDATE feed SET released = released + ?2 WHERE id = ?1")?;
        row.execute((feed.0, length(releases.len())))?;
        drop(row);
        for new in quarantined {
            store.quarantine(*feed, new, *at)?;
        }
        store.count_rules(*feed, rules)?;
        store.add_batches(*feed, *endpoint, batches, *at)
    }
}
