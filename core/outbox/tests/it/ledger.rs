//! The ledger.

use lienthong_outbox::{LedgerEntry, LedgerRow, LedgerState, Options};

use crate::sample::{DAY, NOW, Sample, options};

fn entry(key: &str, state: LedgerState, at: i64) -> LedgerEntry {
    LedgerEntry { key: key.into(), content: format!("digest of {key}"), state, at }
}

#[test]
fn what_is_being_sent_is_remembered_after_a_crash() {
    let mut sample = Sample::new();
    let sending = entry("H99-1", LedgerState::Sending, NOW);
    sample.outbox.ledger_put(sample.hub, vec![sending]).wait().unwrap();
    sample.reopen(options());
    let row = sample.outbox.reader().ledger_get(sample.hub, "H99-1").unwrap();
    let content = "digest of H99-1".to_owned();
    assert_eq!(row, Some(LedgerRow { content, state: LedgerState::Sending, at: NOW }));
    let done = entry("H99-1", LedgerState::Done, NOW + 1);
    sample.outbox.ledger_put(sample.hub, vec![done]).wait().unwrap();
    let row = sample.outbox.reader().ledger_get(sample.hub, "H99-1").unwrap().unwrap();
    assert_eq!((row.state, row.at), (LedgerState::Done, NOW + 1));
    assert_eq!(sample.outbox.reader().ledger_get(sample.hub, "H99-2").unwrap(), None);
}

#[test]
fn every_endpoint_has_a_ledger_of_its_own() {
    let sample = Sample::new();
    let portal = sample.outbox.register_endpoint("portal", &[sample.feed]).wait().unwrap();
    let done = entry("H99-1", LedgerState::Done, NOW);
    sample.outbox.ledger_put(portal, vec![done]).wait().unwrap();
    assert_eq!(sample.outbox.reader().ledger_get(sample.hub, "H99-1").unwrap(), None);
}

#[test]
fn the_ledger_keeps_to_its_bounds() {
    let mut sample = Sample::with(Options { ledger_rows_max: 10, ..options() });
    let put = |sample: &Sample, numbers: std::ops::Range<i64>| {
        let entries =
            numbers.map(|n| entry(&format!("H99-{n}"), LedgerState::Done, NOW + n)).collect();
        sample.outbox.ledger_put(sample.hub, entries).wait().unwrap();
    };
    let kept = |sample: &Sample| -> Vec<i64> {
        let is_kept = |n: &i64| {
            sample.outbox.reader().ledger_get(sample.hub, &format!("H99-{n}")).unwrap().is_some()
        };
        (0..40).filter(is_kept).collect()
    };
    put(&sample, 0..8);
    put(&sample, 8..20);
    assert_eq!(kept(&sample), (10..20).collect::<Vec<_>>(), "the oldest went");
    sample.reopen(Options { ledger_rows_max: 10, ..options() });
    put(&sample, 20..25);
    assert_eq!(kept(&sample), (15..25).collect::<Vec<_>>(), "the count survives a restart");
}

#[test]
fn old_ledger_rows_are_forgotten() {
    let sample = Sample::with(Options { ledger_days: 30, ..options() });
    let old = entry("H99-1", LedgerState::Done, NOW);
    let new = entry("H99-2", LedgerState::Done, NOW + 31 * DAY);
    sample.outbox.ledger_put(sample.hub, vec![old]).wait().unwrap();
    sample.outbox.ledger_put(sample.hub, vec![new]).wait().unwrap();
    let get = |key: &str| sample.outbox.reader().ledger_get(sample.hub, key).unwrap();
    assert_eq!(get("H99-1"), None);
    assert!(get("H99-2").is_some());
}
