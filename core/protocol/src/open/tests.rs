//! Tests of opening a batch: what was written, and what must be refused.

use super::{OpenError, open, open_header};
use crate::sample::sealed;
use crate::{BATCH_BYTES_MAX, Digest, SealedBatch};

/// Form 1 as it was first written; it has to be readable for as long as there is form 1.
const GOLDEN: &[u8] = include_bytes!("golden/form-1.batch");

fn frames(header: &str, records: &[u8]) -> Vec<u8> {
    let mut body = zstd::bulk::compress(header.as_bytes(), 1).unwrap();
    body.extend_from_slice(&zstd::bulk::compress(records, 1).unwrap());
    body
}

/// A header with these fields changed, and as many records as it promises.
fn with_header(change: impl FnOnce(&mut serde_json::Value)) -> Vec<u8> {
    let mut header = serde_json::to_value(sealed(1, &[true, true]).header).unwrap();
    change(&mut header);
    frames(&format!("{header}\n"), b"{}\n{}\n")
}

#[test]
fn the_golden_batch_reads_as_it_was_written() {
    let opened = open(GOLDEN).unwrap();
    insta::assert_json_snapshot!("form_1_header", opened.header);
    insta::assert_snapshot!("form_1_records", std::str::from_utf8(&opened.lines()).unwrap());
    assert_eq!(opened.versions().collect::<Vec<_>>(), [40, 42, 43]);
    insta::assert_snapshot!("form_1_digest", Digest::of(GOLDEN));
}

#[test]
fn a_batch_is_written_as_the_golden_one() {
    let batch = sealed(40, &[true, false, true, true, false]);
    assert_eq!(batch.header, open_header(GOLDEN).unwrap());
    // The compressed bytes may differ with another compressor; what they hold may not.
    assert_eq!(open(&batch.body).unwrap().lines(), open(GOLDEN).unwrap().lines());
}

#[test]
fn a_body_cut_off_anywhere_is_refused() {
    let body = sealed(1, &[true; 20]).body;
    for length in 0..body.len() {
        assert!(open(&body[..length]).is_err(), "the first {length} bytes were taken");
    }
}

#[test]
fn a_changed_byte_is_never_taken_for_the_same_batch() {
    let SealedBatch { body, digest, .. } = sealed(1, &[true; 20]);
    for place in 0..body.len() {
        let mut changed = body.to_vec();
        changed[place] ^= 0x20;
        assert_ne!(Digest::of(&changed), digest);
        // It may open or not; it must not panic.
        drop(open(&changed).map(|opened| opened.versions().count()));
    }
}

#[test]
fn what_is_not_a_batch_is_refused() {
    let body = sealed(1, &[true, true]).body;
    let cases: [(&str, Vec<u8>); 8] = [
        ("nothing", Vec::new()),
        ("plain JSON", b"{\"lienthong\":1}\n".to_vec()),
        ("garbage behind", [&body[..], b"garbage"].concat()),
        (
            "a third frame of records",
            [&body[..], &zstd::bulk::compress(b"{}\n", 1).unwrap()].concat(),
        ),
        ("no header", zstd::bulk::compress(b"[]\n{}\n", 1).unwrap()),
        ("the last record without its end", frames(&header(), b"{}\n{}")),
        ("one record too few", frames(&header(), b"{}\n")),
        ("an empty body", frames(&header(), b"")),
    ];
    for (what, bytes) in cases {
        assert!(open(&bytes).is_err(), "{what} was taken for a batch");
    }
}

fn header() -> String {
    format!("{}\n", serde_json::to_string(&sealed(1, &[true, true]).header).unwrap())
}

#[test]
fn a_header_that_makes_no_sense_is_refused() {
    let refused = |change: fn(&mut serde_json::Value)| open(&with_header(change)).unwrap_err();
    assert!(open(&with_header(|_| {})).is_ok(), "the unchanged one is taken");
    assert!(matches!(refused(|h| h["lienthong"] = 2.into()), OpenError::Form(2)));
    assert!(matches!(refused(|h| h["count"] = 0.into()), OpenError::Size(0)));
    assert!(matches!(refused(|h| h["count"] = 501.into()), OpenError::Size(501)));
    assert!(matches!(refused(|h| h["count"] = 3.into()), OpenError::Count { .. }));
    assert!(matches!(refused(|h| h["count"] = (-1).into()), OpenError::Header(_)));
    assert!(matches!(
        refused(|h| drop(h.as_object_mut().unwrap().remove("feed"))),
        OpenError::Header(_)
    ));
    let skips: [serde_json::Value; 5] = [
        serde_json::json!([1, 1]),
        serde_json::json!([2, 1]),
        serde_json::json!([3]),
        serde_json::json!([4_294_967_295_u32]),
        (0..2000).collect(),
    ];
    for skipped in skips {
        let shown = skipped.to_string();
        let body = with_header(|header| header["skipped"] = skipped);
        assert!(matches!(open(&body), Err(OpenError::Versions)), "{shown}");
    }
    assert!(matches!(refused(|h| h["version_first"] = u64::MAX.into()), OpenError::Versions));
}

#[test]
fn a_later_field_in_the_header_is_passed_over() {
    assert!(open(&with_header(|header| header["later"] = "x".into())).is_ok());
}

#[test]
fn a_bomb_of_records_is_refused_at_the_bound() {
    let bomb = frames(&header(), &vec![b' '; BATCH_BYTES_MAX + 1]);
    assert!(bomb.len() < 20_000, "the bomb is small: {} bytes", bomb.len());
    assert!(matches!(open(&bomb), Err(OpenError::TooLong)));
}

#[test]
fn a_bomb_in_the_header_is_refused_at_the_bound() {
    let bomb = zstd::bulk::compress(&vec![b' '; 64 << 20], 1).unwrap();
    assert!(matches!(open(&bomb), Err(OpenError::Header(_))));
}

#[test]
fn a_frame_that_asks_for_a_huge_window_is_refused() {
    // Magic number, descriptor without a content size, window of 2^27 bytes, an empty last block.
    let frame = [0x28, 0xB5, 0x2F, 0xFD, 0x00, 17 << 3, 0x01, 0x00, 0x00];
    let asked = open(&frame).unwrap_err();
    assert!(matches!(asked, OpenError::Decompress(_)), "{asked:?}");
}
