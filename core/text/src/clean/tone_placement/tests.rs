//! Tests of tone placement.

use std::borrow::Cow;

use super::{TonePlacement, fold_tone_placement, place_tones};

#[test]
fn the_mark_moves_to_the_first_vowel_of_an_open_syllable() {
    let cases = [
        ("hoà", "hòa"),
        ("Khánh Hoà", "Khánh Hòa"),
        ("HOÀ BÌNH", "HÒA BÌNH"),
        ("khoẻ, toá", "khỏe, tóa"),
        ("Uỷ ban", "Ủy ban"),
        ("UỶ BAN", "ỦY BAN"),
        ("thuỷ lợi, luỵ", "thủy lợi, lụy"),
        ("xã Hoà-Phú", "xã Hòa-Phú"),
    ];
    for (text, expect) in cases {
        assert_eq!(fold_tone_placement(text), expect, "{text}");
    }
}

#[test]
fn words_with_one_spelling_stay_and_are_not_copied() {
    for text in ["hòa", "hoàn thành", "ngoại", "quý", "QUÝ", "quỳ", "thuế", "của", "ASCII", "oa"]
    {
        assert!(matches!(fold_tone_placement(text), Cow::Borrowed(same) if same == text), "{text}");
    }
}

#[test]
fn both_spellings_meet() {
    for (one, other) in [("Thanh Hoá", "Thanh Hóa"), ("uỷ quyền", "ủy quyền")] {
        assert_eq!(fold_tone_placement(one), fold_tone_placement(other));
    }
}

#[test]
fn each_habit_is_written_out_of_the_other() {
    let cases = [
        ("Khánh Hòa", "Khánh Hoà"),
        ("HÒA BÌNH, KHỎE", "HOÀ BÌNH, KHOẺ"),
        ("Ủy ban, thủy, lụy", "Uỷ ban, thuỷ, luỵ"),
        ("quý, hoàn, của, ngoại, loà xoà.", "quý, hoàn, của, ngoại, loà xoà."),
    ];
    for (old, new) in cases {
        assert_eq!(place_tones(old, TonePlacement::New), new);
        let old = old.replace("loà xoà", "lòa xòa");
        assert_eq!(place_tones(new, TonePlacement::Old), old);
        for (text, placement) in [(&*old, TonePlacement::Old), (new, TonePlacement::New)] {
            assert!(matches!(place_tones(text, placement), Cow::Borrowed(same) if same == text));
        }
    }
}
