//! The quarantine: what goes in, what is one row, and the two ways out.

use bytes::Bytes;
use lienthong_outbox::{
    Enqueue, Error, NewQuarantined, Options, QUARANTINED_BYTES_MAX, QuarantineFilter, QuarantineId,
    QuarantineKind, Quarantined, Settlement, Totals,
};

use crate::sample::{
    DAY, NOW, Sample, commit, options, page, provenance, rejected, sealed, versions,
};

fn list(sample: &Sample) -> Vec<Quarantined> {
    sample.outbox.reader().quarantine(&QuarantineFilter::default()).unwrap()
}

fn ids(rows: &[Quarantined]) -> Vec<QuarantineId> {
    rows.iter().map(|row| row.id).collect()
}

fn raw(sample: &Sample, id: QuarantineId) -> Bytes {
    sample.outbox.reader().quarantined(id).unwrap().raw.unwrap()
}

fn totals(sample: &Sample) -> Totals {
    sample.outbox.reader().feed(sample.feed).unwrap().unwrap().totals
}

#[test]
fn a_row_keeps_everything_that_was_said() {
    let mut sample = Sample::new();
    let new = NewQuarantined {
        version: Some(4),
        source_digest: Some("b3-77".into()),
        items: 1,
        ..rejected("{\"ten\":\"Nguyễn Văn Thử\"}")
    };
    sample.quarantine(new.clone());
    sample.reopen(options());
    let row = list(&sample).remove(0);
    assert_eq!(row.raw, None, "a list has no bytes");
    assert_eq!(raw(&sample, row.id), new.raw);
    let expected = Quarantined {
        id: row.id,
        feed: sample.feed,
        kind: QuarantineKind::Rejected,
        version: Some(4),
        key: new.key,
        code: new.code,
        reasons: new.reasons,
        place: new.place,
        raw_bytes: new.raw.len() as u64,
        raw: None,
        source_digest: Some("b3-77".into()),
        provenance: provenance(),
        items: 1,
        waiting_for: new.waiting_for,
        first_at: NOW,
        last_at: NOW,
        seen: 1,
    };
    assert_eq!(row, expected);
}

#[test]
fn the_same_item_read_again_stays_one_row_and_is_brought_up_to_date() {
    let mut sample = Sample::new();
    sample.quarantine(rejected("a"));
    sample.quarantine(rejected("b"));
    sample.reopen(options());
    let newer = NewQuarantined {
        version: Some(9),
        code: "LT-3021".into(),
        place: "page 2".into(),
        waiting_for: None,
        ..rejected("a")
    };
    sample.quarantine(newer);
    let older = NewQuarantined { version: Some(5), place: "page 3".into(), ..rejected("a") };
    sample.quarantine(older);
    let rows = list(&sample);
    assert_eq!(rows.len(), 2);
    assert_eq!((rows[0].seen, rows[0].version), (3, Some(9)), "the highest version stays");
    assert_eq!((rows[0].place.as_str(), rows[0].code.as_str()), ("page 3", "LT-3020"));
    assert_eq!(rows[1].seen, 1);
    assert_eq!(totals(&sample).quarantined, 4, "every item is counted");
}

#[test]
fn other_content_feed_kind_or_endpoint_is_another_row() {
    let sample = Sample::new();
    let portal = sample.outbox.register_endpoint("portal", &[sample.feed]).wait().unwrap();
    let late = sample.outbox.feed("notes", "late").wait().unwrap().id;
    let refused =
        |endpoint| NewQuarantined { kind: QuarantineKind::Refused { endpoint }, ..rejected("a") };
    sample.quarantine(rejected("a"));
    sample.quarantine(rejected("A"));
    sample.quarantine(NewQuarantined { kind: QuarantineKind::Unreadable, ..rejected("a") });
    sample.quarantine(refused(sample.hub));
    sample.quarantine(refused(portal));
    commit(&sample.outbox, page(late, 1, &[false], vec![rejected("a")])).unwrap();
    assert_eq!(list(&sample).len(), 6);
}

#[test]
fn faults_without_bytes_are_told_apart_by_place() {
    let sample = Sample::new();
    let fault = |place: &str| NewQuarantined {
        kind: QuarantineKind::Unreadable,
        place: place.into(),
        version: None,
        ..rejected("")
    };
    sample.quarantine(fault("notes.jsonl line 1"));
    sample.quarantine(fault("notes.jsonl line 2"));
    sample.quarantine(fault("notes.jsonl line 1"));
    let seen: Vec<_> = list(&sample).iter().map(|row| row.seen).collect();
    assert_eq!(seen, [2, 1]);
}

#[test]
fn of_a_huge_item_the_beginning_is_kept() {
    let sample = Sample::new();
    let huge = "0123456789".repeat(QUARANTINED_BYTES_MAX / 10 + 1000);
    sample.quarantine(rejected(&huge));
    let row = list(&sample).remove(0);
    assert_eq!(row.raw_bytes, huge.len() as u64);
    assert_eq!(raw(&sample, row.id), huge.as_bytes()[..QUARANTINED_BYTES_MAX]);
}

#[test]
fn a_refused_record_goes_to_quarantine_with_its_settlement() {
    let mut sample = Sample::new();
    let batch = sample.store(2);
    let new = NewQuarantined {
        kind: QuarantineKind::Refused { endpoint: sample.hub },
        version: Some(2),
        ..rejected("{\"code\":2}")
    };
    let settlement = Settlement { refused: vec![new], ..sample.delivered(batch, 1) };
    drop(sample.outbox.settle(settlement));
    sample.reopen(options());
    let row = list(&sample).remove(0);
    assert_eq!(row.kind, QuarantineKind::Refused { endpoint: sample.hub });
    assert_eq!(raw(&sample, row.id), "{\"code\":2}");
    assert_eq!(totals(&sample).quarantined, 0, "it had been accepted");
}

#[test]
fn a_release_stores_the_batch_and_settles_the_row_at_once() {
    let mut sample = Sample::new();
    sample.quarantine(NewQuarantined { version: Some(1), ..rejected("a") });
    sample.quarantine(NewQuarantined { version: Some(2), ..rejected("b") });
    let later = sample.store(1);
    let rows = list(&sample);
    let release = Enqueue {
        feed: sample.feed,
        endpoint: None,
        batches: vec![sealed(1, &[true])],
        releases: vec![rows[0].id],
        quarantined: vec![NewQuarantined { code: "LT-4002".into(), ..rejected("b") }],
        rules: Vec::new(),
        at: NOW,
    };
    let released = sample.outbox.enqueue(release.clone()).wait().unwrap();
    let again = sample.outbox.enqueue(release).wait().unwrap_err();
    assert!(matches!(again, Error::Unknown { .. }), "it would go up twice");
    sample.reopen(options());
    assert_eq!(sample.waiting(), [later, released[0]], "behind what waits");
    assert_eq!(versions(&sample.outbox.load(released[0]).unwrap()), [1], "with its old version");
    assert_eq!(ids(&list(&sample)), [rows[1].id]);
    assert_eq!(list(&sample)[0].code, "LT-4002", "what failed again is up to date");
    assert!(sample.outbox.reader().quarantined(rows[0].id).is_err());
    assert_eq!(totals(&sample).released, 1);
}

#[test]
fn a_release_can_go_to_the_one_endpoint_that_had_refused() {
    let sample = Sample::new();
    let portal = sample.outbox.register_endpoint("portal", &[sample.feed]).wait().unwrap();
    sample.quarantine(rejected("a"));
    let release = Enqueue {
        feed: sample.feed,
        endpoint: Some(portal),
        batches: vec![sealed(1, &[true])],
        releases: ids(&list(&sample)),
        quarantined: Vec::new(),
        rules: Vec::new(),
        at: NOW,
    };
    sample.outbox.enqueue(release).wait().unwrap();
    assert!(sample.waiting().is_empty());
    assert_eq!(sample.outbox.waiting(portal, sample.feed, 9).unwrap().len(), 1);
}

#[test]
fn a_release_to_whom_it_does_not_concern_is_refused() {
    let sample = Sample::new();
    let late = sample.outbox.feed("notes", "late").wait().unwrap().id;
    let portal = sample.outbox.register_endpoint("portal", &[late]).wait().unwrap();
    sample.quarantine(rejected("a"));
    let release = |feed, endpoint| Enqueue {
        feed,
        endpoint,
        batches: vec![sealed(1, &[true])],
        releases: ids(&list(&sample)),
        quarantined: Vec::new(),
        rules: Vec::new(),
        at: NOW,
    };
    let wrong = sample.outbox.enqueue(release(sample.feed, Some(portal))).wait().unwrap_err();
    assert_eq!(wrong.code(), "LT-5013", "the endpoint does not get the feed");
    let wrong = sample.outbox.enqueue(release(late, None)).wait().unwrap_err();
    assert_eq!(wrong.code(), "LT-5012", "the row is another feed's");
    assert_eq!(list(&sample).len(), 1, "it still waits");
    assert_eq!(totals(&sample).released, 0);
}

#[test]
fn a_row_that_was_rolled_back_is_not_taken_for_another() {
    let sample = Sample::new();
    let stranger = Some(lienthong_outbox::EndpointId(77));
    let wrong = Enqueue {
        feed: sample.feed,
        endpoint: stranger,
        batches: vec![sealed(1, &[true])],
        releases: Vec::new(),
        quarantined: vec![rejected("a")],
        rules: Vec::new(),
        at: NOW,
    };
    assert_eq!(sample.outbox.enqueue(wrong).wait().unwrap_err().code(), "LT-5013");
    // This row gets the number that the first one would have had.
    sample.quarantine(rejected("b"));
    sample.quarantine(rejected("a"));
    let found: Vec<_> = list(&sample).iter().map(|row| raw(&sample, row.id)).collect();
    assert_eq!(found, ["b", "a"]);
}

#[test]
fn a_release_without_batches_is_refused() {
    let sample = Sample::new();
    sample.quarantine(rejected("a"));
    let release = Enqueue {
        feed: sample.feed,
        endpoint: None,
        batches: Vec::new(),
        releases: ids(&list(&sample)),
        quarantined: Vec::new(),
        rules: Vec::new(),
        at: NOW,
    };
    assert_eq!(sample.outbox.enqueue(release).wait().unwrap_err().code(), "LT-5013");
    assert_eq!(list(&sample).len(), 1);
}

#[test]
fn a_discarded_row_is_counted_and_its_content_may_come_again() {
    let sample = Sample::new();
    sample.quarantine(rejected("a"));
    let rows = list(&sample);
    let discarded = sample.outbox.discard(&ids(&rows), "thử nghiệm", NOW).wait().unwrap();
    assert_eq!(discarded, 1);
    assert_eq!(sample.outbox.discard(&ids(&rows), "again", NOW).wait().unwrap(), 0);
    assert!(list(&sample).is_empty());
    assert_eq!(totals(&sample).discarded, 1);
    sample.quarantine(rejected("a"));
    assert_ne!(ids(&list(&sample)), ids(&rows), "a row of its own");
    assert_eq!(list(&sample)[0].seen, 1);
}

#[test]
fn the_trace_of_a_discarded_row_is_forgotten_in_time() {
    let sample = Sample::with(Options { history_days: 30, ..options() });
    sample.quarantine(rejected("a"));
    sample.outbox.discard(&ids(&list(&sample)), "x", NOW).wait().unwrap();
    let path = sample.folder.path().join("outbox.sqlite");
    let traces = || {
        let connection = rusqlite::Connection::open(&path).unwrap();
        connection.query_row("SELECT count(*) FROM quarantine", [], |row| row.get::<_, u32>(0))
    };
    for (days, kept) in [(29, 1), (31, 0)] {
        let batch = sample.store(1);
        let settlement = Settlement { at: NOW + days * DAY, ..sample.delivered(batch, 1) };
        sample.outbox.settle(settlement).wait().unwrap();
        assert_eq!(traces().unwrap(), kept, "after {days} days");
    }
}

#[test]
fn rows_are_listed_by_what_a_person_asks_for() {
    let sample = Sample::new();
    for number in 0..6 {
        let code = if number % 2 == 0 { "LT-3020" } else { "LT-4002" };
        let waiting_for = (number < 4).then(|| "codes/status:9".to_owned());
        let new =
            NewQuarantined { code: code.into(), waiting_for, ..rejected(&number.to_string()) };
        sample.quarantine(new);
    }
    let all = ids(&list(&sample));
    let listed = |filter: QuarantineFilter| {
        let rows = sample.outbox.reader().quarantine(&filter).unwrap();
        rows.iter().map(|row| all.iter().position(|id| *id == row.id).unwrap()).collect::<Vec<_>>()
    };
    let filter = QuarantineFilter::default;
    assert_eq!(listed(QuarantineFilter { code: Some("LT-4002".into()), ..filter() }), [1, 3, 5]);
    let waiting_for = Some("codes/status:9".to_owned());
    assert_eq!(listed(QuarantineFilter { waiting_for, ..filter() }), [0, 1, 2, 3]);
    assert_eq!(listed(QuarantineFilter { after: Some(all[1]), limit: 2, ..filter() }), [2, 3]);
    assert_eq!(listed(QuarantineFilter { endpoint: Some(sample.hub), ..filter() }), [0; 0]);
    assert_eq!(listed(QuarantineFilter { feed: Some(sample.feed), ..filter() }).len(), 6);
    let counts = sample.outbox.reader().quarantine_counts().unwrap();
    let counts: Vec<_> =
        counts.iter().map(|c| (c.code.as_str(), c.waiting_for.is_some(), c.rows)).collect();
    let expected =
        [("LT-3020", false, 1), ("LT-3020", true, 2), ("LT-4002", false, 1), ("LT-4002", true, 2)];
    assert_eq!(counts, expected);
}

#[test]
fn a_full_quarantine_pauses_the_feed_until_a_person_has_looked() {
    let mut sample = Sample::with(Options { quarantine_bytes_max: 60, ..options() });
    sample.quarantine(rejected("một"));
    let next = || page(sample.feed, 2, &[false], vec![rejected(&"hai ".repeat(20))]);
    assert_eq!(commit(&sample.outbox, next()).unwrap_err().code(), "LT-5007");
    assert_eq!(sample.version_next(), 2, "the cursor has not moved");
    sample.store(1);
    sample.reopen(Options { quarantine_bytes_max: 60, ..options() });
    let next = || page(sample.feed, 3, &[false], vec![rejected(&"hai ".repeat(20))]);
    assert_eq!(commit(&sample.outbox, next()).unwrap_err().code(), "LT-5007");
    sample.outbox.discard(&ids(&list(&sample)), "x", NOW).wait().unwrap();
    commit(&sample.outbox, next()).unwrap();
}
