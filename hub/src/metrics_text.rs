//! Metrics in the Prometheus text form, set from the store at every scrape.
//!
//! They hold codes and names of agencies, sources and feeds, and counts; no personal data.

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use lienthong_protocol::DriftKind;
use metrics::{Label, counter, describe_counter, describe_gauge, gauge, with_local_recorder};
use metrics_exporter_prometheus::PrometheusBuilder;

use crate::app::App;
use crate::assess::{AgencyHealth, FeedAssessment, State as Assessed};
use crate::health::{self, Health};
use crate::refused::Refused;

/// Answers `GET /metrics`.
pub(crate) async fn get(State(app): State<App>, headers: HeaderMap) -> Result<Response, Refused> {
    health::admit(&app, &headers)?;
    let health = health::health(&app).await?;
    let refusals = app.shared.refusals.counts();
    // A recorder for each scrape: what is gone from the settings is gone from the metrics.
    let recorder = PrometheusBuilder::new().build_recorder();
    with_local_recorder(&recorder, || {
        describe();
        for (code, count) in refusals {
            counter!("lienthong_hub_refused_requests_total", "code" => code).absolute(count);
        }
        record(&health);
    });
    let media_type = HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");
    Ok(([(header::CONTENT_TYPE, media_type)], recorder.handle().render()).into_response())
}

fn describe() {
    describe_counter!("lienthong_hub_refused_requests_total", "Requests refused since the start");
    describe_counter!("lienthong_hub_batches_total", "Batches received, each once");
    describe_counter!("lienthong_hub_records_total", "Records received, by outcome");
    describe_gauge!("lienthong_hub_records", "Records held, by key");
    describe_gauge!("lienthong_hub_last_batch_seconds", "When the last batch came, Unix time");
    describe_gauge!("lienthong_agency_state", "1 for the state that the agency is in");
    describe_gauge!("lienthong_agency_last_heartbeat_seconds", "Unix time of the last heartbeat");
    describe_gauge!("lienthong_feed_state", "1 for the state that the feed is in");
    describe_gauge!("lienthong_feed_lag_seconds", "Age of the oldest waiting record, as reported");
    describe_gauge!("lienthong_feed_waiting", "Records waiting to be sent, as reported");
    describe_gauge!("lienthong_feed_in_quarantine", "Items in quarantine, as reported");
    describe_counter!("lienthong_feed_delivered_total", "Records with a receipt, as reported");
    describe_counter!(
        "lienthong_hub_broken_rules_total",
        "Records that broke a data-quality rule, as received, by outcome"
    );
    describe_counter!(
        "lienthong_feed_broken_rules_total",
        "Records that broke a data-quality rule, as reported, by outcome"
    );
    describe_gauge!("lienthong_feed_drifts", "Differences from the feed's shape, by kind");
}

fn record(health: &Health) {
    for agency in &health.agencies {
        let label = || vec![Label::new("agency", agency.agency.clone())];
        states("lienthong_agency_state", agency.verdict.state, label);
        if let Some(at) = agency.last_heartbeat_at {
            gauge!("lienthong_agency_last_heartbeat_seconds", label()).set(unix(at));
        }
        for feed in &agency.feeds {
            record_feed(agency, feed);
        }
    }
}

fn record_feed(agency: &AgencyHealth, feed: &FeedAssessment) {
    let labels = || {
        vec![
            Label::new("agency", agency.agency.clone()),
            Label::new("source", feed.source.clone()),
            Label::new("feed", feed.feed.clone()),
        ]
    };
    states("lienthong_feed_state", feed.verdict.state, labels);
    if let Some(received) = &feed.received {
        counter!("lienthong_hub_batches_total", labels()).absolute(received.batches);
        gauge!("lienthong_hub_records", labels()).set(float(received.records));
        if let Some(at) = received.received_at {
            gauge!("lienthong_hub_last_batch_seconds", labels()).set(unix(at));
        }
        let outcomes = [
            ("accepted", received.accepted),
            ("unchanged", received.unchanged),
            ("refused", received.refused),
        ];
        for (outcome, count) in outcomes {
            let mut labels = labels();
            labels.push(Label::new("outcome", outcome));
            counter!("lienthong_hub_records_total", labels).absolute(count);
        }
    }
    for rule in &feed.rules {
        let outcome = |outcome: &'static str| {
            let mut labels = labels();
            labels.push(Label::new("rule", rule.rule.clone()));
            labels.push(Label::new("outcome", outcome));
            labels
        };
        let seen = "lienthong_hub_broken_rules_total";
        counter!(seen, outcome("warned")).absolute(rule.warned);
        counter!(seen, outcome("refused")).absolute(rule.refused);
        let said = "lienthong_feed_broken_rules_total";
        counter!(said, outcome("warned")).absolute(rule.reported_warned);
        counter!(said, outcome("refused")).absolute(rule.reported_refused);
    }
    if let Some(reported) = &feed.reported {
        gauge!("lienthong_feed_lag_seconds", labels()).set(float(reported.lag_secs));
        gauge!("lienthong_feed_waiting", labels()).set(float(reported.waiting));
        gauge!("lienthong_feed_in_quarantine", labels()).set(float(reported.in_quarantine));
        counter!("lienthong_feed_delivered_total", labels()).absolute(reported.delivered);
        for kind in DriftKind::ALL {
            let count = reported.drifts.iter().filter(|drift| drift.kind == kind).count();
            let mut labels = labels();
            labels.push(Label::new("kind", kind.name()));
            gauge!("lienthong_feed_drifts", labels).set(float(count as u64));
        }
    }
}

fn states(name: &'static str, state: Assessed, labels: impl Fn() -> Vec<Label>) {
    for known in Assessed::ALL {
        let mut labels = labels();
        labels.push(Label::new("state", known.word()));
        gauge!(name, labels).set(if known == state { 1.0 } else { 0.0 });
    }
}

#[expect(clippy::cast_precision_loss, reason = "a gauge is a float; counts stay below 2^53")]
fn float(count: u64) -> f64 {
    count as f64
}

#[expect(clippy::cast_precision_loss, reason = "seconds since 1970 stay below 2^53")]
fn unix(at: jiff::Timestamp) -> f64 {
    at.as_second() as f64
}
