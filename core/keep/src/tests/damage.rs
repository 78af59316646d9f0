//! Torn, altered and uncommitted frames.

use super::*;

fn segment(folder: &Path) -> std::path::PathBuf {
    let feed = crate::segments::feed_folder(folder, FEED.0, FEED.1);
    crate::segments::paths(&feed).unwrap().remove(0)
}

#[test]
fn a_torn_frame_costs_itself_and_the_next_one_is_written_elsewhere() {
    let folder = tempfile::tempdir().unwrap();
    let mut keep = open(folder.path(), options(1 << 20), 1);
    keep_passes(&mut keep, 1, 3, 10, 200);
    drop(keep);
    let path = segment(folder.path());
    let bytes = std::fs::read(&path).unwrap();
    for cut in 1..200 {
        std::fs::write(&path, &bytes[..bytes.len() - cut]).unwrap();
        assert!(suffix(folder.path(), 31).is_empty(), "{cut}: the newest items are not there");
        assert_eq!(suffix(folder.path(), 21).len(), 20, "{cut}: nothing else is lost");
    }
    let mut keep = open(folder.path(), options(1 << 20), 31);
    keep_passes(&mut keep, 31, 1, 5, 200);
    assert_eq!(suffix(folder.path(), 36), [31, 32, 33, 34, 35], "what lies before is a gap away");
}

#[test]
fn an_altered_byte_is_found_wherever_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let mut keep = open(folder.path(), options(1 << 20), 1);
    keep_passes(&mut keep, 1, 2, 10, 200);
    let path = segment(folder.path());
    let bytes = std::fs::read(&path).unwrap();
    let whole = Reader::open(folder.path(), FEED, None).unwrap();
    for at in (0..bytes.len()).step_by(13) {
        let mut altered = bytes.clone();
        altered[at] ^= 0x20;
        std::fs::write(&path, &altered).unwrap();
        let reader = Reader::open(folder.path(), FEED, None).unwrap();
        let readable = reader.frames().iter().filter(|frame| reader.load(frame).is_ok()).count();
        let listed = reader.frames().len();
        assert_eq!(readable, listed.min(1), "byte {at}: {listed} frames are there");
    }
    std::fs::write(&path, &bytes).unwrap();
    assert!(whole.frames().iter().all(|frame| whole.load(frame).is_ok()));
}

#[test]
fn a_damaged_last_frame_is_not_written_behind() {
    let folder = tempfile::tempdir().unwrap();
    let mut keep = open(folder.path(), options(1 << 20), 1);
    keep_passes(&mut keep, 1, 2, 10, 200);
    let path = segment(folder.path());
    let mut bytes = std::fs::read(&path).unwrap();
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    std::fs::write(&path, &bytes).unwrap();
    let mut keep = open(folder.path(), options(1 << 20), 21);
    keep_passes(&mut keep, 21, 1, 5, 200);
    assert_eq!(std::fs::read(&path).unwrap(), bytes);
    let reader = Reader::open(folder.path(), FEED, None).unwrap();
    let damaged = reader.suffix(26).iter().find_map(|frame| reader.load(frame).err()).unwrap();
    assert!(matches!(damaged, Error::Damaged { version: 11, .. }), "{damaged}");
    assert_eq!(damaged.code(), "LT-5022");
}

#[test]
fn frames_that_were_never_committed_are_dropped_at_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let mut keep = open(folder.path(), options(1 << 20), 1);
    keep_passes(&mut keep, 1, 5, 10, 200);
    // The outbox only knows thirty items: a crash came between the frames and their commit.
    let mut keep = open(folder.path(), options(1 << 20), 31);
    assert_eq!(suffix(folder.path(), 31).len(), 30);
    keep_passes(&mut keep, 31, 1, 4, 200);
    assert_eq!(suffix(folder.path(), 35), (1..35).collect::<Vec<_>>());
    // An outbox that begins anew has nothing in common with what is kept.
    open(folder.path(), options(1 << 20), 1);
    assert!(Reader::open(folder.path(), FEED, None).unwrap().frames().is_empty());
}

#[test]
fn a_file_of_something_else_is_no_segment() {
    let folder = tempfile::tempdir().unwrap();
    drop(open(folder.path(), options(1 << 20), 1));
    let feed = crate::segments::feed_folder(folder.path(), FEED.0, FEED.1);
    std::fs::write(feed.join("00000000000000000001.seg"), b"hello").unwrap();
    std::fs::write(feed.join("notes.txt"), b"hello").unwrap();
    let mut keep = open(folder.path(), options(1 << 20), 1);
    keep_passes(&mut keep, 2, 1, 5, 200);
    assert_eq!(suffix(folder.path(), 7), [2, 3, 4, 5, 6]);
}
