//! Look-ups with and without folding, and the nearest codes.

use super::Codes;

fn codes(fold: bool, pairs: &[(&str, &str)]) -> Codes {
    let mut codes = Codes::new("codes/status", fold);
    for (source, national) in pairs {
        assert!(codes.add(source, national).is_none(), "{source} is there twice");
    }
    codes
}

#[test]
fn codes_are_exact_unless_they_fold() {
    let mut spare = String::new();
    let exact = codes(false, &[("MOI", "1"), ("01", "2")]);
    assert_eq!(exact.national("MOI", &mut spare), Some("1"));
    for unknown in ["moi", "MOI ", "1", "", "001"] {
        assert_eq!(exact.national(unknown, &mut spare), None, "{unknown:?}");
    }
    let folding = codes(true, &[("Đang  xử lý", "4")]);
    for known in
        ["ĐANG XỬ LÝ", " đang xử\u{a0}lý ", "Đang xử ly\u{301}", "Đang xử\u{3000}lý\u{200b}"]
    {
        assert_eq!(folding.national(known, &mut spare), Some("4"), "{known:?}");
    }
    assert_eq!(folding.national("Dang xu ly", &mut spare), None);
    let folding = codes(true, &[("Hủy", "9"), ("Hoà giải", "8")]);
    for (known, national) in
        [("huỷ", "9"), ("HỦY", "9"), ("hòa giải", "8"), ("Hoa\u{300} giải", "8")]
    {
        assert_eq!(folding.national(known, &mut spare), Some(national), "{known:?}");
    }
}

#[test]
fn a_source_code_is_known_once() {
    let mut list = codes(true, &[("A", "1")]);
    assert_eq!(list.add("a ", "2").map(|pair| &*pair.national), Some("1"));
}

#[test]
fn the_nearest_codes_come_first() {
    let list = codes(false, &[("DTN", "2"), ("DXL", "4"), ("YCBS", "5"), ("DTR", "10")]);
    let names: Vec<&str> = list.nearest("DTX").iter().map(|pair| &*pair.source).collect();
    assert_eq!(names.len(), 3);
    assert!(names.contains(&"DTN") && names.contains(&"DTR"));
    assert!(list.nearest("hoàn toàn khác").is_empty());
}
