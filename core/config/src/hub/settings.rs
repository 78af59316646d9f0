//! The types of a hub's settings file. Their comments are the settings reference.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;

use lienthong_adapter_api::SecretRef;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::settings::{self, LogSettings};

/// The settings of a hub: one TOML file. A relative path starts from the folder of this file.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "Settings of a hub")]
pub(crate) struct HubSettings {
    /// Where it listens: `127.0.0.1:8600`. A proxy in front of it does TLS.
    #[serde(default = "listen")]
    pub(super) listen: SocketAddr,
    /// Where it keeps its store.
    #[serde(default = "settings::data_folder")]
    pub(super) data_folder: PathBuf,
    /// A folder with `mappings/` that replaces the copy inside the program.
    #[serde(default)]
    pub(super) library_folder: Option<PathBuf>,
    /// The version of the national standard: a folder of `mappings/standard/`.
    #[serde(default = "settings::standard")]
    pub(super) standard: String,
    /// The agencies that may send, by their codes: `[agencies."000.00.00.H22"]`.
    pub(super) agencies: BTreeMap<String, AgencySettings>,
    /// Tokens of those who may read the records of every agency.
    #[serde(default)]
    pub(super) readers: Vec<SecretRef>,
    /// The token of those who may see the health page from another machine; they may read, too.
    #[serde(default)]
    pub(super) operator: Option<SecretRef>,
    /// How long a session under the contract of the National Public Service Portal lives, 10 to
    /// 21600.
    #[serde(default = "portal_session_secs")]
    pub(super) portal_session_secs: u32,
    /// When an agency or feed stops being called healthy.
    #[serde(default)]
    pub(super) thresholds: HubThresholds,
    /// What it bears.
    #[serde(default)]
    pub(super) limits: HubLimits,
    /// What is logged, and how.
    #[serde(default)]
    pub(super) log: LogSettings,
}

/// One agency that may send.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "agency")]
pub(crate) struct AgencySettings {
    /// Its name for people.
    pub(super) name: String,
    /// What its connector shows to be let in.
    pub(super) token: SecretRef,
    /// A second token, while the connector changes from one to the other.
    #[serde(default)]
    pub(super) token_next: Option<SecretRef>,
    /// How it logs in under the contract of the National Public Service Portal, if it may.
    #[serde(default)]
    pub(super) portal: Option<PortalSettings>,
}

/// How an agency logs in under the portal's contract.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "portal")]
pub(crate) struct PortalSettings {
    /// The user.
    pub(super) username: String,
    /// The password.
    pub(super) password: SecretRef,
}

/// When an agency or feed stops being called healthy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(rename = "thresholds")]
pub struct HubThresholds {
    /// An agency is silent after this many heartbeat intervals without a heartbeat.
    pub silent_intervals: u32,
    /// A feed is late when its oldest waiting record is older than this.
    pub late_secs: u64,
    /// A clock that differs from the hub's by more than this is pointed out.
    pub clock_secs: u32,
}

impl Default for HubThresholds {
    fn default() -> Self {
        Self { silent_intervals: 3, late_secs: 3600, clock_secs: 300 }
    }
}

/// What a hub bears.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(rename = "limits")]
pub struct HubLimits {
    /// The most bytes of a request's body as sent, 1024 to 67108864.
    pub body_bytes_max: usize,
    /// The most headers of a request, 8 to 256.
    pub headers_max: usize,
    /// The deepest nesting of JSON, 4 to 128.
    pub depth_max: usize,
    /// The most connections at once, 1 to 65536; more wait to be accepted.
    pub connections_max: usize,
    /// The most requests at once, 1 to 4096; more are told to come later.
    pub requests_max: usize,
    /// How many requests an agency may send a second in the long run, 1 to 100000.
    pub requests_per_sec: u32,
    /// How many requests an agency may send at a stroke, 1 to 1000000.
    pub requests_burst: u32,
    /// How long a connection may take to send a request's headers, 100 to 600000.
    pub header_timeout_ms: u32,
    /// How long a connection may take to send a request's body, 100 to 600000.
    pub body_timeout_ms: u32,
    /// How long a request may take in all, 100 to 600000.
    pub request_timeout_ms: u32,
    /// How long requests under way may go on when the hub stops, 1 to 600.
    pub stop_secs: u32,
    /// The most bytes the store may take, at least 1048576; as much as the disk has if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub store_bytes_max: Option<u64>,
}

impl Default for HubLimits {
    fn default() -> Self {
        Self {
            body_bytes_max: lienthong_protocol::BATCH_BYTES_MAX,
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

fn listen() -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], 8600))
}

fn portal_session_secs() -> u32 {
    600
}
