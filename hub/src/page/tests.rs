//! Tests of the page: the whole of it as a snapshot, and how numbers and moments are written.

use jiff::{SignedDuration, Timestamp};
use lienthong_protocol::{Drift, DriftKind, FeedHealth, FeedState, Heartbeat, RuleCount};
use lienthong_standard::{Files, Standard};

use super::{local_time, number, policy, render};
use crate::assess::{Evidence, assess};
use crate::health::Health;
use crate::settings::Thresholds;
use crate::store::{FeedName, FeedTotals, RuleTotals, StoredHeartbeat};

/// One record type with one rule.
fn standard() -> Standard {
    let record = "record_type = \"dossier\"\ntitle.vi = \"Hồ sơ\"\nkey = [\"a\"]\nhistory = \"latest\"\n\
                  fields.a = { title.vi = \"a\", type = \"text\", required = true }\n\
                  [[rules]]\ncode = \"no-red\"\nholds = \"a != 'red'\"\nseverity = \"warn\"\n\
                  message.vi = \"Không được đỏ & <đen>\"\nmessage.en = \"it is not red\"\n";
    let files = Files::new([("records/dossier.toml".to_owned(), record.into())]);
    Standard::compile("v1", &files).unwrap()
}

fn health() -> Health {
    let now: Timestamp = "2025-06-20T01:35:00Z".parse().unwrap();
    let agency = |code: &str, name: &str| (code.to_owned(), name.to_owned());
    let agencies =
        [agency("000.00.00.H22", "Tỉnh A"), agency("000.00.00.H48", "Bộ <i>B</i> & Cục 'C'")];
    let feed = |feed: &str, state, last_error: Option<&str>| FeedHealth {
        source: "igate".to_owned(),
        feed: feed.to_owned(),
        state,
        pulled: 1_234_567,
        accepted: 1_234_560,
        quarantined: 7,
        in_quarantine: 7,
        waiting: 0,
        delivered: 1_234_560,
        last_success_at: None,
        lag_secs: 0,
        last_error: last_error.map(str::to_owned),
        drifts: vec![Drift {
            kind: DriftKind::NewCode,
            path: "status<b>".to_owned(),
            what: "`77`".to_owned(),
            first_seen_at: "2025-06-19T18:35:00Z".to_owned(),
            example: "a.json:7".to_owned(),
            items: 1200,
        }],
        rules: vec![RuleCount { rule: "of-tomorrow".to_owned(), warned: 1, refused: 2 }],
    };
    let totals = FeedTotals {
        name: FeedName {
            agency: "000.00.00.H22".to_owned(),
            source: "igate".to_owned(),
            feed: "dossiers".to_owned(),
        },
        record_type: "dossier".to_owned(),
        records: 1_200_000,
        batches: 2470,
        accepted: 1_234_560,
        unchanged: 0,
        refused: 0,
        repeated: 0,
        received_at: Some(now - SignedDuration::from_secs(90)),
    };
    let progress = FeedTotals {
        name: FeedName { feed: "progress".to_owned(), ..totals.name.clone() },
        ..totals.clone()
    };
    let dossiers = totals.name.clone();
    let heartbeat = StoredHeartbeat {
        heartbeat: Heartbeat {
            agency: "000.00.00.H22".to_owned(),
            connector: "0.1.0".to_owned(),
            sent_at: "2025-06-20T01:05:00Z".to_owned(),
            interval_secs: 60,
            feeds: vec![
                feed("dossiers", FeedState::Healthy, None),
                feed("progress", FeedState::Retrying, Some("LT-2003: <timeout> & more")),
            ],
        },
        received_at: now - SignedDuration::from_secs(20),
        totals: vec![totals.clone(), progress.clone()],
    };
    let rules = [RuleTotals {
        feed: dossiers,
        rule: "no-red".to_owned(),
        warned: 12_345,
        refused: 0,
        last_at: Some(now),
        examples: vec!["H22-250620-0001".to_owned(), "<b>".to_owned(), "not shown".to_owned()],
    }];
    let agencies = assess(&Evidence {
        agencies: &agencies,
        heartbeats: &[heartbeat],
        totals: &[totals, progress],
        rules: &rules,
        standard: &standard(),
        thresholds: Thresholds::default(),
        now,
    });
    Health { assessed_at: now, agencies }
}

#[test]
fn page_is_as_it_was_approved() {
    let page = render(&health()).unwrap();
    let (before, rest) = page.split_once("<style>").unwrap();
    let (style, after) = rest.split_once("</style>").unwrap();
    assert_eq!(style, super::STYLE, "the hash in the policy is that of these bytes");
    insta::assert_snapshot!(format!("{before}<style></style>{after}"));
}

#[test]
fn page_escapes_names_and_errors() {
    let page = render(&health()).unwrap();
    for raw in ["<i>B", "<timeout>", "status<b>"] {
        assert!(!page.contains(raw), "{raw}");
    }
    for escaped in ["&#60;i&#62;B&#60;/i&#62; &#38; Cục &#39;C&#39;", "&#60;timeout&#62;"] {
        assert!(page.contains(escaped), "{escaped}");
    }
}

#[test]
fn policy_allows_nothing_from_elsewhere() {
    let policy = policy();
    assert!(policy.starts_with("default-src 'none';"));
    assert!(!policy.contains("unsafe") && !policy.contains("http"));
}

#[test]
fn numbers_are_grouped_as_vietnamese_writes_them() {
    let cases = [(0, "0"), (999, "999"), (1000, "1.000"), (1_234_567, "1.234.567")];
    for (count, text) in cases {
        assert_eq!(number(count), text);
    }
}

#[test]
fn moments_are_shown_in_vietnamese_time() {
    let at: Timestamp = "2025-06-19T18:35:00Z".parse().unwrap();
    assert_eq!(local_time(at), "01:35:00 20/06/2025");
}
