use std::collections::BTreeMap;

use proptest::prelude::*;

use super::{Keep, Learner};
use crate::{Format, Node, Shape, sample};

fn at<'s>(shape: &'s Shape, name: &str) -> &'s Node {
    &shape.root.members[name]
}

fn learned(items: &[&str]) -> Shape {
    sample::learned(Format::Json, items)
}

#[test]
fn absence_null_and_blank_are_counted() {
    let shape = learned(&[r#"{"a":"x"}"#, r#"{"a":null}"#, r#"{"a":" "}"#, "{}"]);
    let node = at(&shape, "a");
    let text = node.text.as_ref().unwrap();
    assert_eq!((node.occasions, node.absent, node.null), (4, 1, 1));
    assert_eq!((text.count, text.blank, text.chars_min, text.chars_max), (2, 1, 1, 1));
}

#[test]
fn lengths_are_characters_and_forms_are_counted() {
    let shape = learned(&[r#"{"a":"Đường"}"#, r#"{"a":"03/06/2025"}"#, r#"{"a":"12"}"#]);
    let text = at(&shape, "a").text.as_ref().unwrap();
    assert_eq!((text.chars_min, text.chars_max), (2, 10));
    assert!(text.alphabet.beyond_ascii && !text.alphabet.not_composed);
    let forms: Vec<_> = text.forms.iter().map(|(name, count)| (&**name, *count)).collect();
    assert_eq!(forms, [("date:%d/%m/%Y", 1), ("integer", 1), ("max-chars:5", 2)]);
}

#[test]
fn numbers_have_an_exact_range() {
    let shape = learned(&[r#"{"a":1e2}"#, r#"{"a":-0.50}"#, r#"{"a":7}"#]);
    let number = at(&shape, "a").number.as_ref().unwrap();
    assert_eq!((number.count, number.whole, number.chars_max), (3, 1, 5));
    assert_eq!(number.range, Some(("-0.5".into(), "100".into())));
}

#[test]
fn lists_have_lengths_and_one_kind_of_element() {
    let shape = learned(&[r#"{"a":[]}"#, r#"{"a":[{"b":1},{"b":2},{}]}"#]);
    let list = at(&shape, "a").list.as_ref().unwrap();
    assert_eq!((list.count, list.len_min, list.len_max), (2, 0, 3));
    assert_eq!((list.element.occasions, list.element.members["b"].absent), (3, 1));
}

#[test]
fn values_that_repeat_like_codes_are_kept() {
    let items: Vec<String> =
        (0..24).map(|nth| format!(r#"{{"s":"{}","id":"x{nth}"}}"#, nth % 4)).collect();
    let shape = sample::learned(Format::Json, &items);
    let codes = at(&shape, "s").text.as_ref().unwrap().values.as_ref().unwrap();
    assert_eq!(codes.keys().map(|code| &**code).collect::<Vec<_>>(), ["0", "1", "2", "3"]);
    assert_eq!(at(&shape, "id").text.as_ref().unwrap().values, None);
}

#[test]
fn few_values_of_few_items_and_values_of_a_year_are_no_codes() {
    let few: Vec<String> = (0..19).map(|_| r#"{"a":"x"}"#.to_owned()).collect();
    assert_eq!(at(&sample::learned(Format::Json, &few), "a").text.as_ref().unwrap().values, None);
    let years: Vec<String> = (0..90).map(|nth| format!(r#"{{"a":"202{}-01"}}"#, nth % 2)).collect();
    assert_eq!(at(&sample::learned(Format::Json, &years), "a").text.as_ref().unwrap().values, None);
}

#[test]
fn no_value_of_a_person_is_kept() {
    let item = r#"{"hoTen":"An","khac":"Nguyễn Văn Mẫu","so":"000000000101","m":"mau@example.vn",
      "dienThoai":900000101,"id":900000000101,"personal":"secret","contact":{"x":"An"}}"#;
    let (probes, keep) = (sample::probes(), |names: &[&str]| match names {
        ["personal"] => Keep::Nothing,
        _ => Keep::Codes,
    });
    let mut learner = Learner::new("a/b", Format::Json, &probes, &keep);
    for _ in 0..50 {
        learner.observe(item.as_bytes()).unwrap();
    }
    let text = learner.shape().to_toml();
    for value in ["An", "Nguyễn", "000000000101", "mau@", "900000101", "900000000101", "secret"] {
        assert!(!text.contains(&format!("\"{value}")), "{value} in {text}");
    }
}

#[test]
fn more_values_than_a_code_list_has_are_not_kept() {
    let shape = |values: usize| {
        let items: Vec<String> =
            (0..300).map(|nth| format!(r#"{{"a":"c{}"}}"#, nth % values)).collect();
        sample::learned(Format::Json, &items)
    };
    let kept =
        |shape: &Shape| at(shape, "a").text.as_ref().unwrap().values.as_ref().map(BTreeMap::len);
    assert_eq!(kept(&shape(64)), Some(64));
    assert_eq!(kept(&shape(65)), None);
}

#[test]
fn an_object_with_too_many_names_is_a_map() {
    let shape = learned(&[&sample::wide(0..200), &sample::wide(150..400)]);
    assert!(shape.root.members.is_empty());
    let others = shape.root.others.as_ref().unwrap();
    assert_eq!(others.present(), 450);
    assert_eq!(others.number.as_ref().unwrap().range, None);
}

#[test]
fn names_that_are_keys_never_stand_in_a_shape() {
    let shape = learned(&[r#"{"a":{"000000000101":{"ok":true}}}"#, r#"{"a":{"x":{"ok":false}}}"#]);
    let others = at(&shape, "a").others.as_ref().unwrap();
    assert_eq!(others.members["ok"].boolean, 2);
    assert!(!shape.to_toml().contains("101"));
}

#[test]
fn places_are_bounded() {
    let inner = sample::wide(0..240);
    let members: Vec<String> = (0..20).map(|nth| format!("\"m{nth}\":{inner}")).collect();
    let shape = learned(&[&format!("{{{}}}", members.join(","))]);
    assert!(shape.root.places() <= 2000, "{}", shape.root.places());
}

#[test]
fn an_item_that_cannot_be_read_is_not_counted() {
    let (probes, keep) = (sample::probes(), |_: &[&str]| Keep::Repeated);
    let mut learner = Learner::new("a/b", Format::Json, &probes, &keep);
    assert!(learner.observe(b"{").is_err());
    assert_eq!(learner.shape().items, 0);
}

proptest! {
    #[test]
    fn learning_all_is_learning_parts_and_merging(
        items in sample::items(0..12), at in 0_usize..12, wide in 0_usize..200,
    ) {
        let mut items = items;
        // Sometimes wide enough together to become a map.
        items.push(sample::wide(0..wide));
        items.push(sample::wide(100..100 + wide));
        let (probes, keep) = (sample::probes(), |_: &[&str]| Keep::Repeated);
        let learn = |items: &[String]| {
            let mut learner = Learner::new("test/feed", Format::Json, &probes, &keep);
            for item in items {
                learner.observe(item.as_bytes()).unwrap();
            }
            learner
        };
        let (one, other) = items.split_at(at.min(items.len()));
        let mut merged = learn(one);
        merged.merge(&learn(other));
        prop_assert_eq!(merged.shape(), learn(&items).shape());
    }
}
