//! What fonts make of bytes.

use super::{FontText, Run};

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
    ];
    for (font, written, read) in cases {
        let text = FontText::AutoByFont.decode(&units(written), font, &[]);
        assert_eq!(text, read, "{font} {written}");
    }
}

#[test]
fn runs_change_the_font_and_need_not_be_in_bounds() {
    let written = units("gi\u{B8}gi\u{B8}gi\u{E1}");
    let runs = [Run { start: 3, font: ".VnTimeH" }, Run { start: 6, font: "Arial" }];
    assert_eq!(FontText::AutoByFont.decode(&written, ".VnTime", &runs), "giáGIÁgiá");
    let beyond = [Run { start: 99, font: "Arial" }, Run { start: 2, font: "Arial" }];
    assert_eq!(FontText::AutoByFont.decode(&units("gi\u{B8}"), ".VnTime", &beyond), "giá");
}

#[test]
fn unicode_reads_no_font() {
    assert_eq!(FontText::Unicode.decode(&units("gi\u{B8}"), ".VnTime", &[]), "gi\u{B8}");
}
