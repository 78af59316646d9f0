//! Another program that holds the database locked.

use lienthong_outbox::Outbox;
use rusqlite::Connection;

use crate::sample::{Sample, options};

fn other_program(sample: &Sample) -> Connection {
    Connection::open(sample.folder.path().join("outbox.sqlite")).unwrap()
}

#[test]
fn a_commit_fails_while_another_program_writes_and_goes_well_after() {
    let sample = Sample::new();
    let first = sample.store(1);
    let other = other_program(&sample);
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let locked = sample.try_store(2, 1).unwrap_err();
    assert_eq!(locked.code(), "LT-5002");
    assert_eq!(sample.version_next(), 2, "reading goes on, and nothing has moved");
    let settled = sample.outbox.settle(sample.delivered(first, 1));
    assert_eq!(settled.wait().unwrap_err().code(), "LT-5002");
    assert_eq!(sample.waiting(), [first], "what could not be settled waits again");
    other.execute_batch("ROLLBACK").unwrap();
    sample.try_store(2, 1).unwrap();
    sample.outbox.settle(sample.delivered(first, 1)).wait().unwrap();
}

#[test]
fn an_outbox_that_another_program_keeps_for_itself_does_not_open() {
    let sample = Sample::new();
    sample.store(1);
    let (folder, outbox) = (sample.folder, sample.outbox);
    drop(outbox);
    let other = Connection::open(folder.path().join("outbox.sqlite")).unwrap();
    other.execute_batch("PRAGMA locking_mode = EXCLUSIVE; BEGIN IMMEDIATE; COMMIT").unwrap();
    let locked = Outbox::open(folder.path(), options()).unwrap_err();
    assert_eq!(locked.code(), "LT-5002");
    assert!(locked.to_string().contains("outbox.sqlite"), "{locked}");
    drop(other);
    Outbox::open(folder.path(), options()).unwrap();
}
