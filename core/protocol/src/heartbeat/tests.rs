//! Tests of the heartbeat's form.

use super::{Drift, DriftKind, FeedHealth, FeedState, Heartbeat, RuleCount};

#[test]
fn heartbeat_has_its_form() {
    let heartbeat = Heartbeat {
        agency: "000.00.00.H99".into(),
        connector: "0.1.0".into(),
        sent_at: "2026-11-21T08:00:00+07:00".into(),
        interval_secs: 60,
        feeds: vec![FeedHealth {
            source: "notes".into(),
            feed: "all".into(),
            state: FeedState::Retrying,
            pulled: 10,
            accepted: 9,
            quarantined: 1,
            in_quarantine: 1,
            waiting: 4,
            delivered: 5,
            last_success_at: None,
            lag_secs: 30,
            last_error: Some("LT-2001: the system could not be reached".into()),
            drifts: vec![Drift {
                kind: DriftKind::NewCode,
                path: "status.id".into(),
                what: "`7`".into(),
                first_seen_at: "2026-11-21T07:59:00+07:00".into(),
                example: "page 3, item 14".into(),
                items: 2,
            }],
            rules: vec![RuleCount { rule: "fax-is-phone".into(), warned: 3, refused: 0 }],
        }],
    };
    insta::assert_json_snapshot!(heartbeat);
    let text = serde_json::to_string(&heartbeat).unwrap();
    assert_eq!(serde_json::from_str::<Heartbeat>(&text).unwrap(), heartbeat);
}

#[test]
fn states_are_ordered_by_gravity() {
    let states = [FeedState::Healthy, FeedState::New, FeedState::Retrying, FeedState::Halted];
    assert!(states.is_sorted());
}
