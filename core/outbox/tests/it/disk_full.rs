//! A disk without room: by SQLite's own bound, and on a real file system where one may be mounted.

use std::path::Path;
use std::process::Command;

use lienthong_outbox::{BatchId, EndpointId, FeedId, Options, Outbox};
use lienthong_protocol::{Digest, SealedBatch};
use tempfile::TempDir;

use crate::sample::{NOW, commit, open_outbox, options, page, sealed, versions};

/// A batch that does not compress: its header says one record, its bytes are many.
fn bulky(first: u64) -> SealedBatch {
    let mut batch = sealed(first, &[true]);
    let mut body = batch.body.to_vec();
    // A skippable frame: no reader looks at it, and the disk has to hold it.
    let mut noise = first.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    body.extend_from_slice(&[0x50, 0x2A, 0x4D, 0x18, 0x00, 0x00, 0x01, 0x00]);
    body.extend(
        std::iter::repeat_with(|| {
            noise ^= noise << 13;
            noise ^= noise >> 7;
            noise ^= noise << 17;
            noise.to_le_bytes()[0]
        })
        .take(1 << 16),
    );
    batch.digest = Digest::of(&body);
    batch.body = body.into();
    batch
}

fn store(outbox: &Outbox, feed: FeedId, version: u64) -> Result<BatchId, lienthong_outbox::Error> {
    let mut next = page(feed, version, &[true], Vec::new());
    next.batches = vec![bulky(version)];
    commit(outbox, next).map(|ids| ids[0])
}

/// Fills the outbox until a commit fails; gives what was stored.
fn fill(outbox: &Outbox, feed: FeedId) -> Vec<BatchId> {
    let mut stored = Vec::new();
    for version in 1..1000 {
        match store(outbox, feed, version) {
            Ok(id) => stored.push(id),
            Err(error) => {
                assert_eq!(error.code(), "LT-5003", "{error}");
                return stored;
            }
        }
    }
    panic!("there was room for a thousand batches");
}

/// What must hold once the disk is full, and that it goes on when there is room.
fn check(folder: &Path, options: &Options, free: impl FnOnce()) {
    let (outbox, feed, hub) = open_outbox(folder, options.clone());
    let stored = fill(&outbox, feed);
    let next = stored.len() as u64 + 1;
    assert_state(&outbox, feed, hub, &stored, next);
    for _ in 0..40 {
        // What was rolled back does not count as waiting: it would end in another refusal.
        assert_eq!(store(&outbox, feed, next).unwrap_err().code(), "LT-5003");
    }
    outbox.close().wait().ok();
    free();
    let (outbox, feed, hub) = open_outbox(folder, options.clone());
    assert_state(&outbox, feed, hub, &stored, next);
    for batch in &stored[..2] {
        let settled = lienthong_outbox::Settlement {
            endpoint: hub,
            batch: *batch,
            delivered: 1,
            unchanged: 0,
            superseded: 0,
            refused: Vec::new(),
            receipt: None,
            at: NOW,
        };
        outbox.settle(settled).wait().unwrap();
    }
    let again = store(&outbox, feed, next).unwrap();
    let after: Vec<_> = stored[2..].iter().copied().chain([again]).collect();
    assert_state(&outbox, feed, hub, &after, next + 1);
}

fn assert_state(outbox: &Outbox, feed: FeedId, hub: EndpointId, stored: &[BatchId], next: u64) {
    let row = outbox.reader().feed(feed).unwrap().unwrap();
    let cursor = (next > 1).then(|| next.to_string());
    assert_eq!((row.version_next, row.cursor), (next, cursor), "nothing moves without its batch");
    let waiting = outbox.waiting(hub, feed, 1000).unwrap();
    assert_eq!(waiting.iter().map(|row| row.batch).collect::<Vec<_>>(), stored);
    for batch in stored {
        assert_eq!(versions(&outbox.load(*batch).unwrap()).len(), 1);
    }
}

#[test]
fn a_commit_without_room_fails_whole_and_delivery_makes_room() {
    let folder = TempDir::new().unwrap();
    let bounds =
        Options { database_bytes_max: Some(1 << 20), waiting_bytes_max: 2 << 20, ..options() };
    check(folder.path(), &bounds, || ());
}

/// A small file system in memory, taken away when dropped.
struct Mount(TempDir);

impl Mount {
    fn new(size: &str) -> Option<Self> {
        let folder = TempDir::new().unwrap();
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", size, "tmpfs"]).arg(folder.path());
        let is_mounted = mount.output().is_ok_and(|output| output.status.success());
        is_mounted.then_some(Self(folder))
    }
}

impl Drop for Mount {
    fn drop(&mut self) {
        Command::new("umount").arg("-l").arg(self.0.path()).status().ok();
    }
}

#[test]
fn a_full_file_system_loses_nothing() {
    let Some(mount) = Mount::new("size=3m") else {
        eprintln!("not tried: a file system can't be mounted here; the bound by SQLite is tried");
        return;
    };
    let ballast = mount.0.path().join("ballast");
    std::fs::write(&ballast, vec![0; 1 << 20]).unwrap();
    check(&mount.0.path().join("outbox"), &options(), || std::fs::remove_file(ballast).unwrap());
}
