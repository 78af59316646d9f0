//! Tests of detection.

use super::{Detection, Detector, Guess, reread_detected};
use crate::Encoding;
use crate::oracle::{has_glibc_iconv, iconv_to};

const TEXT: &str = "Ủy ban nhân dân tỉnh tiếp nhận hồ sơ đăng ký thành lập doanh nghiệp và trả kết \
                    quả giải quyết thủ tục hành chính đúng thời hạn quy định";

fn detect(bytes: &[u8]) -> Detection {
    let mut detector = Detector::new();
    for piece in bytes.chunks(7) {
        detector.feed(piece);
    }
    detector.finish()
}

#[test]
fn what_iconv_writes_is_known() {
    if !has_glibc_iconv() {
        return;
    }
    let small = TEXT.to_lowercase();
    let cases = [
        ("TCVN5712-1", Encoding::Tcvn3, &*small),
        ("CP1258", Encoding::Windows1258, TEXT),
        ("VISCII", Encoding::Viscii, TEXT),
        ("UTF-8", Encoding::Utf8, TEXT),
    ];
    for (name, encoding, text) in cases {
        let bytes = iconv_to(name, text).unwrap();
        assert_eq!(detect(&bytes).decided(), Some(encoding), "{name}");
        let taken: String = match encoding {
            Encoding::Utf8 => text.to_owned(),
            _ => bytes.iter().copied().map(char::from).collect(),
        };
        let (read, detection) = reread_detected(&taken).unwrap();
        assert_eq!(read, text, "{name}");
        assert!(detection.best.is_some_and(|best| best.confidence < 1.0), "words are no proof");
        assert_eq!(detection.decided(), Some(encoding), "{name}");
    }
}

#[test]
fn real_values_are_read() {
    let cases = [
        ("Tæng côc Thèng kª", "Tổng cục Thống kê", Encoding::Tcvn3),
        ("Ñaøo ñaát coâng trình", "Đào đất công trình", Encoding::Vni),
        ("Nguyeãn Vaên An", "Nguyễn Văn An", Encoding::Vni),
        ("Nguyễn Văn An", "Nguyễn Văn An", Encoding::Utf8),
        (
            "Nguye\u{302}\u{303}n Va\u{306}n An",
            "Nguye\u{302}\u{303}n Va\u{306}n An",
            Encoding::Utf8,
        ),
        ("H22.1/2024", "H22.1/2024", Encoding::Utf8),
    ];
    for (text, expect, encoding) in cases {
        let (read, detection) = reread_detected(text).unwrap();
        assert_eq!(read, expect);
        let best = detection.best.map_or(Encoding::Utf8, |best| best.encoding);
        assert_eq!(best, encoding, "{text}");
    }
}

/// Readings that are equal are one: it does not matter which encoding it was.
#[test]
fn what_reads_alike_in_several_encodings_is_read() {
    let (read, detection) = reread_detected("Hà Tân").unwrap();
    assert_eq!(read, "Hà Tân");
    assert_eq!(detection.best.map(|best| best.encoding), Some(Encoding::Utf8));
    // For a whole file it does matter, because other words of it will differ.
    assert_eq!(detect(b"H\xE0 T\xE2n").decided(), None);
}

#[test]
fn what_could_be_several_things_is_refused_with_both() {
    // `mµu`: màu in TCVN3; `ß` and the like are letters elsewhere.
    for text in ["Bµ", "c\u{f3}", "h\u{f4}"] {
        match reread_detected(text) {
            Err(detection) => {
                assert_eq!(detection.decided(), None, "{text}");
                assert!(detection.best.is_some() && detection.next.is_some(), "{text}");
            }
            Ok((read, detection)) => assert_eq!(read, text, "{detection}"),
        }
    }
}

#[test]
fn other_languages_are_not_made_vietnamese() {
    let texts = [
        "Müller, Größe, Straße, für, über, schön",
        "Français, élève, été, garçon, forêt, où",
        "São João, coração, informação, não",
        "año señor niño español también",
    ];
    for text in texts {
        let latin1: Vec<u8> = text.chars().map(|letter| u8::try_from(letter).unwrap()).collect();
        assert_eq!(detect(&latin1).decided(), None, "{text}");
        if let Ok((read, _)) = reread_detected(text) {
            assert_eq!(read, text);
        }
    }
}

#[test]
fn a_byte_order_mark_says_it_and_ascii_says_nothing() {
    for (bytes, encoding) in [
        (b"\xEF\xBB\xBFabc".as_slice(), Some(Encoding::Utf8)),
        (b"\xFF\xFEa\0b\0", Some(Encoding::Utf16)),
        (b"only ASCII, 123", None),
        (b"", None),
    ] {
        assert_eq!(detect(bytes).decided(), encoding);
    }
    assert_eq!(detect(b"only ASCII, 123").words, 0);
}

#[test]
fn the_answer_is_shown_and_never_rounded_up() {
    let guess = |encoding, confidence| Some(Guess { encoding, confidence });
    let detection = Detection {
        best: guess(Encoding::Vni, 0.9799),
        next: guess(Encoding::Tcvn3, 0.0201),
        words: 3,
    };
    assert_eq!(detection.to_string(), "vni 0.97, then tcvn3 0.02");
    assert_eq!(detection.decided(), None);
}

#[test]
fn a_repeated_word_is_counted_once() {
    let once = reread_detected("Bµ").map(|_| ());
    let often = reread_detected(&"Bµ ".repeat(50)).map(|_| ());
    assert_eq!(once, often);
}
