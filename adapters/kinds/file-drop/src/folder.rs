//! The folder: which files lie in it, and where a name leads.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use lienthong_adapter_api::{PullError, PullFailure};

use crate::pattern::fits;
use crate::position::FileState;
use crate::settings::{Feed, Settings};

/// Endings of files that are still being written.
const UNFINISHED: [&str; 2] = [".tmp", ".part"];

/// A folder where files appear.
#[derive(Clone, Debug)]
pub(crate) struct Folder {
    pub(crate) path: PathBuf,
    pattern: String,
    files_max: usize,
}

/// A file that a feed may read.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Listed {
    pub(crate) name: String,
    pub(crate) file: Found,
}

/// What a name leads to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Found {
    File(FileState),
    /// Something that must not be read, or can't be, and why.
    Refused(FileState, Refusal),
}

/// Why a file is not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Refusal {
    LeadsOutside,
    NoUnicodeName,
}

impl Listed {
    pub(crate) fn state(&self) -> FileState {
        match self.file {
            Found::File(state) | Found::Refused(state, _) => state,
        }
    }

    pub(crate) fn fingerprint(&self) -> String {
        self.state().fingerprint(&self.name)
    }
}

impl Refusal {
    pub(crate) const fn reason(self) -> &'static str {
        match self {
            Self::LeadsOutside => "it is a link that leads out of the folder",
            Self::NoUnicodeName => "its name is not Unicode text",
        }
    }
}

impl Folder {
    pub(crate) fn new(path: PathBuf, settings: &Settings) -> Self {
        Self { path, pattern: settings.pattern.clone(), files_max: settings.files_max }
    }

    /// The folder's name for messages.
    pub(crate) fn shown(&self) -> String {
        self.path.display().to_string()
    }

    /// Lists the files of a feed by name.
    ///
    /// # Errors
    /// When the folder can't be read, or holds too many files to remember.
    pub(crate) fn list(&self, feed: &Feed) -> Result<BTreeSet<Listed>, PullError> {
        let mut files = BTreeSet::new();
        for entry in fs::read_dir(&self.path).map_err(|error| self.unreadable(error))? {
            let entry = entry.map_err(|error| self.unreadable(error))?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let is_ours = fits(&self.pattern, &name) && fits(&feed.pattern, &name);
            if !is_ours || is_hidden_or_unfinished(&name) {
                continue;
            }
            let found = if entry.file_name().to_str().is_none() {
                refused(&entry.path(), Refusal::NoUnicodeName)
            } else {
                look(&self.path, &name)
            };
            match found {
                Ok(Some(file)) => files.insert(Listed { name, file }),
                Ok(None) => continue,
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                Err(error) => return Err(self.unreadable(error)),
            };
            if files.len() > self.files_max {
                let most = self.files_max;
                let text = format!("the folder holds more than the {most} files allowed");
                return Err(PullError::new(PullFailure::Unreadable(text), self.shown()));
            }
        }
        Ok(files)
    }

    /// Looks at one file again; `None` when it is gone.
    ///
    /// # Errors
    /// When the folder can't be read.
    pub(crate) fn look(&self, name: &str) -> Result<Option<Found>, PullError> {
        match look(&self.path, name) {
            Ok(found) => Ok(found),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(self.unreadable(error)),
        }
    }

    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// Makes an error of one that concerns the folder or disk as a whole.
    pub(crate) fn unreadable(&self, error: io::Error) -> PullError {
        let failure = PullFailure::Unreadable(error.kind().to_string());
        PullError::new(failure, self.shown()).caused_by(error)
    }
}

pub(crate) fn is_hidden_or_unfinished(name: &str) -> bool {
    name.starts_with('.') || UNFINISHED.iter().any(|ending| name.ends_with(ending))
}

/// What lies behind a name; `None` for folders, pipes and the like.
fn look(folder: &Path, name: &str) -> io::Result<Option<Found>> {
    let path = folder.join(name);
    let mut metadata = fs::symlink_metadata(&path)?;
    if metadata.is_symlink() {
        if !fs::canonicalize(&path)?.starts_with(fs::canonicalize(folder)?) {
            return refused(&path, Refusal::LeadsOutside);
        }
        metadata = fs::metadata(&path)?;
    }
    Ok(metadata.is_file().then(|| Found::File(FileState::of(&metadata))))
}

fn refused(path: &Path, refusal: Refusal) -> io::Result<Option<Found>> {
    let state = FileState::of(&fs::symlink_metadata(path)?);
    Ok(Some(Found::Refused(state, refusal)))
}
