//! What is dropped, and in which order.

use super::*;

fn bytes_of(folder: &Path) -> u64 {
    let feed = crate::segments::feed_folder(folder, FEED.0, FEED.1);
    std::fs::read_dir(feed).unwrap().map(|entry| entry.unwrap().metadata().unwrap().len()).sum()
}

#[test]
fn the_oldest_are_dropped_and_what_stays_is_without_a_gap() {
    let folder = tempfile::tempdir().unwrap();
    let mut keep = open(folder.path(), options(1 << 20), 1);
    let next = keep_passes(&mut keep, 1, 200, 20, 2000);
    assert!(bytes_of(folder.path()) <= 1 << 20, "{}", bytes_of(folder.path()));
    let versions = suffix(folder.path(), next);
    assert!(versions.len() > 500 && versions.len() < 4000, "{}", versions.len());
    let first = next - versions.len() as u64;
    assert_eq!(versions, (first..next).collect::<Vec<_>>());
}

#[test]
fn a_pass_of_a_few_megabytes_is_kept_whole() {
    let folder = tempfile::tempdir().unwrap();
    let mut keep = open(folder.path(), options(64 << 20), 1);
    for nth in 0..5 {
        keep.add(page(1 + nth * 500, 500, 2000), 1 + nth * 500).unwrap();
    }
    keep.end_pass().unwrap();
    assert_eq!(suffix(folder.path(), 2501).len(), 2500);
}

#[test]
fn of_a_very_long_pass_the_tail_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let mut keep = open(folder.path(), options(64 << 20), 1);
    for nth in 0..30 {
        keep.add(page(1 + nth * 200, 200, 4000), 1 + nth * 200).unwrap();
    }
    keep.end_pass().unwrap();
    let versions = suffix(folder.path(), 6001);
    assert_eq!(versions.last(), Some(&6000));
    assert!(versions.len() >= 200 && versions.len() < 600, "{}", versions.len());
    // What was written before the pass grew long is there for a look, and not for sending.
    let reader = Reader::open(folder.path(), FEED, None).unwrap();
    assert!(reader.frames().len() > reader.suffix(6001).len());
}

#[test]
fn an_empty_page_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mut keep = open(folder.path(), options(1 << 20), 1);
    keep.add(Page::empty(), 1).unwrap();
    keep.end_pass().unwrap();
    assert!(Reader::open(folder.path(), FEED, None).unwrap().frames().is_empty());
}

#[test]
fn a_keep_that_is_not_wanted_is_removed() {
    let data = tempfile::tempdir().unwrap();
    let mut keep = open(&crate::folder(data.path()), options(1 << 20), 1);
    keep_passes(&mut keep, 1, 1, 5, 40);
    crate::remove(data.path()).unwrap();
    assert!(!crate::folder(data.path()).exists());
    crate::remove(data.path()).unwrap();
}
