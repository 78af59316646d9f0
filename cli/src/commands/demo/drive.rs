//! The demo's connectors: opened from their plans, run once or by their timetables.

use std::collections::BTreeMap;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use lienthong_config::ConnectorPlan;
use lienthong_outbox::{FeedSummary, Outbox};
use lienthong_runtime::{RunReport, Runtime, SystemClock};
use tokio::sync::watch;

use crate::exit::Failure;
use crate::output::Output;
use crate::progress::Progress;
use crate::{outbox, signals};

/// How long an endpoint that fails is waited for.
const PATIENCE: Duration = Duration::from_secs(30);
/// How often progress is told.
const PROGRESS_EVERY: Duration = Duration::from_millis(100);

/// The connectors of the demo.
pub(super) struct Connectors(Vec<Connector>);

struct Connector {
    agency: String,
    store: Outbox,
    runtime: Runtime,
}

/// One feed of one agency.
pub(super) struct AgencyFeed {
    pub(super) agency: String,
    pub(super) summary: FeedSummary,
}

impl Connectors {
    /// Opens outboxes and runtimes.
    pub(super) async fn open(plans: Vec<ConnectorPlan>) -> Result<Self, Failure> {
        let mut connectors = Vec::new();
        for plan in plans {
            let agency = plan.agency.clone();
            let store = outbox::open(&plan.data_folder, &plan.limits).map_err(outbox::failure)?;
            let runtime = Runtime::new(plan, store.clone(), Arc::new(SystemClock), 1).await;
            let runtime = runtime.map_err(|error| Failure::of("a connector can't start", error))?;
            connectors.push(Connector { agency, store, runtime });
        }
        Ok(Self(connectors))
    }

    /// Runs every connector until nothing is left to read or deliver; false when something was.
    pub(super) async fn run_once(&self, output: Output) -> Result<bool, Failure> {
        let progress = Progress::new(output, 0, "records delivered");
        let (stop, stopped) = watch::channel(false);
        let runs = async {
            let mut all_done = true;
            for connector in &self.0 {
                let mut stopped = stopped.clone();
                let until = async move { drop(stopped.wait_for(|stop| *stop).await) };
                let report = connector.runtime.run_once(PATIENCE, until).await;
                all_done &= report == RunReport::default();
            }
            all_done
        };
        tokio::pin!(runs);
        let mut ticks = tokio::time::interval(PROGRESS_EVERY);
        let interrupted = signals::stop_requested();
        tokio::pin!(interrupted);
        let mut is_stopping = false;
        let finished = loop {
            tokio::select! {
                all_done = &mut runs => break all_done && !is_stopping,
                () = &mut interrupted, if !is_stopping => {
                    is_stopping = true;
                    stop.send_replace(true);
                }
                _ = ticks.tick() => self.tell(&progress)?,
            }
        };
        progress.end();
        Ok(finished)
    }

    fn tell(&self, progress: &Progress) -> Result<(), Failure> {
        let feeds = self.feeds()?;
        let accepted = feeds.iter().map(|feed| feed.summary.feed.totals.accepted).sum();
        let delivered = feeds.iter().map(|feed| delivered(&feed.summary)).sum();
        progress.at(delivered, accepted, "");
        Ok(())
    }

    /// Runs every connector by its timetables.
    pub(super) async fn run(&self, until: impl Future<Output = ()>) {
        let (stop, stopped) = watch::channel(false);
        let runs = self.0.iter().map(|connector| {
            let mut stopped = stopped.clone();
            connector.runtime.run(async move { drop(stopped.wait_for(|stop| *stop).await) })
        });
        let mut runs: Vec<_> = runs.map(Box::pin).collect();
        let all = async {
            // Two agencies: polled side by side in this task, without a task of their own.
            std::future::poll_fn(|context| {
                runs.retain_mut(|run| run.as_mut().poll(context).is_pending());
                if runs.is_empty() { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
            })
            .await;
        };
        let stopping = async {
            until.await;
            stop.send_replace(true);
        };
        tokio::join!(all, stopping);
    }

    /// Every feed of every agency.
    pub(super) fn feeds(&self) -> Result<Vec<AgencyFeed>, Failure> {
        let now = outbox::now_millis();
        let mut feeds = Vec::new();
        for connector in &self.0 {
            let summaries = connector.store.reader().summary(now).map_err(outbox::failure)?;
            let agency = &connector.agency;
            let own = summaries.into_iter();
            feeds.extend(own.map(|summary| AgencyFeed { agency: agency.clone(), summary }));
        }
        Ok(feeds)
    }

    /// What every feed has delivered so far, by agency, source and feed.
    pub(super) fn delivered(&self) -> Result<BTreeMap<(String, String, String), u64>, Failure> {
        let feeds = self.feeds()?.into_iter();
        Ok(feeds.map(|feed| (feed.name(), delivered(&feed.summary))).collect())
    }

    /// Closes the outboxes.
    pub(super) async fn close(self) -> Result<(), Failure> {
        for connector in self.0 {
            drop(connector.runtime);
            connector.store.close().await.map_err(outbox::failure)?;
        }
        Ok(())
    }
}

impl AgencyFeed {
    /// Agency, source and feed.
    pub(super) fn name(&self) -> (String, String, String) {
        let row = &self.summary.feed;
        (self.agency.clone(), row.source.clone(), row.feed.clone())
    }
}

/// Records that an endpoint has a receipt for.
pub(super) fn delivered(summary: &FeedSummary) -> u64 {
    summary.routes.iter().map(|route| route.delivered + route.unchanged).sum()
}
