//! Tests of the outbox through its public interface, linked once.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that can't go on has failed"
)]

mod crash;
mod delivery;
mod disk_full;
mod drift;
mod feeds;
mod history;
mod ledger;
mod locked;
mod model;
mod quarantine;
mod reading;
mod replay;
mod sample;
mod schema;
mod torn;
