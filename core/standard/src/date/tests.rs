//! Dates against jiff's calendar.

use proptest::prelude::*;

use super::*;

#[test]
fn only_dates_of_the_calendar_exist() {
    let dates = [
        (2024, 2, 29, true),
        (2023, 2, 29, false),
        (1900, 2, 29, false),
        (2000, 2, 29, true),
        (2014, 2, 30, false),
        (2025, 4, 31, false),
        (2025, 13, 1, false),
        (2025, 0, 1, false),
        (2025, 1, 0, false),
        (0, 1, 1, false),
        (1, 1, 1, true),
        (9999, 12, 31, true),
        (10_000, 1, 1, false),
    ];
    for (year, month, day, exists) in dates {
        assert_eq!(Date::new(year, month, day).is_some(), exists, "{year}-{month}-{day}");
    }
}

#[test]
fn only_the_iso_form_is_read() {
    assert_eq!(Date::parse_iso("2025-06-20"), Date::new(2025, 6, 20));
    for text in
        ["2025-6-20", "20250620", "20-06-2025", "2025-06-20 ", "2025-02-30", "٢٠٢٥-06-20", ""]
    {
        assert_eq!(Date::parse_iso(text), None, "{text}");
    }
}

#[test]
fn the_last_day_of_a_month_knows_leap_years() {
    let last = |year, month| Date::new(year, month, 1).unwrap().last_of_month().day();
    assert_eq!([last(2024, 2), last(2025, 2), last(2025, 6), last(2025, 12)], [29, 28, 30, 31]);
}

proptest! {
    #[test]
    fn days_and_text_agree_with_jiff(days in -719_162_i64..2_932_896) {
        let date = Date::from_days(days).unwrap();
        prop_assert_eq!(date.days(), days);
        let epoch = jiff::civil::date(1970, 1, 1);
        let expected = epoch.checked_add(jiff::Span::new().days(days)).unwrap();
        prop_assert_eq!(date.to_string(), expected.to_string());
        let mut written = Vec::new();
        date.write_iso(&mut written);
        let text = String::from_utf8(written).unwrap();
        prop_assert_eq!(&text, &date.to_string());
        prop_assert_eq!(Date::parse_iso(&text), Some(date));
    }

    #[test]
    fn garbage_is_no_date(text in "\\PC{0,12}") {
        if let Some(date) = Date::parse_iso(&text) {
            prop_assert_eq!(date.to_string(), text);
        }
    }
}
