//! Every kind of problem, as a person sees it.

use lienthong_diagnostics::{Level, Paint, render};

use super::library::{SMALL, World};
use crate::Environment;

/// Renders what a settings text is answered with; panics where it is taken.
fn answer(settings: &str, overrides: &[(&str, &str)], variables: &[(&str, &str)]) -> String {
    answer_in(&World::new(), settings, overrides, variables)
}

fn answer_in(
    world: &World,
    settings: &str,
    overrides: &[(&str, &str)],
    variables: &[(&str, &str)],
) -> String {
    let all = variables.iter().copied().chain([("NOTES_PASSWORD", "word")]);
    let environment = Environment::new(all);
    let overrides: Vec<_> =
        overrides.iter().map(|(way, value)| ((*way).to_owned(), (*value).to_owned())).collect();
    let problems = world.load(settings, &environment, &overrides).map(|_| ());
    let problems = problems.expect_err("has problems");
    world.without_folder(&render(&problems, Level::Error, Paint::Plain))
}

/// The small file with one thing changed.
fn changed(from: &str, to: &str) -> String {
    assert!(SMALL.contains(from), "{from}");
    SMALL.replacen(from, to, 1)
}

#[test]
fn all_problems_of_all_files_are_told_at_once() {
    let world = World::new();
    let mapping = world.path("library/mappings/systems/notes/notes.toml");
    let text = std::fs::read_to_string(&mapping).expect("is there");
    std::fs::write(&mapping, text.replace("Id = ", "Idd = ")).expect("written");
    let settings = "\
agency = \"h22\"
heartbeat = 5
data_folder = 7

[[sources]]
name = \"Notes\"
system = \"notes\"
schedule = { every_secs = 0 }
schedules.note = { cron = \"often\" }
calendar.allowed = [\"Mon 07:00-06:00\", \"daily 08:00-09:00\"]
settings = { adress = \"https://notes.example\", password = \"geheim\" }

[[endpoints]]
name = \"hub\"
type = \"hubb\"
";
    insta::assert_snapshot!(answer_in(&world, settings, &[], &[]));
}

#[test]
fn a_file_that_is_no_toml_is_told_at_every_place() {
    insta::assert_snapshot!(answer("agency = H22\nname = \"a\nx = 1\n", &[], &[]));
}

#[test]
fn values_from_above_are_told_where_they_were_written() {
    let overrides =
        [("agency", "22"), ("heartbeat_secs", "2"), ("sources.notes.settings.pause_secs", "many")];
    let variables = [
        ("LIENTHONG_LIMITS__STOP_SECS", "\"soon\""),
        ("LIENTHONG_SOURCES__NOTES__SETTINGS__PAUZE", "1"),
    ];
    insta::assert_snapshot!(answer(SMALL, &overrides, &variables));
}

#[test]
fn values_from_above_without_a_place_are_refused_and_not_printed() {
    let variables =
        [("LIENTHONG_SOURCES__OTHER__TOKEN", "secret-value"), ("LIENTHONG_AGENCY__X", "1")];
    let text = answer(SMALL, &[], &variables);
    assert!(!text.contains("secret-value"), "{text}");
    insta::assert_snapshot!(text);
}

#[test]
fn literal_secrets_are_refused_and_not_printed() {
    let settings = changed("{ env = \"NOTES_PASSWORD\" }", "\"geheim\"")
        .replace("{ file = \"secrets/token\" }", "\"geheim\"")
        .replace("https://hub.example", "https://user:geheim@hub.example");
    let text = answer(&settings, &[], &[]);
    assert!(!text.contains("geheim"), "{text}");
    insta::assert_snapshot!(text);
}

#[test]
fn a_literal_secret_from_above_is_not_printed() {
    let text = answer(SMALL, &[("endpoints.hub.token", "geheim")], &[]);
    assert!(!text.contains("geheim"), "{text}");
    insta::assert_snapshot!(text);
}

#[test]
fn missing_secrets_are_told_at_their_settings() {
    let settings = changed("secrets/token", "secrets/none").replace("NOTES_PASSWORD", "NONE");
    insta::assert_snapshot!(answer(&settings, &[], &[]));
}

#[test]
fn names_that_nothing_has_are_answered_with_the_nearest() {
    let feeds = "system = \"notes\"\nfeeds = [\"note\", \"notes\"]";
    let settings = changed("system = \"notes\"", feeds)
        + r#"feeds = ["notes/nots", "other/*"]

[[endpoints]]
name = "portal"
type = "dvcqg"
url = "https://portal.example"
username = "u"
password = { env = "NOTES_PASSWORD" }
unit = "H22"
contract = "dvcq"
"#;
    insta::assert_snapshot!(answer(&settings, &[], &[]));
}

#[test]
fn an_unknown_system_is_answered_with_the_nearest() {
    insta::assert_snapshot!(answer(&changed("system = \"notes\"", "system = \"note\""), &[], &[]));
}

#[test]
fn names_that_stand_twice_are_refused() {
    let settings = format!("{SMALL}\n{}", SMALL.replace("agency = \"H22\"\n", ""));
    insta::assert_snapshot!(answer(&settings, &[], &[]));
}

#[test]
fn a_feed_that_goes_nowhere_is_refused() {
    let settings = format!("{SMALL}feeds = [\"notes/notes\"]\n");
    insta::assert_snapshot!(answer(&settings, &[], &[]));
}

#[test]
fn a_connector_without_sources_is_refused() {
    insta::assert_snapshot!(answer("agency = \"H22\"\n", &[], &[]));
}

#[test]
fn an_unknown_standard_is_answered_with_the_nearest() {
    let settings = format!("standard = \"v2\"\n{SMALL}");
    insta::assert_snapshot!(answer(&settings, &[], &[]));
}

#[test]
fn numbers_outside_their_bounds_are_refused() {
    let settings = format!(
        "heartbeat_secs = 4\nlimits = {{ pulls_at_once = 0, waiting_bytes_max = 1 }}\n{}\n\
         [endpoints.delivery]\ntimeout_secs = 0\nretry = {{ min_secs = 9, max_secs = 8 }}\n",
        changed("system = \"notes\"", "system = \"notes\"\nitems_max = 0")
    );
    insta::assert_snapshot!(answer(&settings, &[], &[]));
}

#[test]
fn an_http_endpoint_is_read_by_its_own_settings() {
    let settings = SMALL.to_owned()
        + r#"
[[endpoints]]
name = "other"
type = "http"
url = "other.example"
token = { env = "KEY" }
method = "GET"
headers = { Authorization = "Bearer geheim" }
auth = { type = "basic", user = "u" }
success = { statuses = [99, "299-200"] }
"#;
    let text = answer(&settings, &[], &[]);
    insta::assert_snapshot!(text);
}

#[test]
fn a_system_that_does_not_fit_its_place_is_refused() {
    let world = World::new();
    let path = "library/adapters/systems/notes/adapter.toml";
    let text = std::fs::read_to_string(world.path(path)).expect("is there");
    let text = text.replacen("system = \"notes\"", "system = \"memos\"", 1).replacen(
        "kind = \"test\"",
        "kind = \"tset\"",
        1,
    );
    world.write(path, &text);
    insta::assert_snapshot!(answer_in(&world, SMALL, &[], &[]));
}

#[test]
fn a_missing_settings_file_is_told() {
    let path = std::path::Path::new("no/such/file.toml");
    let problems = crate::load::open(path, "a connector").expect_err("is not there");
    insta::assert_snapshot!(render(&problems, Level::Error, Paint::Plain));
}
