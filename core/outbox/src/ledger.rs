//! The ledger: what was sent to an endpoint that can't tell a repetition from a new request.

use serde::Serialize;

/// How far a request has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum LedgerState {
    /// It may have reached the endpoint: look before sending it again.
    Sending,
    /// The endpoint confirmed it.
    Done,
}

/// What is to be remembered of one key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LedgerEntry {
    /// The record's key at the endpoint.
    pub key: String,
    /// A digest of the content that was sent.
    pub content: String,
    /// How far it has come.
    pub state: LedgerState,
    /// When.
    pub at: i64,
}

/// What is remembered of one key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LedgerRow {
    /// A digest of the content that was sent last.
    pub content: String,
    /// How far it has come.
    pub state: LedgerState,
    /// When it was written.
    pub at: i64,
}
