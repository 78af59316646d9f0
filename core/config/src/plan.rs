//! What a connector shall do, read from settings and data, checked whole: the runtime's input.

use std::path::PathBuf;
use std::sync::Arc;

use lienthong_adapter_api::{Adapter, Problem};
use lienthong_keep::Options;
use lienthong_mapping::Mapping;
use lienthong_shape::Shape;
use lienthong_standard::{Files, Standard};

use crate::endpoint::EndpointPlan;
use crate::layers::Shown;
use crate::schedule::Timetable;
use crate::{Library, LogFormat};

/// What one connector shall do.
///
/// Made by [`crate::load`] alone: every name in it resolves, every number lies within its bounds.
pub struct ConnectorPlan {
    /// The agency's code.
    pub agency: String,
    /// Where the outbox lies; absolute, or relative to the working folder.
    pub data_folder: PathBuf,
    /// The national standard.
    pub standard: Arc<Standard>,
    /// The files that it was compiled from.
    pub standard_files: Files,
    /// What is kept of raw items; nothing if `None`.
    pub keep: Option<Options>,
    /// The data folders that the settings name.
    pub library: Library,
    /// The systems to read, in the order of the settings.
    pub sources: Vec<SourcePlan>,
    /// Where records go, in the order of the settings.
    pub endpoints: Vec<EndpointPlan>,
    /// The bounds of the whole connector.
    pub limits: Limits,
    /// How often a heartbeat goes to each hub.
    pub heartbeat_secs: u32,
    /// What is logged, and how.
    pub log: LogPlan,
    /// What can be used, but a person should look at.
    pub warnings: Vec<Problem>,
    /// Every setting with its value and where it came from, for `lienthong config show`.
    pub shown: Vec<Shown>,
}

/// What is logged, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogPlan {
    /// The level, or a filter by module.
    pub filter: String,
    /// How a line is written.
    pub format: LogFormat,
}

/// One system as this connector reads it.
pub struct SourcePlan {
    /// Its name in the settings.
    pub name: String,
    /// The system: a folder of `adapters/systems/`.
    pub system: String,
    /// The adapter kind's name.
    pub kind: &'static str,
    /// The version of the system's `adapter.toml`.
    pub adapter_version: String,
    /// Reads it.
    pub adapter: Arc<dyn Adapter>,
    /// The feeds to pull, in the order of their names.
    pub feeds: Vec<FeedPlan>,
}

/// One feed as this connector pulls it.
pub struct FeedPlan {
    /// Its name in `adapter.toml`.
    pub name: String,
    /// How its items become national records.
    pub mapping: Arc<Mapping>,
    /// The files that it was compiled from.
    pub mapping_files: Files,
    /// What its items look like, where a shape lies beside the mapping.
    pub shape: Option<Arc<Shape>>,
    /// When to pull.
    pub timetable: Timetable,
    /// The most items a page may hold.
    pub items_max: usize,
    /// The most bytes a page may hold.
    pub bytes_max: usize,
}

/// The bounds of one connector.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The most bytes of batches that may wait for endpoints; pulling pauses beyond it.
    pub waiting_bytes_max: u64,
    /// The most bytes in quarantine; pulling pauses beyond it.
    pub quarantine_bytes_max: u64,
    /// The most bytes that the outbox's file may take; `None` leaves it to the disk.
    pub database_bytes_max: Option<u64>,
    /// How long the history of delivered batches is kept.
    pub history_days: u32,
    /// How many feeds may be pulled at the same time.
    pub pulls_at_once: usize,
    /// How long a graceful stop may take.
    pub stop_secs: u32,
}
