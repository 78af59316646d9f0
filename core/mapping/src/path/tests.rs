//! Paths as stewards write them.

use super::{Key, Path, Step};
use crate::Input;

fn name(text: &str) -> Step {
    Step::Name(text.into())
}

#[test]
fn paths_are_read_into_steps() {
    let by_key = Step::Where { key: Key::Name("languageId".into()), value: "228".into() };
    let by_id = Step::Where { key: Key::Attribute("id".into()), value: "a]b".into() };
    let cases = [
        (".", vec![]),
        ("code", vec![name("code")]),
        ("a.b.c", vec![name("a"), name("b"), name("c")]),
        ("task[0].name", vec![name("task"), Step::Index(0), name("name")]),
        ("name[languageId=228].name", vec![name("name"), by_key, name("name")]),
        ("To[@id=\"a]b\"].@code", vec![name("To"), by_id, Step::Attribute("code".into())]),
        ("Code.text()", vec![name("Code"), Step::OwnText]),
        ("\"Số (1.2)\".x", vec![name("Số (1.2)"), name("x")]),
        ("1.2", vec![name("1"), name("2")]),
        ("a<json>[0].b", vec![name("a"), Step::Document(Input::Json), Step::Index(0), name("b")]),
        ("a.@b<json>", vec![name("a"), Step::Attribute("b".into()), Step::Document(Input::Json)]),
        (".<xml>.@b", vec![Step::Document(Input::Xml), Step::Attribute("b".into())]),
    ];
    for (text, steps) in cases {
        let path = Path::parse(text, Input::Xml).unwrap();
        assert_eq!(path.steps, steps, "{text}");
        let again = Path::parse(&path.to_string(), Input::Xml).unwrap();
        assert_eq!(again, path, "{text} is shown as {path}");
    }
}

#[test]
fn a_row_has_literal_column_names() {
    for text in ["Số hồ sơ (1.2) [x]", "\"Số hồ sơ (1.2) [x]\""] {
        let path = Path::parse(text, Input::Row).unwrap();
        assert_eq!(path.steps, vec![name("Số hồ sơ (1.2) [x]")], "{text}");
    }
    assert!(Path::parse("\"a\".b", Input::Row).is_err());
    let inside = Path::parse("\"Số (1.2)\"<xml>.a.@b", Input::Row).unwrap();
    let steps = [name("a"), Step::Attribute("b".into())];
    assert_eq!(inside.crossing().unwrap().inside.steps, steps);
}

#[test]
fn faulty_paths_are_told_in_words() {
    let cases = [
        ("", Input::Json, "empty"),
        ("a..b", Input::Json, "no name"),
        ("a.", Input::Json, "no name"),
        ("a[", Input::Json, "selects nothing"),
        ("a[]", Input::Json, "selects nothing"),
        ("a[0", Input::Json, "selects nothing"),
        ("a[k=1", Input::Json, "not closed"),
        ("a[99999999999]", Input::Json, "too big"),
        ("a[0]b", Input::Json, "can't follow"),
        ("\"a", Input::Json, "not closed"),
        ("@id", Input::Json, "is for XML"),
        ("@id.x", Input::Xml, "nothing lies below"),
        ("edXML:From", Input::Xml, "prefix"),
        ("a<xlm>.b", Input::Json, "`<xlm>` is not the format"),
        ("a<xml", Input::Json, "not closed"),
        ("<xml>.b", Input::Json, "no name"),
        ("a<xml>.b<json>.c", Input::Json, "document in a document"),
        ("a<json><json>", Input::Json, "document in a document"),
        ("a<json>.@b", Input::Xml, "is for XML"),
        ("a<xml>.b", Input::Row, "looks otherwise"),
        ("\"a\".b<xml>.c", Input::Row, "nothing below"),
        ("a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a", Input::Json, "at most 16"),
    ];
    for (text, input, words) in cases {
        let fault = Path::parse(text, input).unwrap_err();
        assert!(fault.message.contains(words), "{text}: {}", fault.message);
    }
}
