//! What fonts make of bytes.

use super::{Doubt, FontText, Run};

fn units(text: &str) -> Vec<u16> {
    text.encode_utf16().collect()
}

#[test]
fn bytes_are_read_as_their_font_shows_them() {
    let cases = [
        (".VnTime", "Ch\u{D8} s\u{E8} gi\u{B8}", "Chỉ số giá"),
        (".VnTimeH", "ch\u{D8} s\u{E8} gi\u{B8}", "CHỈ SỐ GIÁ"),
        (".vnarialh", "\u{AE}\u{AB} la m\u{FC}", "ĐÔ LA MỸ"),
        (".VnTime", "t\u{AD}", "tư"),
        ("Arial", "gi\u{E1}", "giá"),
        // Unicode typed in an old font.
        (".VnArial", "Chỉ số giá", "Chỉ số giá"),
        // TCVN3 with one letter of Unicode in between.
        (".VnArial", "c\u{EF}ng k\u{FA} n\u{103}m", "cùng kỳ năm"),
        // Signs that are no letters stay.
        (".VnTime", "5\u{A0}% \u{2013} 6", "5\u{A0}% \u{2013} 6"),
        ("VNI-Times", "Chæ soá giaù tie\u{E2}u duøng", "Chỉ số giá tiêu dùng"),
        ("VNI-Helve", "COÄNG HOØA", "CỘNG HÒA"),
        ("vni-times", "2\u{B0} \u{2013} \u{201C}\u{F1}o\u{E0}ng\u{201D}", "2° – “đồng”"),
        // Unicode typed in old fonts, with letters that could be bytes.
        (".VnTime", "H\u{E0} T\u{E2}n", "Hà Tân"),
        ("VNI-Times", "Ho\u{E0}i \u{C2}n, B\u{EC}nh", "Hoài Ân, Bình"),
        ("VNI-Times", "Hà Nội", "Hà Nội"),
        ("VNI-Times", "C\u{F4}ng ty m\u{E1}y t\u{ED}nh", "Công ty máy tính"),
        // Plain ASCII is what it is in any of them.
        ("VNI-Times", "CPI 2004", "CPI 2004"),
    ];
    for (font, written, read) in cases {
        let text = FontText::AutoByFont.decode(&units(written), font, &[]).text;
        assert_eq!(text, read, "{font} {written}");
    }
}

#[test]
fn runs_change_the_font_and_need_not_be_in_bounds() {
    let written = units("gi\u{B8}gi\u{B8}gi\u{E1}");
    let runs = [Run { start: 3, font: ".VnTimeH" }, Run { start: 6, font: "Arial" }];
    assert_eq!(FontText::AutoByFont.decode(&written, ".VnTime", &runs).text, "giáGIÁgiá");
    let beyond = [Run { start: 99, font: "Arial" }, Run { start: 2, font: "Arial" }];
    assert_eq!(FontText::AutoByFont.decode(&units("gi\u{B8}"), ".VnTime", &beyond).text, "giá");
}

#[test]
fn unicode_reads_no_font() {
    let read = FontText::Unicode.decode(&units("gi\u{B8}"), ".VnTime", &[]);
    assert_eq!((read.text.as_str(), read.doubt), ("gi\u{B8}", None));
}

#[test]
fn a_letter_and_its_mark_may_stand_in_two_runs() {
    let runs = [Run { start: 3, font: "VNI-Helve" }];
    let read = FontText::AutoByFont.decode(&units("giaù"), "VNI-Times", &runs);
    assert_eq!(read.text, "giá");
    let runs = [Run { start: 3, font: "Arial" }];
    let read = FontText::AutoByFont.decode(&units("giaù"), "VNI-Times", &runs);
    assert_eq!(read.text, "giaù");
}

#[test]
fn what_is_doubtful_is_said_and_never_damaged() {
    let cases = [
        // `giỏ` in TCVN3, `giá` in Unicode.
        (".VnTime", "gi\u{E1}", "giỏ", Some(Doubt::ByFontAlone)),
        // TCVN3 has no 0xFF.
        (".VnTime", "s\u{E8} gi\u{FF}", "số gi\u{FF}", Some(Doubt::Unreadable)),
        ("VNI-Times", "so\u{E1} m\u{FE}", "số m\u{FE}", Some(Doubt::Unreadable)),
        (".VnTime", "s\u{E8} gi\u{B8}", "số giá", None),
        (".VnTime", "VN\u{A7}", "VNĐ", None),
        ("Arial", "gi\u{FF}", "gi\u{FF}", None),
    ];
    for (font, written, text, doubt) in cases {
        let read = FontText::AutoByFont.decode(&units(written), font, &[]);
        assert_eq!((&*read.text, read.doubt), (text, doubt), "{font} {written}");
    }
}
