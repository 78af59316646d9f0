//! The cursor: which workbooks are read, and how far the one under way is.

use std::collections::BTreeMap;

use lienthong_adapter_api::{Cursor, CursorError};
use serde::{Deserialize, Serialize};

use crate::folder::File;

/// How many files that are no longer in the folder are remembered.
const GONE_MAX: usize = 1000;

/// A feed's memory.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Position {
    /// By name, the files that are read.
    done: BTreeMap<String, Mark>,
    /// The workbook under way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    at: Option<At>,
}

/// A file as it was when it was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Mark {
    size: u64,
    written_ms: i64,
    digest: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct At {
    file: String,
    digest: String,
    found: usize,
}

impl Position {
    /// Reads a stored cursor; the beginning where there is none.
    pub(crate) fn read(cursor: Option<&Cursor>) -> Result<Self, CursorError> {
        cursor.map_or_else(|| Ok(Self::default()), Cursor::read)
    }

    /// Writes the cursor.
    pub(crate) fn write(&self) -> Result<Cursor, CursorError> {
        Cursor::write(self)
    }

    /// Whether a file was read and has not been touched since, judged without opening it.
    pub(crate) fn is_untouched(&self, file: &File) -> bool {
        self.done
            .get(&file.name)
            .is_some_and(|mark| mark.size == file.size && mark.written_ms == file.written_ms)
    }

    /// Whether these contents were read, under whatever name.
    pub(crate) fn has_read(&self, digest: &str) -> bool {
        self.done.values().any(|mark| mark.digest == digest)
    }

    /// How many finds of a workbook with these contents are behind us.
    pub(crate) fn behind(&self, file: &File, digest: &str) -> usize {
        match &self.at {
            Some(at) if at.file == file.name && at.digest == digest => at.found,
            _ => 0,
        }
    }

    /// Notes how far a workbook is read.
    pub(crate) fn stop_at(&mut self, file: &File, digest: &str, found: usize) {
        let digest = digest.to_owned();
        self.at = Some(At { file: file.name.clone(), digest, found });
    }

    /// Notes that a file is read.
    pub(crate) fn finish(&mut self, file: &File, digest: &str) {
        self.at = None;
        let mark = Mark { size: file.size, written_ms: file.written_ms, digest: digest.to_owned() };
        self.done.insert(file.name.clone(), mark);
    }

    /// Forgets the files that left the folder longest ago by name, past what is worth keeping.
    pub(crate) fn forget_gone(&mut self, files: &[File]) {
        let is_here =
            |name: &str| files.binary_search_by(|file| file.name.as_str().cmp(name)).is_ok();
        let gone: Vec<String> = self.done.keys().filter(|name| !is_here(name)).cloned().collect();
        for name in gone.iter().take(gone.len().saturating_sub(GONE_MAX)) {
            self.done.remove(name);
        }
    }
}
