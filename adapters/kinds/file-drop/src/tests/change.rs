//! Tests of files that change, grow, vanish or come back while they are read.

use std::fs;
use std::io::Write as _;

use jiff::ToSpan as _;
use lienthong_adapter_api::PullRequest;

use super::sample::{Sample, gzip};

#[tokio::test]
async fn a_half_written_file_is_left_alone_until_it_has_settled() {
    let sample = Sample::lines();
    sample.write("a.jsonl", "1\n2");
    let adapter = sample.adapter();
    let settled = sample.now() - 1.hour() + 5.seconds();
    let ask =
        |now| PullRequest { feed: "dossiers", after: None, items_max: 10, bytes_max: 1000, now };
    for early in [1.milliseconds(), 4.seconds()] {
        let page = adapter.pull(ask(settled - early)).await.unwrap();
        assert!(page.is_empty() && !page.more && page.next.is_some());
    }
    assert_eq!(adapter.pull(ask(settled)).await.unwrap().len(), 2);
}

#[tokio::test]
async fn a_file_that_changes_between_pages_is_told_and_read_again() {
    for content in ["9\n8\n7\n6\n", "1\n2\n3\n4\n5\n", "9\n"] {
        for is_restarted in [false, true] {
            let sample = Sample::lines();
            sample.write("a.jsonl", "1\n2\n3\n4\n").write("b.jsonl", "\"b\"\n");
            let mut adapter = sample.adapter();
            let page = sample.page(&*adapter, None, 2).await;
            assert_eq!(page.len(), 2);
            sample.write("a.jsonl", content);
            if is_restarted {
                adapter = sample.adapter();
            }
            let pulled = sample.rest(&*adapter, page.next).await;
            assert_eq!(pulled.codes(), ["LT-2030"]);
            let mut expect: Vec<&str> = content.lines().collect();
            expect.push("\"b\"");
            assert_eq!(pulled.items, expect, "the new content whole, then the other file");
        }
    }
}

#[tokio::test]
async fn a_change_that_keeps_size_and_date_is_seen() {
    let sample = Sample::lines();
    sample.write("a.jsonl", "1\n2\n3\n4\n");
    let adapter = sample.adapter();
    let page = sample.page(&*adapter, None, 2).await;
    let date = fs::metadata(sample.path("a.jsonl")).unwrap().modified().unwrap();
    sample.write("a.jsonl", "9\n8\n7\n6\n");
    fs::File::options()
        .write(true)
        .open(sample.path("a.jsonl"))
        .unwrap()
        .set_modified(date)
        .unwrap();
    let pulled = sample.rest(&*adapter, page.next).await;
    assert_eq!(pulled.codes(), ["LT-2030"]);
    assert_eq!(pulled.items, ["9", "8", "7", "6"]);
}

#[tokio::test]
async fn a_changed_compressed_file_is_told_and_read_again() {
    let sample = Sample::lines();
    sample.write("a.gz", gzip("1\n2\n3\n"));
    let adapter = sample.adapter();
    let page = sample.page(&*adapter, None, 1).await;
    sample.write("a.gz", gzip("4\n5\n6\n7\n"));
    let pulled = sample.rest(&*adapter, page.next).await;
    assert_eq!(pulled.codes(), ["LT-2030"]);
    assert_eq!(pulled.items, ["4", "5", "6", "7"]);
}

#[tokio::test]
async fn a_file_that_vanishes_while_it_is_read_is_told() {
    let sample = Sample::lines();
    sample.write("a.jsonl", "1\n2\n3\n").write("b.jsonl", "\"b\"\n");
    let adapter = sample.adapter();
    let page = sample.page(&*adapter, None, 1).await;
    fs::remove_file(sample.path("a.jsonl")).unwrap();
    let pulled = sample.rest(&*adapter, page.next).await;
    assert_eq!(pulled.codes(), ["LT-2031"]);
    assert!(pulled.faults[0].1.contains("2 of its 6 bytes"), "{:?}", pulled.faults);
    assert_eq!(pulled.items, ["\"b\""]);
}

#[tokio::test]
async fn a_file_that_grows_after_it_is_done_is_read_anew() {
    let sample = Sample::lines();
    sample.write("a.jsonl", "1\n2\n");
    let adapter = sample.adapter();
    let first = sample.rest(&*adapter, None).await;
    assert_eq!(first.items, ["1", "2"]);
    let mut file = fs::File::options().append(true).open(sample.path("a.jsonl")).unwrap();
    file.write_all(b"3\n").unwrap();
    drop(file);
    let second = sample.rest(&*adapter, first.cursor).await;
    assert_eq!(second.items, ["1", "2", "3"]);
    assert_eq!(second.codes(), Vec::<&str>::new());
}

#[cfg(unix)]
#[tokio::test]
async fn a_file_that_may_not_be_opened_is_a_fault_until_it_may() {
    use std::os::unix::fs::PermissionsExt as _;
    let sample = Sample::lines();
    sample.write("a.jsonl", "1\n").write("b.jsonl", "2\n");
    let path = sample.path("a.jsonl");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o000)).unwrap();
    if fs::File::open(&path).is_ok() {
        // Root may open anything.
        return;
    }
    let adapter = sample.adapter();
    let first = sample.rest(&*adapter, None).await;
    assert_eq!((first.codes(), first.items), (vec!["LT-2033"], vec!["2".to_owned()]));
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    let second = sample.rest(&*adapter, first.cursor).await;
    assert_eq!((second.codes(), second.items), (vec![], vec!["1".to_owned()]));
}

#[tokio::test]
async fn a_folder_that_is_not_there_is_an_error_that_is_tried_again() {
    let sample = Sample::lines();
    let adapter = sample.adapter();
    let now = sample.now();
    fs::remove_dir_all(sample.path("")).unwrap();
    let request = PullRequest { feed: "dossiers", after: None, items_max: 1, bytes_max: 1000, now };
    let error = adapter.pull(request).await.unwrap_err();
    assert_eq!(error.code(), "LT-2008");
    assert_eq!(adapter.check().await.unwrap_err().code(), "LT-2008");
}
