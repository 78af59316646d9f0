//! Drift, from a file that is not what the feed's shape says to the hub's page.

use std::fs;
use std::net::TcpListener;
use std::process::Command;

use lienthong_job::{Child, Endpoint, Format, get_json, get_text, write_dossiers};
use serde_json::{Value, json};

use crate::world::World;

/// A world whose library is its own, so that shapes can be learned into it; and the setting that
/// says so.
fn world() -> (World, String) {
    let world = World::new();
    write_dossiers(&world.job.input, 60, 9).unwrap();
    let library = world.path("library");
    let from = crate::root().join("examples/peers");
    assert!(Command::new("cp").arg("-r").arg(from).arg(&library).status().unwrap().success());
    let set = format!("library_folder={}", library.display());
    (world, set)
}

/// Runs a command about the connector; gives what it writes to stdout.
fn run(world: &World, words: &[&str], set: &str) -> String {
    let words = [words, &["--set", set]].concat();
    let output = world.job.about(&world.programs.lienthong, &words).output().unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.code().is_some_and(|code| code != 1 && code != 2), "{words:?}: {stderr}");
    String::from_utf8(output.stdout).unwrap()
}

fn learn(world: &World, set: &str, more: &[&str]) -> Value {
    let words = [&["adapter", "learn", "dossiers/dossiers", "--json"], more].concat();
    serde_json::from_str(&run(world, &words, set)).unwrap()
}

/// The drifts that `status` shows: kind, path, what; and all of it.
fn drifts(world: &World, set: &str) -> (Vec<String>, Value) {
    let status: Value = serde_json::from_str(&run(world, &["status", "--json"], set)).unwrap();
    let rows = status["feeds"][0]["drifts"].clone();
    let text = |row: &Value, key: &str| row[key].as_str().unwrap().to_owned();
    let shown =
        |row: &Value| format!("{} {} {}", text(row, "kind"), text(row, "path"), text(row, "what"));
    let mut shown: Vec<String> = rows.as_array().unwrap().iter().map(shown).collect();
    shown.sort();
    (shown, rows)
}

/// A second file: a new field, a new status, dates in another format, no fee any more.
fn write_drifted(world: &World) {
    let text = fs::read_to_string(world.job.input.join("dossiers.jsonl")).unwrap();
    let mut drifted = Vec::new();
    for (nth, line) in text.lines().take(40).enumerate() {
        let mut item: Value = serde_json::from_str(line).unwrap();
        item["SoHoSo"] = json!(format!("000.00.01.H22-250101-9{nth:05}"));
        item["KenhTra"] = json!("Trực tuyến");
        item["NgayTiepNhan"] = json!("2025-06-02 08:12:05");
        item.as_object_mut().unwrap().remove("LePhi");
        if nth == 39 {
            item["TrangThai"] = json!("TREO");
        }
        drifted.push(item.to_string());
    }
    fs::write(world.job.input.join("second.jsonl"), drifted.join("\n")).unwrap();
}

#[test]
fn what_changes_at_the_source_is_shown_until_a_shape_knows_it() {
    let (world, set) = world();
    let program = &world.programs.lienthong;
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    let hub = Endpoint::Hub(format!("http://{address}"));
    world.job.connector(program, Format::Json, &hub, 500).unwrap();
    let mut serving = world.job.hub(program, &address, &hub).unwrap();
    let mut hub = Child::start_and_reach(&mut serving, &address).unwrap();

    let learned = learn(&world, &set, &[]);
    assert_eq!((&learned["items"], &learned["unreadable"]), (&json!(60), &json!(0)));
    let shape = fs::read_to_string(learned["file"].as_str().unwrap()).unwrap();
    for personal in ["Nguyễn", "@example.vn", "+84"] {
        assert!(!shape.contains(personal), "{personal} in {shape}");
    }
    run(&world, &["run", "--once"], &set);
    assert_eq!(drifts(&world, &set).0, [] as [&str; 0], "it is what it was");

    write_drifted(&world);
    run(&world, &["run", "--once"], &set);
    let (shown, rows) = drifts(&world, &set);
    let expected = [
        "new-code TrangThai `TREO`",
        "new-field KenhTra ",
        "new-form NgayTiepNhan `timestamp:%d/%m/%Y %H:%M:%S` → `timestamp:%Y-%m-%d %H:%M:%S`",
        "silent LePhi ",
    ];
    assert_eq!(shown, expected, "{rows}");
    let code = rows.as_array().unwrap().iter().find(|row| row["kind"] == "new-code").unwrap();
    assert!(code["place"].as_str().unwrap().contains("second.jsonl"), "{code}");
    assert!(code["first_at"].as_i64().unwrap() > 0 && code["items"] == 1, "{code}");
    let table = run(&world, &["status"], &set);
    assert!(table.contains("new-field") && table.contains("KenhTra"), "{table}");

    let token = Some(world.job.token());
    let health = get_json(&format!("http://{address}/v1/health"), token).unwrap();
    let told = &health["agencies"][0]["feeds"][0]["reported"]["drifts"];
    assert_eq!(told.as_array().unwrap().len(), 4, "{health}");
    for drift in told.as_array().unwrap() {
        let words = drift.to_string();
        assert!(drift["first_seen_at"].as_str().is_some_and(|at| at.ends_with('Z')), "{words}");
        assert!(drift["example"].as_str().unwrap().contains("second.jsonl"), "{words}");
    }
    let page = get_text(&format!("http://{address}/"), token).unwrap();
    for words in ["trường mới", "new field", "KenhTra", "TREO", "trường không còn dữ liệu"]
    {
        assert!(page.contains(words), "{words} in {page}");
    }
    let metrics = get_text(&format!("http://{address}/metrics"), token).unwrap();
    let line = metrics.lines().find(|line| line.contains("drifts{") && line.contains("new-code"));
    assert!(line.is_some_and(|line| line.ends_with(" 1")), "{metrics}");

    let again = learn(&world, &set, &["--merge"]);
    assert_eq!(again["items"], json!(160), "60 were known, and all 100 are read again");
    run(&world, &["run", "--once"], &set);
    assert_eq!(drifts(&world, &set).0, [] as [&str; 0], "the shape knows it now");
    hub.kill().unwrap();
}
