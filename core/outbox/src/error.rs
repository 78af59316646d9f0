//! What can go wrong in the outbox, by what the operator can do about it.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use lienthong_adapter_api::Disposition;
use rusqlite::ErrorCode;

use crate::BatchId;

/// Why the outbox could not do what was asked. Nothing was changed then.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// LT-5001.
    #[error("another connector uses the outbox in {}", folder.display())]
    InUse {
        /// Where the outbox lies.
        folder: PathBuf,
    },
    /// LT-5002.
    #[error("another program holds {} locked", database.display())]
    Locked {
        /// The database file.
        database: PathBuf,
        /// What SQLite said.
        #[source]
        source: Arc<rusqlite::Error>,
    },
    /// LT-5003.
    #[error("there is no room left to write {}", database.display())]
    DiskFull {
        /// The database file.
        database: PathBuf,
        /// What SQLite said.
        #[source]
        source: Arc<rusqlite::Error>,
    },
    /// LT-5004.
    #[error("{} is damaged", database.display())]
    Corrupt {
        /// The database file.
        database: PathBuf,
        /// What SQLite said.
        #[source]
        source: Arc<rusqlite::Error>,
    },
    /// LT-5005.
    #[error("the stored batch {} is not what was written", batch.0)]
    Altered {
        /// Which batch.
        batch: BatchId,
    },
    /// LT-5006.
    #[error("{waiting} bytes wait for delivery, with {more} more it would pass {max}")]
    Full {
        /// What waits.
        waiting: u64,
        /// What the commit would add.
        more: u64,
        /// The bound.
        max: u64,
    },
    /// LT-5007.
    #[error("the quarantine holds {held} bytes, with {more} more it would pass {max}")]
    QuarantineFull {
        /// What is in it.
        held: u64,
        /// What the commit would add.
        more: u64,
        /// The bound.
        max: u64,
    },
    /// LT-5008.
    #[error("{} has form {found}, this program knows forms up to {known}", database.display())]
    Form {
        /// The database file.
        database: PathBuf,
        /// Its form.
        found: i64,
        /// The newest one known here.
        known: i64,
    },
    /// LT-5009.
    #[error("{} could not be read or written", database.display())]
    Store {
        /// The database file.
        database: PathBuf,
        /// What SQLite said.
        #[source]
        source: Arc<rusqlite::Error>,
    },
    /// LT-5010.
    #[error("there is no outbox in {}", folder.display())]
    Absent {
        /// Where it was looked for.
        folder: PathBuf,
    },
    /// LT-5011.
    #[error("the folder {} can't be used for the outbox", folder.display())]
    Folder {
        /// The folder.
        folder: PathBuf,
        /// What the system said.
        #[source]
        source: Arc<io::Error>,
    },
    /// LT-5012.
    #[error("there is no {what} {id}")]
    Unknown {
        /// `batch`, `feed`, `endpoint`, `quarantined record`.
        what: &'static str,
        /// Its number.
        id: i64,
    },
    /// LT-5013: would lose or double records.
    #[error("the outbox refused a wrong write: {0}")]
    Misuse(String),
    /// LT-5014.
    #[error("the outbox is closed")]
    Closed,
}

impl Error {
    /// The error code, a page of `docs/errors/`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::InUse { .. } => "LT-5001",
            Self::Locked { .. } => "LT-5002",
            Self::DiskFull { .. } => "LT-5003",
            Self::Corrupt { .. } => "LT-5004",
            Self::Altered { .. } => "LT-5005",
            Self::Full { .. } => "LT-5006",
            Self::QuarantineFull { .. } => "LT-5007",
            Self::Form { .. } => "LT-5008",
            Self::Store { .. } => "LT-5009",
            Self::Absent { .. } => "LT-5010",
            Self::Folder { .. } => "LT-5011",
            Self::Unknown { .. } => "LT-5012",
            Self::Misuse(_) => "LT-5013",
            Self::Closed => "LT-5014",
        }
    }

    /// Whether the same write may go well later without a person.
    pub fn disposition(&self) -> Disposition {
        match self {
            Self::Locked { .. } | Self::DiskFull { .. } | Self::Full { .. } => {
                Disposition::Retry(None)
            }
            // A person empties the quarantine while the connector runs; a failing disk may recover.
            Self::QuarantineFull { .. } | Self::Store { .. } => Disposition::Retry(None),
            _ => Disposition::Halt,
        }
    }

    /// Names the database file in an error that was made where it is not known.
    pub(crate) fn at(mut self, path: &Path) -> Self {
        match &mut self {
            Self::Locked { database, .. }
            | Self::DiskFull { database, .. }
            | Self::Corrupt { database, .. }
            | Self::Store { database, .. } => *database = path.to_path_buf(),
            _ => {}
        }
        self
    }

    /// Whether every write of a group would meet the same fate when tried alone.
    pub(crate) fn is_common(&self) -> bool {
        matches!(self, Self::Locked { .. } | Self::Corrupt { .. } | Self::Store { .. })
    }
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        let code = error.sqlite_error_code();
        let (database, source) = (PathBuf::new(), Arc::new(error));
        match code {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
                Self::Locked { database, source }
            }
            Some(ErrorCode::DiskFull) => Self::DiskFull { database, source },
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
                Self::Corrupt { database, source }
            }
            _ => Self::Store { database, source },
        }
    }
}
