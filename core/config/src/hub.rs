//! The settings of a hub: who may send, where it listens, what it bears.

mod settings;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use lienthong_adapter_api::{Secret, Section};
use lienthong_diagnostics::Problem;
use lienthong_standard::Standard;

use crate::layers::{Shown, defaults, layer};
use crate::load::{StandardError, compile_standard, finished, open, unknown_standard};
use crate::secrets::Secrets;
use crate::{Environment, Library, LogPlan, bounds};

use settings::AgencySettings;
pub(crate) use settings::HubSettings;
pub use settings::{HubLimits, HubThresholds};

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
    /// Who may read the records of every agency.
    pub readers: Vec<Secret>,
    /// Who may see the health page from elsewhere.
    pub operator: Option<Secret>,
    /// How long a session of the portal's contract lives.
    pub portal_session_secs: u32,
    /// When an agency or feed stops being called healthy.
    pub thresholds: HubThresholds,
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
    /// Its name for people.
    pub name: String,
    /// What its connector shows to be let in; two while one takes over from the other.
    pub tokens: Vec<Secret>,
    /// Its account under the portal's contract, where it may use that too.
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

/// Loads a hub's settings.
///
/// # Errors
/// All problems of the settings and the standard at once.
pub fn load_hub(request: &HubRequest<'_>) -> Result<HubPlan, Vec<Problem>> {
    let original = open(request.settings, "a hub")?;
    let layers = layer(&original, request.environment, request.overrides)
        .map_err(|problems| finished(problems, None))?;
    let section = &layers.section;
    let folder = request.settings.parent().unwrap_or_else(|| Path::new(""));
    let secrets = Secrets::new(request.environment, folder);
    let finish = |problems| finished(problems, Some(&layers.overlay));
    let read: HubSettings = section.read().map_err(finish)?;
    let mut problems = Vec::new();
    let library = match &read.library_folder {
        Some(library) => Library::Folder(folder.join(library)),
        None => request.library.clone(),
    };
    let standard = match compile_standard(&library, &read.standard) {
        // Whatever its agencies send, the hub needs it whole.
        Ok(standard) => {
            problems.extend(standard.faults_of_large_lists());
            Some(standard)
        }
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
    let at = section.child("readers", "");
    let readers = read.readers.iter().map(|reader| secrets.named(&at, "", reader, &mut problems));
    let readers = readers.collect();
    let operator = read.operator.as_ref();
    let operator = operator.map(|token| secrets.named(section, "operator", token, &mut problems));
    let session = read.portal_session_secs;
    bounds::range(section, "portal_session_secs", session, 10..=21_600, &mut problems);
    let warnings = secrets.warnings(section);
    let (Some(standard), true) = (standard, problems.is_empty()) else {
        return Err(finish(problems));
    };
    Ok(HubPlan {
        listen: read.listen,
        data_folder: folder.join(read.data_folder),
        standard,
        agencies,
        readers,
        operator,
        portal_session_secs: read.portal_session_secs,
        thresholds: read.thresholds,
        limits: read.limits,
        log: LogPlan { filter: read.log.filter, format: read.log.format },
        warnings: finish(warnings),
        shown: layers.shown(defaults(&schemars::schema_for!(HubSettings))),
    })
}

fn check_limits(root: &Section, limits: &HubLimits, problems: &mut Vec<Problem>) {
    let at = root.child("limits", "the limits");
    let mut check = |key: &str, value: u64, least: u64, most: u64| {
        bounds::range(&at, key, value, least..=most, problems);
    };
    check("body_bytes_max", limits.body_bytes_max as u64, 1 << 10, 64 << 20);
    check("headers_max", limits.headers_max as u64, 8, 256);
    check("depth_max", limits.depth_max as u64, 4, 128);
    check("connections_max", limits.connections_max as u64, 1, 65_536);
    check("requests_max", limits.requests_max as u64, 1, 4096);
    check("requests_per_sec", limits.requests_per_sec.into(), 1, 100_000);
    check("requests_burst", limits.requests_burst.into(), 1, 1_000_000);
    check("header_timeout_ms", limits.header_timeout_ms.into(), 100, 600_000);
    check("body_timeout_ms", limits.body_timeout_ms.into(), 100, 600_000);
    check("request_timeout_ms", limits.request_timeout_ms.into(), 100, 600_000);
    check("stop_secs", limits.stop_secs.into(), 1, 600);
    if let Some(bytes) = limits.store_bytes_max {
        check("store_bytes_max", bytes, 1 << 20, 1 << 50);
    }
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
        let mut tokens = vec![secrets.named(&section, "token", &settings.token, problems)];
        if let Some(next) = &settings.token_next {
            tokens.push(secrets.named(&section, "token_next", next, problems));
        }
        let is_taken = |other: &&HubAgency| {
            let mut own = tokens.iter().filter(|token| !token.expose().is_empty());
            own.any(|token| other.tokens.iter().any(|one| one.expose() == token.expose()))
        };
        if let Some(other) = agencies.iter().find(is_taken) {
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
        let name = settings.name.clone();
        agencies.push(HubAgency { code: code.clone(), name, tokens, portal });
    }
    agencies
}
