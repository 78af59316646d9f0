//! The quarantine's rows: what did not become a record, or was refused by an endpoint.

use std::sync::Arc;

use bytes::Bytes;
use lienthong_protocol::Provenance;
use serde::Serialize;

use crate::{EndpointId, FeedId, QuarantineId};

/// The most bytes of an item that are kept; of a longer one the beginning is.
pub const QUARANTINED_BYTES_MAX: usize = 16 << 20;

/// Items are small and rare: a better ratio than for batches costs nothing that counts.
pub(crate) const QUARANTINE_ZSTD_LEVEL: i32 = 3;

/// Why something lies in quarantine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum QuarantineKind {
    /// The adapter could not make an item of it.
    Unreadable,
    /// The mapping or the standard refused the item.
    Rejected,
    /// An endpoint refused the record.
    Refused {
        /// Which endpoint.
        endpoint: EndpointId,
    },
}

/// What goes into quarantine.
///
/// A row that still waits with the same feed, kind and content is brought up to date instead of
/// being added to: an item that is read again in every pass stays one row.
#[derive(Clone, Debug)]
pub struct NewQuarantined {
    /// Why it is here.
    pub kind: QuarantineKind,
    /// The version that the item took; a row that is brought up to date keeps the highest.
    pub version: Option<u64>,
    /// The record's key, if it could be told.
    pub key: Option<String>,
    /// The code of the first reason.
    pub code: String,
    /// All reasons, as JSON.
    pub reasons: String,
    /// Where it was read.
    pub place: String,
    /// The bytes as the system gave them, or the record's JSON line if an endpoint refused it.
    pub raw: Bytes,
    /// The digest of what it was made of, where the raw bytes are not the source's.
    pub source_digest: Option<String>,
    /// How it was read and mapped.
    pub provenance: Arc<Provenance>,
    /// How many items of the source it stands for.
    pub items: u64,
    /// What would let it through: `codes/status:XYZ`. Groups rows for a person.
    pub waiting_for: Option<String>,
}

/// A row of the quarantine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Quarantined {
    /// Its number.
    pub id: QuarantineId,
    /// The feed.
    pub feed: FeedId,
    /// Why it is here.
    #[serde(flatten)]
    pub kind: QuarantineKind,
    /// The version of the item.
    pub version: Option<u64>,
    /// The record's key, if it could be told.
    pub key: Option<String>,
    /// The code of the first reason.
    pub code: String,
    /// All reasons, as JSON.
    pub reasons: String,
    /// Where it was read last.
    pub place: String,
    /// How many bytes it had; more than `raw` has if it was too long to be kept whole.
    pub raw_bytes: u64,
    /// The bytes, from [`crate::Reader::quarantined`] alone; a list leaves them out.
    #[serde(skip)]
    pub raw: Option<Bytes>,
    /// The digest of what it was made of.
    pub source_digest: Option<String>,
    /// How it was read and mapped.
    pub provenance: Provenance,
    /// How many items of the source it stands for.
    pub items: u64,
    /// What would let it through.
    pub waiting_for: Option<String>,
    /// When it came first.
    pub first_at: i64,
    /// When it came last.
    pub last_at: i64,
    /// How many times it came.
    pub seen: u64,
}

/// A row of the quarantine that waits or once waited, as far as a replay has to know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuarantineTrace {
    /// Its number.
    pub id: QuarantineId,
    /// Why it is or was there.
    pub kind: QuarantineKind,
    /// The version of the item.
    pub version: u64,
    /// How it ended: `released`, or `discarded: ` and why; nothing while it waits.
    pub outcome: Option<String>,
    /// How it was mapped: in vain while it waits, with success once it is released.
    pub provenance: Provenance,
}

/// Which rows to list. The default lists the oldest hundred of all feeds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuarantineFilter {
    /// Of one feed.
    pub feed: Option<FeedId>,
    /// With this code.
    pub code: Option<String>,
    /// Waiting for this.
    pub waiting_for: Option<String>,
    /// Refused by this endpoint.
    pub endpoint: Option<EndpointId>,
    /// Behind this row.
    pub after: Option<QuarantineId>,
    /// At most so many.
    pub limit: u32,
}

impl Default for QuarantineFilter {
    fn default() -> Self {
        Self { feed: None, code: None, waiting_for: None, endpoint: None, after: None, limit: 100 }
    }
}

/// How many rows wait with the same feed, code and thing waited for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct QuarantineCount {
    /// The feed.
    pub feed: FeedId,
    /// The code.
    pub code: String,
    /// What would let them through.
    pub waiting_for: Option<String>,
    /// The endpoint that refused them.
    pub endpoint: Option<EndpointId>,
    /// How many.
    pub rows: u64,
}

impl QuarantineKind {
    /// How it is stored: its name, and the endpoint if one refused the record.
    pub(crate) fn columns(self) -> (&'static str, Option<i64>) {
        match self {
            Self::Unreadable => ("unreadable", None),
            Self::Rejected => ("rejected", None),
            Self::Refused { endpoint } => ("refused", Some(endpoint.0)),
        }
    }
}

/// The bytes of an item that are kept.
pub(crate) fn kept(raw: &Bytes) -> Bytes {
    raw.slice(..raw.len().min(QUARANTINED_BYTES_MAX))
}
