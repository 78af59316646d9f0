//! Near codes and names, and what is not near.

use super::{candidates, fold};

const KNOWN: [(&str, &str); 8] = [
    ("2", "2"),
    ("2", "Được tiếp nhận"),
    ("4", "4"),
    ("4", "Đang xử lý"),
    ("9", "9"),
    ("9", "Đã xử lý xong"),
    ("10", "10"),
    ("10", "Đã trả kết quả"),
];

#[test]
fn names_are_found_without_their_marks() {
    let found = [
        ("DANG XU LI", &["4"][..]),
        ("Đang  xử lý", &["4"]),
        ("Hồ sơ đang xử lý", &["4"]),
        ("da tra ket qua", &["10"]),
        ("1O", &["10"]),
        ("0", &["10"]),
        ("7", &[]),
        ("hoàn toàn khác", &[]),
        ("", &[]),
    ];
    for (written, expected) in found {
        assert_eq!(candidates(written, KNOWN, 3), expected, "{written:?}");
    }
}

#[test]
fn the_best_come_first_and_not_more_than_asked_for() {
    let known = ["DTN", "DXL", "YCBS", "DTR"].map(|code| (code, code));
    assert_eq!(candidates("DTRR", known, 2), ["DTR", "DTN"]);
    assert_eq!(candidates("dtr", known, 1), ["DTR"]);
}

#[test]
fn folding_knows_every_way_to_write_a_letter() {
    for text in ["Đà Nẵng", "đa\u{300} na\u{306}\u{303}ng", " ÐÀ  NẴNG "] {
        assert_eq!(fold(text), "da nang", "{text:?}");
    }
}
