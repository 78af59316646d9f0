//! Loading: from a settings file and the data folders to a whole plan, or to all problems at once.

mod endpoints;
mod finish;
mod keep;
mod sources;
mod system;
mod timetable;

pub(crate) use finish::finished;
pub use system::{LoadedMapping, load_mapping};
pub(crate) use system::{System, SystemFile, mapping_files};

use std::path::{Path, PathBuf};
use std::sync::Arc;

use lienthong_adapter_api::{Kind, Section};
use lienthong_diagnostics::Problem;
use lienthong_standard::{Files, Standard};

use crate::layers::layer;
use crate::plan::{ConnectorPlan, Limits, LogPlan};
use crate::secrets::Secrets;
use crate::settings::{self, LimitSettings, Settings};
use crate::{Environment, Library, bounds};

#[cfg(test)]
pub(crate) mod tests;

/// What to load, and from where.
pub struct LoadRequest<'a> {
    /// The settings file.
    pub settings: &'a Path,
    /// Values of the command line, as (way, value): `("sources.igate.schedule.every_secs", "60")`.
    pub overrides: &'a [(String, String)],
    /// The data folders.
    pub library: Library,
    /// The adapter kinds.
    pub kinds: &'a [Kind],
    /// The environment variables.
    pub environment: &'a Environment,
}

/// What the parts of loading share.
struct Loading<'a> {
    library: Library,
    kinds: &'a [Kind],
    secrets: Secrets<'a>,
    /// The folder of the settings file.
    folder: PathBuf,
    /// Where files of the binary's copies are laid out for adapters that read them.
    data_folder: PathBuf,
    standard: Option<Arc<Standard>>,
    problems: Vec<Problem>,
    warnings: Vec<Problem>,
}

/// Loads a connector's settings and everything they name.
///
/// # Errors
/// All problems of the settings, adapters' data, mappings and standard at once.
pub fn load(request: &LoadRequest<'_>) -> Result<ConnectorPlan, Vec<Problem>> {
    let original = open(request.settings, "a connector")?;
    let layers = layer(&original, request.environment, request.overrides)
        .map_err(|problems| finished(problems, None))?;
    let section = layers.section.clone();
    let mut loading = Loading::new(request);
    let root = loading.root(&section);
    loading.standard = loading.read_standard(&section);
    let sources = loading.sources(&section);
    let endpoints = loading.endpoints(&section, &sources);
    let keep = root.as_ref().and_then(|root| loading.keep(&section, &root.keep));
    let standard_files = loading.standard_files(&section);
    loading.warnings.extend(loading.secrets.warnings(&section));
    let Loading { problems, warnings, standard, data_folder, library, .. } = loading;
    let problems = finished(problems, Some(&layers.overlay));
    let (Some(root), Some(standard), true) = (root, standard, problems.is_empty()) else {
        return Err(problems);
    };
    Ok(ConnectorPlan {
        agency: root.agency,
        data_folder,
        standard,
        standard_files,
        keep,
        library,
        shown: layers.shown(finish::defaults_of(&section, &sources)),
        sources: sources.into_iter().filter_map(|source| source.plan).collect(),
        endpoints,
        limits: limits(&root.limits),
        heartbeat_secs: root.heartbeat_secs,
        log: LogPlan { filter: root.log.filter, format: root.log.format },
        warnings: finished(warnings, Some(&layers.overlay)),
    })
}

/// What a settings file says of the connector itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outline {
    /// The agency's code.
    pub agency: String,
    /// Where the outbox lies.
    pub data_folder: PathBuf,
    /// The bounds of the whole connector.
    pub limits: Limits,
}

/// Reads what a settings file says of the connector itself and nothing of what it names: no secret,
/// no system, no mapping. For commands that look into the outbox while the connector runs, often as
/// another user who has none of its secrets.
///
/// # Errors
/// All problems of that part of the settings.
pub fn load_outline(request: &LoadRequest<'_>) -> Result<Outline, Vec<Problem>> {
    let original = open(request.settings, "a connector")?;
    let layers = layer(&original, request.environment, request.overrides)
        .map_err(|problems| finished(problems, None))?;
    let mut loading = Loading::new(request);
    match loading.root(&layers.section) {
        Some(root) if loading.problems.is_empty() => Ok(Outline {
            agency: root.agency,
            data_folder: loading.data_folder,
            limits: limits(&root.limits),
        }),
        _ => Err(finished(loading.problems, Some(&layers.overlay))),
    }
}

/// Opens a settings file as a section.
pub(crate) fn open(path: &Path, owner: &str) -> Result<Section, Vec<Problem>> {
    let file: Arc<str> = Arc::from(path.display().to_string());
    let text = std::fs::read(path).map_err(|error| error.to_string());
    let text = text
        .and_then(|bytes| String::from_utf8(bytes).map_err(|_| "it is not UTF-8 text".to_owned()));
    match text {
        Ok(text) => Section::parse(file, text, owner),
        Err(reason) => Err(vec![Problem {
            code: "LT-1002",
            message: format!("the settings file can't be read: {reason}"),
            label: String::new(),
            hint: Some("`lienthong init` writes one to start from".to_owned()),
            file,
            text: Arc::from(""),
            span: 0..0,
        }]),
    }
}

impl<'a> Loading<'a> {
    fn new(request: &LoadRequest<'a>) -> Self {
        let folder = request.settings.parent().unwrap_or_else(|| Path::new("")).to_path_buf();
        Self {
            library: request.library.clone(),
            kinds: request.kinds,
            secrets: Secrets::new(request.environment, &folder),
            data_folder: folder.join(settings::data_folder()),
            folder,
            standard: None,
            problems: Vec::new(),
            warnings: Vec::new(),
        }
    }

    /// Reads what is not a source or an endpoint.
    fn root(&mut self, section: &Section) -> Option<Settings> {
        let root: Settings = match section.read() {
            Ok(root) => root,
            Err(problems) => {
                self.problems.extend(problems);
                return None;
            }
        };
        let problems = &mut self.problems;
        bounds::agency(section, "agency", &root.agency, problems);
        bounds::range(section, "heartbeat_secs", root.heartbeat_secs, 5..=3600, problems);
        let limits = section.child("limits", "the limits");
        check_limits(&limits, &root.limits, problems);
        self.data_folder = self.folder.join(&root.data_folder);
        if let Some(folder) = &root.library_folder {
            self.library = Library::Folder(self.folder.join(folder));
        }
        Some(root)
    }

    fn read_standard(&mut self, section: &Section) -> Option<Arc<Standard>> {
        let name = text_of(section, "standard").unwrap_or_else(settings::standard);
        match compile_standard(&self.library, &name) {
            Ok(standard) => Some(standard),
            Err(StandardError::Unknown(known)) => {
                self.problems.push(unknown_standard(section, &name, &known));
                None
            }
            Err(StandardError::Faulty(problems)) => {
                self.problems.extend(problems);
                None
            }
        }
    }

    /// The files of the standard, for whoever keeps what items were mapped with.
    fn standard_files(&mut self, section: &Section) -> Files {
        let name = text_of(section, "standard").unwrap_or_else(settings::standard);
        let folder = format!("mappings/standard/{name}/");
        // Problems of these files were told when it was compiled.
        self.library.files(&folder, is_data, &mut Vec::new())
    }

    fn add_problems(&mut self, problems: Vec<Problem>) {
        self.problems.extend(problems);
    }

    fn add_warnings(&mut self, warnings: Vec<Problem>) {
        self.warnings.extend(warnings);
    }
}

/// The text at a key, whatever is wrong with what stands around it.
fn text_of(section: &Section, key: &str) -> Option<String> {
    section.child(key, "").with_value(|value, _| value.get_ref().as_str().map(str::to_owned))
}

/// Why there is no standard.
pub(crate) enum StandardError {
    /// No folder has that name; these are there.
    Unknown(Vec<String>),
    /// Its files have problems.
    Faulty(Vec<Problem>),
}

/// Compiles a version of the standard.
pub(crate) fn compile_standard(
    library: &Library,
    name: &str,
) -> Result<Arc<Standard>, StandardError> {
    let known = library.folders_in("mappings/standard/");
    if !known.iter().any(|one| one == name) {
        return Err(StandardError::Unknown(known));
    }
    let mut problems = Vec::new();
    let files = library.files(&format!("mappings/standard/{name}/"), is_data, &mut problems);
    match Standard::compile(name, &files) {
        Ok(standard) if problems.is_empty() => Ok(Arc::new(standard)),
        Ok(_) => Err(StandardError::Faulty(problems)),
        Err(more) => {
            problems.extend(more);
            Err(StandardError::Faulty(problems))
        }
    }
}

/// Whether a file of the data folders is one that compilers read.
pub(crate) fn is_data(name: &str) -> bool {
    let ending = name.rsplit_once('.').map(|(_, ending)| ending);
    matches!(ending, Some("toml" | "csv")) && !name.contains("cases/")
}

/// Says that the settings name a standard that is not there.
pub(crate) fn unknown_standard(section: &Section, name: &str, known: &[String]) -> Problem {
    let hint = match lienthong_diagnostics::nearest(name, known.iter().map(String::as_str)) {
        Some(nearest) => format!("did you mean `{nearest}`?"),
        None if known.is_empty() => "the library has no `mappings/standard/`".to_owned(),
        None => format!("there are: {}", known.join(", ")),
    };
    section.problem_at(
        section.span_of("standard"),
        "LT-1018",
        format!("there is no standard `{name}`"),
        "unknown standard",
        Some(hint),
    )
}

fn check_limits(section: &Section, limits: &LimitSettings, problems: &mut Vec<Problem>) {
    let bytes = (1 << 20)..=(1 << 44);
    let (waiting, quarantine) = (limits.waiting_bytes_max, limits.quarantine_bytes_max);
    bounds::range(section, "waiting_bytes_max", waiting, bytes.clone(), problems);
    bounds::range(section, "quarantine_bytes_max", quarantine, bytes.clone(), problems);
    if let Some(database) = limits.database_bytes_max {
        bounds::range(section, "database_bytes_max", database, bytes, problems);
    }
    bounds::range(section, "history_days", limits.history_days, 1..=3650, problems);
    bounds::range(section, "pulls_at_once", limits.pulls_at_once, 1..=64, problems);
    bounds::range(section, "stop_secs", limits.stop_secs, 1..=600, problems);
}

fn limits(settings: &LimitSettings) -> Limits {
    Limits {
        waiting_bytes_max: settings.waiting_bytes_max,
        quarantine_bytes_max: settings.quarantine_bytes_max,
        database_bytes_max: settings.database_bytes_max,
        history_days: settings.history_days,
        pulls_at_once: settings.pulls_at_once,
        stop_secs: settings.stop_secs,
    }
}
