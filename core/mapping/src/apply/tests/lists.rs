//! Lists in texts: parts become rows by their places, and nothing is guessed.

use proptest::prelude::*;

use super::{CODE, apply, check};
use crate::compile::tests::compile;

const SPLIT: &str = "[groups.fees]\nsplit = [\"Tên\", \"Giá\"]\nby = \"##\"\n\
    fields.name = { from = \"Tên\", do = [\"trim\"] }\n\
    fields.price = { from = \"Giá\", decimal = { point = \",\" } }\n";

#[test]
fn parts_of_texts_become_rows_by_their_places() {
    let rules = format!("{CODE}{SPLIT}");
    let three = "{\"code\":\"1\",\"fees\":[{\"name\":\"Đơn\",\"price\":\"1.5\"},\
                 {\"name\":\"C#MND\"},{\"name\":\"Sổ\",\"price\":\"0\"}]}";
    for input in ["json", "row"] {
        check(
            input,
            &rules,
            &[
                (r#"{"c":"1","Tên":"Đơn##C#MND## Sổ ","Giá":"1,5####0"}"#, three),
                (r#"{"c":"1","Tên":"\u0110ơn##C\u0023MND##Sổ","Giá":"1,5\u0023###0"}"#, three),
                (
                    r#"{"c":"1","Tên":"a","Giá":"2"}"#,
                    r#"{"code":"1","fees":[{"name":"a","price":"2"}]}"#,
                ),
                (r#"{"c":"1","Tên":"a","Giá":""}"#, r#"{"code":"1","fees":[{"name":"a"}]}"#),
                (r#"{"c":"1","Tên":"a"}"#, r#"{"code":"1","fees":[{"name":"a"}]}"#),
                (r#"{"c":"1","Tên":"","Giá":null}"#, r#"{"code":"1"}"#),
                (r#"{"c":"1","Tên":" ","Giá":""}"#, r#"{"code":"1"}"#),
                (r#"{"c":"1"}"#, r#"{"code":"1"}"#),
                (r#"{"c":"1","Tên":"a##b","Giá":"1"}"#, "LT-3034 -"),
                (r#"{"c":"1","Tên":"a##b","Giá":null}"#, "LT-3034 -"),
                (r#"{"c":"1","Tên":"a##b##","Giá":"1##2"}"#, "LT-3034 -"),
                (r#"{"c":"1","Tên":"a##b##","Giá":"1##2##"}"#, "LT-3011 fees[2].name"),
                (
                    r###"{"c":"1","Tên":"a##","Giá":"##x"}"###,
                    "LT-3011 fees[1].name, LT-3013 fees[1].price",
                ),
                (r#"{"c":"1","Tên":["a"],"Giá":"1"}"#, "LT-3015 -"),
            ],
        );
    }
    check(
        "json",
        &rules,
        &[(
            r#"{"c":"1","Tên":"a","Giá":12.50}"#,
            r#"{"code":"1","fees":[{"name":"a","price":"12.50"}]}"#,
        )],
    );
    check(
        "xml",
        &rules,
        &[
            ("<r><c>1</c><Tên>Đơn##C&#35;MND##Sổ</Tên><Giá>1,5####0</Giá></r>", three),
            ("<r><c>1</c><Tên>a</Tên><Tên>b</Tên></r>", "LT-3015 -"),
        ],
    );
}

#[test]
fn a_mark_at_the_end_ends_the_last_part_only_where_that_is_said() {
    let rules = format!("{CODE}{}", SPLIT.replace("\"##\"\n", "\"##\"\ntrailing = \"ignore\"\n"));
    let two = r#"{"code":"1","fees":[{"name":"a","price":"1"},{"name":"b"}]}"#;
    check(
        "row",
        &rules,
        &[
            (r#"{"c":"1","Tên":"a##b##","Giá":"1####"}"#, two),
            (r#"{"c":"1","Tên":"a##b","Giá":"1####"}"#, two),
            (r###"{"c":"1","Tên":"a##","Giá":"##"}"###, r#"{"code":"1","fees":[{"name":"a"}]}"#),
            (r#"{"c":"1","Tên":"","Giá":""}"#, r#"{"code":"1"}"#),
            (r#"{"c":"1","Tên":"a##b####","Giá":"1##2##"}"#, "LT-3034 -"),
        ],
    );
}

#[test]
fn lists_stand_in_rows_and_documents_and_in_parts_of_lists() {
    let rules = format!(
        "{CODE}[groups.fees]\neach = \"doc<xml>.fee\"\nfields.name = {{ from = \"@n\" }}\n\
         [groups.fees.groups.notes]\nsplit = [\"notes\"]\nby = \"; \"\n\
         fields.text = {{ from = \"notes\" }}\n"
    );
    check(
        "json",
        &rules,
        &[(
            "{\"c\":\"1\",\"doc\":\"<d><fee n='a'><notes>x; y</notes></fee><fee n='b'/>\
             <fee n='c'><notes>z</notes></fee></d>\"}",
            "{\"code\":\"1\",\"fees\":[{\"name\":\"a\",\"notes\":[{\"text\":\"x\"},{\"text\":\"y\"}]},\
             {\"name\":\"b\"},{\"name\":\"c\",\"notes\":[{\"text\":\"z\"}]}]}",
        )],
    );
    let rules = format!(
        "{CODE}[groups.fees]\nsplit = [\"n\", \"m\"]\nby = \"##\"\nfields.name = {{ from = \"n\" }}\n\
         [groups.fees.groups.notes]\nsplit = [\"m\"]\nby = \",\"\nfields.text = {{ from = \"m\" }}\n"
    );
    check(
        "row",
        &rules,
        &[(
            r#"{"c":"1","n":"a##b","m":"x,y##z"}"#,
            "{\"code\":\"1\",\"fees\":[{\"name\":\"a\",\"notes\":[{\"text\":\"x\"},{\"text\":\"y\"}]},\
             {\"name\":\"b\",\"notes\":[{\"text\":\"z\"}]}]}",
        )],
    );
}

#[test]
fn unequal_lists_are_told_with_their_numbers_of_parts() {
    let rules = format!("{CODE}{SPLIT}");
    let mapping = compile("row", &rules).mapping;
    let item = r#"{"c":"K1","Tên":"Nguyễn Văn Bịa##b##c","Giá":"1##2"}"#;
    let rejection = apply(&mapping, item).unwrap_err();
    let [reason] = rejection.reasons.as_slice() else { panic!("{rejection:?}") };
    assert!(reason.message.ends_with("number of parts: `Tên` 3, `Giá` 2"), "{}", reason.message);
    assert!(reason.message_vi.contains("không có cùng số phần"), "{}", reason.message_vi);
    assert_eq!(reason.source_path.as_deref(), Some("Tên, Giá"));
    assert_eq!(rejection.key.as_deref(), Some("K1"));
    assert!(!format!("{rejection:?}").contains("Bịa"), "no value is quoted");
    let item = r#"{"c":"K1","Tên":"a##b","Giá":"1##2","x":"y"}"#;
    let trace = mapping.trace(item.as_bytes());
    let last = trace.rows.last().unwrap();
    let shown = [Some(&*last.field), last.source_path.as_deref(), last.source_value.as_deref()];
    assert_eq!(shown, [Some("fees[1].price"), Some("Giá[##]"), Some("2")]);
    assert_eq!(mapping.unread(item.as_bytes()), ["x"]);
}

#[test]
fn a_text_of_marks_does_not_grow_without_bound() {
    let mapping = compile("row", &format!("{CODE}{SPLIT}")).mapping;
    let marks = "##".repeat(1 << 20);
    let item = format!("{{\"c\":\"1\",\"Tên\":\"{marks}\",\"Giá\":\"{marks}\"}}");
    assert_eq!(apply(&mapping, &item).unwrap_err().reasons[0].code, "LT-3032");
}

proptest! {
    #[test]
    fn parts_put_together_again_give_the_text(
        text in "[a#;đ]{1,12}",
        mark in "#|##|;|đ#",
        is_escaped: bool,
    ) {
        // A part that is empty would be no name, so every part has a stroke behind it.
        let rules = format!(
            "{CODE}[groups.fees]\nsplit = [\"t\", \"u\"]\nby = \"{mark}\"\n\
             fields.name = {{ join = [\"t\", \"u\"], with = \"\" }}\n"
        );
        let mapping = compile("json", &rules).mapping;
        let parts: Vec<&str> = text.split(&*mark).collect();
        let others = vec!["|"; parts.len()].join(&mark);
        let quoted = serde_json::Value::from(&*text).to_string();
        let quoted = if is_escaped { quoted.replace('#', "\\u0023") } else { quoted };
        let item = format!("{{\"c\":\"1\",\"t\":{quoted},\"u\":\"{others}\"}}");
        let trace = mapping.trace(item.as_bytes());
        let rows = trace.rows.iter().filter(|row| row.field.starts_with("fees["));
        let got = rows.map(|row| row.national_value.as_deref().unwrap_or_default());
        let got: Option<Vec<&str>> = got.map(|value| value.strip_suffix('|')).collect();
        prop_assert_eq!(got.map(|parts| parts.join(&mark)), Some(text));
    }

    #[test]
    fn any_texts_are_taken_apart_or_refused(
        one in "[a#]{0,9}|\\PC{0,20}",
        two in "[a#]{0,9}|\\PC{0,20}",
        is_closed: bool,
    ) {
        let trailing = if is_closed { "\"##\"\ntrailing = \"ignore\"\n" } else { "\"##\"\n" };
        let rules = format!("{CODE}{}", SPLIT.replace("\"##\"\n", trailing));
        let mapping = compile("row", &rules).mapping;
        let item = serde_json::json!({ "c": "1", "Tên": one, "Giá": two }).to_string();
        let applied = apply(&mapping, &item);
        let count = |text: &str| {
            let text = if is_closed { text.strip_suffix("##").unwrap_or(text) } else { text };
            text.split("##").count()
        };
        if let Err(rejection) = &applied
            && rejection.reasons[0].code == "LT-3034"
        {
            prop_assert!(one.trim().is_empty() || two.trim().is_empty() || count(&one) != count(&two));
        }
        prop_assert_eq!(mapping.trace(item.as_bytes()).outcome, applied);
    }
}
