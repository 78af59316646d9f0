//! Single stories.

use super::*;

const FIRST: Statuses<'_> = &[("MOI", "01"), ("DTN", "02"), ("DTR", "10")];
/// `DTN` is another status now, `YCBS` is known.
const SECOND: Statuses<'_> = &[("MOI", "01"), ("DTN", "04"), ("DTR", "10"), ("YCBS", "05")];
/// `MOI` is not known any more.
const WITHOUT_MOI: Statuses<'_> = &[("DTN", "02"), ("DTR", "10")];

#[tokio::test]
async fn exactly_the_changed_records_are_sent_and_a_second_time_none() {
    let mut world = World::new(FIRST).await;
    world.say(&[(1, "MOI"), (2, "DTN"), (3, "DTN"), (4, "MOI")]).await;
    // The third dossier has moved on: its older state would change, its newest does not.
    world.say(&[(3, "DTR")]).await;
    world.restart(SECOND).await;
    let before = world.hub();
    let cursor = world.outbox.reader().feed(world.feed.id).unwrap().unwrap().cursor;
    let report = world.replay().await;
    assert_eq!((report.sent, report.changed, report.unchanged), (1, 1, 3), "{report:?}");
    let after = world.hub();
    assert_eq!(after[&code(2)], (6, world.record(2, "DTN").unwrap()));
    for key in [1, 3, 4] {
        assert_eq!(after[&code(key)], before[&code(key)]);
    }
    let row = world.outbox.reader().feed(world.feed.id).unwrap().unwrap();
    assert_eq!((row.cursor, row.version_next), (cursor, 7));
    let again = world.replay().await;
    assert_eq!((again.sent, again.unchanged, again.items), (0, 4, 6), "{again:?}");
    // And back again, from the kept copy.
    world.restart(FIRST).await;
    assert_eq!(world.replay().await.sent, 1);
    assert_eq!(world.hub()[&code(2)], (7, world.record(2, "DTN").unwrap()));
}

#[tokio::test]
async fn what_is_accepted_now_leaves_the_quarantine_and_is_sent_once() {
    let mut world = World::new(FIRST).await;
    world.say(&[(1, "YCBS"), (2, "YCBS"), (2, "MOI")]).await;
    assert_eq!(world.in_quarantine().len(), 2);
    world.restart(SECOND).await;
    let report = world.replay().await;
    assert_eq!((report.sent, report.newly_accepted, report.unchanged), (1, 1, 1), "{report:?}");
    assert_eq!(world.hub()[&code(1)], (4, world.record(1, "YCBS").unwrap()));
    assert_eq!(world.hub()[&code(2)].0, 3, "an older state of the second stays where it is");
    assert_eq!(world.in_quarantine().len(), 1);
    assert_eq!(world.replay().await.sent, 0);
    // A person releases the older one: it keeps its old version, and outranks nothing.
    world.release_all().await;
    assert_eq!(world.hub()[&code(2)], (3, world.record(2, "MOI").unwrap()));
    assert_eq!(world.replay().await.sent, 0);
}

#[tokio::test]
async fn what_was_released_is_not_sent_again_until_it_changes() {
    let mut world = World::new(FIRST).await;
    world.say(&[(1, "YCBS"), (2, "MOI")]).await;
    world.restart(SECOND).await;
    world.release_all().await;
    assert_eq!(world.hub()[&code(1)].0, 1);
    let report = world.replay().await;
    assert_eq!((report.sent, report.unchanged), (0, 2), "{report:?}");
    world.restart(&[("YCBS", "06"), ("MOI", "01")]).await;
    assert_eq!(world.replay().await.sent, 1);
    assert_eq!(world.hub()[&code(1)], (3, world.record(1, "YCBS").unwrap()));
}

#[tokio::test]
async fn what_was_discarded_is_left_alone() {
    let mut world = World::new(FIRST).await;
    world.say(&[(1, "MOI"), (1, "YCBS"), (2, "YCBS")]).await;
    let ids: Vec<_> = world.in_quarantine().iter().map(|row| row.id).collect();
    world.outbox.discard(&ids, "a test of the system", 0).await.unwrap();
    world.restart(SECOND).await;
    let report = world.replay().await;
    assert_eq!((report.sent, report.unchanged), (0, 1), "{report:?}");
}

#[tokio::test]
async fn what_is_refused_now_goes_to_quarantine_and_can_come_back() {
    let mut world = World::new(FIRST).await;
    world.say(&[(1, "DTN"), (1, "MOI"), (2, "DTN")]).await;
    world.restart(WITHOUT_MOI).await;
    let report = world.replay().await;
    assert_eq!((report.sent, report.newly_refused, report.held_back), (0, 1, 1), "{report:?}");
    let rows = world.in_quarantine();
    assert_eq!((rows.len(), rows[0].version, rows[0].code.as_str()), (1, Some(4), "LT-3010"));
    let again = world.replay().await;
    assert_eq!((again.sent, again.newly_refused, again.still_refused), (0, 0, 1), "{again:?}");
    assert_eq!(world.in_quarantine().len(), 1);
    assert_eq!(world.hub()[&code(1)].0, 2, "nothing older has come in its place");
    // The code is there again with another meaning, and the row is released: the hub takes it.
    world.restart(&[("MOI", "04"), ("DTN", "02")]).await;
    world.release_all().await;
    assert_eq!(world.hub()[&code(1)], (4, world.record(1, "MOI").unwrap()));
    assert_eq!(world.replay().await.sent, 0);
}

#[tokio::test]
async fn what_lies_before_a_gap_is_not_sent() {
    let mut world = World::new(FIRST).await;
    world.say(&[(1, "DTN"), (2, "DTN")]).await;
    world.say_unkept(&[(1, "DTR")]).await;
    world.restart(SECOND).await;
    let report = world.replay().await;
    assert_eq!((report.items, report.sent), (0, 0), "{report:?}");
    assert!(report.cut.is_some());
    world.say(&[(3, "DTN")]).await;
    assert_eq!(world.replay().await.sent, 0);
    assert_eq!(world.hub()[&code(1)].0, 3, "the newest state stands");
}

#[tokio::test]
async fn nothing_is_replayed_where_nothing_is_kept() {
    let mut world = World::new(FIRST).await;
    world.say(&[(1, "DTN")]).await;
    *world.feed.keep.lock().await = None;
    let error = world.feed.replay(&world.phase).await.unwrap_err();
    assert_eq!(error.code(), "LT-5024");
}

#[tokio::test]
async fn without_the_files_of_the_old_mapping_the_newest_states_are_sent() {
    let mut world = World::new(FIRST).await;
    world.say(&[(1, "DTN"), (2, "MOI"), (2, "DTR"), (3, "YCBS")]).await;
    let digest = world.feed.plan.mapping.digest().to_owned();
    let texts = lienthong_keep::folder(world.folder.path()).join("_texts");
    std::fs::remove_file(texts.join(format!("{digest}.json"))).unwrap();
    world.restart(SECOND).await;
    let report = world.replay().await;
    assert_eq!((report.sent, report.unknown_before), (3, 2), "{report:?}");
    assert!(world.in_quarantine().is_empty());
    assert_eq!(world.hub()[&code(2)].1, world.record(2, "DTR").unwrap());
    assert_eq!(world.replay().await.sent, 0);
}

#[tokio::test]
async fn a_long_replay_is_stored_in_several_commits() {
    let mut world = World::new(FIRST).await;
    let items: Vec<_> = (1..=1300).map(|key| (key, "DTN")).collect();
    world.say(&items).await;
    world.restart(SECOND).await;
    assert_eq!(world.replay().await.sent, 1300);
    let held = world.hub();
    let versions: Vec<u64> = (1..=1300).map(|key| held[&code(key)].0).collect();
    assert_eq!(versions, (1301..=2600).collect::<Vec<_>>());
    assert_eq!(world.replay().await.sent, 0);
}
