//! Tests of composing.

use std::borrow::Cow;

use proptest::prelude::*;
use unicode_normalization::UnicodeNormalization as _;

use super::{is_surely_composed, nfc};

#[test]
fn composed_text_is_not_copied() {
    for text in ["", "ASCII", "Hồ sơ thủ tục hành chính", "ẲẴỴ₫ – “…”", "ÿ ƀ ʯ"]
    {
        assert!(matches!(nfc(text), Cow::Borrowed(same) if same == text), "{text}");
    }
}

#[test]
fn decomposed_text_is_composed() {
    for text in ["Thủ tục hành chính", "Ủy ban nhân dân", "Nguyễn Thị Hồng Ước"]
    {
        let decomposed: String = text.nfd().collect();
        assert_ne!(decomposed, text);
        assert_eq!(nfc(&decomposed), text);
    }
}

#[test]
fn no_character_that_changes_under_nfc_passes_the_shortcut() {
    for code in 0..=0x10_FFFF_u32 {
        let Some(letter) = char::from_u32(code) else { continue };
        // Behind a letter, so that a combining mark shows as well.
        let text = format!("a{letter}");
        if is_surely_composed(text.as_bytes()) {
            assert_eq!(text.nfc().collect::<String>(), text, "U+{code:04X}");
        }
    }
}

proptest! {
    #[test]
    fn equals_the_reference(text in "\\PC{0,40}") {
        prop_assert_eq!(nfc(&text).into_owned(), text.nfc().collect::<String>());
    }

    #[test]
    fn equals_the_reference_among_vietnamese_marks(
        text in "[aâăeêoôơuưyđA-Z \u{300}\u{301}\u{302}\u{303}\u{309}\u{31B}\u{323}\u{1EA0}-\u{1EF9}]{0,24}"
    ) {
        prop_assert_eq!(nfc(&text).into_owned(), text.nfc().collect::<String>());
    }
}
