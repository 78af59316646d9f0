//! The assessment: from heartbeats and receipts to the state of every agency and feed, with the
//! reason, whose side it is on and what to do next. Pure: what it says follows from its input.

mod rules;
mod words;

use jiff::Timestamp;
use lienthong_protocol::{FeedHealth, FeedState};
use lienthong_standard::Standard;
use serde::Serialize;

use crate::settings::Thresholds;
use crate::store::{FeedTotals, RuleTotals, StoredHeartbeat};

pub(crate) use rules::RuleHealth;
pub(crate) use words::{number, span};

/// The state of an agency or feed, in the order of gravity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum State {
    /// All is well.
    Healthy,
    /// It has not run yet.
    New,
    /// Records wait longer than they should.
    Late,
    /// The last pass failed and will be tried again.
    Retrying,
    /// The connector's count of deliveries and the hub's count of receipts disagree.
    Diverging,
    /// It stands still until a person has done something.
    Halted,
    /// Nothing has been heard of it for too long.
    Silent,
    /// Nothing has ever been heard of it.
    NeverConnected,
}

/// On whose side the cause lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Side {
    /// There is nothing to be done.
    Nobody,
    /// The information system that is read.
    System,
    /// The agency's connector, its settings or its machine.
    Agency,
    /// The way between connector and hub.
    Way,
    /// The hub.
    Hub,
}

/// Words in both languages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Words {
    /// In Vietnamese.
    pub(crate) vi: String,
    /// In English.
    pub(crate) en: String,
}

/// What is said of an agency or feed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Verdict {
    /// Its state.
    pub(crate) state: State,
    /// Whose side the cause is on.
    pub(crate) side: Side,
    /// Why it is in this state.
    pub(crate) reason: Words,
    /// What to do next; empty when there is nothing to do.
    pub(crate) next: Words,
}

/// All that an assessment follows from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Evidence<'a> {
    /// Code and name of the registered agencies.
    pub(crate) agencies: &'a [(String, String)],
    /// The last heartbeat of each that sent one.
    pub(crate) heartbeats: &'a [StoredHeartbeat],
    /// What the hub has received.
    pub(crate) totals: &'a [FeedTotals],
    /// Which rules it saw broken.
    pub(crate) rules: &'a [RuleTotals],
    /// What the rules say.
    pub(crate) standard: &'a Standard,
    /// When a state begins.
    pub(crate) thresholds: Thresholds,
    /// The present moment.
    pub(crate) now: Timestamp,
}

/// The state of one agency and its feeds.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct AgencyHealth {
    /// Its code.
    pub(crate) agency: String,
    /// Its name.
    pub(crate) name: String,
    /// What is said of it.
    #[serde(flatten)]
    pub(crate) verdict: Verdict,
    /// When its last heartbeat came.
    pub(crate) last_heartbeat_at: Option<Timestamp>,
    /// How far its clock is ahead of the hub's, in seconds, where that is more than it should be.
    pub(crate) clock_ahead_secs: Option<i64>,
    /// The connector's version.
    pub(crate) connector: Option<String>,
    /// Its feeds.
    pub(crate) feeds: Vec<FeedAssessment>,
}

/// The state of one feed.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct FeedAssessment {
    /// The source's name.
    pub(crate) source: String,
    /// The feed's name.
    pub(crate) feed: String,
    /// What is said of it.
    #[serde(flatten)]
    pub(crate) verdict: Verdict,
    /// What the connector said of it last.
    pub(crate) reported: Option<FeedHealth>,
    /// What the hub has received of it.
    pub(crate) received: Option<FeedTotals>,
    /// The data-quality rules that its records broke, the most broken first.
    pub(crate) rules: Vec<RuleHealth>,
}

/// Assesses every registered agency, in the order in which they are registered.
pub(crate) fn assess(evidence: &Evidence<'_>) -> Vec<AgencyHealth> {
    let agencies = evidence.agencies.iter();
    agencies.map(|(code, name)| assess_agency(evidence, code, name)).collect()
}

fn assess_agency(evidence: &Evidence<'_>, code: &str, name: &str) -> AgencyHealth {
    let heartbeat = evidence.heartbeats.iter().find(|beat| beat.heartbeat.agency == code);
    let totals = evidence.totals.iter().filter(|feed| feed.name.agency == code);
    let totals: Vec<&FeedTotals> = totals.collect();
    let mut feeds = assess_feeds(evidence.thresholds, heartbeat, &totals);
    for feed in &mut feeds {
        feed.rules = rules::of_feed(evidence, code, feed);
    }
    let verdict = match heartbeat {
        None => words::never_connected(!totals.is_empty()),
        Some(beat) => {
            let silent_secs = seconds_between(beat.received_at, evidence.now);
            let patience_secs = i64::from(beat.heartbeat.interval_secs)
                * i64::from(evidence.thresholds.silent_intervals);
            if silent_secs > patience_secs {
                let last_batch_at = totals.iter().filter_map(|feed| feed.received_at).max();
                let sends = last_batch_at.is_some_and(|at| at > beat.received_at);
                words::silent(silent_secs, sends)
            } else {
                worst(&feeds)
            }
        }
    };
    AgencyHealth {
        agency: code.to_owned(),
        name: name.to_owned(),
        verdict,
        last_heartbeat_at: heartbeat.map(|beat| beat.received_at),
        clock_ahead_secs: heartbeat.and_then(|beat| clock_ahead(beat, evidence.thresholds)),
        connector: heartbeat.map(|beat| beat.heartbeat.connector.clone()),
        feeds,
    }
}

/// The verdict of the gravest feed; the first of several.
fn worst(feeds: &[FeedAssessment]) -> Verdict {
    let mut worst: Option<&FeedAssessment> = None;
    for feed in feeds {
        if worst.is_none_or(|known| feed.verdict.state > known.verdict.state) {
            worst = Some(feed);
        }
    }
    match worst {
        None => words::no_feeds(),
        Some(feed) if feed.verdict.state == State::Healthy => words::healthy(0),
        Some(feed) => words::in_feed(&feed.source, &feed.feed, feed.verdict.clone()),
    }
}

fn assess_feeds(
    thresholds: Thresholds,
    heartbeat: Option<&StoredHeartbeat>,
    totals: &[&FeedTotals],
) -> Vec<FeedAssessment> {
    let mut feeds = Vec::new();
    let reported = heartbeat.map(|beat| beat.heartbeat.feeds.as_slice()).unwrap_or_default();
    for feed in reported {
        let is_it = |totals: &&&FeedTotals| is_feed(totals, feed);
        let then = heartbeat.and_then(|beat| beat.totals.iter().find(|totals| is_it(&totals)));
        feeds.push(FeedAssessment {
            source: feed.source.clone(),
            feed: feed.feed.clone(),
            verdict: assess_feed(thresholds, feed, then),
            reported: Some(feed.clone()),
            received: totals.iter().find(is_it).copied().cloned(),
            rules: Vec::new(),
        });
    }
    for total in totals {
        if reported.iter().any(|feed| is_feed(total, feed)) {
            continue;
        }
        feeds.push(FeedAssessment {
            source: total.name.source.clone(),
            feed: total.name.feed.clone(),
            verdict: words::not_reported(),
            reported: None,
            received: Some((*total).clone()),
            rules: Vec::new(),
        });
    }
    feeds
}

fn is_feed(totals: &FeedTotals, feed: &FeedHealth) -> bool {
    totals.name.source == feed.source && totals.name.feed == feed.feed
}

/// `then` is what the hub had received when the connector said this.
fn assess_feed(thresholds: Thresholds, feed: &FeedHealth, then: Option<&FeedTotals>) -> Verdict {
    let error = feed.last_error.as_deref().unwrap_or_default();
    if feed.state == FeedState::Halted {
        return words::halted(side_of(error), error);
    }
    if let Some(verdict) = divergence(feed, then) {
        return verdict;
    }
    if feed.state == FeedState::Retrying {
        return words::retrying(side_of(error), error);
    }
    if feed.waiting > 0 && feed.lag_secs > thresholds.late_secs {
        return words::late(feed.waiting, feed.lag_secs);
    }
    if feed.state == FeedState::New {
        return words::new();
    }
    words::healthy(feed.in_quarantine)
}

/// Compares the connector's count of deliveries with the hub's receipts at the same moment.
///
/// A receipt that the connector has not settled yet belongs to records that still wait there, so
/// the hub may be ahead by as much as is waiting, and never behind.
fn divergence(feed: &FeedHealth, then: Option<&FeedTotals>) -> Option<Verdict> {
    let counts = then.map(|totals| {
        let taken = totals.accepted + totals.unchanged;
        (taken.saturating_sub(totals.repeated), taken + totals.refused)
    });
    let (least, most) = counts.unwrap_or((0, 0));
    if feed.delivered > most {
        return Some(words::hub_behind(feed.delivered, most));
    }
    if least > feed.delivered + feed.waiting {
        return Some(words::hub_ahead(feed.delivered, least));
    }
    None
}

/// The side that an error's code points to.
fn side_of(error: &str) -> Side {
    let code = error.find("LT-").and_then(|at| error.get(at..at + 4));
    match code {
        Some("LT-2") => Side::System,
        Some("LT-6") => Side::Way,
        Some("LT-7") => Side::Hub,
        _ => Side::Agency,
    }
}

fn clock_ahead(beat: &StoredHeartbeat, thresholds: Thresholds) -> Option<i64> {
    let sent_at: Timestamp = beat.heartbeat.sent_at.parse().ok()?;
    let ahead = sent_at.as_second() - beat.received_at.as_second();
    (ahead.abs() > i64::from(thresholds.clock_secs)).then_some(ahead)
}

/// Not below zero: a clock that was set back makes nobody silent.
fn seconds_between(earlier: Timestamp, later: Timestamp) -> i64 {
    (later.as_second() - earlier.as_second()).max(0)
}

#[cfg(test)]
mod tests;
