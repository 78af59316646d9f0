//! From what an operator writes about systems to adapters with their feeds.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use lienthong_adapter_api::{Blueprint, Section};
use lienthong_diagnostics::{Problem, nearest};
use schemars::Schema;

use super::system::{LoadedMapping, System};
use super::{Loading, text_of, timetable};
use crate::plan::{FeedPlan, SourcePlan};
use crate::settings::SourceSettings;
use crate::{Library, bounds, shape_of};

/// A source as far as it could be read: its names serve the endpoints' checks even where the rest
/// has problems.
pub(super) struct Source {
    pub(super) name: String,
    /// Its feeds with their record types; empty where the system is unknown.
    pub(super) feeds: BTreeMap<String, String>,
    pub(super) section: Section,
    /// The schema of its adapter kind's settings.
    pub(super) schema: Option<Schema>,
    pub(super) plan: Option<SourcePlan>,
}

impl Loading<'_> {
    /// Reads all sources.
    pub(super) fn sources(&mut self, root: &Section) -> Vec<Source> {
        let list = root.child("sources", "the sources");
        if list.is_empty() {
            self.problems.push(root.problem_at(
                list.span(),
                "LT-1025",
                "the connector has no source to read",
                "no `[[sources]]`",
                Some("add a `[[sources]]` with a `name` and a `system`".to_owned()),
            ));
        }
        let mut sources: Vec<Source> = Vec::new();
        for index in 0..list.len() {
            let section = list.element(index, "a source");
            let settings: SourceSettings = match section.read() {
                Ok(settings) => settings,
                Err(problems) => {
                    self.problems.extend(problems);
                    // What can still be told is told: is the system there, are its settings right?
                    let (Some(name), Some(system)) =
                        (text_of(&section, "name"), text_of(&section, "system"))
                    else {
                        continue;
                    };
                    SourceSettings::of_names(name, system)
                }
            };
            bounds::name(&section, "name", &settings.name, &mut self.problems);
            if sources.iter().any(|source| source.name == settings.name) {
                self.duplicate(&section, "source", &settings.name);
            }
            let source = self.source(&section, &settings);
            sources.push(source);
        }
        sources
    }

    /// Says that a name is there twice.
    pub(super) fn duplicate(&mut self, section: &Section, what: &str, name: &str) {
        self.problems.push(section.problem_at(
            section.span_of("name"),
            "LT-1014",
            format!("another {what} has the name `{name}`"),
            "taken",
            Some("cursors and receipts are kept by name: every name may stand once".to_owned()),
        ));
    }

    fn source(&mut self, section: &Section, settings: &SourceSettings) -> Source {
        let SourceSettings { items_max, bytes_max, .. } = settings;
        bounds::range(section, "items_max", *items_max, 1..=10_000, &mut self.problems);
        bounds::range(section, "bytes_max", *bytes_max, 65_536..=64 << 20, &mut self.problems);
        let mut source = Source {
            name: settings.name.clone(),
            feeds: BTreeMap::new(),
            section: section.clone(),
            schema: None,
            plan: None,
        };
        let system = match System::read(&self.library, self.kinds, &settings.system) {
            Some(Ok(system)) => system,
            Some(Err(problems)) => {
                self.add_problems(problems);
                return source;
            }
            None => {
                self.unknown_system(section, &settings.system);
                return source;
            }
        };
        source.schema = Some((system.kind.schemas)().settings);
        let chosen = self.chosen_feeds(section, settings, &system);
        for feed in &chosen {
            let written = system.file.feeds.get(feed);
            let record_type = written.map(|feed| feed.record_type.clone()).unwrap_or_default();
            source.feeds.insert(feed.clone(), record_type);
        }
        let feeds = self.feeds(section, settings, &system, &chosen);
        source.plan = self.adapter(section, settings, &system, feeds);
        source
    }

    fn chosen_feeds(
        &mut self,
        section: &Section,
        settings: &SourceSettings,
        system: &System,
    ) -> Vec<String> {
        let known: Vec<&str> = system.file.feeds.keys().map(String::as_str).collect();
        for feed in settings.schedules.keys() {
            if !known.contains(&feed.as_str()) {
                let at = section.child("schedules", "").child(feed, "");
                self.unknown_feed(&at, &settings.system, feed, &known);
            }
        }
        let Some(written) = &settings.feeds else {
            return known.into_iter().map(str::to_owned).collect();
        };
        let mut chosen = Vec::new();
        for (index, feed) in written.iter().enumerate() {
            if known.contains(&feed.as_str()) {
                chosen.push(feed.clone());
            } else {
                let at = section.child("feeds", "").element(index, "");
                self.unknown_feed(&at, &settings.system, feed, &known);
            }
        }
        chosen.sort();
        chosen.dedup();
        chosen
    }

    fn feeds(
        &mut self,
        section: &Section,
        settings: &SourceSettings,
        system: &System,
        chosen: &[String],
    ) -> Vec<FeedPlan> {
        let at = section.child("calendar", "a calendar");
        let calendar = timetable::calendar(&at, &settings.calendar, &mut self.problems);
        let at = section.child("schedule", "a schedule");
        let common = timetable::schedule(&at, &settings.schedule, &mut self.problems);
        let mut feeds = Vec::new();
        for name in chosen {
            let schedule = match settings.schedules.get(name) {
                None => common.clone(),
                Some(own) => {
                    let at = section.child("schedules", "").child(name, "a schedule");
                    timetable::schedule(&at, own, &mut self.problems)
                }
            };
            let Some(standard) = self.standard.clone() else { continue };
            let (mapping, mapping_files) = match system.mapping(&self.library, &standard, name) {
                Ok(LoadedMapping { mapping, files, warnings }) => {
                    self.add_warnings(warnings);
                    (mapping, files)
                }
                Err(problems) => {
                    self.add_problems(problems);
                    continue;
                }
            };
            let shape = shape_of(&self.library, &mapping).unwrap_or_else(|problems| {
                self.add_problems(problems);
                None
            });
            feeds.push(FeedPlan {
                name: name.clone(),
                mapping,
                shape,
                mapping_files,
                timetable: crate::Timetable { schedule, calendar: calendar.clone() },
                items_max: settings.items_max,
                bytes_max: settings.bytes_max,
            });
        }
        feeds
    }

    /// Builds the adapter, even where feeds have problems: its settings may have some too.
    fn adapter(
        &mut self,
        section: &Section,
        settings: &SourceSettings,
        system: &System,
        feeds: Vec<FeedPlan>,
    ) -> Option<SourcePlan> {
        let SourceSettings { name, .. } = settings;
        let kind = &system.kind;
        let written = system.section.child("feeds", "the feeds");
        let reads = feeds.iter().map(|feed| {
            let owner = format!("feed `{}` of adapter `{}`", feed.name, kind.name);
            (feed.name.clone(), written.child(&feed.name, "").child("read", owner))
        });
        let blueprint = Blueprint {
            source: name.clone(),
            settings: section.child("settings", format!("adapter `{}`", kind.name)),
            connection: system
                .section
                .child("connection", format!("the connection of adapter `{}`", kind.name)),
            feeds: reads.collect(),
            system_folder: self.system_folder(&settings.system),
            settings_folder: self.folder.clone(),
        };
        match (kind.build)(&blueprint, &self.secrets) {
            Ok(adapter) => Some(SourcePlan {
                name: name.clone(),
                system: settings.system.clone(),
                kind: kind.name,
                adapter_version: system.file.version.clone(),
                adapter: Arc::from(adapter),
                feeds,
            }),
            Err(error) => {
                self.add_problems(error.problems);
                None
            }
        }
    }

    /// Where the files beside `adapter.toml` lie. Those of the binary's copies are laid out below
    /// the data folder, where adapters can read them; most systems have none.
    fn system_folder(&mut self, system: &str) -> PathBuf {
        let prefix = format!("adapters/systems/{system}/");
        if let Library::Folder(folder) = &self.library {
            return folder.join(prefix);
        }
        let folder = self.data_folder.join("systems").join(system);
        for path in self.library.paths_under(&prefix) {
            let name = path.strip_prefix(&prefix).unwrap_or_default();
            if matches!(name, "adapter.toml" | "README.md") || name.starts_with("samples/") {
                continue;
            }
            let bytes = self.library.bytes(&path).unwrap_or_default();
            if let Err(error) = lay_out(&folder.join(name), &bytes) {
                let shown = folder.join(name).display().to_string();
                self.problems.push(Problem {
                    code: "LT-1020",
                    message: format!("a file of system `{system}` can't be laid out: {error}"),
                    label: String::new(),
                    hint: Some("let the connector's user write to the data folder".to_owned()),
                    file: Arc::from(shown),
                    text: Arc::from(""),
                    span: 0..0,
                });
            }
        }
        folder
    }

    fn unknown_system(&mut self, section: &Section, system: &str) {
        let known = self.library.folders_in("adapters/systems/");
        let hint = match nearest(system, known.iter().map(String::as_str)) {
            Some(nearest) => format!("did you mean `{nearest}`?"),
            None => "`lienthong adapter list` shows the systems".to_owned(),
        };
        self.problems.push(section.problem_at(
            section.span_of("system"),
            "LT-1012",
            format!("there is no system `{system}`"),
            "unknown system",
            Some(hint),
        ));
    }

    fn unknown_feed(&mut self, at: &Section, system: &str, feed: &str, known: &[&str]) {
        let hint = match nearest(feed, known.iter().copied()) {
            Some(nearest) => format!("did you mean `{nearest}`?"),
            None => format!("its feeds are: {}", known.join(", ")),
        };
        self.problems.push(at.problem_at(
            at.span(),
            "LT-1013",
            format!("system `{system}` has no feed `{feed}`"),
            "unknown feed",
            Some(hint),
        ));
    }
}

/// Writes a file unless it already holds these bytes.
fn lay_out(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    if std::fs::read(path).is_ok_and(|there| there == bytes) {
        return Ok(());
    }
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    std::fs::write(path, bytes)
}
