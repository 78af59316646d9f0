//! The folder of an outbox and the lock that keeps a second connector out of it.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::Error;

/// The lock; the system gives it back when the program ends, however it ends.
#[derive(Debug)]
pub(crate) struct FolderLock {
    _file: File,
}

/// Where the database of an outbox lies.
pub(crate) fn database(folder: &Path) -> PathBuf {
    folder.join("outbox.sqlite")
}

/// Creates the folder if there is none and locks it.
pub(crate) fn lock(folder: &Path) -> Result<FolderLock, Error> {
    let refused = |source| Error::Folder { folder: folder.into(), source: Arc::new(source) };
    create(folder).map_err(refused)?;
    let mut options = OpenOptions::new();
    let path = folder.join("outbox.lock");
    let file = options.create(true).truncate(false).write(true).open(path).map_err(refused)?;
    match file.try_lock() {
        Ok(()) => Ok(FolderLock { _file: file }),
        Err(TryLockError::WouldBlock) => Err(Error::InUse { folder: folder.into() }),
        Err(TryLockError::Error(source)) => Err(refused(source)),
    }
}

/// Creates an empty database, which is an empty file, before SQLite does so with wider rights.
pub(crate) fn create_database(folder: &Path) -> Result<(), Error> {
    let mut options = OpenOptions::new();
    options.create_new(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(database(folder)) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(Error::Folder { folder: folder.into(), source: Arc::new(error) }),
    }
}

/// Only the connector's own account may enter: the outbox holds personal data.
#[cfg(unix)]
fn create(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;

    if folder.is_dir() {
        return Ok(());
    }
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

#[cfg(not(unix))]
fn create(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)
}
