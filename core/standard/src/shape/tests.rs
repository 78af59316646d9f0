//! Hand-written matchers against their published regular expressions.

use std::sync::LazyLock;

use proptest::prelude::*;
use regex::Regex;

use super::*;

/// Texts near the forms, so that both answers are frequent.
fn near_codes() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        Just("000.00.18.".to_owned()),
        Just("000.1137.".to_owned()),
        "[A-Z][0-9]{1,3}",
        "(\\.[0-9]{1,4}){0,5}",
        "-[0-9]{3,9}",
        "[0-9]{4}",
        "-(Q|H|9M|0|1)[0-9]?",
        "[0-9A-Za-z_]{0,6}",
        "\\.[0-9]{5,7}",
        "\\PC",
    ];
    prop::collection::vec(part, 0..5).prop_map(|parts| parts.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2048))]

    #[test]
    fn shapes_match_what_their_regex_matches(text in near_codes()) {
        static REGEXES: LazyLock<[Regex; 4]> =
            LazyLock::new(|| Shape::ALL.map(|shape| Regex::new(shape.regex()).unwrap()));
        for (shape, regex) in Shape::ALL.into_iter().zip(&*REGEXES) {
            prop_assert_eq!(shape.is_match(&text), regex.is_match(&text), "{:?} {}", shape, text);
        }
    }
}

#[test]
fn shapes_know_the_codes_seen_in_the_wild() {
    let codes = [
        (Shape::Agency, "000.00.18.G12", true),
        (Shape::Agency, "G12.18", true),
        (Shape::Agency, "H22", true),
        (Shape::Agency, "000-00-24-H40", false),
        (Shape::Agency, "000.1137.H53", false),
        (Shape::Agency, "00.53.W00", false),
        (Shape::Procedure, "1.015045", true),
        (Shape::Procedure, "1.001612.000.00.00.H48", true),
        (Shape::Procedure, "2.002622.H56", true),
        (Shape::Procedure, "TS_lop1.000.00.00.H22", true),
        (Shape::Procedure, "1.01504", false),
        (Shape::Dossier, "000.00.53.H48-220921-0099", true),
        (Shape::Dossier, "G09.20-20260609-0092637", true),
        (Shape::Dossier, "000.00.53.H48-220921-99", false),
        (Shape::Period, "2024-9M", true),
        (Shape::Period, "2024-00", false),
    ];
    for (shape, code, expected) in codes {
        assert_eq!(shape.is_match(code), expected, "{code}");
    }
}

#[test]
fn a_period_ends_on_its_last_day() {
    let periods = [
        ("2024", "2024-12-31"),
        ("2024-02", "2024-02-29"),
        ("2024-Q2", "2024-06-30"),
        ("2024-H2", "2024-12-31"),
        ("2024-9M", "2024-09-30"),
    ];
    for (period, end) in periods {
        assert_eq!(period_end(period), Date::parse_iso(end), "{period}");
    }
    assert_eq!(period_end("2024-Q5"), None);
}

#[test]
fn a_dossier_code_holds_its_date() {
    let codes = [
        ("000.00.53.H48-220921-0099", Some("2022-09-21")),
        ("G09.20-20260609-0092637", Some("2026-06-09")),
        ("H48-229921-0099", None),
        ("H48-0099", None),
        ("", None),
    ];
    for (code, date) in codes {
        assert_eq!(dossier_date(code), date.and_then(Date::parse_iso), "{code}");
    }
}
