//! A lane: the batches of one feed on their way to one endpoint, one at a time and in order.
//!
//! One at a time is what keeps every progress event in its place without asking an endpoint for
//! order of its own; several feeds go up side by side. A batch that an endpoint refuses whole is
//! cut in two until the records that are to blame stand alone.

use std::collections::{HashSet, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use lienthong_outbox::{
    BatchId, FeedId, NewQuarantined, Outbox, QuarantineKind, Settlement, Written,
};
use lienthong_protocol::{OpenBatch, OpenError, SealedBatch, open};
use lienthong_standard::{History, Standard};
use tokio::sync::watch;

use crate::endpoint::Endpoint;
use crate::handover::{Handover, Next, Queued};
use crate::phase::Phase;
use crate::uplinks::{Delivery, Outcome, RefusedRecord, Sending, UplinkError};
use crate::{Clock, reasons, superseded};

/// How many batches are read back from the outbox at a time.
const READ_BACK: usize = 8;
/// How many settlements may be under way.
const SETTLING_MAX: usize = 32;
/// How long to wait when the outbox itself fails.
const OUTBOX_WAIT: Duration = Duration::from_secs(2);

/// The batches of one feed on their way to one endpoint.
pub(crate) struct Lane {
    pub(crate) feed: FeedId,
    pub(crate) feed_name: String,
    pub(crate) endpoint: Arc<Endpoint>,
    pub(crate) handover: Handover,
    outbox: Outbox,
    standard: Arc<Standard>,
    clock: Arc<dyn Clock>,
}

/// A batch and what has been tried with it.
struct Job {
    queued: Queued,
    attempt: u32,
    due_at: Option<i64>,
}

/// The lane's work in memory.
#[derive(Default)]
struct Work {
    jobs: VecDeque<Job>,
    /// What the last reading back brought, so that the queue does not bring it again.
    read_back: HashSet<BatchId>,
    /// How long this lane has waited since its last success.
    waited: Duration,
    /// Settlements under way, oldest first.
    settling: VecDeque<Written<()>>,
}

/// How a lane ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// Nothing was left.
    Empty,
    /// It was told to stop, or its patience ended.
    Left,
}

impl Lane {
    pub(crate) fn new(
        (feed, feed_name): (FeedId, String),
        endpoint: Arc<Endpoint>,
        outbox: Outbox,
        standard: Arc<Standard>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        let handover = Handover::new();
        Self { feed, feed_name, endpoint, handover, outbox, standard, clock }
    }

    /// Takes a batch that has just been stored.
    pub(crate) fn offer(&self, id: BatchId, batch: &SealedBatch) {
        let wants_lines = self.endpoint.wants_lines();
        let batch = if wants_lines { batch.clone() } else { batch.without_lines() };
        self.handover.offer(id, batch);
    }

    /// Delivers until told to stop; while draining, until nothing is left or the patience ends.
    pub(crate) async fn run(&self, mut phase: watch::Receiver<Phase>) -> End {
        let mut work = Work::default();
        let end = loop {
            let now = *phase.borrow_and_update();
            if now == Phase::Stopping {
                break End::Left;
            }
            let step = match self.next_job(&mut work).await {
                Ok(Some(job)) => self.step(&mut work, job).await,
                Ok(None) if matches!(now, Phase::Draining { .. }) => break End::Empty,
                Ok(None) => {
                    tokio::select! {
                        () = self.handover.news() => continue,
                        changed = phase.changed() => match changed {
                            Ok(()) => continue,
                            Err(_) => break End::Left,
                        },
                    }
                }
                Err(error) => Err(error),
            };
            let wait = step.unwrap_or_else(|error| {
                self.report(&error);
                // A batch whose outcome could not be stored still waits in the outbox.
                self.handover.poke();
                OUTBOX_WAIT
            });
            if !wait.is_zero() && !self.wait(&mut work, wait, &mut phase).await {
                break End::Left;
            }
        };
        let written = match self.outbox.flush().await {
            Ok(()) => self.settled(&mut work).await,
            Err(error) => Err(error),
        };
        if let Err(error) = written {
            self.report(&error);
        }
        end
    }

    /// Delivers a batch, or says how long it has to wait.
    async fn step(&self, work: &mut Work, job: Job) -> Result<Duration, lienthong_outbox::Error> {
        let due = self.endpoint.retry.wait(job.due_at, self.clock.now());
        let wait = if due.is_zero() { self.endpoint.held_back_for() } else { due };
        if !wait.is_zero() {
            work.jobs.push_front(job);
            return Ok(wait);
        }
        self.deliver(work, job).await?;
        Ok(Duration::ZERO)
    }

    /// Takes the next batch from memory, or reads back what is stored.
    async fn next_job(&self, work: &mut Work) -> Result<Option<Job>, lienthong_outbox::Error> {
        loop {
            if let Some(job) = work.jobs.pop_front() {
                return Ok(Some(job));
            }
            match self.handover.next() {
                Next::Nothing => return Ok(None),
                Next::Batch(queued) if work.read_back.contains(&queued.id) => {}
                Next::Batch(queued) => {
                    return Ok(Some(Job { queued: *queued, attempt: 0, due_at: None }));
                }
                Next::ReadBack => self.read_back(work).await.inspect_err(|_| {
                    self.handover.is_behind_still();
                })?,
            }
        }
    }

    async fn read_back(&self, work: &mut Work) -> Result<(), lienthong_outbox::Error> {
        // What is settled but not yet written would otherwise come back as waiting.
        self.outbox.flush().await?;
        self.settled(work).await?;
        let rows = self.outbox.waiting(self.endpoint.id, self.feed, READ_BACK)?;
        work.read_back.clear();
        if rows.len() == READ_BACK {
            self.handover.is_behind_still();
        }
        for row in rows {
            let batch = self.outbox.load(row.batch)?;
            work.read_back.insert(row.batch);
            let queued = Queued { id: row.batch, batch };
            work.jobs.push_back(Job { queued, attempt: row.attempt, due_at: row.due_at });
        }
        Ok(())
    }

    /// Sends one batch and stores what became of it.
    async fn deliver(&self, work: &mut Work, mut job: Job) -> Result<(), lienthong_outbox::Error> {
        let superseded = self.superseded(work, &job.queued.batch);
        let sending = Sending { batch: &job.queued.batch, superseded: &superseded };
        match self.endpoint.deliver(sending).await {
            Ok(Delivery::Settled(outcome)) => {
                work.waited = Duration::ZERO;
                self.settle(work, &job.queued, outcome).await
            }
            Ok(Delivery::RefusedWhole { code, words }) => {
                work.waited = Duration::ZERO;
                if job.queued.batch.header.count > 1 {
                    let half = job.queued.batch.header.count.div_ceil(2);
                    return self.cut(work, job, half).await;
                }
                let refused = RefusedRecord {
                    index: 0,
                    code: code.to_owned(),
                    field: None,
                    words,
                    words_vi: String::new(),
                };
                let outcome = Outcome { refused: vec![refused], ..Outcome::default() };
                self.settle(work, &job.queued, outcome).await
            }
            Ok(Delivery::TooLarge { records_max }) => self.cut(work, job, records_max).await,
            Err(error) => {
                job.attempt = job.attempt.saturating_add(1);
                let delay = self.endpoint.retry.delay(job.attempt, error.retry_after());
                let due_at = self.clock.now().as_millisecond().saturating_add(millis(delay));
                job.due_at = Some(due_at);
                let words = self.note_failure(&error, job.attempt, delay);
                let (batch, attempt) = (job.queued.id, job.attempt);
                work.jobs.push_front(job);
                self.outbox.postpone(self.endpoint.id, batch, attempt, due_at, &words).await
            }
        }
    }

    /// Lets smaller batches stand for a batch at this endpoint.
    async fn cut(
        &self,
        work: &mut Work,
        job: Job,
        records_max: u32,
    ) -> Result<(), lienthong_outbox::Error> {
        let parts = parts(&job.queued.batch, records_max.max(1)).map_err(unopened(&job.queued))?;
        let ids = self.outbox.replace(self.endpoint.id, job.queued.id, parts.clone()).await;
        let ids = match ids {
            Ok(ids) => ids,
            Err(error) => {
                work.jobs.push_front(job);
                return Err(error);
            }
        };
        for (id, batch) in ids.into_iter().zip(parts).rev() {
            work.read_back.insert(id);
            work.jobs.push_front(Job { queued: Queued { id, batch }, attempt: 0, due_at: None });
        }
        Ok(())
    }

    /// Stores what became of a batch. The write is not waited for, within a bound: a batch whose
    /// settlement is lost in a crash is sent again, under the same key and with the same bytes.
    async fn settle(
        &self,
        work: &mut Work,
        queued: &Queued,
        outcome: Outcome,
    ) -> Result<(), lienthong_outbox::Error> {
        let Outcome { delivered, unchanged, superseded, refused, receipt } = outcome;
        let mut rows = Vec::with_capacity(refused.len());
        if !refused.is_empty() {
            let opened = open(&queued.batch.body).map_err(unopened(queued))?;
            rows.extend(refused.iter().map(|record| self.quarantine(queued, &opened, record)));
            tracing::warn!(
                endpoint = self.endpoint.plan.name,
                feed = self.feed_name,
                records = refused.len(),
                "the endpoint refused records; they are in quarantine"
            );
        }
        work.settling.push_back(self.outbox.settle(Settlement {
            endpoint: self.endpoint.id,
            batch: queued.id,
            delivered,
            unchanged,
            superseded,
            refused: rows,
            receipt,
            at: self.clock.now().as_millisecond(),
        }));
        if work.settling.len() < SETTLING_MAX {
            return Ok(());
        }
        self.settled(work).await
    }

    /// Waits for the settlements under way. One that failed leaves its batch waiting in the outbox,
    /// from where it is read back.
    async fn settled(&self, work: &mut Work) -> Result<(), lienthong_outbox::Error> {
        while let Some(settling) = work.settling.pop_front() {
            settling.await.inspect_err(|_| self.handover.poke())?;
        }
        Ok(())
    }

    fn quarantine(
        &self,
        queued: &Queued,
        opened: &OpenBatch,
        refused: &RefusedRecord,
    ) -> NewQuarantined {
        let record = opened.records().nth(refused.index as usize).unwrap_or_default();
        let header = &queued.batch.header;
        let key = self
            .standard
            .record_type(&header.provenance.record_type)
            .and_then(|record_type| superseded::key_of(record_type, record));
        NewQuarantined {
            kind: QuarantineKind::Refused { endpoint: self.endpoint.id },
            version: Some(opened.version(refused.index)),
            key,
            code: refused.code.clone(),
            reasons: reasons::of_refusal(refused),
            place: format!("batch {} record {}", queued.batch.digest, refused.index),
            raw: Bytes::copy_from_slice(record),
            source_digest: header.source_digest.clone(),
            provenance: Arc::new(header.provenance.clone()),
            items: 1,
            waiting_for: None,
        }
    }

    /// The keys of this batch that the next waiting batches hold in a newer state.
    fn superseded(&self, work: &Work, batch: &SealedBatch) -> HashSet<String> {
        let record_type = self.standard.record_type(&batch.header.provenance.record_type);
        match record_type {
            Some(record_type)
                if self.endpoint.wants_newest_only() && record_type.history == History::Latest =>
            {
                let later = work.jobs.iter().map(|job| &job.queued.batch);
                superseded::keys(record_type, later)
            }
            _ => HashSet::new(),
        }
    }

    fn note_failure(&self, error: &UplinkError, attempt: u32, delay: Duration) -> String {
        let words = format!("{}: {}", error.code(), lienthong_diagnostics::chain(error));
        let (endpoint, feed) = (&self.endpoint.plan.name, &self.feed_name);
        let delay_secs = delay.as_secs();
        if attempt >= self.endpoint.plan.attempts_alarm {
            tracing::error!(endpoint, feed, attempt, delay_secs, "{words}");
        } else {
            tracing::warn!(endpoint, feed, attempt, delay_secs, "{words}");
        }
        words
    }

    fn report(&self, error: &lienthong_outbox::Error) {
        let words = lienthong_diagnostics::chain(error);
        tracing::error!(endpoint = self.endpoint.plan.name, feed = self.feed_name, "{words}");
    }

    /// Waits; false when the lane has to end instead: told to stop, or out of patience.
    async fn wait(
        &self,
        work: &mut Work,
        wait: Duration,
        phase: &mut watch::Receiver<Phase>,
    ) -> bool {
        if let Phase::Draining { patience } = *phase.borrow()
            && work.waited + wait > patience
        {
            return false;
        }
        tokio::select! {
            () = tokio::time::sleep(wait) => {
                work.waited += wait;
                true
            }
            changed = phase.changed() => changed.is_ok(),
        }
    }
}

fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

/// A stored batch that can't be opened is not what was written.
fn unopened(queued: &Queued) -> impl Fn(OpenError) -> lienthong_outbox::Error {
    let batch = queued.id;
    move |_| lienthong_outbox::Error::Altered { batch }
}

/// Cuts a batch into batches of at most `records_max` records.
fn parts(batch: &SealedBatch, records_max: u32) -> Result<Vec<SealedBatch>, OpenError> {
    let opened = open(&batch.body)?;
    let mut parts = Vec::new();
    let mut from = 0;
    while from < batch.header.count {
        let until = batch.header.count.min(from + records_max);
        let part = SealedBatch::part(&opened, from, until).map_err(OpenError::Decompress)?;
        parts.push(part);
        from = until;
    }
    Ok(parts)
}
