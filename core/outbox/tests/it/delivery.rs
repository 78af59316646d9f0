//! Waiting, settling, postponing, cutting up: what becomes of a batch.

use lienthong_outbox::{Error, Options, Settlement};
use lienthong_protocol::{SealedBatch, open};

use crate::sample::{NOW, Sample, block_on, commit, options, page, rejected, sealed, versions};

fn halves(batch: &SealedBatch) -> Vec<SealedBatch> {
    let (lower, upper) = SealedBatch::halves(&open(&batch.body).unwrap()).unwrap().unwrap();
    vec![lower, upper]
}

#[test]
fn a_batch_comes_back_as_it_was_stored() {
    let sample = Sample::new();
    let batch = sealed(1, &[true, false, true]);
    let stored =
        commit(&sample.outbox, page(sample.feed, 1, &[true, false, true], vec![rejected("x")]));
    let loaded = sample.outbox.load(stored.unwrap()[0]).unwrap();
    assert_eq!((loaded.body, loaded.digest), (batch.body, batch.digest));
    assert_eq!(loaded.header, batch.header);
}

#[test]
fn batches_wait_in_the_order_in_which_they_were_stored() {
    let sample = Sample::new();
    let stored: Vec<_> = (0..5).map(|_| sample.store(2)).collect();
    assert_eq!(sample.waiting(), stored);
    let first = sample.outbox.waiting(sample.hub, sample.feed, 2).unwrap();
    assert_eq!(first.iter().map(|row| row.batch).collect::<Vec<_>>(), stored[..2]);
    assert_eq!((first[0].count, first[0].attempt, first[0].stored_at), (2, 0, NOW));
}

#[test]
fn a_settled_batch_is_gone() {
    let mut sample = Sample::new();
    let batch = sample.store(3);
    sample.outbox.settle(sample.delivered(batch, 3)).wait().unwrap();
    assert!(sample.waiting().is_empty());
    assert!(matches!(sample.outbox.load(batch), Err(Error::Unknown { .. })));
    sample.reopen(options());
    assert!(sample.waiting().is_empty());
    assert_ne!(sample.store(1), batch, "a number is never used twice");
}

#[test]
fn a_batch_stops_waiting_before_its_settlement_is_written() {
    let sample =
        Sample::with(Options { settle_wait: std::time::Duration::from_hours(1), ..options() });
    let (first, second) = (sample.store(1), sample.store(1));
    let settled = sample.outbox.settle(sample.delivered(first, 1));
    assert_eq!(sample.waiting(), [second]);
    assert_eq!(sample.outbox.reader().waiting(sample.hub, sample.feed, 9).unwrap().len(), 2);
    sample.outbox.flush().wait().unwrap();
    settled.wait().unwrap();
    assert_eq!(sample.outbox.reader().waiting(sample.hub, sample.feed, 9).unwrap().len(), 1);
}

#[test]
fn settlements_are_written_after_a_short_silence() {
    let sample = Sample::new();
    let batch = sample.store(1);
    // Nothing else is asked of the outbox: this returns only if the silence is enough.
    sample.outbox.settle(sample.delivered(batch, 1)).wait().unwrap();
}

#[test]
fn a_settlement_that_nobody_awaits_is_written() {
    let mut sample = Sample::new();
    let batch = sample.store(1);
    drop(sample.outbox.settle(sample.delivered(batch, 1)));
    sample.reopen(options());
    assert!(sample.waiting().is_empty());
}

#[test]
fn settling_twice_counts_once() {
    let sample = Sample::new();
    let batch = sample.store(2);
    for _ in 0..2 {
        sample.outbox.settle(sample.delivered(batch, 2)).wait().unwrap();
    }
    let summary = sample.outbox.reader().summary(NOW).unwrap();
    assert_eq!(summary[0].routes[0].delivered, 2);
}

#[test]
fn a_settlement_has_to_speak_of_every_record() {
    let sample = Sample::new();
    let batch = sample.store(3);
    for settlement in [sample.delivered(batch, 2), sample.delivered(batch, 4)] {
        let refused = sample.outbox.settle(settlement).wait().unwrap_err();
        assert_eq!(refused.code(), "LT-5013");
    }
    assert_eq!(sample.waiting(), [batch], "it waits again");
    let mixed = Settlement {
        unchanged: 1,
        superseded: 1,
        refused: vec![rejected("{}")],
        ..sample.delivered(batch, 0)
    };
    sample.outbox.settle(mixed).wait().unwrap();
    let route = sample.outbox.reader().summary(NOW).unwrap()[0].routes[0].clone();
    assert_eq!((route.delivered, route.unchanged, route.superseded, route.refused), (0, 1, 1, 1));
}

#[test]
fn a_batch_stays_until_every_endpoint_has_settled_it() {
    let sample = Sample::new();
    let portal = sample.outbox.register_endpoint("portal", &[sample.feed]).wait().unwrap();
    let batch = sample.store(1);
    sample.outbox.settle(sample.delivered(batch, 1)).wait().unwrap();
    assert!(sample.waiting().is_empty());
    assert!(sample.outbox.load(batch).is_ok());
    let settlement = Settlement { endpoint: portal, ..sample.delivered(batch, 1) };
    sample.outbox.settle(settlement).wait().unwrap();
    assert!(sample.outbox.load(batch).is_err());
}

#[test]
fn a_postponed_batch_keeps_its_place_and_its_delay() {
    let mut sample = Sample::new();
    let (first, second) = (sample.store(1), sample.store(1));
    sample.outbox.postpone(sample.hub, first, 2, NOW + 70, "503").wait().unwrap();
    sample.reopen(options());
    let rows = sample.outbox.waiting(sample.hub, sample.feed, 9).unwrap();
    assert_eq!((rows[0].batch, rows[0].attempt, rows[0].due_at), (first, 2, Some(NOW + 70)));
    assert_eq!(rows[0].error.as_deref(), Some("503"));
    assert_eq!((rows[1].batch, rows[1].due_at), (second, None));
}

#[test]
fn parts_stand_in_the_place_of_the_whole() {
    let mut sample = Sample::new();
    let portal = sample.outbox.register_endpoint("portal", &[sample.feed]).wait().unwrap();
    let (first, second) = (sample.store(4), sample.store(4));
    let parts = halves(&sample.outbox.load(first).unwrap());
    let parts = sample.outbox.replace(sample.hub, first, parts).wait().unwrap();
    let smaller = halves(&sample.outbox.load(parts[1]).unwrap());
    let smaller = sample.outbox.replace(sample.hub, parts[1], smaller).wait().unwrap();
    sample.reopen(options());
    assert_eq!(sample.waiting(), [parts[0], smaller[0], smaller[1], second]);
    let order: Vec<_> = sample
        .waiting()
        .iter()
        .flat_map(|id| versions(&sample.outbox.load(*id).unwrap()))
        .collect();
    assert_eq!(order, (1..=8).collect::<Vec<_>>());
    let whole = sample.outbox.waiting(portal, sample.feed, 9).unwrap();
    assert_eq!(whole.iter().map(|row| row.batch).collect::<Vec<_>>(), [first, second]);
}

#[test]
fn parts_must_hold_every_record_of_the_whole() {
    let sample = Sample::new();
    let batch = sample.store(4);
    let mut parts = halves(&sample.outbox.load(batch).unwrap());
    parts.pop();
    let refused = sample.outbox.replace(sample.hub, batch, parts).wait().unwrap_err();
    assert_eq!(refused.code(), "LT-5013");
    let none = sample.outbox.replace(sample.hub, batch, Vec::new()).wait().unwrap_err();
    assert_eq!(none.code(), "LT-5013");
    assert_eq!(sample.waiting(), [batch]);
}

#[test]
fn what_does_not_wait_can_be_neither_postponed_nor_replaced() {
    let sample = Sample::new();
    let batch = sample.store(2);
    let parts = halves(&sample.outbox.load(batch).unwrap());
    sample.outbox.settle(sample.delivered(batch, 2)).wait().unwrap();
    let postponed = sample.outbox.postpone(sample.hub, batch, 1, NOW, "x").wait().unwrap_err();
    assert_eq!(postponed.code(), "LT-5012");
    let replaced = sample.outbox.replace(sample.hub, batch, parts).wait().unwrap_err();
    assert_eq!(replaced.code(), "LT-5012");
}

#[test]
fn a_new_endpoint_starts_with_what_is_stored_from_then_on() {
    let sample = Sample::new();
    sample.store(1);
    let portal = sample.outbox.register_endpoint("portal", &[sample.feed]).wait().unwrap();
    let second = sample.store(1);
    let rows = sample.outbox.waiting(portal, sample.feed, 9).unwrap();
    assert_eq!(rows.iter().map(|row| row.batch).collect::<Vec<_>>(), [second]);
}

#[test]
fn an_endpoint_no_longer_in_the_settings_keeps_what_waits() {
    let mut sample = Sample::new();
    let portal = sample.outbox.register_endpoint("portal", &[sample.feed]).wait().unwrap();
    let first = sample.store(1);
    sample.reopen(options());
    sample.store(1);
    let rows = sample.outbox.waiting(portal, sample.feed, 9).unwrap();
    assert_eq!(rows.iter().map(|row| row.batch).collect::<Vec<_>>(), [first]);
    let routes = sample.outbox.reader().summary(NOW).unwrap()[0].routes.clone();
    assert_eq!(routes.iter().map(|route| route.is_active).collect::<Vec<_>>(), [true, false]);
    assert_eq!(sample.outbox.register_endpoint("portal", &[sample.feed]).wait().unwrap(), portal);
}

#[test]
fn a_dropped_endpoint_lets_its_batches_go() {
    let sample = Sample::new();
    let portal = sample.outbox.register_endpoint("portal", &[sample.feed]).wait().unwrap();
    let stored: Vec<_> = (0..300).map(|_| sample.store(1)).collect();
    for batch in &stored[..299] {
        drop(sample.outbox.settle(sample.delivered(*batch, 1)));
    }
    block_on(sample.outbox.drop_endpoint(portal, NOW)).unwrap();
    assert!(sample.outbox.load(stored[0]).is_err(), "settled at the one, dropped at the other");
    assert!(sample.outbox.load(stored[299]).is_ok(), "the hub still waits for it");
    let summary = sample.outbox.reader().summary(NOW).unwrap();
    assert_eq!(summary[0].routes.len(), 1);
}

#[test]
fn too_much_waiting_pauses_the_feed_until_some_is_delivered() {
    let bytes = sealed(1, &[true]).body.len() as u64;
    let mut sample = Sample::with(Options { waiting_bytes_max: bytes * 5 / 2, ..options() });
    let first = sample.store(1);
    sample.store(1);
    let full = sample.try_store(3, 1).unwrap_err();
    assert_eq!(full.code(), "LT-5006");
    assert_eq!(sample.version_next(), 3, "the cursor has not moved");
    sample.reopen(Options { waiting_bytes_max: bytes * 5 / 2, ..options() });
    assert_eq!(sample.try_store(3, 1).unwrap_err().code(), "LT-5006", "also after a restart");
    sample.outbox.settle(sample.delivered(first, 1)).wait().unwrap();
    sample.try_store(3, 1).unwrap();
}

#[test]
fn a_closed_outbox_says_so() {
    let sample = Sample::new();
    sample.store(1);
    sample.outbox.close().wait().unwrap();
    assert_eq!(sample.try_store(2, 1).unwrap_err().code(), "LT-5014");
    assert_eq!(sample.outbox.flush().wait().unwrap_err().code(), "LT-5014");
    assert_eq!(sample.waiting().len(), 1, "reading goes on");
    let log = sample.folder.path().join("outbox.sqlite-wal");
    assert_eq!(log.metadata().map_or(0, |log| log.len()), 0, "the log was copied into the file");
}
