//! The way of a batch from a commit to its delivery: in memory while that keeps up, else through
//! the outbox.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use lienthong_outbox::BatchId;
use lienthong_protocol::SealedBatch;
use tokio::sync::Notify;

/// How many batches wait in memory per lane; more are read back from the outbox.
const IN_MEMORY_MAX: usize = 8;

/// A stored batch on its way to one endpoint.
#[derive(Clone, Debug)]
pub(crate) struct Queued {
    pub(crate) id: BatchId,
    pub(crate) batch: SealedBatch,
}

/// The queue between the commits of a feed and one endpoint.
///
/// Invariant: what is in `batches` is stored and in order, and either nothing stored is missing
/// behind it, or `is_behind` says so. The first batches after a start are always read back.
#[derive(Debug)]
pub(crate) struct Handover {
    state: Mutex<State>,
    news: Notify,
}

#[derive(Debug)]
struct State {
    batches: VecDeque<Queued>,
    is_behind: bool,
}

/// What the lane does next.
pub(crate) enum Next {
    /// Deliver this one.
    Batch(Box<Queued>),
    /// Read back what is stored, then ask again.
    ReadBack,
    /// Nothing waits.
    Nothing,
}

impl Handover {
    pub(crate) fn new() -> Self {
        let state = State { batches: VecDeque::new(), is_behind: true };
        Self { state: Mutex::new(state), news: Notify::new() }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a batch that has just been stored.
    pub(crate) fn offer(&self, id: BatchId, batch: SealedBatch) {
        let mut state = self.state();
        if state.is_behind || state.batches.len() >= IN_MEMORY_MAX {
            state.is_behind = true;
        } else {
            state.batches.push_back(Queued { id, batch });
        }
        drop(state);
        self.news.notify_one();
    }

    /// Says that something was stored for this lane by another way than a pass.
    pub(crate) fn poke(&self) {
        self.state().is_behind = true;
        self.news.notify_one();
    }

    /// Takes the next batch.
    pub(crate) fn next(&self) -> Next {
        let mut state = self.state();
        if let Some(queued) = state.batches.pop_front() {
            return Next::Batch(Box::new(queued));
        }
        if !state.is_behind {
            return Next::Nothing;
        }
        // Cleared before the reading: what is stored meanwhile is then in the queue, or sets it.
        state.is_behind = false;
        Next::ReadBack
    }

    /// Says that there is more stored than was read back.
    pub(crate) fn is_behind_still(&self) {
        self.state().is_behind = true;
    }

    /// Waits until something is offered.
    pub(crate) async fn news(&self) {
        self.news.notified().await;
    }
}
