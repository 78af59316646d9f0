//! Which values stand for none.

use crate::compile::tests::national;
use crate::{Date, Timestamp, Value};

fn is_sentinel(list: &str, value: Value<'_>) -> Option<bool> {
    national().sentinels(list).unwrap().is_match(value)
}

#[test]
fn texts_are_known_in_any_writing() {
    for text in ["Dinhkem", "DINHKEM", "dinh kem", " Dinh-kem. ", "Đính kèm"] {
        assert_eq!(is_sentinel("attachment", Value::Text(text)), Some(true), "{text}");
    }
    for text in ["Đơn đính kèm", "Dinhke", "DinhKemKetQua1", "", "..."] {
        assert_eq!(is_sentinel("attachment", Value::Text(text)), Some(false), "{text}");
    }
    assert_eq!(is_sentinel("identity", Value::Text("000000001")), Some(true));
    assert_eq!(is_sentinel("identity", Value::Text("000000012")), Some(false));
    assert_eq!(is_sentinel("phone", Value::Text("0000000000")), Some(true));
    assert_eq!(is_sentinel("phone", Value::Text("0900000000")), Some(false));
}

#[test]
fn days_are_known_at_any_hour_of_vietnam() {
    let at = |text| Value::Timestamp(Timestamp::parse_canonical(text).expect(text));
    let instants = [
        ("0001-01-01T00:00:00+07:00", true),
        ("1900-01-01T12:00:00+07:00", true),
        ("1900-01-02T12:00:00+07:00", false),
        ("1970-01-01T08:00:00+08:00", true),
        ("1970-01-01T23:59:59.5+08:00", true),
        ("2025-06-20T00:00:00+07:00", false),
        ("9999-12-30T23:59:59+07:00", false),
        ("9999-12-31T00:00:00+07:00", true),
        ("9999-12-31T23:59:59+07:00", true),
    ];
    for (text, expected) in instants {
        assert_eq!(is_sentinel("date", at(text)), Some(expected), "{text}");
    }
    let day = |year, month, day| Value::Date(Date::new(year, month, day).unwrap());
    assert_eq!(is_sentinel("date", day(1900, 1, 1)), Some(true));
    assert_eq!(is_sentinel("date", day(2000, 1, 1)), Some(false));
}

#[test]
fn no_value_is_no_sentinel() {
    assert_eq!(is_sentinel("date", Value::Missing), None);
    assert_eq!(is_sentinel("identity", Value::Null), None);
}
