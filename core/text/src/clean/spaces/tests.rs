//! Tests of white space.

use std::borrow::Cow;

use super::{collapse_spaces, trim};

#[test]
fn runs_become_one_space() {
    let cases = [
        ("  Sở  Tư pháp ", " Sở Tư pháp "),
        ("Sở\u{A0}Tư pháp", "Sở Tư pháp"),
        ("Sở \u{A0} Tư\tpháp\r\n", "Sở Tư pháp "),
        ("\u{2003}", " "),
    ];
    for (text, expect) in cases {
        assert_eq!(collapse_spaces(text), expect, "{text:?}");
    }
}

#[test]
fn clean_text_is_not_copied() {
    for text in ["", " ", "Sở Tư pháp", " a b "] {
        assert!(matches!(collapse_spaces(text), Cow::Borrowed(same) if same == text), "{text:?}");
        assert!(matches!(trim(text), Cow::Borrowed(_)), "{text:?}");
    }
}

#[test]
fn non_breaking_spaces_are_trimmed() {
    assert_eq!(trim("\u{A0} Đà Nẵng\u{A0}\n"), "Đà Nẵng");
}
