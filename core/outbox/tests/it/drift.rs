//! Drift: what is remembered of it, and for how long.

use lienthong_outbox::{DRIFTS_MAX, DriftKey, DriftRow, SeenDrift};
use lienthong_protocol::DriftKind;

use crate::sample::{NOW, Sample, options};

fn key(kind: DriftKind, path: &str, what: &str) -> DriftKey {
    DriftKey { kind, path: path.to_owned(), what: what.to_owned() }
}

fn seen(key: &DriftKey, place: &str, items: u64) -> SeenDrift {
    SeenDrift { key: key.clone(), place: place.to_owned(), items }
}

fn note(sample: &Sample, drifts: Vec<SeenDrift>, at: i64) {
    sample.outbox.note_drifts(sample.feed, drifts, at).wait().unwrap();
}

fn drifts(sample: &Sample) -> Vec<DriftRow> {
    sample.outbox.reader().drifts(sample.feed).unwrap()
}

#[test]
fn the_first_time_and_place_stay_and_the_items_add_up() {
    let mut sample = Sample::new();
    let code = key(DriftKind::NewCode, "status", "`77`");
    note(&sample, vec![seen(&code, "a.json:1", 2)], NOW);
    note(&sample, vec![seen(&code, "b.json:9", 3)], NOW + 5000);
    sample.reopen(options());
    let row = DriftRow {
        key: code,
        first_at: NOW,
        last_at: NOW + 5000,
        place: "a.json:1".to_owned(),
        items: 5,
    };
    assert_eq!(drifts(&sample), std::slice::from_ref(&row), "and it survives a restart");
    let summary = sample.outbox.reader().summary(NOW).unwrap();
    assert_eq!(summary[0].drifts, [row]);
}

#[test]
fn the_newest_come_first() {
    let sample = Sample::new();
    let old = key(DriftKind::Silent, "a", "");
    let new = key(DriftKind::NewField, "b", "");
    note(&sample, vec![seen(&old, "x", 1)], NOW);
    note(&sample, vec![seen(&new, "x", 1)], NOW + 1);
    let keys: Vec<DriftKey> = drifts(&sample).into_iter().map(|row| row.key).collect();
    assert_eq!(keys, [new, old]);
}

#[test]
fn what_is_forgotten_is_gone_and_may_come_again() {
    let sample = Sample::new();
    let (one, other) = (key(DriftKind::NewField, "a", ""), key(DriftKind::NewField, "b", ""));
    note(&sample, vec![seen(&one, "x", 1), seen(&other, "x", 1)], NOW);
    sample.outbox.forget_drifts(sample.feed, vec![one.clone()]).wait().unwrap();
    assert_eq!(drifts(&sample).len(), 1);
    note(&sample, vec![seen(&one, "y", 1)], NOW + 7);
    assert_eq!(drifts(&sample)[0].first_at, NOW + 7);
}

#[test]
fn the_differences_of_a_feed_are_bounded() {
    let sample = Sample::new();
    let many = (0..DRIFTS_MAX + 50).map(|nth| key(DriftKind::NewField, &format!("f{nth}"), ""));
    note(&sample, many.map(|key| seen(&key, "x", 1)).collect(), NOW);
    assert_eq!(drifts(&sample).len(), DRIFTS_MAX);
    let first = key(DriftKind::NewField, "f0", "");
    note(&sample, vec![seen(&first, "x", 4)], NOW);
    let rows = drifts(&sample);
    let row = rows.iter().find(|row| row.key == first).unwrap();
    assert_eq!(row.items, 5, "what is known is counted on");
}
