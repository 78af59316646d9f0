//! Tests of what people write.

use lienthong_adapter_api::Problem;

use super::sample::Sample;

/// The codes and marked texts of all problems.
fn problems(settings: &str, feed: &str) -> Vec<(&'static str, String)> {
    let mut suite = Sample::new(feed).suite(&[], &[]);
    suite.settings = settings.to_owned();
    let blueprint = suite.blueprint().unwrap();
    let Err(error) = (suite.kind.build)(&blueprint, &suite.secrets) else { return Vec::new() };
    let shown = |problem: &Problem| {
        let marked = problem.text.get(problem.span.clone()).unwrap();
        (problem.code, marked.to_owned())
    };
    error.problems.iter().map(shown).collect()
}

#[test]
fn mistakes_are_all_told_at_once_with_their_places() {
    let found = problems(
        "folder = \"x\"\nfiles_max = 20000\nsettle_sec = 5\nitem_bytes_max = \"1\"\n",
        "format = \"json-lines\"\npath = \"a\"\ndelimiter = \"à\"\ncolumns = [\"a\", \"a\"]\n",
    );
    let expect = [
        ("LT-1004", "settle_sec"),
        ("LT-1003", "\"1\""),
        ("LT-1003", "\"a\""),
        ("LT-1003", "\"à\""),
        ("LT-1003", "[\"a\", \"a\"]"),
        ("LT-1003", "[\"a\", \"a\"]"),
    ];
    assert_eq!(found, expect.map(|(code, text)| (code, text.to_owned())));
}

#[test]
fn limits_are_limited() {
    let feed = "format = \"json-lines\"\n";
    let found = problems("folder = \"x\"\nfiles_max = 20000\nitem_bytes_max = 0\n", feed);
    let expect = [("LT-1003", "20000"), ("LT-1003", "0")];
    assert_eq!(found, expect.map(|(code, text)| (code, text.to_owned())));
    assert_eq!(problems("folder = \"x\"\n", feed), []);
}

#[test]
fn a_csv_without_a_heading_needs_names() {
    let found = problems("folder = \"x\"\n", "format = \"csv\"\nheader = false\n");
    assert_eq!(found, [("LT-1003", "false".to_owned())]);
}
