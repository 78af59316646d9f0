//! What is kept of the newest raw items of each feed.

use lienthong_adapter_api::SecretRef;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What is kept of the newest raw items of each feed, so that a changed mapping can be compared with
/// the one before (`lienthong mapping diff`) and replayed (`lienthong replay`). It is no part of
/// what is delivered: losing it loses no record.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(rename = "keep")]
pub(crate) struct KeepSettings {
    /// Whether anything is kept. `false` also removes what was kept before.
    pub(crate) enabled: bool,
    /// The most bytes that the kept items of one feed take on disk, 1048576 to 1099511627776; the
    /// oldest are dropped first.
    pub(crate) bytes_max: u64,
    /// A key of 64 hexadecimal digits (`openssl rand -hex 32`) that seals what is kept; without one
    /// it lies in the data folder as the outbox does. Items kept under another key can't be read.
    #[serde(skip_serializing)]
    pub(crate) key: Option<SecretRef>,
}

impl Default for KeepSettings {
    fn default() -> Self {
        Self { enabled: true, bytes_max: 64 << 20, key: None }
    }
}
