//! The adapter: built from settings, and at work beside the runtime's threads.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use lienthong_adapter_api::{
    Adapter, Blueprint, BuildError, Checkup, Page, Problem, PullError, PullFailure, PullRequest,
    SecretReader, Section,
};
use lienthong_adapter_kit::split::Columns;

use crate::check::check;
use crate::folder::Folder;
use crate::pull::{Ask, FileDrop};
use crate::settings::{Connection, Feed, Format, Settings};

/// Reads the files of one folder.
struct FileDropAdapter(Arc<FileDrop>);

/// Builds the adapter; touches no disk.
pub(crate) fn build(
    blueprint: &Blueprint,
    _secrets: &dyn SecretReader,
) -> Result<Box<dyn Adapter>, BuildError> {
    let mut problems = Vec::new();
    let settings: Option<Settings> = read(&blueprint.settings, &mut problems);
    let _: Option<Connection> = read(&blueprint.connection, &mut problems);
    if let Some(settings) = &settings {
        problems.extend(problems_of_settings(&blueprint.settings, settings));
    }
    let mut feeds = HashMap::new();
    for (name, section) in &blueprint.feeds {
        if let Some(feed) = read::<Feed>(section, &mut problems) {
            problems.extend(problems_of_feed(section, &feed));
            feeds.insert(name.clone(), feed);
        }
    }
    let Some(settings) = settings.filter(|_| problems.is_empty()) else {
        return Err(BuildError { origin: blueprint.source.clone(), problems });
    };
    let folder = Folder::new(blueprint.settings_folder.join(&settings.folder), &settings);
    let (looks, open, spare) = (Mutex::default(), Mutex::default(), Mutex::default());
    Ok(Box::new(FileDropAdapter(Arc::new(FileDrop {
        settings,
        folder,
        feeds,
        looks,
        open,
        spare,
    }))))
}

fn read<T: serde::de::DeserializeOwned>(
    section: &Section,
    problems: &mut Vec<Problem>,
) -> Option<T> {
    match section.read() {
        Ok(value) => Some(value),
        Err(found) => {
            problems.extend(found);
            None
        }
    }
}

fn problems_of_settings(section: &Section, settings: &Settings) -> Vec<Problem> {
    let problem = |key: &str, message: String| {
        section.problem_at(section.span_of(key), "LT-1003", message, "not a valid value", None)
    };
    let mut problems = Vec::new();
    let most = Settings::FILES_MAX;
    if settings.files_max == 0 || settings.files_max > most {
        problems.push(problem("files_max", format!("`files_max` is a number from 1 to {most}")));
    }
    if settings.item_bytes_max == 0 {
        problems.push(problem("item_bytes_max", "`item_bytes_max` is at least 1".to_owned()));
    }
    problems
}

/// What types can't say.
fn problems_of_feed(section: &Section, feed: &Feed) -> Vec<Problem> {
    let problem = |key: &str, message: String| {
        section.problem_at(section.span_of(key), "LT-1003", message, "not a valid value", None)
    };
    let mut problems = Vec::new();
    let is_csv = feed.format == Format::Csv;
    let has_path = matches!(feed.format, Format::Json | Format::Xml);
    if !has_path && !feed.path.is_empty() {
        problems.push(problem("path", "`path` is only for `json` and `xml`".to_owned()));
    }
    if !feed.delimiter.is_ascii() || matches!(feed.delimiter, '"' | '\r' | '\n') {
        problems.push(problem("delimiter", "`delimiter` is one character of ASCII".to_owned()));
    }
    if is_csv && !feed.header && feed.columns.is_empty() {
        let text = "without a heading, `columns` names the columns".to_owned();
        problems.push(problem("header", text));
    }
    if !feed.columns.is_empty() && (feed.header || !is_csv) {
        let text = "`columns` is for a `csv` with `header = false`".to_owned();
        problems.push(problem("columns", text));
    }
    if let Err(kind) = Columns::named(feed.columns.clone(), b',') {
        problems.push(problem("columns", kind.to_string()));
    }
    problems
}

#[async_trait]
impl Adapter for FileDropAdapter {
    async fn check(&self) -> Result<Checkup, PullError> {
        let drop = Arc::clone(&self.0);
        beside(move || check(&drop), &self.0.folder).await
    }

    async fn pull(&self, request: PullRequest<'_>) -> Result<Page, PullError> {
        let ask = Ask {
            feed: request.feed.to_owned(),
            after: request.after.cloned(),
            items_max: request.items_max,
            bytes_max: request.bytes_max,
            now: request.now,
        };
        let drop = Arc::clone(&self.0);
        beside(move || drop.pull(&ask), &self.0.folder).await
    }
}

/// Runs what waits for a disk on a thread that may wait.
async fn beside<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, PullError> + Send + 'static,
    folder: &Folder,
) -> Result<T, PullError> {
    let result = tokio::task::spawn_blocking(work).await;
    result.unwrap_or_else(|error| {
        let failure = PullFailure::Unreadable("reading was broken off".to_owned());
        Err(PullError::new(failure, folder.shown()).caused_by(error))
    })
}
