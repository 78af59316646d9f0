//! What all requests share: the settings that were checked, the store, the bounds, the counters.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use lienthong_standard::Standard;
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::access::Access;
use crate::clock::Clock;
use crate::dvcqg::Portal;
use crate::ingest::refused;
use crate::rate::Rates;
use crate::refused::Refused;
use crate::settings::{Limits, Thresholds};
use crate::store::{Store, StoreError};

/// Batches opened at once. An opened batch may take 16 MiB.
const OPENED_AT_ONCE: usize = 2;

/// Queries at once.
const READS_AT_ONCE: usize = 4;

/// Bodies held at once, all requests together, in units; a longer single body is let in alone.
const BODY_UNITS: u32 = 512;

/// The unit in which bodies are counted.
const BODY_UNIT_BYTES: u64 = 64 << 10;

/// From where the hub can be reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exposure {
    /// From this machine alone: the health page needs no credential.
    Loopback,
    /// From the network: the health page needs the operator's token.
    Network,
}

/// What requests share for as long as the hub lives.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) standard: Arc<Standard>,
    pub(crate) access: Access,
    /// Code and name of every agency, in the order of the settings, each once.
    pub(crate) agencies: Vec<(String, String)>,
    pub(crate) rates: Rates,
    pub(crate) store: Store,
    pub(crate) portal: Portal,
    pub(crate) thresholds: Thresholds,
    pub(crate) limits: Limits,
    pub(crate) requests: Arc<Semaphore>,
    pub(crate) refusals: Refusals,
    pub(crate) openers: Semaphore,
    pub(crate) readers: Semaphore,
    pub(crate) bodies: Semaphore,
}

/// What a handler gets.
#[derive(Clone)]
pub(crate) struct App {
    pub(crate) shared: Arc<Shared>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) exposure: Exposure,
}

impl Shared {
    /// The semaphores of a hub: for opening batches, for queries, for bodies.
    pub(crate) fn semaphores() -> [Semaphore; 3] {
        [OPENED_AT_ONCE, READS_AT_ONCE, BODY_UNITS as usize].map(Semaphore::new)
    }

    /// Waits until there is room for a body of at most so many bytes, or of any length allowed, so that many long ones at once don't fill the memory.
    ///
    /// # Errors
    /// Never while the hub runs.
    pub(crate) async fn room_for(
        &self,
        bytes_max: Option<u64>,
    ) -> Result<SemaphorePermit<'_>, Refused> {
        let bytes = bytes_max.unwrap_or(self.limits.body_bytes_max as u64);
        let units = u32::try_from(bytes.div_ceil(BODY_UNIT_BYTES)).unwrap_or(BODY_UNITS);
        self.bodies.acquire_many(units.clamp(1, BODY_UNITS)).await.map_err(|_| Refused::Busy)
    }

    /// Does work that takes CPU on a thread of its own, few at once.
    ///
    /// # Errors
    /// When the work panicked.
    pub(crate) async fn open_on_a_thread<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Refused> {
        let _permit = self.openers.acquire().await.map_err(|_| Refused::Busy)?;
        tokio::task::spawn_blocking(work).await.map_err(|_| Refused::Panicked)
    }

    /// Asks the store on a thread of its own, few at once.
    ///
    /// # Errors
    /// When the store failed.
    pub(crate) async fn query<T: Send + 'static>(
        self: &Arc<Self>,
        query: impl FnOnce(&rusqlite::Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, Refused> {
        let _permit = self.readers.acquire().await.map_err(|_| Refused::Busy)?;
        let shared = Arc::clone(self);
        let answer = tokio::task::spawn_blocking(move || shared.store.read(query)).await;
        answer.map_err(|_| Refused::Panicked)?.map_err(refused)
    }
}

/// How many requests were refused since the start, by error code.
#[derive(Debug, Default)]
pub(crate) struct Refusals(Mutex<BTreeMap<&'static str, u64>>);

impl Refusals {
    /// Counts one.
    pub(crate) fn add(&self, code: &'static str) {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *counts.entry(code).or_default() += 1;
    }

    /// The counts so far.
    pub(crate) fn counts(&self) -> BTreeMap<&'static str, u64> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
