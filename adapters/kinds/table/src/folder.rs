//! The folder of workbooks: its files in order, each read whole and within bounds.

use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use lienthong_adapter_api::{PullError, PullFailure};
use sha2::{Digest as _, Sha256};

/// The most files of a folder that are looked at.
const FILES_MAX: usize = 100_000;

/// A file as the folder lists it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct File {
    pub(crate) name: String,
    pub(crate) path: PathBuf,
    pub(crate) size: u64,
    /// When it was last written, in milliseconds since 1970.
    pub(crate) written_ms: i64,
}

/// What reading a file gave.
#[derive(Debug)]
pub(crate) enum Contents {
    /// Its bytes and their digest.
    Bytes(Vec<u8>, String),
    /// It is larger than allowed.
    TooLarge,
    /// It was taken away after it was listed.
    Gone,
}

/// Lists the files of a folder by name, without those that programs hide or lock with.
///
/// # Errors
/// When the folder can't be listed.
pub(crate) fn list(folder: &Path) -> Result<Vec<File>, PullError> {
    let shown = folder.display().to_string();
    let broken = |error: io::Error| unreadable(&shown, error);
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(broken)? {
        let entry = entry.map_err(broken)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let Ok(data) = fs::metadata(entry.path()) else { continue };
        if !data.is_file() || name.starts_with('.') || name.starts_with("~$") {
            continue;
        }
        let since = data.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
        let written_ms = since.and_then(|since| i64::try_from(since.as_millis()).ok()).unwrap_or(0);
        files.push(File { name, path: entry.path(), size: data.len(), written_ms });
        if files.len() > FILES_MAX {
            let text = format!("the folder holds more than {FILES_MAX} files");
            return Err(PullError::new(PullFailure::Unexpected(text), shown));
        }
    }
    files.sort();
    Ok(files)
}

/// Reads a file whole.
///
/// # Errors
/// When it is there and can't be read.
pub(crate) fn read(file: &File, bytes_max: u64) -> Result<Contents, PullError> {
    let opened = match fs::File::open(&file.path) {
        Ok(opened) => opened,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Contents::Gone),
        Err(error) => return Err(unreadable(&file.name, error)),
    };
    let mut bytes = Vec::new();
    let read = opened.take(bytes_max.saturating_add(1)).read_to_end(&mut bytes);
    let length = read.map_err(|error| unreadable(&file.name, error))?;
    if u64::try_from(length).unwrap_or(u64::MAX) > bytes_max {
        return Ok(Contents::TooLarge);
    }
    let digest = Sha256::digest(&bytes);
    let first: [u8; 16] = std::array::from_fn(|index| digest.get(index).copied().unwrap_or(0));
    Ok(Contents::Bytes(bytes, format!("{:032x}", u128::from_be_bytes(first))))
}

fn unreadable(place: &str, error: io::Error) -> PullError {
    let words = error.kind().to_string();
    PullError::new(PullFailure::Unreadable(words), place).caused_by(error)
}
