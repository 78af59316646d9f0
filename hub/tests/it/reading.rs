//! Reading back: pages, who may read, an orderly end.

use serde_json::Value;

use crate::refusals::assert_refused;
use crate::world::{AGENCY, Batch, OPERATOR, OTHER_TOKEN, READER, TOKEN, World, case};

const FEED: &str = "agency=000.00.00.H22&source=igate&feed=cases";

async fn page(world: &World, query: &str) -> Vec<Value> {
    let response = world.get(&format!("/v1/records?{FEED}&{query}"), READER).send().await.unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["content-type"], "application/jsonl");
    let text = response.text().await.unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[tokio::test]
async fn pages_give_every_record_once_in_the_order_of_keys() {
    let world = World::start().await;
    for batch in (0..7_u64).rev() {
        // Each batch has keys from all over, so that a page needs many batches.
        let lines = (0..50).map(|n| case(&format!("K-{:04}", n * 7 + batch), "x"));
        world.deliver(&Batch::new(batch * 50 + 1, lines)).await;
    }
    let mut keys = Vec::new();
    loop {
        let after = keys.last().map(|last| format!("&after={last}")).unwrap_or_default();
        let rows = page(&world, &format!("limit=60{after}")).await;
        if rows.is_empty() {
            break;
        }
        assert!(rows.len() <= 60);
        for row in &rows {
            assert_eq!(row["record"]["Code"], row["key"]);
        }
        keys.extend(rows.iter().map(|row| row["key"].as_str().unwrap().to_owned()));
    }
    let expected: Vec<String> = (0..350).map(|n| format!("K-{n:04}")).collect();
    assert_eq!(keys, expected);
}

#[tokio::test]
async fn more_records_than_wait_in_memory_are_all_kept_and_found() {
    let world = World::start().await;
    // The index moves its rows to their places at 32,768; keys come in no order.
    let key = |number: u64| format!("K-{:05}", number * 7919 % 34_000);
    for first in (0..34_000).step_by(500) {
        let lines = (first..first + 500).map(|number| case(&key(number), "x"));
        world.deliver(&Batch::new(first + 1, lines)).await;
    }
    // Some of them change afterwards, whether their rows are in place or not.
    let changed = [0, 1, 17_000, 33_998, 33_999];
    let lines = changed.map(|number| case(&key(number), "newer"));
    world.deliver(&Batch::new(40_000, lines)).await;
    let feed = world.feed().await;
    assert_eq!((&feed["records"], &feed["doubled"]), (&34_000.into(), &0.into()));
    let world = World::start_in(world.stop().await, |_| {}).await;
    let (mut count, mut newer, mut after) = (0, 0, String::new());
    loop {
        let rows = page(&world, &format!("limit=5000&after={after}")).await;
        let Some(last) = rows.last() else { break };
        last["key"].as_str().unwrap().clone_into(&mut after);
        count += rows.len();
        newer += rows.iter().filter(|row| row["record"]["Title"] == "newer").count();
    }
    assert_eq!((count, newer), (34_000, changed.len()));
}

#[tokio::test]
async fn page_of_long_records_is_shorter_and_loses_none() {
    let world = World::start().await;
    let lines = (0..12).map(|n| case(&format!("L-{n:02}"), &"y".repeat(1_000_000)));
    world.deliver(&Batch::new(1, lines)).await;
    let first = page(&world, "limit=100").await;
    assert!(first.len() < 12 && first.len() > 4);
    let last = first.last().unwrap()["key"].as_str().unwrap().to_owned();
    let rest = page(&world, &format!("limit=100&after={last}")).await;
    assert_eq!(first.len() + rest.len(), 12);
}

#[tokio::test]
async fn records_are_for_their_agency_readers_and_the_operator() {
    let world = World::start().await;
    world.deliver(&Batch::new(1, [case("A", "one")])).await;
    let path = format!("/v1/records?{FEED}&key=A");
    for token in [TOKEN, READER, OPERATOR] {
        assert_eq!(world.get(&path, token).send().await.unwrap().status(), 200);
    }
    assert_refused(world.get(&path, OTHER_TOKEN).send().await.unwrap(), 403, "LT-7012").await;
    assert_refused(world.get(&path, "wrong").send().await.unwrap(), 401, "LT-7010").await;
    let stats = world.get("/v1/dvcqg/stats", TOKEN).send().await.unwrap();
    assert_refused(stats, 403, "LT-7013").await;
    let feeds = world.json("/v1/feeds", OTHER_TOKEN).await;
    assert_eq!(feeds["feeds"].as_array().unwrap().len(), 0);
}

#[tokio::test]
async fn bad_queries_are_told_what_is_wrong() {
    let world = World::start().await;
    for query in ["", "agency=x", &format!("{FEED}&colour=red"), &format!("{FEED}&key=A&limit=3")] {
        let response = world.get(&format!("/v1/records?{query}"), READER).send().await.unwrap();
        assert_refused(response, 400, "LT-7031").await;
    }
    let missing = world.get(&format!("/v1/records?{FEED}&key=Z"), READER).send().await.unwrap();
    assert_refused(missing, 404, "LT-7032").await;
}

#[tokio::test]
async fn stopped_hub_has_one_file_and_starts_again_with_everything() {
    let world = World::start().await;
    let batch = Batch::new(1, [case("A", "one")]);
    let first = world.post(&batch, TOKEN).send().await.unwrap().bytes().await.unwrap();
    let folder = world.stop().await;
    let log = folder.path().join("hub.sqlite-wal");
    assert!(!log.exists() || log.metadata().unwrap().len() == 0);
    let world = World::start_in(folder, |_| {}).await;
    let again = world.post(&batch, TOKEN).send().await.unwrap().bytes().await.unwrap();
    assert_eq!(first, again);
    let feed = world.feed().await;
    assert_eq!((&feed["agency"], &feed["batches"]), (&AGENCY.into(), &1.into()));
}
