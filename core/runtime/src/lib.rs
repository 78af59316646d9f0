//! Passes, schedule, uplinks and health: the only clock, tasks and network of a connector.
//!
//! A pass reads a feed to its end and stores each page in one transaction: batches, quarantine and
//! cursor. A lane takes the stored batches of one feed to one endpoint, in order. Neither calls the
//! other: they meet in the outbox, and the handover in memory is only a short way through it.

mod breaker;
mod clock;
mod drift;
mod endpoint;
mod feed;
mod handover;
mod health;
mod keeping;
mod lane;
mod lineage;
mod mapper;
mod phase;
mod present;
mod provenance;
mod reasons;
mod release;
mod replay;
mod requests;
mod retry;
mod runtime;
mod superseded;
mod tally;
mod uplinks;

pub use clock::{Clock, ManualClock, SystemClock};
pub use lineage::{Delivered, Lineage, LineageError, explain};
pub use reasons::StoredReason;
pub use release::ReleaseReport;
pub use replay::{ReplayError, ReplayReport, rehearse};
pub use requests::{Request, Selection, leave as leave_request};
pub use retry::Retry;
pub use runtime::{RunReport, Runtime, StartError, discard};
pub use uplinks::UplinkError;
