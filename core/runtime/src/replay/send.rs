//! Storing what a replay sends: frames of the keep first, then one commit for each few hundred
//! records.

use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;
use lienthong_adapter_api::{Place, Position, SourceItem};
use lienthong_keep::{FeedKeep, Kept, Replayed};
use lienthong_mapping::Workspace;
use lienthong_outbox::{NewQuarantined, QuarantineId, Replay};
use lienthong_protocol::{BatchWriter, Provenance, SealedBatch, SourceSpan};
use tokio::sync::watch;

use super::ReplayError;
use super::assess::{Action, Basis};
use crate::feed::Feed;
use crate::keeping;
use crate::mapper::{Refused, quarantined};
use crate::phase::Phase;
use crate::present::Present;

/// Items of one commit.
const ITEMS_MAX: usize = 500;
/// Bytes of the items of one commit, beyond one item.
const BYTES_MAX: usize = 4 << 20;

/// An item that takes a new version.
struct Picked {
    origin: u64,
    from: String,
    position: Position,
    bytes: Bytes,
    action: Action,
}

impl Picked {
    fn item(&self) -> SourceItem<'_> {
        let place = Place { origin: &self.from, position: self.position };
        SourceItem { bytes: &self.bytes, place }
    }
}

/// What the items of one commit became.
#[derive(Default)]
struct Again {
    batches: Vec<SealedBatch>,
    releases: Vec<QuarantineId>,
    quarantined: Vec<NewQuarantined>,
}

/// The batch that is being filled.
#[derive(Default)]
struct Filling {
    writer: BatchWriter,
    first: u64,
    spans: Vec<SourceSpan>,
}

impl Feed {
    /// Carries the actions out, in the order of versions. `sent` counts what is stored.
    pub(super) async fn send_again(
        &self,
        basis: &Basis,
        mut actions: BTreeMap<u64, Action>,
        keep: &mut FeedKeep,
        phase: &watch::Receiver<Phase>,
        sent: &mut u64,
    ) -> Result<(), ReplayError> {
        let mut version = basis.version_next;
        let (mut picked, mut bytes) = (Vec::new(), 0);
        for frame in basis.kept.suffix(basis.version_next) {
            if actions.range(frame.first()..frame.end()).next().is_none() {
                continue;
            }
            // A frame that has become too old in the meantime is not kept any more.
            let Ok(items) = basis.kept.load(frame) else { continue };
            for kept in items.iter() {
                let Some(action) = actions.remove(&kept.version) else { continue };
                bytes += kept.bytes.len();
                picked.push(pick(kept, action));
                if picked.len() >= ITEMS_MAX || bytes >= BYTES_MAX {
                    version = self.commit_again(basis, &picked, version, keep, phase, sent).await?;
                    picked.clear();
                    bytes = 0;
                }
            }
        }
        if !picked.is_empty() {
            self.commit_again(basis, &picked, version, keep, phase, sent).await?;
        }
        Ok(())
    }

    /// Stores a few items under the versions from `first` on; gives the version behind them.
    async fn commit_again(
        &self,
        basis: &Basis,
        picked: &[Picked],
        first: u64,
        keep: &mut FeedKeep,
        phase: &watch::Receiver<Phase>,
        sent: &mut u64,
    ) -> Result<u64, ReplayError> {
        if *phase.borrow() == Phase::Stopping {
            return Err(ReplayError::Stopping);
        }
        let Again { batches, releases, quarantined } = map_picked(&basis.present, picked, first)?;
        let items = picked.iter().map(|one| Replayed { origin: one.origin, item: one.item() });
        let kept = keep.add_replayed(first, &items.collect::<Vec<_>>());
        if keeping::warn(&self.plan.name, kept).is_none() {
            // Half of it would be items under versions of others.
            keeping::warn(&self.plan.name, keep.forget_from(first));
        }
        let version_next = first + picked.len() as u64;
        let written = self.outbox.replay(Replay {
            feed: self.id,
            version_first: first,
            version_next,
            batches: batches.iter().map(SealedBatch::without_lines).collect(),
            releases,
            quarantined,
            at: self.clock.now().as_millisecond(),
        });
        let ids = match written.await {
            Ok(ids) => ids,
            Err(error) => {
                keeping::warn(&self.plan.name, keep.forget_from(first));
                return Err(error.into());
            }
        };
        for (id, batch) in ids.into_iter().zip(&batches) {
            *sent += u64::from(batch.header.count);
            self.lanes.iter().for_each(|lane| lane.offer(id, batch));
        }
        Ok(version_next)
    }
}

fn map_picked(present: &Present, picked: &[Picked], first: u64) -> std::io::Result<Again> {
    let mut again = Again::default();
    let mut work = Workspace::new();
    let mut filling = Filling::default();
    let provenance = &present.provenance;
    for (one, version) in picked.iter().zip(first..) {
        if filling.writer.is_full() {
            seal_again(provenance, &mut filling, &mut again)?;
        }
        let mut too_long = None;
        let applied = present.mapping.apply(&one.bytes, &mut work, &mut |submission| {
            too_long = filling.writer.push(submission).err();
        });
        let refused = match (applied, too_long) {
            (Ok(()), None) => {
                if filling.writer.count() == 1 {
                    filling.first = version;
                }
                note_span(&mut filling.spans, one.item().place);
                if let Action::Send { releases } = &one.action {
                    again.releases.extend(releases);
                }
                continue;
            }
            (Ok(()), Some(error)) => Refused::TooLong(error),
            (Err(rejection), _) => Refused::Mapping(rejection),
        };
        if !filling.writer.is_empty() {
            filling.writer.skip();
        }
        again.quarantined.push(quarantined(one.item(), version, refused, provenance));
    }
    seal_again(provenance, &mut filling, &mut again)?;
    Ok(again)
}

fn seal_again(
    provenance: &Arc<Provenance>,
    filling: &mut Filling,
    again: &mut Again,
) -> std::io::Result<()> {
    if filling.writer.is_empty() {
        return Ok(());
    }
    let spans = std::mem::take(&mut filling.spans);
    let sealed = filling.writer.seal(provenance, filling.first, spans, None)?;
    again.batches.push(sealed);
    Ok(())
}

fn pick(kept: Kept<'_>, action: Action) -> Picked {
    Picked {
        origin: kept.origin,
        from: kept.place.origin.to_owned(),
        position: kept.place.position,
        bytes: Bytes::copy_from_slice(kept.bytes),
        action,
    }
}

fn note_span(spans: &mut Vec<SourceSpan>, place: Place<'_>) {
    match spans.last_mut() {
        Some(span) if span.origin == place.origin => span.last = place.to_string(),
        _ => spans.push(SourceSpan {
            origin: place.origin.to_owned(),
            first: place.to_string(),
            last: place.to_string(),
        }),
    }
}
