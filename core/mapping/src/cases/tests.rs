//! Cases that hold, that do not, and that can't be run; and those of the 20-field example.

use std::path::Path;
use std::sync::Arc;

use lienthong_diagnostics::{Level, Paint, render};
use lienthong_standard::{Files, Standard};

use super::cases;
use crate::Mapping;
use crate::compile::tests::{files, standard};

/// The files of one mapping with more files beside it.
fn with(more: &[(&str, &str)]) -> (Mapping, Files) {
    let body = "[fields]\ncode = { from = \"c\" }\ncount = { from = \"n\" }\n";
    let files = files("json", body);
    let mapping = Mapping::compile("sys/things", &files, &standard()).unwrap().mapping;
    let own = files.iter().map(|(path, text)| (path.to_owned(), Arc::clone(text)));
    let more = more.iter().map(|(path, text)| (format!("sys/{path}"), Arc::from(*text)));
    let files = Files::new(own.chain(more).collect::<Vec<_>>());
    (mapping, files)
}

#[test]
fn a_case_holds_or_says_what_differs() {
    let (mapping, files) = with(&[
        ("cases/a-good/input.json", "{\"c\":\"1\",\"n\":2}\n"),
        ("cases/a-good/expected.json", "{ \"count\": 2, \"code\": \"1\" }"),
        ("cases/b-other/input.json", "{\"c\":\"1\",\"n\":2}"),
        ("cases/b-other/expected.json", "{\"code\":\"2\",\"status\":\"1\"}"),
        ("cases/c-refused/input.json", "{\"n\":2}"),
        ("cases/c-refused/refused.toml", "code = \"LT-3011\"\nfield = \"code\"\n"),
        ("cases/d-not-so/input.json", "{\"n\":2}"),
        ("cases/d-not-so/refused.toml", "code = \"LT-3011\"\nfield = \"count\"\n"),
        ("cases/e-passes/input.json", "{\"c\":\"1\"}"),
        ("cases/e-passes/refused.toml", "code = \"LT-3011\"\n"),
        ("cases/f-fails/input.json", "{\"n\":2}"),
        ("cases/f-fails/expected.json", "{}"),
    ]);
    let results = cases(&mapping, &files).unwrap();
    let shown: Vec<(&str, Vec<&str>)> = results
        .iter()
        .map(|case| (&*case.name, case.differences.iter().map(String::as_str).collect()))
        .collect();
    let missing = "LT-3011 code: the source has no value, and the field needs one";
    assert_eq!(
        shown,
        [
            ("sys/cases/a-good", vec![]),
            (
                "sys/cases/b-other",
                vec![
                    "code: expected \"2\", got \"1\"",
                    "count: expected nothing, got 2",
                    "status: expected \"1\", got nothing",
                ],
            ),
            ("sys/cases/c-refused", vec![]),
            (
                "sys/cases/d-not-so",
                vec![&*format!("expected LT-3011 for count, was refused for {missing}")],
            ),
            ("sys/cases/e-passes", vec!["expected LT-3011, got the record {\"code\":\"1\"}"]),
            ("sys/cases/f-fails", vec![&*format!("refused: {missing}")]),
        ]
    );
}

#[test]
fn a_case_names_the_rules_that_warn_and_no_others() {
    let (mapping, files) = with(&[
        ("cases/a-fine/input.json", "{\"c\":\"1\"}"),
        ("cases/a-fine/expected.json", "{\"code\":\"1\"}"),
        ("cases/a-fine/warnings.toml", "rules = []\n"),
        ("cases/b-invisible/input.json", "{\"c\":\"1\u{200b}\"}"),
        ("cases/b-invisible/expected.json", "{\"code\":\"1\u{200b}\"}"),
        ("cases/b-invisible/warnings.toml", "rules = [\"invisible-characters\"]\n"),
        ("cases/c-silent/input.json", "{\"c\":\"1\u{200b}\"}"),
        ("cases/c-silent/expected.json", "{\"code\":\"1\u{200b}\"}"),
        ("cases/c-silent/warnings.toml", "rules = [\"other\"]\n"),
    ]);
    let results = cases(&mapping, &files).unwrap();
    let differences: Vec<_> = results.iter().map(|case| &*case.differences).collect();
    let silent = [
        "the rule `other` should warn, and does not".to_owned(),
        "the rule `invisible-characters` warns, and should not".to_owned(),
    ];
    assert_eq!(differences, [&[][..], &[], &silent]);
    for wrong in ["rules = 1", "rule = []", "rules = [1]", "rules"] {
        let (mapping, files) = with(&[
            ("cases/a/input.json", "{\"c\":\"1\"}"),
            ("cases/a/expected.json", "{}"),
            ("cases/a/warnings.toml", wrong),
        ]);
        let faults = cases(&mapping, &files).unwrap_err();
        assert!(faults[0].message.contains("`warnings.toml`"), "{faults:?}");
    }
}

#[test]
fn cases_that_cannot_be_run_are_faults() {
    let (mapping, files) = with(&[
        ("cases/a/input.xml", "<r/>"),
        ("cases/a/expected.json", "{}"),
        ("cases/b/input.json", "{}"),
        ("cases/c/input.json", "{}"),
        ("cases/c/expected.json", "{}"),
        ("cases/c/refused.toml", "code = \"LT-3011\""),
        ("cases/d/input.json", "{}"),
        ("cases/d/refused.toml", "cide = \"LT-3011\""),
        ("cases/e/input.json", "{}"),
        ("cases/e/expected.json", "{"),
    ]);
    let faults = cases(&mapping, &files).unwrap_err();
    let words = ["no `input.json`", "neither", "both", "unknown key `cide`", "is not JSON"];
    for (fault, words) in faults.iter().zip(words) {
        assert_eq!(fault.code, "LT-3040");
        assert!(fault.message.contains(words), "{}", fault.message);
    }
    assert_eq!(faults.len(), words.len());
}

#[test]
fn mappings_of_one_folder_keep_their_cases_apart() {
    let good = [("input.json", "{\"c\":\"1\"}"), ("expected.json", "{\"code\":\"1\"}")];
    let names = ["things-a", "others-a", "things/b", "others/b", "alone"];
    let mut more = vec![("others.toml".to_owned(), "")];
    for name in names {
        more.extend(good.map(|(file, text)| (format!("cases/{name}/{file}"), text)));
    }
    let more: Vec<(&str, &str)> = more.iter().map(|(path, text)| (&**path, *text)).collect();
    let (mapping, files) = with(&more);
    let results = cases(&mapping, &files).unwrap();
    let names: Vec<&str> = results.iter().map(|case| &*case.name).collect();
    assert_eq!(names, ["sys/cases/things-a", "sys/cases/things/b"]);
}

/// The files below a folder of the repository.
fn folder(path: &str) -> Files {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path);
    let mut found = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(&root).unwrap().to_str().unwrap().to_owned();
                found.push((name, Arc::from(std::fs::read_to_string(&path).unwrap())));
            }
        }
    }
    Files::new(found).shown_below(format!("{path}/"))
}

#[test]
fn the_20_field_job_gives_what_the_reference_gives() {
    let standard =
        Standard::compile("peers", &folder("examples/peers/mappings/standard/peers")).unwrap();
    let (standard, files) = (Arc::new(standard), folder("examples/peers/mappings/systems"));
    for name in ["peers-json/dossiers", "peers-xml/dossiers"] {
        let compiled = Mapping::compile(name, &files, &standard)
            .unwrap_or_else(|problems| panic!("{}", render(&problems, Level::Error, Paint::Plain)));
        assert!(compiled.warnings.is_empty(), "{:?}", compiled.warnings);
        let results = cases(&compiled.mapping, &files).unwrap();
        assert_eq!(results.len(), 18, "13 records of the reference and 5 refused ones");
        for result in results {
            assert!(result.is_ok(), "{}: {:#?}", result.name, result.differences);
        }
    }
}
