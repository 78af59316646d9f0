//! The last heartbeat of every agency, beside what the hub had received when it came.

use jiff::Timestamp;
use lienthong_protocol::Heartbeat;
use rusqlite::{Connection, Transaction, params};

use super::{FeedTotals, StoreError, read};

/// A heartbeat to be stored.
#[derive(Debug)]
pub(crate) struct HeartbeatWork {
    /// What the connector said.
    pub(crate) heartbeat: Heartbeat,
    /// When it came.
    pub(crate) received_at: Timestamp,
}

/// The last heartbeat of an agency.
#[derive(Clone, Debug)]
pub(crate) struct StoredHeartbeat {
    /// What the connector said.
    pub(crate) heartbeat: Heartbeat,
    /// When it came.
    pub(crate) received_at: Timestamp,
    /// The totals of the agency's feeds at that moment: what the connector's counts are compared
    /// with, since later batches are not in them.
    pub(crate) totals: Vec<FeedTotals>,
}

pub(super) fn store(transaction: &Transaction<'_>, work: &HeartbeatWork) -> Result<(), StoreError> {
    let agency = &work.heartbeat.agency;
    let mut totals = read::feed_totals(transaction)?;
    totals.retain(|feed| feed.name.agency == *agency);
    let unwritable = |_| StoreError::Damaged("a heartbeat can't be written");
    transaction
        .prepare_cached(
            "INSERT INTO heartbeats (agency, received_at, heartbeat, totals)
             VALUES (?1, ?2, ?3, ?4) ON CONFLICT (agency) DO UPDATE SET
             received_at = excluded.received_at, heartbeat = excluded.heartbeat,
             totals = excluded.totals",
        )?
        .execute(params![
            agency,
            work.received_at.as_microsecond(),
            serde_json::to_vec(&work.heartbeat).map_err(unwritable)?,
            serde_json::to_vec(&totals).map_err(unwritable)?,
        ])?;
    Ok(())
}

/// The last heartbeat of every agency that ever sent one.
pub(crate) fn all(connection: &Connection) -> Result<Vec<StoredHeartbeat>, StoreError> {
    let mut query = connection
        .prepare_cached("SELECT received_at, heartbeat, totals FROM heartbeats ORDER BY agency")?;
    let mut rows = query.query([])?;
    let mut beats = Vec::new();
    let unreadable = |_| StoreError::Damaged("a heartbeat can't be read");
    while let Some(row) = rows.next()? {
        beats.push(StoredHeartbeat {
            received_at: Timestamp::from_microsecond(row.get(0)?)
                .map_err(|_| StoreError::Damaged("a heartbeat has no time"))?,
            heartbeat: serde_json::from_slice(row.get_ref(1)?.as_blob().unwrap_or_default())
                .map_err(unreadable)?,
            totals: serde_json::from_slice(row.get_ref(2)?.as_blob().unwrap_or_default())
                .map_err(unreadable)?,
        });
    }
    Ok(beats)
}
