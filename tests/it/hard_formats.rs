//! Systems whose formats are hard, from their samples through the connector to the hub: what
//! arrives is what the cases of their mappings say, and what is refused lies in quarantine.

use std::collections::BTreeMap;
use std::fs;
use std::net::TcpListener;
use std::process::Command;

use lienthong_job::{Child, get_json};
use lienthong_sample_sources::SampleServer;
use lienthong_sample_sources::credentials::{LDTBXH_KEY, LDTBXH_PROVINCE};
use serde_json::Value;
use tokio::runtime::Runtime;

use crate::world::World;

/// The systems, the dossiers in their samples, and the codes for which some are refused.
const SYSTEMS: [(&str, u64, &[&str]); 2] = [
    ("ldtbxh", 10, &["LT-3010", "LT-3030", "LT-3030", "LT-4110"]),
    ("one-stop-sql", 10, &["LT-2020", "LT-3010", "LT-3012", "LT-3034", "LT-4106"]),
];

const HUB: &str = "data_folder = \"hub\"\noperator = { env = \"OPERATOR\" }\n\
    [agencies.H56]\nname = \"Tỉnh mẫu\"\ntoken = { env = \"TOKEN\" }\n";

fn settings(systems: &str, hub: &str) -> String {
    format!(
        "agency = \"H56\"\ndata_folder = \"h56\"\n\
         [[sources]]\nname = \"ldtbxh\"\nsystem = \"ldtbxh\"\nschedule = {{ every_secs = 30 }}\n\
         [sources.settings]\nbase_url = \"{systems}\"\n\
         auth = {{ type = \"bearer\", token = {{ env = \"LDTBXH\" }} }}\n\
         parameters = {{ data_kind = \"1\", province = \"{LDTBXH_PROVINCE}\" }}\n\
         [[sources]]\nname = \"one-stop-sql\"\nsystem = \"one-stop-sql\"\n\
         schedule = {{ every_secs = 30 }}\n\
         settings = {{ folder = \"drop\", settle_secs = 0 }}\n\
         [[endpoints]]\nname = \"hub\"\ntype = \"hub\"\nurl = \"http://{hub}\"\n\
         token = {{ env = \"TOKEN\" }}\n"
    )
}

/// A program in the world's folder, with its secrets.
fn lienthong(world: &World, words: &[&str]) -> Command {
    let mut command = Command::new(&world.programs.lienthong);
    command.args(words).current_dir(world.folder.path()).env("NO_COLOR", "1");
    command.env("TOKEN", "word-of-h56").env("OPERATOR", "operator").env("LDTBXH", LDTBXH_KEY);
    command
}

/// The records that the accepted cases of a system expect.
fn expected(system: &str) -> Vec<Value> {
    let cases = crate::root().join("mappings/systems").join(system).join("cases");
    let folders = fs::read_dir(cases).unwrap().map(|entry| entry.unwrap().path());
    let texts = folders.filter_map(|folder| fs::read_to_string(folder.join("expected.json")).ok());
    texts.map(|text| serde_json::from_str(&text).unwrap()).collect()
}

#[test]
fn what_arrives_at_the_hub_is_what_the_cases_say() {
    let world = World::new();
    let runtime = Runtime::new().unwrap();
    let samples = crate::root().join("adapters/systems");
    let server = runtime.block_on(SampleServer::start_from(samples.clone())).unwrap();
    fs::create_dir(world.path("drop")).unwrap();
    let export = "hoso-20250630.csv";
    fs::copy(samples.join("one-stop-sql/samples").join(export), world.path("drop").join(export))
        .unwrap();
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    fs::write(world.path("hub.toml"), HUB).unwrap();
    let settings = settings(&server.base_url("ldtbxh"), &address);
    fs::write(world.path("h56.toml"), settings).unwrap();
    let mut hub = lienthong(&world, &["--settings", "hub.toml", "hub", "--listen", &address]);
    let _hub = Child::start_and_reach(&mut hub, &address).unwrap();

    let run = ["--settings", "h56.toml", "run", "--once", "--json"];
    for round in 0..2 {
        let output = lienthong(&world, &run).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let list = ["--settings", "h56.toml", "quarantine", "list", "--json"];
        let output = lienthong(&world, &list).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        let mut refused: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for row in serde_json::Deserializer::from_str(&text).into_iter::<Value>() {
            let row = row.unwrap();
            let system = row["feed"].as_str().unwrap().split('/').next().unwrap().to_owned();
            refused.entry(system).or_default().push(row["code"].as_str().unwrap().to_owned());
        }
        for (system, items, codes) in SYSTEMS {
            let mut found = refused.remove(system).unwrap_or_default();
            found.sort();
            assert_eq!(found, codes, "{system} in round {round}");
            let accepted = expected(system);
            assert_eq!(accepted.len() + codes.len(), usize::try_from(items).unwrap());
            for record in accepted {
                let key = record["MaHoSo"].as_str().unwrap();
                let path = format!("v1/records?agency=H56&source={system}&feed=dossiers&key={key}");
                let url = format!("http://{address}/{path}");
                let stored = get_json(&url, Some("operator")).unwrap();
                assert_eq!(stored["record"], record, "{key}");
            }
        }
    }
    let feeds = get_json(&format!("http://{address}/v1/feeds"), Some("operator")).unwrap();
    for (system, items, codes) in SYSTEMS {
        let feeds = feeds["feeds"].as_array().unwrap();
        let feed = feeds.iter().find(|feed| feed["source"] == system);
        let feed = feed.unwrap_or_else(|| panic!("{system} among {feeds:?}"));
        assert_eq!(feed["records"], items - codes.len() as u64, "{feed}");
        assert_eq!(feed["doubled"], 0, "a second run delivers nothing twice");
    }
    runtime.block_on(server.stop()).unwrap();
}
