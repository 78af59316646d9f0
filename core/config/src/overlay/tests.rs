use std::sync::Arc;

use lienthong_adapter_api::Section;
use serde::Deserialize;

use super::{Overlay, Override};

const FILE: &str = "\
agency = \"H22\"
[log]
filter = \"info\" # the level

[[sources]]
name = \"lgsp-one-stop\"
schedule.every_secs = 300
[sources.settings]
address = \"https://a.example\"

[[endpoints]]
name = \"hub\"
token = { env = \"HUB_TOKEN\" }
";

fn overlay(values: &[(&str, &str)]) -> (Overlay, Vec<Vec<String>>) {
    let mut overlay = Overlay::new(Arc::from(FILE));
    let mut ways = Vec::new();
    for (path, value) in values {
        let over = Override {
            path: path.split('.').map(str::to_owned).collect(),
            value: (*value).to_owned(),
            origin: Arc::from(format!("--set {path}")),
        };
        ways.push(overlay.apply(&over).expect("can be set"));
    }
    (overlay, ways)
}

#[test]
fn values_are_written_where_they_belong() {
    let values = [
        ("agency", "G04"),
        ("log.filter", "debug"),
        ("log.format", "json"),
        ("heartbeat_secs", "5"),
        ("limits.stop_secs", "9"),
        ("sources.lgsp_one_stop.schedule.every_secs", "60"),
        ("sources.lgsp-one-stop.schedule.jitter_percent", "0"),
        ("sources.lgsp-one-stop.settings.page.size", "50"),
        ("endpoints.hub.token.env", "\"OTHER\""),
        ("endpoints.hub.delivery.retry.min_secs", "2"),
    ];
    let (overlay, ways) = overlay(&values);
    insta::assert_snapshot!(overlay.merged(), @r#"
    agency = "G04"
    heartbeat_secs = 5
    limits.stop_secs = 9
    [log]
    filter = "debug" # the level
    format = "json"

    [[sources]]
    name = "lgsp-one-stop"
    schedule.every_secs = 60
    schedule.jitter_percent = 0
    [sources.settings]
    address = "https://a.example"
    page.size = 50

    [[endpoints]]
    name = "hub"
    token = { env = "OTHER" }
    delivery.retry.min_secs = 2
    "#);
    let way = ways.get(5).map(|way| way.join("."));
    assert_eq!(way.as_deref(), Some("sources.lgsp-one-stop.schedule.every_secs"));
}

#[test]
fn what_has_no_place_is_said_in_words() {
    let check = |path: &str, expect: &str| {
        let mut overlay = Overlay::new(Arc::from(FILE));
        let over = Override {
            path: path.split('.').map(str::to_owned).collect(),
            value: "1".to_owned(),
            origin: Arc::from("--set"),
        };
        assert_eq!(overlay.apply(&over).expect_err("has no place"), expect);
        assert_eq!(&**overlay.merged(), FILE);
    };
    check("agency.name", "`agency` is a value and holds no settings");
    check("sources.gplx.feeds", "nothing among `sources` has the name `gplx`");
    check("sources.lgsp-one-stop", "which setting is meant is not said");
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "only its problems matter")]
struct Root {
    agency: u8,
    heartbeat_secs: u8,
    log: Log,
    sources: Vec<serde::de::IgnoredAny>,
    endpoints: serde::de::IgnoredAny,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "only its problems matter")]
struct Log {
    filter: u8,
    format: String,
}

/// Which file, line and text each problem is shown at.
fn places(values: &[(&str, &str)]) -> Vec<String> {
    let (overlay, _) = overlay(values);
    let section = Section::parse("h22.toml", Arc::clone(overlay.merged()), "a test").expect("TOML");
    let problems = section.read::<Root>().expect_err("has problems");
    let shown = problems.into_iter().map(|problem| {
        let problem = overlay.restore(problem);
        let (line, column) = problem.line_column();
        let marked = problem.text.get(problem.span.clone()).expect("lies in its text");
        let marked = marked.lines().next().unwrap_or_default();
        format!("{}:{line}:{column} {} `{marked}`", problem.file, problem.code)
    });
    shown.collect()
}

#[test]
fn problems_are_shown_where_they_were_written() {
    let values =
        [("heartbeat_secs", "many"), ("log.format", "json"), ("log.filtre", "info"), ("x", "1")];
    assert_eq!(
        places(&values),
        [
            "h22.toml:1:10 LT-1003 `\"H22\"`",
            "--set heartbeat_secs:1:1 LT-1003 `many`",
            "--set x:1:1 LT-1004 `1`",
            "h22.toml:3:10 LT-1003 `\"info\"`",
            "--set log.filtre:1:1 LT-1004 `info`",
        ]
    );
}

#[test]
fn a_value_that_begins_like_the_old_one_is_still_the_new_one() {
    let places = places(&[("log.filter", "\"in\""), ("agency", "H2"), ("heartbeat_secs", "1")]);
    assert_eq!(places, ["--set agency:1:1 LT-1003 `H2`", "--set log.filter:1:1 LT-1003 `\"in\"`",]);
}
