//! What compiles, what does not, and in which words.

use std::sync::Arc;

use lienthong_diagnostics::{Level, Paint, render};
use lienthong_standard::{Files, Standard};

use super::keys::Text;
use super::{Compiler, Zone};
use crate::{Compiled, Input, Mapping, State};

const RECORD: &str = r#"
record_type = "thing"
title.vi = "Vật"
key = ["code"]
history = "latest"
own_date = "on"
[fields]
code = { title.vi = "Mã", type = "text", required = true, max_chars = 12 }
status = { title.vi = "Trạng thái", type = "code", code_list = "status" }
word = { title.vi = "Từ", type = "text", nullable = true, pattern = "word" }
count = { title.vi = "Số", type = "integer" }
money = { title.vi = "Tiền", type = "decimal", nullable = true }
on = { title.vi = "Ngày", type = "date" }
at = { title.vi = "Lúc", type = "timestamp" }
due = { title.vi = "Hạn", type = "timestamp" }
late = { title.vi = "Trễ", type = "boolean", nullable = true }
owner = { title.vi = "Chủ", type = "text", personal = "name", max_chars = 20 }
[groups.fees]
title.vi = "Lệ phí"
fields.name = { title.vi = "Tên", type = "text", required = true }
fields.price = { title.vi = "Giá", type = "decimal" }
[groups.fees.groups.notes]
title.vi = "Ghi chú"
fields.text = { title.vi = "Nội dung", type = "text" }
[groups.id]
title.vi = "Định danh"
single = true
fields.kind = { title.vi = "Loại", type = "text" }
fields.number = { title.vi = "Số", type = "text", personal = "identity" }
"#;

/// A standard with a field of every type, a list of rows, a list in its rows and a single row.
pub(crate) fn standard() -> Arc<Standard> {
    let files = [
        ("records/thing.toml", RECORD),
        ("codes/lists.toml", "[status]\ntitle.vi = \"Trạng thái\"\n"),
        (
            "codes/status.csv",
            "code,name_vi,name_en,valid_from,valid_to,parent,aliases,successor\n\
             1,Mới,New,,,,,\n2,Xong,Done,,,,,\n10,Trả,Returned,,,,TRA|R,\n",
        ),
        (
            "patterns.toml",
            "word = { title = { vi = \"từ\" }, regex = \"^[a-zà-ỹ ]+$\", matches = [\"abc\"], \
             refuses = [\"1\"] }\n",
        ),
    ];
    let files = files.map(|(path, text)| (path.to_owned(), Arc::from(text)));
    match Standard::compile("v1", &Files::new(files)) {
        Ok(standard) => Arc::new(standard),
        Err(problems) => panic!("{}", render(&problems, Level::Error, Paint::Plain)),
    }
}

/// A compiler over a text, for parts that are tested alone.
pub(crate) fn compiler<'s>(files: &'s Files, standard: &'s Standard, text: &str) -> Compiler<'s> {
    Compiler {
        text: Text { file: Arc::from("test.toml"), text: Arc::from(text) },
        files,
        standard,
        folder: String::new(),
        input: Input::Json,
        zone: Zone::HoChiMinh,
        reading: crate::plan::Reading::AsWritten,
        problems: Vec::new(),
        warnings: Vec::new(),
        marks: super::Marks::default(),
        lists: Vec::new(),
        scopes: 1,
        documents: Vec::new(),
        splits: Vec::new(),
    }
}

fn head(input: &str) -> String {
    format!(
        "mapping = \"sys/things\"\nstandard = \"v1\"\nrecord_type = \"thing\"\n\
         input = {{ format = \"{input}\" }}\n"
    )
}

/// The files of one mapping with the head for an input format and two code lists.
pub(crate) fn files(input: &str, body: &str) -> Files {
    let files = [
        ("sys/things.toml", format!("{}{body}", head(input))),
        ("sys/codes/status.csv", "source,national,note\nNEW,1,\nDONE,2,\"a, b\"\nEND,2,\n".into()),
        ("sys/codes/bad.csv", "source,national\nNEW,1\nNEW,2\nX,20\n,1\n".into()),
        ("sys/codes/headless.csv", "NEW,1\n".into()),
    ];
    let files = files.map(|(path, text): (_, String)| (path.to_owned(), Arc::from(text)));
    Files::new(files).shown_below("mappings/systems/")
}

pub(crate) fn compile(input: &str, body: &str) -> Compiled {
    match Mapping::compile("sys/things", &files(input, body), &standard()) {
        Ok(compiled) => compiled,
        Err(problems) => panic!("{}", render(&problems, Level::Error, Paint::Plain)),
    }
}

/// The problems as `code line:column message`.
fn problems(input: &str, body: &str) -> Vec<String> {
    let problems = match Mapping::compile("sys/things", &files(input, body), &standard()) {
        Ok(_) => Vec::new(),
        Err(problems) => problems,
    };
    let shown = problems.iter().map(|problem| {
        let (line, column) = problem.line_column();
        format!("{} {line}:{column} {}", problem.code, problem.message)
    });
    shown.collect()
}

const CODE: &str = "code = { from = \"c\" }\n";

#[test]
fn a_mapping_with_every_kind_of_rule_compiles() {
    let compiled = compile(
        "json",
        r#"
            unmapped = ["a.b"]
            timezone = "Asia/Ho_Chi_Minh"
            text = "utf-8"
            [fields]
            code = { from = "c", do = ["trim", { strip-prefix = "x" }], number = "as-written" }
            status = { from = "s.id", codes = "status", fold = true }
            word = { first_of = ["w", "v[0]"], when_missing = "null" }
            count = { from = "n", integer = { from_decimal = "exact", point = "," } }
            money = { from = "m", decimal = { thousands = ".", point = "," } }
            on = { from = "d", date = { of_timestamp = ["rfc3339", "epoch-ms"] } }
            at = { from = "t", timestamp = ["%d/%m/%Y %H:%M:%S", "%Y%m%d%H%M%S"] }
            due = { from = "u", timestamp = { of_date = "%F", at = "17:00:00" } }
            late = { later = ["at", "due"], when_missing = "null" }
            owner = { join = ["f", "g"], with = " " }
            [groups.fees]
            each = "list"
            fields.name = { from = "." }
            [groups.fees.groups.notes]
            each = "more"
            fields.text = { from = "x" }
            [groups.id]
            fields.kind = { value = "1" }
            fields.number = { from = "id" }
        "#,
    );
    assert_eq!(compiled.mapping.name(), "sys/things");
    assert_eq!(compiled.mapping.digest().len(), 64);
    let warning = &compiled.warnings[0];
    assert_eq!(warning.code, "LT-3022");
    assert!(warning.message.contains("DONE, END → 2"), "{}", warning.message);
    let verdict =
        |field: &str| compiled.verdicts.iter().find(|verdict| &*verdict.field == field).unwrap();
    assert_eq!(verdict("late").state, State::Proven);
    assert_eq!(verdict("id.kind").state, State::Proven);
    assert_eq!(verdict("fees.price").state, State::Proven);
    assert_eq!(verdict("status").state, State::Checked);
    assert!(
        verdict("status").reasons.iter().any(|why| why.message.contains("outside `codes/status`"))
    );
    assert!(verdict("owner").reasons.iter().any(|why| why.message.contains("exceed 20")));
}

#[test]
fn each_fault_is_told_with_its_code_and_place() {
    let cases: &[(&str, &str, &str, &str)] = &[
        ("json", "code = { from = \"c\", colour = 1 }", "LT-3002 6:22", "`colour` is not a key"),
        ("json", "code = { form = \"c\" }", "LT-3003 6:8", "has no source"),
        ("json", "code = { from = \"c\", aliases = true }", "LT-3009", "is no code"),
        ("json", "code = { from = \"c\", fold = true }", "LT-3003", "for `codes` and `aliases`"),
        (
            "json",
            "code = { from = \"c\" }\nstatus = { from = \"s\", codes = \"status\", aliases = true }",
            "LT-3003",
            "`codes` or `aliases`",
        ),
        ("json", "code = { from = 1 }", "LT-3003 6:17", "not a text in quotes"),
        ("json", "code = { from = \"c\", value = \"x\" }", "LT-3003", "both `from` and `value`"),
        ("json", "code = { from = \"a..b\" }", "LT-3005 6:17", "no name"),
        ("json", "code = { from = \"@a\" }", "LT-3005", "is for XML"),
        ("json", "codd = { from = \"c\" }", "LT-3004 6:1", "no field `codd`"),
        ("json", "status = { from = \"s\" }", "LT-3008", "required field `code`"),
        ("json", "code = { from = \"c\", do = [\"trin\"] }", "LT-3020 6:28", "no function `trin`"),
        ("json", "code = { from = \"c\", do = [\"cut\"] }", "LT-3020", "needs an argument"),
        ("json", "code = { from = \"c\", do = [{ trim = 1 }] }", "LT-3020", "no argument"),
        ("json", "code = { from = \"c\", when_missing = \"absent\" }", "LT-3009", "is required"),
        ("json", "code = { from = \"c\", when_missing = \"null\" }", "LT-3009", "can't be null"),
        ("json", "code = { from = \"c\", when_missing = \"skip\" }", "LT-3003", "not known"),
        ("json", "code = { value = \"0123456789abc\" }", "LT-3009", "longer than 12"),
        ("json", "code = { value = 5 }", "LT-3009", "no value of `code` (text)"),
        ("json", "code = { from = \"c\", timestamp = \"rfc3339\" }", "LT-3009", "gives no text"),
        ("json", "code = { first_of = [\"a\"] }", "LT-3003", "fewer than two"),
        ("json", "code = { join = [\"a\", \"b\"] }", "LT-3003", "needs `with`"),
        ("json", "code = { later = [\"at\", \"due\"] }", "LT-3009", "gives true or false"),
        ("json", "code = { value = \"x\", do = [\"trim\"] }", "LT-3009", "without a source path"),
    ];
    for (input, rule, place, words) in cases {
        let found = problems(input, &format!("[fields]\n{rule}\n"));
        let is_it = |found: &String| found.starts_with(place) && found.contains(words);
        assert!(found.iter().any(is_it), "{rule}: {found:#?}");
    }
}

/// Input format, rule, the beginning of a problem, and words of it.
type Misfit = (&'static str, &'static str, &'static str, &'static str);

const MISFITS: &[Misfit] = &[
    ("xml", "count = { from = \"n\" }", "LT-3009", "no integer for `count` without a format"),
    ("row", "count = { from = \"n\" }", "LT-3009", "no integer"),
    ("json", "count = { from = \"n\", do = [\"trim\"] }", "LT-3009", "no integer"),
    ("xml", "money = { from = \"n\" }", "LT-3009", "no decimal"),
    ("xml", "late = { from = \"n\" }", "LT-3009", "no boolean"),
    ("json", "on = { from = \"n\" }", "LT-3009", "no date"),
    ("json", "at = { from = \"n\" }", "LT-3009", "no timestamp"),
    ("json", "on = { from = \"n\", timestamp = \"rfc3339\" }", "LT-3023", "loses its time"),
    ("json", "on = { from = \"n\", date = \"rfc3339\" }", "LT-3023", "a date loses"),
    ("json", "on = { from = \"n\", date = { of_timestamp = \"%F\" } }", "LT-3009", "no time"),
    ("json", "at = { from = \"n\", date = \"%F\" }", "LT-3009", "no time of day"),
    ("json", "at = { from = \"n\", timestamp = \"%F\" }", "LT-3009", "no time of day"),
    ("json", "at = { from = \"n\", timestamp = \"%d/%m\" }", "LT-3021", "needs the year"),
    ("json", "at = { from = \"n\", timestamp = [] }", "LT-3021", "no format"),
    (
        "json",
        "on = { from = \"n\", date = [\"%d/%m/%Y\", \"%m/%d/%Y\"] }",
        "LT-3021",
        "reads the same texts",
    ),
    ("json", "count = { from = \"n\", decimal = true }", "LT-3023", "lose its fraction"),
    (
        "json",
        "count = { from = \"n\", integer = { from_decimal = \"round\" } }",
        "LT-3023",
        "would lose digits",
    ),
    ("json", "money = { from = \"n\", decimal = { point = \"12\" } }", "LT-3021", "no mark"),
    (
        "json",
        "money = { from = \"n\", decimal = { thousands = \".\" } }",
        "LT-3021",
        "the point and",
    ),
    (
        "json",
        "late = { from = \"n\", boolean = { true = [\"1\"], false = [\"1\"] } }",
        "LT-3021",
        "words for true as well",
    ),
    ("json", "late = { later = [\"at\", \"due\"] }", "LT-3009", "`at` has no rule"),
    (
        "json",
        "on = { from = \"o\", date = \"%F\" }\nat = { from = \"a\", timestamp = \"rfc3339\" }\n\
             late = { later = [\"at\", \"on\"] }",
        "LT-3009",
        "can't be compared",
    ),
    ("json", "late = { later = [\"at\", \"code\"] }", "LT-3009", "no date or timestamp"),
    ("json", "late = { later = [\"at\", \"duw\"] }", "LT-3004", "no national field `duw`"),
    ("json", "status = { value = \"3\" }", "LT-3007", "not in the standard's list `status`"),
    ("json", "status = { from = \"s\", codes = \"statis\" }", "LT-3006", "no code list"),
    ("json", "status = { from = \"s\", codes = { A = \"11\" } }", "LT-3007", "`11` is not in"),
    ("json", "status = { from = \"s\", codes = {} }", "LT-3006", "has no line"),
    ("json", "status = { from = \"s\", fold = true }", "LT-3003", "`fold` is for"),
    ("json", "status = { from = \"s\", codes = \"bad\" }", "LT-3006 3:1", "`NEW` is there already"),
    ("json", "status = { from = \"s\", codes = \"bad\" }", "LT-3007 4:1", "`20` is not in"),
    ("json", "status = { from = \"s\", codes = \"bad\" }", "LT-3006 5:1", "a code is empty"),
    (
        "json",
        "status = { from = \"s\", codes = \"headless\" }",
        "LT-3006 1:1",
        "begins with the line",
    ),
    ("json", "count = { from = \"s\", codes = { A = \"x\" } }", "LT-3009", "`x` is no integer"),
    ("json", "word = { from = \"s\", codes = { A = \"1\" } }", "LT-3009", "has not the form"),
    ("json", "word = { from = \"s\", text = \"tcvn4\" }", "LT-3003", "not an encoding"),
    ("json", "word = { from = \"d<csv>.w\" }", "LT-3005 7:17", "not the format of a document"),
    (
        "json",
        "word = { from = \"d<xml>.w\" }\nowner = { from = \"d\" }",
        "LT-3005 8:18",
        "both as a value and as a document",
    ),
    (
        "json",
        "owner = { from = \"d\" }\nword = { from = \"d<xml>.w\" }",
        "LT-3005 7:18",
        "both as a value and as a document",
    ),
    (
        "json",
        "owner = { from = \"d.o\" }\nword = { from = \"d<xml>.w\" }",
        "LT-3005 8:17",
        "both as a value and as a document",
    ),
    (
        "xml",
        "owner = { from = \"d[k=1]<json>.o\" }\nword = { from = \"d[k=1]<xml>.w\" }",
        "LT-3005 7:18",
        "as JSON and as XML",
    ),
    ("json", "count = { from = \"d<xml>.n\" }", "LT-3009", "no integer"),
    ("json", "word = { from = \"s\", number = \"round\" }", "LT-3003", "not a way"),
];

#[test]
fn a_rule_that_does_not_fit_its_field_is_refuted() {
    for (input, rule, place, words) in MISFITS {
        let found = problems(input, &format!("[fields]\n{CODE}{rule}\n"));
        let is_it = |found: &String| found.starts_with(place) && found.contains(words);
        assert!(found.iter().any(is_it), "{rule}: {found:#?}");
    }
}

#[test]
fn faults_of_the_head_and_of_groups() {
    let fields = format!("[fields]\n{CODE}");
    let cases: &[(&str, String, &str, &str)] = &[
        ("csv", fields.clone(), "LT-3003", "not the format of an item"),
        ("json", format!("timezone = \"Asia/Hanoi\"\n{fields}"), "LT-3003", "not a time zone"),
        ("json", format!("colour = 1\n{fields}"), "LT-3002 5:1", "`colour` is not a key"),
        ("json", format!("{fields}[groups.fee]\neach = \"x\"\n"), "LT-3004", "no group `fee`"),
        ("json", format!("{fields}[groups.notes]\neach = \"x\"\n"), "LT-3004", "no group `notes`"),
        ("json", format!("{fields}[groups.fees]\neach = \"x\"\n"), "LT-3008", "`fees.name`"),
        ("row", format!("{fields}[groups.fees]\neach = \"x\"\n"), "LT-3009", "no lists"),
        (
            "json",
            format!(
                "{fields}[groups.fees]\nfields.name = {{ from = \"x\" }}\n\
                 groups.notes.each = \"y\"\n"
            ),
            "LT-3009",
            "can't hold groups",
        ),
        ("xml", format!("{fields}[groups.fees]\neach = \"x.@a\"\n"), "LT-3005", "not a list"),
        (
            "json",
            format!(
                "{fields}[groups.fees]\neach = \"d<xml>.x\"\n\
                 fields.name = {{ from = \"n<json>.a\" }}\n"
            ),
            "LT-3005 9:24",
            "document in a document",
        ),
        (
            "json",
            format!("{fields}[groups.fees]\nsplit = [\"a\", \"a\"]\nby = \"#\"\n"),
            "LT-3003 8:15",
            "twice",
        ),
        ("row", format!("{fields}[groups.fees]\nsplit = [\"a\"]\n"), "LT-3003", "needs `by`"),
        (
            "row",
            format!("{fields}[groups.fees]\nsplit = []\nby = \" \"\n"),
            "LT-3003",
            "1 to 16 characters",
        ),
        ("row", format!("{fields}[groups.fees]\nsplit = []\nby = \"#\"\n"), "LT-3003", "no text"),
        ("row", format!("{fields}[groups.fees]\nby = \"#\"\n"), "LT-3003", "for `split` alone"),
        (
            "json",
            format!("{fields}[groups.fees]\nsplit = [\"a\"]\nby = \"#\"\neach = \"b\"\n"),
            "LT-3003",
            "both `each` and `split`",
        ),
        (
            "json",
            format!("{fields}[groups.fees]\nsplit = [\"a\"]\nby = \"#\"\ntrailing = \"skip\"\n"),
            "LT-3003",
            "`skip` is not",
        ),
        (
            "json",
            format!(
                "{fields}[groups.fees]\nsplit = [\"a\"]\nby = \"#\"\n\
                 fields.name = {{ from = \"b\" }}\n[groups.fees.groups.notes]\neach = \"a\"\n"
            ),
            "LT-3009",
            "a part of a text holds no list",
        ),
        (
            "json",
            format!(
                "{fields}[groups.fees]\nsplit = [\"a\"]\nby = \"#\"\n\
                 fields.name = {{ from = \"b\" }}\n"
            ),
            "LT-3005 10:24",
            "not one of `split`",
        ),
        ("json", "[fields\n".to_owned(), "LT-3001", ""),
    ];
    for (input, body, place, words) in cases {
        let found = problems(input, body);
        let is_it = |found: &String| found.starts_with(place) && found.contains(words);
        assert!(found.iter().any(is_it), "{body}: {found:#?}");
    }
    let other = files("json", &fields);
    let text = other.get("sys/things.toml").unwrap().replace("\"v1\"", "\"v2\"");
    let text = text.replace("sys/things", "sys/others").replace("\"thing\"", "\"thin\"");
    let other = Files::new([("sys/things.toml".to_owned(), Arc::from(text))]);
    let problems = Mapping::compile("sys/things", &other, &standard()).unwrap_err();
    let codes: Vec<_> = problems.iter().map(|problem| problem.code).collect();
    assert_eq!(codes, ["LT-3003", "LT-3004", "LT-3004"]);
    let gone = Mapping::compile("sys/gone", &other, &standard()).unwrap_err();
    assert_eq!(gone[0].code, "LT-3001");
}

#[test]
fn documents_and_lists_in_texts_can_fail_and_that_is_told() {
    let body = format!(
        "[fields]\n{CODE}owner = {{ from = \"d<xml>.o\", do = [{{ cut = {{ max_chars = 20 }} }}] }}\n\
         [groups.fees]\nsplit = [\"a\", \"b\"]\nby = \"##\"\nfields.name = {{ from = \"a\" }}\n"
    );
    let verdicts = compile("json", &body).verdicts;
    let of = |field: &str| verdicts.iter().find(|verdict| &*verdict.field == field).unwrap();
    for (field, words) in [("owner", "may be no xml"), ("fees", "different numbers")] {
        let verdict = of(field);
        assert_eq!(verdict.state, State::Checked);
        assert!(verdict.reasons.iter().any(|why| why.message.contains(words)), "{verdict:?}");
    }
}

#[test]
fn all_problems_come_at_once_and_in_the_order_of_the_text() {
    let body = "[fields]\ncode = { form = \"c\" }\nstatus = { value = \"3\" }\nnone = 1\n";
    let found = problems("json", body);
    assert_eq!(found.len(), 4, "{found:#?}");
    let lines = ["6:8", "6:10", "7:20", "8:1"];
    for (found, line) in found.iter().zip(lines) {
        assert!(found.split(' ').nth(1) == Some(line), "{found} is not at {line}");
    }
}

#[test]
fn a_review_refutes_what_does_not_load() {
    let body = format!("[fields]\n{CODE}on = {{ from = \"d\", timestamp = \"rfc3339\" }}\n");
    let review = Mapping::review("sys/things", &files("json", &body), &standard());
    assert!(review.mapping.is_none());
    let on = review.verdicts.iter().find(|verdict| &*verdict.field == "on").unwrap();
    assert_eq!(on.state, State::Refuted);
    assert!(on.reasons[0].message.contains("loses its time"), "{:?}", on.reasons);
    let code = review.verdicts.iter().find(|verdict| &*verdict.field == "code").unwrap();
    assert_eq!(code.state, State::Checked);
}

#[test]
fn the_digest_follows_the_code_lists() {
    let body = format!("[fields]\n{CODE}status = {{ from = \"s\", codes = \"status\" }}\n");
    let files = files("json", &body);
    let one = Mapping::compile("sys/things", &files, &standard()).unwrap().mapping;
    let changed = files.iter().map(|(path, text)| {
        let text = if path.ends_with("status.csv") {
            text.replace("NEW", "NEU")
        } else {
            text.to_string()
        };
        (path.to_owned(), Arc::from(text))
    });
    let changed = Files::new(changed.collect::<Vec<_>>());
    let two = Mapping::compile("sys/things", &changed, &standard()).unwrap().mapping;
    assert_ne!(one.digest(), two.digest());
    let untouched = files.iter().map(|(path, text)| {
        let text = if path.ends_with("bad.csv") { "x".to_owned() } else { text.to_string() };
        (path.to_owned(), Arc::from(text))
    });
    let untouched = Files::new(untouched.collect::<Vec<_>>());
    let three = Mapping::compile("sys/things", &untouched, &standard()).unwrap().mapping;
    assert_eq!(one.digest(), three.digest());
}

/// Text that is often TOML and seldom a mapping.
const BODY: &str = "\\PC{0,80}|(\\[fields\\]\n)?\
                    ([a-z]+ = [\\[{\"]?[a-z .=,\"]{0,20}[\\]}\"]?\n){0,4}";

proptest::proptest! {
    #[test]
    fn any_text_is_answered_without_a_panic(body in BODY) {
        let _problems = problems("json", &body);
    }
}
