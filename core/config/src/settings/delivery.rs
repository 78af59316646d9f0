//! How patiently an endpoint is tried.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How records are delivered to an endpoint.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(rename = "delivery")]
pub(crate) struct DeliverySettings {
    /// How long one request may take, 1 to 600.
    pub(crate) timeout_secs: u32,
    /// How many requests may be under way at once, each of another feed, 1 to 64.
    pub(crate) in_flight_max: usize,
    /// After how many failed attempts of one batch an alarm is raised, 1 to 1000. The batch is
    /// tried further.
    pub(crate) attempts_alarm: u32,
    /// Whether a newer full state may stand for older ones that the endpoint has not seen yet.
    /// Records whose history counts are never left out.
    pub(crate) coalesce: bool,
    /// When to leave the endpoint alone for a while.
    pub(crate) breaker: BreakerSettings,
    /// How long to wait between attempts.
    pub(crate) retry: RetrySettings,
}

/// When to leave an endpoint alone for a while.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(rename = "breaker")]
pub(crate) struct BreakerSettings {
    /// After this many failures in a row, 1 to 1000.
    pub(crate) failures: u32,
    /// For how long, 1 to 3600; then one request is let through.
    pub(crate) open_secs: u32,
}

/// How long to wait between attempts: it doubles each time.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(rename = "retry")]
pub(crate) struct RetrySettings {
    /// After the first failure, 1 to 3600.
    pub(crate) min_secs: u32,
    /// At most, up to 86400.
    pub(crate) max_secs: u32,
}

impl Default for DeliverySettings {
    fn default() -> Self {
        Self {
            timeout_secs: 60,
            in_flight_max: 4,
            attempts_alarm: 10,
            coalesce: true,
            breaker: BreakerSettings::default(),
            retry: RetrySettings::default(),
        }
    }
}

impl Default for BreakerSettings {
    fn default() -> Self {
        Self { failures: 5, open_secs: 30 }
    }
}

impl Default for RetrySettings {
    fn default() -> Self {
        Self { min_secs: 1, max_secs: 600 }
    }
}
