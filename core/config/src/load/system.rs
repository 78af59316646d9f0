//! The data of one system: `adapter.toml` and the mappings of its feeds.

use std::collections::BTreeMap;
use std::sync::Arc;

use lienthong_adapter_api::{Kind, Section};
use lienthong_diagnostics::{Problem, nearest};
use lienthong_mapping::{Compiled, Mapping};
use lienthong_standard::{Files, Standard};
use schemars::JsonSchema;
use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::Library;

/// What an integrator writes about one system: `adapters/systems/<system>/adapter.toml`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "Description of a system")]
pub(crate) struct SystemFile {
    /// The system's name, the same as its folder's.
    pub(crate) system: String,
    /// The adapter kind that reads it.
    pub(crate) kind: String,
    /// The version of this description; it stands in every record's provenance.
    pub(crate) version: String,
    /// What it is, in Vietnamese and in English.
    pub(crate) title: Title,
    /// What all feeds share, as the adapter kind wants it.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, serde_json::Value>")]
    #[expect(dead_code, reason = "read by the adapter kind")]
    connection: Option<IgnoredAny>,
    /// The streams it gives.
    pub(crate) feeds: BTreeMap<String, FeedFile>,
}

/// A name in two languages.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Title {
    /// In Vietnamese.
    pub(crate) vi: String,
    /// In English.
    pub(crate) en: String,
}

/// One stream of a system.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FeedFile {
    /// The record type of the standard that its items become.
    pub(crate) record_type: String,
    /// The mapping: a file of `mappings/systems/<system>/`, without `.toml`.
    pub(crate) mapping: String,
    /// How it is read, as the adapter kind wants it.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, serde_json::Value>")]
    #[expect(dead_code, reason = "read by the adapter kind")]
    read: Option<IgnoredAny>,
}

/// A system's data, read.
pub(crate) struct System {
    pub(crate) file: SystemFile,
    pub(crate) section: Section,
    pub(crate) kind: Kind,
}

/// A mapping, compiled from the files of a library.
pub struct LoadedMapping {
    /// The mapping.
    pub mapping: Arc<Mapping>,
    /// The files that it was compiled from.
    pub files: Files,
    /// What can be used, and should be looked at.
    pub warnings: Vec<Problem>,
}

impl System {
    /// Reads a system's description; `None` when there is no such system.
    pub(crate) fn read(
        library: &Library,
        kinds: &[Kind],
        name: &str,
    ) -> Option<Result<Self, Vec<Problem>>> {
        let path = format!("adapters/systems/{name}/adapter.toml");
        let text = match library.text(&path) {
            Ok(text) => text?,
            Err(problem) => return Some(Err(vec![*problem])),
        };
        Some(Self::parse(library.shown(&path), text, kinds, name))
    }

    fn parse(
        shown: String,
        text: Arc<str>,
        kinds: &[Kind],
        name: &str,
    ) -> Result<Self, Vec<Problem>> {
        let section = Section::parse(shown, text, format!("system `{name}`"))?;
        let file: SystemFile = section.read()?;
        let mut problems = Vec::new();
        if file.system != name {
            problems.push(section.problem_at(
                section.span_of("system"),
                "LT-1021",
                format!("system `{}` lies in the folder `{name}`", file.system),
                "not the folder's name",
                Some(format!("write `system = \"{name}\"`")),
            ));
        }
        let Some(kind) = kinds.iter().find(|kind| kind.name == file.kind) else {
            problems.push(unknown_kind(&section, &file.kind, kinds));
            return Err(problems);
        };
        if problems.is_empty() { Ok(Self { kind: *kind, file, section }) } else { Err(problems) }
    }

    /// Compiles the mapping of a feed.
    ///
    /// # Errors
    /// All problems of the mapping's files.
    pub(crate) fn mapping(
        &self,
        library: &Library,
        standard: &Arc<Standard>,
        feed: &str,
    ) -> Result<LoadedMapping, Vec<Problem>> {
        let name = &self.file.system;
        let Some(written) = self.file.feeds.get(feed) else { return Err(Vec::new()) };
        let section = self.section.child("feeds", "").child(feed, format!("feed `{feed}`"));
        let path = format!("{name}/{}", written.mapping);
        if library.bytes(&format!("mappings/systems/{path}.toml")).is_none() {
            return Err(vec![section.problem_at(
                section.span_of("mapping"),
                "LT-1021",
                format!("there is no mapping `mappings/systems/{path}.toml`"),
                "unknown mapping",
                None,
            )]);
        }
        let loaded = load_mapping(library, standard, &path)?;
        let record_type = &loaded.mapping.record_type().name;
        if **record_type != *written.record_type {
            return Err(vec![section.problem_at(
                section.span_of("record_type"),
                "LT-1021",
                format!("the feed's mapping makes records of type `{record_type}`"),
                "another type",
                Some("let the feed and its mapping name the same record type".to_owned()),
            )]);
        }
        Ok(loaded)
    }
}

/// Compiles a mapping by its name, `igate/dossiers`, from the files that the library has now.
///
/// # Errors
/// All problems of the mapping's files.
pub fn load_mapping(
    library: &Library,
    standard: &Arc<Standard>,
    name: &str,
) -> Result<LoadedMapping, Vec<Problem>> {
    let system = name.split('/').next().unwrap_or_default();
    let mut problems = Vec::new();
    let files = mapping_files(library, system, &mut problems);
    let compiled = match Mapping::compile(name, &files, standard) {
        Ok(compiled) if problems.is_empty() => compiled,
        Ok(_) => return Err(problems),
        Err(more) => return Err([problems, more].concat()),
    };
    let own = compiled.mapping.files().iter();
    let own = own.filter_map(|name| Some((name.clone(), Arc::clone(files.get(name)?))));
    let files = Files::new(own);
    let Compiled { mapping, warnings, .. } = compiled;
    Ok(LoadedMapping { mapping: Arc::new(mapping), files, warnings })
}

/// The files that a system's mappings are compiled from.
pub(crate) fn mapping_files(library: &Library, system: &str, problems: &mut Vec<Problem>) -> Files {
    let own = format!("{system}/");
    let wanted = |name: &str| name.starts_with(&own) && super::is_data(name);
    library.files("mappings/systems/", wanted, problems)
}

fn unknown_kind(section: &Section, kind: &str, kinds: &[Kind]) -> Problem {
    let names: Vec<&str> = kinds.iter().map(|kind| kind.name).collect();
    let hint = match nearest(kind, names.iter().copied()) {
        Some(nearest) => format!("did you mean `{nearest}`?"),
        None => format!("the kinds are: {}", names.join(", ")),
    };
    section.problem_at(
        section.span_of("kind"),
        "LT-1011",
        format!("there is no adapter kind `{kind}`"),
        "unknown kind",
        Some(hint),
    )
}
