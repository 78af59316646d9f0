//! Months, counted.

use super::{Month, month_number, quarter_number};

#[test]
fn months_go_back_over_years() {
    let june = Month { year: 2024, month: 6 };
    let cases = [(0, "2024-06"), (5, "2024-01"), (6, "2023-12"), (12, "2023-06"), (18, "2022-12")];
    for (back, expected) in cases {
        assert_eq!(june.minus(back).unwrap().to_string(), expected);
    }
    assert_eq!(Month { year: 0, month: 1 }.minus(1), None);
}

#[test]
fn quarters_are_of_three_months() {
    let quarters: Vec<u8> = (1..=12).map(|month| Month { year: 2024, month }.quarter()).collect();
    assert_eq!(quarters, [1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4]);
}

#[test]
fn months_are_read_in_digits_and_words() {
    let cases = [("1", 1), ("09", 9), ("12", 12), ("giêng", 1), ("tư", 4), ("mười hai", 12)];
    for (text, expected) in cases {
        assert_eq!(month_number(text), Some(expected), "{text}");
    }
    for text in ["0", "13", "", "mười ba"] {
        assert_eq!(month_number(text), None, "{text}");
    }
    assert_eq!(quarter_number("iv"), Some(4));
    assert_eq!(quarter_number("v"), None);
}
