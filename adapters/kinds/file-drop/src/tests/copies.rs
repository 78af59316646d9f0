//! Tests of what is read once: copies, renamed and touched files.

use std::fs;
use std::time::{Duration, SystemTime};

use super::sample::{Sample, gzip, zip};

#[tokio::test]
async fn a_copy_under_another_name_is_not_read_again() {
    let contents: [Vec<u8>; 3] = [b"1\n2\n".to_vec(), gzip("1\n2\n"), zip(&[("x", b"1\n2\n")])];
    for content in contents {
        let sample = Sample::lines();
        sample.write("a", &content).write("b", &content);
        sample.keeps_the_contract(&["1", "2"], &[]).await;
        let findings = sample.adapter().check().await.unwrap().findings;
        let said = "`b` holds what `a` holds, and is read once";
        assert!(findings.iter().any(|line| line == said), "{findings:?}");
    }
}

#[tokio::test]
async fn another_file_of_the_same_size_is_read() {
    let sample = Sample::lines();
    sample.write("a", "1\n2\n").write("b", "3\n4\n");
    sample.keeps_the_contract(&["1", "2", "3", "4"], &[]).await;
}

#[tokio::test]
async fn a_renamed_or_touched_file_is_not_read_again() {
    let sample = Sample::lines();
    sample.write("a", "1\n2\n").write("b", "3\n4\n5\n");
    let adapter = sample.adapter();
    let first = sample.rest(&*adapter, None).await;
    assert_eq!(first.items.len(), 5);
    fs::rename(sample.path("a"), sample.path("c")).unwrap();
    let file = fs::File::options().write(true).open(sample.path("b")).unwrap();
    file.set_modified(SystemTime::UNIX_EPOCH + Duration::from_hours(1000)).unwrap();
    let second = sample.rest(&*adapter, first.cursor).await;
    assert!(second.items.is_empty() && second.faults.is_empty(), "{second:?}");
    // It is known by its new name now, and the old one is forgotten.
    let third = sample.rest(&*adapter, second.cursor).await;
    assert!(third.items.is_empty() && third.faults.is_empty(), "{third:?}");
    let text = third.cursor.as_ref().unwrap().as_text().to_owned();
    assert_eq!(text.matches(" 4\"").count(), 1, "{text}");
}

#[tokio::test]
async fn what_vanishes_is_forgotten() {
    let sample = Sample::lines();
    for n in 0..20 {
        sample.write(&format!("{n:02}"), "x".repeat(n + 1));
    }
    let adapter = sample.adapter();
    let first = sample.rest(&*adapter, None).await;
    assert_eq!(first.items.len(), 20);
    for n in 0..19 {
        fs::remove_file(sample.path(&format!("{n:02}"))).unwrap();
    }
    let second = sample.rest(&*adapter, first.cursor.clone()).await;
    assert!(second.items.is_empty());
    let (before, after) = (first.cursor.unwrap(), second.cursor.unwrap());
    assert!(after.as_text().len() * 10 < before.as_text().len());
}

#[tokio::test]
async fn a_folder_with_too_many_files_is_an_error_that_says_so() {
    let sample = Sample::lines().with("files_max = 20");
    for n in 0..20 {
        sample.write(&format!("a-rather-long-file-name-of-a-dossier-{n:05}.jsonl"), n.to_string());
    }
    let adapter = sample.adapter();
    let pulled = sample.rest(&*adapter, None).await;
    assert_eq!(pulled.items.len(), 20);
    sample.write("one-more", "1");
    let now = sample.now();
    let request = lienthong_adapter_api::PullRequest {
        feed: "dossiers",
        after: pulled.cursor.as_ref(),
        items_max: 1,
        bytes_max: 1000,
        now,
    };
    let error = adapter.pull(request).await.unwrap_err();
    assert_eq!(error.code(), "LT-2008");
    assert!(error.to_string().contains("more than the 20 files"), "{error}");
}
