mod bounds;
mod damage;
mod model;
mod sealed;
mod texts;

use std::path::Path;

use lienthong_adapter_api::{Page, PageBuilder, Position};

use crate::*;

const FEED: (&str, &str) = ("igate", "dossiers");

fn made(digest: &str) -> Made {
    let text = |text: &str| text.to_owned();
    Made {
        mapping: text("igate/dossiers"),
        mapping_digest: text(digest),
        standard: text("v1"),
        standard_digest: text("0"),
    }
}

fn options(bytes_max: u64) -> Options {
    Options { bytes_max, key: None }
}

fn open(folder: &Path, options: Options, version_next: u64) -> FeedKeep {
    FeedKeep::open(folder, FEED, made("1"), options, version_next).unwrap()
}

/// A page of items that say which version they have; `bytes` makes them long.
fn page(first: u64, count: u64, bytes: usize) -> Page {
    let mut builder = PageBuilder::default();
    let origin = builder.origin("a.jsonl");
    for version in first..first + count {
        builder.push(origin, Position::Byte(version * 7), text(version, bytes).as_bytes());
    }
    builder.finish(None, false)
}

/// An item that no compressor makes small.
fn text(version: u64, bytes: usize) -> String {
    let mut noise = version.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let mut text = format!("{{\"item\":{version},\"noise\":\"");
    while text.len() < bytes {
        noise ^= noise << 13;
        noise ^= noise >> 7;
        noise ^= noise << 17;
        text += &noise.to_string();
    }
    text + "\"}"
}

/// Reads pages in a pass of their own each; gives the version behind them.
fn keep_passes(keep: &mut FeedKeep, first: u64, passes: u64, count: u64, bytes: usize) -> u64 {
    for pass in 0..passes {
        let version = first + pass * count;
        keep.add(page(version, count, bytes), version).unwrap();
        keep.end_pass().unwrap();
    }
    first + passes * count
}

/// The versions of what may be sent again.
fn suffix(folder: &Path, version_next: u64) -> Vec<u64> {
    let reader = Reader::open(folder, FEED, None).unwrap();
    let mut versions = Vec::new();
    for frame in reader.suffix(version_next) {
        versions.extend(reader.load(frame).unwrap().iter().map(|kept| kept.version));
    }
    versions
}

#[test]
fn items_come_back_with_their_bytes_places_and_mapping() {
    let folder = tempfile::tempdir().unwrap();
    let mut keep = open(folder.path(), options(1 << 20), 1);
    keep_passes(&mut keep, 1, 3, 2, 40);
    let reader = Reader::open(folder.path(), FEED, None).unwrap();
    assert_eq!(reader.frames().len(), 3);
    let frame = &reader.suffix(7)[1];
    assert_eq!((frame.first(), frame.end(), frame.made()), (3, 5, &made("1")));
    let items = reader.load(frame).unwrap();
    let shown: Vec<_> = items
        .iter()
        .map(|kept| (kept.version, kept.origin, kept.bytes.to_vec(), kept.place.to_string()))
        .collect();
    let expected = |version: u64| {
        let place = format!("a.jsonl at byte {}", version * 7);
        (version, version, text(version, 40).into_bytes(), place)
    };
    assert_eq!(shown, [expected(3), expected(4)]);
}

#[test]
fn what_is_sent_again_stands_at_the_end_and_knows_when_it_was_read() {
    let folder = tempfile::tempdir().unwrap();
    let mut keep = open(folder.path(), options(1 << 20), 1);
    keep_passes(&mut keep, 1, 1, 5, 40);
    let source = page(2, 1, 40);
    let item = source.items().next().unwrap();
    keep.add_replayed(6, &[Replayed { origin: 2, item }]).unwrap();
    let reader = Reader::open(folder.path(), FEED, None).unwrap();
    let last = reader.suffix(7).last().unwrap();
    let items = reader.load(last).unwrap();
    let kept = items.iter().next().unwrap();
    assert_eq!((kept.version, kept.origin, kept.bytes), (6, 2, text(2, 40).as_bytes()));
    // Its commit failed: it never had that version.
    keep.forget_from(6).unwrap();
    assert_eq!(suffix(folder.path(), 6), [1, 2, 3, 4, 5]);
}

#[test]
fn an_item_is_found_newest_first() {
    let folder = tempfile::tempdir().unwrap();
    let mut keep = open(folder.path(), options(1 << 20), 1);
    keep_passes(&mut keep, 1, 3, 5, 40);
    let reader = Reader::open(folder.path(), FEED, None).unwrap();
    let of = |version: u64| {
        let look =
            |kept: &Kept<'_>, _: &Made| (kept.version == version).then(|| kept.place.to_string());
        reader.find(look).unwrap()
    };
    assert_eq!(of(7).as_deref(), Some("a.jsonl at byte 49"));
    assert_eq!(of(16), None);
    let mut seen = Vec::new();
    let all = reader.find(|kept, _| {
        seen.push(kept.version);
        None::<()>
    });
    assert_eq!(all.unwrap(), None);
    assert_eq!(seen, (1..16).rev().collect::<Vec<_>>());
}

#[test]
fn names_of_feeds_can_not_leave_the_folder() {
    let keep = Path::new("keep");
    let folder = crate::segments::feed_folder(keep, "../up", "a/b.c");
    assert_eq!(folder, Path::new("keep/%2e%2e%2fup/a%2fb%2ec"));
}
