//! Tests of loading: settings as data, rendered problems as snapshots.

mod library;
mod problems;

use std::path::Path;

use lienthong_diagnostics::{Level, Paint, render};

use self::library::KINDS;
pub(crate) use self::library::World;
use crate::{
    ConnectorPlan, EndpointKind, Environment, HeaderValue, HttpAuth, Schedule, load_outline,
};

/// Settings that use everything once.
const WHOLE: &str = r#"
agency = "000.00.18.G12"
data_folder = "store"
heartbeat_secs = 30

[[sources]]
name = "notes"
system = "notes"
schedule = { every_secs = 60, jitter_percent = 0 }
schedules.memos = { cron = "0 2 * * *" }
calendar = { allowed = ["Mon-Fri 07:00-18:00"], closed = ["2026-09-02"] }
settings = { address = "https://notes.example", password = { env = "NOTES_PASSWORD" } }

[[endpoints]]
name = "hub"
type = "hub"
url = "https://hub.example/"
token = { file = "secrets/token" }
tls_root = "root.pem"

[[endpoints]]
name = "other"
type = "http"
feeds = ["notes/notes"]
url = "https://other.example/in"
method = "PUT"
body = "json-array"
compression = "gzip"
headers = { X-Unit = "G12", X-Api-Key = { env = "KEY" } }
auth = { type = "basic", username = "user", password = { env = "NOTES_PASSWORD" } }
success = { statuses = [200, "202-204"], path = ["code"], equals = "0" }
refuse_statuses = ["400-499"]
records_max = 100
delivery = { timeout_secs = 10, coalesce = false, retry = { min_secs = 2 } }
"#;

fn environment() -> Environment {
    Environment::new([("NOTES_PASSWORD", "word"), ("KEY", "key")])
}

fn loaded(world: &World, settings: &str) -> ConnectorPlan {
    world.load(settings, &environment(), &[]).unwrap_or_else(|problems| {
        panic!("{}", render(&problems, Level::Error, Paint::Plain));
    })
}

#[test]
fn a_whole_file_becomes_a_plan() {
    let world = World::new();
    let plan = loaded(&world, WHOLE);
    assert_eq!((plan.agency.as_str(), plan.heartbeat_secs), ("000.00.18.G12", 30));
    assert_eq!(plan.data_folder, world.path("store"));
    let [source] = plan.sources.as_slice() else { panic!("one source") };
    assert_eq!((source.kind, source.adapter_version.as_str()), ("test", "3"));
    let feeds: Vec<&str> = source.feeds.iter().map(|feed| feed.name.as_str()).collect();
    assert_eq!(feeds, ["memos", "notes"]);
    assert!(matches!(source.feeds[0].timetable.schedule, Schedule::Cron(_)));
    let every = &source.feeds[1].timetable.schedule;
    assert!(matches!(every, Schedule::Every { secs: 60, jitter_percent: 0 }));
    assert_eq!(source.feeds[1].mapping.record_type().name.as_ref(), "note");
    let [hub, other] = plan.endpoints.as_slice() else { panic!("two endpoints") };
    assert_eq!((hub.feeds.len(), other.feeds.len()), (2, 1));
    let EndpointKind::Hub(uplink) = &hub.kind else { panic!("a hub") };
    assert_eq!((uplink.url.as_str(), uplink.token.expose()), ("https://hub.example", "token"));
    assert_eq!(uplink.tls_root.as_deref(), Some(world.path("root.pem").as_path()));
    let EndpointKind::Http(uplink) = &other.kind else { panic!("an HTTP endpoint") };
    let headers = uplink.headers.iter().map(|(name, value)| (name.as_str(), value.expose()));
    assert_eq!(headers.collect::<Vec<_>>(), [("X-Api-Key", "key"), ("X-Unit", "G12")]);
    assert!(matches!(uplink.headers[0].1, HeaderValue::Secret(_)));
    assert!(matches!(&uplink.auth, HttpAuth::Basic { username, .. } if username == "user"));
    assert!(uplink.success.takes_status(203) && !uplink.success.takes_status(201));
    assert!(!other.coalesce && hub.coalesce);
    assert_eq!((other.retry.min_secs, other.retry.max_secs), (2, 600));
}

#[test]
fn defaults_are_enough_for_one_system_and_one_hub() {
    let world = World::new();
    let plan = loaded(&world, library::SMALL);
    assert_eq!(plan.data_folder, world.path("data"));
    let every = &plan.sources[0].feeds[0].timetable.schedule;
    assert!(matches!(every, Schedule::Every { secs: 300, jitter_percent: 10 }));
}

#[test]
fn every_layer_wins_over_the_one_below_and_is_named() {
    let world = World::new();
    let environment = Environment::new([
        ("NOTES_PASSWORD", "word"),
        ("LIENTHONG_HEARTBEAT_SECS", "20"),
        ("LIENTHONG_SOURCES__NOTES__SETTINGS__PAUSE_SECS", "7"),
        ("LIENTHONG_LOG", "debug"),
    ]);
    let overrides = [
        ("heartbeat_secs".to_owned(), "10".to_owned()),
        ("endpoints.hub.delivery.retry.max_secs".to_owned(), "90".to_owned()),
    ];
    let plan = world.load(library::SMALL, &environment, &overrides).expect("is right");
    assert_eq!((plan.heartbeat_secs, plan.endpoints[0].retry.max_secs), (10, 90));
    let rows = plan.shown.iter().filter(|row| {
        ["agency", "heartbeat_secs", "standard"].contains(&row.path.as_str())
            || row.path.starts_with("sources.notes.settings")
            || row.path.starts_with("endpoints.hub.delivery.retry")
    });
    let rows: Vec<String> = rows
        .map(|row| {
            let origin = row.origin.rsplit('/').next().unwrap_or_default();
            format!("{} = {} ({origin})", row.path, row.value)
        })
        .collect();
    insta::assert_snapshot!(rows.join("\n"), @r#"
    agency = "H22" (h22.toml:1:1)
    endpoints.hub.delivery.retry.max_secs = 90 (--set endpoints.hub.delivery.retry.max_secs)
    endpoints.hub.delivery.retry.min_secs = 1 (default)
    heartbeat_secs = 10 (--set heartbeat_secs)
    sources.notes.settings.address = "https://notes.example" (h22.toml:8:1)
    sources.notes.settings.password.env = "NOTES_PASSWORD" (h22.toml:9:14)
    sources.notes.settings.pause_secs = 7 (LIENTHONG_SOURCES__NOTES__SETTINGS__PAUSE_SECS)
    standard = "v1" (default)
    "#);
}

#[test]
fn an_outline_needs_neither_secrets_nor_systems() {
    let world = World::new();
    let text = library::SMALL.replace("system = \"notes\"", "system = \"unknown\"");
    let outline = world.with_request(&text, &Environment::default(), &[], load_outline);
    let outline = outline.expect("is right");
    assert_eq!((outline.agency.as_str(), outline.data_folder), ("H22", world.path("data")));
}

#[test]
fn a_secret_of_the_file_is_no_setting_of_the_environment() {
    let world = World::new();
    let text = library::SMALL.replace("NOTES_PASSWORD", "LIENTHONG_NOTES_PASSWORD");
    let environment = Environment::new([("LIENTHONG_NOTES_PASSWORD", "word")]);
    assert!(world.load(&text, &environment, &[]).is_ok());
}

#[test]
fn secrets_are_in_nothing_that_is_shown() {
    let world = World::new();
    let plan = loaded(&world, WHOLE);
    let shown = format!("{:?} {:?} {:?}", plan.shown, plan.endpoints, plan.warnings);
    assert!(!shown.contains("\"word\"") && !shown.contains("\"key\""), "{shown}");
    assert!(shown.contains("NOTES_PASSWORD"));
}

#[test]
fn the_example_agencies_name_only_what_there_is() {
    // Their adapters are built by the command line's tests, which has the real kinds.
    for name in ["g04", "h22", "h56"] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join(format!("../../connector-config/agencies/{name}.toml"));
        let text = std::fs::read_to_string(path).expect("is there");
        let world = World::new();
        let outline = world.with_request(&text, &Environment::default(), &[], load_outline);
        assert!(outline.is_ok(), "{name}");
    }
    assert_eq!(KINDS.len(), 1);
}

/// A shape of the small library's mapping.
const SHAPE: &str = "shape = \"notes/notes\"\nformat = \"json\"\nitems = 3\n\
    [places.\".\"]\nobject = 3\n[places.\"id\"]\ntext.count = 3\ntext.chars = [1, 8]\n";

fn with_shape(world: &World, text: &str) -> Result<ConnectorPlan, String> {
    let path = world.path("library/mappings/systems/notes/notes.shape.toml");
    std::fs::write(path, text).expect("written");
    let plan = world.load(library::SMALL, &environment(), &[]);
    plan.map_err(|problems| render(&problems, Level::Error, Paint::Plain))
}

#[test]
fn a_shape_beside_the_mapping_is_loaded_and_is_no_mapping() {
    let world = World::new();
    let plan = with_shape(&world, SHAPE).expect("loads");
    let shapes = plan.sources[0].feeds.iter().map(|feed| feed.shape.as_ref().map(|s| s.items));
    assert_eq!(shapes.collect::<Vec<_>>(), [Some(3), Some(3)], "both feeds have that mapping");
    assert_eq!(crate::mapping_names(&plan.library), ["notes/notes"]);
    assert!(loaded(&World::new(), library::SMALL).sources[0].feeds[0].shape.is_none());
}

#[test]
fn a_shape_that_is_faulty_or_anothers_does_not_load() {
    for (from, to, words) in [
        ("object = 3", "objects = 3", "`objects`"),
        ("notes/notes", "notes/other", "the shape in this file is `notes/other`"),
        ("\"json\"", "\"xml\"", "the mapping reads items written as json"),
    ] {
        let problems =
            with_shape(&World::new(), &SHAPE.replace(from, to)).err().expect("has a problem");
        assert!(problems.contains(words), "{problems}");
        assert!(problems.contains("notes.shape.toml:"), "{problems}");
    }
}
