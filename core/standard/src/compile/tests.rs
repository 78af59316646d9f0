//! The project's own standards compile; faulty ones are answered with place and hint.

use std::path::Path;
use std::sync::{Arc, LazyLock};

use lienthong_diagnostics::{Level, Paint, Problem, render};

use crate::{FieldType, Files, History, Standard};

/// The files of a folder of the repository.
pub(crate) fn folder(path: &str) -> Files {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path);
    let mut files = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let name = path.strip_prefix(&root).unwrap().to_str().unwrap().to_owned();
            files.push((name, Arc::from(std::fs::read_to_string(&path).unwrap())));
        }
    }
    Files::new(files).shown_below(format!("{path}/"))
}

/// Compiles a folder of the repository.
pub(crate) fn compiled(path: &str) -> Standard {
    Standard::compile("v1", &folder(path)).unwrap_or_else(|problems| panic!("{}", shown(&problems)))
}

/// The national standard of the repository.
pub(crate) fn national() -> &'static Standard {
    static NATIONAL: LazyLock<Standard> = LazyLock::new(|| compiled("mappings/standard/v1"));
    &NATIONAL
}

/// A standard of one record type `thing`, with a code list `colour` and a pattern `word`.
pub(crate) fn small(record: &str) -> Result<Standard, Vec<Problem>> {
    Standard::compile("v1", &small_files(record))
}

pub(crate) fn small_files(record: &str) -> Files {
    let head = "record_type = \"thing\"\ntitle.vi = \"Vật\"\n";
    let files = [
        ("records/thing.toml", format!("{head}{record}")),
        ("codes/lists.toml", "[colour]\ntitle.vi = \"Màu\"\n".to_owned()),
        ("codes/colour.csv", COLOURS.to_owned()),
        ("patterns.toml", PATTERNS.to_owned()),
        ("sentinels.toml", SENTINELS.to_owned()),
    ];
    Files::new(files.map(|(path, text)| (path.to_owned(), Arc::from(text))))
}

const COLOURS: &str = "\
code,name_vi,name_en,valid_from,valid_to,parent,aliases,successor
red,Đỏ,Red,,,,r|R,
green,Xanh,Green,,2025-06-30,,,teal
teal,Xanh,Teal,2025-07-01,,,,
";

const PATTERNS: &str = "\
word = { title = { vi = \"từ\" }, regex = \"^[a-z]+$\", matches = [\"abc\"], refuses = [\"1\"] }
period = { title = { vi = \"kỳ\" }, shape = \"period\" }
";

const SENTINELS: &str = "\
nothing = { title = { vi = \"không\" }, source = \"test\", texts = [\"n/a\"] }
never = { title = { vi = \"không\" }, source = \"test\", dates = [\"9999-12-31\", \"1900-01-01\"] }
";

pub(crate) fn shown(problems: &[Problem]) -> String {
    render(problems, Level::Error, Paint::Plain)
}

#[test]
fn the_national_standard_compiles() {
    let standard = national();
    let names: Vec<&str> = standard.record_types().map(|record| &*record.name).collect();
    assert_eq!(names, ["dossier", "dossier-progress", "observation", "report"]);
    assert_eq!(standard.digest().len(), 64);

    let dossier = standard.record_type("dossier").unwrap();
    assert_eq!(&*dossier.fields[0].name, "MaHoSo");
    assert_eq!(dossier.key, [0]);
    assert_eq!(dossier.history, History::Latest);
    assert_eq!(&*dossier.fields[dossier.own_date.unwrap()].name, "NgayTiepNhan");
    let top = dossier.groups.iter().filter(|group| group.parent.is_none() && !group.single);
    let of_2019 = top.filter(|group| &*group.name != "DSKetNoiCSDL").count();
    assert_eq!(22 + of_2019, 27, "QCVN 120:2019, Table 2");
    let nested = dossier.group_index("DanhSachHoSoBoSung.DanhSachLePhiBoSung").unwrap();
    assert_eq!(dossier.groups[nested].parent, dossier.group_index("DanhSachHoSoBoSung"));

    let progress = standard.record_type("dossier-progress").unwrap();
    assert_eq!(progress.fields.len(), 9, "QCVN 120:2019, packet 1.2");
    assert_eq!(progress.history, History::Every);
}

#[test]
fn the_example_of_the_peers_compiles() {
    let standard = compiled("examples/peers/mappings/standard/peers");
    let dossier = standard.record_type("dossier").unwrap();
    assert_eq!(dossier.fields.len(), 20);
    assert_eq!(&*dossier.fields[19].name, "overdue");
    assert_eq!(dossier.fields[19].kind, FieldType::Boolean);
    assert!(dossier.fields[19].nullable);
}

#[test]
fn fields_keep_the_order_of_the_text() {
    let record = "key = [\"z\"]\nhistory = \"latest\"\n[fields]\n\
        z = { title.vi = \"z\", type = \"text\", required = true }\n\
        a = { title.vi = \"a\", type = \"decimal\" }\n\
        m = { title.vi = \"m\", type = \"code\", code_list = \"colour\" }\n";
    let standard = small(record).unwrap();
    let thing = standard.record_type("thing").unwrap();
    let names: Vec<&str> = thing.fields.iter().map(|field| &*field.name).collect();
    assert_eq!(names, ["z", "a", "m"]);
}

#[test]
fn the_digest_follows_every_character() {
    let record = "key = [\"a\"]\nhistory = \"latest\"\n\
        fields.a = { title.vi = \"a\", type = \"text\", required = true }\n";
    let one = small(record).unwrap();
    let same = small(record).unwrap();
    let other = small(&format!("{record}# \n")).unwrap();
    assert_eq!(one.digest(), same.digest());
    assert_ne!(one.digest(), other.digest());
}

/// Checks the problems of a record file: code and the marked text of each, in order.
fn check(record: &str, expected: &[(&str, &str)]) {
    let problems = small(record).expect_err("the record type has problems");
    let found: Vec<(&str, &str)> = problems
        .iter()
        .map(|problem| (problem.code, problem.text.get(problem.span.clone()).unwrap()))
        .collect();
    assert_eq!(found, expected, "{}", shown(&problems));
}

const ONE_FIELD: &str = "key = [\"a\"]\nhistory = \"latest\"\n\
    fields.a = { title.vi = \"a\", type = \"text\", required = true }\n";

#[test]
fn unknown_names_are_answered_with_the_nearest() {
    check(
        "key = [\"b\", \"a\"]\nhistory = \"latest\"\nown_date = \"c\"\n[fields]\n\
         a = { title.vi = \"a\", type = \"text\", required = true, pattern = \"wrd\" }\n\
         d = { title.vi = \"d\", type = \"code\", code_list = \"color\" }\n",
        &[
            ("LT-4001", "\"wrd\""),
            ("LT-4001", "\"color\""),
            ("LT-4001", "\"b\""),
            ("LT-4001", "\"c\""),
        ],
    );
    let record = ONE_FIELD.replace("required = true", "required = true, pattern = \"wrd\"");
    let problems = small(&record).unwrap_err();
    assert_eq!(problems[0].hint.as_deref(), Some("did you mean `word`?"));
}

#[test]
fn attributes_must_fit_the_type() {
    check(
        "key = [\"a\"]\nhistory = \"latest\"\nrevision = \"a\"\n[fields]\n\
         a = { title.vi = \"a\", type = \"text\", required = true, min = 1 }\n\
         b = { title.vi = \"b\", type = \"integer\", max_chars = 7 }\n\
         c = { title.vi = \"c\", type = \"decimal\", min = \"1e3\" }\n\
         d = { title.vi = \"d\", type = \"date\", code_list = \"colour\" }\n\
         e = { title.vi = \"e\", type = \"code\" }\n\
         f = { title.vi = \"f\", type = \"integer\", min = 8, max = 2 }\n",
        &[
            ("LT-4002", "1"),
            ("LT-4002", "7"),
            ("LT-4002", "\"1e3\""),
            ("LT-4002", "\"colour\""),
            ("LT-4002", "\"code\""),
            ("LT-4002", "f"),
            ("LT-4002", "\"a\""),
        ],
    );
}

#[test]
fn names_must_be_plain_and_unique() {
    check(
        "key = [\"a\", \"a\"]\nhistory = \"latest\"\n[fields]\n\
         a = { title.vi = \"a\", type = \"text\", required = true }\n\
         \"b c\" = { title.vi = \"b\", type = \"text\" }\n\
         [groups.a]\ntitle.vi = \"a\"\nfields.x = { title.vi = \"x\", type = \"text\" }\n",
        &[("LT-4003", "\"b c\""), ("LT-4003", "\"thing\""), ("LT-4003", "\"a\"")],
    );
}

#[test]
fn a_key_needs_a_required_field() {
    check(&ONE_FIELD.replace(", required = true", ""), &[("LT-4002", "[\"a\"]")]);
}

#[test]
fn an_expression_is_marked_where_it_is_wrong() {
    let rule = "[[rules]]\ncode = \"r\"\nholds = \"a == 'x' and colr == 'y'\"\n\
        severity = \"warn\"\nmessage.vi = \"sai\"\n";
    check(&format!("{ONE_FIELD}{rule}"), &[("LT-4004", "colr")]);
}

#[test]
fn a_misspelt_attribute_is_refused() {
    let problems = small(&ONE_FIELD.replace("required", "requird")).unwrap_err();
    assert_eq!(problems[0].code, "LT-1004");
    assert_eq!(problems[0].hint.as_deref(), Some("did you mean `required`?"));
}

#[test]
fn a_standard_without_record_types_is_refused() {
    let problems = Standard::compile("v1", &Files::default()).unwrap_err();
    assert_eq!(problems[0].code, "LT-4008");
}

#[test]
fn a_code_list_is_answered_line_by_line() {
    let lines = [
        ("a,,,,,,,", "a code needs"),
        ("a ,A,,,,,,", "not clean"),
        ("a,A,,2025-13-01,,,,", "not a date"),
        ("a,A,,2025-02-01,2025-01-01,,,", "before it begins"),
        ("a,A,,,,,,\na,A,,2025-01-01,,,,", "twice for the same days"),
        ("a,A,,,,b,,", "parent `b`"),
        ("a,A,,,,,,b", "successor `b`"),
        ("a,A,,,,,,a|b", "successor `b`"),
        ("a,A,,,,,x,\nb,B,,,,,x,", "more than one code"),
        ("a,A\u{200b},,,,,,", "not clean"),
        ("", "no codes"),
        ("a,A,,,,,,\nb,B", "has 2 cells"),
    ];
    for (lines, expected) in lines {
        let head = COLOURS.lines().next().unwrap();
        let mut files: Vec<(String, Arc<str>)> = small_files(ONE_FIELD)
            .iter()
            .map(|(path, text)| (path.to_owned(), Arc::clone(text)))
            .collect();
        files.retain(|(path, _)| path != "codes/colour.csv");
        files.push(("codes/colour.csv".to_owned(), format!("{head}\n{lines}\n").into()));
        let problems = Standard::compile("v1", &Files::new(files)).unwrap_err();
        assert_eq!(problems[0].code, "LT-4005");
        assert!(problems[0].message.contains(expected), "{lines}: {}", shown(&problems));
        assert_eq!(&*problems[0].file, "codes/colour.csv");
    }
}

/// Streets lie in towns; a thing may name both.
fn streets(lists: &str, streets: &str, fields: &str) -> Files {
    let head = "code,name_vi,valid_from,valid_to,parent,successor\n";
    let record = format!(
        "record_type = \"thing\"\ntitle.vi = \"Vật\"\nkey = [\"id\"]\nhistory = \"latest\"\n\
         own_date = \"day\"\n[fields]\n\
         id = {{ title.vi = \"i\", type = \"text\", required = true }}\n\
         day = {{ title.vi = \"d\", type = \"date\" }}\n\
         town = {{ title.vi = \"t\", type = \"code\", code_list = \"town\" }}\n{fields}"
    );
    let files = [
        ("records/thing.toml", record),
        ("codes/lists.toml", format!("town.title.vi = \"Phố\"\n{lists}")),
        ("codes/town.csv", format!("{head}T1,Một,,,,\nT2,Hai,,,,\n")),
        ("codes/street.csv", format!("{head}{streets}")),
    ];
    Files::new(files.map(|(path, text)| (path.to_owned(), Arc::from(text))))
}

const LARGE: &str = "street = { title.vi = \"Đường\", parents = [\"town\"], large = true }\n";
const STREET: &str = "street = { title.vi = \"s\", type = \"code\", code_list = \"street\", \
                      lies_in = [\"town\"] }\n";

#[test]
fn a_large_list_is_read_when_it_is_needed_and_its_faults_are_told_then() {
    let good = Standard::compile("v1", &streets(LARGE, "S1,Đường,,,T1,\n", STREET)).unwrap();
    assert!(good.code_list("street").is_some_and(|list| list.contains("S1")));
    assert!(good.faults_of_large_lists().is_empty());

    let broken = Standard::compile("v1", &streets(LARGE, "S1,Đường,,,T9,\n", STREET)).unwrap();
    let faults = broken.faults_of_large_lists();
    assert_eq!(faults[0].code, "LT-4005");
    assert!(faults[0].message.contains("parent `T9`"), "{}", shown(&faults));
    assert!(broken.code_list("street").is_none(), "half a list is none");

    let small = LARGE.replace(", large = true", "");
    let refused = Standard::compile("v1", &streets(&small, "S1,Đường,,,T9,\n", STREET));
    assert_eq!(refused.unwrap_err()[0].code, "LT-4005");
}

#[test]
fn what_can_not_lie_in_each_other_is_refused() {
    let without_parents = "street = { title.vi = \"Đường\" }\n";
    let in_a_circle = LARGE.replace("town", "street");
    let to_nowhere = LARGE.replace("town", "city");
    let in_text = STREET.replace("[\"town\"]", "[\"id\"]");
    let unknown = STREET.replace("[\"town\"]", "[\"twon\"]");
    let register = STREET.replace("lies_in = [\"town\"]", "register = \"town\"");
    for (lists, field, code, message) in [
        (without_parents, STREET, "LT-4002", "nothing tells whether this code lies in `town`"),
        (&in_a_circle, STREET, "LT-4002", "lead back to it"),
        (&to_nowhere, STREET, "LT-4001", "no code list `city`"),
        (LARGE, &in_text, "LT-4002", "nothing tells whether"),
        (LARGE, &unknown, "LT-4001", "no field `twon`"),
        (LARGE, &register, "LT-4002", "`register` belongs to agency identifiers"),
    ] {
        let problems = Standard::compile("v1", &streets(lists, "S1,Đường,,,,\n", field));
        let problems = problems.unwrap_err();
        let found = problems.iter().any(|p| p.code == code && p.message.contains(message));
        assert!(found, "{message}: {}", shown(&problems));
    }
}

#[test]
fn a_pattern_is_tried_on_its_examples() {
    let patterns = [
        ("x = { title.vi = \"x\", regex = \"^a$\", matches = [\"b\"] }", "does not match"),
        ("x = { title.vi = \"x\", regex = \"^a$\", refuses = [\"a\"] }", "matches this text"),
        ("x = { title.vi = \"x\", regex = \"a\" }", "whole text"),
        ("x = { title.vi = \"x\", regex = \"^(a$\" }", "unclosed group"),
        ("x = { title.vi = \"x\", shape = \"perod\" }", "no shape"),
        ("x = { title.vi = \"x\" }", "either"),
    ];
    for (pattern, expected) in patterns {
        let files = small_files(ONE_FIELD);
        let mut files: Vec<(String, Arc<str>)> =
            files.iter().map(|(path, text)| (path.to_owned(), Arc::clone(text))).collect();
        files.retain(|(path, _)| path != "patterns.toml");
        files.push(("patterns.toml".to_owned(), Arc::from(pattern)));
        let problems = Standard::compile("v1", &Files::new(files)).unwrap_err();
        assert!(problems[0].message.contains(expected), "{pattern}: {}", shown(&problems));
    }
}
