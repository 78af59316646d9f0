//! What a hub is told when it starts: who may speak to it, and its bounds.

use std::path::PathBuf;
use std::sync::Arc;

use lienthong_standard::Standard;

use crate::access::TokenDigest;

/// What a hub is told when it starts. Checked by [`Hub::open`](crate::Hub::open).
#[derive(Clone, Debug)]
pub struct HubSettings {
    /// Where the store lies.
    pub data_folder: PathBuf,
    /// The standard that every record is verified against.
    pub standard: Arc<Standard>,
    /// The agencies that may send, each with one credential or, while it changes, two.
    pub agencies: Vec<AgencyCredential>,
    /// Who may read the records of every agency.
    pub readers: Vec<TokenDigest>,
    /// Who may see the health page where it is not served on this machine alone; may read too.
    pub operator: Option<TokenDigest>,
    /// The contract of the National Public Service Portal.
    pub dvcqg: DvcqgSettings,
    /// When an agency or feed stops being called healthy.
    pub thresholds: Thresholds,
    /// The bounds.
    pub limits: Limits,
}

/// One agency and how it proves itself.
#[derive(Clone, Debug)]
pub struct AgencyCredential {
    /// The agency's code: `000.00.00.H22`.
    pub agency: String,
    /// Its name for people.
    pub name: String,
    /// The digest of its token.
    pub token: TokenDigest,
}

/// The contract of the National Public Service Portal, as offered under `/dvcqg/`.
#[derive(Clone, Debug)]
pub struct DvcqgSettings {
    /// Who may log in; nobody can where it is empty.
    pub accounts: Vec<DvcqgAccount>,
    /// How long a session lives after its login, in seconds.
    pub session_secs: u32,
}

impl Default for DvcqgSettings {
    fn default() -> Self {
        Self { accounts: Vec::new(), session_secs: 600 }
    }
}

/// One account of that contract.
#[derive(Clone, Debug)]
pub struct DvcqgAccount {
    /// The user.
    pub username: String,
    /// The digest of the password.
    pub password: TokenDigest,
    /// The unit's code, which requests must name as `madonvi`.
    pub unit: String,
}

/// When an agency or feed stops being called healthy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Thresholds {
    /// An agency is silent after this many heartbeat intervals without a heartbeat.
    pub silent_intervals: u32,
    /// A feed is late when its oldest waiting record is older than this, in seconds.
    pub late_secs: u64,
    /// A clock that differs from the hub's by more than this is pointed out, in seconds.
    pub clock_secs: u32,
}

impl Default for Thresholds {
    fn default() -> Self {
        Self { silent_intervals: 3, late_secs: 3600, clock_secs: 300 }
    }
}

/// The hub's bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The most bytes of a request's body as sent.
    pub body_bytes_max: usize,
    /// The most headers of a request.
    pub headers_max: usize,
    /// The deepest nesting of JSON.
    pub depth_max: usize,
    /// The most connections at once; more wait to be accepted.
    pub connections_max: usize,
    /// The most requests at once; more are told to come later.
    pub requests_max: usize,
    /// How many requests an agency or account may send a second in the long run.
    pub requests_per_sec: u32,
    /// How many requests an agency or account may send at a stroke.
    pub requests_burst: u32,
    /// How long a connection may take to send a request's headers, in milliseconds.
    pub header_timeout_ms: u32,
    /// How long a connection may take to send a request's body, in milliseconds.
    pub body_timeout_ms: u32,
    /// How long a request may take in all, in milliseconds.
    pub request_timeout_ms: u32,
    /// How long requests under way may go on when the hub stops, in seconds.
    pub stop_secs: u32,
    /// The most bytes the store may take; none: as much as the disk has.
    pub store_bytes_max: Option<u64>,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body_bytes_max: 16 << 20,
            headers_max: 64,
            depth_max: 64,
            connections_max: 512,
            requests_max: 64,
            requests_per_sec: 500,
            requests_burst: 1000,
            header_timeout_ms: 10_000,
            body_timeout_ms: 30_000,
            request_timeout_ms: 60_000,
            stop_secs: 20,
            store_bytes_max: None,
        }
    }
}
