use std::cmp::Ordering;

use super::{compare, plain};

#[test]
fn numbers_are_written_out_exactly() {
    let cases = [
        ("0", "0"),
        ("-0.0", "0"),
        ("1.50e2", "150"),
        ("1.5E-3", "0.0015"),
        ("-12.3400", "-12.34"),
        ("12345678901234567890123.4500", "12345678901234567890123.45"),
    ];
    for (literal, expect) in cases {
        assert_eq!(plain(literal).as_deref(), Some(expect), "{literal}");
    }
}

#[test]
fn numbers_too_long_to_write_out_are_left() {
    for literal in ["1e999999999999", "1e-400", "", "x", "1e", &"9".repeat(41)] {
        assert_eq!(plain(literal), None, "{literal}");
    }
}

#[test]
fn decimals_are_ordered_by_their_value() {
    let ordered = ["-10", "-9.5", "-0.01", "0", "0.009", "0.01", "0.1", "9", "10", "10.01"];
    for pair in ordered.windows(2) {
        assert_eq!(compare(pair[0], pair[1]), Ordering::Less, "{pair:?}");
        assert_eq!(compare(pair[1], pair[0]), Ordering::Greater, "{pair:?}");
    }
}
