//! The durable store of a connector: batches that wait, cursors, quarantine, delivery history.
//!
//! One SQLite file holds everything, so that one transaction covers it: a cursor moves only
//! together with what was read up to it. One thread writes and groups what is asked of it into
//! transactions, each made durable by one fsync; readers have connections of their own. Batches are
//! stored as they go on the wire and never change.
//!
//! There is no clock here: every time is given by the caller, in milliseconds since 1970.
//!
//! # Operation
//!
//! - `outbox.lock` keeps a second connector out; `outbox.sqlite` is the store.
//! - Writes are taken at the moment of the call and happen whether or not the returned [`Written`]
//!   is awaited. [`Outbox::settle`] alone is lazy: it is written with the next other write, when
//!   [`Options::settle_max`] of them wait, or when nothing else came for [`Options::settle_wait`].
//! - A write that fails has changed nothing. Writes that share a transaction share no fate: when
//!   the group fails, each is tried alone.

mod connection;
mod drift;
mod error;
mod history;
mod id;
mod integer;
mod ledger;
mod lock;
mod open;
mod options;
mod outbox;
mod pending;
mod quarantine;
mod reader;
mod rows;
mod schema;
mod summary;
mod waiting;
mod writer;
mod written;

pub use drift::{DRIFTS_MAX, DriftKey, DriftRow, SeenDrift};
pub use error::Error;
pub use history::{HistoryFilter, HistoryLine};
pub use id::{BatchId, EndpointId, FeedId, QuarantineId};
pub use ledger::{LedgerEntry, LedgerRow, LedgerState};
pub use options::Options;
pub use outbox::Outbox;
pub use quarantine::{
    NewQuarantined, QUARANTINED_BYTES_MAX, QuarantineCount, QuarantineFilter, QuarantineKind,
    QuarantineTrace, Quarantined,
};
pub use reader::Reader;
pub use rows::{Commit, Enqueue, FeedRow, Pass, Replay, Settlement, Totals, WaitingRow};
pub use summary::{FeedSummary, RouteSummary};
pub use written::Written;
