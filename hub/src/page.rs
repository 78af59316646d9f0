//! The monitor's page: the assessment as plain HTML, Vietnamese first, without scripts.

use askama::Template;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{Html, IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use lienthong_protocol::{Drift, DriftKind};
use sha2::{Digest as _, Sha256};

use crate::app::App;
use crate::assess::{
    AgencyHealth, FeedAssessment, RuleHealth, State as Assessed, Verdict, number, span,
};
use crate::health::{self, Health};
use crate::refused::Refused;

/// The page's style sheet. It goes into the page, so that nothing else is fetched.
const STYLE: &str = include_str!("../templates/monitor.css");

/// Broken rules that are shown of one agency, the most broken first; the health as JSON has them all.
const RULES_MAX: usize = 12;

/// Records that are shown as examples of one rule.
const EXAMPLES_MAX: usize = 2;

/// How often a browser asks again, in seconds.
const REFRESH_SECS: u32 = 30;

/// Answers `GET /`.
pub(crate) async fn get(State(app): State<App>, headers: HeaderMap) -> Result<Response, Refused> {
    health::admit(&app, &headers)?;
    let health = health::health(&app).await?;
    let html = render(&health).map_err(|_| Refused::Panicked)?;
    let mut response = Html(html).into_response();
    let policy = HeaderValue::from_str(&policy()).map_err(|_| Refused::Panicked)?;
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    Ok(response)
}

/// Allows the page its own style sheet, told by its hash, and nothing else.
fn policy() -> String {
    let hash = STANDARD.encode(Sha256::digest(STYLE.as_bytes()));
    format!(
        "default-src 'none'; style-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'; \
         frame-ancestors 'none'"
    )
}

#[derive(Template)]
#[template(path = "monitor.html")]
struct Monitor {
    style: &'static str,
    refresh_secs: u32,
    assessed_at: String,
    sums: Vec<Sum>,
    agencies: Vec<AgencyView>,
}

/// How many agencies are in one state.
struct Sum {
    badge: Badge,
    count: usize,
}

struct Badge {
    word: &'static str,
    sign: &'static str,
    vi: &'static str,
    en: &'static str,
}

struct AgencyView {
    code: String,
    name: String,
    badge: Badge,
    say: Say,
    heartbeat: String,
    connector: String,
    clock: Option<(String, String)>,
    feeds: Vec<FeedView>,
    rules: Vec<RuleView>,
    /// How many broken rules are not shown.
    more_rules: usize,
}

/// A broken rule of a feed.
struct RuleView {
    source: String,
    feed: String,
    code: String,
    vi: String,
    en: String,
    warned: String,
    refused: String,
    examples: Vec<String>,
}

/// What is said beside a badge.
struct Say {
    side_vi: &'static str,
    side_en: &'static str,
    reason_vi: String,
    reason_en: String,
    next_vi: String,
    next_en: String,
}

struct FeedView {
    source: String,
    feed: String,
    badge: Badge,
    say: Say,
    is_well: bool,
    received: String,
    refused: String,
    waiting: String,
    in_quarantine: String,
    lag: String,
    last_batch: String,
    drifts: Vec<DriftView>,
}

/// One difference between a feed's items and their shape.
struct DriftView {
    vi: &'static str,
    en: &'static str,
    path: String,
    what: String,
    first_seen: String,
    example: String,
    items: String,
}

/// Renders the page. Askama escapes every value.
fn render(health: &Health) -> Result<String, askama::Error> {
    let mut agencies: Vec<&AgencyHealth> = health.agencies.iter().collect();
    agencies.sort_by_key(|agency| std::cmp::Reverse(agency.verdict.state));
    let sums = Assessed::ALL.into_iter().rev().map(|state| Sum {
        badge: badge(state),
        count: agencies.iter().filter(|agency| agency.verdict.state == state).count(),
    });
    Monitor {
        style: STYLE,
        refresh_secs: REFRESH_SECS,
        assessed_at: local_time(health.assessed_at),
        sums: sums.filter(|sum| sum.count > 0).collect(),
        agencies: agencies.into_iter().map(agency_view).collect(),
    }
    .render()
}

fn agency_view(agency: &AgencyHealth) -> AgencyView {
    let mut rules: Vec<(&FeedAssessment, &RuleHealth)> = agency
        .feeds
        .iter()
        .flat_map(|feed| feed.rules.iter().map(move |rule| (feed, rule)))
        .collect();
    rules.sort_by_key(|(_, rule)| std::cmp::Reverse((rule.refusals(), rule.warnings())));
    AgencyView {
        more_rules: rules.len().saturating_sub(RULES_MAX),
        rules: rules.into_iter().take(RULES_MAX).map(rule_view).collect(),
        code: agency.agency.clone(),
        name: agency.name.clone(),
        badge: badge(agency.verdict.state),
        say: say(&agency.verdict),
        heartbeat: agency.last_heartbeat_at.map_or_else(nothing, local_time),
        connector: agency.connector.clone().unwrap_or_else(nothing),
        clock: agency.clock_ahead_secs.map(|secs| {
            let (vi, en) = span(secs.unsigned_abs());
            match secs {
                0.. => (format!("nhanh {vi}"), format!("{en} ahead")),
                _ => (format!("chậm {vi}"), format!("{en} behind")),
            }
        }),
        feeds: agency.feeds.iter().map(feed_view).collect(),
    }
}

fn rule_view((feed, rule): (&FeedAssessment, &RuleHealth)) -> RuleView {
    let said = |words: &str| if words.is_empty() { rule.rule.clone() } else { words.to_owned() };
    RuleView {
        source: feed.source.clone(),
        feed: feed.feed.clone(),
        code: rule.rule.clone(),
        vi: said(&rule.message.vi),
        en: said(&rule.message.en),
        warned: number(rule.warnings()),
        refused: number(rule.refusals()),
        examples: rule.examples.iter().take(EXAMPLES_MAX).cloned().collect(),
    }
}

fn feed_view(feed: &FeedAssessment) -> FeedView {
    let reported = feed.reported.as_ref();
    let received = feed.received.as_ref();
    FeedView {
        source: feed.source.clone(),
        feed: feed.feed.clone(),
        badge: badge(feed.verdict.state),
        say: say(&feed.verdict),
        is_well: feed.verdict.next.vi.is_empty(),
        received: received.map_or_else(nothing, |totals| number(totals.records)),
        refused: received.map_or_else(nothing, |totals| number(totals.refused)),
        waiting: reported.map_or_else(nothing, |health| number(health.waiting)),
        in_quarantine: reported.map_or_else(nothing, |health| number(health.in_quarantine)),
        lag: match reported {
            Some(health) if health.waiting > 0 => span(health.lag_secs).0,
            _ => nothing(),
        },
        last_batch: received.and_then(|totals| totals.received_at).map_or_else(nothing, local_time),
        drifts: reported
            .map(|health| health.drifts.iter().map(drift_view).collect())
            .unwrap_or_default(),
    }
}

fn drift_view(drift: &Drift) -> DriftView {
    let (vi, en) = match drift.kind {
        DriftKind::NewField => ("trường mới", "new field"),
        DriftKind::NewType => ("kiểu dữ liệu mới", "new type"),
        DriftKind::NewCode => ("mã mới", "new code"),
        DriftKind::NewForm => ("cách viết mới", "new form"),
        DriftKind::Silent => ("trường không còn dữ liệu", "field gone silent"),
    };
    DriftView {
        vi,
        en,
        path: drift.path.clone(),
        what: drift.what.clone(),
        first_seen: drift.first_seen_at.parse().map_or_else(|_| nothing(), local_time),
        example: drift.example.clone(),
        items: number(drift.items),
    }
}

fn badge(state: Assessed) -> Badge {
    let (vi, en) = state.title();
    Badge { word: state.word(), sign: state.sign(), vi, en }
}

fn say(verdict: &Verdict) -> Say {
    let (side_vi, side_en) = verdict.side.title();
    Say {
        side_vi,
        side_en,
        reason_vi: verdict.reason.vi.clone(),
        reason_en: verdict.reason.en.clone(),
        next_vi: verdict.next.vi.clone(),
        next_en: verdict.next.en.clone(),
    }
}

fn nothing() -> String {
    "–".to_owned()
}

/// A moment as the clock on the wall in Vietnam shows it; +07:00 where the zone is not known.
fn local_time(at: Timestamp) -> String {
    let zone =
        TimeZone::get("Asia/Ho_Chi_Minh").unwrap_or_else(|_| TimeZone::fixed(jiff::tz::offset(7)));
    at.to_zoned(zone).strftime("%H:%M:%S %d/%m/%Y").to_string()
}

#[cfg(test)]
mod tests;
