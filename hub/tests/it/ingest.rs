//! Batches that are taken: receipts, versions, repetition.

use lienthong_protocol::Outcome::{self, Accepted, Refused, Unchanged};

use crate::world::{AGENCY, Batch, OTHER, OTHER_TOKEN, TOKEN, World, case, json};

fn outcomes(receipt: &lienthong_protocol::Receipt) -> Vec<Outcome> {
    let runs = receipt.runs.iter();
    runs.flat_map(|run| std::iter::repeat_n(run.outcome, run.count as usize)).collect()
}

#[tokio::test]
async fn new_records_are_accepted_and_can_be_read_back() {
    let world = World::start().await;
    let lines = (0..500).map(|n| case(&format!("H22-250620-{n:04}"), "Cấp phép xây dựng"));
    let receipt = world.deliver(&Batch::new(1, lines)).await;
    assert_eq!(receipt.count_of(Outcome::Accepted), 500);
    assert_eq!(receipt.runs.len(), 1);
    assert!(receipt.is_complete(500));

    let found = world.record("H22-250620-0042").await.unwrap();
    assert_eq!(found["version"], 43);
    assert_eq!(found["record"]["Title"], "Cấp phép xây dựng");
    assert_eq!(found["received_at"], world.now());
    assert_eq!(found["batch"], receipt.batch.to_string());
    let feed = world.feed().await;
    assert_eq!(
        (&feed["records"], &feed["batches"], &feed["doubled"]),
        (&500.into(), &1.into(), &0.into())
    );
}

#[tokio::test]
async fn repeated_batch_gives_the_same_receipt_byte_for_byte() {
    let world = World::start().await;
    let batch = Batch::new(1, [case("A", "one"), case("B", "two")]);
    let first = world.post(&batch, TOKEN).send().await.unwrap().bytes().await.unwrap();
    world.shift(3600);
    world.deliver(&Batch::new(3, [case("A", "three")])).await;
    let again = world.post(&batch, TOKEN).send().await.unwrap().bytes().await.unwrap();
    assert_eq!(first, again);
    assert_eq!(world.record("A").await.unwrap()["record"]["Title"], "three");
    assert_eq!(world.feed().await["batches"], 2);
}

#[tokio::test]
async fn many_repetitions_at_once_store_a_batch_once() {
    let world = World::start().await;
    let batch = Batch::new(1, (0..100).map(|n| case(&format!("C-{n}"), "same")));
    let mut sent = tokio::task::JoinSet::new();
    for _ in 0..16 {
        let request = world.post(&batch, TOKEN);
        sent.spawn(async move { request.send().await.unwrap().bytes().await.unwrap() });
    }
    let receipts = sent.join_all().await;
    assert!(receipts.iter().all(|receipt| receipt == &receipts[0]));
    let feed = world.feed().await;
    assert_eq!((&feed["batches"], &feed["accepted"]), (&1.into(), &100.into()));
}

#[tokio::test]
async fn highest_version_wins_whatever_comes_last() {
    let world = World::start().await;
    let newer = world.deliver(&Batch::new(10, [case("A", "new")])).await;
    let older = world.deliver(&Batch::new(3, [case("A", "old")])).await;
    assert_eq!(outcomes(&newer), [Outcome::Accepted]);
    assert_eq!(outcomes(&older), [Outcome::Unchanged]);
    let found = world.record("A").await.unwrap();
    assert_eq!((&found["version"], &found["record"]["Title"]), (&10.into(), &"new".into()));
}

#[tokio::test]
async fn same_content_is_unchanged_but_its_version_counts() {
    let world = World::start().await;
    world.deliver(&Batch::new(1, [case("A", "same")])).await;
    let again = world.deliver(&Batch::new(5, [case("A", "same")])).await;
    assert_eq!(outcomes(&again), [Outcome::Unchanged]);
    let between = world.deliver(&Batch::new(4, [case("A", "between")])).await;
    assert_eq!(outcomes(&between), [Outcome::Unchanged]);
    let found = world.record("A").await.unwrap();
    assert_eq!((&found["version"], &found["record"]["Title"]), (&5.into(), &"same".into()));
}

#[tokio::test]
async fn versions_of_one_key_within_a_batch_end_at_the_highest() {
    let world = World::start().await;
    let batch = Batch::new(1, [case("A", "1"), case("B", "1"), case("A", "2"), case("A", "3")]);
    let receipt = world.deliver(&batch).await;
    assert_eq!(outcomes(&receipt), [Outcome::Accepted; 4]);
    assert_eq!(world.record("A").await.unwrap()["record"]["Title"], "3");
    assert_eq!(world.feed().await["records"], 2);
}

#[tokio::test]
async fn skipped_versions_are_left_out_of_the_count() {
    let world = World::start().await;
    let batch = Batch::new(10, [case("A", "a"), case("B", "b"), case("C", "c")])
        .with(|header| header.skipped = vec![0, 2]);
    world.deliver(&batch).await;
    let versions =
        ["A", "B", "C"].map(async |key| world.record(key).await.unwrap()["version"].clone());
    let mut found = Vec::new();
    for version in versions {
        found.push(version.await.as_u64().unwrap());
    }
    assert_eq!(found, [11, 13, 14]);
}

#[tokio::test]
async fn bad_record_is_refused_with_its_field_and_the_rest_is_taken() {
    let world = World::start().await;
    let lines = [
        case("A", "good"),
        r#"{"Code":"B","Title":"bad","Amount":"-5"}"#.to_owned(),
        r#"{"Code":"C"}"#.to_owned(),
        "not json".to_owned(),
        case("E", "good"),
    ];
    let receipt = world.deliver(&Batch::new(1, lines)).await;
    assert_eq!(outcomes(&receipt), [Accepted, Refused, Refused, Refused, Accepted]);
    assert!(receipt.is_complete(5));
    let fields: Vec<_> = receipt.refusals.iter().map(|r| (r.index, r.field.as_deref())).collect();
    assert_eq!(fields[..2], [(1, Some("Amount")), (2, Some("Title"))]);
    for refusal in &receipt.refusals {
        assert!(refusal.code.starts_with("LT-4"), "{refusal:?}");
        assert!(!refusal.reason.is_empty() && !refusal.reason_vi.is_empty());
        assert_ne!(refusal.reason, refusal.reason_vi);
    }
    assert!(world.record("B").await.is_none());
    assert!(world.record("E").await.is_some());
}

#[tokio::test]
async fn refused_record_can_come_again_under_its_version() {
    let world = World::start().await;
    world.deliver(&Batch::new(1, [case("A", "ok"), r#"{"Code":"B"}"#.to_owned()])).await;
    let again = world.deliver(&Batch::new(2, [case("B", "mended")])).await;
    assert_eq!(outcomes(&again), [Outcome::Accepted]);
    assert_eq!(world.feed().await["doubled"], 0);
}

#[tokio::test]
async fn same_version_with_other_content_is_refused() {
    let world = World::start().await;
    world.deliver(&Batch::new(7, [case("A", "first")])).await;
    let receipt = world.deliver(&Batch::new(7, [case("A", "second")])).await;
    assert_eq!(outcomes(&receipt), [Outcome::Refused]);
    assert_eq!(receipt.refusals[0].code, "LT-7040");
    assert_eq!(world.record("A").await.unwrap()["record"]["Title"], "first");
}

#[tokio::test]
async fn versions_used_twice_for_different_records_show_as_doubled() {
    let world = World::start().await;
    world.deliver(&Batch::new(1, [case("A", "a"), case("B", "b")])).await;
    world.deliver(&Batch::new(1, [case("C", "c"), case("D", "d")])).await;
    assert_eq!(world.feed().await["doubled"], 2);
}

#[tokio::test]
async fn halves_of_a_stored_batch_change_nothing() {
    let world = World::start().await;
    let lines: Vec<String> = (0..4).map(|n| case(&format!("K-{n}"), "x")).collect();
    world.deliver(&Batch::new(1, lines.clone())).await;
    let lower = world.deliver(&Batch::new(1, lines[..2].to_vec())).await;
    let upper = world.deliver(&Batch::new(3, lines[2..].to_vec())).await;
    assert_eq!(
        (outcomes(&lower), outcomes(&upper)),
        (vec![Outcome::Unchanged; 2], vec![Outcome::Unchanged; 2])
    );
    let feed = world.feed().await;
    assert_eq!(
        (&feed["records"], &feed["repeated"], &feed["doubled"]),
        (&4.into(), &4.into(), &0.into())
    );
}

#[tokio::test]
async fn every_event_of_a_record_is_its_own() {
    let world = World::start().await;
    let event = |step: u32| format!(r#"{{"Code":"A","Step":{step}}}"#);
    let batch = Batch::new(1, [event(1), event(2), event(1)])
        .with(|header| header.provenance.record_type = "event".to_owned());
    let receipt = world.deliver(&batch).await;
    assert_eq!(outcomes(&receipt), [Accepted, Accepted, Unchanged]);
    assert_eq!(world.record("A\u{1f}2").await.unwrap()["record"]["Step"], 2);
}

#[tokio::test]
async fn revision_orders_before_version() {
    let world = World::start().await;
    let cell = |revision: u32| format!(r#"{{"Code":"A","Revision":{revision}}}"#);
    let of_cells = |version, revision| {
        Batch::new(version, [cell(revision)])
            .with(|header| header.provenance.record_type = "cell".to_owned())
    };
    world.deliver(&of_cells(1, 2)).await;
    let older = world.deliver(&of_cells(9, 1)).await;
    assert_eq!(outcomes(&older), [Outcome::Unchanged]);
    let found = world.record("A").await.unwrap();
    assert_eq!((&found["revision"], &found["version"]), (&2.into(), &1.into()));
}

#[tokio::test]
async fn agencies_and_feeds_do_not_touch_each_other() {
    let world = World::start().await;
    world.deliver(&Batch::new(9, [case("A", "of H22")])).await;
    let other = Batch::new(1, [case("A", "of H48")])
        .with(|header| header.provenance.agency = OTHER.to_owned());
    let receipt = json(world.post(&other, OTHER_TOKEN).send().await.unwrap()).await;
    assert_eq!(receipt["runs"][0]["outcome"], "accepted");
    let second = Batch::new(1, [case("A", "of another feed")])
        .with(|header| header.provenance.feed = "archive".to_owned());
    world.deliver(&second).await;
    assert_eq!(world.record("A").await.unwrap()["record"]["Title"], "of H22");
    let feeds = world.json("/v1/feeds", TOKEN).await;
    let named: Vec<_> = feeds["feeds"].as_array().unwrap().iter().collect();
    assert_eq!(named.len(), 2, "an agency sees its own feeds");
    assert!(named.iter().all(|feed| feed["agency"] == AGENCY));
}

#[tokio::test]
async fn key_that_is_too_long_is_refused() {
    let world = World::start().await;
    let receipt = world.deliver(&Batch::new(1, [case(&"k".repeat(501), "x")])).await;
    assert_eq!(receipt.refusals[0].code, "LT-7041");
}
