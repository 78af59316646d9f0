//! Tests of the assessment, as a table of situations.

use jiff::{SignedDuration, Timestamp};
use lienthong_protocol::{FeedHealth, FeedState, Heartbeat};
use lienthong_standard::{Files, Standard};

use super::{Evidence, Side, State, assess};
use crate::settings::Thresholds;
use crate::store::{FeedName, FeedTotals, StoredHeartbeat};

const AGENCY: &str = "000.00.00.H22";

fn now() -> Timestamp {
    "2025-06-20T01:35:00Z".parse().unwrap()
}

/// What the rules say plays no part here.
fn standard() -> Standard {
    let record = "record_type = \"thing\"\ntitle.vi = \"Vật\"\nkey = [\"a\"]\nhistory = \"latest\"\n\
                  fields.a = { title.vi = \"a\", type = \"text\", required = true }\n";
    let files = Files::new([("records/thing.toml".to_owned(), record.into())]);
    Standard::compile("v1", &files).unwrap()
}

fn feed() -> FeedHealth {
    FeedHealth {
        source: "igate".to_owned(),
        feed: "dossiers".to_owned(),
        state: FeedState::Healthy,
        pulled: 100,
        accepted: 100,
        quarantined: 0,
        in_quarantine: 0,
        waiting: 0,
        delivered: 100,
        last_success_at: None,
        lag_secs: 0,
        last_error: None,
        drifts: Vec::new(),
        rules: Vec::new(),
    }
}

fn totals(accepted: u64) -> FeedTotals {
    FeedTotals {
        name: FeedName {
            agency: AGENCY.to_owned(),
            source: "igate".to_owned(),
            feed: "dossiers".to_owned(),
        },
        record_type: "dossier".to_owned(),
        records: accepted,
        batches: 1,
        accepted,
        unchanged: 0,
        refused: 0,
        repeated: 0,
        received_at: Some(now() - SignedDuration::from_secs(600)),
    }
}

/// A situation: what was said and received, and how long ago the heartbeat came.
struct Situation {
    feeds: Vec<FeedHealth>,
    totals: Vec<FeedTotals>,
    heartbeat_secs_ago: Option<i64>,
    sent_secs_off: i64,
}

impl Situation {
    fn of(change: impl FnOnce(&mut FeedHealth)) -> Self {
        let mut feed = feed();
        change(&mut feed);
        let totals = vec![totals(100)];
        Self { feeds: vec![feed], totals, heartbeat_secs_ago: Some(30), sent_secs_off: 0 }
    }

    fn assessed(&self) -> super::AgencyHealth {
        let beats = self.heartbeat_secs_ago.map(|secs| {
            let received_at = now() - SignedDuration::from_secs(secs);
            StoredHeartbeat {
                heartbeat: Heartbeat {
                    agency: AGENCY.to_owned(),
                    connector: "0.1.0".to_owned(),
                    sent_at: (received_at + SignedDuration::from_secs(self.sent_secs_off))
                        .to_string(),
                    interval_secs: 60,
                    feeds: self.feeds.clone(),
                },
                received_at,
                totals: self.totals.clone(),
            }
        });
        let beats: Vec<StoredHeartbeat> = beats.into_iter().collect();
        let assessed = assess(&Evidence {
            agencies: &[(AGENCY.to_owned(), "Tỉnh A".to_owned())],
            heartbeats: &beats,
            totals: &self.totals,
            rules: &[],
            standard: &standard(),
            thresholds: Thresholds::default(),
            now: now(),
        });
        assert_eq!(assessed.len(), 1);
        assessed.into_iter().next().unwrap()
    }
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table of situations, one after the other")]
fn states_and_sides_follow_from_what_was_said_and_received() {
    let retrying = |error: &'static str| {
        move |feed: &mut FeedHealth| {
            feed.state = FeedState::Retrying;
            feed.last_error = Some(error.to_owned());
        }
    };
    let received = |totals: Vec<FeedTotals>| Situation { totals, ..Situation::of(|_| {}) };
    let cases: Vec<(&str, Situation, State, Side)> = vec![
        ("all well", Situation::of(|_| {}), State::Healthy, Side::Nobody),
        (
            "some in quarantine",
            Situation::of(|feed| feed.in_quarantine = 3),
            State::Healthy,
            Side::Nobody,
        ),
        ("never run", Situation::of(|feed| feed.state = FeedState::New), State::New, Side::Nobody),
        (
            "old records wait",
            Situation::of(|feed| (feed.waiting, feed.lag_secs) = (5, 3601)),
            State::Late,
            Side::Way,
        ),
        (
            "records wait, but not for long",
            Situation::of(|feed| (feed.waiting, feed.lag_secs) = (5, 3600)),
            State::Healthy,
            Side::Nobody,
        ),
        (
            "an old lag of nothing",
            Situation::of(|feed| feed.lag_secs = 99_999),
            State::Healthy,
            Side::Nobody,
        ),
        (
            "system does not answer",
            Situation::of(retrying("LT-2003: no answer")),
            State::Retrying,
            Side::System,
        ),
        ("hub not reached", Situation::of(retrying("LT-6001: no way")), State::Retrying, Side::Way),
        ("hub refused", Situation::of(retrying("LT-7026: full")), State::Retrying, Side::Hub),
        ("no code", Situation::of(retrying("odd")), State::Retrying, Side::Agency),
        (
            "halted outranks late",
            Situation::of(|feed| {
                (feed.waiting, feed.lag_secs) = (5, 9999);
                feed.state = FeedState::Halted;
                feed.last_error = Some("LT-5003: disk full".to_owned());
            }),
            State::Halted,
            Side::Agency,
        ),
        (
            "more delivered than received",
            Situation::of(|feed| feed.delivered = 101),
            State::Diverging,
            Side::Hub,
        ),
        ("delivered, and nothing received", received(Vec::new()), State::Diverging, Side::Hub),
        ("more received than known", received(vec![totals(101)]), State::Diverging, Side::Agency),
        (
            "a receipt is under way",
            Situation { totals: vec![totals(150)], ..Situation::of(|feed| feed.waiting = 50) },
            State::Healthy,
            Side::Nobody,
        ),
        (
            "records that came twice count once",
            received(vec![FeedTotals { unchanged: 40, repeated: 40, ..totals(100) }]),
            State::Healthy,
            Side::Nobody,
        ),
        (
            "refused records may count as delivered",
            Situation {
                totals: vec![FeedTotals { refused: 7, ..totals(93) }],
                ..Situation::of(|_| {})
            },
            State::Healthy,
            Side::Nobody,
        ),
        (
            "no heartbeat for three intervals",
            Situation { heartbeat_secs_ago: Some(180), ..Situation::of(|_| {}) },
            State::Healthy,
            Side::Nobody,
        ),
        (
            "nor a second longer",
            Situation { heartbeat_secs_ago: Some(181), ..Situation::of(|_| {}) },
            State::Silent,
            Side::Agency,
        ),
        (
            "hub's clock was set back",
            Situation { heartbeat_secs_ago: Some(-9000), ..Situation::of(|_| {}) },
            State::Healthy,
            Side::Nobody,
        ),
        (
            "never a word",
            Situation { heartbeat_secs_ago: None, totals: Vec::new(), ..Situation::of(|_| {}) },
            State::NeverConnected,
            Side::Agency,
        ),
        (
            "batches, but never a heartbeat",
            Situation { heartbeat_secs_ago: None, ..Situation::of(|_| {}) },
            State::NeverConnected,
            Side::Agency,
        ),
        (
            "a feed is not reported any more",
            Situation { feeds: Vec::new(), ..Situation::of(|_| {}) },
            State::Silent,
            Side::Agency,
        ),
        (
            "no feeds at all",
            Situation { feeds: Vec::new(), totals: Vec::new(), ..Situation::of(|_| {}) },
            State::New,
            Side::Agency,
        ),
    ];
    for (what, situation, state, side) in cases {
        let assessed = situation.assessed();
        assert_eq!((assessed.verdict.state, assessed.verdict.side), (state, side), "{what}");
        assert!(!assessed.verdict.reason.vi.is_empty(), "{what}");
        assert_ne!(assessed.verdict.reason.vi, assessed.verdict.reason.en, "{what}");
        let has_next = !assessed.verdict.next.vi.is_empty();
        assert_eq!(has_next, state != State::Healthy, "{what}");
    }
}

#[test]
fn gravest_feed_speaks_for_its_agency() {
    let mut situation = Situation::of(|_| {});
    let late = FeedHealth { feed: "late".to_owned(), waiting: 1, lag_secs: 9999, ..feed() };
    let halted = FeedHealth { feed: "halted".to_owned(), state: FeedState::Halted, ..feed() };
    let named = |feed: &str| {
        let name = FeedName { feed: feed.to_owned(), ..totals(100).name };
        FeedTotals { name, ..totals(100) }
    };
    situation.feeds = vec![late, feed(), halted];
    situation.totals = vec![named("dossiers"), named("halted"), named("late")];
    let assessed = situation.assessed();
    assert_eq!(assessed.verdict.state, State::Halted);
    assert!(assessed.verdict.reason.en.starts_with("igate/halted: "));
    let states: Vec<State> = assessed.feeds.iter().map(|feed| feed.verdict.state).collect();
    assert_eq!(states, [State::Late, State::Healthy, State::Halted]);
}

#[test]
fn clock_that_differs_is_pointed_out() {
    for (off, expected) in [(0, None), (300, None), (301, Some(301)), (-4000, Some(-4000))] {
        let situation = Situation { sent_secs_off: off, ..Situation::of(|_| {}) };
        assert_eq!(situation.assessed().clock_ahead_secs, expected);
    }
}

#[test]
fn silent_agency_whose_batches_still_arrive_is_told_apart() {
    let mut situation = Situation { heartbeat_secs_ago: Some(900), ..Situation::of(|_| {}) };
    assert!(situation.assessed().verdict.reason.en.contains("batches still arrive"));
    situation.totals[0].received_at = Some(now() - SignedDuration::from_secs(1000));
    assert!(!situation.assessed().verdict.reason.en.contains("batches still arrive"));
}
