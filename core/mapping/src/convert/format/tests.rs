//! Formats against a table of real spellings, and against jiff.

use jiff::civil;
use jiff::tz::TimeZone;
use proptest::prelude::*;

use super::{Format, Holds, Read, Zone};

fn read(format: &str, text: &str) -> Option<String> {
    let format = Format::compile(format).unwrap();
    format.timestamp(text, Zone::HoChiMinh).map(|read| read.to_string())
}

#[test]
fn spellings_of_real_systems() {
    let cases = [
        ("%d/%m/%Y %H:%M:%S", "20/06/2025 01:35:00", Some("2025-06-20T01:35:00+07:00")),
        ("%d/%m/%Y %H:%M:%S", "20/06/2025 1:35:00", None),
        ("%-d/%-m/%Y %-H:%M", "5/6/2025 1:35", Some("2025-06-05T01:35:00+07:00")),
        ("%-d/%-m/%Y %-H:%M", "15/06/2025 11:35", Some("2025-06-15T11:35:00+07:00")),
        ("%d/%m/%Y", "31/02/2025", None),
        ("%d/%m/%Y", "29/02/2024", Some("2024-02-29T00:00:00+07:00")),
        ("%d/%m/%Y", "29/02/2025", None),
        ("%d/%m/%Y", "20/06/2025 ", None),
        ("%d/%m/%Y", "20/06/25", None),
        ("%Y%m%d%H%M%S", "20250620013500", Some("2025-06-20T01:35:00+07:00")),
        ("%Y%m%d%H%M%S", "2025062001350", None),
        ("%Y%m%d%H%M%S", "20250620240000", None),
        ("%Y-%m-%d %T", "2026-06-09 08:00:59", Some("2026-06-09T08:00:59+07:00")),
        ("%Y-%m-%d %T", "2026-06-09 08:00:60", None),
        ("%F", "2026-06-09", Some("2026-06-09T00:00:00+07:00")),
        ("rfc3339", "2025-06-20T01:35:00+07:00", Some("2025-06-20T01:35:00+07:00")),
        ("rfc3339", "2025-06-19T18:35:00.250Z", Some("2025-06-20T01:35:00.25+07:00")),
        ("rfc3339", "2025-06-19T18:35:00-05:30", Some("2025-06-20T07:05:00+07:00")),
        ("rfc3339", "2025-06-20T01:35:00+0700", None),
        ("rfc3339", "2025-06-20T01:35:00", None),
        ("rfc3339", "2025-06-20T01:35:00+25:00", None),
        ("iso-basic-offset", "1994-10-23T17:00:00.000+0000", Some("1994-10-24T00:00:00+07:00")),
        ("iso-basic-offset", "1994-10-23T17:00:00+00:00", None),
        ("iso-local", "2025-06-20T01:35:00.5", Some("2025-06-20T01:35:00.5+07:00")),
        ("epoch-s", "1750358100", Some("2025-06-20T01:35:00+07:00")),
        ("epoch-s", "1750358100.25", Some("2025-06-20T01:35:00.25+07:00")),
        ("epoch-ms", "1750358100000", Some("2025-06-20T01:35:00+07:00")),
        ("epoch-ms", "-1", Some("1970-01-01T07:59:59.999+08:00")),
        ("epoch-ms", "99999999999999999", None),
        ("epoch-ms", "", None),
        ("%Y/%m/%d", "2014/02/30", None),
    ];
    for (format, text, expected) in cases {
        assert_eq!(read(format, text).as_deref(), expected, "{format} {text:?}");
    }
}

#[test]
fn faulty_formats_are_refused_in_words() {
    let cases = [
        ("rfc3999", "not the name of a format"),
        ("%d/%m/%y", "century"),
        ("%d/%m", "needs the year"),
        ("%Y-%m-%d %M", "hole"),
        ("%Y-%m-%d %H", "hole"),
        ("%Y-%Y-%m-%d", "twice"),
        ("%Y-%m-%d %Q", "`%Q`"),
        ("%Y-%m-%d%", "at the end"),
    ];
    for (format, words) in cases {
        let text = Format::compile(format).unwrap_err();
        assert!(text.contains(words), "{format}: {text}");
    }
}

#[test]
fn a_format_knows_what_it_holds() {
    let cases = [
        ("%d/%m/%Y", Holds::Date),
        ("%Y%m%d%H%M%S", Holds::DateTime),
        ("rfc3339", Holds::Instant),
        ("epoch-ms", Holds::Instant),
    ];
    for (format, holds) in cases {
        assert_eq!(Format::compile(format).unwrap().holds(), holds, "{format}");
    }
}

#[test]
fn formats_that_read_one_text_twice_are_noticed() {
    let cases = [
        ("%d/%m/%Y", "%m/%d/%Y", true),
        ("%d/%m/%Y", "%-m/%-d/%Y", true),
        ("%d/%m/%Y", "%Y/%m/%d", false),
        ("%d/%m/%Y", "%d/%m/%Y %H:%M", false),
        ("epoch-s", "epoch-ms", true),
        ("epoch-s", "%Y%m%d", false),
        ("rfc3339", "iso-basic-offset", false),
    ];
    for (one, two, expected) in cases {
        let (one, two) = (Format::compile(one).unwrap(), Format::compile(two).unwrap());
        assert_eq!(one.is_confused_with(&two), expected, "{one:?} {two:?}");
    }
}

#[test]
fn times_without_an_offset_are_meant_in_the_zone() {
    let format = Format::compile("%F %T").unwrap();
    let read = format.timestamp("2025-06-19 18:35:00", Zone::Utc).unwrap();
    assert_eq!(read.to_string(), "2025-06-20T01:35:00+07:00");
}

/// Any civil second of the years in which the zone's offset is whole minutes.
fn any_civil() -> impl Strategy<Value = civil::DateTime> {
    let date = (1912_i16..=9998, 1_i8..=12, 1_i8..=31);
    let time = (0_i8..24, 0_i8..60, 0_i8..60);
    (date, time).prop_filter_map("not in the calendar", |((y, mo, d), (h, mi, s))| {
        civil::DateTime::new(y, mo, d, h, mi, s, 0).ok()
    })
}

proptest! {
    #[test]
    fn civil_times_agree_with_jiff(civil in any_civil()) {
        let zone = TimeZone::get("Asia/Ho_Chi_Minh").unwrap();
        let expected = civil.to_zoned(zone).unwrap().timestamp();
        for format in ["%d/%m/%Y %H:%M:%S", "%Y%m%d%H%M%S", "%FT%T"] {
            let text = civil.strftime(format).to_string();
            let got = Format::compile(format).unwrap().timestamp(&text, Zone::HoChiMinh).unwrap();
            prop_assert_eq!(got.seconds(), expected.as_second(), "{} {}", format, text);
        }
    }

    #[test]
    fn instants_agree_with_jiff(
        civil in any_civil(),
        minutes in -1439_i32..=1439,
        nanos in 0_u32..1_000_000_000,
    ) {
        let (sign, ahead) = if minutes < 0 { ('-', -minutes) } else { ('+', minutes) };
        let (hours, rest) = (ahead / 60, ahead % 60);
        let text = format!("{civil}.{nanos:09}{sign}{hours:02}:{rest:02}");
        let format = Format::compile("rfc3339").unwrap();
        let expected: jiff::Timestamp = text.parse().unwrap();
        let got = format.timestamp(&text, Zone::HoChiMinh).unwrap();
        // jiff counts nanoseconds of the instant, which agree for instants after 1970.
        if expected.as_second() > 0 {
            prop_assert_eq!(got.seconds(), expected.as_second());
            prop_assert_eq!(i64::from(got.nanos()), i64::from(expected.subsec_nanosecond()));
        }
        let basic = Format::compile("iso-basic-offset").unwrap();
        let text = format!("{civil}.{nanos:09}{sign}{hours:02}{rest:02}");
        prop_assert_eq!(basic.timestamp(&text, Zone::Utc), Some(got));
    }

    #[test]
    fn dates_are_those_of_the_calendar(year in 0_i16..=9999, month in 0_i8..=13, day in 0_i8..=32) {
        let text = format!("{day:02}/{month:02}/{year:04}");
        let expected = year >= 1 && civil::Date::new(year, month, day).is_ok();
        prop_assert_eq!(Format::compile("%d/%m/%Y").unwrap().date(&text).is_some(), expected);
    }

    #[test]
    fn any_text_is_read_or_refused(
        format in "\\PC{0,12}|(%[-:.]?[YmdHMSfzTF/ ]){0,8}",
        text in "\\PC{0,30}",
    ) {
        if let Ok(format) = Format::compile(&format) {
            let _read = format.timestamp(&text, Zone::HoChiMinh);
            let _read = format.date(&text);
        }
    }

    #[test]
    fn fixed_places_read_what_the_pieces_one_by_one_read(
        format in prop::sample::select(vec![
            "%d/%m/%Y %H:%M:%S", "%d/%m/%Y", "%Y%m%d%H%M%S", "%Y-%m-%d", "%H:%M %d.%m.%Y", "%m-%Y-%d",
        ]),
        civil in any_civil(),
        at in any::<prop::sample::Index>(),
        byte in prop_oneof![b'0'..=b'9', Just(b'/'), Just(b' '), any::<u8>()],
        is_changed in any::<bool>(),
        cut in 0_usize..3,
    ) {
        let Format::Pieces(pieces, Some(places)) = Format::compile(format).unwrap() else {
            return Err(TestCaseError::fail("all its texts have one length"));
        };
        let mut text = civil.strftime(format).to_string().into_bytes();
        if is_changed {
            let at = at.index(text.len());
            text[at] = byte;
        }
        text.truncate(text.len() - cut);
        prop_assert_eq!(places.read(&text), Read::of_pieces(&pieces, &text));
    }
}
