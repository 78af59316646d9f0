//! What a hub that dies has promised: the data folder as it is at any moment after a receipt.

use std::path::Path;
use std::sync::Arc;

use lienthong_hub::{Error, Hub};

use crate::world::{Batch, TOKEN, World, case, settings};

/// Copies the store as a dying process leaves it: without the shared memory, with the log.
fn copy_of(folder: &Path) -> tempfile::TempDir {
    let copy = tempfile::tempdir().unwrap();
    for name in ["hub.sqlite", "hub.sqlite-wal"] {
        std::fs::copy(folder.join(name), copy.path().join(name)).unwrap();
    }
    copy
}

#[tokio::test]
async fn every_receipt_that_was_given_outlives_the_process() {
    let world = World::start().await;
    let mut given = Vec::new();
    for n in 0..10_u64 {
        let batch = Batch::new(n * 20 + 1, (0..20).map(|k| case(&format!("K-{n}-{k}"), "x")));
        let receipt = world.post(&batch, TOKEN).send().await.unwrap().bytes().await.unwrap();
        given.push((batch, receipt));
        let copy = copy_of(world.folder.path());
        if n % 3 != 0 {
            continue;
        }
        let heir = World::start_in(Arc::new(copy), |_| {}).await;
        for (batch, receipt) in &given {
            let again = heir.post(batch, TOKEN).send().await.unwrap().bytes().await.unwrap();
            assert_eq!(&again, receipt);
        }
        let feed = heir.feed().await;
        assert_eq!((&feed["records"], &feed["doubled"]), (&((n + 1) * 20).into(), &0.into()));
    }
}

#[tokio::test]
async fn torn_log_loses_only_what_had_no_receipt() {
    let world = World::start().await;
    world.deliver(&Batch::new(1, [case("A", "kept")])).await;
    let copy = copy_of(world.folder.path());
    let log = copy.path().join("hub.sqlite-wal");
    let kept = std::fs::metadata(&log).unwrap().len();
    world.deliver(&Batch::new(2, [case("B", "torn")])).await;
    // The second commit only half reached the disk.
    let whole = std::fs::read(world.folder.path().join("hub.sqlite-wal")).unwrap();
    let half = usize::try_from(kept).unwrap() + (whole.len() - usize::try_from(kept).unwrap()) / 2;
    std::fs::write(&log, &whole[..half]).unwrap();
    let heir = World::start_in(Arc::new(copy), |_| {}).await;
    assert!(heir.record("A").await.is_some());
    assert!(heir.record("B").await.is_none());
    heir.deliver(&Batch::new(2, [case("B", "sent again")])).await;
    assert_eq!(heir.feed().await["records"], 2);
}

#[test]
fn second_hub_on_one_folder_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let first = Hub::open(settings(folder.path())).unwrap();
    let second = Hub::open(settings(folder.path())).unwrap_err();
    assert!(matches!(second, Error::InUse { .. }));
    assert_eq!(second.code(), "LT-7002");
    drop(first);
    assert!(Hub::open(settings(folder.path())).is_ok());
}

#[test]
fn store_of_a_newer_form_and_a_foreign_file_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    drop(Hub::open(settings(folder.path())).unwrap());
    let file = folder.path().join("hub.sqlite");
    let mut bytes = std::fs::read(&file).unwrap();
    // `user_version` of the file header.
    bytes[60..64].copy_from_slice(&99_u32.to_be_bytes());
    std::fs::write(&file, bytes).unwrap();
    let error = Hub::open(settings(folder.path())).unwrap_err();
    assert!(matches!(error, Error::Form { found: 99, .. }), "{error}");
    std::fs::write(&file, "this is not a database, it only lies here").unwrap();
    let error = Hub::open(settings(folder.path())).unwrap_err();
    assert_eq!(error.code(), "LT-7001");
}

#[test]
fn token_of_two_parties_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let mut doubled = settings(folder.path());
    doubled.agencies[1].token = doubled.agencies[0].token;
    let error = Hub::open(doubled).unwrap_err();
    assert_eq!(error.code(), "LT-7004");
    assert!(!format!("{error:?}").contains(TOKEN));
}
