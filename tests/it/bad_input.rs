//! Bad input through the real program: a code, a place, a hint, and nothing else lost.
//!
//! What is tried in a crate's own tests is not tried again here: a full disk, a locked database and
//! torn files in `core/outbox/tests`, a file that changes while it is read in
//! `adapters/kinds/file-drop/src/tests`, a clock that jumps in `core/runtime/src/retry/tests.rs`.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::Command;

use lienthong_job::{Child, Endpoint, Format, write_dossiers};
use lienthong_sink::Options;
use tokio::runtime::Runtime;

use crate::world::{World, delivered, endpoint};

const GOOD: usize = 20;

/// Runs the connector over what `spoil` made of a file of good dossiers. Gives what lies in
/// quarantine, and how many dossiers arrived all the same.
fn run_spoilt(format: Format, spoil: impl FnOnce(&Path)) -> (Vec<serde_json::Value>, usize) {
    let runtime = Runtime::new().unwrap();
    let world = World::new();
    write_dossiers(&world.job.input, GOOD, 5).unwrap();
    spoil(&world.job.input);
    let store = world.path("delivered.jsonl");
    let options = Options { store: Some(store.clone()), ..Options::default() };
    let (_sink, up) = endpoint(&runtime, &options);
    let output = world.run(format, &up);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    (world.quarantine(), delivered(&store).len())
}

/// Expects one row in quarantine with a code, a place in a file and, where the reason has one, a
/// hint; and so many dossiers that arrived.
fn check(
    (rows, arrived): &(Vec<serde_json::Value>, usize),
    code: &str,
    place: &str,
    expected: usize,
) {
    let row = rows.iter().find(|row| row["code"] == code);
    let row = row.unwrap_or_else(|| panic!("no {code} among {rows:?}"));
    let found = row["place"].as_str().unwrap();
    assert!(found.contains(place), "{found}");
    assert!(row.to_string().contains("hint"), "{row}");
    assert_eq!(*arrived, expected, "{rows:?}");
}

fn insert_line(path: &Path, line: &str) {
    let text = fs::read_to_string(path).unwrap();
    let mut lines: Vec<&str> = text.lines().collect();
    lines.insert(GOOD / 2, line);
    fs::write(path, lines.join("\n") + "\n").unwrap();
}

#[test]
fn malformed_json_in_the_middle_of_a_file_costs_one_line() {
    let found = run_spoilt(Format::Json, |input| {
        insert_line(&input.join("dossiers.jsonl"), "{\"SoHoSo\": \"broken");
    });
    check(&found, found.0[0]["code"].as_str().unwrap(), "dossiers.jsonl", GOOD);
    assert_eq!(found.0.len(), 1);
}

#[test]
fn ten_thousand_levels_of_nesting_cost_one_line() {
    let found = run_spoilt(Format::Json, |input| {
        let deep = format!("{{\"x\":{}{}}}", "[".repeat(10_000), "]".repeat(10_000));
        insert_line(&input.join("dossiers.jsonl"), &deep);
    });
    check(&found, "LT-2011", "dossiers.jsonl", GOOD);
}

#[test]
fn a_record_of_fifty_megabytes_costs_one_line() {
    let found = run_spoilt(Format::Json, |input| {
        let long = format!("{{\"SoHoSo\":\"{}\"}}", "a".repeat(50 << 20));
        insert_line(&input.join("dossiers.jsonl"), &long);
    });
    check(&found, "LT-2010", "dossiers.jsonl", GOOD);
}

#[test]
fn a_truncated_gzip_gives_what_it_holds() {
    let found = run_spoilt(Format::Json, |input| {
        let plain = fs::read(input.join("dossiers.jsonl")).unwrap();
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::none());
        encoder.write_all(&plain).unwrap();
        let packed = encoder.finish().unwrap();
        fs::write(input.join("dossiers.jsonl"), &packed[..packed.len() * 3 / 4]).unwrap();
    });
    assert!(found.1 > GOOD / 2 && found.1 < GOOD, "{found:?}");
    let codes: Vec<_> = found.0.iter().map(|row| row["code"].as_str().unwrap()).collect();
    assert!(codes.contains(&"LT-2013") || codes.contains(&"LT-2017"), "{codes:?}");
}

#[test]
fn xml_with_a_dtd_is_refused() {
    let found = run_spoilt(Format::Xml, |input| {
        let path = input.join("dossiers.xml");
        let text = fs::read_to_string(&path).unwrap();
        let dtd = "<!DOCTYPE DanhSachHoSo SYSTEM \"file:///etc/passwd\">\n<DanhSachHoSo>";
        fs::write(&path, text.replacen("<DanhSachHoSo>", dtd, 1)).unwrap();
    });
    check(&found, "LT-2015", "dossiers.xml", 0);
}

#[test]
fn an_entity_bomb_is_refused_before_it_goes_off() {
    let found = run_spoilt(Format::Xml, |input| {
        let mut bomb = "<?xml version=\"1.0\"?>\n<!DOCTYPE a [<!ENTITY a0 \"lol\">".to_owned();
        for level in 1..10 {
            let entity = format!("&a{};", level - 1).repeat(10);
            bomb += &["<!ENTITY a", &level.to_string(), " \"", &entity, "\">"].concat();
        }
        bomb.push_str("]>\n<DanhSachHoSo><HoSo><SoHoSo>&a9;</SoHoSo></HoSo></DanhSachHoSo>");
        fs::write(input.join("dossiers.xml"), bomb).unwrap();
    });
    check(&found, "LT-2015", "dossiers.xml", 0);
}

/// Checks settings that were changed in one place; gives what is said.
fn check_settings(from: &str, to: &str) -> String {
    let world = World::new();
    let nowhere = Endpoint::Hub("http://127.0.0.1:9".to_owned());
    let program = &world.programs.lienthong;
    world.job.connector(program, Format::Json, &nowhere, 500).unwrap();
    let path = world.path("connector.toml");
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.contains(from), "{text}");
    fs::write(&path, text.replace(from, to)).unwrap();
    let output = world.job.about(program, &["check"]).env("NO_COLOR", "1").output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    String::from_utf8(output.stderr).unwrap()
}

fn expect_all(words: &str, expected: &[&str]) {
    for expected in expected {
        assert!(words.contains(expected), "`{expected}` is missing in:\n{words}");
    }
}

#[test]
fn an_unknown_setting_is_named_with_its_place_and_the_nearest_known_one() {
    let words = check_settings("pattern =", "patern =");
    expect_all(&words, &["LT-1004", "patern", "connector.toml:", "did you mean `pattern`?"]);
}

#[test]
fn a_wrong_type_is_named_with_its_place() {
    let words = check_settings("items_max = 500", "items_max = \"many\"");
    expect_all(&words, &["LT-1003", "connector.toml:", "items_max"]);
}

#[test]
fn a_missing_secret_is_named_with_its_place_and_never_another_one() {
    let words = check_settings("file = \"token\"", "env = \"LIENTHONG_TEST_NO_SUCH_TOKEN\"");
    expect_all(&words, &["LT-1070", "LIENTHONG_TEST_NO_SUCH_TOKEN", "connector.toml:"]);
}

#[test]
fn a_literal_secret_is_refused_and_not_shown() {
    let words = check_settings("{ file = \"token\" }", "\"hush-hush-1234\"");
    expect_all(&words, &["LT-1006", "connector.toml:", "{ file = "]);
    assert!(!words.contains("hush-hush-1234"), "{words}");
}

/// Checks the mapping of the 20-field job, changed in one place; gives what is said.
fn check_mapping(from: &str, to: &str) -> String {
    let world = World::new();
    let library = world.path("library");
    let copied = Command::new("cp")
        .arg("-r")
        .arg(crate::root().join("examples/peers"))
        .arg(&library)
        .status()
        .unwrap();
    assert!(copied.success());
    let path = library.join("mappings/systems/peers-json/dossiers.toml");
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.contains(from), "{text}");
    fs::write(&path, text.replacen(from, to, 1)).unwrap();
    let library = library.display().to_string();
    let words = ["mapping", "check", "peers-json/dossiers", "--standard", "peers", "--library"];
    let output = world.lienthong(&[&words[..], &[&library]].concat());
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let (stdout, stderr) = (output.stdout, output.stderr);
    String::from_utf8([stdout, stderr].concat()).unwrap()
}

#[test]
fn a_mapping_to_an_unknown_field_does_not_load() {
    let words = check_mapping("officerCode =", "oficerCode =");
    expect_all(&words, &["LT-30", "oficerCode", "dossiers.toml:", "officerCode"]);
}

#[test]
fn a_mapping_with_a_wrong_code_list_does_not_load() {
    let words = check_mapping("codes = \"channel\"", "codes = \"chanel\"");
    expect_all(&words, &["LT-30", "chanel", "dossiers.toml:"]);
}

#[test]
fn a_second_connector_on_one_outbox_is_sent_away() {
    let runtime = Runtime::new().unwrap();
    let world = World::new();
    write_dossiers(&world.job.input, GOOD, 5).unwrap();
    let (_sink, up) = endpoint(&runtime, &Options::default());
    assert!(world.run(Format::Json, &up).status.success(), "it makes the outbox");
    let program = &world.programs.lienthong;
    let mut first = Child::start(&mut world.job.about(program, &["run"])).unwrap();
    let lock = world.path("connector-data/outbox.lock");
    let second = loop {
        assert!(first.wait_for(std::time::Duration::from_millis(20)).unwrap().is_none());
        let output = world.job.about(program, &["run", "--once"]).output().unwrap();
        if !output.status.success() {
            break output;
        }
    };
    assert!(lock.exists());
    expect_all(&String::from_utf8_lossy(&second.stderr), &["LT-5001", "another connector"]);
    first.kill().unwrap();
}

#[test]
fn a_code_that_is_added_to_the_list_brings_its_records_through() {
    let runtime = Runtime::new().unwrap();
    let world = World::new();
    write_dossiers(&world.job.input, GOOD, 5).unwrap();
    let path = world.job.input.join("dossiers.jsonl");
    let text = fs::read_to_string(&path).unwrap();
    let line = text.lines().next().unwrap().to_owned();
    let status = line.split("\"TrangThai\":\"").nth(1).unwrap().split('"').next().unwrap();
    let unknown = line
        .replacen(&format!("\"TrangThai\":\"{status}\""), "\"TrangThai\":\"LA\"", 1)
        .replacen("-000000\"", "-000999\"", 1);
    insert_line(&path, &unknown);
    let store = world.path("delivered.jsonl");
    let options = Options { store: Some(store.clone()), ..Options::default() };
    let (_sink, up) = endpoint(&runtime, &options);
    assert!(world.run(Format::Json, &up).status.success());
    let rows = world.quarantine();
    assert_eq!((rows.len(), delivered(&store).len()), (1, GOOD), "{rows:?}");
    let waits_for = rows[0]["waiting_for"].as_str().unwrap().to_owned();

    let library = world.path("library");
    let from = crate::root().join("examples/peers");
    assert!(Command::new("cp").arg("-r").arg(from).arg(&library).status().unwrap().success());
    for (list, national) in [("status", "04"), ("status-name", "Đang xử lý")] {
        let path = library.join(format!("mappings/systems/peers-json/codes/{list}.csv"));
        let text = fs::read_to_string(&path).unwrap();
        fs::write(&path, format!("{}\nLA,{national}\n", text.trim_end())).unwrap();
    }
    let set = format!("library_folder={}", library.display());
    let words = ["quarantine", "release", "--waiting-for", &waits_for, "--set", &set];
    let program = &world.programs.lienthong;
    let released = world.job.about(program, &words).output().unwrap();
    assert!(released.status.success(), "{}", String::from_utf8_lossy(&released.stderr));
    assert!(world.run(Format::Json, &up).status.success());
    assert_eq!(delivered(&store).len(), GOOD + 1);
    assert!(world.quarantine().is_empty());
}
