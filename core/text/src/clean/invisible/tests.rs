//! Tests of invisible characters.

use std::borrow::Cow;

use super::{is_invisible, may_hold_any, strip_invisible};

#[test]
fn invisible_characters_go() {
    let cases = [
        ("Bộ\u{200B} Tài chính\u{200B}", "Bộ Tài chính"),
        ("\u{FEFF}mã", "mã"),
        ("a\u{AD}b\u{0}c\u{1F}d\u{7F}e\u{85}f", "abcdef"),
        ("\u{202A}x\u{202C}", "x"),
    ];
    for (text, expect) in cases {
        assert_eq!(strip_invisible(text), expect, "{text:?}");
    }
}

#[test]
fn visible_text_and_line_ends_stay_and_are_not_copied() {
    for text in ["", "Bộ Tài chính", "một\tdòng\r\n", "“–…” ₫"] {
        assert!(matches!(strip_invisible(text), Cow::Borrowed(same) if same == text), "{text:?}");
    }
}

#[test]
fn the_look_at_the_bytes_misses_no_invisible_character() {
    for code in 0..=0x10_FFFF_u32 {
        let Some(letter) = char::from_u32(code) else { continue };
        if is_invisible(letter) {
            assert!(may_hold_any(letter.to_string().as_bytes()), "U+{code:04X}");
        }
    }
}
