//! A power failure: the log as the disk may have kept it, cut off or with a torn page.

use std::fs;
use std::path::Path;

use lienthong_outbox::{Outbox, Settlement};
use proptest::prelude::*;
use tempfile::TempDir;

use crate::sample::{NOW, Sample, commit, open_outbox, options, page, rejected, versions};

const FILES: [&str; 2] = ["outbox.sqlite", "outbox.sqlite-wal"];

/// Commits of two records and one item in quarantine, the first of them settled.
fn busy() -> Sample {
    let sample = Sample::new();
    for number in 0..12_u64 {
        let new = rejected(&format!("item {number}"));
        let next = page(sample.feed, 1 + 3 * number, &[true, false, true], vec![new]);
        let stored = commit(&sample.outbox, next).unwrap();
        if number < 4 {
            let settlement = Settlement { at: NOW, ..sample.delivered(stored[0], 2) };
            sample.outbox.settle(settlement).wait().unwrap();
        }
    }
    sample
}

fn copy(from: &Path, to: &Path) {
    for file in FILES {
        fs::copy(from.join(file), to.join(file)).unwrap();
    }
}

/// Whatever the disk kept: batches, quarantine, totals and cursor speak of the same items.
fn assert_whole(folder: &Path) -> u64 {
    let (outbox, feed, hub) = open_outbox(folder, options());
    let row = outbox.reader().feed(feed).unwrap().unwrap();
    let read = row.version_next - 1;
    assert_eq!(row.cursor, (read > 0).then(|| row.version_next.to_string()));
    assert_eq!((row.totals.pulled, row.totals.accepted), (read, read / 3 * 2));
    let summary = outbox.reader().summary(NOW).unwrap().remove(0);
    let route = &summary.routes[0];
    assert_eq!(summary.in_quarantine, read / 3);
    assert_eq!(route.waiting_records + route.delivered, row.totals.accepted);
    let waiting = outbox.waiting(hub, feed, 1000).unwrap();
    let found: Vec<u64> =
        waiting.iter().flat_map(|row| versions(&outbox.load(row.batch).unwrap())).collect();
    let expected = (route.delivered / 2 * 3 + 1..=read).filter(|version| version % 3 != 2);
    assert_eq!(found, expected.collect::<Vec<_>>());
    let next = page(feed, row.version_next, &[true], Vec::new());
    commit(&outbox, next).unwrap();
    read
}

#[test]
fn a_cursor_survives_a_torn_write() {
    let sample = busy();
    let log = fs::read(sample.folder.path().join(FILES[1])).unwrap();
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig {
        cases: 40,
        failure_persistence: None,
        ..ProptestConfig::default()
    });
    let damage = (0..=log.len(), prop::option::of(0..log.len()));
    let torn = runner.run(&damage, |(length, flipped)| {
        let folder = TempDir::new().unwrap();
        copy(sample.folder.path(), folder.path());
        let mut kept = log[..length].to_vec();
        if let Some(byte) = flipped.and_then(|place| kept.get_mut(place)) {
            *byte ^= 0xFF;
        }
        fs::write(folder.path().join(FILES[1]), kept).unwrap();
        assert_whole(folder.path());
        Ok(())
    });
    torn.unwrap();
}

#[test]
fn an_unharmed_log_gives_everything_back() {
    let sample = busy();
    let folder = TempDir::new().unwrap();
    copy(sample.folder.path(), folder.path());
    assert_eq!(assert_whole(folder.path()), 36);
    drop(Outbox::open(folder.path(), options()).unwrap());
}
