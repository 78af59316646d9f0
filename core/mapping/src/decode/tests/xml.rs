//! The XML decoder against a tree of elements.

use std::fmt::Write as _;

use proptest::prelude::*;

use super::json::any_steps;
use super::{Found, decoded, picked, text, values};
use crate::Input;
use crate::decode::{DEPTH_MAX, Fault};
use crate::path::{Key, Path, Step};
use crate::slots::Unfit;

#[derive(Clone, Debug, Default)]
struct Element {
    attributes: Vec<(String, String)>,
    children: Vec<Child>,
}

#[derive(Clone, Debug)]
enum Child {
    Text(String),
    Element(String, Element),
}

impl Element {
    fn text(&self) -> String {
        let pieces = self.children.iter().filter_map(|child| match child {
            Child::Text(text) => Some(text.as_str()),
            Child::Element(..) => None,
        });
        pieces.collect()
    }

    fn named(&self, name: &str) -> Vec<&Element> {
        let elements = self.children.iter().filter_map(|child| match child {
            Child::Element(known, element) if known == name => Some(element),
            _ => None,
        });
        elements.collect()
    }

    fn has_elements(&self) -> bool {
        self.children.iter().any(|child| matches!(child, Child::Element(..)))
    }

    /// Text alone, where a path goes on to elements.
    fn is_scalar(&self) -> bool {
        !self.has_elements() && !self.text().trim().is_empty()
    }

    fn find(&self, steps: &[Step]) -> Found {
        match steps {
            [] if self.has_elements() => Found::Unfit(Unfit::Object),
            [] | [Step::OwnText] => Found::Text(self.text()),
            [Step::Attribute(name)] => {
                let found = self.attributes.iter().find(|(known, _)| *known == **name);
                found.map_or(Found::Missing, |(_, value)| text(value))
            }
            [Step::Name(_), ..] if self.is_scalar() => Found::Unfit(Unfit::Scalar),
            [Step::Name(name), select @ (Step::Index(_) | Step::Where { .. }), rest @ ..] => {
                match *picked(select, &self.named(name), key) {
                    [] => Found::Missing,
                    [element] => element.find(rest),
                    _ => Found::Unfit(Unfit::Several),
                }
            }
            [Step::Name(name), rest @ ..] => match *self.named(name) {
                [] => Found::Missing,
                [element] => element.find(rest),
                _ => Found::Unfit(Unfit::Repeated),
            },
            other => panic!("no such path: {other:?}"),
        }
    }

    fn rows(&self, steps: &[Step]) -> Result<Vec<&Element>, Unfit> {
        match steps {
            _ if self.is_scalar() => Err(Unfit::Scalar),
            [Step::Name(name)] => Ok(self.named(name)),
            [Step::Name(name), rest @ ..] => match *self.named(name) {
                [] => Ok(Vec::new()),
                [element] => element.rows(rest),
                _ => Err(Unfit::Repeated),
            },
            other => panic!("no such path: {other:?}"),
        }
    }

    fn write(&self, name: &str, seed: &mut u32, out: &mut String) {
        let prefix = ["", "ns:"][next(seed) as usize % 2];
        write!(out, "<{prefix}{name}").unwrap();
        for (name, value) in &self.attributes {
            let value = value.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;");
            write!(out, " {name}=\"{value}\"").unwrap();
        }
        if self.children.is_empty() && next(seed) < 128 {
            out.push_str("/>");
            return;
        }
        out.push('>');
        for child in &self.children {
            match child {
                Child::Text(text) => write_text(text, seed, out),
                Child::Element(name, element) => element.write(name, seed, out),
            }
            if next(seed) < 30 {
                out.push_str("<!-- <a>x</a> --><?p a?>");
            }
        }
        write!(out, "</{prefix}{name} >").unwrap();
    }
}

fn key(element: &Element, key: &Key) -> Found {
    match key {
        Key::Name(name) => element.find(&[Step::Name(name.clone())]),
        Key::Attribute(name) => element.find(&[Step::Attribute(name.clone())]),
    }
}

fn next(seed: &mut u32) -> u32 {
    *seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
    *seed >> 24
}

fn write_text(text: &str, seed: &mut u32, out: &mut String) {
    if next(seed) < 40 && !text.contains("]]>") {
        write!(out, "<![CDATA[{text}]]>").unwrap();
        return;
    }
    for letter in text.chars() {
        match letter {
            '<' => out.push_str("&lt;"),
            '&' => out.push_str("&amp;"),
            '>' => out.push_str("&gt;"),
            letter if next(seed) < 30 => write!(out, "&#{};", u32::from(letter)).unwrap(),
            letter => out.push(letter),
        }
    }
}

fn any_element() -> impl Strategy<Value = Element> {
    let piece = || prop_oneof!["[1x]", "true", " {0,2}", "[a-zế<&>\"\\]\u{1F600} ]{1,6}"];
    let leaf = piece().prop_map(|text| Element {
        attributes: Vec::new(),
        children: if text.is_empty() { Vec::new() } else { vec![Child::Text(text)] },
    });
    leaf.prop_recursive(4, 40, 4, move |inner| {
        let element = ("[a-c]", inner).prop_map(|(name, inner)| Child::Element(name, inner));
        let text = piece().prop_filter("no text", |text| !text.is_empty()).prop_map(Child::Text);
        let child = prop_oneof![5 => element, 1 => text];
        let attributes = proptest::collection::btree_map("[a-c]", piece(), 0..2);
        (attributes, proptest::collection::vec(child, 0..5)).prop_map(|(attributes, children)| {
            Element { attributes: attributes.into_iter().collect(), children }
        })
    })
}

fn item(element: &Element, mut seed: u32) -> String {
    let mut item = String::new();
    element.write("root", &mut seed, &mut item);
    item
}

fn with_end(steps: Vec<Step>, end: u8) -> Vec<Step> {
    let mut steps = steps;
    match end {
        0 => steps.push(Step::OwnText),
        1 => steps.push(Step::Attribute("a".into())),
        _ => {}
    }
    steps
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn paths_find_what_a_walk_over_the_tree_finds(
        element in any_element(),
        steps in proptest::collection::vec((any_steps(true), 0_u8..6), 1..6),
        seed in any::<u32>(),
    ) {
        let steps: Vec<_> = steps.into_iter().map(|(steps, end)| with_end(steps, end)).collect();
        let paths: Vec<_> = steps.iter().map(|steps| Path { steps: steps.clone() }).collect();
        let item = item(&element, seed);
        let (own, _) = decoded(Input::Xml, &paths, &[], &item).unwrap();
        for (steps, found) in steps.iter().zip(own) {
            prop_assert_eq!(found, element.find(steps), "{:?} in {}", steps, item);
        }
    }

    #[test]
    fn lists_give_a_row_for_each_element(
        element in any_element(),
        own in any_steps(true),
        each in proptest::collection::vec(proptest::collection::vec("[a-c]", 1..3), 1..3),
        inner in any_steps(true),
        seed in any::<u32>(),
    ) {
        let named = |names: &Vec<String>| {
            names.iter().map(|name| Step::Name(name.as_str().into())).collect::<Vec<_>>()
        };
        let each: Vec<Vec<Step>> = each.iter().map(named).collect();
        let lists: Vec<_> = each
            .iter()
            .map(|each| (Path { steps: each.clone() }, Path { steps: inner.clone() }))
            .collect();
        let item = item(&element, seed);
        let own_path = [Path { steps: own.clone() }];
        let expected: Result<Vec<_>, Unfit> = each.iter().map(|each| element.rows(each)).collect();
        match (decoded(Input::Xml, &own_path, &lists, &item), expected) {
            (Ok((values, rows)), Ok(expected)) => {
                prop_assert_eq!(&values[0], &element.find(&own));
                for (rows, expected) in rows.iter().zip(expected) {
                    let expected: Vec<_> = expected.iter().map(|row| row.find(&inner)).collect();
                    prop_assert_eq!(rows, &expected, "{}", item);
                }
            }
            (Err(Fault::OnTheWay { .. }), Err(_)) => {}
            (got, expected) => prop_assert!(false, "{:?} {:?} in {}", got, expected, item),
        }
    }

    #[test]
    fn random_text_never_panics(item in "<r>[<>/a-c!\\[\\]&;#x\"'= -]{0,40}|\\PC{0,40}") {
        let _read = values(Input::Xml, &["a", "b[0].c", "a.@b", "b[a=1]"], &item);
    }
}

#[test]
fn elements_attributes_and_text_are_found() {
    let item = "<?xml version=\"1.0\"?>\n<!-- x --><n:HoSo xmlns:n=\"urn:x\" id=\"7\">\
        <Ma loai='A &amp; B'>H&#x1EC7; <![CDATA[<số>]]></Ma><Trong/><Nil xsi:nil=\"true\"/>\
        <Do>\r\n x\ry</Do><Hon>a<b/>c</Hon></n:HoSo>\n";
    let paths =
        ["@id", "Ma", "Ma.@loai", "Trong", "Nil", "Do", "Hon", "Hon.text()", "Khac", "Ma.x"];
    let expected = [
        text("7"),
        text("Hệ <số>"),
        text("A & B"),
        text(""),
        Found::Null,
        text("\n x\ny"),
        Found::Unfit(Unfit::Object),
        text("ac"),
        Found::Missing,
        Found::Unfit(Unfit::Scalar),
    ];
    assert_eq!(values(Input::Xml, &paths, item).unwrap(), expected);
}

#[test]
fn a_second_element_of_a_name_is_never_taken_for_the_first() {
    let item = "<r><a>1</a><a>2</a><b><c>1</c></b><b/></r>";
    let found = values(Input::Xml, &["a", "b.c", "a[0]", "a[1]"], item).unwrap();
    let repeated = Found::Unfit(Unfit::Repeated);
    assert_eq!(found, [repeated.clone(), repeated, text("1"), text("2")]);
}

#[test]
fn document_types_and_unknown_entities_are_refused() {
    let bomb = "<!DOCTYPE r [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;&a;\">]><r>&b;</r>";
    assert!(matches!(values(Input::Xml, &["a"], bomb), Err(Fault::DocumentType { .. })));
    for item in ["<r><a>&b;</a></r>", "<r>&nbsp;</r>", "<r><x>&#0;</x></r>", "<r><x>&#1;</x></r>"] {
        let fault = values(Input::Xml, &["a"], item).unwrap_err();
        assert!(matches!(fault, Fault::Entity { .. }), "{item}: {fault:?}");
    }
    let item = "<r a=\"&b;\"/>";
    let fault = values(Input::Xml, &["@a"], item).unwrap_err();
    assert!(matches!(fault, Fault::Entity { .. }), "{fault:?}");
}

#[test]
fn malformed_items_are_refused_with_the_place() {
    let cases = [
        ("", 0),
        ("x", 1),
        ("<r>", 3),
        ("<r><a></b></r>", 6),
        ("<r></r><r/>", 11),
        ("<r></r>x", 8),
        ("<r><a", 3),
        ("<r>a & b</r>", 5),
    ];
    for (item, expected) in cases {
        match values(Input::Xml, &["a"], item) {
            Err(Fault::Malformed { offset, .. }) => assert_eq!(offset, expected, "{item}"),
            other => panic!("{item}: {other:?}"),
        }
    }
}

#[test]
fn deep_nesting_is_refused() {
    for name in ["a", "b"] {
        for (levels, is_fine) in [(DEPTH_MAX, true), (DEPTH_MAX + 1, false), (10_000, false)] {
            let open = format!("<{name}>").repeat(levels);
            let close = format!("</{name}>").repeat(levels);
            let read = values(Input::Xml, &["a.a.a"], &format!("{open}{close}"));
            assert_eq!(!matches!(read, Err(Fault::TooDeep { .. })), is_fine, "{name} {levels}");
        }
    }
}
