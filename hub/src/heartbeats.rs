//! Receiving heartbeats.

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use jiff::Timestamp;
use lienthong_protocol::{DRIFTS_MAX, FeedHealth, Heartbeat};

use crate::app::App;
use crate::refused::Refused;
use crate::store::{HeartbeatWork, Work};
use crate::{body, depth, ingest};

/// The most bytes of a heartbeat.
const BYTES_MAX: usize = 1 << 20;

/// The most feeds of one agency.
const FEEDS_MAX: usize = 1000;

/// The most bytes of a name in a heartbeat.
const NAME_BYTES_MAX: usize = 200;

/// The most characters that are kept of a feed's last error, and of each text of a drift.
const ERROR_CHARS_MAX: usize = 500;

/// The most broken rules of one feed.
const RULES_MAX: usize = 500;

/// The longest interval between heartbeats, a day.
const INTERVAL_SECS_MAX: u32 = 86_400;

/// Answers `POST /v1/heartbeats`.
pub(crate) async fn post(
    State(app): State<App>,
    headers: HeaderMap,
    body: Body,
) -> Result<StatusCode, Refused> {
    let now = app.clock.now();
    let agency = match check(&app, &headers, now) {
        Ok(agency) => agency,
        Err(refused) => {
            body::drain(body).await;
            return Err(refused);
        }
    };
    let _room = app.shared.room_for(body::length(&body)).await?;
    let bytes = body::read(body, BYTES_MAX).await?;
    let depth_max = app.shared.limits.depth_max;
    if depth::exceeds(&bytes, depth_max) {
        return Err(Refused::TooDeep { depth_max });
    }
    let heartbeat: Heartbeat = serde_json::from_slice(&bytes)
        .map_err(|error| Refused::BadHeartbeat { why: error.to_string() })?;
    if heartbeat.agency != agency {
        return Err(Refused::OtherAgency);
    }
    let heartbeat = checked(heartbeat).map_err(|why| Refused::BadHeartbeat { why })?;
    let work = Work::Heartbeat(HeartbeatWork { heartbeat, received_at: now });
    app.shared.store.writer().submit(work).await.map_err(ingest::refused)?;
    Ok(StatusCode::NO_CONTENT)
}

fn check(app: &App, headers: &HeaderMap, now: Timestamp) -> Result<String, Refused> {
    let agency = app.shared.access.agency(headers)?;
    app.shared.rates.take(agency, now)?;
    let media_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let essence = media_type.unwrap_or_default().split(';').next().unwrap_or_default();
    if !essence.trim().eq_ignore_ascii_case("application/json") {
        return Err(Refused::MediaType);
    }
    Ok(agency.to_owned())
}

/// Checks what a heartbeat says, and cuts long error texts.
fn checked(mut heartbeat: Heartbeat) -> Result<Heartbeat, String> {
    if !(1..=INTERVAL_SECS_MAX).contains(&heartbeat.interval_secs) {
        return Err(format!("interval_secs must be 1 to {INTERVAL_SECS_MAX}"));
    }
    let is_time = |text: &str| text.parse::<Timestamp>().is_ok();
    if !is_time(&heartbeat.sent_at) {
        return Err("sent_at is not an RFC 3339 time".to_owned());
    }
    if heartbeat.feeds.len() > FEEDS_MAX {
        return Err(format!("more than {FEEDS_MAX} feeds"));
    }
    if heartbeat.connector.len() > NAME_BYTES_MAX {
        return Err("the connector's version is too long".to_owned());
    }
    for feed in &mut heartbeat.feeds {
        check_feed(feed, is_time)?;
        feed.drifts.truncate(DRIFTS_MAX);
        for drift in &mut feed.drifts {
            for text in [&mut drift.path, &mut drift.what, &mut drift.example] {
                *text = text.chars().take(ERROR_CHARS_MAX).collect();
            }
        }
        if let Some(error) = &mut feed.last_error {
            *error = error.chars().take(ERROR_CHARS_MAX).collect();
        }
    }
    let name = |feed: &FeedHealth| (feed.source.clone(), feed.feed.clone());
    heartbeat.feeds.sort_by_key(name);
    if heartbeat.feeds.iter().zip(heartbeat.feeds.iter().skip(1)).any(|(a, b)| name(a) == name(b)) {
        return Err("a feed is listed twice".to_owned());
    }
    Ok(heartbeat)
}

fn check_feed(feed: &FeedHealth, is_time: impl Fn(&str) -> bool) -> Result<(), String> {
    let is_name = |name: &str| !name.is_empty() && name.len() <= NAME_BYTES_MAX;
    if !is_name(&feed.source) || !is_name(&feed.feed) {
        return Err("the names of source and feed must be short and not empty".to_owned());
    }
    if feed.rules.len() > RULES_MAX || !feed.rules.iter().all(|rule| is_name(&rule.rule)) {
        return Err(format!("the broken rules of {} are too many or have no names", feed.feed));
    }
    if feed.last_success_at.as_deref().is_some_and(|text| !is_time(text)) {
        return Err(format!("last_success_at of {} is not an RFC 3339 time", feed.feed));
    }
    if feed.drifts.iter().any(|drift| !is_time(&drift.first_seen_at)) {
        return Err(format!("first_seen_at of a drift of {} is not an RFC 3339 time", feed.feed));
    }
    Ok(())
}
