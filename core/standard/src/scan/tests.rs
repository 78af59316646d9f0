//! Eight bytes at a time against one at a time.

use proptest::prelude::*;

use super::*;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn words_and_bytes_agree(bytes in prop::collection::vec(prop_oneof![
        Just(b'a'), Just(b'"'), Just(b'\\'), Just(0x1f), Just(0x20), Just(0x7f), Just(0x80), any::<u8>(),
    ], 0..40)) {
        let first = bytes.iter().position(|byte| needs_escape(*byte));
        prop_assert_eq!(find_escape(&bytes), first);
        let is_printable = bytes.iter().all(|byte| (0x20..0x7f).contains(byte));
        prop_assert_eq!(is_printable_ascii(&bytes), is_printable);
    }

    #[test]
    fn common_text_is_told_by_its_characters(text in "([ -~]|[à-ỹ]|[\u{80}-\u{350}]|[\u{1dff}-\u{2040}]|\\PC|\n){0,12}") {
        let is_common = |c: char| matches!(
            c,
            ' '..='~' | '\u{a0}'..='\u{2ff}' | '\u{1e00}'..='\u{1eff}' | '\u{2010}'..='\u{203f}'
        );
        prop_assert_eq!(is_common_text(&text), text.chars().all(is_common), "{:?}", text);
    }
}

#[test]
fn long_runs_are_looked_through_to_the_end() {
    let text = "Thủ tục hành chính – cấp, đổi, điều chỉnh ".repeat(20);
    assert!(is_common_text(&text));
    assert!(!is_common_text(&(text.clone() + "\u{301}")));
    assert!(!is_common_text(&(text.clone() + "\u{2003}x")));
    assert_eq!(find_escape(text.as_bytes()), None);
    assert_eq!(find_escape((text.clone() + "\"").as_bytes()), Some(text.len()));
}
