//! Items through compiled mappings: what comes out, and what is refused in which words.

mod codes;
mod documents;
mod lists;

use std::sync::OnceLock;

use proptest::prelude::*;

use crate::compile::tests::compile;
use crate::{Mapping, Rejection, Workspace};

/// The canonical record, or the reasons as `code field message`.
fn apply(mapping: &Mapping, item: &str) -> Result<String, Rejection> {
    let mut out = Vec::new();
    let mut sink = |record: &lienthong_standard::Submission<'_>| record.write_json(&mut out);
    mapping.apply(item.as_bytes(), &mut Workspace::new(), &mut sink)?;
    Ok(String::from_utf8(out).unwrap())
}

fn check(input: &str, rules: &str, cases: &[(&str, &str)]) {
    let mapping = compile(input, rules).mapping;
    for (item, expected) in cases {
        let got = match apply(&mapping, item) {
            Ok(record) => record,
            Err(rejection) => {
                let reasons = rejection.reasons.iter();
                let shown = reasons.map(|reason| {
                    format!("{} {}", reason.code, reason.field.as_deref().unwrap_or("-"))
                });
                shown.collect::<Vec<_>>().join(", ")
            }
        };
        assert_eq!(got, *expected, "{item}");
    }
}

const CODE: &str = "[fields]\ncode = { from = \"c\" }\n";

#[test]
fn text_is_cleaned_joined_and_chosen() {
    check(
        "json",
        "[fields]\n\
         code = { from = \"c\", do = [\"nfc\", \"trim\", { strip-prefix = \"HS\" }] }\n\
         word = { first_of = [\"a\", \"b.c\", \"b\"] }\n\
         owner = { join = [\"x\", \"y\"], with = \"; \", do = [\"collapse-spaces\", \"upper\"] }\n",
        &[
            (
                r#"{"c":" HS1 ","a":"x","x":"a  b","y":"đ"}"#,
                r#"{"code":"1","word":"x","owner":"A B; Đ"}"#,
            ),
            (r#"{"c":"\u00e1","a":"","b":{"c":"y"}}"#, r#"{"code":"á","word":"y"}"#),
            (r#"{"c":"a\u0301","a":" ","b":"z","y":"\n"}"#, r#"{"code":"á","word":"z"}"#),
            (r#"{"c":"1","a":[],"b":"z"}"#, r#"{"code":"1","word":"z"}"#),
            (r#"{"c":"1","a":[]}"#, "LT-3015 word"),
            (r#"{"c":" HS "}"#, "LT-3011 code"),
            (r#"{"c":null}"#, "LT-3011 code"),
            (r#"{"c":7}"#, "LT-3015 code"),
            (r#"{"c":true}"#, "LT-3015 code"),
            (r#"{"c":{"x":1}}"#, "LT-3015 code"),
            (r#"{"c":"1","x":5}"#, "LT-3015 owner"),
        ],
    );
}

#[test]
fn numbers_stay_exact_and_are_text_only_where_asked() {
    check(
        "json",
        "[fields]\n\
         code = { from = \"c\", number = \"as-written\", \
                  do = [{ pad-left = { to = 5, with = \"0\" } }] }\n\
         count = { from = \"n\" }\n\
         money = { from = \"m\", decimal = { thousands = \".\", point = \",\" }, \
                   when_missing = \"null\" }\n",
        &[
            (
                r#"{"c":172,"n":42,"m":12345678901234567890123.4500}"#,
                r#"{"code":"00172","count":42,"money":"12345678901234567890123.4500"}"#,
            ),
            (r#"{"c":"1","m":"1.234,50"}"#, r#"{"code":"00001","money":"1234.50"}"#),
            (r#"{"c":"1","m":1e2}"#, r#"{"code":"00001","money":"100"}"#),
            (r#"{"c":"1","m":""}"#, r#"{"code":"00001","money":null}"#),
            (r#"{"c":"1","m":"1,234.50","n":1.5}"#, "LT-3013 count, LT-3013 money"),
            (r#"{"c":"1","n":"42"}"#, "LT-3013 count"),
        ],
    );
    check(
        "json",
        "[fields]\ncode = { from = \"c\" }\n\
         count = { from = \"n\", integer = { from_decimal = \"exact\", point = \",\" } }\n",
        &[
            (r#"{"c":"1","n":"29000,00"}"#, r#"{"code":"1","count":29000}"#),
            (r#"{"c":"1","n":29000.0}"#, r#"{"code":"1","count":29000}"#),
            (r#"{"c":"1","n":29000.5}"#, "LT-3013 count"),
            (r#"{"c":"1","n":"29000,50"}"#, "LT-3013 count"),
        ],
    );
}

#[test]
fn dates_and_times_are_read_in_their_formats() {
    check(
        "json",
        "[fields]\ncode = { from = \"c\" }\n\
         on = { from = \"d\", date = { of_timestamp = [\"iso-basic-offset\", \"epoch-ms\"] } }\n\
         at = { from = \"t\", timestamp = [\"%d/%m/%Y %H:%M:%S\", \"%Y%m%d%H%M%S\"] }\n\
         due = { from = \"u\", timestamp = { of_date = \"%F\", at = \"17:30:00\" } }\n\
         late = { later = [\"at\", \"due\"], when_missing = \"null\" }\n",
        &[
            (
                r#"{"c":"1","d":"1994-10-23T17:00:00.000+0000",
                    "t":"20/06/2025 01:35:00","u":"2025-06-20"}"#,
                "{\"code\":\"1\",\"on\":\"1994-10-24\",\"at\":\"2025-06-20T01:35:00+07:00\",\
                 \"due\":\"2025-06-20T17:30:00+07:00\",\"late\":false}",
            ),
            (
                r#"{"c":"1","d":1750358100000,"t":20250620180000,"u":"2025-06-20"}"#,
                "{\"code\":\"1\",\"on\":\"2025-06-20\",\"at\":\"2025-06-20T18:00:00+07:00\",\
                 \"due\":\"2025-06-20T17:30:00+07:00\",\"late\":true}",
            ),
            (r#"{"c":"1"}"#, r#"{"code":"1","late":null}"#),
            (r#"{"c":"1","t":"31/02/2025 00:00:00","u":"x"}"#, "LT-3012 at, LT-3012 due"),
        ],
    );
}

#[test]
fn codes_and_words_are_translated() {
    check(
        "json",
        "[fields]\ncode = { from = \"c\" }\n\
         status = { from = \"s.id\", codes = \"status\", fold = true }\n\
         count = { from = \"n\", codes = { A = \"1\", true = \"2\", 3 = \"3\" } }\n\
         [fields.late]\nfrom = \"l\"\n\
         boolean = { true = [\"True\", \"1\"], false = [\"False\", \"0\"] }\n",
        &[
            (
                r#"{"c":"1","s":{"id":" new "},"n":"A","l":"False"}"#,
                r#"{"code":"1","status":"1","count":1,"late":false}"#,
            ),
            (r#"{"c":"1","n":true,"l":1}"#, r#"{"code":"1","count":2,"late":true}"#),
            (r#"{"c":"1","n":3,"l":true}"#, r#"{"code":"1","count":3,"late":true}"#),
            (r#"{"c":"1","s":{"id":"NEU"},"l":"true"}"#, "LT-3010 status, LT-3014 late"),
            (r#"{"c":"1","s":"new"}"#, "LT-3015 status"),
        ],
    );
}

#[test]
fn legacy_text_becomes_unicode() {
    check(
        "json",
        "text = \"tcvn3\"\n[fields]\ncode = { from = \"c\", text = \"utf-8\" }\n\
         owner = { from = \"o\" }\n",
        &[
            (
                "{\"c\":\"\u{b8}\",\"o\":\"NguyÔn V\u{a8}n A\"}",
                "{\"code\":\"\u{b8}\",\"owner\":\"Nguyễn Văn A\"}",
            ),
            ("{\"c\":\"1\",\"o\":\"Nguyễn\"}", "LT-3017 owner"),
        ],
    );
    // Bytes from 0x80 on that went through Windows-1252, in JSON and in XML.
    for (encoding, taken) in
        [("vni", "Nguyeãn “Vaên” A"), ("vps", "NguyÍn ‘V\u{e6}n’ A"), ("viscii", "Nguy\u{ad}n")]
    {
        let expect = match encoding {
            "viscii" => "Nguyễn",
            "vps" => "Nguyễn ‘Văn’ A",
            _ => "Nguyễn “Văn” A",
        };
        let rules = format!(
            "[fields]\ncode = {{ from = \"c\" }}\nowner = {{ from = \"o\", text = \"{encoding}\" }}\n"
        );
        let item = format!("{{\"c\":\"1\",\"o\":\"{taken}\"}}");
        let national = format!("{{\"code\":\"1\",\"owner\":\"{expect}\"}}");
        check("json", &rules, &[(&item, &national)]);
        let item = format!("<r><c>1</c><o>{taken}</o></r>");
        check("xml", &rules, &[(&item, &national)]);
    }
    check(
        "json",
        "[fields]\ncode = { from = \"c\" }\n\
         owner = { from = \"o\", text = \"viscii\", do = [{ tone-placement = \"old\" }] }\n",
        &[
            ("{\"c\":\"1\",\"o\":\"Ho\u{e0} \\u0005\"}", "{\"code\":\"1\",\"owner\":\"Hòa Ẵ\"}"),
            ("{\"c\":\"1\",\"o\":\"\u{93}x“\"}", "LT-3017 owner"),
        ],
    );
}

#[test]
fn encodings_are_detected_only_where_asked_and_counted() {
    let rules = "[fields]\ncode = { from = \"c\" }\nowner = { from = \"o\", text = \"auto\" }\n";
    let national = |owner: &str| format!("{{\"code\":\"1\",\"owner\":\"{owner}\"}}");
    let item = |owner: &str| format!("{{\"c\":\"1\",\"o\":\"{owner}\"}}");
    let cases = [
        ("Toång cuïc Thoáng keâ", "Tổng cục Thống kê"),
        ("Tæng côc Thèng kª", "Tổng cục Thống kê"),
        ("Tổng cục Thống kê", "Tổng cục Thống kê"),
        ("plain", "plain"),
    ];
    let cases: Vec<_> = cases.iter().map(|(from, to)| (item(from), national(to))).collect();
    let mut pairs: Vec<(&str, &str)> = cases.iter().map(|(a, b)| (&**a, &**b)).collect();
    let unclear = item("Bµ");
    pairs.push((&unclear, "LT-3018 owner"));
    check("json", rules, &pairs);
    let mapping = compile("json", rules).mapping;
    let mut work = Workspace::new();
    for (item, _) in &cases {
        mapping.apply(item.as_bytes(), &mut work, &mut |_| ()).unwrap();
    }
    let counts: Vec<_> = work.take_detected().into_iter().collect();
    assert_eq!(counts, [("tcvn3", 1), ("utf-8", 1), ("vni", 1)]);
    assert!(work.take_detected().is_empty());
    let trace = mapping.trace(cases[0].0.as_bytes());
    let owner = trace.rows.iter().find(|row| row.field == "owner").unwrap();
    assert_eq!(owner.detected.as_deref(), Some("vni 0.99"));
    let refused = mapping.apply(unclear.as_bytes(), &mut work, &mut |_| ()).unwrap_err();
    assert!(refused.reasons[0].message.contains("tcvn3"), "{}", refused.reasons[0].message);
}

#[test]
fn lists_become_groups_with_their_rows() {
    let rules = format!(
        "{CODE}[groups.fees]\neach = \"list\"\n\
         fields.name = {{ from = \"name\" }}\n\
         fields.price = {{ from = \"price\", decimal = true }}\n\
         [groups.fees.groups.notes]\neach = \"more\"\nfields.text = {{ from = \".\" }}\n"
    );
    check(
        "json",
        &rules,
        &[
            (
                r#"{"c":"1","list":[{"name":"a","more":["x","y"]},{"name":"b","price":2},
                    {"name":"c","more":"z"}]}"#,
                "{\"code\":\"1\",\"fees\":[\
                 {\"name\":\"a\",\"notes\":[{\"text\":\"x\"},{\"text\":\"y\"}]},\
                 {\"name\":\"b\",\"price\":\"2\"},{\"name\":\"c\",\"notes\":[{\"text\":\"z\"}]}]}",
            ),
            (r#"{"c":"1","list":{"name":"a"}}"#, r#"{"code":"1","fees":[{"name":"a"}]}"#),
            (r#"{"c":"1","list":""}"#, r#"{"code":"1"}"#),
            (r#"{"c":"1","list":null}"#, r#"{"code":"1"}"#),
            (
                r#"{"c":"1","list":[{"name":"a"},{"price":"x"}]}"#,
                "LT-3011 fees[1].name, LT-3013 fees[1].price",
            ),
            (r#"{"c":"1","list":["a"]}"#, "LT-3015 -"),
        ],
    );
    check(
        "xml",
        &rules,
        &[(
            "<r><c>1</c><list><name>a</name><more>x</more><more>y</more></list>\
             <list><name>b</name></list></r>",
            "{\"code\":\"1\",\"fees\":[\
             {\"name\":\"a\",\"notes\":[{\"text\":\"x\"},{\"text\":\"y\"}]},{\"name\":\"b\"}]}",
        )],
    );
}

#[test]
fn a_single_group_is_made_of_the_fields_around_it() {
    check(
        "row",
        "[fields]\ncode = { from = \"Mã (1.2)\" }\n\
         [groups.id]\nfields.kind = { value = \"1\" }\nfields.number = { from = \"Số\" }\n\
         [groups.fees]\nfields.name = { from = \"Phí\" }\n",
        &[
            (
                r#"{"Mã (1.2)":"a","Số":"001","Phí":"x"}"#,
                r#"{"code":"a","fees":[{"name":"x"}],"id":{"kind":"1","number":"001"}}"#,
            ),
            (r#"{"Mã (1.2)":"a","Số":null,"Phí":""}"#, r#"{"code":"a"}"#),
        ],
    );
}

#[test]
fn a_row_made_of_the_row_around_it_is_left_out_where_it_would_be_empty() {
    let rules = format!(
        "{CODE}[groups.fees]\neach = \"list\"\nfields.name = {{ from = \"name\" }}\n\
         [groups.fees.groups.notes]\nfields.text = {{ from = \"note\" }}\n"
    );
    let item = r#"{"c":"1","list":[{"name":"a"},{"name":"b","note":"x"},{"name":"c","note":"y"}]}"#;
    let record = "{\"code\":\"1\",\"fees\":[{\"name\":\"a\"},\
        {\"name\":\"b\",\"notes\":[{\"text\":\"x\"}]},\
        {\"name\":\"c\",\"notes\":[{\"text\":\"y\"}]}]}";
    check("json", &rules, &[(item, record)]);
    let trace = compile("json", &rules).mapping.trace(item.as_bytes());
    let notes = trace.rows.iter().filter(|row| row.field.contains("notes"));
    let notes: Vec<_> = notes.map(|row| (&row.source_value, &row.national_value)).collect();
    assert_eq!(notes.len(), 2);
    for (source, national) in notes {
        assert_eq!(source, national);
    }
}

#[test]
fn a_rejection_tells_what_to_do_and_hides_what_is_personal() {
    let rules = "[fields]\ncode = { from = \"c\" }\n\
         status = { from = \"s\", codes = \"status\" }\n\
         owner = { from = \"o\", do = [\"phone-vn\"] }\n";
    let mapping = compile("json", rules).mapping;
    let item = r#"{"c":"K1","s":"DON","o":"Trần Thị Bịa"}"#;
    let rejection = apply(&mapping, item).unwrap_err();
    assert_eq!(rejection.key.as_deref(), Some("K1"));
    let [status, owner] = rejection.reasons.as_slice() else { panic!("{rejection:?}") };
    assert_eq!(status.waiting_for.as_deref(), Some("codes/status:DON"));
    assert_eq!(status.source_path.as_deref(), Some("s"));
    assert_eq!(status.offset, item.find("DON"));
    assert!(status.message.contains("“DON”"), "{}", status.message);
    assert!(status.hint.as_ref().unwrap().contains("“DONE” → 2"), "{:?}", status.hint);
    assert_eq!(owner.code, "LT-3016");
    assert!(!format!("{owner:?}").contains("Bịa"), "{owner:?}");
    assert!(owner.message_vi.contains("số điện thoại"), "{}", owner.message_vi);
    let trace = mapping.trace(item.as_bytes());
    assert_eq!(trace.outcome.unwrap_err(), rejection);
}

#[test]
fn the_standard_has_the_last_word() {
    let rules = "[fields]\ncode = { from = \"c\" }\nowner = { from = \"o\" }\n\
                 word = { from = \"w\" }\n";
    let mapping = compile("json", rules).mapping;
    let item = r#"{"c":"0123456789abc","o":"một tên dài hơn hai mươi chữ","w":"1"}"#;
    let rejection = apply(&mapping, item).unwrap_err();
    let fields: Vec<_> = rejection.reasons.iter().map(|r| r.field.as_deref().unwrap()).collect();
    assert_eq!(fields, ["code", "word", "owner"]);
    assert!(rejection.reasons.iter().all(|reason| reason.code.starts_with("LT-4")));
    assert_eq!(rejection.reasons[2].source_path.as_deref(), Some("o"));
    assert!(!format!("{rejection:?}").contains("một tên"));
}

#[test]
fn items_that_are_no_items_are_refused() {
    let json = compile("json", CODE).mapping;
    let xml = compile("xml", CODE).mapping;
    let deep = "[".repeat(10_000);
    let big = format!("{{\"c\":\"{}\"}}", "x".repeat(50 << 20));
    let cases = [
        (&json, "{", "LT-3030"),
        (&json, r#"{"c":"1","c":"2"}"#, "LT-3031"),
        (&json, &*deep, "LT-3032"),
        (&json, &*big, "LT-3032"),
        (&xml, "<r><c>1</r>", "LT-3030"),
        (&xml, "<!DOCTYPE r [<!ENTITY a \"b\">]><r><c>&a;</c></r>", "LT-3033"),
        (&xml, "<r><c>&a;</c></r>", "LT-3033"),
    ];
    for (mapping, item, code) in cases {
        let rejection = apply(mapping, item).unwrap_err();
        assert_eq!(rejection.reasons[0].code, code);
        let is_placed = code != "LT-3032" || item.starts_with('[');
        assert_eq!(rejection.reasons[0].offset.is_some(), is_placed);
        assert_eq!(rejection.key, None);
    }
}

#[test]
fn a_workspace_serves_one_record_after_the_other() {
    let json = compile("json", &format!("{CODE}word = {{ from = \"w\" }}\n")).mapping;
    let xml = compile("xml", CODE).mapping;
    let mut work = Workspace::new();
    for round in 0..3 {
        for (mapping, item, expected) in [
            (&json, r#"{"c":"\u0031","w":"b"}"#, Some(r#"{"code":"1","word":"b"}"#)),
            (&json, r#"{"c":"2"}"#, Some(r#"{"code":"2"}"#)),
            (&json, r#"{"c":"2","w":["#, None),
            (&json, r#"{"w":"a"}"#, None),
            (&xml, "<r><c>a&amp;b</c></r>", Some(r#"{"code":"a&b"}"#)),
        ] {
            let mut out = Vec::new();
            let mut sink =
                |record: &lienthong_standard::Submission<'_>| record.write_json(&mut out);
            let done = mapping.apply(item.as_bytes(), &mut work, &mut sink);
            assert_eq!(done.is_ok(), expected.is_some(), "{item} in round {round}");
            assert_eq!(String::from_utf8(out).unwrap(), expected.unwrap_or_default());
        }
    }
}

#[test]
fn a_trace_shows_source_and_national_value_side_by_side() {
    let rules = "unmapped = [\"x\"]\n[fields]\ncode = { from = \"c\" }\n\
        status = { from = \"s\", codes = \"status\" }\n\
        [groups.fees]\neach = \"list\"\nfields.name = { from = \"n\" }\n";
    let mapping = compile("json", rules).mapping;
    let item = r#"{"c":"1","s":"NEW","list":[{"n":"a","m":[{"p":1},{"p":2}]}],"x":{"y":1},"z":0}"#;
    let trace = mapping.trace(item.as_bytes());
    let rows: Vec<_> = trace
        .rows
        .iter()
        .map(|row| (&*row.field, row.source_value.as_deref(), row.national_value.as_deref()))
        .collect();
    assert_eq!(
        rows,
        [
            ("code", Some("1"), Some("1")),
            ("status", Some("NEW"), Some("1")),
            ("fees[0].name", Some("a"), Some("a")),
        ]
    );
    assert_eq!(trace.rows[1].rule, "{ from = \"s\", codes = \"status\" }");
    assert_eq!(trace.outcome.unwrap(), r#"{"code":"1","status":"1","fees":[{"name":"a"}]}"#);
    assert_eq!(mapping.unread(item.as_bytes()), ["list[].m[].p", "z"]);
    let xml = compile("xml", rules).mapping;
    let item = "<r a='1'><c>1</c><list><n b='2'>x</n><o>y</o></list><x><y>1</y></x></r>";
    assert_eq!(xml.unread(item.as_bytes()), [".@a", "list.n.@b", "list.o"]);
}

fn mapping_of_items() -> &'static Mapping {
    static MAPPING: OnceLock<Mapping> = OnceLock::new();
    MAPPING.get_or_init(|| {
        let rules = "[fields]\ncode = { from = \"c\" }\n\
            word = { from = \"w\", number = \"as-written\" }\n\
            status = { from = \"s\", codes = \"status\" }\n";
        compile("json", rules).mapping
    })
}

/// Members of an object that is often an item and often not.
const ITEM: &str = "\\{(\"[cws]\":(\"([0-9]{0,2}|NEW|DONE)\"|[0-9]|null|\\[\\]),?){0,3}\\}";

proptest! {
    #[test]
    fn any_item_is_mapped_or_refused_and_its_trace_agrees(item in ITEM, other in "\\PC{0,30}") {
        for item in [item.replace(",}", "}"), other] {
            let applied = apply(mapping_of_items(), &item);
            if let Err(rejection) = &applied {
                prop_assert!(!rejection.reasons.is_empty());
            }
            let trace = mapping_of_items().trace(item.as_bytes());
            prop_assert_eq!(trace.outcome, applied);
        }
    }
}
