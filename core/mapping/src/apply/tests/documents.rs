//! Documents in texts: what is found in them, and what is said when they can't be read.

use std::sync::LazyLock;

use proptest::prelude::*;

use super::{CODE, apply, check};
use crate::Mapping;
use crate::compile::tests::compile;

/// Rules over a document, with the way to it in front of every path.
fn rules(way: &str) -> String {
    format!(
        "[fields]\ncode = {{ from = \"{way}c\" }}\n\
         word = {{ from = \"{way}w.text()\", do = [\"trim\"] }}\n\
         owner = {{ from = \"{way}w.@by\" }}\n\
         [groups.fees]\neach = \"{way}list.fee\"\n\
         fields.name = {{ from = \"name\" }}\n\
         fields.price = {{ from = \"@price\", decimal = true }}\n\
         [groups.fees.groups.notes]\neach = \"note\"\nfields.text = {{ from = \".\" }}\n"
    )
}

const DOCUMENT: &str = "<?xml version=\"1.0\" encoding=\"utf-16\"?>\r\n\
    <d><c>1</c><w by=\"An\">từ</w><list><fee price=\"2.50\"><name>a &amp; b</name>\
    <note>x</note><note>y</note></fee><fee><name>c</name></fee></list></d>";

const RECORD: &str = "{\"code\":\"1\",\"word\":\"từ\",\"owner\":\"An\",\"fees\":[\
    {\"name\":\"a & b\",\"price\":\"2.50\",\"notes\":[{\"text\":\"x\"},{\"text\":\"y\"}]},\
    {\"name\":\"c\"}]}";

fn text(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('\r', "&#13;")
}

#[test]
fn a_document_is_read_wherever_its_text_stands() {
    let item = format!("{{\"a\":{{\"doc\":{}}}}}", text(DOCUMENT));
    check("json", &rules("a.doc<xml>."), &[(&item, RECORD)]);
    let item = format!("{{\"doc\":[{}]}}", text(&format!("\u{feff} {DOCUMENT}\n")));
    check("json", &rules("doc[0]<xml>."), &[(&item, RECORD)]);
    check(
        "row",
        &rules("\\\"Cột (1)\\\"<xml>."),
        &[(&format!("{{\"Cột (1)\":{}}}", text(DOCUMENT)), RECORD)],
    );
    for inside in [escaped(DOCUMENT), format!("<![CDATA[{DOCUMENT}]]>")] {
        let item = format!("<r><doc>{inside}</doc></r>");
        check("xml", &rules("doc<xml>."), &[(&item, RECORD)]);
    }
    let item = format!("<r><doc at=\"{}\"/></r>", escaped(DOCUMENT).replace('"', "&quot;"));
    check("xml", &rules("doc.@at<xml>."), &[(&item, RECORD)]);
}

#[test]
fn json_in_a_text_keeps_its_numbers_and_its_lists() {
    let rules = "[fields]\ncode = { from = \"c\" }\n\
         count = { from = \"doc<json>.n\" }\nmoney = { from = \"doc<json>.list[1].price\" }\n\
         [groups.fees]\neach = \"doc<json>.list\"\n\
         fields.name = { from = \"name\" }\nfields.price = { from = \"price\" }\n";
    let inside = "{\"n\":7,\"list\":[{\"name\":\"a\\u0111\"},\
                  {\"name\":\"b\",\"price\":12345678901234567890.10}]}";
    let record = "{\"code\":\"1\",\"count\":7,\"money\":\"12345678901234567890.10\",\
                  \"fees\":[{\"name\":\"ađ\"},\
                  {\"name\":\"b\",\"price\":\"12345678901234567890.10\"}]}";
    check("json", rules, &[(&format!("{{\"c\":\"1\",\"doc\":{}}}", text(inside)), record)]);
    check("xml", rules, &[(&format!("<r><c>1</c><doc>{}</doc></r>", escaped(inside)), record)]);
    let rules = "[fields]\ncode = { from = \"c\" }\n\
                 [groups.fees]\neach = \"doc<json>\"\nfields.name = { from = \".\" }\n";
    check(
        "json",
        rules,
        &[
            (
                r#"{"c":"1","doc":"[\"a\",\"b\"]"}"#,
                r#"{"code":"1","fees":[{"name":"a"},{"name":"b"}]}"#,
            ),
            (r#"{"c":"1","doc":"\"a\""}"#, r#"{"code":"1","fees":[{"name":"a"}]}"#),
            (r#"{"c":"1","doc":"null"}"#, r#"{"code":"1"}"#),
        ],
    );
}

#[test]
fn each_row_of_a_list_may_have_its_own_document() {
    let rules = "[fields]\ncode = { from = \"c\" }\n\
         [groups.fees]\neach = \"list\"\nfields.name = { from = \".<xml>.n\" }\n\
         [groups.fees.groups.notes]\neach = \".<xml>.more\"\nfields.text = { from = \"@t\" }\n";
    check(
        "json",
        rules,
        &[
            (
                "{\"c\":\"1\",\"list\":[\"<r><n>a</n><more t=\\\"x\\\"/></r>\",\
                 \"<r><n>b</n><more t='y'/><more t='z'/></r>\"]}",
                "{\"code\":\"1\",\"fees\":[{\"name\":\"a\",\"notes\":[{\"text\":\"x\"}]},\
                 {\"name\":\"b\",\"notes\":[{\"text\":\"y\"},{\"text\":\"z\"}]}]}",
            ),
            (r#"{"c":"1","list":["<r><n>a</n></r>","<r><n>b</r>"]}"#, "LT-3030 -"),
        ],
    );
    let mapping = compile("json", rules).mapping;
    let rejection = apply(&mapping, r#"{"c":"1","list":["<r><n>a</n></r>","<r>"]}"#).unwrap_err();
    assert_eq!(rejection.reasons[0].source_path.as_deref(), Some("list[1]<xml>"));
}

#[test]
fn a_whole_document_or_item_may_be_the_row_of_a_list() {
    let record = "{\"code\":\"1\",\"fees\":[{\"name\":\"a\",\"price\":\"2\"}]}";
    let rules = "[fields]\ncode = { from = \"c\" }\n[groups.fees]\neach = \"doc<xml>\"\n\
                 fields.name = { from = \"n\" }\nfields.price = { from = \"@p\", decimal = true }\n";
    check("json", rules, &[(r#"{"c":"1","doc":"<d p=\"2\"><n>a</n></d>"}"#, record)]);
    let rules = rules.replace("doc<xml>", ".");
    check("xml", &rules, &[("<d p=\"2\"><c>1</c><n>a</n></d>", record)]);
    let rules = rules.replace("@p", "p").replace(", decimal = true", "");
    check("json", &rules, &[(r#"{"c":"1","n":"a","p":2}"#, record)]);
}

#[test]
fn a_text_that_is_not_there_is_no_document() {
    let rules = "[fields]\ncode = { from = \"c\" }\nword = { from = \"doc<xml>.w\" }\n\
                 [groups.fees]\neach = \"doc<xml>.fee\"\nfields.name = { from = \"n\" }\n";
    let record = r#"{"code":"1"}"#;
    check(
        "json",
        rules,
        &[
            (r#"{"c":"1"}"#, record),
            (r#"{"c":"1","doc":null}"#, record),
            (r#"{"c":"1","doc":""}"#, record),
            (r#"{"c":"1","doc":" \r\n"}"#, record),
            (r#"{"c":"1","doc":"\ufeff"}"#, record),
            (r#"{"c":"1","doc":"<d/>"}"#, record),
            (r#"{"c":"1","doc":7}"#, "LT-3015 -"),
            (r#"{"c":"1","doc":{"w":"a"}}"#, "LT-3015 -"),
            (r#"{"c":"1","doc":["<d/>"]}"#, "LT-3015 -"),
        ],
    );
}

#[test]
fn a_document_has_the_protections_of_an_item() {
    let mapping = compile("json", &format!("{CODE}word = {{ from = \"doc<xml>.w\" }}\n")).mapping;
    let deep = "<a>".repeat(70);
    let laughs = "<!DOCTYPE d [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;\">]><d><w>&b;</w></d>";
    let cases = [
        ("<d><w>a</d>", "LT-3030"),
        ("không phải XML", "LT-3030"),
        ("<d/><d/>", "LT-3030"),
        (&*deep, "LT-3032"),
        (laughs, "LT-3033"),
        ("<d><w>&nbsp;</w></d>", "LT-3033"),
    ];
    for (inside, code) in cases {
        let item = format!("{{\"c\":\"K1\",\"doc\":{}}}", text(inside));
        let rejection = apply(&mapping, &item).unwrap_err();
        let [reason] = rejection.reasons.as_slice() else { panic!("{rejection:?}") };
        assert_eq!(reason.code, code, "{inside}");
        assert_eq!(reason.source_path.as_deref(), Some("doc<xml>"));
        assert!(reason.message.contains("in the text at `doc<xml>`: the document "));
        assert!(reason.message_vi.contains("trong văn bản tại `doc<xml>`: "));
        assert_eq!(rejection.key.as_deref(), Some("K1"), "what stands beside it is told");
        let trace = mapping.trace(item.as_bytes());
        assert_eq!(trace.rows[0].national_value.as_deref(), Some("K1"));
        assert_eq!(trace.outcome.unwrap_err(), rejection);
    }
    let item = r#"{"c":"K1","doc":"<d><w>a</d>"}"#;
    let rejection = apply(&mapping, item).unwrap_err();
    let offset = rejection.reasons[0].offset.unwrap();
    assert_eq!(item.get(offset..offset + 3), Some("</d"), "it is told in bytes of the item");
}

#[test]
fn a_key_that_a_faulty_document_may_say_is_not_told() {
    let rules = "[fields]\ncode = { first_of = [\"doc<json>.c\", \"c\"] }\n";
    let mapping = compile("json", rules).mapping;
    assert_eq!(apply(&mapping, r#"{"c":"2","doc":"{\"c\":\"1\"}"}"#).unwrap(), r#"{"code":"1"}"#);
    assert_eq!(apply(&mapping, r#"{"c":"2","doc":"{\"c\":"}"#).unwrap_err().key, None);
}

#[test]
fn traces_and_unread_fields_show_the_way_into_a_document() {
    let rules = "unmapped = [\"doc<xml>.skip\"]\n[fields]\ncode = { from = \"c\" }\n\
         word = { from = \"doc<xml>.w\" }\n\
         [groups.fees]\neach = \"doc<xml>.fee\"\nfields.name = { from = \"n\" }\n";
    let mapping = compile("json", rules).mapping;
    let inside = "<d v=\"1\"><w>a</w><skip>b</skip><fee><n>c</n><o k=\"2\">d</o></fee></d>";
    let item = format!("{{\"c\":\"1\",\"doc\":{},\"z\":1}}", text(inside));
    let trace = mapping.trace(item.as_bytes());
    let paths = trace.rows.iter().map(|row| row.source_path.as_deref().unwrap());
    assert_eq!(paths.collect::<Vec<_>>(), ["c", "doc<xml>.w", "doc<xml>.fee[].n"]);
    assert_eq!(
        mapping.unread(item.as_bytes()),
        ["doc<xml>.@v", "doc<xml>.fee.o", "doc<xml>.fee.o.@k", "z"]
    );
    let mapping = compile("xml", rules).mapping;
    let item = format!("<r><c>1</c><doc>{}</doc><z>1</z></r>", escaped(inside));
    assert_eq!(
        mapping.unread(item.as_bytes()),
        ["doc<xml>.@v", "doc<xml>.fee.o", "doc<xml>.fee.o.@k", "z"]
    );
    let personal = "[fields]\ncode = { from = \"c\" }\nword = { from = \"a.doc<json>.w\" }\n\
         [groups.fees]\neach = \"b<xml>.fee\"\nfields.name = { from = \"n\" }\n";
    let paths = compile("json", personal).mapping.personal_paths();
    assert_eq!(paths, [vec!["a", "doc"], vec!["b"]], "texts that are documents are never kept");
}

/// Documents that are often read and often refused.
fn document() -> impl Strategy<Value = String> {
    let fee = prop_oneof![
        Just("<fee><name>a</name></fee>".to_owned()),
        Just("<fee price=\"x\"><name>a</name></fee>".to_owned()),
        "<fee price='[0-9]{1,3}'><name>[a-z&;\"]{0,4}</name>(<note>đ\"</note>){0,3}</fee>",
        Just("<fee/>".to_owned()),
        Just("text".to_owned()),
    ];
    let fees = proptest::collection::vec(fee, 0..4).prop_map(|fees| fees.concat());
    let head = "(<\\?xml version=\"1.0\"\\?>)?\n?<d>(<c>[0-9]{0,3}</c>){0,2}";
    let word = "(<w by=\"[A-Z]{0,3}\">[a-z]{0,3}(<i/>)?</w>)?";
    (head, word, fees, "(<list>|<list/>|)", "(</list></d>|</d>|</list>)")
        .prop_map(|(head, word, fees, open, end)| format!("{head}{word}{open}{fees}{end}"))
}

/// Text that is seldom a document.
const ANY: &str = "\\PC{0,40}|<[a-z<>/&; =\"]{0,30}|[{\\[\"a-z:,\\]}0-9]{0,20}";

static ALONE: LazyLock<Mapping> = LazyLock::new(|| compile("xml", &rules("")).mapping);
static IN_JSON: LazyLock<Mapping> = LazyLock::new(|| compile("json", &rules("doc<xml>.")).mapping);
static IN_XML: LazyLock<Mapping> = LazyLock::new(|| compile("xml", &rules("doc<xml>.")).mapping);
static JSON_IN_JSON: LazyLock<Mapping> = LazyLock::new(|| {
    let rules = rules("doc<json>.").replace("w.text()", "w").replace('@', "");
    compile("json", &rules).mapping
});

proptest! {
    #[test]
    fn a_document_gives_what_it_gives_alone(document in document()) {
        let expected = apply(&ALONE, &document);
        let in_json = apply(&IN_JSON, &format!("{{\"doc\":{}}}", text(&document)));
        let in_xml = apply(&IN_XML, &format!("<r><doc>{}</doc></r>", escaped(&document)));
        for got in [in_json, in_xml] {
            match (&expected, got) {
                (Ok(expected), Ok(got)) => prop_assert_eq!(expected, &got),
                (Err(expected), Err(got)) => {
                    prop_assert_eq!(&expected.key, &got.key);
                    for (expected, got) in expected.reasons.iter().zip(&got.reasons) {
                        prop_assert_eq!(expected.code, got.code);
                        prop_assert_eq!(&expected.field, &got.field);
                        let message = got.message.replace("doc<xml>.", "").replace("the document", "the record");
                        prop_assert!(message.ends_with(&expected.message), "{message}");
                    }
                }
                (expected, got) => prop_assert!(false, "{expected:?} and {got:?}"),
            }
        }
    }

    #[test]
    fn any_text_in_place_of_a_document_is_mapped_or_refused(document in ANY) {
        let item = format!("{{\"doc\":{}}}", text(&document));
        for mapping in [&*IN_JSON, &*JSON_IN_JSON] {
            let applied = apply(mapping, &item);
            prop_assert_eq!(mapping.trace(item.as_bytes()).outcome, applied);
            let _unread = mapping.unread(item.as_bytes());
        }
    }
}
