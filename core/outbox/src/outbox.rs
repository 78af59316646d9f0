//! The handle of an outbox: every write, and the reading side.

use std::fmt;
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use lienthong_protocol::SealedBatch;
use tokio::sync::{Semaphore, oneshot};

use crate::pending::Pending;
use crate::writer::{
    AddFeed, Discard, DropStep, EndPass, ForgetDrifts, Halt, MarkedSettlement, Message, NoteDrifts,
    PermittedCommit, Postpone, PutLedger, Register, Replace, Resume, Task, Write,
};
use crate::{
    BatchId, Commit, DriftKey, EndpointId, Enqueue, Error, FeedId, FeedRow, LedgerEntry, Pass,
    QuarantineId, Reader, Replay, SeenDrift, Settlement, WaitingRow, Written,
};

/// Commits in the queue: whoever brings more waits, with the page in memory.
const COMMITS_MAX: usize = 16;

/// The durable store of one connector. Clones share it; it is closed by [`Outbox::close`], or when
/// the last clone is dropped.
#[derive(Clone)]
pub struct Outbox {
    inner: Arc<Inner>,
}

pub(crate) struct Inner {
    queue: Mutex<Option<Sender<Message>>>,
    thread: Mutex<Option<JoinHandle<()>>>,
    reader: Reader,
    pending: Pending,
    commits: Arc<Semaphore>,
}

impl Inner {
    pub(crate) fn new(queue: Sender<Message>, thread: JoinHandle<()>, reader: Reader) -> Self {
        Self {
            queue: Mutex::new(Some(queue)),
            thread: Mutex::new(Some(thread)),
            reader,
            pending: Pending::default(),
            commits: Arc::new(Semaphore::new(COMMITS_MAX)),
        }
    }

    fn send(&self, message: Message) {
        let queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(queue) = &*queue {
            // A closed outbox drops the message, and with it the reply: whoever waits is told so.
            drop(queue.send(message));
        }
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        drop(self.queue.get_mut().unwrap_or_else(PoisonError::into_inner).take());
        let thread = self.thread.get_mut().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(thread) = thread
            && thread.join().is_err()
        {
            tracing::error!("the outbox's writing thread had panicked");
        }
    }
}

impl Outbox {
    pub(crate) fn from_inner(inner: Inner) -> Self {
        Self { inner: Arc::new(inner) }
    }

    /// The reading side.
    pub fn reader(&self) -> &Reader {
        &self.inner.reader
    }

    fn write<W: Write>(&self, write: W) -> Written<W::Output> {
        let (task, written) = Task::new(write);
        self.inner.send(Message::Write(Box::new(task)));
        written
    }

    /// Finds a feed, or creates it with version 1 and no cursor.
    pub fn feed(&self, source: &str, feed: &str) -> Written<FeedRow> {
        self.write(AddFeed { source: source.into(), feed: feed.into() })
    }

    /// Says which feeds an endpoint gets from now on. To be said after every start: an endpoint of
    /// which nothing is said gets nothing new, and keeps what waits for it.
    ///
    /// A feed that is new at an endpoint starts with what is stored from then on.
    pub fn register_endpoint(&self, name: &str, feeds: &[FeedId]) -> Written<EndpointId> {
        self.write(Register { name: name.into(), feeds: feeds.to_vec() })
    }

    /// Gives up what waits at an endpoint, in small steps, each batch with a line in the history.
    ///
    /// # Errors
    /// When a step could not be written; the steps before it stand.
    pub async fn drop_endpoint(&self, endpoint: EndpointId, at: i64) -> Result<(), Error> {
        while self.write(DropStep { endpoint, at }).await? {}
        Ok(())
    }

    /// Stores batches, quarantine, totals and cursor in one transaction, and gives the batches'
    /// numbers in order. Ready when all of it is durable.
    ///
    /// # Errors
    /// [`Error::Full`] and [`Error::QuarantineFull`] ask the caller to pause; [`Error::Misuse`]
    /// when versions would be given twice, when the counts don't add up, or when the feed has no
    /// endpoint. Nothing has changed then, and the same commit may be tried again.
    pub async fn commit(&self, commit: Commit) -> Result<Vec<BatchId>, Error> {
        let permit = Arc::clone(&self.inner.commits).acquire_owned().await;
        let permit = permit.map_err(|_| Error::Closed)?;
        self.write(PermittedCommit { commit, _permit: permit }).await
    }

    /// Remembers how a pass over a feed ended.
    pub fn end_pass(&self, feed: FeedId, pass: Pass, at: i64) -> Written<()> {
        self.write(EndPass { feed, pass, at })
    }

    /// Stops a feed until a person has done something.
    pub fn halt(&self, feed: FeedId, why: impl Into<String>, at: i64) -> Written<()> {
        self.write(Halt { feed, why: why.into(), at })
    }

    /// Lets a feed run again at once: forgets why it was halted, its attempts and its delay.
    pub fn resume(&self, feed: FeedId) -> Written<()> {
        self.write(Resume { feed })
    }

    /// Reads what waits at an endpoint of a feed, in the order of delivery, without what
    /// [`Outbox::settle`] has been told of.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn waiting(
        &self,
        endpoint: EndpointId,
        feed: FeedId,
        limit: usize,
    ) -> Result<Vec<WaitingRow>, Error> {
        // Taken before the rows are read: what is written in between is gone from both.
        let settling = self.inner.pending.at(endpoint);
        self.reader().waiting_without(endpoint, feed, limit, &settling)
    }

    /// Reads a batch as it goes on the wire.
    ///
    /// # Errors
    /// [`Error::Unknown`] when it is settled everywhere; [`Error::Altered`] when its bytes are not
    /// those that were written.
    pub fn load(&self, batch: BatchId) -> Result<SealedBatch, Error> {
        self.reader().load(batch)
    }

    /// Takes down what an endpoint said about a batch: the refused records go to quarantine, a line
    /// to the history, and the batch is deleted once every endpoint has settled it. Settling again
    /// what is settled does nothing.
    ///
    /// Lazy: written with the next other write, with enough of its kind, or after a short silence.
    /// The batch stops waiting at once; should the write fail, it waits again. Not to be awaited
    /// before the next delivery.
    ///
    /// The result can fail with [`Error::Misuse`] when the counts don't add up to the batch.
    pub fn settle(&self, settlement: Settlement) -> Written<()> {
        let mark = self.inner.pending.mark(settlement.endpoint, settlement.batch);
        self.write(MarkedSettlement { settlement, _mark: mark })
    }

    /// Remembers that a delivery failed and when to try it again.
    pub fn postpone(
        &self,
        endpoint: EndpointId,
        batch: BatchId,
        attempt: u32,
        due_at: i64,
        error: impl Into<String>,
    ) -> Written<()> {
        self.write(Postpone { endpoint, batch, attempt, due_at, error: error.into() })
    }

    /// Lets parts stand for a batch at one endpoint, in its place in the order, due at once. The
    /// parts must hold all its records. Other endpoints keep the whole.
    pub fn replace(
        &self,
        endpoint: EndpointId,
        batch: BatchId,
        parts: Vec<SealedBatch>,
    ) -> Written<Vec<BatchId>> {
        self.write(Replace { endpoint, batch, parts })
    }

    /// Releases rows from quarantine: stores the batches made of them and settles the rows, in one
    /// transaction. Fails with [`Error::Unknown`] when one of the rows waits no longer.
    pub fn enqueue(&self, enqueue: Enqueue) -> Written<Vec<BatchId>> {
        self.write(enqueue)
    }

    /// Stores what kept items became under another mapping, in one transaction. The cursor stays.
    ///
    /// Fails with [`Error::Misuse`] when the feed is not at the replay's first version any more,
    /// with [`Error::Unknown`] when one of the rows waits no longer, and as a commit does when a
    /// bound would be passed. Nothing has changed then.
    pub fn replay(&self, replay: Replay) -> Written<Vec<BatchId>> {
        self.write(replay)
    }

    /// Takes rows out of quarantine for good, on a person's word, and says how many still waited.
    pub fn discard(&self, ids: &[QuarantineId], why: &str, at: i64) -> Written<usize> {
        self.write(Discard { ids: ids.to_vec(), why: why.into(), at })
    }

    /// Remembers where items of a feed differ from its shape: counts what is known, adds what is new.
    pub fn note_drifts(&self, feed: FeedId, drifts: Vec<SeenDrift>, at: i64) -> Written<()> {
        self.write(NoteDrifts { feed, drifts, at })
    }

    /// Forgets differences that are none any more.
    pub fn forget_drifts(&self, feed: FeedId, keys: Vec<DriftKey>) -> Written<()> {
        self.write(ForgetDrifts { feed, keys })
    }

    /// Remembers what is being sent to an endpoint, or was. Ready when it is durable.
    pub fn ledger_put(&self, endpoint: EndpointId, entries: Vec<LedgerEntry>) -> Written<()> {
        self.write(PutLedger { endpoint, entries })
    }

    /// Makes everything durable that was asked so far.
    pub fn flush(&self) -> Written<()> {
        let (reply, answer) = oneshot::channel();
        self.inner.send(Message::Flush(reply));
        Written::new(answer)
    }

    /// Makes everything durable, copies the log into the database and gives the folder free. Every
    /// later write fails with [`Error::Closed`].
    pub fn close(&self) -> Written<()> {
        let (reply, answer) = oneshot::channel();
        self.inner.send(Message::Close(reply));
        Written::new(answer)
    }
}

impl fmt::Debug for Outbox {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Outbox").field("reader", &self.inner.reader).finish_non_exhaustive()
    }
}
