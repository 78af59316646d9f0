//! Replays: new versions at the end of a feed, and the rows of the quarantine they stand for.

use lienthong_outbox::{
    Enqueue, Error, NewQuarantined, QuarantineFilter, QuarantineId, QuarantineTrace, Replay,
};
use lienthong_protocol::Provenance;

use crate::sample::{NOW, Sample, provenance, rejected, sealed, versions};

fn waiting_rows(sample: &Sample) -> Vec<QuarantineId> {
    let rows = sample.outbox.reader().quarantine(&QuarantineFilter::default()).unwrap();
    rows.iter().map(|row| row.id).collect()
}

fn traces(sample: &Sample) -> Vec<QuarantineTrace> {
    sample.outbox.reader().quarantine_traces(sample.feed, 0).unwrap()
}

/// Three items sent, the fourth refused.
fn sample() -> Sample {
    let sample = Sample::new();
    sample.store(3);
    sample.quarantine(NewQuarantined { version: Some(4), ..rejected("a") });
    sample
}

fn replay(sample: &Sample) -> Replay {
    Replay {
        feed: sample.feed,
        version_first: 5,
        version_next: 8,
        batches: vec![sealed(5, &[true, true])],
        releases: waiting_rows(sample),
        quarantined: vec![NewQuarantined { version: Some(7), ..rejected("b") }],
        at: NOW,
    }
}

#[test]
fn a_replay_takes_new_versions_and_leaves_the_cursor() {
    let sample = sample();
    let row = || sample.outbox.reader().feed(sample.feed).unwrap().unwrap();
    let before = row();
    let ids = sample.outbox.replay(replay(&sample)).wait().unwrap();
    assert_eq!(sample.waiting().last(), ids.last());
    assert_eq!(versions(&sample.outbox.load(ids[0]).unwrap()), [5, 6]);
    let after = row();
    assert_eq!((after.version_next, &after.cursor), (8, &before.cursor));
    assert_eq!(after.totals.released, before.totals.released + 1);
    assert_eq!(after.totals.pulled, before.totals.pulled, "nothing of the source was read");
    let shown: Vec<_> =
        traces(&sample).into_iter().map(|trace| (trace.version, trace.outcome)).collect();
    assert_eq!(shown, [(4, Some("released".to_owned())), (7, None)]);
}

#[test]
fn a_replay_over_a_feed_that_has_moved_on_changes_nothing() {
    let sample = sample();
    let late = replay(&sample);
    sample.store(1);
    let (rows, waiting) = (traces(&sample), sample.waiting());
    let error = sample.outbox.replay(late).wait().unwrap_err();
    assert!(matches!(error, Error::Misuse(_)), "{error}");
    assert_eq!((traces(&sample), sample.waiting()), (rows, waiting));
    assert_eq!(sample.version_next(), 6);
}

#[test]
fn versions_that_a_replay_does_not_take_are_refused() {
    let sample = sample();
    let whole = replay(&sample);
    let late = NewQuarantined { version: Some(8), ..rejected("b") };
    let wrong = [
        Replay { version_next: 6, ..whole.clone() },
        Replay { batches: vec![sealed(4, &[true])], ..whole.clone() },
        Replay { batches: vec![sealed(6, &[true]), sealed(5, &[true])], ..whole.clone() },
        Replay { quarantined: vec![late], ..whole },
    ];
    for replay in wrong {
        let error = sample.outbox.replay(replay).wait().unwrap_err();
        assert!(matches!(error, Error::Misuse(_)), "{error}");
    }
    assert_eq!(sample.version_next(), 5);
}

#[test]
fn a_row_that_waits_no_longer_stops_the_whole_replay() {
    let sample = sample();
    let replay = replay(&sample);
    sample.outbox.discard(&replay.releases, "not wanted", NOW).wait().unwrap();
    let error = sample.outbox.replay(replay).wait().unwrap_err();
    assert!(matches!(error, Error::Unknown { .. }), "{error}");
    assert_eq!(sample.version_next(), 5);
    assert_eq!(traces(&sample)[0].outcome.as_deref(), Some("discarded: not wanted"));
}

#[test]
fn a_released_row_remembers_how_it_was_mapped_then() {
    let sample = sample();
    let mut batch = sealed(4, &[true]);
    let digest = "33".repeat(32);
    batch.header.provenance = Provenance { mapping_digest: digest.clone(), ..provenance() };
    let enqueue = Enqueue {
        feed: sample.feed,
        endpoint: None,
        batches: vec![batch],
        releases: waiting_rows(&sample),
        quarantined: Vec::new(),
        rules: Vec::new(),
        at: NOW,
    };
    assert_eq!(traces(&sample)[0].provenance, provenance());
    sample.outbox.enqueue(enqueue).wait().unwrap();
    let trace = traces(&sample).remove(0);
    assert_eq!((trace.version, trace.outcome.as_deref()), (4, Some("released")));
    assert_eq!(trace.provenance.mapping_digest, digest);
}
