//! Instants against jiff's time zone database, over the years 1900 to 2100.

use jiff::tz::{Disambiguation, TimeZone};
use proptest::prelude::*;

use super::*;

fn zone() -> TimeZone {
    TimeZone::get("Asia/Ho_Chi_Minh").unwrap()
}

/// The offset in which we write an instant: the database's, but +07:00 where it has seconds.
fn expected_offset(seconds: i64) -> i32 {
    let instant = jiff::Timestamp::from_second(seconds).unwrap();
    let offset = zone().to_offset(instant).seconds();
    if offset % 60 == 0 { offset } else { SEVEN_HOURS }
}

/// Compares both directions at one instant.
fn check(seconds: i64) {
    let ours = Timestamp::from_unix(seconds, 0).unwrap();
    let civil = ours.civil();
    let offset = expected_offset(seconds);
    assert_eq!(civil.offset_secs, offset, "at {seconds}");
    let theirs = jiff::tz::Offset::from_seconds(offset)
        .unwrap()
        .to_datetime(jiff::Timestamp::from_second(seconds).unwrap());
    let text = ours.to_string();
    assert_eq!(text.get(..19).unwrap(), theirs.strftime("%Y-%m-%dT%H:%M:%S").to_string());
    assert_eq!(Timestamp::parse_canonical(&text), Some(ours));

    let (hour, minute, second) = (civil.hour, civil.minute, civil.second);
    let from_civil = Timestamp::from_civil(civil.date, hour, minute, second, 0).unwrap();
    let expected = zone()
        .into_ambiguous_zoned(theirs)
        .disambiguate(Disambiguation::Compatible)
        .unwrap()
        .timestamp()
        .as_second();
    assert_eq!(from_civil.seconds(), expected, "civil {theirs}");
    // However an instant is made it is the same, its date too.
    assert_eq!(Some(from_civil), Timestamp::from_unix(from_civil.seconds(), 0));
    for offset_secs in [offset, SEVEN_HOURS, 0] {
        let (date, time) = (civil.date, (hour, minute, second));
        let from_offset = Timestamp::from_offset(date, time, 0, offset_secs).unwrap();
        assert_eq!(Some(from_offset), Timestamp::from_unix(from_offset.seconds(), 0));
    }
}

#[test]
fn every_change_of_offset_agrees_with_the_database() {
    for (end, _) in PAST {
        for step in -2_400..2_400 {
            check(end + step * 29);
        }
    }
}

#[test]
fn the_canonical_form_is_the_time_in_vietnam() {
    let date = |year, month, day| Date::new(year, month, day).unwrap();
    let instants = [
        (Timestamp::from_offset(date(2025, 6, 19), (18, 35, 0), 0, 0), "2025-06-20T01:35:00+07:00"),
        (Timestamp::from_civil(date(2025, 6, 20), 1, 35, 0, 0), "2025-06-20T01:35:00+07:00"),
        (Timestamp::from_offset(date(1994, 10, 23), (17, 0, 0), 0, 0), "1994-10-24T00:00:00+07:00"),
        (Timestamp::from_civil(date(1970, 1, 1), 0, 0, 0, 0), "1970-01-01T00:00:00+08:00"),
        (Timestamp::from_unix(0, 120_000_000), "1970-01-01T08:00:00.12+08:00"),
        (Timestamp::from_unix(1, 1), "1970-01-01T08:00:01.000000001+08:00"),
    ];
    for (instant, text) in instants {
        assert_eq!(instant.unwrap().to_string(), text);
        assert_eq!(Timestamp::parse_canonical(text), instant);
    }
}

#[test]
fn other_spellings_of_an_instant_are_not_canonical() {
    let texts = [
        "2025-06-19T18:35:00Z",
        "2025-06-19T18:35:00+00:00",
        "2025-06-20T02:35:00+08:00",
        "2025-06-20 01:35:00+07:00",
        "2025-06-20T01:35:00.000+07:00",
        "2025-06-20T01:35:00.10+07:00",
        "2025-06-20T01:35+07:00",
        "2025-06-20T24:00:00+07:00",
        "2025-06-20T01:60:00+07:00",
        "2025-02-30T01:00:00+07:00",
        "2025-06-20T01:35:00-07:00",
        "2025-06-20T01:35:00.+07:00",
        "2025-06-20T01:35:00.1234567891+07:00",
        "",
    ];
    for text in texts {
        assert_eq!(Timestamp::parse_canonical(text), None, "{text}");
    }
}

#[test]
fn instants_outside_the_calendar_do_not_exist() {
    for seconds in [i64::MIN, i64::MAX, -62_135_622_001, 253_402_275_600] {
        assert_eq!(Timestamp::from_unix(seconds, 0), None, "{seconds}");
    }
    assert!(Timestamp::from_unix(-62_135_622_000, 0).is_some(), "0001-01-01T00:00:00+07:00");
    assert!(Timestamp::from_unix(253_402_275_599, 0).is_some(), "9999-12-31T23:59:59+07:00");
    assert_eq!(Timestamp::from_unix(0, 1_000_000_000), None);
}

proptest! {
    #[test]
    fn any_second_of_two_centuries_agrees_with_the_database(
        seconds in -2_208_988_800_i64..4_133_980_800,
    ) {
        check(seconds);
    }

    #[test]
    fn written_instants_are_read_back(seconds in -2_208_988_800_i64..4_133_980_800, nanos in 0_u32..1_000_000_000) {
        let instant = Timestamp::from_unix(seconds, nanos).unwrap();
        prop_assert_eq!(Timestamp::parse_canonical(&instant.to_string()), Some(instant));
    }

    #[test]
    fn garbage_is_no_instant(text in "[0-9T:.+Z-]{0,30}") {
        if let Some(instant) = Timestamp::parse_canonical(&text) {
            prop_assert_eq!(instant.to_string(), text);
        }
    }
}
