//! Replay: the kept items mapped again, and what has changed sent as new versions.
//!
//! Afterwards an endpoint holds, for the record of every kept item that may be sent again, what the
//! present mapping makes of the newest one. A second replay finds nothing to send, because what was
//! sent again is kept like everything else.

mod assess;
mod requested;
mod send;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use lienthong_config::{ConnectorPlan, FeedPlan, SourcePlan};
use lienthong_keep::Texts;
use lienthong_outbox::FeedId;
use serde::Serialize;
use tokio::sync::watch;

use crate::feed::Feed;
use crate::keeping::{Keeping, made};
use crate::phase::Phase;
use crate::present::{self, Present};
use crate::provenance::provenance;
use assess::{Assessed, Basis, assess};

pub(crate) use requested::Replays;

/// What a replay did, or would do.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ReplayReport {
    /// Kept items that were looked at.
    pub items: u64,
    /// The version of the oldest of them.
    pub version_first: Option<u64>,
    /// Why no older ones were: what lies before may be older than what the endpoints hold.
    pub cut: Option<String>,
    /// Records whose newest item gives what was sent.
    pub unchanged: u64,
    /// Records that are sent because they change.
    pub changed: u64,
    /// Records that are sent because they were refused and are not any more.
    pub newly_accepted: u64,
    /// Records that go to quarantine because they are refused now.
    pub newly_refused: u64,
    /// Records that were refused and still are.
    pub still_refused: u64,
    /// Records of which an older item changes and the newest is refused: nothing is sent, because
    /// it would outrank the newest once that is released.
    pub held_back: u64,
    /// Of the records that are sent, those of which nobody can tell what was sent before.
    pub unknown_before: u64,
    /// Items whose record has another key now: the one under the old key stays where it was sent.
    pub other_key: u64,
    /// Records that were stored for delivery.
    pub sent: u64,
}

/// Why a replay can't go on. What it has stored so far stands; the next one does the rest.
#[derive(Debug, thiserror::Error)]
pub enum ReplayError {
    /// Nothing is kept by the settings.
    #[error("nothing is kept of {0}: the settings say so, or the keep can't be used")]
    NotKept(String),
    /// The connector was started before the mapping was changed.
    #[error("this connector runs with another mapping of {0} than the one asked for")]
    OtherMapping(String),
    /// The settings have no such feed.
    #[error("no source of this connector has the feed {0}")]
    NoFeed(String),
    /// What is kept can't be listed.
    #[error("what is kept can't be read")]
    Keep(#[from] lienthong_keep::Error),
    /// The outbox failed.
    #[error("the outbox failed")]
    Outbox(#[from] lienthong_outbox::Error),
    /// A batch could not be compressed.
    #[error("a batch could not be compressed")]
    Seal(#[from] std::io::Error),
    /// The connector is stopping.
    #[error("the connector is stopping")]
    Stopping,
}

impl ReplayError {
    /// The error code, a page of `docs/errors/`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotKept(_) => "LT-5024",
            Self::OtherMapping(_) => "LT-5025",
            Self::NoFeed(_) => "LT-1013",
            Self::Keep(error) => error.code(),
            Self::Outbox(error) => error.code(),
            Self::Seal(_) | Self::Stopping => "LT-6008",
        }
    }

    /// Whether the same replay may go on later without a person.
    pub(crate) fn is_passing(&self) -> bool {
        match self {
            Self::Outbox(error) => {
                matches!(error.disposition(), lienthong_adapter_api::Disposition::Retry(_))
            }
            Self::Stopping => true,
            _ => false,
        }
    }
}

/// Says what a replay would do. Changes nothing; for a program that may read the outbox only.
///
/// # Errors
/// As for a replay.
pub fn rehearse(
    plan: &ConnectorPlan,
    outbox: &lienthong_outbox::Reader,
    (source, feed): (&SourcePlan, &FeedPlan),
) -> Result<ReplayReport, ReplayError> {
    let name = format!("{}/{}", source.name, feed.name);
    let Some(options) = plan.keep.clone() else { return Err(ReplayError::NotKept(name)) };
    let keeping = Keeping::at(&plan.data_folder, options);
    let provenance = provenance(&plan.agency, &plan.standard, source, feed);
    let rows = outbox.feeds()?;
    let row = rows.iter().find(|row| row.source == source.name && row.feed == feed.name);
    let Some(row) = row else { return Ok(ReplayReport::default()) };
    let basis = Basis {
        outbox: outbox.clone(),
        feed: row.id,
        version_next: row.version_next,
        kept: keeping.reader(&provenance)?,
        texts: keeping.texts(),
        made: made(&provenance),
        present: Present { mapping: feed.mapping.clone(), provenance: Arc::new(provenance) },
    };
    Ok(assess(&basis)?.report)
}

impl Feed {
    /// Maps the kept items again and stores what has changed. Waits for the end of a pass that is
    /// under way, and lets none begin before it has ended.
    ///
    /// # Errors
    /// When nothing is kept, or when the keep or the outbox fails.
    pub(crate) async fn replay(
        &self,
        phase: &watch::Receiver<Phase>,
    ) -> Result<ReplayReport, ReplayError> {
        let mut keep = self.keep.lock().await;
        let (Some(keeping), Some(keep)) = (&self.keeping, keep.as_mut()) else {
            return Err(ReplayError::NotKept(self.name()));
        };
        let row = self.outbox.feed(&self.source, &self.plan.name).await?;
        let present = self.present();
        present::note(keep, &present, &self.plan.name);
        let basis = self.basis(row.id, row.version_next, keeping, present)?;
        let assessed =
            tokio::task::spawn_blocking(move || assess(&basis).map(|found| (found, basis)));
        let (Assessed { mut report, actions }, basis) =
            assessed.await.map_err(|_| ReplayError::Stopping)??;
        self.send_again(&basis, actions, keep, phase, &mut report.sent).await?;
        self.lanes.iter().for_each(|lane| lane.handover.poke());
        Ok(report)
    }

    fn basis(
        &self,
        feed: FeedId,
        version_next: u64,
        keeping: &Keeping,
        present: Present,
    ) -> Result<Basis, ReplayError> {
        let texts: Texts = keeping.texts();
        Ok(Basis {
            outbox: self.outbox.reader().clone(),
            feed,
            version_next,
            kept: keeping.reader(&present.provenance)?,
            texts,
            made: made(&present.provenance),
            present,
        })
    }
}
