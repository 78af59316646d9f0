//! A property: whatever the order and repetition of batches, the hub ends in the same state.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use serde_json::Value;

use crate::world::{AGENCY, Batch, READER, TOKEN, World, case};

/// What a listing says of each key.
type State = BTreeMap<String, (u64, String)>;

async fn state(world: &World) -> State {
    let path = format!("/v1/records?agency={AGENCY}&source=igate&feed=cases&limit=5000");
    let lines = world.get(&path, READER).send().await.unwrap().text().await.unwrap();
    let rows = lines.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    rows.map(|row| {
        let title = row["record"]["Title"].as_str().unwrap().to_owned();
        (row["key"].as_str().unwrap().to_owned(), (row["version"].as_u64().unwrap(), title))
    })
    .collect()
}

/// What the state must be, told without a hub: for every key the record of the highest version.
fn expected(keys: &[Vec<u8>]) -> State {
    let mut state = State::new();
    let records = keys.iter().flatten();
    for (version, key) in (1_u64..).zip(records) {
        state.insert(format!("K-{key}"), (version, title(version, *key)));
    }
    state
}

/// Some neighbouring versions of a key have the same content.
fn title(version: u64, key: u8) -> String {
    format!("{key} in state {}", version / 4)
}

fn batches(keys: &[Vec<u8>]) -> Vec<Batch> {
    let mut version = 1;
    let batch = |keys: &Vec<u8>| {
        let first = version;
        let lines = keys.iter().map(|key| {
            let line = case(&format!("K-{key}"), &title(version, *key));
            version += 1;
            line
        });
        Batch::new(first, lines.collect::<Vec<_>>())
    };
    keys.iter().map(batch).collect()
}

#[test]
fn any_order_and_repetition_of_batches_ends_in_the_same_state() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    // Keys of each batch, and an order in which batches are sent, with repetitions.
    let input =
        prop::collection::vec(prop::collection::vec(0_u8..6, 1..8), 1..8).prop_flat_map(|keys| {
            let count = keys.len();
            let all = Just((0..count).collect::<Vec<_>>()).prop_shuffle();
            let more = prop::collection::vec(0..count, 0..8);
            (Just(keys), all, more)
        });
    let mut runner = TestRunner::new(ProptestConfig { cases: 40, ..ProptestConfig::default() });
    let outcome = runner.run(&input, |(keys, all, more)| {
        let found = runtime.block_on(async {
            let world = World::start().await;
            let batches = batches(&keys);
            // Repetitions come between first deliveries as well as after them.
            let half = more.len() / 2;
            for index in more[..half].iter().chain(&all).chain(&more[half..]) {
                let response = world.post(&batches[*index], TOKEN).send().await.unwrap();
                assert_eq!(response.status(), 200);
            }
            let feed = world.feed().await;
            assert_eq!(feed["doubled"], 0);
            assert_eq!(feed["batches"], batches.len());
            state(&world).await
        });
        prop_assert_eq!(found, expected(&keys));
        Ok(())
    });
    outcome.unwrap();
}
