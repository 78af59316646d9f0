//! Routes: which endpoint gets which feed.

use crate::integer::unsigned;
use crate::writer::settle::Delivery;
use crate::writer::{Store, Write};
use crate::{BatchId, EndpointId, Error, FeedId, Settlement};

/// Deliveries that one step of dropping an endpoint ends.
const DROP_STEP: i64 = 256;

/// Says which feeds an endpoint gets from now on.
pub(crate) struct Register {
    pub(crate) name: String,
    pub(crate) feeds: Vec<FeedId>,
}

/// Ends some deliveries of an endpoint that is to be forgotten.
pub(crate) struct DropStep {
    pub(crate) endpoint: EndpointId,
    pub(crate) at: i64,
}

impl Write for Register {
    type Output = EndpointId;

    fn apply(&self, store: &mut Store) -> Result<EndpointId, Error> {
        let connection = &store.connection;
        let add = "INSERT INTO endpoint (name) VALUES (?1) ON CONFLICT DO NOTHING";
        connection.execute(add, [&self.name])?;
        let find = "SELECT id FROM endpoint WHERE name = ?1";
        let endpoint: i64 = connection.query_row(find, [&self.name], |row| row.get(0))?;
        connection.execute("UPDATE route SET active = 0 WHERE endpoint = ?1", [endpoint])?;
        for feed in &self.feeds {
            connection.execute(
                "INSERT INTO route (endpoint, feed) VALUES (?1, ?2)
                 ON CONFLICT DO UPDATE SET active = 1",
                (endpoint, feed.0),
            )?;
        }
        store.forget_routes();
        Ok(EndpointId(endpoint))
    }
}

impl Write for DropStep {
    /// Whether anything is left.
    type Output = bool;

    fn apply(&self, store: &mut Store) -> Result<bool, Error> {
        let waiting = store.first_deliveries(self.endpoint)?;
        for delivery in &waiting {
            let settlement = Settlement {
                endpoint: self.endpoint,
                batch: delivery.batch,
                delivered: 0,
                unchanged: 0,
                superseded: 0,
                refused: Vec::new(),
                receipt: Some("not delivered: the endpoint was dropped".into()),
                at: self.at,
            };
            store.write_history(delivery, &settlement)?;
            store.end_delivery(delivery)?;
        }
        if !waiting.is_empty() {
            return Ok(true);
        }
        // The endpoint's row stays: history and quarantine name it.
        store.connection.execute("DELETE FROM route WHERE endpoint = ?1", [self.endpoint.0])?;
        store.forget_routes();
        Ok(false)
    }
}

impl Store {
    /// Refuses an endpoint that has never got a feed: nobody would fetch a batch there.
    pub(crate) fn check_route(&self, endpoint: EndpointId, feed: FeedId) -> Result<(), Error> {
        let find = "SELECT EXISTS (SELECT 1 FROM route WHERE endpoint = ?1 AND feed = ?2)";
        let mut rows = self.connection.prepare_cached(find)?;
        if rows.query_row((endpoint.0, feed.0), |row| row.get(0))? {
            return Ok(());
        }
        Err(Error::Misuse(format!("endpoint {} does not get feed {}", endpoint.0, feed.0)))
    }

    fn first_deliveries(&self, endpoint: EndpointId) -> Result<Vec<Delivery>, Error> {
        let mut rows = self.connection.prepare_cached(
            "SELECT feed, place, batch, count, bytes, stored_at FROM delivery
             WHERE endpoint = ?1 ORDER BY feed, place LIMIT ?2",
        )?;
        let deliveries = rows.query_map((endpoint.0, DROP_STEP), |row| {
            Ok(Delivery {
                endpoint,
                feed: FeedId(row.get(0)?),
                place: row.get(1)?,
                batch: BatchId(row.get(2)?),
                count: unsigned(row.get(3)?),
                bytes: unsigned(row.get(4)?),
                stored_at: row.get(5)?,
            })
        })?;
        Ok(deliveries.collect::<Result<_, _>>()?)
    }
}
