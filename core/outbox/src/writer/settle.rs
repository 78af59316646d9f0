//! Settling, postponing and replacing what waits at an endpoint.

use lienthong_protocol::SealedBatch;
use rusqlite::OptionalExtension as _;

use crate::integer::{signed, unsigned};
use crate::pending::PendingMark;
use crate::writer::{Haste, Store, Write};
use crate::{BatchId, EndpointId, Error, FeedId, Settlement};

/// A settlement whose batch no longer waits.
pub(crate) struct MarkedSettlement {
    pub(crate) settlement: Settlement,
    pub(crate) _mark: PendingMark,
}

/// A failed delivery, to be tried again.
pub(crate) struct Postpone {
    pub(crate) endpoint: EndpointId,
    pub(crate) batch: BatchId,
    pub(crate) attempt: u32,
    pub(crate) due_at: i64,
    pub(crate) error: String,
}

/// A batch cut up for one endpoint.
pub(crate) struct Replace {
    pub(crate) endpoint: EndpointId,
    pub(crate) batch: BatchId,
    pub(crate) parts: Vec<SealedBatch>,
}

/// A batch that waits at an endpoint.
pub(crate) struct Delivery {
    pub(crate) endpoint: EndpointId,
    pub(crate) feed: FeedId,
    pub(crate) place: i64,
    pub(crate) batch: BatchId,
    pub(crate) count: u64,
    pub(crate) bytes: u64,
    pub(crate) stored_at: i64,
}

impl Write for MarkedSettlement {
    type Output = ();

    const HASTE: Haste = Haste::Lazy;

    fn apply(&self, store: &mut Store) -> Result<(), Error> {
        let settlement = &self.settlement;
        let found = store.delivery(settlement.endpoint, settlement.batch)?;
        // Said twice, or by a delivery that was overtaken by a restart: nothing is left to do.
        let Some(delivery) = found else { return Ok(()) };
        let refused = settlement.refused.len() as u64;
        let Settlement { delivered, unchanged, superseded, .. } = settlement;
        if delivered + unchanged + superseded + refused != delivery.count {
            return Err(Error::Misuse(format!(
                "batch {} has {} records, its settlement speaks of {}",
                delivery.batch.0,
                delivery.count,
                delivered + unchanged + superseded + refused
            )));
        }
        store.write_history(&delivery, settlement)?;
        store.count_settled(&delivery, settlement)?;
        for new in &settlement.refused {
            store.quarantine(delivery.feed, new, settlement.at)?;
        }
        store.end_delivery(&delivery)
    }
}

impl Write for Postpone {
    type Output = ();

    fn apply(&self, store: &mut Store) -> Result<(), Error> {
        let Some(delivery) = store.delivery(self.endpoint, self.batch)? else {
            return Err(Error::Unknown { what: "waiting batch", id: self.batch.0 });
        };
        let mut row = store.connection.prepare_cached(
            "UPDATE delivery SET attempt = ?4, due_at = ?5, error = ?6
             WHERE endpoint = ?1 AND feed = ?2 AND place = ?3",
        )?;
        let Delivery { endpoint, feed, place, .. } = delivery;
        row.execute((endpoint.0, feed.0, place, self.attempt, self.due_at, &self.error))?;
        Ok(())
    }
}

impl Write for Replace {
    type Output = Vec<BatchId>;

    fn batches(&self) -> usize {
        self.parts.len()
    }

    fn apply(&self, store: &mut Store) -> Result<Vec<BatchId>, Error> {
        let Some(delivery) = store.delivery(self.endpoint, self.batch)? else {
            return Err(Error::Unknown { what: "waiting batch", id: self.batch.0 });
        };
        let count: u64 = self.parts.iter().map(|part| u64::from(part.header.count)).sum();
        if count != delivery.count {
            let whole = delivery.count;
            return Err(Error::Misuse(format!("{count} records in parts of a batch of {whole}")));
        }
        // The whole batch goes first: its first part takes the very same place.
        store.end_delivery(&delivery)?;
        let mut place = delivery.place;
        let mut ids = Vec::with_capacity(self.parts.len());
        for part in &self.parts {
            let id = store.insert_batch(delivery.feed, place, part, delivery.stored_at)?;
            let Delivery { endpoint, feed, stored_at, .. } = delivery;
            store.insert_delivery(endpoint, feed, place, id, part, stored_at)?;
            ids.push(id);
            place += i64::from(part.header.count);
        }
        Ok(ids)
    }
}

impl Store {
    /// Finds a batch that waits at an endpoint.
    pub(crate) fn delivery(
        &self,
        endpoint: EndpointId,
        batch: BatchId,
    ) -> Result<Option<Delivery>, Error> {
        let mut rows = self.connection.prepare_cached(
            "SELECT d.feed, d.place, d.count, d.bytes, d.stored_at FROM batch AS b
             JOIN delivery AS d ON d.endpoint = ?1 AND d.feed = b.feed AND d.place = b.place
             WHERE b.id = ?2 AND d.batch = ?2",
        )?;
        let delivery = rows.query_row((endpoint.0, batch.0), |row| {
            Ok(Delivery {
                endpoint,
                feed: FeedId(row.get(0)?),
                place: row.get(1)?,
                batch,
                count: unsigned(row.get(2)?),
                bytes: unsigned(row.get(3)?),
                stored_at: row.get(4)?,
            })
        });
        Ok(delivery.optional()?)
    }

    /// Takes a batch off an endpoint, and deletes it when it waits nowhere else.
    pub(crate) fn end_delivery(&mut self, delivery: &Delivery) -> Result<(), Error> {
        let Delivery { endpoint, feed, place, batch, bytes, .. } = delivery;
        let end = "DELETE FROM delivery WHERE endpoint = ?1 AND feed = ?2 AND place = ?3";
        self.connection.prepare_cached(end)?.execute((endpoint.0, feed.0, place))?;
        let mut delete = self.connection.prepare_cached(
            "DELETE FROM batch WHERE id = ?1 AND NOT EXISTS (
               SELECT 1 FROM endpoint AS e JOIN delivery AS d
                 ON d.endpoint = e.id AND d.feed = ?2 AND d.place = ?3 WHERE d.batch = ?1)",
        )?;
        let deleted = delete.execute((batch.0, feed.0, place))?;
        if deleted == 1 {
            self.counters.waiting_bytes = self.counters.waiting_bytes.saturating_sub(*bytes);
        }
        Ok(())
    }

    fn count_settled(&self, delivery: &Delivery, settlement: &Settlement) -> Result<(), Error> {
        let mut row = self.connection.prepare_cached(
            "UPDATE route SET delivered = delivered + ?3, unchanged = unchanged + ?4,
               superseded = superseded + ?5, refused = refused + ?6, last_settled_at = ?7
             WHERE endpoint = ?1 AND feed = ?2",
        )?;
        row.execute((
            delivery.endpoint.0,
            delivery.feed.0,
            signed(settlement.delivered),
            signed(settlement.unchanged),
            signed(settlement.superseded),
            signed(settlement.refused.len() as u64),
            settlement.at,
        ))?;
        Ok(())
    }
}
