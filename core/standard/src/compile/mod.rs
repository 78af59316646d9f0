//! From the files of a standard to its compiled form, with all problems at once.

mod bounds;
mod lists;
mod patterns;
mod raw;
mod record;
mod sentinels;
mod states;

pub(crate) use lists::read as read_list;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::ops::Range;
use std::sync::Arc;

use lienthong_adapter_api::Section;
use lienthong_diagnostics::{Problem, nearest};
use sha2::{Digest as _, Sha256};

use crate::codes::CodeListId;
use crate::lists::Lists;
use crate::pattern::Pattern;
use crate::sentinel::Sentinels;
use crate::states::StateTable;
use crate::{Files, Standard};

impl Standard {
    /// Compiles a standard out of its files: `records/*.toml`, `codes/lists.toml` with
    /// `codes/*.csv`, `patterns.toml`, `sentinels.toml` and `states.toml`, by paths relative to the
    /// standard's folder. `name` is its version. Lists that `lists.toml` calls large are read when
    /// something first needs them; their faults are told by [`Standard::faults_of`].
    ///
    /// # Errors
    /// Every problem of every file; then there is no standard.
    pub fn compile(name: &str, files: &Files) -> Result<Self, Vec<Problem>> {
        let mut problems = Vec::new();
        let patterns = patterns::compile(files, &mut problems);
        let code_lists = lists::compile(files, &mut problems);
        code_lists.read_small(&mut problems);
        let sentinels = sentinels::compile(files, &mut problems);
        let states = states::compile(files, &code_lists, &mut problems);
        let parts = Parts {
            files,
            patterns: &patterns,
            sentinels: &sentinels,
            lists: &code_lists,
            states: &states,
        };
        let mut record_types = BTreeMap::new();
        for (path, text) in files.under("records/") {
            if !is_toml(path) {
                continue;
            }
            let section = section(files, path, text, "this record type", &mut problems);
            let record =
                section.and_then(|section| record::compile(path, &section, parts, &mut problems));
            if let Some(record) = record {
                record_types.insert(Arc::clone(&record.name), Arc::new(record));
            }
        }
        if record_types.is_empty() && problems.is_empty() {
            problems.push(Problem {
                code: "LT-4008",
                message: format!("the standard `{name}` has no record type"),
                label: String::new(),
                hint: Some("a standard's folder has a file `records/NAME.toml` each".to_owned()),
                file: files.shown("records/"),
                text: Arc::from(""),
                span: 0..0,
            });
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        Ok(Self {
            name: Arc::from(name),
            digest: digest(files),
            record_types,
            code_lists,
            patterns,
            sentinels,
        })
    }
}

/// What a record type may name.
#[derive(Clone, Copy)]
struct Parts<'a> {
    files: &'a Files,
    patterns: &'a BTreeMap<Arc<str>, Arc<Pattern>>,
    sentinels: &'a BTreeMap<Arc<str>, Arc<Sentinels>>,
    lists: &'a Lists,
    states: &'a BTreeMap<Arc<str>, Arc<StateTable>>,
}

impl<'a> Parts<'a> {
    fn list(self, name: &str) -> Option<CodeListId> {
        self.lists.id(name)
    }

    fn list_names(self) -> impl Iterator<Item = &'a str> {
        self.lists.names()
    }
}

/// Reads a file as TOML; its problems are kept.
fn section(
    files: &Files,
    path: &str,
    text: &Arc<str>,
    owner: &str,
    problems: &mut Vec<Problem>,
) -> Option<Section> {
    match Section::parse(files.shown(path), Arc::clone(text), owner) {
        Ok(section) => Some(section),
        Err(found) => {
            problems.extend(found);
            None
        }
    }
}

/// A problem with a name that is not known, and the nearest that is.
fn unknown<'a>(
    section: &Section,
    span: Range<usize>,
    what: &str,
    name: &str,
    known: impl Iterator<Item = &'a str>,
) -> Problem {
    let hint = nearest(name, known).map(|near| format!("did you mean `{near}`?"));
    section.problem_at(span, "LT-4001", format!("there is no {what} `{name}`"), "unknown", hint)
}

/// Names of record types, fields and groups: what every format and database can write.
fn is_name(name: &str, extra: char) -> bool {
    let mut chars = name.chars();
    chars.next().is_some_and(|first| first.is_ascii_alphabetic())
        && chars.all(|c| c.is_ascii_alphanumeric() || c == extra)
        && name.len() <= 100
}

fn is_toml(path: &str) -> bool {
    std::path::Path::new(path).extension().is_some_and(|extension| extension == "toml")
}

/// SHA-256 over the paths and texts of what counts, each with its length so that no two sets of
/// files run into the same bytes.
fn digest(files: &Files) -> Arc<str> {
    let mut hash = Sha256::new();
    let counts = |path: &str| path.rsplit('.').next().is_some_and(|e| matches!(e, "toml" | "csv"));
    for (path, text) in files.iter().filter(|(path, _)| counts(path)) {
        for part in [path, text] {
            hash.update(part.len().to_le_bytes());
            hash.update(part.as_bytes());
        }
    }
    let mut hex = String::with_capacity(64);
    for byte in hash.finalize() {
        // Writing to a string can't fail.
        write!(hex, "{byte:02x}").unwrap_or_default();
    }
    Arc::from(hex)
}

#[cfg(test)]
pub(crate) mod tests;
