//! A connector at work: its feeds, its lanes, its heartbeats, its requests.

use std::collections::BTreeMap;
use std::future::Future;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use lienthong_config::{ConnectorPlan, EndpointPlan, FeedName, Library, SourcePlan};
use lienthong_outbox::{FeedId, Outbox, QuarantineId};
use lienthong_standard::Standard;
use serde::Serialize;
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;

use crate::drift::DriftWatch;
use crate::endpoint::Endpoint;
use crate::feed::{Feed, Shared};
use crate::keeping::Keeping;
use crate::lane::{End, Lane};
use crate::phase::Phase;
use crate::release::{ReleaseReport, release};
use crate::replay::{ReplayError, ReplayReport, Replays};
use crate::requests::{self, Request, Selection};
use crate::retry::Retry;
use crate::uplinks::UplinkError;
use crate::{Clock, health};

/// How often the folder of requests is looked at.
const REQUESTS_EVERY: Duration = Duration::from_secs(2);
/// The first and the longest delay after a failed pass.
const PASS_RETRY: (Duration, Duration) = (Duration::from_secs(5), Duration::from_mins(15));

/// Why a connector can't start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The outbox can't be used.
    #[error("the outbox can't be used")]
    Outbox(#[from] lienthong_outbox::Error),
    /// An endpoint can't be used.
    #[error("an endpoint can't be used")]
    Endpoint(#[from] UplinkError),
}

/// A connector, ready to run.
pub struct Runtime {
    agency: String,
    data_folder: PathBuf,
    heartbeat_secs: u32,
    stop_within: Duration,
    library: Library,
    standard: Arc<Standard>,
    outbox: Outbox,
    clock: Arc<dyn Clock>,
    feeds: Vec<Arc<Feed>>,
    endpoints: Vec<Arc<Endpoint>>,
    lanes: Vec<Arc<Lane>>,
    phase: watch::Sender<Phase>,
}

/// How a single run went.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct RunReport {
    /// Feeds whose pass failed.
    pub feeds_failed: usize,
    /// Lanes that left something undelivered.
    pub lanes_left: usize,
}

impl Runtime {
    /// Makes a connector of its plan. Nothing is asked of any system or endpoint yet. A feed that
    /// was halted is started again: that is what a person restarts a connector for.
    ///
    /// # Errors
    /// When the outbox or an endpoint's client can't be used.
    pub async fn new(
        plan: ConnectorPlan,
        outbox: Outbox,
        clock: Arc<dyn Clock>,
        seed: u64,
    ) -> Result<Self, StartError> {
        let mut ids = BTreeMap::new();
        let mut versions = BTreeMap::new();
        let mut drifts = BTreeMap::new();
        for source in &plan.sources {
            for feed in &source.feeds {
                let row = outbox.feed(&source.name, &feed.name).await?;
                if row.halted.is_some() {
                    outbox.resume(row.id).await?;
                }
                let name = FeedName { source: source.name.clone(), feed: feed.name.clone() };
                ids.insert(name, row.id);
                versions.insert(row.id, row.version_next);
                let drift = DriftWatch::begin(feed, row.id, &outbox).await;
                drifts.extend(drift.map(|drift| (row.id, drift)));
            }
        }
        let shared = Shared {
            agency: plan.agency.clone(),
            standard: Arc::clone(&plan.standard),
            outbox: outbox.clone(),
            clock: Arc::clone(&clock),
            pulls: Arc::new(Semaphore::new(plan.limits.pulls_at_once.max(1))),
            keeping: Keeping::begin(&plan).map(Arc::new),
        };
        let mut endpoints = Vec::new();
        let mut lanes: Vec<Arc<Lane>> = Vec::new();
        for endpoint in plan.endpoints {
            let (endpoint, own) = open_endpoint(endpoint, &ids, &shared, seed).await?;
            endpoints.push(endpoint);
            lanes.extend(own);
        }
        let mut feeds = Vec::new();
        for source in plan.sources {
            feeds.extend(open_feeds(source, (&ids, &versions, &mut drifts), &lanes, &shared, seed));
        }
        Ok(Self {
            agency: plan.agency,
            data_folder: plan.data_folder,
            heartbeat_secs: plan.heartbeat_secs.max(1),
            stop_within: Duration::from_secs(u64::from(plan.limits.stop_secs)),
            library: plan.library,
            standard: plan.standard,
            outbox,
            clock,
            feeds,
            endpoints,
            lanes,
            phase: watch::channel(Phase::Running).0,
        })
    }

    /// Reads every feed to its end once, whatever its timetable says, and delivers all there is. An
    /// endpoint that fails is waited for at most `patience` after its last success. Ends early when
    /// `shutdown` does.
    pub async fn run_once(
        &self,
        patience: Duration,
        shutdown: impl Future<Output = ()>,
    ) -> RunReport {
        let work = async {
            let mut replays = Replays::default();
            self.answer_requests(&mut replays).await;
            replays.finish().await;
            let mut lanes = self.spawn_lanes();
            let mut passes = JoinSet::new();
            for feed in &self.feeds {
                let (feed, phase) = (Arc::clone(feed), self.phase.subscribe());
                passes.spawn(async move { feed.pass(&phase).await });
            }
            let mut report = RunReport::default();
            while let Some(ended) = passes.join_next().await {
                report.feeds_failed += usize::from(!ended.unwrap_or(false));
            }
            self.phase.send_if_modified(|phase| {
                let is_running = *phase == Phase::Running;
                if is_running {
                    *phase = Phase::Draining { patience };
                }
                is_running
            });
            while let Some(ended) = lanes.join_next().await {
                report.lanes_left += usize::from(ended.unwrap_or(End::Left) == End::Left);
            }
            self.beat_all().await;
            report
        };
        let stop = async {
            shutdown.await;
            self.phase.send_replace(Phase::Stopping);
            tokio::time::sleep(self.stop_within).await;
        };
        tokio::select! {
            report = work => report,
            () = stop => RunReport { feeds_failed: 0, lanes_left: self.lanes.len() },
        }
    }

    /// Runs by the timetables until `shutdown`, then ends what is under way.
    pub async fn run(&self, shutdown: impl Future<Output = ()>) {
        let mut tasks = JoinSet::new();
        for feed in &self.feeds {
            let (feed, phase) = (Arc::clone(feed), self.phase.subscribe());
            tasks.spawn(async move { feed.run(phase).await });
        }
        let mut lanes = self.spawn_lanes();
        tokio::select! {
            () = shutdown => {}
            () = self.beat_and_answer() => {}
        }
        self.phase.send_replace(Phase::Stopping);
        let ended = async {
            while tasks.join_next().await.is_some() {}
            while lanes.join_next().await.is_some() {}
        };
        if tokio::time::timeout(self.stop_within, ended).await.is_err() {
            tracing::warn!("not everything under way has ended in time; it is safe in the outbox");
        }
        self.beat_all().await;
    }

    /// Releases quarantined items now.
    ///
    /// # Errors
    /// When the outbox fails.
    pub async fn release(
        &self,
        selection: &Selection,
    ) -> Result<ReleaseReport, lienthong_outbox::Error> {
        let feeds = self.feeds.iter().map(|feed| (feed.id, feed.present()));
        let at = self.clock.now().as_millisecond();
        let report = release(&self.outbox, &feeds.collect(), selection, at).await?;
        self.lanes.iter().for_each(|lane| lane.handover.poke());
        Ok(report)
    }

    /// Maps the kept items of a feed again and stores what has changed.
    ///
    /// # Errors
    /// When there is no such feed, when nothing is kept, or when the keep or the outbox fails; what
    /// was stored before that stands.
    pub async fn replay(&self, source: &str, feed: &str) -> Result<ReplayReport, ReplayError> {
        match self.find(source, feed) {
            Some(feed) => feed.replay(&self.phase.subscribe()).await,
            None => Err(ReplayError::NoFeed(format!("{source}/{feed}"))),
        }
    }

    fn find(&self, source: &str, feed: &str) -> Option<Arc<Feed>> {
        let mut feeds = self.feeds.iter();
        feeds.find(|one| one.source == source && one.plan.name == feed).cloned()
    }

    /// Reads the mappings and their code lists again: a person may have added a line.
    fn refresh(&self) {
        for feed in &self.feeds {
            feed.refresh(&self.library, &self.standard);
        }
    }

    /// Gives quarantined items up, for the reason given.
    ///
    /// # Errors
    /// When the outbox fails.
    pub async fn discard(
        &self,
        selection: &Selection,
        why: &str,
    ) -> Result<usize, lienthong_outbox::Error> {
        discard(&self.outbox, selection, why, self.clock.now().as_millisecond()).await
    }

    fn spawn_lanes(&self) -> JoinSet<End> {
        let mut lanes = JoinSet::new();
        for lane in &self.lanes {
            let (lane, phase) = (Arc::clone(lane), self.phase.subscribe());
            lanes.spawn(async move { lane.run(phase).await });
        }
        lanes
    }

    async fn beat_and_answer(&self) {
        let mut beats = tokio::time::interval(Duration::from_secs(u64::from(self.heartbeat_secs)));
        let mut looks = tokio::time::interval(REQUESTS_EVERY);
        let mut replays = Replays::default();
        loop {
            tokio::select! {
                _ = beats.tick() => self.beat_all().await,
                _ = looks.tick() => self.answer_requests(&mut replays).await,
            }
        }
    }

    async fn beat_all(&self) {
        let now = self.clock.now();
        let summaries = match self.outbox.reader().summary(now.as_millisecond()) {
            Ok(summaries) => summaries,
            Err(error) => {
                tracing::error!("{}", lienthong_diagnostics::chain(&error));
                return;
            }
        };
        for endpoint in &self.endpoints {
            let beat =
                health::heartbeat(&self.agency, &summaries, endpoint.id, now, self.heartbeat_secs);
            if let Err(error) = endpoint.beat(&beat).await {
                let words = lienthong_diagnostics::chain(&error);
                tracing::warn!(endpoint = endpoint.plan.name, "no heartbeat: {words}");
            }
        }
    }

    async fn answer_requests(&self, replays: &mut Replays) {
        let waiting = match requests::waiting(&self.data_folder) {
            Ok(waiting) => waiting,
            Err(error) => {
                tracing::warn!("the folder of requests can't be read: {error}");
                return;
            }
        };
        for (path, request) in waiting {
            let done = match &request {
                Request::Release { which } => {
                    self.refresh();
                    self.release(which).await.map(|report| format!("{report:?}"))
                }
                Request::Replay { source, feed, mapping_digest } => match self.find(source, feed) {
                    Some(feed) => {
                        feed.refresh(&self.library, &self.standard);
                        let asked = (feed, mapping_digest.clone());
                        replays.begin(path, asked, self.phase.subscribe());
                        continue;
                    }
                    None => Ok(format!("there is no feed {source}/{feed} to replay")),
                },
                Request::Discard { which, why } => {
                    self.discard(which, why).await.map(|rows| format!("discarded {rows}"))
                }
            };
            match done {
                Ok(words) => {
                    tracing::info!("a request was carried out: {words}");
                    if let Err(error) = std::fs::remove_file(&path) {
                        tracing::warn!("a request's file can't be removed: {error}");
                    }
                }
                Err(error) => tracing::error!("{}", lienthong_diagnostics::chain(&error)),
            }
        }
    }
}

/// Gives quarantined items up; for a program that has the outbox but runs no feeds.
///
/// # Errors
/// When the outbox fails.
pub async fn discard(
    outbox: &Outbox,
    selection: &Selection,
    why: &str,
    at: i64,
) -> Result<usize, lienthong_outbox::Error> {
    if !selection.ids.is_empty() {
        let ids: Vec<_> = selection.ids.iter().map(|id| QuarantineId(*id)).collect();
        return outbox.discard(&ids, why, at).await;
    }
    let mut discarded = 0;
    loop {
        let rows = outbox.reader().quarantine(&selection.filter(500))?;
        if rows.is_empty() {
            return Ok(discarded);
        }
        let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
        discarded += outbox.discard(&ids, why, at).await?;
    }
}

type FeedIds = BTreeMap<FeedName, FeedId>;

async fn open_endpoint(
    plan: EndpointPlan,
    ids: &FeedIds,
    shared: &Shared,
    seed: u64,
) -> Result<(Arc<Endpoint>, Vec<Arc<Lane>>), StartError> {
    let names: Vec<FeedName> = plan.feeds.clone();
    let feeds: Vec<FeedId> = names.iter().filter_map(|name| ids.get(name).copied()).collect();
    let id = shared.outbox.register_endpoint(&plan.name, &feeds).await?;
    let endpoint = Endpoint::new(plan, id, &shared.standard, &shared.outbox, &shared.clock, seed)?;
    let endpoint = Arc::new(endpoint);
    let lane = |name: &FeedName| {
        let feed = *ids.get(name)?;
        let text = format!("{}/{}", name.source, name.feed);
        let (outbox, standard) = (shared.outbox.clone(), Arc::clone(&shared.standard));
        let clock = Arc::clone(&shared.clock);
        Some(Arc::new(Lane::new((feed, text), Arc::clone(&endpoint), outbox, standard, clock)))
    };
    let lanes = names.iter().filter_map(lane).collect();
    Ok((endpoint, lanes))
}

fn open_feeds(
    mut source: SourcePlan,
    (ids, versions, drifts): (&FeedIds, &BTreeMap<FeedId, u64>, &mut BTreeMap<FeedId, DriftWatch>),
    lanes: &[Arc<Lane>],
    shared: &Shared,
    seed: u64,
) -> Vec<Arc<Feed>> {
    let plans = std::mem::take(&mut source.feeds);
    let mut open = |plan: lienthong_config::FeedPlan| {
        let name = FeedName { source: source.name.clone(), feed: plan.name.clone() };
        let id = *ids.get(&name)?;
        let own = lanes.iter().filter(|lane| lane.feed == id).cloned().collect();
        let seed = seed.wrapping_add(id.0.cast_unsigned());
        let retry = Retry { min: PASS_RETRY.0, max: PASS_RETRY.1, seed };
        let version_next = versions.get(&id).copied().unwrap_or(1);
        let feed = Feed::new(&source, plan, own, shared, (id, version_next, retry));
        Some(Arc::new(feed.watched(drifts.remove(&id))))
    };
    plans.into_iter().filter_map(&mut open).collect()
}
