//! One feed: its passes, from the system to the outbox.

use std::sync::{Arc, RwLock};
use std::time::Duration;

use lienthong_adapter_api::{Adapter, Cursor, CursorError, Disposition, PullError, PullRequest};
use lienthong_config::{FeedPlan, SourcePlan};
use lienthong_keep::FeedKeep;
use lienthong_outbox::{Commit, FeedId, Outbox, Pass};
use lienthong_protocol::SealedBatch;
use lienthong_standard::Standard;
use tokio::sync::{Mutex, Semaphore, watch};

use crate::Clock;
use crate::drift::DriftWatch;
use crate::keeping::{self, Keeping};
use crate::lane::Lane;
use crate::mapper::{MappedPage, PageMapper};
use crate::phase::Phase;
use crate::present::{self, Present};
use crate::provenance::provenance;
use crate::retry::Retry;

/// The longest a feed sleeps without looking at the clock: a clock may jump.
const SLEEP_MAX: Duration = Duration::from_secs(30);
/// How long a pass waits when the outbox is full.
const FULL_WAIT: Duration = Duration::from_millis(250);

/// One feed of one source.
pub(crate) struct Feed {
    pub(crate) source: String,
    pub(crate) id: FeedId,
    pub(crate) plan: FeedPlan,
    pub(crate) present: RwLock<Present>,
    pub(crate) lanes: Vec<Arc<Lane>>,
    adapter: Arc<dyn Adapter>,
    retry: Retry,
    pub(crate) outbox: Outbox,
    pub(crate) clock: Arc<dyn Clock>,
    pulls: Arc<Semaphore>,
    /// Held for the length of a pass and of a replay, so that neither meets the other's versions.
    pub(crate) keep: Mutex<Option<FeedKeep>>,
    pub(crate) keeping: Option<Arc<Keeping>>,
    /// Held for the length of a pass.
    drift: Mutex<Option<DriftWatch>>,
}

/// What feeds share.
pub(crate) struct Shared {
    pub(crate) agency: String,
    pub(crate) standard: Arc<Standard>,
    pub(crate) outbox: Outbox,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) pulls: Arc<Semaphore>,
    pub(crate) keeping: Option<Arc<Keeping>>,
}

/// Why a pass broke off.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PassError {
    /// The system could not be read.
    #[error("the system could not be read")]
    Pull(#[from] PullError),
    /// The outbox could not store what was read.
    #[error("the outbox could not store what was read")]
    Outbox(#[from] lienthong_outbox::Error),
    /// The stored cursor can't be used.
    #[error("the stored cursor can't be used")]
    Cursor(#[from] CursorError),
    /// A batch could not be compressed.
    #[error("a batch could not be compressed")]
    Seal(#[from] std::io::Error),
    /// The connector is stopping.
    #[error("the connector is stopping")]
    Stopping,
}

impl PassError {
    fn code(&self) -> &'static str {
        match self {
            Self::Pull(error) => error.code(),
            Self::Outbox(error) => error.code(),
            Self::Cursor(_) => "LT-2007",
            Self::Seal(_) | Self::Stopping => "LT-6008",
        }
    }

    fn disposition(&self) -> Disposition {
        match self {
            Self::Pull(error) => error.disposition(),
            Self::Outbox(error) => error.disposition(),
            Self::Cursor(_) => Disposition::Halt,
            Self::Seal(_) | Self::Stopping => Disposition::Retry(None),
        }
    }
}

impl Feed {
    pub(crate) fn new(
        source: &SourcePlan,
        plan: FeedPlan,
        lanes: Vec<Arc<Lane>>,
        shared: &Shared,
        (id, version_next, retry): (FeedId, u64, Retry),
    ) -> Self {
        let provenance = provenance(&shared.agency, &shared.standard, source, &plan);
        let keeping = shared.keeping.clone();
        let keep = keeping.as_ref();
        let keep = keep.and_then(|keeping| keeping.open(&provenance, &plan, version_next));
        let mapping = Arc::clone(&plan.mapping);
        let present = Present { mapping, provenance: Arc::new(provenance) };
        Self {
            source: source.name.clone(),
            id,
            plan,
            present: RwLock::new(present),
            lanes,
            adapter: Arc::clone(&source.adapter),
            retry,
            outbox: shared.outbox.clone(),
            clock: Arc::clone(&shared.clock),
            pulls: Arc::clone(&shared.pulls),
            keep: Mutex::new(keep),
            keeping,
            drift: Mutex::new(None),
        }
    }

    /// Looks for drift in its passes.
    pub(crate) fn watched(mut self, drift: Option<DriftWatch>) -> Self {
        self.drift = Mutex::new(drift);
        self
    }

    /// `source/feed`, for messages.
    pub(crate) fn name(&self) -> String {
        format!("{}/{}", self.source, self.plan.name)
    }

    /// Pulls by the timetable until told to stop.
    pub(crate) async fn run(&self, mut phase: watch::Receiver<Phase>) {
        while *phase.borrow_and_update() == Phase::Running {
            let wait = self.time_to_next_pass().await;
            if wait.is_zero() {
                self.pass(&phase).await;
                continue;
            }
            tokio::select! {
                () = tokio::time::sleep(wait.min(SLEEP_MAX)) => {}
                changed = phase.changed() => if changed.is_err() { return },
            }
        }
    }

    /// How long until the next pass is due: by the retry delay after a failure, else by the
    /// timetable; a feed that was halted is not due until a person has started it again.
    async fn time_to_next_pass(&self) -> Duration {
        let row = match self.outbox.feed(&self.source, &self.plan.name).await {
            Ok(row) => row,
            Err(error) => {
                self.report(&lienthong_diagnostics::chain(&error));
                return SLEEP_MAX;
            }
        };
        if row.halted.is_some() {
            return SLEEP_MAX;
        }
        let now = self.clock.now();
        if row.attempt > 0 {
            return self.retry.wait(row.due_at, now);
        }
        // A last success in the future was written before the clock jumped back.
        let last = row.last_success_at.filter(|at| *at <= now.as_millisecond());
        let next = last.and_then(|at| {
            let moment = jiff::Timestamp::from_millisecond(at).ok()?;
            self.plan.timetable.next_after(moment, self.retry.jitter(at))
        });
        let next = next.unwrap_or(now).max(now);
        let Some(next) = self.plan.timetable.allowed_from(next) else { return SLEEP_MAX };
        Duration::try_from(next.duration_since(now)).unwrap_or(Duration::ZERO)
    }

    /// Reads the feed to its end, page by page, each stored before the next is asked for. Stores how
    /// it went; true when it went well.
    pub(crate) async fn pass(&self, phase: &watch::Receiver<Phase>) -> bool {
        // The semaphore is never closed.
        let permit = self.pulls.acquire().await;
        let mut keep = self.keep.lock().await;
        let mut drift = self.drift.lock().await;
        let result = self.read_to_the_end(phase, keep.as_mut(), drift.as_mut()).await;
        if let Some(drift) = drift.as_mut() {
            drift.end_pass(self.clock.now().as_millisecond()).await;
        }
        drop(drift);
        if let Some(keep) = keep.as_mut() {
            keeping::warn(&self.plan.name, keep.end_pass());
        }
        drop(keep);
        drop(permit);
        let (pass, is_well) = match result {
            Ok(pulled) => (Pass::Succeeded { pulled }, true),
            Err(PassError::Stopping) => return false,
            Err(error) => (self.failed(&error).await, false),
        };
        let at = self.clock.now().as_millisecond();
        if let Err(error) = self.outbox.end_pass(self.id, pass, at).await {
            self.report(&lienthong_diagnostics::chain(&error));
        }
        is_well
    }

    async fn failed(&self, error: &PassError) -> Pass {
        let words = format!("{}: {}", error.code(), lienthong_diagnostics::chain(error));
        self.report(&words);
        let attempt = match self.outbox.feed(&self.source, &self.plan.name).await {
            Ok(row) => row.attempt.saturating_add(1),
            Err(_) => 1,
        };
        let asked = match error.disposition() {
            Disposition::Retry(asked) => asked,
            Disposition::Halt => {
                let at = self.clock.now().as_millisecond();
                if let Err(error) = self.outbox.halt(self.id, words.as_str(), at).await {
                    self.report(&lienthong_diagnostics::chain(&error));
                }
                None
            }
        };
        let delay = self.retry.delay(attempt, asked);
        let delay = i64::try_from(delay.as_millis()).unwrap_or(i64::MAX);
        let due_at = self.clock.now().as_millisecond().saturating_add(delay);
        Pass::Failed { attempt, due_at, error: words }
    }

    async fn read_to_the_end(
        &self,
        phase: &watch::Receiver<Phase>,
        mut keep: Option<&mut FeedKeep>,
        mut drift: Option<&mut DriftWatch>,
    ) -> Result<u64, PassError> {
        let row = self.outbox.feed(&self.source, &self.plan.name).await?;
        let mut version = row.version_next;
        let mut cursor = row.cursor.map(Cursor::from_text).transpose()?;
        let mut mapper: Option<PageMapper> = None;
        let mut pulled = 0;
        loop {
            if *phase.borrow() == Phase::Stopping {
                return Err(PassError::Stopping);
            }
            let mut page = self
                .adapter
                .pull(PullRequest {
                    feed: &self.plan.name,
                    after: cursor.as_ref(),
                    items_max: self.plan.items_max,
                    bytes_max: self.plan.bytes_max,
                    now: self.clock.now(),
                })
                .await?;
            for note in page.notes() {
                tracing::warn!(feed = self.name(), "{note}");
            }
            let present = self.present();
            let mapper = match &mut mapper {
                Some(mapper) if mapper.is_of(&present.mapping) => mapper,
                other => {
                    if let Some(keep) = keep.as_mut() {
                        present::note(keep, &present, &self.plan.name);
                    }
                    other.insert(PageMapper::new(present.mapping, present.provenance))
                }
            };
            let is_news = !page.is_empty() || page.next.is_some();
            let version_first = version;
            if is_news {
                let stored = mapper.map(&page, version)?;
                version = stored.version_next;
                pulled += stored.pulled;
                if let Some(drift) = drift.as_mut() {
                    drift.look(&page, &stored.quarantined, version_first);
                }
                self.store(stored, page.next.as_ref(), phase).await?;
                if let Some(drift) = drift.as_mut() {
                    drift.tell_news(self.clock.now().as_millisecond()).await;
                }
            }
            let more = page.more;
            if let Some(next) = page.next.take() {
                cursor = Some(next);
            }
            if let Some(keep) = keep.as_mut() {
                keeping::warn(&self.plan.name, keep.add(page, version_first));
            }
            if !more {
                for (encoding, texts) in mapper.take_detected() {
                    let feed = self.name();
                    tracing::warn!(feed, encoding, texts, "encodings were found out, not told");
                }
                return Ok(pulled);
            }
        }
    }

    /// Stores a page with its cursor, and hands its batches over. While the outbox is full it waits
    /// with the page in hand: that is the back pressure.
    async fn store(
        &self,
        mapped: MappedPage,
        next: Option<&Cursor>,
        phase: &watch::Receiver<Phase>,
    ) -> Result<(), PassError> {
        let MappedPage { batches, quarantined, pulled, accepted, rules, version_next } = mapped;
        loop {
            let written = self.outbox.commit(Commit {
                feed: self.id,
                cursor: next.map(|cursor| cursor.as_text().to_owned()),
                version_next,
                batches: batches.iter().map(SealedBatch::without_lines).collect(),
                quarantined: quarantined.clone(),
                pulled,
                accepted,
                rules: rules.clone(),
                at: self.clock.now().as_millisecond(),
            });
            match written.await {
                Ok(ids) => {
                    for (id, batch) in ids.into_iter().zip(&batches) {
                        self.lanes.iter().for_each(|lane| lane.offer(id, batch));
                    }
                    return Ok(());
                }
                Err(lienthong_outbox::Error::Full { .. }) => {
                    if *phase.borrow() == Phase::Stopping {
                        return Err(PassError::Stopping);
                    }
                    tokio::time::sleep(FULL_WAIT).await;
                }
                Err(error) => return Err(error.into()),
            }
        }
    }

    fn report(&self, words: &str) {
        tracing::warn!(feed = self.name(), "{words}");
    }
}
