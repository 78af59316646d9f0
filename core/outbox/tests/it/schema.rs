//! The form on disk.

use lienthong_outbox::{Error, Outbox};
use rusqlite::Connection;

use crate::sample::{NOW, Sample, options};

/// A change here is a new form: a file of its own in `src/forms/`, never a change of an old one.
#[test]
fn form_3_has_these_tables() {
    let sample = Sample::new();
    let connection = Connection::open(sample.folder.path().join("outbox.sqlite")).unwrap();
    let mut rows = connection.prepare("SELECT sql FROM sqlite_schema WHERE sql NOT NULL").unwrap();
    let tables: Vec<String> =
        rows.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap();
    insta::assert_snapshot!(tables.join(";\n\n"));
}

#[test]
fn the_file_says_what_it_is() {
    let sample = Sample::new();
    let connection = Connection::open(sample.folder.path().join("outbox.sqlite")).unwrap();
    let pragma = |name: &str| -> String {
        let value = connection
            .pragma_query_value(None, name, |row| row.get::<_, rusqlite::types::Value>(0));
        format!("{:?}", value.unwrap())
    };
    assert_eq!(pragma("user_version"), "Integer(3)");
    assert_eq!(pragma("application_id"), format!("Integer({})", 0x4C54_4F42));
    assert_eq!(pragma("journal_mode"), "Text(\"wal\")");
    assert_eq!(pragma("page_size"), "Integer(8192)");
}

#[test]
fn a_newer_form_is_left_alone() {
    let sample = Sample::new();
    sample.outbox.close().wait().unwrap();
    let path = sample.folder.path().join("outbox.sqlite");
    Connection::open(&path).unwrap().pragma_update(None, "user_version", 99).unwrap();
    let opened = Outbox::open(sample.folder.path(), options()).unwrap_err();
    assert!(matches!(opened, Error::Form { found: 99, known: 3, .. }), "{opened:?}");
    assert_eq!(opened.code(), "LT-5008");
    let read = Outbox::open_reader(sample.folder.path()).unwrap_err();
    assert_eq!(read.code(), "LT-5008");
}

#[test]
fn a_file_of_form_1_is_read_as_it_is_and_brought_up_to_date() {
    let folder = tempfile::TempDir::new().unwrap();
    let connection = Connection::open(folder.path().join("outbox.sqlite")).unwrap();
    connection.execute_batch(include_str!("../../src/forms/0001.sql")).unwrap();
    connection.pragma_update(None, "journal_mode", "wal").unwrap();
    connection.pragma_update(None, "user_version", 1).unwrap();
    let add = "INSERT INTO feed (source, name, pulled) VALUES ('igate', 'dossiers', 7)";
    connection.execute(add, []).unwrap();
    drop(connection);

    // As `status` of a new program reads what an older connector writes.
    let summary = Outbox::open_reader(folder.path()).unwrap().summary(NOW).unwrap();
    assert_eq!((summary[0].feed.totals.pulled, summary[0].rules.len()), (7, 0));
    assert_eq!(summary[0].drifts, []);
    let outbox = Outbox::open(folder.path(), options()).unwrap();
    let summary = outbox.reader().summary(NOW).unwrap();
    assert_eq!((summary[0].feed.totals.pulled, summary[0].rules.len()), (7, 0));
}

#[cfg(unix)]
#[test]
fn only_its_own_account_may_enter_the_folder() {
    use std::os::unix::fs::PermissionsExt as _;

    let parent = tempfile::TempDir::new().unwrap();
    let folder = parent.path().join("state/outbox");
    let outbox = Outbox::open(&folder, options()).unwrap();
    let mode = |path: &std::path::Path| path.metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&folder), 0o700);
    assert_eq!(mode(&folder.join("outbox.sqlite")), 0o600);
    assert_eq!(mode(&folder.join("outbox.sqlite-wal")), 0o600);
    drop(outbox);
}
