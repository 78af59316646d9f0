//! The reading side, beside a connector that works.

use lienthong_outbox::{Outbox, Settlement};
use rusqlite::Connection;

use crate::sample::{NOW, Sample, options, rejected};

#[test]
fn a_second_connector_is_kept_out_and_a_reader_is_not() {
    let sample = Sample::new();
    sample.store(1);
    let second = Outbox::open(sample.folder.path(), options()).unwrap_err();
    assert_eq!(second.code(), "LT-5001");
    assert!(second.to_string().contains(&sample.folder.path().display().to_string()));
    let reader = Outbox::open_reader(sample.folder.path()).unwrap();
    assert_eq!(reader.waiting(sample.hub, sample.feed, 9).unwrap().len(), 1);
    sample.store(1);
    assert_eq!(reader.waiting(sample.hub, sample.feed, 9).unwrap().len(), 2, "it sees what is new");
    sample.outbox.close().wait().unwrap();
    assert_eq!(reader.feeds().unwrap().len(), 1, "also when the connector has stopped");
    Outbox::open(sample.folder.path(), options()).unwrap();
}

#[test]
fn the_last_clone_gives_the_folder_free() {
    let sample = Sample::new();
    let clone = sample.outbox.clone();
    let folder = sample.folder;
    drop(sample.outbox);
    assert_eq!(Outbox::open(folder.path(), options()).unwrap_err().code(), "LT-5001");
    drop(clone);
    Outbox::open(folder.path(), options()).unwrap();
}

#[test]
fn a_reader_without_an_outbox_says_so() {
    let folder = tempfile::TempDir::new().unwrap();
    let absent = Outbox::open_reader(folder.path()).unwrap_err();
    assert_eq!(absent.code(), "LT-5010");
    assert!(!folder.path().join("outbox.sqlite").exists(), "and creates nothing");
}

#[test]
fn an_altered_body_is_not_sent() {
    let sample = Sample::new();
    let batch = sample.store(3);
    let connection = Connection::open(sample.folder.path().join("outbox.sqlite")).unwrap();
    let change = "UPDATE batch SET body = CAST(substr(body, 1, length(body) - 1) || x'00' AS BLOB)";
    assert_eq!(connection.execute(change, []).unwrap(), 1);
    let altered = sample.outbox.load(batch).unwrap_err();
    assert_eq!(altered.code(), "LT-5005");
}

#[test]
fn a_damaged_file_is_named() {
    let sample = Sample::new();
    sample.store(3);
    sample.outbox.close().wait().unwrap();
    let path = sample.folder.path().join("outbox.sqlite");
    let whole = std::fs::read(&path).unwrap();
    std::fs::write(&path, [&[7; 100], &whole[100..]].concat()).unwrap();
    let damaged = Outbox::open(sample.folder.path(), options()).unwrap_err();
    assert_eq!(damaged.code(), "LT-5004");
    assert!(damaged.to_string().contains("outbox.sqlite"), "{damaged}");
    assert_eq!(Outbox::open_reader(sample.folder.path()).unwrap_err().code(), "LT-5004");
    // A page in the middle instead of the head: the file opens, and what needs the page fails.
    let torn = [&whole[..8192], &vec![7; whole.len() - 8192]].concat();
    std::fs::write(&path, torn).unwrap();
    assert_eq!(Outbox::open(sample.folder.path(), options()).unwrap_err().code(), "LT-5004");
}

#[test]
fn a_summary_says_how_every_feed_stands() {
    let sample = Sample::new();
    let late = sample.outbox.feed("notes", "late").wait().unwrap().id;
    let portal = sample.outbox.register_endpoint("portal", &[sample.feed, late]).wait().unwrap();
    let (first, _) = (sample.store(3), sample.store(2));
    sample.quarantine(rejected("x"));
    let settlement = Settlement { at: NOW + 3, ..sample.delivered(first, 3) };
    sample.outbox.settle(settlement).wait().unwrap();
    sample.outbox.postpone(portal, first, 4, NOW + 9, "LT-6001: 503").wait().unwrap();
    let summary = sample.outbox.reader().summary(NOW + 1000).unwrap();
    assert_eq!((summary[0].feed.feed.as_str(), summary[0].in_quarantine), ("all", 1));
    let hub = &summary[0].routes[0];
    assert_eq!((hub.name.as_str(), hub.delivered), ("hub", 3));
    assert_eq!((hub.waiting_batches, hub.waiting_records), (1, 2));
    assert_eq!((hub.oldest_waiting_millis, hub.last_settled_at), (1000, Some(NOW + 3)));
    let at_portal = &summary[0].routes[1];
    assert_eq!((at_portal.waiting_batches, at_portal.waiting_records), (2, 5));
    assert_eq!((at_portal.attempt, at_portal.last_error.as_deref()), (4, Some("LT-6001: 503")));
    let idle = &summary[1].routes[0];
    assert_eq!(
        (idle.name.as_str(), idle.waiting_batches, idle.oldest_waiting_millis),
        ("portal", 0, 0)
    );
    insta::assert_json_snapshot!(summary[1]);
}
