//! Replays that a person asked of a running connector: beside its other work, one a feed at a time.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use lienthong_diagnostics::chain;
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::{ReplayError, ReplayReport};
use crate::feed::Feed;
use crate::phase::Phase;

/// The replays under way, each with the file of its request.
#[derive(Default)]
pub(crate) struct Replays {
    tasks: JoinSet<PathBuf>,
    active: BTreeSet<PathBuf>,
}

impl Replays {
    /// Begins a replay unless its request is being carried out already.
    pub(crate) fn begin(
        &mut self,
        path: PathBuf,
        (feed, mapping_digest): (Arc<Feed>, String),
        phase: watch::Receiver<Phase>,
    ) {
        while let Some(ended) = self.tasks.try_join_next() {
            self.ended(ended.ok().as_ref());
        }
        if !self.active.insert(path.clone()) {
            return;
        }
        self.tasks.spawn(async move {
            let result = if feed.present().mapping.digest() == mapping_digest {
                feed.replay(&phase).await
            } else {
                Err(ReplayError::OtherMapping(feed.name()))
            };
            carried_out(&path, &feed, result);
            path
        });
    }

    /// Waits for all of them.
    pub(crate) async fn finish(&mut self) {
        while let Some(ended) = self.tasks.join_next().await {
            self.ended(ended.ok().as_ref());
        }
    }

    fn ended(&mut self, path: Option<&PathBuf>) {
        if let Some(path) = path {
            self.active.remove(path);
        }
    }
}

/// Says how a replay went, and takes its request away unless it may go on later.
fn carried_out(path: &Path, feed: &Feed, result: Result<ReplayReport, ReplayError>) {
    let moved = match result {
        Ok(report) => {
            tracing::info!(feed = feed.name(), "a replay was carried out: {report:?}");
            std::fs::remove_file(path)
        }
        Err(error) => {
            tracing::error!(feed = feed.name(), "[{}] {}", error.code(), chain(&error));
            if error.is_passing() {
                return;
            }
            std::fs::rename(path, path.with_extension("wrong"))
        }
    };
    if let Err(error) = moved {
        tracing::warn!("a request's file can't be removed: {error}");
    }
}
