//! Opening an outbox: folder, lock, database, writing thread.

use std::path::Path;
use std::sync::{Arc, mpsc};
use std::thread;

use crate::outbox::Inner;
use crate::writer::{Store, Writer};
use crate::{Error, Options, Outbox, Reader, connection, lock};

impl Outbox {
    /// Opens the outbox in a folder, creating both where there are none, and keeps every other
    /// connector out until it is closed or dropped.
    ///
    /// # Errors
    /// [`Error::InUse`], [`Error::Locked`], [`Error::Form`], [`Error::Corrupt`],
    /// [`Error::Folder`], [`Error::DiskFull`]. Nothing is changed then.
    pub fn open(folder: &Path, options: Options) -> Result<Self, Error> {
        let lock = lock::lock(folder)?;
        lock::create_database(folder)?;
        let path = lock::database(folder);
        let busy_timeout = options.busy_timeout;
        let store = connection::open_writer(&path, &options)
            .and_then(|connection| Store::new(connection, path.clone(), options))
            .map_err(|error| error.at(&path))?;
        let reader = Reader::open(folder, busy_timeout)?;
        let (sender, queue) = mpsc::channel();
        let writer = Writer::new(store, queue, lock);
        let thread = thread::Builder::new().name("outbox".into()).spawn(move || writer.run());
        let thread = thread
            .map_err(|source| Error::Folder { folder: folder.into(), source: Arc::new(source) })?;
        Ok(Self::from_inner(Inner::new(sender, thread, reader)))
    }

    /// Opens an outbox for reading alone, also while a connector works on it.
    ///
    /// # Errors
    /// [`Error::Absent`], [`Error::Locked`], [`Error::Form`], [`Error::Corrupt`].
    pub fn open_reader(folder: &Path) -> Result<Reader, Error> {
        Reader::open(folder, Options::default().busy_timeout)
    }
}
