//! Settlements that have been taken and are not written yet: their batches no longer wait.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use crate::{BatchId, EndpointId};

type Pair = (EndpointId, BatchId);

/// The pairs of endpoint and batch that are being settled.
#[derive(Clone, Debug, Default)]
pub(crate) struct Pending {
    pairs: Arc<Mutex<HashSet<Pair>>>,
}

/// Keeps a pair among the pending ones until it is dropped.
#[derive(Debug)]
pub(crate) struct PendingMark {
    pending: Pending,
    pair: Pair,
}

impl Pending {
    pub(crate) fn mark(&self, endpoint: EndpointId, batch: BatchId) -> PendingMark {
        let pair = (endpoint, batch);
        self.with(|pairs| pairs.insert(pair));
        PendingMark { pending: self.clone(), pair }
    }

    /// The batches that are being settled at an endpoint.
    pub(crate) fn at(&self, endpoint: EndpointId) -> HashSet<BatchId> {
        self.with(|pairs| {
            let batches = pairs.iter().filter(|pair| pair.0 == endpoint);
            batches.map(|pair| pair.1).collect()
        })
    }

    fn with<T>(&self, change: impl FnOnce(&mut HashSet<Pair>) -> T) -> T {
        change(&mut self.pairs.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Drop for PendingMark {
    fn drop(&mut self) {
        self.pending.with(|pairs| pairs.remove(&self.pair));
    }
}
