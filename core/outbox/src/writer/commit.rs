//! Storing what a stretch of a feed became, together with its cursor.

use lienthong_protocol::{BATCH_RECORDS_MAX, RuleCount, SealedBatch};
use tokio::sync::OwnedSemaphorePermit;

use crate::integer::{length, signed};
use crate::writer::store::json;
use crate::writer::{Store, Write};
use crate::{BatchId, Commit, EndpointId, Error, FeedId};

/// Places that a batch takes in the order of delivery: more than it can have parts.
const PLACES: i64 = 1 << PLACES_BITS;
const PLACES_BITS: u32 = 10;
const _: () = assert!(BATCH_RECORDS_MAX < 1 << PLACES_BITS);

/// A commit with its place in the queue.
pub(crate) struct PermittedCommit {
    pub(crate) commit: Commit,
    pub(crate) _permit: OwnedSemaphorePermit,
}

impl Write for PermittedCommit {
    type Output = Vec<BatchId>;

    fn batches(&self) -> usize {
        self.commit.batches.len()
    }

    fn apply(&self, store: &mut Store) -> Result<Vec<BatchId>, Error> {
        let Commit { feed, batches, quarantined, rules, at, .. } = &self.commit;
        let more = batches.iter().map(|batch| batch.body.len() as u64).sum();
        store.check_room(more, quarantined)?;
        store.move_cursor(&self.commit)?;
        let ids = store.add_batches(*feed, None, batches, *at)?;
        for new in quarantined {
            store.quarantine(*feed, new, *at)?;
        }
        store.count_rules(*feed, rules)?;
        Ok(ids)
    }
}

impl Store {
    /// Stores batches and lets them wait at one endpoint, or at all that get the feed.
    pub(crate) fn add_batches(
        &mut self,
        feed: FeedId,
        endpoint: Option<EndpointId>,
        batches: &[SealedBatch],
        at: i64,
    ) -> Result<Vec<BatchId>, Error> {
        if batches.is_empty() {
            return Ok(Vec::new());
        }
        let endpoints = match endpoint {
            Some(endpoint) => {
                self.check_route(endpoint, feed)?;
                vec![endpoint]
            }
            None => self.routes(feed)?,
        };
        if endpoints.is_empty() {
            // Nobody would ever fetch the batches, and the cursor would be past them.
            return Err(Error::Misuse(format!("feed {} has no endpoint", feed.0)));
        }
        let mut ids = Vec::with_capacity(batches.len());
        for batch in batches {
            let place = self.counters.batch_next.saturating_mul(PLACES);
            let id = self.insert_batch(feed, place, batch, at)?;
            for endpoint in &endpoints {
                self.insert_delivery(*endpoint, feed, place, id, batch, at)?;
            }
            ids.push(id);
        }
        Ok(ids)
    }

    /// Stores one batch.
    pub(crate) fn insert_batch(
        &mut self,
        feed: FeedId,
        place: i64,
        batch: &SealedBatch,
        at: i64,
    ) -> Result<BatchId, Error> {
        let header = &batch.header;
        let provenance = self.provenance(&header.provenance)?;
        let origin = json(&(&header.spans, &header.source_digest))?;
        let id = self.counters.batch_next;
        let mut row = self.connection.prepare_cached(
            "INSERT INTO batch (id, feed, place, count, version_first, version_last, bytes,
               stored_at, provenance, digest, origin, body)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
        )?;
        row.execute((
            id,
            feed.0,
            place,
            header.count,
            signed(header.version_first),
            signed(version_last(batch)),
            length(batch.body.len()),
            at,
            provenance,
            batch.digest.as_bytes(),
            origin,
            &batch.body[..],
        ))?;
        self.counters.batch_next += 1;
        self.counters.waiting_bytes += batch.body.len() as u64;
        Ok(BatchId(id))
    }

    /// Lets a stored batch wait at an endpoint.
    pub(crate) fn insert_delivery(
        &self,
        endpoint: EndpointId,
        feed: FeedId,
        place: i64,
        id: BatchId,
        batch: &SealedBatch,
        at: i64,
    ) -> Result<(), Error> {
        let mut row = self.connection.prepare_cached(
            "INSERT INTO delivery (endpoint, feed, place, batch, count, bytes, stored_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?;
        let bytes = length(batch.body.len());
        row.execute((endpoint.0, feed.0, place, id.0, batch.header.count, bytes, at))?;
        Ok(())
    }

    /// Adds to what is counted of broken rules.
    pub(crate) fn count_rules(&self, feed: FeedId, rules: &[RuleCount]) -> Result<(), Error> {
        if rules.is_empty() {
            return Ok(());
        }
        let mut row = self.connection.prepare_cached(
            "INSERT INTO rule_count (feed, rule, warned, refused) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (feed, rule) DO UPDATE SET
               warned = warned + excluded.warned, refused = refused + excluded.refused",
        )?;
        for RuleCount { rule, warned, refused } in rules {
            row.execute((feed.0, rule, signed(*warned), signed(*refused)))?;
        }
        Ok(())
    }

    fn move_cursor(&self, commit: &Commit) -> Result<(), Error> {
        let Commit { feed, pulled, accepted, version_next, .. } = commit;
        let quarantined: u64 = commit.quarantined.iter().map(|new| new.items).sum();
        if *pulled != accepted + quarantined {
            return Err(Error::Misuse(format!(
                "{pulled} items read, {accepted} accepted, {quarantined} in quarantine"
            )));
        }
        let Some(version_first) = version_first(commit) else {
            return Err(Error::Misuse(format!(
                "the versions of feed {} do not rise to {version_next}",
                feed.0
            )));
        };
        let mut row = self.connection.prepare_cached(
            "UPDATE feed SET cursor = coalesce(?2, cursor), version_next = ?3,
               pulled = pulled + ?4, accepted = accepted + ?5, quarantined = quarantined + ?6
             WHERE id = ?1 AND version_next <= ?7",
        )?;
        let moved = row.execute((
            feed.0,
            commit.cursor.as_deref(),
            signed(*version_next),
            signed(*pulled),
            signed(*accepted),
            signed(quarantined),
            signed(version_first),
        ))?;
        if moved == 1 {
            return Ok(());
        }
        Err(Error::Misuse(format!("feed {} is unknown or past version {version_first}", feed.0)))
    }
}

/// The first version that a commit covers, if all its versions rise and stay below the next one:
/// two records with one version, and the hub would drop one of them.
fn version_first(commit: &Commit) -> Option<u64> {
    let mut next = 0;
    for batch in &commit.batches {
        if batch.header.version_first < next {
            return None;
        }
        next = version_last(batch).saturating_add(1);
    }
    if next > commit.version_next {
        return None;
    }
    let first = commit.batches.first().map(|batch| batch.header.version_first);
    Some(first.unwrap_or(commit.version_next))
}

pub(crate) fn version_last(batch: &SealedBatch) -> u64 {
    let header = &batch.header;
    let versions = u64::from(header.count) + header.skipped.len() as u64;
    header.version_first.saturating_add(versions).saturating_sub(1)
}
