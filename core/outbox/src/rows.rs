//! What goes into the outbox and what comes out: commits, settlements, feeds, waiting batches.

use lienthong_protocol::{RuleCount, SealedBatch};
use serde::Serialize;

use crate::{BatchId, EndpointId, FeedId, NewQuarantined, QuarantineId};

/// What one stretch of a feed became: all of it is stored together with the cursor, or nothing is.
#[derive(Clone, Debug)]
pub struct Commit {
    /// The feed.
    pub feed: FeedId,
    /// The position behind what was read; `None` leaves the stored one.
    pub cursor: Option<String>,
    /// The version that the next item of the feed will take; never goes back.
    pub version_next: u64,
    /// The batches, in order.
    pub batches: Vec<SealedBatch>,
    /// The items that did not become records.
    pub quarantined: Vec<NewQuarantined>,
    /// How many items were read.
    pub pulled: u64,
    /// How many became records.
    pub accepted: u64,
    /// How often they broke the standard's data-quality rules; added to what is counted already.
    pub rules: Vec<RuleCount>,
    /// When.
    pub at: i64,
}

/// Batches made of what lay in quarantine, and what becomes of the rows there.
#[derive(Clone, Debug)]
pub struct Enqueue {
    /// The feed.
    pub feed: FeedId,
    /// The one endpoint that had refused the records; `None` for every endpoint of the feed.
    pub endpoint: Option<EndpointId>,
    /// The batches, in order; they wait behind what waits already.
    pub batches: Vec<SealedBatch>,
    /// The rows that the batches stand for; each must still be waiting in quarantine.
    pub releases: Vec<QuarantineId>,
    /// Items that were tried again in vain: the row with the same content is brought up to date.
    pub quarantined: Vec<NewQuarantined>,
    /// How often the released records broke rules that only warn.
    pub rules: Vec<RuleCount>,
    /// When.
    pub at: i64,
}

/// What kept items became under another mapping than the one they were sent with.
#[derive(Clone, Debug)]
pub struct Replay {
    /// The feed.
    pub feed: FeedId,
    /// The version that the feed gives next, which must still be so: nothing of the source may have
    /// come in between.
    pub version_first: u64,
    /// The version that the next item of the feed will take.
    pub version_next: u64,
    /// The batches, in order; their records have versions from `version_first` on.
    pub batches: Vec<SealedBatch>,
    /// Rows of the quarantine that the batches stand for; each must still be waiting.
    pub releases: Vec<QuarantineId>,
    /// Items that became records before and do not any more.
    pub quarantined: Vec<NewQuarantined>,
    /// When.
    pub at: i64,
}

/// What an endpoint said about a batch. Every record of the batch is in exactly one count.
#[derive(Clone, Debug)]
pub struct Settlement {
    /// The endpoint.
    pub endpoint: EndpointId,
    /// The batch.
    pub batch: BatchId,
    /// Records that the endpoint took.
    pub delivered: u64,
    /// Records that the endpoint had already.
    pub unchanged: u64,
    /// Records that a newer state of the same key stood for, so that they were not sent.
    pub superseded: u64,
    /// Records that the endpoint refused, one row each.
    pub refused: Vec<NewQuarantined>,
    /// The endpoint's words in short; kept in the history, at most 2,000 bytes of it.
    pub receipt: Option<String>,
    /// When.
    pub at: i64,
}

/// How a pass over a feed ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pass {
    /// It went to the end of what the system offers.
    Succeeded {
        /// How many items the whole pass read.
        pulled: u64,
    },
    /// It broke off and is tried again.
    Failed {
        /// How many times in a row it has failed now.
        attempt: u32,
        /// When it is tried again.
        due_at: i64,
        /// The code and words of the failure, without secrets or personal data.
        error: String,
    },
}

/// Counts over the life of a feed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Totals {
    /// Items read.
    pub pulled: u64,
    /// Items that became records at once.
    pub accepted: u64,
    /// Items that went to quarantine; `pulled` is the sum of `accepted` and this.
    pub quarantined: u64,
    /// Rows of the quarantine that were released.
    pub released: u64,
    /// Rows of the quarantine that a person discarded.
    pub discarded: u64,
}

/// A feed as the outbox knows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FeedRow {
    /// Its number.
    pub id: FeedId,
    /// The source's name.
    pub source: String,
    /// The feed's name in the source.
    pub feed: String,
    /// The position behind what is stored; `None` before the first commit.
    pub cursor: Option<String>,
    /// The version that the next item takes.
    pub version_next: u64,
    /// Counts over its life.
    pub totals: Totals,
    /// How many times in a row a pass has failed.
    pub attempt: u32,
    /// When a failed pass is tried again.
    pub due_at: Option<i64>,
    /// Why it stands still until a person has done something.
    pub halted: Option<String>,
    /// When a pass last ended, well or not.
    pub last_pass_at: Option<i64>,
    /// When a pass last ended well.
    pub last_success_at: Option<i64>,
    /// When a pass last brought anything.
    pub last_news_at: Option<i64>,
    /// How many passes in a row ended well and brought nothing.
    pub calm: u32,
    /// Why the last failed pass failed; `None` once one has ended well.
    pub last_error: Option<String>,
}

/// A batch that waits at an endpoint.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct WaitingRow {
    /// The batch.
    pub batch: BatchId,
    /// Its place in the order of delivery; gaps mean nothing.
    pub place: i64,
    /// How many times its delivery has failed.
    pub attempt: u32,
    /// Not to be tried before.
    pub due_at: Option<i64>,
    /// How many records it holds.
    pub count: u32,
    /// How many bytes it has on the wire.
    pub bytes: u64,
    /// When it was stored.
    pub stored_at: i64,
    /// Why the last delivery failed.
    pub error: Option<String>,
}
