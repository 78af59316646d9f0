//! The heartbeat of a connector, counted from its outbox.

use jiff::Timestamp;
use lienthong_outbox::{DriftRow, EndpointId, FeedSummary};
use lienthong_protocol::{DRIFTS_MAX, Drift, FeedHealth, FeedState, Heartbeat};

/// Writes the heartbeat for one hub. Feeds that do not go there are left out.
pub(crate) fn heartbeat(
    agency: &str,
    summaries: &[FeedSummary],
    endpoint: EndpointId,
    now: Timestamp,
    interval_secs: u32,
) -> Heartbeat {
    Heartbeat {
        agency: agency.to_owned(),
        connector: env!("CARGO_PKG_VERSION").to_owned(),
        sent_at: now.to_string(),
        interval_secs,
        feeds: summaries.iter().filter_map(|summary| feed_health(summary, endpoint)).collect(),
    }
}

fn feed_health(summary: &FeedSummary, endpoint: EndpointId) -> Option<FeedHealth> {
    let FeedSummary { feed, in_quarantine, rules, drifts, routes } = summary;
    let route = routes.iter().find(|route| route.endpoint == endpoint)?;
    let moment = |millis: i64| Timestamp::from_millisecond(millis).ok().map(|at| at.to_string());
    let state = if feed.halted.is_some() {
        FeedState::Halted
    } else if feed.attempt > 0 || route.attempt > 0 {
        FeedState::Retrying
    } else if feed.last_success_at.is_none() {
        FeedState::New
    } else {
        FeedState::Healthy
    };
    let error = feed.halted.as_ref().or(feed.last_error.as_ref());
    Some(FeedHealth {
        source: feed.source.clone(),
        feed: feed.feed.clone(),
        state,
        pulled: feed.totals.pulled,
        accepted: feed.totals.accepted,
        quarantined: feed.totals.quarantined,
        in_quarantine: *in_quarantine,
        waiting: route.waiting_records,
        delivered: route.delivered + route.unchanged + route.superseded,
        last_success_at: feed.last_success_at.and_then(moment),
        lag_secs: route.oldest_waiting_millis / 1000,
        last_error: error.or(route.last_error.as_ref()).cloned(),
        drifts: drifts.iter().take(DRIFTS_MAX).filter_map(drift).collect(),
        rules: rules.clone(),
    })
}

fn drift(row: &DriftRow) -> Option<Drift> {
    Some(Drift {
        kind: row.key.kind,
        path: row.key.path.clone(),
        what: row.key.what.clone(),
        first_seen_at: Timestamp::from_millisecond(row.first_at).ok()?.to_string(),
        example: row.place.clone(),
        items: row.items,
    })
}
