//! Sending again what the newest items became under another mapping: new versions, and the rows of
//! the quarantine that they stand for.

use crate::integer::{length, signed};
use crate::writer::commit::version_last;
use crate::writer::{Store, Write};
use crate::{BatchId, Error, Replay};

impl Write for Replay {
    type Output = Vec<BatchId>;

    fn batches(&self) -> usize {
        self.batches.len()
    }

    fn apply(&self, store: &mut Store) -> Result<Vec<BatchId>, Error> {
        let Self { feed, batches, releases, quarantined, at, .. } = self;
        self.check_versions()?;
        let more = batches.iter().map(|batch| batch.body.len() as u64).sum();
        store.check_room(more, quarantined)?;
        let mut row = store.connection.prepare_cached(
            "UPDATE feed SET version_next = ?3, released = released + ?4
             WHERE id = ?1 AND version_next = ?2",
        )?;
        let released = length(releases.len());
        let (first, next) = (signed(self.version_first), signed(self.version_next));
        let moved = row.execute((feed.0, first, next, released))?;
        drop(row);
        if moved != 1 {
            // Something of the source came in between: it would be outranked by what is older.
            return Err(Error::Misuse(format!(
                "feed {} is unknown or not at version {}",
                feed.0, self.version_first
            )));
        }
        for id in releases {
            if store.settle_quarantined(*id, "released", None, *at)? != Some(*feed) {
                return Err(Error::Unknown { what: "quarantined record", id: id.0 });
            }
        }
        for new in quarantined {
            store.quarantine(*feed, new, *at)?;
        }
        store.add_batches(*feed, None, batches, *at)
    }
}

impl Replay {
    /// Two records with one version, and the hub would drop one of them.
    fn check_versions(&self) -> Result<(), Error> {
        let mut next = self.version_first;
        for batch in &self.batches {
            if batch.header.version_first < next {
                return Err(Error::Misuse("the versions of a replay do not rise".to_owned()));
            }
            next = version_last(batch).saturating_add(1);
        }
        let is_inside = |new: &crate::NewQuarantined| {
            let range = self.version_first..self.version_next;
            new.version.is_some_and(|version| range.contains(&version))
        };
        if next > self.version_next || !self.quarantined.iter().all(is_inside) {
            return Err(Error::Misuse("a replay has versions that it does not take".to_owned()));
        }
        Ok(())
    }
}
