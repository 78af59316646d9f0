//! The writer: one thread that stores what waits, many requests a commit.

use std::sync::mpsc::{Receiver, SyncSender, TryRecvError, TrySendError, sync_channel};
use std::sync::{Mutex, PoisonError};
use std::thread::JoinHandle;

use bytes::Bytes;
use rusqlite::{Connection, TransactionBehavior};
use tokio::sync::oneshot;

use super::apply::{self, BatchWork, Known};
use super::dossiers::{self, DossierWork, ProgressWork, Written};
use super::heartbeats::{self, HeartbeatWork};
use super::{StoreError, schema};

/// How much work may wait; more is told to come later.
const WAITING_MAX: usize = 64;

/// How much work one commit takes at most.
const GROUP_MAX: usize = 16;

/// Work for the writer. It can be done again when its transaction was rolled back.
#[derive(Debug)]
pub(crate) enum Work {
    /// A batch that was opened and verified.
    Batch(BatchWork),
    /// A heartbeat.
    Heartbeat(HeartbeatWork),
    /// Dossiers of the portal's contract.
    Dossiers(DossierWork),
    /// Progress of the portal's contract.
    Progress(ProgressWork),
    /// Puts the record index in order, so that readers see all of it.
    Settle,
}

/// What came of the work; committed.
#[derive(Clone, Debug)]
pub(crate) enum Done {
    /// The batch's receipt, as JSON.
    Receipt(Bytes),
    /// The heartbeat is stored.
    Heartbeat,
    /// What became of each record of the portal's contract.
    Written(Vec<Written>),
    /// The record index is in order.
    Settled,
}

type Answer = oneshot::Sender<Result<Done, StoreError>>;

enum Message {
    Do(Box<Work>, Answer),
    Stop,
}

/// The way to the writer thread.
#[derive(Debug)]
pub(crate) struct Writer {
    sender: SyncSender<Message>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl Writer {
    /// Starts the thread.
    pub(super) fn start(connection: Connection) -> Result<Self, StoreError> {
        let known = Known::load(&connection)?;
        let (sender, receiver) = sync_channel(WAITING_MAX);
        let thread = std::thread::Builder::new()
            .name("hub-writer".to_owned())
            .spawn(move || run(connection, known, &receiver))
            .map_err(StoreError::Thread)?;
        Ok(Self { sender, thread: Mutex::new(Some(thread)) })
    }

    /// Hands work over and waits until it has been committed.
    pub(crate) async fn submit(&self, work: Work) -> Result<Done, StoreError> {
        let (answer, answered) = oneshot::channel();
        let message = Message::Do(Box::new(work), answer);
        self.sender.try_send(message).map_err(|error| match error {
            TrySendError::Full(_) => StoreError::Busy,
            TrySendError::Disconnected(_) => StoreError::Closed,
        })?;
        answered.await.unwrap_or(Err(StoreError::Closed))
    }

    /// Lets the thread finish what waits, and waits for its end. A second call does nothing.
    pub(super) fn stop(&self) {
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some(thread) = thread else { return };
        // When the thread has ended already there is nobody to tell.
        if self.sender.send(Message::Stop).is_ok() && thread.join().is_err() {
            tracing::error!("the store's writer thread had failed");
        }
    }
}

fn run(mut connection: Connection, mut known: Known, receiver: &Receiver<Message>) {
    let mut group = Vec::with_capacity(GROUP_MAX);
    let mut is_stopping = false;
    while !is_stopping {
        let Ok(first) = receiver.recv() else { break };
        is_stopping = gather(first, receiver, &mut group);
        store(&mut connection, &mut known, &mut group);
    }
    if let Err(error) = commit(&mut connection, &mut known, std::iter::once(&Work::Settle)) {
        tracing::warn!(%error, "the record index could not be put in order; the next start will");
    }
    if let Err(error) = schema::empty_log(&connection) {
        tracing::warn!(%error, "the write-ahead log could not be emptied");
    }
}

/// Collects what waits; tells whether the writer is to stop afterwards.
fn gather(
    first: Message,
    receiver: &Receiver<Message>,
    group: &mut Vec<(Box<Work>, Answer)>,
) -> bool {
    let mut next = Ok(first);
    loop {
        match next {
            Ok(Message::Do(work, answer)) => group.push((work, answer)),
            Ok(Message::Stop) => return true,
            Err(TryRecvError::Empty | TryRecvError::Disconnected) => return false,
        }
        if group.len() >= GROUP_MAX {
            return false;
        }
        next = receiver.try_recv();
    }
}

fn store(connection: &mut Connection, known: &mut Known, group: &mut Vec<(Box<Work>, Answer)>) {
    let together = commit(connection, known, group.iter().map(|(work, _)| &**work));
    let is_alone = group.len() == 1;
    match together {
        Ok(done) => {
            for ((_, answer), done) in group.drain(..).zip(done) {
                send(answer, Ok(done));
            }
        }
        Err(error) if is_alone => {
            if let Some((_, answer)) = group.pop() {
                send(answer, Err(error));
            }
        }
        // One of them failed, and the transaction was theirs together: each for itself, then.
        Err(_) => {
            for (work, answer) in group.drain(..) {
                let alone = commit(connection, known, std::iter::once(&*work));
                let first = alone.map(|done| done.into_iter().next());
                send(answer, first.and_then(|done| done.ok_or(StoreError::Closed)));
            }
        }
    }
}

/// The requester may have given up; what was stored stays, and its repetition is answered.
fn send(answer: Answer, done: Result<Done, StoreError>) {
    drop(answer.send(done));
}

fn commit<'a>(
    connection: &mut Connection,
    known: &mut Known,
    work: impl Iterator<Item = &'a Work>,
) -> Result<Vec<Done>, StoreError> {
    let committed = try_commit(connection, known, work);
    if committed.is_err() {
        *known = Known::load(connection)?;
    }
    committed
}

fn try_commit<'a>(
    connection: &mut Connection,
    known: &mut Known,
    work: impl Iterator<Item = &'a Work>,
) -> Result<Vec<Done>, StoreError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let done = work
        .map(|work| match work {
            Work::Batch(batch) => apply::store(&transaction, known, batch).map(Done::Receipt),
            Work::Heartbeat(beat) => {
                heartbeats::store(&transaction, beat).map(|()| Done::Heartbeat)
            }
            Work::Dossiers(records) => {
                dossiers::store_dossiers(&transaction, records).map(Done::Written)
            }
            Work::Settle => known.index.settle(&transaction).map(|()| Done::Settled),
            Work::Progress(rows) => dossiers::store_progress(&transaction, rows).map(Done::Written),
        })
        .collect::<Result<Vec<Done>, StoreError>>()?;
    if known.index.is_full() {
        known.index.settle(&transaction)?;
    }
    transaction.commit()?;
    Ok(done)
}
