//! Reading what waits: the rows in order, and a batch with its bytes.

use std::collections::HashSet;

use bytes::Bytes;
use lienthong_protocol::{Digest, SealedBatch, open_header};
use rusqlite::{OptionalExtension as _, Row};

use crate::integer::{length, unsigned};
use crate::{BatchId, EndpointId, Error, FeedId, Reader, WaitingRow};

impl Reader {
    /// Reads what waits at an endpoint of a feed, in the order of delivery.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn waiting(
        &self,
        endpoint: EndpointId,
        feed: FeedId,
        limit: usize,
    ) -> Result<Vec<WaitingRow>, Error> {
        self.waiting_without(endpoint, feed, limit, &HashSet::new())
    }

    /// The same without the batches that are being settled at this moment.
    pub(crate) fn waiting_without(
        &self,
        endpoint: EndpointId,
        feed: FeedId,
        limit: usize,
        settling: &HashSet<BatchId>,
    ) -> Result<Vec<WaitingRow>, Error> {
        self.with(|connection| {
            let mut rows = connection.prepare_cached(
                "SELECT batch, place, attempt, due_at, count, bytes, stored_at, error
                 FROM delivery WHERE endpoint = ?1 AND feed = ?2 ORDER BY place LIMIT ?3",
            )?;
            let asked = length(limit.saturating_add(settling.len()));
            let mut waiting = Vec::new();
            let mut found = rows.query((endpoint.0, feed.0, asked))?;
            while let Some(row) = found.next()? {
                let row = waiting_row(row)?;
                if waiting.len() < limit && !settling.contains(&row.batch) {
                    waiting.push(row);
                }
            }
            Ok(waiting)
        })
    }

    /// Reads a batch as it goes on the wire.
    ///
    /// # Errors
    /// [`Error::Unknown`] when it is settled everywhere; [`Error::Altered`] when its bytes are not
    /// those that were written.
    pub fn load(&self, batch: BatchId) -> Result<SealedBatch, Error> {
        let stored: Option<(Vec<u8>, Vec<u8>)> = self.with(|connection| {
            let mut rows =
                connection.prepare_cached("SELECT digest, body FROM batch WHERE id = ?1")?;
            let read = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?));
            Ok(rows.query_row([batch.0], read).optional()?)
        })?;
        let Some((digest, body)) = stored else {
            return Err(Error::Unknown { what: "batch", id: batch.0 });
        };
        let digest = Digest::from_bytes(&digest).ok_or(Error::Altered { batch })?;
        if Digest::of(&body) != digest {
            return Err(Error::Altered { batch });
        }
        let header = open_header(&body).map_err(|_| Error::Altered { batch })?;
        Ok(SealedBatch::from_parts(header, Bytes::from(body), digest))
    }
}

fn waiting_row(row: &Row<'_>) -> rusqlite::Result<WaitingRow> {
    Ok(WaitingRow {
        batch: BatchId(row.get("batch")?),
        place: row.get("place")?,
        attempt: row.get("attempt")?,
        due_at: row.get("due_at")?,
        count: row.get("count")?,
        bytes: unsigned(row.get("bytes")?),
        stored_at: row.get("stored_at")?,
        error: row.get("error")?,
    })
}
