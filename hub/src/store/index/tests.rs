//! Tests of the record index against a store in memory.

use lienthong_standard::StateCode;
use rusqlite::Connection;

use super::super::blob::Writer;
use super::{Index, Row, subjects_of};

const TABLES: &str = "
CREATE TABLE feeds (id INTEGER PRIMARY KEY);
CREATE TABLE batches (id INTEGER PRIMARY KEY, feed_id INTEGER);
CREATE TABLE pending (batch_id INTEGER PRIMARY KEY, rows BLOB, subjects BLOB);
CREATE TABLE records (feed_id, key TEXT, revision, version, batch_id, place, content,
    state, PRIMARY KEY (feed_id, key)) WITHOUT ROWID;
INSERT INTO feeds VALUES (1), (2);
INSERT INTO batches VALUES (7, 1), (8, 2);
";

fn row(version: i64, batch_id: i64) -> Row {
    let state = StateCode::of("10").unwrap();
    Row { revision: -1, version, batch_id, place: 4, content: i64::MIN, state }
}

#[test]
fn pending_rows_are_found_before_and_after_they_are_settled_and_loaded() {
    let mut connection = Connection::open_in_memory().unwrap();
    connection.execute_batch(TABLES).unwrap();
    let mut index = Index::load(&connection).unwrap();
    let transaction = connection.transaction().unwrap();
    let (mut blob, mut subjects) = (Writer::default(), Writer::default());
    for (key, version) in [("b", 1), ("đ", 2), ("a", 3), ("b", 4)] {
        index.put(1, key, row(version, 7), &mut blob);
    }
    index.put(subjects_of(1), "a", row(9, 7), &mut subjects);
    let blobs = [blob.bytes(), subjects.bytes()];
    transaction.execute("INSERT INTO pending VALUES (7, ?1, ?2)", blobs).unwrap();
    let expected = [
        (1, "a", Some(row(3, 7))),
        (1, "b", Some(row(4, 7))),
        (1, "c", None),
        (2, "a", None),
        (subjects_of(1), "a", Some(row(9, 7))),
        (subjects_of(1), "b", None),
    ];
    let check = |index: &Index| {
        let mut find = Index::find(&transaction).unwrap();
        for (feed, key, expected) in expected {
            assert_eq!(index.get(&mut find, feed, key).unwrap(), expected, "{feed} {key}");
        }
        assert_eq!(index.get(&mut find, 1, "đ").unwrap(), Some(row(2, 7)));
        assert_eq!(index.get(&mut find, 1, "đđ").unwrap(), None);
    };
    check(&index);
    check(&Index::load(&transaction).unwrap());
    index.settle(&transaction).unwrap();
    check(&index);
    check(&Index::load(&transaction).unwrap());
    let left: i64 =
        transaction.query_row("SELECT count(*) FROM pending", [], |row| row.get(0)).unwrap();
    assert_eq!(left, 0);
}
