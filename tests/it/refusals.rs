//! An endpoint that refuses, fails, cuts off, talks nonsense and answers too late.

use std::time::Duration;

use lienthong_job::{Child, Endpoint, Format, write_dossiers};
use lienthong_sink::{Faults, Options};
use tokio::runtime::Runtime;

use crate::world::{World, delivered, endpoint};

const RECORDS: usize = 3000;

fn world() -> World {
    let mut world = World::new();
    world.job.delivery.push_str(
        "delivery = { timeout_secs = 1, attempts_alarm = 1000, \
         breaker = { failures = 1000, open_secs = 1 }, retry = { min_secs = 1, max_secs = 1 } }",
    );
    write_dossiers(&world.job.input, RECORDS, 3).unwrap();
    world
}

#[test]
fn nothing_is_lost_at_an_endpoint_that_does_everything_wrong() {
    let runtime = Runtime::new().unwrap();
    let world = world();
    let store = world.path("delivered.jsonl");
    // One record that the endpoint will not have. Every fourth request it refuses whatever it holds,
    // and takes most of it when it comes again in smaller batches.
    let faults = Faults {
        refuse_every: 4,
        refuse_containing: "-000777\"".to_owned(),
        busy: 0.1,
        cut: 0.1,
        garbage: 0.05,
        late: 0.05,
        late_millis: 1500,
        seed: 11,
    };
    let options = Options { store: Some(store.clone()), faults };
    let (sink, endpoint) = endpoint(&runtime, &options);

    let output = world.run(Format::Json, &endpoint);
    let words = String::from_utf8_lossy(&output.stderr).into_owned();
    let refused = world.quarantine();
    let arrived = delivered(&store);
    assert!(sink.totals().refused > 0 && sink.totals().repeated > 0, "{:?}", sink.totals());
    assert!(refused.iter().any(|row| row["key"].as_str().unwrap().ends_with("-000777")));
    assert!(refused.len() < RECORDS / 100, "the records to blame stand alone: {}", refused.len());
    assert_eq!(arrived.len() + refused.len(), RECORDS, "{words}");
    assert_eq!(sink.totals().altered, 0, "a repeated batch has the same bytes");
    assert_eq!(sink.totals().without_key, 0);
    for row in &refused {
        let reasons = row.to_string();
        assert!(reasons.contains("LT-6011"), "{reasons}");
        assert!(reasons.contains("gói tin không hợp lệ"), "the endpoint's words: {reasons}");
    }

    // The endpoint is mended, and a person releases what it had refused.
    sink.misbehave(Faults::default());
    let program = &world.programs.lienthong;
    let released = world.job.about(program, &["quarantine", "release", "--all"]).output().unwrap();
    assert!(released.status.success(), "{}", String::from_utf8_lossy(&released.stderr));
    let output = world.run(Format::Json, &endpoint);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let arrived = delivered(&store);
    assert_eq!(arrived.len(), RECORDS);
    assert!(arrived.values().all(|times| *times == 1), "nothing is doubled");
    assert!(world.quarantine().is_empty());
}

#[test]
fn a_connector_that_is_asked_to_stop_ends_well_and_leaves_nothing_half_done() {
    let runtime = Runtime::new().unwrap();
    let world = world();
    let store = world.path("delivered.jsonl");
    let options = Options { store: Some(store.clone()), ..Options::default() };
    let (sink, up) = endpoint(&runtime, &options);
    let program = &world.programs.lienthong;
    world.job.connector(program, Format::Json, &up, 500).unwrap();
    let mut connector = Child::start(&mut world.job.about(program, &["run"])).unwrap();
    while sink.totals().records == 0 {
        assert!(connector.wait_for(Duration::from_millis(5)).unwrap().is_none());
    }
    connector.ask_to_stop().unwrap();
    let status = connector.wait_for(Duration::from_secs(30)).unwrap();
    assert!(status.is_some_and(|status| status.success()), "{status:?}");
    assert!(world.run(Format::Json, &up).status.success());
    let arrived = delivered(&store);
    assert_eq!(arrived.len(), RECORDS);
    assert!(arrived.values().all(|times| *times == 1), "nothing is doubled");
}

#[test]
fn an_endpoint_that_is_down_costs_time_and_nothing_else() {
    let runtime = Runtime::new().unwrap();
    let world = world();
    let program = &world.programs.lienthong;
    // Nobody listens there: the address is taken and given up again.
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let down = Endpoint::Http(format!("http://{nobody}/batches"));
    let mut command = world.job.connector(program, Format::Json, &down, 500).unwrap();
    let output = command.args(["--patience-secs", "2"]).output().unwrap();
    assert_eq!(output.status.code(), Some(3), "something waits: {output:?}");

    let store = world.path("delivered.jsonl");
    let options = Options { store: Some(store.clone()), ..Options::default() };
    let (_sink, up) = endpoint(&runtime, &options);
    let output = world.run(Format::Json, &up);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(delivered(&store).len(), RECORDS);
    runtime.shutdown_timeout(Duration::from_secs(1));
}
