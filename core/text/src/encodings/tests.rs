//! Tests of the legacy encodings against what other programs read and write.

use std::collections::BTreeMap;

use unicode_normalization::UnicodeNormalization as _;

use crate::oracle::{has_glibc_iconv, iconv, iconv_to, letters, random_text, table};
use crate::{DecodeError, Encoding, decode};

const VNI: &str = include_str!("../encoding/vni.table");
const VPS: &str = include_str!("../encoding/vps.table");

#[test]
fn there_are_134_letters_with_marks() {
    let letters = letters();
    assert_eq!(letters.len(), 134);
    assert!(letters.iter().all(|letter| letter.to_string().nfc().eq([*letter])));
}

#[test]
fn viscii_reads_what_glibc_reads() {
    for (bytes, expect) in table(include_str!("../encoding/viscii.table")) {
        assert_eq!(decode(&bytes, Encoding::Viscii).unwrap(), expect.unwrap(), "{bytes:02X?}");
    }
}

#[test]
fn vps_and_vni_read_what_viparse_reads() {
    for (encoding, rows) in [(Encoding::Vps, table(VPS)), (Encoding::Vni, table(VNI))] {
        for (bytes, expect) in rows {
            assert_eq!(decode(&bytes, encoding).unwrap(), expect.unwrap(), "{bytes:02X?}");
        }
    }
}

#[test]
fn every_letter_is_there_once() {
    for (encoding, rows) in [(Encoding::Vps, table(VPS)), (Encoding::Vni, table(VNI))] {
        let mut ways: BTreeMap<char, usize> = BTreeMap::new();
        for (_, text) in rows {
            *ways.entry(text.unwrap().chars().next().unwrap()).or_default() += 1;
        }
        for letter in letters() {
            // VNI: the signs of their own beside the letter with its mark.
            let most =
                if encoding == Encoding::Vni && "ìíỵÌÍỴ".contains(letter) { 2 } else { 1 };
            assert!((1..=most).contains(&ways[&letter]), "{} {letter}", encoding.name());
        }
    }
}

/// Encodes by a table that was not made from our code; of several ways the shortest.
fn written(rows: &str, text: &str) -> Vec<u8> {
    let mut by_text: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    for (bytes, text) in table(rows) {
        let place = by_text.entry(text.unwrap()).or_insert_with(|| bytes.clone());
        if bytes.len() < place.len() {
            *place = bytes;
        }
    }
    let letter = |letter: char| match by_text.get(&letter.to_string()) {
        Some(bytes) => bytes.clone(),
        None => vec![u8::try_from(letter).unwrap()],
    };
    text.chars().flat_map(letter).collect()
}

#[test]
fn text_written_by_other_tables_is_read_back() {
    let text = random_text(&letters(), 40_000);
    for (encoding, rows) in [(Encoding::Vps, VPS), (Encoding::Vni, VNI)] {
        let bytes = written(rows, &text);
        assert!(bytes.len() >= 40_000);
        assert_eq!(decode(&bytes, encoding).unwrap(), text, "{}", encoding.name());
    }
}

#[test]
fn text_written_by_iconv_is_read_back() {
    if !has_glibc_iconv() {
        return;
    }
    // VN3 has no capitals with tone marks; iconv writes those of VN1.
    let of_vn3 = |letter: &char| letter.is_lowercase() || "ĂÂÊÔƠƯĐ".contains(*letter);
    let cases: [(&str, Encoding, Vec<char>); 3] = [
        ("TCVN5712-1", Encoding::Tcvn3, letters().into_iter().filter(of_vn3).collect()),
        ("CP1258", Encoding::Windows1258, letters()),
        ("VISCII", Encoding::Viscii, letters()),
    ];
    for (name, encoding, letters) in cases {
        let text = random_text(&letters, 40_000);
        let bytes = iconv_to(name, &text).unwrap();
        assert_eq!(iconv(name, &bytes).unwrap(), text, "{name} of iconv itself");
        assert_eq!(decode(&bytes, encoding).unwrap(), text, "{name}");
    }
}

#[test]
fn vni_marks_belong_to_the_letter_before_them() {
    let cases: [(&[u8], &str); 6] = [
        (b"A\xF9o d\xE0i", "Áo d"),
        (b"a\xD9", "á"),
        (b"\xD6\xD9c, \xF6\xF9c", "Ức, ức"),
        (b"ch\xEE, ch\x79\xEF", "chỵ, chỵ"),
        (b"k\xFC", "k"),
        (b"o\xEA", "o"),
    ];
    for (bytes, expect) in cases {
        let read = decode(bytes, Encoding::Vni);
        let good = usize::try_from(read.as_ref().err().map_or(0, DecodeError::offset)).unwrap();
        let text = match &read {
            Ok(text) => text.to_string(),
            Err(_) => decode(&bytes[..good], Encoding::Vni).unwrap().into_owned(),
        };
        assert_eq!(text, expect, "{bytes:02X?}");
        assert_eq!(read.is_err(), good > 0, "{bytes:02X?}");
    }
}

#[test]
fn vni_bytes_without_a_sign_are_refused_with_their_place() {
    for byte in [0x81, 0x8D, 0x8F, 0x90, 0x9D, 0xC7, 0xD0, 0xDD, 0xDE, 0xDF, 0xF0, 0xFD, 0xFE] {
        let refused = DecodeError::Malformed { encoding: Encoding::Vni, offset: 2 };
        assert_eq!(decode(&[b'a', b' ', byte], Encoding::Vni), Err(refused), "{byte:02X}");
    }
}

#[test]
fn letters_in_the_place_of_control_characters_are_read() {
    let cases = [
        (Encoding::Viscii, b"S\x05N S\x06N", "SẴN SẪN"),
        (Encoding::Vps, b"H\x02 L\x10CH", "HẠ LỊCH"),
    ];
    for (encoding, bytes, expect) in cases {
        assert_eq!(decode(bytes, encoding).unwrap(), expect);
        assert!(!encoding.is_plain(bytes));
        assert!(encoding.is_plain(b"a\tb\r\n"));
    }
}
