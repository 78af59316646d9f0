//! Numbers in the notations of real sources, and their exactness.

use proptest::prelude::*;

use super::{Canonical, Notation, decimal, decimal_of_json, integer, integer_of_decimal};

const VN: Notation = Notation { point: ',', thousands: Some('.') };

fn text(input: &str, read: impl FnOnce(&mut String) -> Option<Canonical>) -> Option<String> {
    let mut out = String::new();
    match read(&mut out)? {
        Canonical::Kept(range) => input.get(range).map(str::to_owned),
        Canonical::Written => Some(out),
    }
}

#[test]
fn decimals_become_canonical() {
    let cases = [
        (VN, "1.234.567,50", Some("1234567.50")),
        (VN, "500", Some("500")),
        (VN, "0,5", Some("0.5")),
        (VN, "-1.000", Some("-1000")),
        (VN, "007", Some("7")),
        (VN, "-0,00", Some("0.00")),
        (VN, "1.23.456", None),
        (VN, "12.34", None),
        (VN, "1,", None),
        (VN, ",5", None),
        (VN, "", None),
        (VN, "+5", None),
        (VN, "1 000", None),
        (Notation::PLAIN, "123.4500", Some("123.4500")),
        (Notation::PLAIN, "-0.0", Some("0.0")),
        (Notation::PLAIN, "00.5", Some("0.5")),
        (Notation::PLAIN, "1e2", None),
        (Notation { point: '.', thousands: Some(',') }, "1,234.5", Some("1234.5")),
        (Notation { point: ',', thousands: Some(' ') }, "12 345,6", Some("12345.6")),
    ];
    for (notation, input, expected) in cases {
        let got = text(input, |out| decimal(input, notation, out));
        assert_eq!(got.as_deref(), expected, "{input:?}");
    }
}

#[test]
fn json_numbers_stay_exact() {
    let cases = [
        ("12345678901234567890123.4500", Some("12345678901234567890123.4500")),
        ("1e2", Some("100")),
        ("1.25E+1", Some("12.5")),
        ("1.25e1", Some("12.5")),
        ("12e-1", Some("1.2")),
        ("1e-3", Some("0.001")),
        ("-2.50e0", Some("-2.50")),
        ("-0", Some("0")),
        ("0e5", Some("0")),
        ("1e400", None),
    ];
    for (input, expected) in cases {
        let got = text(input, |out| decimal_of_json(input, out));
        assert_eq!(got.as_deref(), expected, "{input:?}");
    }
}

#[test]
fn whole_numbers_are_never_rounded() {
    let cases = [("42", Some(42)), ("-7", Some(-7)), ("007", Some(7)), ("", None), ("-", None)];
    let more = [("1.0", None), ("+1", None), ("9223372036854775808", None), ("-0", None)];
    for (input, expected) in cases.into_iter().chain(more) {
        assert_eq!(integer(input), expected, "{input:?}");
    }
    let cases = [
        ("123000,00", Some(123_000)),
        ("123000", Some(123_000)),
        ("1.234.000,0", Some(1_234_000)),
        ("123000,50", None),
        ("123000,", None),
        ("-1.000,00", Some(-1000)),
        ("12,000.00", None),
    ];
    for (input, expected) in cases {
        assert_eq!(integer_of_decimal(input, VN), expected, "{input:?}");
    }
}

/// The value of a decimal text as digits without the point, and the number of digits behind it.
fn scaled(text: &str) -> (String, usize) {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let sign = if whole.starts_with('-') { "-" } else { "" };
    let digits = format!("{}{fraction}", whole.trim_start_matches('-'));
    let digits = digits.trim_start_matches('0');
    (format!("{sign}{digits}"), fraction.len())
}

proptest! {
    #[test]
    fn a_notation_changes_no_digit(
        number in any::<i64>(),
        fraction in proptest::option::of("[0-9]{1,8}"),
    ) {
        let mut grouped = String::new();
        let digits = number.unsigned_abs().to_string();
        for (index, digit) in digits.chars().enumerate() {
            if index > 0 && (digits.len() - index) % 3 == 0 {
                grouped.push('.');
            }
            grouped.push(digit);
        }
        let sign = if number < 0 { "-" } else { "" };
        let tail = fraction.as_ref().map(|digits| format!(",{digits}")).unwrap_or_default();
        let written = format!("{sign}{grouped}{tail}");
        let got = text(&written, |out| decimal(&written, VN, out)).unwrap();
        let plain = fraction.map(|digits| format!("{number}.{digits}"));
        prop_assert_eq!(scaled(&got), scaled(&plain.unwrap_or_else(|| number.to_string())));
    }

    #[test]
    fn canonical_text_stays_as_it_is(number in "-?[1-9][0-9]{0,30}(\\.[0-9]{1,30})?") {
        let got = text(&number, |out| decimal(&number, Notation::PLAIN, out));
        prop_assert_eq!(got.as_deref(), Some(number.as_str()));
    }

    #[test]
    fn any_text_is_read_or_refused(input in "\\PC{0,40}|[-0-9.,eE+ ]{0,30}") {
        let mut out = String::new();
        let _read = decimal(&input, VN, &mut out);
        let _read = decimal_of_json(&input, &mut out);
        let _read = integer_of_decimal(&input, VN);
    }
}
