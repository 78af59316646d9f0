//! Remembering and forgetting where items differ from their shape.

use crate::drift::DRIFTS_MAX;
use crate::integer::{length, signed};
use crate::writer::{Store, Write};
use crate::{DriftKey, Error, FeedId, SeenDrift};

/// Remembers differences that were seen.
pub(crate) struct NoteDrifts {
    pub(crate) feed: FeedId,
    pub(crate) drifts: Vec<SeenDrift>,
    pub(crate) at: i64,
}

/// Forgets differences that are none any more.
pub(crate) struct ForgetDrifts {
    pub(crate) feed: FeedId,
    pub(crate) keys: Vec<DriftKey>,
}

impl Write for NoteDrifts {
    type Output = ();

    fn apply(&self, store: &mut Store) -> Result<(), Error> {
        let known = "UPDATE drift SET items = items + ?5, last_at = max(last_at, ?6)
                     WHERE feed = ?1 AND kind = ?2 AND path = ?3 AND what = ?4";
        let new = "INSERT INTO drift (feed, kind, path, what, items, first_at, last_at, place)
                   SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?6, ?7
                   WHERE (SELECT count(*) FROM drift WHERE feed = ?1) < ?8";
        for SeenDrift { key, place, items } in &self.drifts {
            let (kind, items) = (key.kind.name(), signed(*items));
            let mut update = store.connection.prepare_cached(known)?;
            let row = (self.feed.0, kind, &key.path, &key.what, items, self.at);
            if update.execute(row)? == 0 {
                let mut insert = store.connection.prepare_cached(new)?;
                let most = length(DRIFTS_MAX);
                let row = (self.feed.0, kind, &key.path, &key.what, items, self.at, place, most);
                insert.execute(row)?;
            }
        }
        Ok(())
    }
}

impl Write for ForgetDrifts {
    type Output = ();

    fn apply(&self, store: &mut Store) -> Result<(), Error> {
        let forget = "DELETE FROM drift WHERE feed = ?1 AND kind = ?2 AND path = ?3 AND what = ?4";
        let mut forget = store.connection.prepare_cached(forget)?;
        for DriftKey { kind, path, what } in &self.keys {
            forget.execute((self.feed.0, kind.name(), path, what))?;
        }
        Ok(())
    }
}
