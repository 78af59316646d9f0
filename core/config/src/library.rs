//! Where the data folders come from: the copies inside the binary, or a folder that replaces them.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use lienthong_diagnostics::Problem;
use lienthong_standard::Files;

/// How deep folders are looked into.
const DEPTH_MAX: usize = 8;

/// The files of the data folders, by paths like `adapters/systems/igate/adapter.toml`.
pub trait LibraryFiles: Sync {
    /// All paths, with `/` between folders.
    fn paths(&self) -> Vec<Cow<'static, str>>;
    /// A file's bytes.
    fn read(&self, path: &str) -> Option<Cow<'static, [u8]>>;
}

/// Where the data folders come from.
#[derive(Clone)]
pub enum Library {
    /// The copies inside the binary; a `library_folder` in the settings replaces them.
    Embedded(&'static dyn LibraryFiles),
    /// A folder with `adapters/systems/` and `mappings/`.
    Folder(PathBuf),
}

impl Library {
    /// The name of a file as a person finds it.
    pub fn shown(&self, path: &str) -> String {
        match self {
            Self::Embedded(_) => path.to_owned(),
            Self::Folder(folder) => folder.join(path).display().to_string(),
        }
    }

    /// The files below a path, as paths from the library's root, sorted.
    pub fn paths_under(&self, prefix: &str) -> Vec<String> {
        let mut paths = Vec::new();
        match self {
            Self::Embedded(files) => {
                let below = files.paths().into_iter().filter(|path| path.starts_with(prefix));
                paths.extend(below.map(Cow::into_owned));
            }
            Self::Folder(folder) => walk(folder, prefix.trim_end_matches('/'), 0, &mut paths),
        }
        paths.sort();
        paths
    }

    /// The names of the folders right below a path, sorted.
    pub fn folders_in(&self, prefix: &str) -> Vec<String> {
        let below = self.paths_under(prefix);
        let names = below.iter().filter_map(|path| path.strip_prefix(prefix)?.split_once('/'));
        let names: BTreeSet<String> = names.map(|(name, _)| name.to_owned()).collect();
        names.into_iter().collect()
    }

    /// A file's bytes; `None` when it is not there or can't be read.
    pub fn bytes(&self, path: &str) -> Option<Vec<u8>> {
        match self {
            Self::Embedded(files) => files.read(path).map(Cow::into_owned),
            Self::Folder(folder) => std::fs::read(folder.join(path)).ok(),
        }
    }

    /// A file's text; `None` when it is not there.
    ///
    /// # Errors
    /// A problem when it is there and is no UTF-8 text.
    pub(crate) fn text(&self, path: &str) -> Result<Option<Arc<str>>, Box<Problem>> {
        let Some(bytes) = self.bytes(path) else { return Ok(None) };
        match String::from_utf8(bytes) {
            Ok(text) => Ok(Some(Arc::from(text))),
            Err(_) => Err(Box::new(Problem {
                code: "LT-1020",
                message: "this file is not UTF-8 text".to_owned(),
                label: String::new(),
                hint: Some("save it again as UTF-8".to_owned()),
                file: Arc::from(self.shown(path)),
                text: Arc::from(""),
                span: 0..0,
            })),
        }
    }

    /// The texts below a path, named from there; `wanted` chooses by that name.
    pub(crate) fn files(
        &self,
        prefix: &str,
        wanted: impl Fn(&str) -> bool,
        problems: &mut Vec<Problem>,
    ) -> Files {
        let mut texts = Vec::new();
        for path in self.paths_under(prefix) {
            let Some(name) = path.strip_prefix(prefix).filter(|name| wanted(name)) else {
                continue;
            };
            match self.text(&path) {
                Ok(Some(text)) => texts.push((name.to_owned(), text)),
                Ok(None) => {}
                Err(problem) => problems.push(*problem),
            }
        }
        Files::new(texts).shown_below(self.shown(prefix))
    }
}

fn walk(root: &Path, below: &str, depth: usize, paths: &mut Vec<String>) {
    let Ok(entries) = std::fs::read_dir(root.join(below)) else { return };
    for entry in entries.flatten() {
        let Ok(name) = entry.file_name().into_string() else { continue };
        let path = if below.is_empty() { name } else { format!("{below}/{name}") };
        match entry.file_type() {
            Ok(kind) if kind.is_dir() && depth < DEPTH_MAX => walk(root, &path, depth + 1, paths),
            Ok(kind) if kind.is_dir() => {}
            _ => paths.push(path),
        }
    }
}
