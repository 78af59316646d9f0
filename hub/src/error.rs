//! Why a hub can't start or had to stop.

use std::io;
use std::path::PathBuf;

/// Why a hub can't start or had to stop.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The data folder can't be made or locked.
    #[error("the hub's data folder `{}` can't be used", path.display())]
    Folder {
        /// The folder.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// Another process has the data folder.
    #[error("another hub uses the data folder `{}`", path.display())]
    InUse {
        /// The folder.
        path: PathBuf,
    },
    /// The store can't be opened or written.
    #[error("the hub's store `{}` can't be opened", path.display())]
    Store {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: rusqlite::Error,
    },
    /// What the store holds can't be read.
    #[error("the hub's store `{}` can't be read", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The store was written by a newer program.
    #[error("the hub's store `{}` has form {found}, this program knows form {known}", path.display())]
    Form {
        /// The file.
        path: PathBuf,
        /// The form it has.
        found: i64,
        /// The form this program writes.
        known: i64,
    },
    /// What was asked for makes no sense.
    #[error("the hub's settings can't be used: {0}")]
    Settings(String),
    /// The network failed.
    #[error("the hub can't listen")]
    Listen(#[source] io::Error),
}

impl Error {
    /// The error code, a page of `docs/errors/`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Folder { .. } | Self::Store { .. } | Self::Damaged { .. } => "LT-7001",
            Self::InUse { .. } => "LT-7002",
            Self::Form { .. } => "LT-7003",
            Self::Settings(_) => "LT-7004",
            Self::Listen(_) => "LT-7005",
        }
    }
}
