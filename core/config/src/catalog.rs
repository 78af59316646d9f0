//! What the data folders hold: systems, mappings, standards; for commands that need no settings.

use std::sync::Arc;

use lienthong_adapter_api::Kind;
use lienthong_diagnostics::{Problem, nearest};
use lienthong_mapping::{Mapping, Review};
use lienthong_standard::{Files, Standard};
use serde::Serialize;

use crate::Library;
use crate::load::{StandardError, System, compile_standard, is_data, mapping_files};

/// One system of the data folders.
#[derive(Clone, Debug, Serialize)]
pub struct SystemSummary {
    /// Its name, the same as its folder's.
    pub system: String,
    /// The adapter kind that reads it.
    pub kind: String,
    /// The version of its description.
    pub version: String,
    /// What it is, in Vietnamese.
    pub title_vi: String,
    /// What it is, in English.
    pub title_en: String,
    /// Its feeds, by name.
    pub feeds: Vec<FeedSummary>,
}

/// One feed of a system.
#[derive(Clone, Debug, Serialize)]
pub struct FeedSummary {
    /// Its name.
    pub feed: String,
    /// The record type that its items become.
    pub record_type: String,
    /// Its mapping: `igate/dossiers`.
    pub mapping: String,
}

/// Lists the systems, sorted by name, and the problems of those that can't be read.
pub fn systems(library: &Library, kinds: &[Kind]) -> (Vec<SystemSummary>, Vec<Problem>) {
    let mut summaries = Vec::new();
    let mut problems = Vec::new();
    for name in library.folders_in("adapters/systems/") {
        match System::read(library, kinds, &name) {
            Some(Ok(system)) => summaries.push(summary(&name, &system)),
            Some(Err(more)) => problems.extend(more),
            None => {}
        }
    }
    (summaries, problems)
}

fn summary(name: &str, system: &System) -> SystemSummary {
    let feeds = system.file.feeds.iter().map(|(feed, written)| FeedSummary {
        feed: feed.clone(),
        record_type: written.record_type.clone(),
        mapping: format!("{name}/{}", written.mapping),
    });
    SystemSummary {
        system: name.to_owned(),
        kind: system.kind.name.to_owned(),
        version: system.file.version.clone(),
        title_vi: system.file.title.vi.clone(),
        title_en: system.file.title.en.clone(),
        feeds: feeds.collect(),
    }
}

/// The names of all mappings, sorted: `igate/dossiers`.
pub fn mapping_names(library: &Library) -> Vec<String> {
    const FOLDER: &str = "mappings/systems/";
    let names = library.paths_under(FOLDER).into_iter().filter_map(|path| {
        let name = path.strip_prefix(FOLDER)?.strip_suffix(".toml")?;
        // A shape lies beside its mapping.
        let is_mapping = name.matches('/').count() == 1 && !path.ends_with(crate::shapes::ENDING);
        is_mapping.then(|| name.to_owned())
    });
    names.collect()
}

/// Compiles a version of the standard by its name, its large code lists included.
///
/// # Errors
/// All problems of its files, or that there is no such version.
pub fn open_standard(library: &Library, name: &str) -> Result<Arc<Standard>, Vec<Problem>> {
    let standard = compile_standard(library, name).map_err(|error| match error {
        StandardError::Faulty(problems) => problems,
        StandardError::Unknown(known) => {
            vec![unknown("LT-1018", "standard", name, &known)]
        }
    })?;
    let problems = standard.faults_of_large_lists();
    if problems.is_empty() { Ok(standard) } else { Err(problems) }
}

/// Checks a mapping by its name, `igate/dossiers`: its problems, warnings and verdicts.
///
/// # Errors
/// That there is no such mapping, or that one of its files is no text.
pub fn review_mapping(
    library: &Library,
    standard: &Arc<Standard>,
    name: &str,
) -> Result<Review, Vec<Problem>> {
    let known = mapping_names(library);
    if !known.iter().any(|one| one == name) {
        return Err(vec![unknown("LT-1021", "mapping", name, &known)]);
    }
    let system = name.split('/').next().unwrap_or_default();
    let mut problems = Vec::new();
    let files = mapping_files(library, system, &mut problems);
    if !problems.is_empty() {
        return Err(problems);
    }
    Ok(Mapping::review(name, &files, standard))
}

/// The files of a system's mappings with their cases, named from `mappings/systems/`.
///
/// # Errors
/// Files that are no text.
pub fn mapping_files_with_cases(library: &Library, system: &str) -> Result<Files, Vec<Problem>> {
    let own = format!("{system}/");
    let mut problems = Vec::new();
    let wanted = |name: &str| name.starts_with(&own) && (is_data(name) || name.contains("/cases/"));
    let files = library.files("mappings/systems/", wanted, &mut problems);
    if problems.is_empty() { Ok(files) } else { Err(problems) }
}

/// A name of the command line that nothing has.
fn unknown(code: &'static str, what: &str, name: &str, known: &[String]) -> Problem {
    let hint = match nearest(name, known.iter().map(String::as_str)) {
        Some(nearest) => format!("did you mean `{nearest}`?"),
        None if known.is_empty() => format!("the library has no {what}"),
        None => format!("there are: {}", known.join(", ")),
    };
    Problem {
        code,
        message: format!("there is no {what} `{name}`"),
        label: format!("unknown {what}"),
        hint: Some(hint),
        file: Arc::from("command line"),
        text: Arc::from(name),
        span: 0..name.len(),
    }
}
