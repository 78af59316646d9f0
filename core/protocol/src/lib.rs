//! What crosses the wire between a connector and the hub: batches, receipts, heartbeats, problems.
//!
//! A batch is encoded once, when its page is stored, and never changes: the outbox keeps it in the
//! form in which it goes up, and its digest is its idempotency key. Paths and header names are here
//! too, so that both sides mean the same.

mod batch;
mod digest;
mod heartbeat;
mod open;
mod problem_details;
mod receipt;
#[cfg(test)]
mod sample;

pub use batch::{BatchHeader, BatchWriter, Provenance, RecordTooLong, SealedBatch, SourceSpan};
pub use digest::Digest;
pub use heartbeat::{DRIFTS_MAX, Drift, DriftKind, FeedHealth, FeedState, Heartbeat, RuleCount};
pub use open::{OpenBatch, OpenError, open, open_header};
pub use problem_details::ProblemDetails;
pub use receipt::{Outcome, Receipt, Refusal, Run};

/// The most records a batch may hold.
pub const BATCH_RECORDS_MAX: usize = 500;
/// The most bytes one record's JSON text may take.
pub const RECORD_BYTES_MAX: usize = 1 << 20;
/// The most bytes a batch may take when decompressed.
pub const BATCH_BYTES_MAX: usize = 16 << 20;
/// The most bytes the header of a batch may take.
pub const HEADER_BYTES_MAX: usize = 16 << 10;

/// Where batches are posted to at the hub.
pub const BATCHES_PATH: &str = "/v1/batches";
/// Where heartbeats are posted to at the hub.
pub const HEARTBEATS_PATH: &str = "/v1/heartbeats";
/// The media type of a batch: JSON lines in zstd frames.
pub const BATCH_MEDIA_TYPE: &str = "application/vnd.lienthong.batch+jsonl";
/// The media type of problem details (RFC 9457).
pub const PROBLEM_MEDIA_TYPE: &str = "application/problem+json";
/// The header that names a request so that its repetition has no second effect
/// (draft-ietf-httpapi-idempotency-key-header): a quoted string.
pub const IDEMPOTENCY_KEY: &str = "idempotency-key";
/// The header that carries a digest of the body as sent (RFC 9530).
pub const CONTENT_DIGEST: &str = "content-digest";
