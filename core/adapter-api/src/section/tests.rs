//! Tests of reading settings with all problems and their places.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::Deserialize;

use super::Section;
use crate::{Problem, SecretRef};

#[derive(Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
struct Settings {
    endpoint: String,
    timeout_secs: u32,
    password: Option<SecretRef>,
    #[serde(default)]
    retry: Retry,
    #[serde(default)]
    windows: Vec<Retry>,
}

#[derive(Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
struct Retry {
    attempts: u32,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Nothing {}

fn section(text: &str) -> Section {
    Section::parse("settings.toml", text, "adapter `http-json`").unwrap()
}

/// Code, marked text, and hint of every problem.
fn problems(text: &str) -> Vec<(&'static str, String, Option<String>)> {
    let shown = |problem: Problem| {
        let marked = problem.text.get(problem.span.clone()).unwrap();
        (problem.code, marked.trim().to_owned(), problem.hint)
    };
    section(text).read::<Settings>().unwrap_err().into_iter().map(shown).collect()
}

fn found(code: &'static str, marked: &str, hint: &str) -> (&'static str, String, Option<String>) {
    (code, marked.to_owned(), (!hint.is_empty()).then(|| hint.to_owned()))
}

const SECRET_HINT: &str = "keep it in a file or a variable: { file = \"…\" } or { env = \"…\" }";

#[test]
fn a_whole_section_is_read() {
    let text = "endpoint = \"https://x\"\ntimeout_secs = 5\npassword = { env = \"P\" }\n\
                [retry]\nattempts = 3\n[[windows]]\nattempts = 1\n";
    let read: Settings = section(text).read().unwrap();
    assert_eq!(read.password, Some(SecretRef::Env { env: "P".to_owned() }));
    assert_eq!((read.retry.attempts, read.windows.len()), (3, 1));
}

#[test]
fn an_unknown_setting_is_marked_and_the_nearest_name_offered() {
    let text = "endpoint = \"\"\ntimeout_secs = 1\ntimeout_sec = 5\n";
    assert_eq!(problems(text), [found("LT-1004", "timeout_sec", "did you mean `timeout_secs`?")]);
    let text = "endpoint = \"\"\ntimeout_secs = 1\nzzz = 5\n";
    let names = "the settings here are: endpoint, timeout_secs, password, retry, windows";
    assert_eq!(problems(text), [found("LT-1004", "zzz", names)]);
}

#[test]
fn where_nothing_is_known_it_says_so() {
    let problems = section("a = 1\n").read::<Nothing>().unwrap_err();
    assert_eq!(problems[0].code, "LT-1004");
    assert_eq!(problems[0].hint.as_deref(), Some("there are no settings here"));
    assert_eq!(problems[0].message, "`a` is not a setting of adapter `http-json`");
}

#[test]
fn all_problems_are_told_at_once_in_the_order_of_the_text() {
    let text = "endpont = \"\"\ntimeout_secs = \"5\"\npassword = \"hunter2\"\n\
                [retry]\nattempts = -1\ntries = 2\n[[windows]]\nattempts = 1\n\
                [[windows]]\nattempts = true\n";
    let expect = [
        ("LT-1004", "endpont"),
        ("LT-1003", "\"5\""),
        ("LT-1006", "\"hunter2\""),
        ("LT-1003", "-1"),
        ("LT-1004", "tries"),
        ("LT-1003", "true"),
    ];
    let mut told = problems(text);
    // What is missing has no place of its own but that of the table around it.
    told.retain(|(code, ..)| *code != "LT-1005");
    let told: Vec<_> = told.iter().map(|(code, marked, _)| (*code, marked.as_str())).collect();
    assert_eq!(told, expect);
}

#[test]
fn a_missing_setting_is_named() {
    let problems = section("timeout_secs = 5\n").read::<Settings>().unwrap_err();
    let [problem] = problems.as_slice() else { panic!("one problem: {problems:?}") };
    assert_eq!(problem.code, "LT-1005");
    assert_eq!(problem.message, "adapter `http-json` needs the setting `endpoint`");
    assert_eq!(problem.hint.as_deref(), Some("add `endpoint` here"));
}

#[test]
fn what_is_wrong_is_not_told_as_missing_too() {
    let text = "endpoint = 5\ntimeout_secs = 1\n";
    assert_eq!(problems(text), [found("LT-1003", "5", "")]);
}

#[test]
fn a_literal_secret_is_refused_without_being_repeated() {
    let text = "endpoint = \"\"\ntimeout_secs = 1\npassword = \"hunter2\"\n";
    assert_eq!(problems(text), [found("LT-1006", "\"hunter2\"", SECRET_HINT)]);
    let problem = section(text).read::<Settings>().unwrap_err().remove(0);
    let said = format!("{} {} {:?}", problem.message, problem.label, problem.hint);
    assert!(!said.contains("hunter2"), "{said}");
}

#[test]
fn a_secret_is_in_one_place() {
    let start = "endpoint = \"\"\ntimeout_secs = 1\n";
    let cases = [
        ("password = { env = \"A\", file = \"b\" }\n", "LT-1003"),
        ("password = {}\n", "LT-1003"),
        ("password = { vault = \"x\" }\n", "LT-1004"),
    ];
    for (line, code) in cases {
        let problems = problems(&format!("{start}{line}"));
        assert_eq!(problems.len(), 1, "{line}: {problems:?}");
        assert_eq!(problems[0].0, code, "{line}");
    }
    let text = format!("{start}password = {{ file = \"secrets/p\" }}\n");
    let read: Settings = section(&text).read().unwrap();
    assert_eq!(read.password, Some(SecretRef::File { file: PathBuf::from("secrets/p") }));
}

#[test]
fn what_is_not_toml_is_told_with_every_place() {
    let problems = Section::parse("a.toml", "a = \nb = 1\nc = [1,,2]\n", "x").unwrap_err();
    assert!(problems.len() >= 2, "{problems:?}");
    assert!(problems.iter().all(|problem| problem.code == "LT-1001"));
    assert_eq!(problems[0].line_column().0, 1);
}

#[test]
fn parts_of_a_section_keep_their_places() {
    let whole = section("[source]\nkind = \"x\"\n[source.settings]\nendpoint = 5\nb = 1\na = 2\n");
    let settings = whole.child("source", "source").child("settings", "adapter `x`");
    assert!(settings.is_present());
    assert_eq!(settings.keys(), ["endpoint", "b", "a"]);
    let text = whole.text().clone();
    assert_eq!(text.get(settings.span_of("b")), Some("1"));
    let problems = settings.read::<Settings>().unwrap_err();
    assert_eq!(problems[0].line_column(), (4, 12));
    assert_eq!(settings.owner(), "adapter `x`");
}

#[test]
fn a_part_that_is_not_there_is_empty() {
    let whole = section("[source]\n");
    let absent = whole.child("source", "source").child("settings", "adapter `x`");
    assert!(!absent.is_present());
    assert_eq!(absent.keys(), Vec::<String>::new());
    assert!(absent.read::<Nothing>().is_ok());
    let problems = absent.read::<Settings>().unwrap_err();
    assert_eq!((problems.len(), problems[0].code), (1, "LT-1005"));
}

#[test]
fn elements_of_lists_are_sections() {
    let whole = section("[[feeds]]\nname = \"a\"\n[[feeds]]\nname = \"b\"\n");
    let feeds = whole.child("feeds", "feeds");
    assert_eq!(feeds.len(), 2);
    let second: BTreeMap<String, String> = feeds.element(1, "feed").read().unwrap();
    assert_eq!(second["name"], "b");
    assert!(!feeds.element(2, "feed").is_present());
}
