//! The bounded store of a feed's newest raw items, for comparing mappings and for replay.
//!
//! A convenience and no evidence: nothing of a delivery depends on it, so it is written without
//! fsync, and what is damaged is left out with a warning. What must hold is told by version numbers
//! alone (`docs/decisions/0008-the-keep.md`): the frames at the end of the store, without a gap up
//! to the version that the outbox gives next, are a suffix of the feed's stream of items. Only they
//! may be sent again; what lies before a gap may be looked at.
//!
//! # Form
//!
//! `keep/<source>/<feed>/<version>.seg` are segments, files of frames; a frame is a run of items
//! with one version each, compressed, and sealed when the operator has given a key.
//! `keep/_texts/<digest>.json` holds the files of a mapping or a standard that frames name, so that
//! an old mapping can be compiled again.

mod error;
mod feed_keep;
mod files;
mod frame;
mod items;
mod key;
mod reader;
mod segments;
mod texts;

pub use error::Error;
pub use feed_keep::FeedKeep;
pub use frame::Made;
pub use items::{Kept, KeptItems, Replayed};
pub use key::Key;
pub use reader::{Frame, Reader};
pub use texts::{Texts, prune};

use std::path::{Path, PathBuf};

/// How a keep is kept.
#[derive(Clone, Debug)]
pub struct Options {
    /// The most bytes that the segments of one feed take on disk.
    pub bytes_max: u64,
    /// The key that new frames are sealed with, and old ones opened.
    pub key: Option<Key>,
}

/// The folder of the keep within a connector's data folder.
pub fn folder(data_folder: &Path) -> PathBuf {
    data_folder.join("keep")
}

/// Removes all that is kept, for a connector that shall keep nothing.
///
/// # Errors
/// When something of it can't be removed.
pub fn remove(data_folder: &Path) -> Result<(), Error> {
    let folder = folder(data_folder);
    match std::fs::remove_dir_all(&folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(Error::at(&folder)(error))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests;
