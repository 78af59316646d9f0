//! What an adapter is built from, and the descriptor of an adapter kind.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::{Adapter, BuildError, SecretReader, Section};

/// Everything an adapter is built from.
#[derive(Clone, Debug)]
pub struct Blueprint {
    /// The source's name in the connector, for messages.
    pub source: String,
    /// What the operator wrote for this source: addresses, credentials, limits.
    pub settings: Section,
    /// What the integrator wrote for the whole system: `[connection]` of `adapter.toml`.
    pub connection: Section,
    /// What the integrator wrote for each feed: `[feeds.<name>.read]` of `adapter.toml`.
    pub feeds: BTreeMap<String, Section>,
    /// The folder of `adapter.toml`, which holds request templates and the like.
    pub system_folder: PathBuf,
    /// The folder that relative paths of the operator's settings start from.
    pub settings_folder: PathBuf,
}

/// The descriptor of an adapter kind: one literal a crate, listed in the catalogue.
#[derive(Clone, Copy, Debug)]
pub struct Kind {
    /// Its name, the same as its folder's: `http-json`.
    pub name: &'static str,
    /// One line for `lienthong adapter list`.
    pub summary: &'static str,
    /// Whether [`Adapter::census`] can count.
    pub can_census: bool,
    /// Builds an adapter; pure but for reading the secrets it names.
    pub build: Build,
    /// The JSON Schemas of what people write for it, generated from the Rust types.
    pub schemas: fn() -> Schemas,
}

/// How an adapter is built.
pub type Build = fn(&Blueprint, &dyn SecretReader) -> Result<Box<dyn Adapter>, BuildError>;

/// The JSON Schemas of one adapter kind.
#[derive(Clone, Debug)]
pub struct Schemas {
    /// Of the operator's settings.
    pub settings: schemars::Schema,
    /// Of the integrator's `[connection]`.
    pub connection: schemars::Schema,
    /// Of the integrator's `[feeds.<name>.read]`.
    pub feed: schemars::Schema,
}
