//! Tests of text whose bytes were taken for characters.

use std::borrow::Cow;

use super::{RereadError, bytes_of, reread};
use crate::encodings::windows1252::char_1252;
use crate::oracle::{has_glibc_iconv, iconv_to, letters, random_text};
use crate::{Encoding, decode};

fn latin1(bytes: &[u8]) -> String {
    bytes.iter().copied().map(char::from).collect()
}

/// As Windows reads it: the five bytes that the code page has not become C1 controls.
fn windows(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| char_1252(*byte).unwrap_or_else(|| char::from(*byte))).collect()
}

#[test]
fn both_ways_are_undone_for_every_letter() {
    if !has_glibc_iconv() {
        return;
    }
    let text = random_text(&letters(), 20_000);
    for (name, encoding) in [("VISCII", Encoding::Viscii), ("CP1258", Encoding::Windows1258)] {
        let bytes = iconv_to(name, &text).unwrap();
        for taken in [latin1(&bytes), windows(&bytes)] {
            assert_eq!(reread(&taken, encoding).unwrap(), text, "{name}");
        }
    }
}

#[test]
fn every_byte_comes_back() {
    let all: Vec<u8> = (0..=255).collect();
    assert_eq!(bytes_of(&windows(&all)), Ok(all.clone()));
    assert_eq!(bytes_of(&latin1(&all)), Ok(all));
}

#[test]
fn real_words_are_read() {
    let cases = [
        (Encoding::Tcvn3, "Tæng côc Thèng kª", "Tổng cục Thống kê"),
        (Encoding::Tcvn3, "“Hµ Néi” – 5\u{A0}%", "“Hà Nội” – 5\u{A0}%"),
        (Encoding::Vni, "Ñaøo ñaát coâng trình", "Đào đất công trình"),
        (Encoding::Vni, "“Ñöôøng” – 2°", "“Đường” – 2°"),
        (Encoding::Vps, "ViŒt Nam", "Việt Nam"),
        (Encoding::Vps, "Vi\u{8C}t Nam", "Việt Nam"),
        (Encoding::Windows1258, "Vi\u{EA}\u{F2}t Nam", "Việt Nam"),
    ];
    for (encoding, taken, expect) in cases {
        assert_eq!(reread(taken, encoding).unwrap(), expect, "{taken}");
    }
}

#[test]
fn what_cannot_be_read_is_refused_with_its_place() {
    use RereadError::{Malformed, NoByte, TwoWays};
    let malformed = |encoding, character| Malformed { encoding, character };
    let cases = [
        (Encoding::Tcvn3, "Đà Nẵng", NoByte { character: 1 }),
        (Encoding::Vni, "Haø Nội", NoByte { character: 6 }),
        (Encoding::Vps, "Vi\u{8C}t “Nam", TwoWays { character: 6 }),
        (Encoding::Vps, "“Vi\u{8C}t", TwoWays { character: 4 }),
        (Encoding::Vni, "aø bý", malformed(Encoding::Vni, 5)),
        (Encoding::Tcvn3, "“Hµ” Nÿ", malformed(Encoding::Tcvn3, 7)),
        (Encoding::Windows1258, "a\u{90}", malformed(Encoding::Windows1258, 2)),
    ];
    for (encoding, taken, expect) in cases {
        assert_eq!(reread(taken, encoding), Err(expect), "{taken}");
    }
}

#[test]
fn plain_text_is_not_copied() {
    for encoding in Encoding::LEGACY {
        assert!(matches!(reread("H22.1-3", encoding), Ok(Cow::Borrowed("H22.1-3"))));
    }
    assert!(matches!(reread("Hồ sơ", Encoding::Utf8), Ok(Cow::Borrowed("Hồ sơ"))));
    assert_eq!(
        decode(b"\x05", Encoding::Viscii).unwrap(),
        reread("\u{5}", Encoding::Viscii).unwrap()
    );
}
