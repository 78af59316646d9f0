use proptest::prelude::*;
use serde_json::Value as Json;

use super::{Unreadable, Value, read};
use crate::{Format, sample};

/// A tree in a form that is short to write: numbers as they are written, in backticks.
fn shown(value: &Value<'_>) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Boolean => "bool".to_owned(),
        Value::Number(literal) => format!("`{literal}`"),
        Value::Text(text) => format!("{text:?}"),
        Value::Object(members) => {
            let members = members.iter().map(|(name, value)| format!("{name}:{}", shown(value)));
            format!("{{{}}}", members.collect::<Vec<_>>().join(" "))
        }
        Value::List(elements) => {
            format!("[{}]", elements.iter().map(shown).collect::<Vec<_>>().join(" "))
        }
    }
}

fn check(format: Format, item: &str, expect: &str) {
    let value = read(format, item.as_bytes()).unwrap();
    assert_eq!(shown(&value), expect, "{item}");
}

#[test]
fn numbers_keep_their_digits() {
    check(
        Format::Json,
        r#" {"a": 12345678901234567890123.4500, "b":[1e2 ,-0.0]} "#,
        "{a:`12345678901234567890123.4500` b:[`1e2` `-0.0`]}",
    );
}

#[test]
fn escapes_are_undone() {
    check(Format::Json, r#"{"\u0061\"":"\\ \ud83d\ude00\n"}"#, "{a\":\"\\\\ 😀\\n\"}");
}

#[test]
fn elements_are_seen_as_the_mapping_sees_them() {
    let cases = [
        ("<a>x &amp; <![CDATA[<y>]]>&#33;</a>", r#""x & <y>!""#),
        ("<a/>", r#""""#),
        ("<a><b>1</b><b/><c> </c></a>", r#"{b:["1" ""] c:" "}"#),
        ("<a xmlns:i='x' i:nil='true'/>", "null"),
        ("<p:a n=\"1\" p:m='&lt;'>t</p:a>", r#"{@n:"1" @m:"<" text():"t"}"#),
        ("<a n='1'/>", r#"{@n:"1" text():""}"#),
        ("<a>\n <b>1</b>\n</a>", r#"{b:"1"}"#),
        ("<a>own <b>1</b></a>", r#"{b:"1" text():"own "}"#),
    ];
    for (item, expect) in cases {
        check(Format::Xml, item, expect);
    }
}

#[test]
fn what_is_not_the_format_is_told() {
    for item in ["", "{", "{\"a\":1}x", "{'a':1}", "\"\\ud83d\"", "nul", "[1,]", "01"] {
        let malformed = Unreadable::Malformed { format: Format::Json };
        assert_eq!(read(Format::Json, item.as_bytes()), Err(malformed), "{item}");
    }
    for item in ["", "<a>", "<a/><b/>", "<a>&x;</a>", "<!DOCTYPE a []><a/>", "<a></b>", "x<a/>"] {
        let malformed = Unreadable::Malformed { format: Format::Xml };
        assert_eq!(read(Format::Xml, item.as_bytes()), Err(malformed), "{item}");
    }
}

#[test]
fn names_that_occur_twice_are_told() {
    assert_eq!(read(Format::Json, br#"{"a":1,"\u0061":2}"#), Err(Unreadable::Duplicate));
    let many: Vec<String> = (0..40).map(|nth| format!("\"n{}\":0", nth % 39)).collect();
    let item = format!("{{{}}}", many.join(","));
    assert_eq!(read(Format::Json, item.as_bytes()), Err(Unreadable::Duplicate));
}

#[test]
fn depth_and_size_are_bounded() {
    let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
    assert!(read(Format::Json, nested(64).as_bytes()).is_ok());
    assert_eq!(read(Format::Json, nested(65).as_bytes()), Err(Unreadable::TooBig));
    let many = format!("[{}0]", "0,".repeat(200_000));
    assert_eq!(read(Format::Json, many.as_bytes()), Err(Unreadable::TooBig));
    let nested = |depth: usize| "<a>".repeat(depth) + &"</a>".repeat(depth);
    assert!(read(Format::Xml, nested(64).as_bytes()).is_ok());
    assert_eq!(read(Format::Xml, nested(65).as_bytes()), Err(Unreadable::TooBig));
    let names: Vec<String> = (0..2500).map(|nth| format!("<n{nth}/>")).collect();
    let names = names.concat();
    assert!(read(Format::Xml, format!("<a>{names}</a>").as_bytes()).is_err());
}

fn json(value: &Value<'_>) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Boolean => Json::from(true),
        Value::Number(literal) => serde_json::from_str(literal).unwrap(),
        Value::Text(text) => Json::from(&**text),
        Value::Object(members) => Json::Object(
            members.iter().map(|(name, value)| (name.to_string(), json(value))).collect(),
        ),
        Value::List(elements) => elements.iter().map(json).collect(),
    }
}

fn without_booleans(value: Json) -> Json {
    match value {
        Json::Bool(_) => Json::from(true),
        Json::Array(elements) => elements.into_iter().map(without_booleans).collect(),
        Json::Object(members) => Json::Object(
            members.into_iter().map(|(name, value)| (name, without_booleans(value))).collect(),
        ),
        other => other,
    }
}

proptest! {
    #[test]
    fn the_tree_is_what_serde_json_reads(items in sample::items(1)) {
        let expect: Json = serde_json::from_str(&items[0]).unwrap();
        let pretty = serde_json::to_string_pretty(&expect).unwrap();
        let value = read(Format::Json, pretty.as_bytes()).unwrap();
        prop_assert_eq!(json(&value), without_booleans(expect));
    }
}
