//! Tests of white space.

use std::borrow::Cow;

use super::{collapse_spaces, is_surely_collapsed, trim};

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

#[test]
fn the_look_at_the_bytes_misses_no_white_space() {
    for code in 0..=0x10_FFFF_u32 {
        let Some(letter) = char::from_u32(code) else { continue };
        if letter != ' ' && letter.is_whitespace() {
            assert!(!is_surely_collapsed(letter.to_string().as_bytes()), "U+{code:04X}");
        }
    }
    assert!(is_surely_collapsed("Ủy ban nhân dân".as_bytes()));
}
