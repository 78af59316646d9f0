//! What a cursor of this kind holds.

use std::fs::Metadata;
use std::time::{SystemTime, UNIX_EPOCH};

use lienthong_adapter_api::{Cursor, CursorError, PullError, PullFailure};
use lienthong_adapter_kit::split::Mark;
use serde::{Deserialize, Serialize};

use crate::NAME;
use crate::digest::{Content, Digest};

/// A position in a feed: which files are done, and where in the next one to go on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Position {
    /// Tells the cursors of this kind from others.
    kind: String,
    /// Files that are not read again, in the order in which they were done.
    pub(crate) done: Vec<Done>,
    /// The file that is being read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) reading: Option<InFile>,
}

/// A file that is not read again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub(crate) struct Done {
    /// How the folder listed it.
    pub(crate) fingerprint: String,
    /// Its size and content; `None` for a file that was refused unread.
    pub(crate) content: Option<(u64, Content)>,
}

/// A place in a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct InFile {
    pub(crate) name: String,
    pub(crate) state: FileState,
    /// The file within an archive.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) entry: Option<String>,
    pub(crate) mark: Mark,
    pub(crate) digest: DigestSoFar,
}

/// What is known of a file's content.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum DigestSoFar {
    /// The digest of the file up to the mark, put aside.
    Running(String),
    /// The whole file was digested before it was read.
    Known(Content),
}

/// How a file looks from outside. A file that was written to looks different: what is written
/// within one tick of its clock is not missed, because a file is only read once it has settled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FileState {
    pub(crate) bytes: u64,
    /// When it was written, in nanoseconds since 1970.
    pub(crate) written_ns: i64,
    /// When it was written, renamed or otherwise changed: no program can set this back.
    pub(crate) changed_ns: i64,
}

impl Position {
    /// Before the first file.
    pub(crate) fn start() -> Self {
        Self { kind: NAME.to_owned(), done: Vec::new(), reading: None }
    }

    /// Reads a cursor.
    ///
    /// # Errors
    /// [`PullFailure::BadCursor`] when another kind wrote it.
    pub(crate) fn of(cursor: Option<&Cursor>, feed: &str) -> Result<Self, PullError> {
        let Some(cursor) = cursor else { return Ok(Self::start()) };
        let bad = |text: String| PullError::new(PullFailure::BadCursor(text), feed);
        let position: Self = cursor.read().map_err(|error| {
            let text = error.to_string();
            bad(text).caused_by(error)
        })?;
        if position.kind != NAME {
            return Err(bad(format!("it is of the kind `{}`", position.kind)));
        }
        Ok(position)
    }

    /// Writes a cursor.
    ///
    /// # Errors
    /// When too many files are done to remember them all.
    pub(crate) fn write(&self, feed: &str) -> Result<Cursor, PullError> {
        Cursor::write(self).map_err(|error: CursorError| {
            let text = "too many files to remember: move those away that are done".to_owned();
            PullError::new(PullFailure::Unreadable(text), feed).caused_by(error)
        })
    }
}

impl FileState {
    pub(crate) fn of(metadata: &Metadata) -> Self {
        let written_ns = metadata.modified().map_or(0, nanoseconds);
        Self { bytes: metadata.len(), written_ns, changed_ns: changed_ns(metadata) }
    }

    /// What tells a listed file from every other, in few characters.
    pub(crate) fn fingerprint(&self, name: &str) -> String {
        let mut digest = Digest::new();
        digest.update(&self.bytes.to_le_bytes());
        digest.update(&self.written_ns.to_le_bytes());
        digest.update(&self.changed_ns.to_le_bytes());
        digest.update(name.as_bytes());
        let mut fingerprint = digest.content();
        fingerprint.truncate(24);
        fingerprint
    }
}

#[cfg(unix)]
fn changed_ns(metadata: &Metadata) -> i64 {
    use std::os::unix::fs::MetadataExt as _;
    metadata.ctime().saturating_mul(1_000_000_000).saturating_add(metadata.ctime_nsec())
}

#[cfg(not(unix))]
fn changed_ns(metadata: &Metadata) -> i64 {
    metadata.created().map_or(0, nanoseconds)
}

fn nanoseconds(time: SystemTime) -> i64 {
    match time.duration_since(UNIX_EPOCH) {
        Ok(since) => i64::try_from(since.as_nanos()).unwrap_or(i64::MAX),
        Err(before) => i64::try_from(before.duration().as_nanos()).map_or(i64::MIN, |ns| -ns),
    }
}

impl From<Done> for String {
    fn from(done: Done) -> Self {
        match done.content {
            Some((bytes, content)) => format!("{} {content} {bytes}", done.fingerprint),
            None => done.fingerprint,
        }
    }
}

impl TryFrom<String> for Done {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let mut parts = text.split(' ');
        let (fingerprint, content, bytes) = (parts.next(), parts.next(), parts.next());
        let content = match (content, bytes) {
            (None, None) => Some(None),
            (Some(content), Some(bytes)) => {
                bytes.parse().ok().map(|bytes| Some((bytes, content.to_owned())))
            }
            _ => None,
        };
        match (fingerprint, content, parts.next()) {
            (Some(fingerprint), Some(content), None) if fingerprint.len() == 24 => {
                Ok(Self { fingerprint: fingerprint.to_owned(), content })
            }
            _ => Err("not a done file".to_owned()),
        }
    }
}

#[cfg(test)]
mod tests;
