//! Data-quality rules from end to end: the demo's real connectors and its real hub.

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::process::Command;
use std::time::Duration;

use lienthong_job::Child;
use serde_json::Value;

use crate::world::World;

/// Rules by feed and code: how many records went up with a warning, how many were refused.
type Counts = BTreeMap<(String, String), (u64, u64)>;

/// What the samples hold on purpose; other rules may warn of them as well.
const ON_PURPOSE: [(&str, &str, (u64, u64)); 4] = [
    ("igate/dossiers", "sentinel-paper", (1, 0)),
    ("igate/dossiers", "due-after-received", (0, 1)),
    ("gplx/dossiers", "note-is-not-abstract", (1, 0)),
    ("lgsp-one-stop/progress", "step-looks-invented", (1, 0)),
];

fn counts(feeds: &[Value], rules: &str, (warned, refused): (&str, &str)) -> Counts {
    let mut counts = Counts::new();
    for feed in feeds {
        let text = |name: &str| feed[name].as_str().unwrap().to_owned();
        let name = format!("{}/{}", text("source"), text("feed"));
        for rule in feed.pointer(rules).and_then(Value::as_array).unwrap() {
            let count = |name: &str| rule[name].as_u64().unwrap();
            let code = rule["rule"].as_str().unwrap().to_owned();
            counts.insert((name.clone(), code), (count(warned), count(refused)));
        }
    }
    counts
}

/// Asks the hub on this machine.
fn get(address: &str, path: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    write!(stream, "GET {path} HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    assert!(head.contains(" 200 "), "{head}");
    body.to_owned()
}

#[test]
fn broken_rules_are_counted_by_the_connector_told_to_the_hub_and_seen_there() {
    let world = World::new();
    let data = world.path("demo").display().to_string();
    let log = world.path("demo.log");
    let mut command = Command::new(&world.programs.lienthong);
    command.args(["demo", "--data", &data]).current_dir(world.folder.path());
    command.stderr(std::fs::File::create(&log).unwrap()).env("NO_COLOR", "1");
    let mut demo = Child::start(&mut command).unwrap();
    let address = loop {
        let ended = demo.wait_for(Duration::from_millis(20)).unwrap();
        let said = std::fs::read_to_string(&log).unwrap();
        assert!(ended.is_none(), "it ended: {said}");
        if let Some((_, rest)) = said.split_once("health page: http://")
            && let Some((address, _)) = rest.split_once('/')
        {
            break address.to_owned();
        }
    };
    // The connectors' first heartbeats follow when they have said so.
    let (reported, seen) = loop {
        assert!(demo.wait_for(Duration::from_millis(20)).unwrap().is_none(), "it ended");
        let health: Value = serde_json::from_str(&get(&address, "/v1/health")).unwrap();
        let agencies = health["agencies"].as_array().unwrap();
        let province = agencies.iter().find(|agency| agency["agency"] == "H48").unwrap();
        let feeds = province["feeds"].as_array().unwrap();
        if feeds.iter().any(|feed| feed["reported"].is_object()) {
            let reported = counts(feeds, "/rules", ("reported_warned", "reported_refused"));
            break (reported, counts(feeds, "/rules", ("warned", "refused")));
        }
    };
    let page = get(&address, "/");
    let metrics = get(&address, "/metrics");
    demo.ask_to_stop().unwrap();
    assert!(demo.wait_for(Duration::from_secs(30)).unwrap().is_some_and(|end| end.success()));

    let settings = world.path("demo/h48.toml").display().to_string();
    let output = world.lienthong(&["status", "--json", "--settings", &settings]);
    let status: Value = serde_json::from_slice(&output.stdout).unwrap();
    let own = counts(status["feeds"].as_array().unwrap(), "/rules", ("warned", "refused"));
    for (feed, rule, expected) in ON_PURPOSE {
        let counted = own.get(&(feed.to_owned(), rule.to_owned()));
        assert_eq!(counted, Some(&expected), "{feed} {rule}: {own:?}");
    }
    for (name, (warned, refused)) in &own {
        assert_eq!(reported.get(name), Some(&(*warned, *refused)), "{name:?} is told as counted");
        let (seen_warned, seen_refused) = seen.get(name).copied().unwrap_or_default();
        assert_eq!((seen_warned, seen_refused), (*warned, 0), "{name:?} is seen as sent");
    }
    for words in ["Số giấy tờ là số giả", "the note is the abstract", "note-is-not-abstract"]
    {
        assert!(page.contains(words), "{words}");
    }
    let line = "rule=\"sentinel-paper\",outcome=\"warned\"} 1";
    assert_eq!(metrics.matches(line).count(), 2, "as reported and as received: {metrics}");
    let output = world.lienthong(&["status", "--settings", &settings]);
    let shown = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(shown.contains("data-quality rules that were broken"), "{shown}");
}
