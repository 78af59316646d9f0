//! Flaws of texts, against the Unicode tables.

use proptest::prelude::*;

use super::*;

#[test]
fn flaws_are_told_apart() {
    let texts = [
        ("", None),
        ("Cấp lại giấy phép lái xe – “bản sao”…", None),
        ("dòng một\ndòng hai\tcột", None),
        ("đặc biệt €₫ 漢字 😀", None),
        ("nu\u{301}t", Some(Flaw::NotComposed)),
        ("Ohm \u{2126}", Some(Flaw::NotComposed)),
        ("blank \u{2000}", Some(Flaw::NotComposed)),
        ("\u{340}", Some(Flaw::NotComposed)),
        ("\u{0}", Some(Flaw::Control)),
        ("khóa\u{1f}khác", Some(Flaw::Control)),
        ("\u{7f}", Some(Flaw::Control)),
        ("\u{85}", Some(Flaw::Control)),
        ("huyện\u{200b}", Some(Flaw::Invisible)),
        ("\u{feff}đầu", Some(Flaw::Invisible)),
    ];
    for (text, expected) in texts {
        assert_eq!(flaw(text), expected, "{text:?}");
    }
}

#[test]
fn sameness_is_that_of_letters_and_digits() {
    let same = [
        ("0912.345.678", "0912 345 678"),
        ("Đề nghị cấp lại", "ĐỀ NGHỊ, cấp lại."),
        ("abc", "-A b C-"),
        ("a", "a…"),
    ];
    for (left, right) in same {
        assert!(is_same(left, right) && is_same(right, left), "{left} {right}");
    }
    let other =
        [("", ""), ("...", "-"), ("a", ""), ("a", "ab"), ("…", "…"), ("hoà", "hoa"), ("a", "đ")];
    for (left, right) in other {
        assert!(!is_same(left, right) && !is_same(right, left), "{left} {right}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2048))]

    #[test]
    fn the_short_cut_agrees_with_the_tables(text in "(\\PC|[à-ỹ]|\\PC\u{301}|[\u{300}-\u{340}]){0,8}") {
        let is_not_composed = !is_nfc(&text);
        prop_assert_eq!(flaw(&text) == Some(Flaw::NotComposed), is_not_composed, "{:?}", text);
    }
}

#[test]
fn every_character_taken_by_the_short_cut_is_in_form() {
    let ranges = ['\u{a0}'..='\u{2ff}', '\u{1e00}'..='\u{1eff}', '\u{2010}'..='\u{203f}'];
    for character in ranges.into_iter().flatten() {
        let text = character.to_string();
        assert!(is_nfc(&text), "{character:?}");
        // None of them composes with a character before it either.
        assert!(is_nfc(&format!("a{character}")), "{character:?}");
    }
}

proptest! {
    #[test]
    fn the_fast_way_of_sameness_agrees_with_the_slow_one(
        left in "[aAbB0. đĐ\u{1e5}…]{0,4}", right in "[aAbB0. đĐ\u{1e5}…]{0,4}",
    ) {
        prop_assert_eq!(is_same(&left, &right), is_same_in_unicode(&left, &right));
    }
}
