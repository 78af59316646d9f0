//! Canonical decimals and their order.

use std::cmp::Ordering;

use proptest::prelude::*;

use super::*;

#[test]
fn the_canonical_form_has_one_spelling_of_each_sign_and_whole_part() {
    let good = ["0", "0.0", "1", "-1", "10.50", "-0.5", "123.4500", "12345678901234567890123.4500"];
    for text in good {
        assert!(is_canonical(text), "{text}");
    }
    let long = "1".repeat(CHARS_MAX + 1);
    let bad = [
        "", "-", "+1", "01", "00", ".5", "1.", "-0", "-0.00", "1e2", "1,5", " 1", "1 ", "1.2.3",
        "NaN", "١", &long,
    ];
    for text in bad {
        assert!(!is_canonical(text), "{text}");
    }
}

#[test]
fn order_is_that_of_values() {
    let ordered = ["-10", "-9.5", "-1", "-0.5", "0", "0.05", "0.5", "1.5", "9", "10", "10.01"];
    for (left, first) in ordered.iter().enumerate() {
        for (right, second) in ordered.iter().enumerate() {
            assert_eq!(compare(first, second), left.cmp(&right), "{first} {second}");
        }
    }
    assert_eq!(compare("1.50", "1.5"), Ordering::Equal);
    assert_eq!(compare("0.00", "0"), Ordering::Equal);
    assert_eq!(compare_integer("9223372036854775808", i64::MAX), Ordering::Greater);
}

proptest! {
    #[test]
    fn order_agrees_with_scaled_integers(a in -1_000_000_i64..1_000_000, b in -1_000_000_i64..1_000_000) {
        let text = |n: i64| {
            let sign = if n < 0 { "-" } else { "" };
            format!("{sign}{}.{:03}", n.abs() / 1000, n.abs() % 1000)
        };
        prop_assert!(is_canonical(&text(a)));
        prop_assert_eq!(compare(&text(a), &text(b)), a.cmp(&b));
    }

    #[test]
    fn garbage_never_panics(a in "\\PC{0,20}", b in "[-0-9.]{0,12}") {
        let _ = is_canonical(&a);
        let _ = compare(&a, &b);
    }
}
