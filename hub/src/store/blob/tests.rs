//! Tests of the blobs: what is written is read, and nothing else.

use lienthong_standard::StateCode;
use proptest::prelude::*;

use super::{Reader, Writer};
use crate::store::index::Row;

fn read(bytes: &[u8]) -> Result<Vec<(String, Row)>, &'static str> {
    let mut reader = Reader::new(bytes, 7);
    let mut rows = Vec::new();
    while let Some(row) = reader.next()? {
        rows.push(row);
    }
    Ok(rows)
}

proptest! {
    #[test]
    fn rows_come_back_as_they_were(
        rows in prop::collection::vec(
            (".{0,12}", any::<i64>(), any::<i64>(), any::<u32>(), any::<i64>(), any::<i64>()), 0..20,
        ),
    ) {
        let rows: Vec<(String, Row)> = rows
            .into_iter()
            .map(|(key, revision, version, place, content, state)| {
                let state = StateCode::from_number(state);
                (key, Row { revision, version, batch_id: 7, place, content, state })
            })
            .collect();
        let mut writer = Writer::default();
        for (key, row) in &rows {
            writer.push(key, row);
        }
        prop_assert_eq!(read(writer.bytes()), Ok(rows));
    }

    #[test]
    fn any_bytes_are_read_without_panic(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
        drop(read(&bytes));
    }
}

#[test]
fn cut_off_blob_is_told() {
    let mut writer = Writer::default();
    let row = Row {
        revision: 1,
        version: 300,
        batch_id: 7,
        place: 9,
        content: -1,
        state: StateCode::NONE,
    };
    writer.push("đơn", &row);
    for length in 1..writer.bytes().len() {
        assert!(read(&writer.bytes()[..length]).is_err(), "{length}");
    }
}

#[test]
fn rows_of_the_first_form_have_no_state() {
    // Shares 0, 1 byte `a`, revision 0, version 1, place 2, content 3.
    let bytes = [0, 1, b'a', 0, 2, 2, 3, 0, 0, 0, 0, 0, 0, 0];
    let state = StateCode::NONE;
    let row = Row { revision: 0, version: 1, batch_id: 7, place: 2, content: 3, state };
    assert_eq!(read(&bytes), Ok(vec![("a".to_owned(), row)]));
}

#[test]
fn keys_that_follow_each_other_take_few_bytes() {
    let mut writer = Writer::default();
    for number in 0..500_i64 {
        let key = format!("000.00.00.H22-250620-{number:04}");
        let row = Row {
            revision: 0,
            version: 1000 + number,
            batch_id: 7,
            place: u32::try_from(number).unwrap(),
            content: number.wrapping_mul(0x1234_5678_9abc_def1),
            state: StateCode::of("4").unwrap(),
        };
        writer.push(&key, &row);
    }
    assert!(writer.bytes().len() < 500 * 19, "{}", writer.bytes().len());
}
