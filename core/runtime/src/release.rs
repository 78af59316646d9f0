//! Releasing quarantined items: mapped again, or sent again to the endpoint that refused them.
//!
//! An item keeps the version that it took when it was read. What the source said of the same record
//! afterwards therefore still outranks it.

use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;
use lienthong_mapping::Workspace;
use lienthong_outbox::{
    EndpointId, Enqueue, Error, FeedId, NewQuarantined, Outbox, QuarantineId, QuarantineKind,
    Quarantined,
};
use lienthong_protocol::{BatchWriter, Provenance, RecordTooLong, RuleCount, SealedBatch};
use serde::Serialize;

use crate::mapper::{Refused, RefusedItem};
use crate::present::Present;
use crate::requests::Selection;
use crate::tally::Tally;

/// How many rows are released in one transaction.
const PAGE: u32 = 500;
/// The longest run of versions that a batch leaves out; behind a longer one a new batch begins.
const GAP_MAX: u64 = 200;

/// What became of the selected rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ReleaseReport {
    /// Rows whose record waits for delivery now.
    pub released: u64,
    /// Rows that the mapping or the standard still refuses, or whose record is too long to be sent.
    pub still_refused: u64,
    /// Rows that hold no whole item: the source has to give it again.
    pub not_whole: u64,
    /// Rows of feeds that are not in the settings any more.
    pub without_feed: u64,
}

/// One record to be sent.
struct Ready {
    id: QuarantineId,
    version: u64,
    raw: Bytes,
    provenance: Arc<Provenance>,
}

/// Releases the selected rows. `at` is now, in milliseconds.
///
/// # Errors
/// When the outbox fails; rows of pages before that are released.
pub(crate) async fn release(
    outbox: &Outbox,
    feeds: &BTreeMap<FeedId, Present>,
    selection: &Selection,
    at: i64,
) -> Result<ReleaseReport, Error> {
    let mut report = ReleaseReport::default();
    if !selection.ids.is_empty() {
        let rows = selection.ids.iter().map(|id| outbox.reader().quarantined(QuarantineId(*id)));
        let rows = rows.collect::<Result<Vec<_>, _>>()?;
        release_page(outbox, feeds, rows, at, &mut report).await?;
        return Ok(report);
    }
    let mut filter = selection.filter(PAGE);
    loop {
        let listed = outbox.reader().quarantine(&filter)?;
        let Some(last) = listed.last() else { return Ok(report) };
        filter.after = Some(last.id);
        let rows = listed.iter().map(|row| outbox.reader().quarantined(row.id));
        let rows = rows.collect::<Result<Vec<_>, _>>()?;
        release_page(outbox, feeds, rows, at, &mut report).await?;
    }
}

async fn release_page(
    outbox: &Outbox,
    feeds: &BTreeMap<FeedId, Present>,
    mut rows: Vec<Quarantined>,
    at: i64,
    report: &mut ReleaseReport,
) -> Result<(), Error> {
    rows.sort_by_key(|row| (row.feed, row.version));
    let mut mapped: BTreeMap<FeedId, Vec<Quarantined>> = BTreeMap::new();
    let mut refused: BTreeMap<(FeedId, EndpointId), Vec<Ready>> = BTreeMap::new();
    for row in rows {
        let is_whole = row.raw.as_ref().is_some_and(|raw| raw.len() as u64 == row.raw_bytes);
        match (row.kind, row.version, &row.raw) {
            (QuarantineKind::Rejected, Some(_), _) if is_whole => {
                mapped.entry(row.feed).or_default().push(row);
            }
            (QuarantineKind::Refused { endpoint }, Some(version), Some(raw)) if is_whole => {
                let (id, raw, provenance) = (row.id, raw.clone(), Arc::new(row.provenance));
                let ready = Ready { id, version, raw, provenance };
                refused.entry((row.feed, endpoint)).or_default().push(ready);
            }
            _ => report.not_whole += 1,
        }
    }
    for ((feed, endpoint), records) in refused {
        let batches = records
            .iter()
            .map(|ready| SealedBatch::of_one(&ready.provenance, ready.version, &ready.raw));
        let batches = batches.collect::<Result<Vec<_>, _>>().map_err(unsealed)?;
        let releases: Vec<_> = records.iter().map(|ready| ready.id).collect();
        report.released += releases.len() as u64;
        let (endpoint, quarantined, rules) = (Some(endpoint), Vec::new(), Vec::new());
        let enqueue = Enqueue { feed, endpoint, batches, releases, quarantined, rules, at };
        outbox.enqueue(enqueue).await?;
    }
    for (feed, rows) in mapped {
        let Some(present) = feeds.get(&feed) else {
            report.without_feed += rows.len() as u64;
            continue;
        };
        let again = map_again(present, rows).map_err(unsealed)?;
        report.released += again.releases.len() as u64;
        report.still_refused += again.quarantined.len() as u64;
        let MappedAgain { batches, releases, quarantined, rules } = again;
        let endpoint = None;
        let enqueue = Enqueue { feed, endpoint, batches, releases, quarantined, rules, at };
        outbox.enqueue(enqueue).await?;
    }
    Ok(())
}

#[derive(Default)]
struct MappedAgain {
    batches: Vec<SealedBatch>,
    releases: Vec<QuarantineId>,
    quarantined: Vec<NewQuarantined>,
    rules: Vec<RuleCount>,
}

/// Maps items of one feed, in the order of their versions, with the mapping as it is now.
fn map_again(present: &Present, rows: Vec<Quarantined>) -> std::io::Result<MappedAgain> {
    let mut again = MappedAgain::default();
    let (mut workspace, mut writer) = (Workspace::default(), BatchWriter::default());
    let (mut first, mut tally) = (0, Tally::default());
    let provenance = &present.provenance;
    for row in rows {
        let (Some(version), Some(raw)) = (row.version, row.raw.clone()) else { continue };
        if !writer.is_empty() {
            let gap = version.saturating_sub(first + u64::from(writer.versions()));
            if gap > GAP_MAX || writer.is_full() {
                again.batches.push(writer.seal(provenance, first, Vec::new(), None)?);
            } else {
                (0..gap).for_each(|_| writer.skip());
            }
        }
        let mut too_long: Option<RecordTooLong> = None;
        let applied = present.mapping.apply(&raw, &mut workspace, &mut |submission| {
            too_long = writer.push(submission).err();
        });
        let refused = match (applied, too_long) {
            (Ok(()), None) => {
                if writer.count() == 1 {
                    first = version;
                }
                tally.accepted(workspace.breaches());
                again.releases.push(row.id);
                continue;
            }
            (Ok(()), Some(error)) => Refused::TooLong(error),
            (Err(rejection), _) => Refused::Mapping(rejection),
        };
        let Quarantined { place, source_digest, items, .. } = row;
        let item = RefusedItem { version, place, raw, source_digest, items };
        again.quarantined.push(refused.row(item, provenance));
    }
    if !writer.is_empty() {
        again.batches.push(writer.seal(provenance, first, Vec::new(), None)?);
    }
    again.rules = tally.take(present.mapping.record_type());
    Ok(again)
}

#[expect(clippy::needless_pass_by_value, reason = "the form that `map_err` takes")]
fn unsealed(error: std::io::Error) -> Error {
    Error::Misuse(format!("a released record can't be compressed: {error}"))
}

#[cfg(test)]
mod tests;
