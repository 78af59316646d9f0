//! The writing side: one thread that groups what is asked of it into transactions.
//!
//! A group is closed by enough batches, by enough writes, or by a short silence. Lazy writes
//! (settlements) never close a group by themselves before enough of them wait or a longer silence.

mod commit;
mod drift;
mod enqueue;
mod feed;
mod history;
mod ledger;
mod quarantine;
mod replay;
mod route;
mod settle;
mod store;
mod task;

use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

use tokio::sync::oneshot;

pub(crate) use commit::PermittedCommit;
pub(crate) use drift::{ForgetDrifts, NoteDrifts};
pub(crate) use feed::{AddFeed, EndPass, Halt, Resume};
pub(crate) use ledger::PutLedger;
pub(crate) use quarantine::Discard;
pub(crate) use route::{DropStep, Register};
pub(crate) use settle::{MarkedSettlement, Postpone, Replace};
pub(crate) use store::Store;
pub(crate) use task::{Job, Task, Write};

use crate::lock::FolderLock;
use crate::{Error, Options};

/// The most writes in one transaction. Also a bound on time, without a clock: each of them may have
/// let the others wait for as long as the options say.
const GROUP_WRITES_MAX: usize = 64;

/// What the writing thread is asked.
pub(crate) enum Message {
    /// Write this.
    Write(Box<dyn Job>),
    /// Write what you have.
    Flush(oneshot::Sender<Result<(), Error>>),
    /// Write what you have, tidy up and end.
    Close(oneshot::Sender<Result<(), Error>>),
}

/// How soon a write has to happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Haste {
    /// Somebody waits for it.
    Prompt,
    /// It can wait for company.
    Lazy,
}

/// The state of the writing thread.
pub(crate) struct Writer {
    store: Store,
    queue: Receiver<Message>,
    group: Vec<Box<dyn Job>>,
    // Given back after the connection is closed: fields are dropped in order.
    _lock: FolderLock,
}

impl Writer {
    pub(crate) fn new(store: Store, queue: Receiver<Message>, lock: FolderLock) -> Self {
        Self { store, queue, group: Vec::new(), _lock: lock }
    }

    /// Works until the outbox is closed or dropped.
    pub(crate) fn run(mut self) {
        loop {
            match self.next() {
                Ok(Message::Write(job)) => {
                    self.group.push(job);
                    if self.is_due() {
                        self.write();
                    }
                }
                Ok(Message::Flush(reply)) => {
                    self.write();
                    // Whoever asked may have gone.
                    drop(reply.send(Ok(())));
                }
                Ok(Message::Close(reply)) => {
                    self.write();
                    let checkpoint = self.store.checkpoint();
                    drop(self);
                    drop(reply.send(checkpoint));
                    return;
                }
                Err(RecvTimeoutError::Timeout) => self.write(),
                Err(RecvTimeoutError::Disconnected) => {
                    self.write();
                    return;
                }
            }
        }
    }

    fn next(&self) -> Result<Message, RecvTimeoutError> {
        if self.group.is_empty() {
            return self.queue.recv().map_err(|_| RecvTimeoutError::Disconnected);
        }
        self.queue.recv_timeout(self.patience())
    }

    fn patience(&self) -> Duration {
        let Options { group_wait, settle_wait, .. } = self.store.options();
        if self.has_prompt() { *group_wait } else { *settle_wait }
    }

    fn has_prompt(&self) -> bool {
        self.group.iter().any(|job| job.haste() == Haste::Prompt)
    }

    fn is_due(&self) -> bool {
        let Options { group_batches, settle_max, .. } = self.store.options();
        let batches: usize = self.group.iter().map(|job| job.batches()).sum();
        let writes = self.group.len();
        batches >= *group_batches
            || writes >= GROUP_WRITES_MAX
            || (writes >= *settle_max && !self.has_prompt())
    }

    fn write(&mut self) {
        let mut group = std::mem::take(&mut self.group);
        if group.is_empty() {
            return;
        }
        let outcome = self.store.transact(&mut group);
        let is_one_fate = outcome.as_ref().map_or_else(Error::is_common, |()| true);
        for mut job in group.drain(..) {
            let outcome = if is_one_fate {
                outcome.clone()
            } else {
                self.store.transact(std::slice::from_mut(&mut job))
            };
            job.finish(outcome);
        }
        // The room is used again.
        self.group = group;
    }
}
