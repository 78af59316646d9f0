//! What the demo says at its end: a row for each feed, and what the hub counts.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use serde::{Deserialize, Serialize};

use super::drive::{AgencyFeed, delivered};
use crate::exit::Failure;
use crate::output::Output;
use crate::table::{Column, render};

/// The whole answer.
#[derive(Debug, Serialize)]
pub(super) struct Report {
    feeds: Vec<FeedLine>,
    hub: HubCounts,
}

#[derive(Debug, Serialize)]
struct FeedLine {
    agency: String,
    source: String,
    feed: String,
    pulled: u64,
    accepted: u64,
    quarantined: u64,
    delivered: u64,
    /// What this run delivered of it; only the table shows it.
    #[serde(skip)]
    delivered_now: u64,
}

/// What the hub counts by itself, from the batches that it stored.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub(super) struct HubCounts {
    /// Records that it holds.
    records: u64,
    /// Versions that more than one receipt accepted.
    doubled: u64,
}

#[derive(Deserialize)]
struct HubFeeds {
    feeds: Vec<HubFeed>,
}

#[derive(Deserialize)]
struct HubFeed {
    records: u64,
    doubled: u64,
}

/// Asks the hub over HTTP, as anybody else would.
pub(super) async fn hub(address: SocketAddr, operator: &str) -> Result<HubCounts, Failure> {
    let failed = |error| Failure::of("the hub can't be asked", error);
    let client = reqwest::Client::builder().no_proxy().build().map_err(failed)?;
    let request = client.get(format!("http://{address}/v1/feeds")).bearer_auth(operator);
    let answer = request.send().await.and_then(reqwest::Response::error_for_status);
    let answer: HubFeeds = answer.map_err(failed)?.json().await.map_err(failed)?;
    let mut counts = HubCounts::default();
    for feed in answer.feeds {
        counts.records += feed.records;
        counts.doubled += feed.doubled;
    }
    Ok(counts)
}

impl Report {
    /// Puts the counts of both sides together.
    pub(super) fn new(
        feeds: &[AgencyFeed],
        before: &BTreeMap<(String, String, String), u64>,
        hub: HubCounts,
    ) -> Self {
        let lines = feeds.iter().map(|feed| {
            let (agency, source, name) = feed.name();
            let totals = feed.summary.feed.totals;
            let delivered = delivered(&feed.summary);
            let earlier = before.get(&feed.name()).copied().unwrap_or(0);
            FeedLine {
                agency,
                source,
                feed: name,
                pulled: totals.pulled,
                accepted: totals.accepted,
                quarantined: totals.quarantined,
                delivered,
                delivered_now: delivered - earlier,
            }
        });
        Self { feeds: lines.collect(), hub }
    }

    /// Whether nothing is lost and nothing doubled.
    pub(super) fn adds_up(&self) -> bool {
        let is_whole = |feed: &FeedLine| {
            feed.pulled == feed.accepted + feed.quarantined && feed.delivered == feed.accepted
        };
        self.hub.doubled == 0 && self.feeds.iter().all(is_whole)
    }

    /// Prints it.
    pub(super) fn say(&self, json: bool, output: Output) -> Result<(), Failure> {
        if json {
            return output.json(self);
        }
        let rows = self.feeds.iter().map(|feed| {
            vec![
                feed.agency.clone(),
                feed.source.clone(),
                feed.feed.clone(),
                feed.pulled.to_string(),
                feed.accepted.to_string(),
                feed.quarantined.to_string(),
                feed.delivered.to_string(),
                feed.delivered_now.to_string(),
            ]
        });
        let columns = [
            Column::Text("agency"),
            Column::Text("source"),
            Column::Text("feed"),
            Column::Number("pulled"),
            Column::Number("accepted"),
            Column::Number("quarantined"),
            Column::Number("delivered"),
            Column::Number("now"),
        ];
        output.data(&render(output, &columns, &rows.collect::<Vec<_>>()))?;
        let HubCounts { records, doubled } = self.hub;
        output.line(format!("\nhub: {records} records, {doubled} doubled"))
    }
}
