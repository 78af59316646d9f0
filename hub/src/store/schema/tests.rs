//! A store of the first form is taken over as it is.

use lienthong_standard::StateCode;
use rusqlite::Connection;

use super::super::index::{Index, Row};
use super::{APPLICATION, FORM, TABLES, open_writer};

#[test]
fn a_store_of_the_first_form_keeps_its_rows_and_those_that_wait() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("hub.sqlite");
    let connection = Connection::open(&path).unwrap();
    connection.execute_batch(TABLES).unwrap();
    let rows = "
        INSERT INTO feeds (id, agency, source, feed, record_type) VALUES (1, 'H22', 's', 'f', 'd');
        INSERT INTO batches VALUES (7, 1, x'00', 0, x'', x'');
        INSERT INTO records VALUES (1, 'b', 0, 5, 6, 4, 3);
        INSERT INTO pending VALUES (7, x'0001610002020300000000000000');
        PRAGMA user_version = 1;
    ";
    connection.execute_batch(rows).unwrap();
    drop(connection);

    let mut connection = open_writer(&path, None).unwrap();
    let pragma = |name: &str| -> i64 {
        connection.pragma_query_value(None, name, |row| row.get(0)).unwrap()
    };
    assert_eq!((pragma("user_version"), pragma("application_id")), (FORM, APPLICATION));
    let mut index = Index::load(&connection).unwrap();
    let transaction = connection.transaction().unwrap();
    let state = StateCode::NONE;
    let waiting = Row { revision: 0, version: 1, batch_id: 7, place: 2, content: 3, state };
    let settled = Row { version: 5, batch_id: 6, place: 4, ..waiting };
    for _ in 0..2 {
        let mut find = Index::find(&transaction).unwrap();
        assert_eq!(index.get(&mut find, 1, "a").unwrap(), Some(waiting));
        assert_eq!(index.get(&mut find, 1, "b").unwrap(), Some(settled));
        drop(find);
        index.settle(&transaction).unwrap();
    }
    transaction.commit().unwrap();
    drop(connection);
    open_writer(&path, None).unwrap();
}
