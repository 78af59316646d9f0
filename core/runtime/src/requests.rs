//! What a person asks of a running connector: files in a folder beside the outbox.
//!
//! One program at a time writes to an outbox. When the connector runs, another call of `lienthong`
//! leaves its request here, and the connector does it within seconds; a request survives a restart.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use lienthong_outbox::QuarantineFilter;
use serde::{Deserialize, Serialize};

/// The folder's name within the data folder.
const FOLDER: &str = "requests";
/// The most requests that are read at a time.
const FILES_MAX: usize = 100;
/// The most bytes that a request may have.
const BYTES_MAX: u64 = 1 << 20;

/// What a person asks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Request {
    /// Try quarantined items again.
    Release {
        /// Which.
        which: Selection,
    },
    /// Map the kept items of a feed again, and send what has changed.
    Replay {
        /// The source's name.
        source: String,
        /// The feed's name.
        feed: String,
        /// The digest of the mapping that the person means: a connector that was started before
        /// the change maps with another.
        mapping_digest: String,
    },
    /// Give quarantined items up.
    Discard {
        /// Which.
        which: Selection,
        /// Why, for the record.
        why: String,
    },
}

/// Which rows of the quarantine.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Selection {
    /// These rows.
    pub ids: Vec<i64>,
    /// Rows with this error code.
    pub code: Option<String>,
    /// Rows that wait for this: `codes/status:XYZ`.
    pub waiting_for: Option<String>,
    /// Every row.
    pub all: bool,
}

impl Selection {
    /// The filter for a page of rows; ids are picked by the caller.
    pub(crate) fn filter(&self, limit: u32) -> QuarantineFilter {
        QuarantineFilter {
            code: self.code.clone(),
            waiting_for: self.waiting_for.clone(),
            limit,
            ..QuarantineFilter::default()
        }
    }

    /// Whether it selects nothing, which a person hardly meant.
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty() && self.code.is_none() && self.waiting_for.is_none() && !self.all
    }
}

/// Leaves a request for the connector that uses this data folder.
///
/// # Errors
/// When it can't be written.
pub fn leave(data_folder: &Path, request: &Request) -> io::Result<()> {
    let folder = data_folder.join(FOLDER);
    fs::create_dir_all(&folder)?;
    let text = serde_json::to_string(request)?;
    let mut number = fs::read_dir(&folder)?.count();
    loop {
        let path = folder.join(format!("{number:06}.json"));
        let part = folder.join(format!("{number:06}.part"));
        // A new name each time, so that two calls at once do not write the same file.
        match fs::OpenOptions::new().write(true).create_new(true).open(&part) {
            Ok(mut file) => {
                io::Write::write_all(&mut file, text.as_bytes())?;
                file.sync_all()?;
                if path.exists() {
                    fs::remove_file(&part)?;
                } else {
                    return fs::rename(&part, &path);
                }
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
        number += 1;
    }
}

/// The requests that wait, oldest first. One that can't be read is moved aside as `.wrong`.
pub(crate) fn waiting(data_folder: &Path) -> io::Result<Vec<(PathBuf, Request)>> {
    let entries = match fs::read_dir(data_folder.join(FOLDER)) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut paths = Vec::new();
    for entry in entries.take(FILES_MAX) {
        let path = entry?.path();
        if path.extension().is_some_and(|ending| ending == "json") {
            paths.push(path);
        }
    }
    paths.sort();
    let mut requests = Vec::new();
    for path in paths {
        match read(&path) {
            Ok(request) => requests.push((path, request)),
            Err(error) => {
                tracing::warn!(request = %path.display(), "a request can't be read: {error}");
                fs::rename(&path, path.with_extension("wrong"))?;
            }
        }
    }
    Ok(requests)
}

fn read(path: &Path) -> io::Result<Request> {
    if fs::metadata(path)?.len() > BYTES_MAX {
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, "the request is too long"));
    }
    Ok(serde_json::from_str(&fs::read_to_string(path)?)?)
}

#[cfg(test)]
mod tests;
