//! Records that wait for a code: one line in the code list brings them all through.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::Duration;

use lienthong_job::{Child, Endpoint, Format, get_json, write_dossiers};
use serde_json::Value;

use crate::world::World;

/// How many dossiers have a status that the code list does not have.
const WAITING: usize = 300;
/// How many have one that it has; they lie between the others.
const KNOWN: usize = 20;
/// How often something is looked for before the test gives up.
const LOOKS_MAX: usize = 600;

/// A connector with a library of its own, and a hub.
struct Office {
    world: World,
    library: PathBuf,
    hub: Child,
    url: String,
}

impl Office {
    fn open() -> Self {
        let world = World::new();
        let library = world.path("library");
        copy(&crate::root().join("examples/peers"), &library);
        // The list of names has the status already; only the list of codes lacks it.
        add_line(&library, "status-name", "CHO,Chờ phân loại");
        write_dossiers(&world.job.input, WAITING + KNOWN, 5).unwrap();
        let path = world.job.input.join("dossiers.jsonl");
        let text = std::fs::read_to_string(&path).unwrap();
        let lines = text.lines().enumerate().map(|(place, line)| {
            let mut dossier: Value = serde_json::from_str(line).unwrap();
            dossier["TrangThai"] = if place % 16 == 0 { "DXL" } else { "CHO" }.into();
            format!("{dossier}\n")
        });
        std::fs::write(&path, lines.collect::<String>()).unwrap();

        let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let endpoint = Endpoint::Hub(String::new());
        let listen = free.to_string();
        let mut command = world.job.hub(&world.programs.lienthong, &listen, &endpoint).unwrap();
        let hub = Child::start_and_reach(&mut command, &listen).unwrap();
        let url = format!("http://{listen}");
        let up = Endpoint::Hub(url.clone());
        world.job.connector(&world.programs.lienthong, Format::Json, &up, 100).unwrap();
        Self { world, library, hub, url }
    }

    /// A command of `lienthong` about the connector.
    fn command(&self, words: &[&str]) -> Command {
        let mut command = self.world.job.about(&self.world.programs.lienthong, words);
        command
            .args(["--set", &format!("library_folder={:?}", self.library.display().to_string())]);
        command.args(["--set", "sources.dossiers.schedule.every_secs=1"]);
        command
    }

    fn run(&self, words: &[&str]) -> Output {
        self.command(words).output().unwrap()
    }

    /// The groups of rows that wait for the same thing.
    fn groups(&self) -> Vec<Value> {
        let output = self.run(&["quarantine", "list", "--groups", "--json"]);
        let text = String::from_utf8(output.stdout).unwrap();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// What the hub has counted of the feed.
    fn feed(&self) -> Value {
        let feeds = get_json(&format!("{}/v1/feeds", self.url), Some(self.world.job.token()));
        feeds.unwrap()["feeds"][0].clone()
    }

    /// Every dossier is at the hub once, under the version that its place in the source gave it.
    fn assert_all_arrived_once_and_in_order(&self) {
        let feed = self.feed();
        assert_eq!(feed["records"], WAITING + KNOWN, "{feed}");
        assert_eq!(feed["accepted"], WAITING + KNOWN, "{feed}");
        assert_eq!((&feed["doubled"], &feed["repeated"]), (&0.into(), &0.into()), "{feed}");
        let text = std::fs::read_to_string(self.world.job.input.join("dossiers.jsonl")).unwrap();
        for (line, version) in text.lines().zip(1_u64..) {
            let dossier: Value = serde_json::from_str(line).unwrap();
            let key = dossier["SoHoSo"].as_str().unwrap();
            let path = format!("agency=H22&source=dossiers&feed=dossiers&key={key}");
            let url = format!("{}/v1/records?{path}", self.url);
            let record = get_json(&url, Some(self.world.job.token())).unwrap();
            assert_eq!(record["version"], version, "{key}");
            let status = if dossier["TrangThai"] == "CHO" { "02" } else { "04" };
            assert_eq!(record["record"]["statusCode"], status, "{key}");
        }
    }
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

fn add_line(library: &Path, list: &str, line: &str) {
    let path = library.join(format!("mappings/systems/peers-json/codes/{list}.csv"));
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, format!("{text}{line}\n")).unwrap();
}

fn words(output: &Output) -> String {
    let (out, err) = (&output.stdout, &output.stderr);
    format!("{}{}", String::from_utf8_lossy(out), String::from_utf8_lossy(err))
}

#[test]
fn one_line_in_the_code_list_brings_all_through_that_wait_for_it() {
    let office = Office::open();
    let output = office.run(&["run", "--once"]);
    assert!(output.status.success(), "{}", words(&output));
    assert_eq!(office.feed()["records"], KNOWN);

    let groups = office.groups();
    assert_eq!(groups.len(), 1, "{groups:?}");
    assert_eq!(groups[0]["waiting_for"], "codes/status:CHO");
    assert_eq!(groups[0]["rows"], WAITING);
    assert_eq!(groups[0]["field"], "statusCode");
    let hint = groups[0]["hint"].as_str().unwrap();
    assert!(hint.starts_with("add a line to `codes/status`"), "{hint}");
    let shown = words(&office.run(&["quarantine", "show", "1"]));
    assert!(shown.contains("codes/status:CHO; 299 other rows wait for the same"), "{shown}");

    // Nothing has changed yet, and a code that nobody waits for is told so.
    let output = office.run(&["quarantine", "release", "--code", "status:CHO"]);
    assert_eq!(output.status.code(), Some(3), "{}", words(&output));
    assert!(words(&output).contains("0 released, 300 still refused"), "{}", words(&output));
    assert_eq!(office.groups()[0]["rows"], WAITING, "each row is there once");
    let output = office.run(&["quarantine", "release", "--code", "status:CH0"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(words(&output).contains("did you mean `codes/status:CHO`"), "{}", words(&output));

    add_line(&office.library, "status", "CHO,02");
    let output = office.run(&["quarantine", "release", "--code", "status:CHO"]);
    assert!(output.status.success(), "{}", words(&output));
    assert!(words(&output).contains("300 released, 0 still refused"), "{}", words(&output));
    assert_eq!(office.groups(), Vec::<Value>::new());
    let output = office.run(&["run", "--once"]);
    assert!(output.status.success(), "{}", words(&output));
    office.assert_all_arrived_once_and_in_order();
}

#[test]
fn a_running_connector_releases_with_the_code_list_as_it_is_now_and_goes_on_with_it() {
    let mut office = Office::open();
    let mut connector = Child::start(&mut office.command(&["run"])).unwrap();
    let mut wait_for = |is_there: &dyn Fn(&Office) -> bool, what: &str| {
        for _ in 0..LOOKS_MAX {
            if is_there(&office) {
                return;
            }
            let ended = connector.wait_for(Duration::from_millis(100)).unwrap();
            assert!(ended.is_none(), "the connector ended: {ended:?}");
        }
        panic!("{what}: {:?}, {}", office.groups(), office.feed());
    };
    wait_for(&|office| office.feed()["records"] == KNOWN, "the known ones arrive");
    wait_for(
        &|office| office.groups().first().is_some_and(|group| group["rows"] == WAITING),
        "the others wait",
    );

    add_line(&office.library, "status", "CHO,02");
    let output = office.run(&["quarantine", "release", "--code", "status:CHO"]);
    assert!(output.status.success(), "{}", words(&output));
    assert!(words(&output).contains("the connector runs"), "{}", words(&output));
    let all = WAITING + KNOWN;
    wait_for(&|office| office.feed()["records"] == all, "the released ones arrive");
    assert_eq!(office.groups(), Vec::<Value>::new());
    office.assert_all_arrived_once_and_in_order();

    // What comes afterwards needs no release any more.
    let text = std::fs::read_to_string(office.world.job.input.join("dossiers.jsonl")).unwrap();
    let mut dossier: Value = serde_json::from_str(text.lines().nth(1).unwrap()).unwrap();
    dossier["SoHoSo"] = "000.00.01.H22-250601-999999".into();
    std::fs::write(office.world.job.input.join("more.jsonl"), format!("{dossier}\n")).unwrap();
    wait_for(&|office| office.feed()["records"] == all + 1, "the next one passes");
    assert_eq!(office.groups(), Vec::<Value>::new());

    connector.ask_to_stop().unwrap();
    let status = connector.wait_for(Duration::from_secs(30)).unwrap();
    assert!(status.is_some_and(|status| status.success()), "{status:?}");
    office.hub.kill().unwrap();
}
