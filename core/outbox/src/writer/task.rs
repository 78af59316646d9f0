//! One write with the one who waits for it.

use tokio::sync::oneshot;

use crate::writer::{Haste, Store};
use crate::{Error, Written};

/// A write: applied inside a transaction, perhaps more than once, since a group that fails is
/// rolled back and its writes are tried alone.
pub(crate) trait Write: Send + 'static {
    /// What the one who asked is told.
    type Output: Send + 'static;

    /// How soon it has to happen.
    const HASTE: Haste = Haste::Prompt;

    /// How many batches it stores.
    fn batches(&self) -> usize {
        0
    }

    /// Writes. After an error the transaction is rolled back.
    fn apply(&self, store: &mut Store) -> Result<Self::Output, Error>;
}

/// A write in the queue, whatever its output.
pub(crate) trait Job: Send {
    fn haste(&self) -> Haste;
    fn batches(&self) -> usize;
    fn apply(&mut self, store: &mut Store) -> Result<(), Error>;
    fn finish(self: Box<Self>, outcome: Result<(), Error>);
}

/// A write and where its answer goes.
pub(crate) struct Task<W: Write> {
    write: W,
    output: Option<W::Output>,
    reply: oneshot::Sender<Result<W::Output, Error>>,
}

impl<W: Write> Task<W> {
    pub(crate) fn new(write: W) -> (Self, Written<W::Output>) {
        let (reply, answer) = oneshot::channel();
        (Self { write, output: None, reply }, Written::new(answer))
    }
}

impl<W: Write> Job for Task<W> {
    fn haste(&self) -> Haste {
        W::HASTE
    }

    fn batches(&self) -> usize {
        self.write.batches()
    }

    fn apply(&mut self, store: &mut Store) -> Result<(), Error> {
        self.output = Some(self.write.apply(store)?);
        Ok(())
    }

    fn finish(self: Box<Self>, outcome: Result<(), Error>) {
        let Self { write, output, reply } = *self;
        // Marks and permits are given back before the answer: whoever gets it sees them gone.
        drop(write);
        let answer = outcome.and_then(|()| output.ok_or(Error::Closed));
        // Whoever asked may have gone.
        drop(reply.send(answer));
    }
}
