//! The settings of a hub: who may send, where it listens, what it bears.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use lienthong_adapter_api::{Secret, SecretRef, Section};
use lienthong_diagnostics::Problem;
use lienthong_standard::Standard;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::layers::{Shown, defaults, layer};
use crate::load::{StandardError, compile_standard, finished, open, unknown_standard};
use crate::secrets::Secrets;
use crate::settings::{self, LogSettings};
use crate::{Environment, Library, LogPlan, bounds};

#[cfg(test)]
mod tests;

/// What to load a hub's settings from.
pub struct HubRequest<'a> {
    /// The settings file.
    pub settings: &'a Path,
    /// Values of the command line, as (way, value).
    pub overrides: &'a [(String, String)],
    /// The data folders.
    pub library: Library,
    /// The environment variables.
    pub environment: &'a Environment,
}

/// What a hub shall do; made by [`load_hub`] alone.
#[derive(Debug)]
pub struct HubPlan {
    /// Where it listens.
    pub listen: SocketAddr,
    /// Where its store lies.
    pub data_folder: PathBuf,
    /// The national standard.
    pub standard: Arc<Standard>,
    /// The agencies that may send.
    pub agencies: Vec<HubAgency>,
    /// What it bears.
    pub limits: HubLimits,
    /// What is logged, and how.
    pub log: LogPlan,
    /// What can be used, but a person should look at.
    pub warnings: Vec<Problem>,
    /// Every setting with its value and where it came from.
    pub shown: Vec<Shown>,
}

/// One agency that may send.
#[derive(Clone, Debug)]
pub struct HubAgency {
    /// Its code.
    pub code: String,
    /// What its connector shows to be let in.
    pub token: Secret,
    /// The user of the portal's contract, where it may use that too.
    pub portal: Option<PortalAccount>,
}

/// How an agency logs in under the portal's contract.
#[derive(Clone, Debug)]
pub struct PortalAccount {
    /// The user.
    pub username: String,
    /// The password.
    pub password: Secret,
}

/// What a hub bears.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct HubLimits {
    /// The most bytes of one request, 1024 to 67108864.
    pub body_bytes_max: usize,
    /// The most requests of one agency in a minute, 1 to 1000000.
    pub requests_per_minute: u32,
    /// How deep a record may be nested, 2 to 128.
    pub depth_max: usize,
    /// How long a request may take, 1 to 600.
    pub timeout_secs: u32,
}

impl Default for HubLimits {
    fn default() -> Self {
        let body_bytes_max = lienthong_protocol::BATCH_BYTES_MAX;
        Self { body_bytes_max, requests_per_minute: 6_000, depth_max: 16, timeout_secs: 60 }
    }
}

/// The settings of a hub: one TOML file. A relative path starts from the folder of this file.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "Settings of a hub")]
pub(crate) struct HubSettings {
    /// Where it listens: `127.0.0.1:8600`. A proxy in front of it does TLS.
    #[serde(default = "listen")]
    listen: SocketAddr,
    /// Where it keeps its store.
    #[serde(default = "settings::data_folder")]
    data_folder: PathBuf,
    /// A folder with `mappings/` that replaces the copy inside the program.
    #[serde(default)]
    library_folder: Option<PathBuf>,
    /// The version of the national standard: a folder of `mappings/standard/`.
    #[serde(default = "settings::standard")]
    standard: String,
    /// What it bears.
    #[serde(default)]
    limits: HubLimits,
    /// What is logged, and how.
    #[serde(default)]
    log: LogSettings,
    /// The agencies that may send, by their codes: `[agencies.H22]`.
    agencies: BTreeMap<String, AgencySettings>,
}

/// One agency that may send.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AgencySettings {
    /// What its connector shows to be let in.
    token: SecretRef,
    /// How it logs in under the contract of the National Public Service Portal, if it may.
    #[serde(default)]
    portal: Option<PortalSettings>,
}

/// How an agency logs in under the portal's contract.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PortalSettings {
    /// The user.
    username: String,
    /// The password.
    password: SecretRef,
}

fn listen() -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], 8600))
}

/// Loads a hub's settings.
///
/// # Errors
/// All problems of the settings and the standard at once.
pub fn load_hub(request: &HubRequest<'_>) -> Result<HubPlan, Vec<Problem>> {
    let original = open(request.settings, "a hub")?;
    let layers = layer(original, request.environment, request.overrides)
        .map_err(|problems| finished(problems, None))?;
    let section = &layers.section;
    let folder = request.settings.parent().unwrap_or(Path::new(""));
    let secrets = Secrets::new(request.environment, folder);
    let finish = |problems| finished(problems, Some(&layers.overlay));
    let read: HubSettings = section.read().map_err(finish)?;
    let mut problems = Vec::new();
    let library = match &read.library_folder {
        Some(library) => Library::Folder(folder.join(library)),
        None => request.library.clone(),
    };
    let standard = match compile_standard(&library, &read.standard) {
        Ok(standard) => Some(standard),
        Err(StandardError::Unknown(known)) => {
            problems.push(unknown_standard(section, &read.standard, &known));
            None
        }
        Err(StandardError::Faulty(more)) => {
            problems.extend(more);
            None
        }
    };
    check_limits(section, &read.limits, &mut problems);
    let agencies = agencies(section, &read.agencies, &secrets, &mut problems);
    let warnings = secrets.warnings(section);
    let (Some(standard), true) = (standard, problems.is_empty()) else {
        return Err(finish(problems));
    };
    Ok(HubPlan {
        listen: read.listen,
        data_folder: folder.join(read.data_folder),
        standard,
        agencies,
        limits: read.limits,
        log: LogPlan { filter: read.log.filter, format: read.log.format },
        warnings: finish(warnings),
        shown: layers.shown(defaults(&schemars::schema_for!(HubSettings))),
    })
}

fn check_limits(root: &Section, limits: &HubLimits, problems: &mut Vec<Problem>) {
    let at = root.child("limits", "the limits");
    bounds::range(&at, "body_bytes_max", limits.body_bytes_max, 1024..=64 << 20, problems);
    let requests = limits.requests_per_minute;
    bounds::range(&at, "requests_per_minute", requests, 1..=1_000_000, problems);
    bounds::range(&at, "depth_max", limits.depth_max, 2..=128, problems);
    bounds::range(&at, "timeout_secs", limits.timeout_secs, 1..=600, problems);
}

fn agencies(
    root: &Section,
    written: &BTreeMap<String, AgencySettings>,
    secrets: &Secrets<'_>,
    problems: &mut Vec<Problem>,
) -> Vec<HubAgency> {
    let at = root.child("agencies", "the agencies");
    let mut agencies: Vec<HubAgency> = Vec::new();
    for (code, settings) in written {
        let section = at.child(code, "an agency");
        bounds::agency(&at, code, code, problems);
        let token = secrets.named(&section, "token", &settings.token, problems);
        let taken = agencies.iter().find(|other| other.token.expose() == token.expose());
        if let Some(other) = taken.filter(|_| !token.expose().is_empty()) {
            problems.push(section.problem_at(
                section.span_of("token"),
                "LT-1014",
                format!("agency {code} has the same token as agency {}", other.code),
                "taken",
                Some("give every agency a token of its own".to_owned()),
            ));
        }
        let portal = settings.portal.as_ref().map(|portal| {
            let at = section.child("portal", "");
            let password = secrets.named(&at, "password", &portal.password, problems);
            PortalAccount { username: portal.username.clone(), password }
        });
        agencies.push(HubAgency { code: code.clone(), token, portal });
    }
    agencies
}
