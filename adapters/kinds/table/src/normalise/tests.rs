//! What is one text and what is two.

use super::{comparable, tidy};

#[test]
fn ways_to_write_one_label_are_one() {
    let cases = [
        ("Công nghiệp chế biến , chế tạo", "công nghiệp chế biến, chế tạo"),
        ("Thuỷ sản", "thủy sản"),
        ("Văn hoá,\n giải trí  và du lịch ", "văn hóa, giải trí và du lịch"),
        ("CHỈ SỐ GIÁ\u{A0}VÀNG", "chỉ số giá vàng"),
        ("Tháng 3 năm 2001 so với :", "tháng 3 năm 2001 so với:"),
        ("tấm ( trừ gỗ )", "tấm (trừ gỗ)"),
        ("Gia\u{301}o du\u{323}c", "giáo dục"),
        ("zero\u{200B}width", "zerowidth"),
        ("", ""),
    ];
    for (written, expected) in cases {
        assert_eq!(comparable(written), expected, "{written}");
        assert_eq!(comparable(expected), expected, "comparable text is its own");
    }
}

#[test]
fn tidy_text_keeps_its_letters() {
    assert_eq!(tidy("  Hàng hoá \n và DỊCH VỤ  khác"), "Hàng hoá và DỊCH VỤ khác");
}
