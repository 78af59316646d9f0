//! Reading where the items of a feed differ from its shape.

use lienthong_protocol::DriftKind;
use rusqlite::Connection;

use crate::integer::unsigned;
use crate::{DriftKey, DriftRow, Error, FeedId, Reader};

impl Reader {
    /// Reads what is remembered of a feed's drift, the newest first.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn drifts(&self, feed: FeedId) -> Result<Vec<DriftRow>, Error> {
        self.with(|connection| drifts(connection, feed))
    }
}

/// The first form of the database that remembers drift.
const FORM: i64 = 3;

/// Reads a feed's drift over a given connection. A database that an older program has written, and
/// that nobody has opened for writing since, has none.
pub(crate) fn drifts(connection: &Connection, feed: FeedId) -> Result<Vec<DriftRow>, Error> {
    let form: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if form < FORM {
        return Ok(Vec::new());
    }
    let mut rows = connection.prepare_cached(
        "SELECT kind, path, what, first_at, last_at, place, items FROM drift WHERE feed = ?1
         ORDER BY first_at DESC, kind, path, what",
    )?;
    let rows = rows.query_map([feed.0], |row| {
        let kind: String = row.get("kind")?;
        // A kind that a newer program wrote is left out.
        let Some(kind) = DriftKind::of_name(&kind) else { return Ok(None) };
        Ok(Some(DriftRow {
            key: DriftKey { kind, path: row.get("path")?, what: row.get("what")? },
            first_at: row.get("first_at")?,
            last_at: row.get("last_at")?,
            place: row.get("place")?,
            items: unsigned(row.get("items")?),
        }))
    })?;
    let rows: Vec<Option<DriftRow>> = rows.collect::<Result<_, _>>()?;
    Ok(rows.into_iter().flatten().collect())
}
