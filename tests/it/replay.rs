//! A code list is changed: what that means is shown, and exactly the changed records are sent again.
//! With the real programs: the connector, the hub, an endpoint that keeps a journal.

use std::collections::BTreeMap;
use std::fs;
use std::net::TcpListener;
use std::path::Path;
use std::process::Output;
use std::time::Duration;

use lienthong_job::{Child, Endpoint, Format, get_json, write_dossiers};
use lienthong_sink::Options;
use serde_json::Value;
use tokio::runtime::Runtime;

use crate::world::{World, endpoint};

const FEED: &str = "dossiers/dossiers";
const KEY: &str = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

/// The national code of the status `DTN` before and after the change.
const BEFORE: &str = "02";
const AFTER: &str = "04";

/// A connector whose mappings can be changed.
struct Changing {
    world: World,
    settings: Vec<String>,
}

impl Changing {
    fn new(count: usize) -> Self {
        let world = World::new();
        copy(&crate::root().join("examples/peers"), &world.path("library"));
        write_dossiers(&world.job.input, count, 3).unwrap();
        fs::remove_file(world.job.input.join("dossiers.xml")).unwrap();
        let library = world.path("library").display().to_string();
        Self { world, settings: vec![format!("library_folder={library}")] }
    }

    fn input(&self) -> std::path::PathBuf {
        self.world.job.input.clone()
    }

    /// `DTN` means another national code from now on.
    fn change(&self) {
        let list = self.world.path("library/mappings/systems/peers-json/codes/status.csv");
        let text = fs::read_to_string(&list).unwrap();
        let changed = text.replace(&format!("DTN,{BEFORE}"), &format!("DTN,{AFTER}"));
        assert_ne!(text, changed);
        fs::write(list, changed).unwrap();
    }

    /// Gives a dossier of the input another status, in a file of its own.
    fn update(&self, file: &str, place: usize, status: &str) -> String {
        let text = fs::read_to_string(self.input().join("dossiers.jsonl")).unwrap();
        let mut item: Value = serde_json::from_str(text.lines().nth(place).unwrap()).unwrap();
        item["TrangThai"] = status.into();
        fs::write(self.input().join(file), format!("{item}\n")).unwrap();
        item["SoHoSo"].as_str().unwrap().to_owned()
    }

    fn overrides(&self) -> impl Iterator<Item = &str> {
        self.settings.iter().flat_map(|setting| ["--set", setting])
    }

    fn run(&self, up: &Endpoint) -> Output {
        let program = &self.world.programs.lienthong;
        let mut command = self.world.job.connector(program, Format::Json, up, 500).unwrap();
        let output = command.args(self.overrides()).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        output
    }

    fn say(&self, words: &[&str]) -> Output {
        let program = &self.world.programs.lienthong;
        self.world.job.about(program, words).args(self.overrides()).output().unwrap()
    }

    fn ask(&self, words: &[&str]) -> Value {
        let output = self.say(words);
        let errors = String::from_utf8_lossy(&output.stderr);
        serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {errors}"))
    }

    fn replay(&self) -> Value {
        self.ask(&["replay", FEED, "--json"])["replay"].take()
    }

    fn diff(&self) -> Value {
        let words = ["mapping", "diff", "kept", "peers-json/dossiers", "--feed", FEED, "--json"];
        self.ask(&words)["difference"].take()
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(&path, &target).unwrap();
        }
    }
}

/// The newest status of every dossier, as the source says it.
fn statuses(input: &Path, files: &[&str]) -> BTreeMap<String, String> {
    let mut newest = BTreeMap::new();
    for file in files {
        for line in fs::read_to_string(input.join(file)).unwrap().lines() {
            let item: Value = serde_json::from_str(line).unwrap();
            let text = |name: &str| item[name].as_str().unwrap().to_owned();
            newest.insert(text("SoHoSo"), text("TrangThai"));
        }
    }
    newest
}

/// The status of the last record of each dossier that an endpoint took.
fn last_delivered(store: &Path) -> BTreeMap<String, String> {
    let mut last = BTreeMap::new();
    for line in fs::read_to_string(store).unwrap().lines() {
        let record: Value = serde_json::from_str(line).unwrap();
        let text = |name: &str| record[name].as_str().unwrap().to_owned();
        last.insert(text("dossierId"), text("statusCode"));
    }
    last
}

/// What the hub holds of a dossier: its version and status.
fn held(url: &str, token: &str, key: &str) -> (u64, String) {
    let query = format!("agency=H22&source=dossiers&feed=dossiers&key={key}");
    let found = get_json(&format!("{url}/v1/records?{query}"), Some(token)).unwrap();
    let status = found["record"]["statusCode"].as_str().unwrap_or_else(|| panic!("{found}"));
    (found["version"].as_u64().unwrap(), status.to_owned())
}

#[test]
fn a_changed_code_list_is_shown_and_exactly_the_changed_records_are_sent() {
    let changing = Changing::new(200);
    let job = &changing.world.job;
    let listen = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    let url = format!("http://{listen}");
    let up = Endpoint::Hub(url.clone());
    let mut hub = job.hub(&changing.world.programs.lienthong, &listen, &up).unwrap();
    let _hub = Child::start_and_reach(&mut hub, &listen).unwrap();
    changing.run(&up);
    // One dossier comes to the status that changes, another leaves it.
    let first = statuses(&changing.input(), &["dossiers.jsonl"]);
    let place = |is: &dyn Fn(&str) -> bool| {
        let text = fs::read_to_string(changing.input().join("dossiers.jsonl")).unwrap();
        text.lines().position(is).unwrap()
    };
    let has = |line: &str| line.contains("\"TrangThai\":\"DTN\"");
    let leaver = changing.update("later-1.jsonl", place(&has), "DTR");
    let comer = changing.update("later-2.jsonl", place(&|line| !has(line)), "DTN");
    changing.run(&up);
    let files = ["dossiers.jsonl", "later-1.jsonl", "later-2.jsonl"];
    let newest = statuses(&changing.input(), &files);
    assert_eq!((newest[&leaver].as_str(), newest[&comer].as_str()), ("DTR", "DTN"));
    let changed = newest.values().filter(|status| *status == "DTN").count() as u64;
    assert!(changed > 2 && changed < 100, "{changed}");
    let hold = |key: &String| held(&url, job.token(), key);
    let before: BTreeMap<_, _> = first.keys().map(|key| (key, hold(key))).collect();
    assert_eq!(changing.replay()["sent"], 0, "nothing has changed yet");

    changing.change();
    let diff = changing.diff();
    assert_eq!((&diff["changed"], &diff["newly_refused"]), (&changed.into(), &0.into()), "{diff}");
    assert_eq!(diff["fields"]["statusCode"], changed);
    let sums = diff["counts"].as_array().unwrap().iter().filter(|count| count["month"].is_null());
    let moved = |code: &str| {
        let mut found = sums.clone().filter(|c| c["field"] == "statusCode" && c["code"] == code);
        let count = found.next().unwrap();
        count["after"].as_i64().unwrap() - count["before"].as_i64().unwrap()
    };
    let expected = i64::try_from(changed).unwrap();
    assert_eq!((moved(BEFORE), moved(AFTER)), (-expected, expected));
    let sample = diff["samples"][0].to_string();
    assert!(sample.contains(BEFORE) && sample.contains(AFTER), "{sample}");

    let rehearsed = changing.ask(&["replay", FEED, "--dry-run", "--json"]);
    assert_eq!(
        (&rehearsed["replay"]["changed"], &rehearsed["replay"]["sent"]),
        (&changed.into(), &0.into())
    );
    let report = changing.replay();
    assert_eq!(report["sent"], changed, "{report}");
    changing.run(&up);
    for (key, status) in &newest {
        let (old, new) = (&before[key], &hold(key));
        if status == "DTN" {
            assert_eq!((old.1.as_str(), new.1.as_str()), (BEFORE, AFTER), "{key}");
            assert!(new.0 > 202, "{key} has version {}", new.0);
        } else {
            assert_eq!(old, new, "{key}");
        }
    }
    let again = changing.replay();
    assert_eq!((&again["sent"], &again["changed"]), (&0.into(), &0.into()), "{again}");
    assert_eq!(changing.diff()["unchanged"], 200, "what is kept is mapped as it was sent");
}

#[test]
fn after_a_kill_in_the_middle_of_a_pass_nothing_stale_is_sent() {
    let runtime = Runtime::new().unwrap();
    let changing = Changing::new(20_000);
    let input = changing.input();
    // The first dossiers come again at the end of the file, with another status.
    let text = fs::read_to_string(input.join("dossiers.jsonl")).unwrap();
    let later = text.lines().take(500).map(|line| {
        let mut item: Value = serde_json::from_str(line).unwrap();
        item["TrangThai"] = if item["TrangThai"] == "DTN" { "DTR" } else { "DTN" }.into();
        format!("{item}\n")
    });
    let whole = text.clone() + &later.collect::<String>();
    fs::write(input.join("dossiers.jsonl"), whole).unwrap();
    let store = changing.world.path("delivered.jsonl");
    let options = Options { store: Some(store.clone()), ..Options::default() };
    let (sink, up) = endpoint(&runtime, &options);
    let program = &changing.world.programs.lienthong;
    let mut command = changing.world.job.connector(program, Format::Json, &up, 500).unwrap();
    let mut connector = Child::start(command.args(changing.overrides())).unwrap();
    while sink.totals().records < 2000 {
        assert!(connector.wait_for(Duration::from_millis(1)).unwrap().is_none(), "it ended");
    }
    connector.kill().unwrap();
    changing.run(&up);

    changing.change();
    let report = changing.replay();
    assert!(report["version_first"].as_u64().unwrap() > 1, "{report}");
    assert!(report["cut"].is_string(), "{report}");
    changing.run(&up);
    let newest = statuses(&input, &["dossiers.jsonl"]);
    let last = last_delivered(&store);
    let codes = changing.world.path("library/mappings/systems/peers-json/codes/status.csv");
    let codes = fs::read_to_string(codes).unwrap();
    let code = |status: &str| {
        let line = codes.lines().find_map(|line| line.strip_prefix(&format!("{status},")));
        line.unwrap().to_owned()
    };
    assert_eq!(last.len(), newest.len());
    for (key, status) in &newest {
        let is_old = status == "DTN" && last[key] == BEFORE;
        assert!(last[key] == code(status) || is_old, "{key}: {status} is {}", last[key]);
    }
    assert_eq!(changing.replay()["sent"], 0);
}

#[test]
fn a_running_connector_replays_when_it_is_asked_to() {
    let runtime = Runtime::new().unwrap();
    let changing = Changing::new(200);
    let options = Options::default();
    let (sink, up) = endpoint(&runtime, &options);
    changing.run(&up);
    let newest = statuses(&changing.input(), &["dossiers.jsonl"]);
    let changed = newest.values().filter(|status| *status == "DTN").count() as u64;
    changing.change();
    let program = &changing.world.programs.lienthong;
    let start = || {
        let mut command = changing.world.job.about(program, &["run"]);
        Child::start(command.args(changing.overrides())).unwrap()
    };
    let mut connector = start();
    // Whoever comes first holds the outbox; a request is left once that is the connector.
    loop {
        if connector.wait_for(Duration::from_millis(5)).unwrap().is_some() {
            connector = start();
        }
        let output = changing.say(&["replay", FEED, "--json"]);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        if String::from_utf8_lossy(&output.stdout).contains("left_for_the_connector") {
            break;
        }
    }
    while sink.totals().records < 200 + changed {
        assert!(connector.wait_for(Duration::from_millis(5)).unwrap().is_none(), "it ended");
    }
    connector.ask_to_stop().unwrap();
    assert!(connector.wait_for(Duration::from_secs(30)).unwrap().unwrap().success());
    assert_eq!(changing.replay()["sent"], 0);
    assert_eq!(sink.totals().records, 200 + changed, "nothing is sent twice");
}

#[test]
fn what_is_sealed_is_unreadable_without_the_key() {
    let runtime = Runtime::new().unwrap();
    let mut changing = Changing::new(50);
    let (_sink, up) = endpoint(&runtime, &Options::default());
    fs::write(changing.world.path("keep.key"), KEY).unwrap();
    changing.settings.push("keep.key.file=keep.key".to_owned());
    changing.run(&up);
    let mut bytes = Vec::new();
    read_all(&changing.world.path("connector-data/keep/dossiers"), &mut bytes);
    assert!(bytes.len() > 2000, "{} bytes", bytes.len());
    let text = fs::read_to_string(changing.input().join("dossiers.jsonl")).unwrap();
    let item: Value = serde_json::from_str(text.lines().next().unwrap()).unwrap();
    let name = item["NguoiNop"]["HoTen"].as_str().unwrap().trim();
    for piece in [name, item["SoHoSo"].as_str().unwrap(), "NguoiNop", "dossiers.jsonl"] {
        let is_there = bytes.windows(piece.len()).any(|there| there == piece.as_bytes());
        assert!(!is_there, "{piece} can be read");
    }
    changing.change();
    let with_key = changing.diff();
    assert_eq!(with_key["records"], 50);
    let key = changing.settings.pop().unwrap();
    let diff = ["mapping", "diff", "kept", "peers-json/dossiers", "--feed", FEED];
    let output = changing.say(&diff);
    let words = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success() && words.contains("LT-5021"), "{words}");
    let report = changing.replay();
    assert_eq!((&report["sent"], &report["items"]), (&0.into(), &0.into()), "{report}");
    assert!(report["cut"].as_str().unwrap().contains("LT-5021"), "{report}");
    changing.settings.push(key);
    assert_eq!(changing.replay()["sent"], with_key["changed"]);
}

fn read_all(folder: &Path, bytes: &mut Vec<u8>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read_all(&path, bytes);
        } else {
            bytes.extend(fs::read(path).unwrap());
        }
    }
}
