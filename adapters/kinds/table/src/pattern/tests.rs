//! What patterns find.

use super::{Dates, Pattern, Texts, dates};

fn found(pattern: &str, text: &str) -> Option<Dates> {
    let pattern = Pattern::new(pattern).unwrap();
    pattern.regex().captures(text).map(|found| dates(&found))
}

#[test]
fn names_stand_for_parts_of_dates() {
    let dates = found("tháng {month} năm {year}", "đô la mỹ tháng chín năm 2012").unwrap();
    assert_eq!((dates.month, dates.year), (Some(9), Some(2012)));
    let dates = found("^{to_month} tháng năm {year}$", "11 tháng năm 2014").unwrap();
    assert_eq!((dates.month, dates.year), (Some(11), Some(2014)));
    let dates = found("quý {quarter} năm {year}", "quý iv năm 2014").unwrap();
    assert_eq!((dates.quarter, dates.month), (Some(4), Some(12)));
    let dates = found("so với tháng {vs_month} năm {vs_year}", "so với tháng 12 năm 2013").unwrap();
    assert_eq!((dates.vs_month, dates.vs_year), (Some(12), Some(2013)));
}

#[test]
fn twelve_is_not_read_as_one() {
    assert_eq!(found("tháng {month}", "tháng 12").unwrap().month, Some(12));
    assert_eq!(found("quý {quarter} ", "quý iii ").unwrap().quarter, Some(3));
}

#[test]
fn either_habit_of_tone_placement_may_be_written() {
    let pattern = Pattern::new("thuỷ sản").unwrap();
    assert!(pattern.is_in("khai thác thủy sản"));
}

#[test]
fn unwanted_texts_win_over_wanted_ones() {
    let pattern = |text| Pattern::new(text).unwrap();
    let texts =
        Texts { any_of: vec![pattern("chỉ số")], none_of: vec![pattern("địa phương")] };
    assert!(texts.fit("chỉ số giá"));
    assert!(!texts.fit("chỉ số giá theo địa phương"));
    assert!(!texts.fit("giá"));
}

#[test]
fn a_bad_pattern_says_what_is_wrong() {
    #[derive(serde::Deserialize, Debug)]
    struct Holder {
        #[expect(dead_code, reason = "only its refusal is looked at")]
        pattern: Pattern,
    }
    let error = serde_json::from_str::<Holder>(r#"{"pattern": "tháng (năm"}"#).unwrap_err();
    assert!(error.to_string().contains("unclosed group"), "{error}");
}
