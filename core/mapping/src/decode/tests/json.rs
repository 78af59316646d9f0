//! The JSON decoder against a tree of its own kind, so that numbers keep their text.

use std::fmt::Write as _;

use proptest::prelude::*;

use super::{Found, decoded, number, picked, text, values};
use crate::Input;
use crate::decode::{DEPTH_MAX, Fault};
use crate::path::{Key, Path, Step};
use crate::slots::Unfit;

#[derive(Clone, Debug)]
enum Doc {
    Null,
    Bool(bool),
    Number(String),
    Text(String),
    List(Vec<Doc>),
    Object(Vec<(String, Doc)>),
}

impl Doc {
    fn leaf(&self) -> Found {
        match self {
            Self::Null => Found::Null,
            Self::Bool(is) => Found::Bool(*is),
            Self::Number(text) => Found::Number(text.clone()),
            Self::Text(text) => Found::Text(text.clone()),
            Self::List(_) => Found::Unfit(Unfit::List),
            Self::Object(_) => Found::Unfit(Unfit::Object),
        }
    }

    /// The value as a list: a single value is a list of one.
    fn elements(&self) -> Vec<&Doc> {
        match self {
            Self::Null => Vec::new(),
            Self::Text(text) if text.is_empty() => Vec::new(),
            Self::List(elements) => elements.iter().collect(),
            single => vec![single],
        }
    }

    fn member(&self, name: &str) -> Result<Option<&Doc>, Unfit> {
        match self {
            Self::Null => Ok(None),
            Self::Object(members) => {
                Ok(members.iter().find(|(known, _)| known == name).map(|(_, value)| value))
            }
            Self::List(_) => Err(Unfit::List),
            _ => Err(Unfit::Scalar),
        }
    }

    fn find(&self, steps: &[Step]) -> Found {
        let Some((first, rest)) = steps.split_first() else { return self.leaf() };
        if let Step::Name(name) = first {
            return match self.member(name) {
                Ok(None) => Found::Missing,
                Ok(Some(value)) => value.find(rest),
                Err(why) => Found::Unfit(why),
            };
        }
        match *picked(first, &self.elements(), key) {
            [] => Found::Missing,
            [element] => element.find(rest),
            _ => Found::Unfit(Unfit::Several),
        }
    }

    /// The rows of a list, or what stands in the way.
    fn rows(&self, steps: &[Step]) -> Result<Vec<&Doc>, Unfit> {
        let Some((first, rest)) = steps.split_first() else { return Ok(self.elements()) };
        if let Step::Name(name) = first {
            let is_empty = matches!(self, Self::Text(text) if text.is_empty());
            return match self.member(name) {
                Err(_) if is_empty => Ok(Vec::new()),
                Ok(None) => Ok(Vec::new()),
                Ok(Some(value)) => value.rows(rest),
                Err(why) => Err(why),
            };
        }
        match *picked(first, &self.elements(), key) {
            [element, ..] => element.rows(rest),
            [] => Ok(Vec::new()),
        }
    }

    /// Writes the value as JSON; the seed says which of the allowed spellings.
    fn write(&self, seed: &mut u32, out: &mut String) {
        match self {
            Self::Null => out.push_str("null"),
            Self::Bool(is) => out.push_str(if *is { "true" } else { "false" }),
            Self::Number(text) => out.push_str(text),
            Self::Text(text) => write_text(text, seed, out),
            Self::List(elements) => {
                out.push('[');
                for (index, element) in elements.iter().enumerate() {
                    out.push_str(if index > 0 { "," } else { "" });
                    blank(seed, out);
                    element.write(seed, out);
                }
                out.push(']');
            }
            Self::Object(members) => {
                out.push('{');
                for (index, (name, value)) in members.iter().enumerate() {
                    out.push_str(if index > 0 { ", " } else { "" });
                    write_text(name, seed, out);
                    out.push(':');
                    blank(seed, out);
                    value.write(seed, out);
                }
                out.push('}');
            }
        }
    }
}

fn key(element: &Doc, key: &Key) -> Found {
    match key {
        Key::Name(name) => element.find(&[Step::Name(name.clone())]),
        Key::Attribute(_) => Found::Missing,
    }
}

fn next(seed: &mut u32) -> u32 {
    *seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
    *seed >> 24
}

fn blank(seed: &mut u32, out: &mut String) {
    out.push_str(["", " ", "\n\t", "\r\n"][next(seed) as usize % 4]);
}

fn write_text(text: &str, seed: &mut u32, out: &mut String) {
    out.push('"');
    for letter in text.chars() {
        let is_odd = matches!(letter, '"' | '\\') || letter < ' ';
        if is_odd || next(seed) < 40 {
            for unit in letter.encode_utf16(&mut [0; 2]) {
                write!(out, "\\u{unit:04x}").unwrap();
            }
        } else {
            out.push(letter);
        }
    }
    out.push('"');
}

fn any_text() -> impl Strategy<Value = String> {
    prop_oneof!["[a-c1x]{0,2}", "\\PC{0,6}", "[ạ̣\u{1F600}\"\\\\\n\u{0}é]{0,5}"]
}

fn any_doc() -> impl Strategy<Value = Doc> {
    let leaf = prop_oneof![
        Just(Doc::Null),
        any::<bool>().prop_map(Doc::Bool),
        "-?(0|[1-9][0-9]{0,25})(\\.[0-9]{1,9})?([eE][+-]?[0-9]{1,2})?".prop_map(Doc::Number),
        any_text().prop_map(Doc::Text),
    ];
    leaf.prop_recursive(4, 40, 4, |inner| {
        let name = prop_oneof![9 => "[a-c]", 1 => any_text()];
        let members = proptest::collection::btree_map(name, inner.clone(), 0..5);
        let objects = members.prop_map(|members| Doc::Object(members.into_iter().collect()));
        let lists = proptest::collection::vec(inner, 0..4).prop_map(Doc::List);
        prop_oneof![3 => objects, 1 => lists]
    })
}

pub(super) fn any_steps(is_xml: bool) -> impl Strategy<Value = Vec<Step>> {
    let name = "[a-c]".prop_map(|name| Step::Name(name.into()));
    let by = ("[a-c]", "[1x]|true").prop_map(move |(key, value)| Step::Where {
        key: if is_xml && &*value == "x" {
            Key::Attribute(key.into())
        } else {
            Key::Name(key.into())
        },
        value: value.into(),
    });
    let select = prop_oneof![(0_u32..3).prop_map(Step::Index), by];
    let step = (name, proptest::option::weighted(0.3, select));
    proptest::collection::vec(step, 1..4).prop_map(|steps| {
        steps.into_iter().flat_map(|(name, select)| [Some(name), select]).flatten().collect()
    })
}

fn paths(steps: &[Vec<Step>]) -> Vec<Path> {
    steps.iter().map(|steps| Path { steps: steps.clone() }).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn paths_find_what_a_walk_over_the_tree_finds(
        doc in any_doc(),
        steps in proptest::collection::vec(any_steps(false), 1..6),
        seed in any::<u32>(),
    ) {
        let mut item = String::new();
        doc.write(&mut { seed }, &mut item);
        let (own, _) = decoded(Input::Json, &paths(&steps), &[], &item).unwrap();
        for (steps, found) in steps.iter().zip(own) {
            prop_assert_eq!(found, doc.find(steps), "{:?} in {}", steps, item);
        }
    }

    #[test]
    fn lists_give_a_row_for_each_element(
        doc in any_doc(),
        own in any_steps(false),
        each in proptest::collection::vec((any_steps(false), any_steps(false)), 1..3),
        seed in any::<u32>(),
    ) {
        let mut item = String::new();
        doc.write(&mut { seed }, &mut item);
        let lists: Vec<_> = each
            .iter()
            .map(|(list, inner)| (Path { steps: list.clone() }, Path { steps: inner.clone() }))
            .collect();
        let own = [own];
        let expected: Result<Vec<Vec<&Doc>>, Unfit> =
            each.iter().map(|(list, _)| doc.rows(list)).collect();
        match (decoded(Input::Json, &paths(&own), &lists, &item), expected) {
            (Ok((values, rows)), Ok(expected)) => {
                prop_assert_eq!(&values[0], &doc.find(&own[0]));
                for (((_, inner), rows), expected) in each.iter().zip(rows).zip(expected) {
                    let expected: Vec<Found> = expected.iter().map(|row| row.find(inner)).collect();
                    prop_assert_eq!(rows, expected, "{}", item);
                }
            }
            (Err(Fault::OnTheWay { .. }), Err(_)) => {}
            (got, expected) => prop_assert!(false, "{:?} {:?} in {}", got, expected, item),
        }
    }

    #[test]
    fn what_is_no_json_is_refused(item in "[\\[\\]{}\",:a-c0-9.eE+\\\\ u-]{0,30}|\\PC{0,40}") {
        let is_json = serde_json::from_str::<serde_json::Value>(&item).is_ok();
        let read = values(Input::Json, &["a", "b.c", "a[0]", "."], &item);
        // Numbers too big for a float are no fault here, and duplicates are.
        match read {
            Ok(_) => prop_assert!(is_json || item.contains(['e', 'E']), "{} is read", item),
            Err(Fault::Duplicate { .. }) => {}
            Err(fault) => prop_assert!(!is_json, "{} is refused: {:?}", item, fault),
        }
    }

    #[test]
    fn random_bytes_never_panic(item in proptest::collection::vec(any::<u8>(), 0..60)) {
        let item = String::from_utf8_lossy(&item);
        let _read = values(Input::Json, &["a", "b[0].c", "."], &item);
    }
}

#[test]
fn numbers_keep_every_digit() {
    let item = r#"{"a":12345678901234567890123.4500,"b":1e2,"c":-0.0,"d":1E+400}"#;
    let found = values(Input::Json, &["a", "b", "c", "d"], item).unwrap();
    let expected = ["12345678901234567890123.4500", "1e2", "-0.0", "1E+400"].map(number);
    assert_eq!(found, expected);
}

#[test]
fn a_name_that_is_sometimes_a_list_is_read_either_way() {
    let paths = ["name", "name[languageId=228].name", "name[0].name"];
    let cases = [
        (r#"{"name":"Mới"}"#, [text("Mới"), Found::Missing, Found::Unfit(Unfit::Scalar)]),
        (
            r#"{"name":[{"languageId":46,"name":"New"},{"languageId":228,"name":"Mới"}]}"#,
            [Found::Unfit(Unfit::List), text("Mới"), text("New")],
        ),
        (
            r#"{"name":[{"languageId":228,"name":"1"},{"languageId":"228","name":"2"}]}"#,
            [Found::Unfit(Unfit::List), Found::Unfit(Unfit::Several), text("1")],
        ),
        (r#"{"name":null}"#, [Found::Null, Found::Missing, Found::Missing]),
        ("{}", [Found::Missing, Found::Missing, Found::Missing]),
    ];
    for (item, expected) in cases {
        assert_eq!(values(Input::Json, &paths, item).unwrap(), expected, "{item}");
    }
}

#[test]
fn a_name_that_must_be_escaped_is_found_only_with_its_escapes() {
    let name = |name: &str| Path { steps: vec![Step::Name(name.into())] };
    let paths = [name("a\"b"), name("c\\"), name("d")];
    let item = "{\"a\\\"b\": 1, \"c\\\\\": 2, \"d\": 3}";
    let (found, _) = decoded(Input::Json, &paths, &[], item).unwrap();
    assert_eq!(found, [number("1"), number("2"), number("3")]);
    for item in ["{\"a\"b\": 1}", "{\"c\\\": 2}", "{\"d\" \"\": 3}"] {
        let read = decoded(Input::Json, &paths, &[], item);
        assert!(matches!(read, Err(Fault::Malformed { .. })), "{item}: {read:?}");
    }
}

#[test]
fn a_name_that_occurs_twice_is_refused() {
    let cases = [r#"{"a":1,"a":1}"#, r#"{"b":{"c":1,"c":2}}"#, r#"{"a":1,"\u0061":2}"#];
    for item in cases {
        let fault = values(Input::Json, &["a", "b.c"], item).unwrap_err();
        assert!(matches!(fault, Fault::Duplicate { .. }), "{item}: {fault:?}");
    }
    assert!(values(Input::Json, &["a"], r#"{"x":1,"x":2,"a":3}"#).is_ok());
}

#[test]
fn malformed_items_tell_where() {
    let cases = [
        ("", 0),
        (r#"{"a":1"#, 6),
        (r#"{"a":1}x"#, 7),
        (r#"{"a":01}"#, 6),
        ("{\n\"a\": nul}", 7),
        (r#"{"a":"\ud800"}"#, 6),
        (r#"{"a":"\ud800A"}"#, 6),
        ("{\"a\":\"\u{1}\"}", 6),
    ];
    for (item, expected) in cases {
        match values(Input::Json, &["a"], item) {
            Err(Fault::Malformed { offset, .. }) => assert_eq!(offset, expected, "{item}"),
            other => panic!("{item}: {other:?}"),
        }
    }
    let unescaped = super::Unescaped::default();
    let latin = super::decode(
        Input::Json,
        &super::Trie { scopes: 1, ..super::Trie::default() },
        b"{\"a\":\"\xe1\"}",
        &unescaped,
        &mut super::Slots::default().recycle(1),
    );
    assert!(matches!(latin, Err(Fault::Malformed { offset: 6, .. })), "{latin:?}");
}

#[test]
fn deep_nesting_is_refused_and_brackets_in_text_are_not() {
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        for (levels, is_fine) in [(DEPTH_MAX, true), (DEPTH_MAX + 1, false), (10_000, false)] {
            let item = format!("{}1{}", open.repeat(levels), close.repeat(levels));
            let read = values(Input::Json, &["b"], &item);
            assert_eq!(!matches!(read, Err(Fault::TooDeep { .. })), is_fine, "{open} {levels}");
        }
    }
    let item = format!("{{\"a\":\"{}\\\"[\"}}", "[{".repeat(500));
    assert!(values(Input::Json, &["b"], &item).is_ok());
}

#[test]
fn a_list_with_too_many_rows_is_refused() {
    let item = format!("[{}1]", "1,".repeat(1 << 18));
    let whole = Path { steps: Vec::new() };
    let lists = [(whole.clone(), whole)];
    let read = decoded(Input::Json, &[], &lists, &item);
    assert_eq!(read.unwrap_err(), Fault::TooManyRows);
}
