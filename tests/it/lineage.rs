//! A record explained from its source item to its receipt, by the real program.

use lienthong_job::{Format, write_dossiers};
use lienthong_sink::Options;
use serde_json::Value;
use tokio::runtime::Runtime;

use crate::world::{World, endpoint};

#[test]
fn a_delivered_record_is_explained_value_by_value() {
    let runtime = Runtime::new().unwrap();
    let world = World::new();
    write_dossiers(&world.job.input, 700, 5).unwrap();
    let store = world.path("delivered.jsonl");
    let options = Options { store: Some(store.clone()), ..Options::default() };
    let (_sink, up) = endpoint(&runtime, &options);
    assert!(world.run(Format::Json, &up).status.success());

    let delivered = std::fs::read_to_string(&store).unwrap();
    let record: Value = serde_json::from_str(delivered.lines().nth(600).unwrap()).unwrap();
    let key = record["dossierId"].as_str().unwrap();
    let told = world.ask(&["explain", "--record", key, "--json"]).remove(0);
    let told = &told[0];
    assert_eq!(told["record"], record, "what is explained is what was delivered");
    assert_eq!(told["is_of_its_time"], true);
    assert_eq!(told["mapping"]["digest"].as_str().unwrap().len(), 64);
    let values = told["values"].as_array().unwrap();
    let value = |field: &str| values.iter().find(|value| value["field"] == field).unwrap();
    assert_eq!(value("dossierId")["national"], key);
    assert_eq!(value("dossierId")["path"], "SoHoSo");
    let status = value("statusCode");
    let line = status["code_line"].as_str().unwrap();
    let source = status["source"].as_str().unwrap();
    let national = status["national"].as_str().unwrap();
    assert!(line.starts_with("codes/") && line.contains(".csv:"), "{line}");
    assert!(line.ends_with(&format!("{source} → {national}")), "{line}");
    let deliveries = told["deliveries"].as_array().unwrap();
    assert_eq!(deliveries.len(), 1);
    assert_eq!(deliveries[0]["endpoint"], "up");
    assert_eq!(deliveries[0]["records"][1], 0);
    assert!(told["place"].as_str().unwrap().contains(".jsonl"));

    let unknown = world
        .job
        .about(&world.programs.lienthong, &["explain", "--record", "nothing-of-the-kind"])
        .output()
        .unwrap();
    assert_eq!(unknown.status.code(), Some(1));
    let words = String::from_utf8_lossy(&unknown.stderr);
    assert!(words.contains("no kept item gives the record"), "{words}");
}
