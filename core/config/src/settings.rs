//! The types of an agency's settings file. Their comments are the settings reference.

mod delivery;
mod endpoint;
mod keep;
mod source;

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};

pub(crate) use delivery::DeliverySettings;
pub(crate) use endpoint::{
    BasicAuthSettings, BearerAuthSettings, DvcBoEndpointSettings, DvcqgEndpointSettings,
    EndpointSettings, HttpEndpointSettings, HubEndpointSettings, StatusRange, TextOrSecret,
};
pub(crate) use keep::KeepSettings;
pub(crate) use source::{CalendarSettings, ScheduleSettings, SourceSettings};

/// The settings of one agency's connector: one TOML file.
///
/// A relative path starts from the folder of this file. A secret is never written here but named:
/// `{ file = "…" }` or `{ env = "…" }`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "Settings of a connector")]
pub(crate) struct Settings {
    /// The agency's code: `H22`, `G04.18` or `000.00.18.G12`.
    pub(crate) agency: String,
    /// Where the connector keeps its outbox.
    #[serde(default = "data_folder")]
    pub(crate) data_folder: PathBuf,
    /// A folder with `adapters/systems/` and `mappings/` that replaces the copies inside the
    /// program.
    #[serde(default)]
    pub(crate) library_folder: Option<PathBuf>,
    /// The version of the national standard: a folder of `mappings/standard/`.
    #[serde(default = "standard")]
    #[expect(dead_code, reason = "read by itself, before the rest can be")]
    standard: String,
    /// How often a heartbeat goes to each hub, 5 to 3600.
    #[serde(default = "heartbeat_secs")]
    pub(crate) heartbeat_secs: u32,
    /// The bounds of the whole connector.
    #[serde(default)]
    pub(crate) limits: LimitSettings,
    /// What is kept of the newest raw items, to compare mappings on and to replay.
    #[serde(default)]
    pub(crate) keep: KeepSettings,
    /// What is logged, and how.
    #[serde(default)]
    pub(crate) log: LogSettings,
    /// The systems to read.
    #[serde(default)]
    #[schemars(with = "Vec<SourceSettings>")]
    #[expect(
        dead_code,
        reason = "each source is read by itself, so that one fault hides no other"
    )]
    sources: Vec<IgnoredAny>,
    /// Where records go.
    #[serde(default)]
    #[schemars(with = "Vec<EndpointSettings>")]
    #[expect(dead_code, reason = "each endpoint is read by itself, by its type")]
    endpoints: Vec<IgnoredAny>,
}

/// The bounds of the whole connector.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(rename = "limits")]
pub(crate) struct LimitSettings {
    /// The most bytes of batches that may wait for endpoints; pulling pauses beyond it. At least
    /// 1048576.
    pub(crate) waiting_bytes_max: u64,
    /// The most bytes in quarantine; pulling pauses beyond it. At least 1048576.
    pub(crate) quarantine_bytes_max: u64,
    /// The most bytes that the outbox's file may take, at least 1048576; as much as the disk has if
    /// left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) database_bytes_max: Option<u64>,
    /// How long the history of delivered batches is kept, 1 to 3650.
    pub(crate) history_days: u32,
    /// How many feeds may be pulled at the same time, 1 to 64.
    pub(crate) pulls_at_once: usize,
    /// How long a graceful stop may take, 1 to 600.
    pub(crate) stop_secs: u32,
}

impl Default for LimitSettings {
    fn default() -> Self {
        Self {
            waiting_bytes_max: 4 << 30,
            quarantine_bytes_max: 2 << 30,
            database_bytes_max: None,
            history_days: 90,
            pulls_at_once: 4,
            stop_secs: 30,
        }
    }
}

/// What is logged, and how.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(rename = "log")]
pub(crate) struct LogSettings {
    /// The level, or a filter by module: `info`, `warn,lienthong_runtime=debug`. The option
    /// `--log` and the variable `LIENTHONG_LOG` go before it.
    pub(crate) filter: String,
    /// How a line is written.
    pub(crate) format: LogFormat,
}

/// How a line of the log is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// One JSON object a line.
    Json,
}

impl Default for LogSettings {
    fn default() -> Self {
        Self { filter: "info".to_owned(), format: LogFormat::Text }
    }
}

/// The default data folder.
pub(crate) fn data_folder() -> PathBuf {
    PathBuf::from("data")
}

/// The default version of the standard.
pub(crate) fn standard() -> String {
    "v1".to_owned()
}

fn heartbeat_secs() -> u32 {
    60
}
