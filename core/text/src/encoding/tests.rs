//! Tests of decoding a whole text.

use std::borrow::Cow;

use super::{DecodeError, Encoding, decode, utf8_valid_up_to};
use crate::oracle::{Rows, has_glibc_iconv, iconv, table};
use crate::{tcvn3_char, tcvn3_upper};

fn tcvn5712() -> Rows {
    table(include_str!("tcvn5712.table"))
}

fn cp1258() -> Rows {
    table(include_str!("cp1258.table"))
}

/// The capitals with marks that TCVN 5712 has and VN3 (ABC) has not.
fn is_outside_vn3(byte: u8) -> bool {
    matches!(byte, 0x80..=0x9F | 0xAF | 0xBA | 0xBF..=0xC5 | 0xCD | 0xD9..=0xDB | 0xE0 | 0xF0 | 0xFF)
}

#[test]
fn tcvn3_reads_what_glibc_reads() {
    for (bytes, expect) in tcvn5712() {
        let byte = bytes[0];
        let found = decode(&bytes, Encoding::Tcvn3);
        if is_outside_vn3(byte) {
            let refused = DecodeError::Malformed { encoding: Encoding::Tcvn3, offset: 0 };
            assert_eq!(found, Err(refused), "{byte:02X}");
            assert_eq!(tcvn3_char(byte), None, "{byte:02X}");
        } else {
            assert_eq!(found.unwrap(), expect.unwrap(), "{byte:02X}");
            assert!(tcvn3_char(byte).is_some(), "{byte:02X}");
        }
    }
}

#[test]
fn windows_1258_reads_what_glibc_reads() {
    for (bytes, expect) in cp1258() {
        let found = decode(&bytes, Encoding::Windows1258).ok().map(Cow::into_owned);
        assert_eq!(found, expect, "{bytes:02X?}");
    }
}

#[test]
fn the_tables_are_what_iconv_says() {
    if !has_glibc_iconv() {
        return;
    }
    let viscii = table(include_str!("viscii.table"));
    for (name, rows) in [("TCVN5712-1", tcvn5712()), ("CP1258", cp1258()), ("VISCII", viscii)] {
        assert!(rows.len() >= 128);
        for (bytes, expect) in rows {
            assert_eq!(iconv(name, &bytes), expect, "{name} {bytes:02X?}");
        }
    }
}

#[test]
fn every_letter_with_every_mark_composes_as_in_iconv() {
    if !has_glibc_iconv() {
        return;
    }
    let letters = b"aAeEiIoOuUyYdD";
    let cases: [(&str, Encoding, Vec<u8>, &[u8]); 2] = [
        ("TCVN5712-1", Encoding::Tcvn3, (0xA1..=0xAE).collect(), &[0xB0, 0xB1, 0xB2, 0xB3, 0xB4]),
        (
            "CP1258",
            Encoding::Windows1258,
            vec![0xC2, 0xE2, 0xC3, 0xE3, 0xCA, 0xEA, 0xD4, 0xF4, 0xD5, 0xF5, 0xDD, 0xFD],
            &[0xCC, 0xD2, 0xDE, 0xEC, 0xF2],
        ),
    ];
    for (name, encoding, more, marks) in cases {
        let mut bytes = Vec::new();
        for letter in letters.iter().chain(&more) {
            for mark in marks {
                bytes.extend([*letter, *mark, b' ']);
            }
        }
        assert_eq!(decode(&bytes, encoding).unwrap(), iconv(name, &bytes).unwrap(), "{name}");
    }
}

#[test]
fn real_words_are_read() {
    let cases: [(&[u8], Encoding, &str); 13] = [
        ("\u{FEFF}Hồ sơ".as_bytes(), Encoding::Utf8, "Hồ sơ"),
        (b"T\xE6ng c\xF4c Th\xE8ng k\xAA", Encoding::Tcvn3, "Tổng cục Thống kê"),
        (
            b"C\xE9ng ho\xB5 x\xB7 h\xE9i ch\xF1 ngh\xDCa",
            Encoding::Tcvn3,
            "Cộng hoà xã hội chủ nghĩa",
        ),
        (b"H\xE0 N\xF4\xF2i", Encoding::Windows1258, "Hà Nội"),
        (b"Vi\xEA\xF2t Nam, \xD0\xF4\xCCng Nai", Encoding::Windows1258, "Việt Nam, Đồng Nai"),
        (
            b"CO\xC4NG HO\xD8A XA\xD5 HO\xC4I CHU\xDB NGH\xD3A",
            Encoding::Vni,
            "CỘNG HÒA XÃ HỘI CHỦ NGHĨA",
        ),
        (b"\x93\xD1\xF6\xF4\xF8ng\x94 \x96 2\xB0", Encoding::Vni, "“Đường” – 2°"),
        (b"sa\xFCn co\xF9, che\xE1t v\xEC, chi ph\xED", Encoding::Vni, "sẵn có, chết vì, chi phí"),
        (b"B\xE0 R\xB8a - V\xFBng T\xE0u", Encoding::Viscii, "Bà Rịa - Vũng Tàu"),
        (b"\xF1\xDC\xA9ng ph\xD3, H\xE0 N\xB6i", Encoding::Vps, "Đường phố, Hà Nội"),
        (b"H\0\xD3\x1E", Encoding::Utf16Le, "Hồ"),
        (b"\xFE\xFF\x1E\xD3\xD8\x3D\xDE\x00", Encoding::Utf16, "ồ😀"),
        (b"\xFF\xFE\xD3\x1E", Encoding::Utf16, "ồ"),
    ];
    for (bytes, encoding, expect) in cases {
        assert_eq!(decode(bytes, encoding).unwrap(), expect);
    }
}

#[test]
fn what_cannot_be_read_is_refused_with_its_place() {
    use DecodeError::{Malformed, NoByteOrderMark, Truncated};
    use Encoding::{Tcvn3, Utf8, Utf16, Utf16Be, Utf16Le, Windows1258};
    let cases: [(&[u8], Encoding, DecodeError); 9] = [
        (b"abc\xFFd", Utf8, Malformed { encoding: Utf8, offset: 3 }),
        (b"\xEF\xBB\xBFab\xE1\xBB", Utf8, Truncated { encoding: Utf8, offset: 5 }),
        (b"a\0b", Utf16Le, Truncated { encoding: Utf16Le, offset: 2 }),
        (b"\xFF\xFEa\0\0\xD8b\0", Utf16Le, Malformed { encoding: Utf16Le, offset: 4 }),
        (b"\0a\xDC\0", Utf16Be, Malformed { encoding: Utf16Be, offset: 2 }),
        (b"\0a\xD8\x3D", Utf16Be, Truncated { encoding: Utf16Be, offset: 2 }),
        (b"a\0", Utf16, NoByteOrderMark),
        (b"ab\x90", Windows1258, Malformed { encoding: Windows1258, offset: 2 }),
        (b"abcd\x80", Tcvn3, Malformed { encoding: Tcvn3, offset: 4 }),
    ];
    for (bytes, encoding, expect) in cases {
        assert_eq!(decode(bytes, encoding), Err(expect), "{bytes:02X?}");
    }
}

#[test]
fn text_that_needs_nothing_is_borrowed() {
    for encoding in [Encoding::LEGACY.as_slice(), &[Encoding::Utf8]].concat() {
        assert!(matches!(decode(b"plain", encoding), Ok(Cow::Borrowed("plain"))));
    }
    assert!(matches!(decode("Hồ sơ".as_bytes(), Encoding::Utf8), Ok(Cow::Borrowed("Hồ sơ"))));
}

#[test]
fn names_in_settings_are_those_in_messages() {
    for encoding in Encoding::ALL {
        let written = serde_json::to_string(&encoding).unwrap();
        assert_eq!(written, format!("\"{}\"", encoding.name()));
        assert_eq!(serde_json::from_str::<Encoding>(&written).unwrap(), encoding);
    }
}

#[test]
fn an_h_font_shows_capitals() {
    let shown = decode(b"th\xF5a thi\xAAn hu\xD5", Encoding::Tcvn3).unwrap();
    let capitals: String = shown.chars().map(tcvn3_upper).collect();
    assert_eq!(capitals, "THỪA THIÊN HUẾ");
}

#[test]
fn the_fast_check_of_utf_8_stops_where_the_slow_one_does() {
    for text in ["Hồ sơ".as_bytes(), b"", b"abc\xFFd", b"\xE1\xBB", b"\xED\xA0\x80"] {
        let slow = std::str::from_utf8(text).map_or_else(|error| error.valid_up_to(), str::len);
        assert_eq!(utf8_valid_up_to(text), slow, "{text:02X?}");
    }
}
