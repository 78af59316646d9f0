//! The bounds of an outbox.

use std::time::Duration;

/// The bounds of an outbox and how it groups writes. Every field has a default.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// The most bytes of batches that may wait; a commit beyond it is refused (LT-5006).
    pub waiting_bytes_max: u64,
    /// The most bytes in quarantine; a commit beyond it is refused (LT-5007).
    pub quarantine_bytes_max: u64,
    /// The most bytes that the database file may take; `None` leaves it to the disk.
    pub database_bytes_max: Option<u64>,
    /// How long a line stays in the delivery history, and a released or discarded row behind it.
    pub history_days: u32,
    /// The most lines of delivery history.
    pub history_rows_max: u64,
    /// How long a finished ledger row is kept.
    pub ledger_days: u32,
    /// The most ledger rows.
    pub ledger_rows_max: u64,
    /// How long to wait for another program that holds the database locked (LT-5002).
    pub busy_timeout: Duration,
    /// How many batches close a group of commits.
    pub group_batches: usize,
    /// How long a group waits for another write.
    pub group_wait: Duration,
    /// How many settlements are written at the latest together.
    pub settle_max: usize,
    /// How long settlements wait for another write.
    pub settle_wait: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            waiting_bytes_max: 4 << 30,
            quarantine_bytes_max: 2 << 30,
            database_bytes_max: None,
            history_days: 90,
            history_rows_max: 1_000_000,
            ledger_days: 400,
            ledger_rows_max: 5_000_000,
            busy_timeout: Duration::from_secs(5),
            group_batches: 4,
            group_wait: Duration::from_millis(2),
            settle_max: 64,
            settle_wait: Duration::from_millis(10),
        }
    }
}
