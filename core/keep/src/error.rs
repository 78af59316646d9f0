//! What can go wrong in the keep, by what the operator can do about it.

use std::io;
use std::path::{Path, PathBuf};

/// Why kept items can't be written or read. Nothing else is lost by it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// LT-5020.
    #[error("the kept items in {} can't be read or written", path.display())]
    Files {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// LT-5021.
    #[error(
        "the kept items from version {version} on are sealed with key {key}, which is not here"
    )]
    Locked {
        /// The first version of the frame.
        version: u64,
        /// The key's id.
        key: String,
    },
    /// LT-5022.
    #[error("the kept items from version {version} on are damaged in {}", path.display())]
    Damaged {
        /// The segment.
        path: PathBuf,
        /// The first version of the frame.
        version: u64,
    },
    /// LT-5023.
    #[error("the files of {digest} are not kept, or can't be used any more: {why}")]
    NoTexts {
        /// The digest of the mapping or standard.
        digest: String,
        /// What is wrong.
        why: String,
    },
    /// The key is not one.
    #[error("a key is 64 hexadecimal digits")]
    NoKey,
}

impl Error {
    /// The error code, a page of `docs/errors/`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Files { .. } => "LT-5020",
            Self::Locked { .. } => "LT-5021",
            Self::Damaged { .. } => "LT-5022",
            Self::NoTexts { .. } => "LT-5023",
            Self::NoKey => "LT-1003",
        }
    }

    /// Names the file of a failure.
    pub(crate) fn at(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_path_buf();
        move |source| Self::Files { path, source }
    }
}
