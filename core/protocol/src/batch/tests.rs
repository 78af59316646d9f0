//! Tests of sealing and cutting batches.

use proptest::prelude::*;

use super::{LENT_MAX, SKIPPED_MAX};
use crate::sample::{provenance, push, sealed, standard};
use crate::{
    BATCH_RECORDS_MAX, BatchWriter, HEADER_BYTES_MAX, SealedBatch, SourceSpan, open, open_header,
};

/// The code of every record with its version, as a reader of the batch sees them.
fn codes_and_versions(batch: &SealedBatch) -> Vec<(String, u64)> {
    let opened = open(&batch.body).unwrap();
    let code = |line: &[u8]| {
        let record: serde_json::Value = serde_json::from_slice(line).unwrap();
        record["code"].as_str().unwrap().to_owned()
    };
    let pairs: Vec<_> = opened.records().map(code).zip(opened.versions()).collect();
    for (index, (_, version)) in pairs.iter().enumerate() {
        assert_eq!(opened.version(u32::try_from(index).unwrap()), *version);
    }
    pairs
}

/// What a batch of these items must hold: each record with the version of its place.
fn expected(version_first: u64, items: &[bool]) -> Vec<(String, u64)> {
    let records = items.iter().enumerate().filter(|(_, is_record)| **is_record);
    records.map(|(place, _)| (format!("{place:03}"), version_first + place as u64)).collect()
}

fn singles(batch: &SealedBatch) -> Vec<SealedBatch> {
    let halves = SealedBatch::halves(&open(&batch.body).unwrap()).unwrap();
    let Some((lower, upper)) = halves else { return vec![batch.clone()] };
    let mut parts = singles(&lower);
    parts.extend(singles(&upper));
    parts
}

fn items() -> impl Strategy<Value = Vec<bool>> {
    let one = prop_oneof![3 => Just(true), 1 => Just(false)];
    prop::collection::vec(one, 1..40).prop_filter("a record", |items| items.contains(&true))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn every_record_keeps_its_version(first in 1_u64..1 << 40, items in items()) {
        let batch = sealed(first, &items);
        prop_assert_eq!(codes_and_versions(&batch), expected(first, &items));
        prop_assert_eq!(open_header(&batch.body).unwrap(), batch.header);
    }

    #[test]
    fn a_batch_cut_down_to_single_records_keeps_every_version(items in items()) {
        let whole = sealed(7, &items);
        let parts = singles(&whole);
        let found: Vec<_> = parts.iter().flat_map(codes_and_versions).collect();
        prop_assert_eq!(found, expected(7, &items));
        prop_assert!(parts.iter().all(|part| part.header.count == 1));
    }

    #[test]
    fn a_part_keeps_the_versions_of_its_records(items in items(), cut in any::<[u8; 2]>()) {
        let whole = sealed(7, &items);
        let count = whole.header.count;
        let from = u32::from(cut[0]) % count;
        let until = from + 1 + u32::from(cut[1]) % (count - from);
        let part = SealedBatch::part(&open(&whole.body).unwrap(), from, until).unwrap();
        let kept = &expected(7, &items)[from as usize..until as usize];
        prop_assert_eq!(codes_and_versions(&part), kept);
    }
}

#[test]
fn lines_that_somebody_holds_are_left_alone_and_free_ones_used_again() {
    let (standard, provenance) = (standard(), provenance());
    let mut writer = BatchWriter::default();
    let mut held = Vec::new();
    for code in 0..40 {
        push(&mut writer, &standard, code, "Hồ sơ đã tiếp nhận");
        let batch = writer.seal(&provenance, code as u64 + 1, Vec::new(), None).unwrap();
        held.push(batch.lines.unwrap());
        assert!(writer.lent.len() <= LENT_MAX);
    }
    for (code, lines) in held.iter().enumerate() {
        let record: serde_json::Value = serde_json::from_slice(lines).unwrap();
        assert_eq!(record["code"], format!("{code:03}"));
    }
    // The writer holds on to the buffer, so nothing else can stand at its place.
    let oldest = writer.lent.front().unwrap().as_ptr();
    let room = writer.room();
    assert_ne!(room.as_ptr(), oldest, "it is held");
    let oldest = writer.lent.front().unwrap().as_ptr();
    drop(held);
    let room = writer.room();
    assert_eq!(room.as_ptr(), oldest, "it is free");
}

#[test]
fn the_same_records_make_the_same_bytes() {
    let items = [true, false, true];
    assert_eq!(sealed(1, &items).digest, sealed(1, &items).digest);
    assert_ne!(sealed(1, &items).digest, sealed(2, &items).digest);
}

#[test]
fn a_sealed_writer_starts_anew() {
    let standard = standard();
    let mut writer = BatchWriter::default();
    push(&mut writer, &standard, 0, "một");
    writer.skip();
    let first = writer.seal(&provenance(), 1, Vec::new(), None).unwrap();
    assert_eq!((first.header.count, first.header.skipped.as_slice()), (1, &[1][..]));
    assert!(writer.is_empty() && writer.versions() == 0);
    push(&mut writer, &standard, 2, "hai");
    let second = writer.seal(&provenance(), 3, Vec::new(), None).unwrap();
    assert_eq!(codes_and_versions(&second), [("002".to_owned(), 3)]);
}

#[test]
fn a_batch_without_records_is_not_sealed() {
    let mut writer = BatchWriter::default();
    writer.skip();
    assert!(writer.seal(&provenance(), 1, Vec::new(), None).is_err());
    assert_eq!(writer.versions(), 1, "the writer is as before");
    writer.clear();
    assert_eq!(writer.versions(), 0);
}

#[test]
fn a_full_batch_of_long_records_can_be_opened() {
    let standard = standard();
    let mut writer = BatchWriter::default();
    let text = "ạ".repeat(100_000);
    let mut pushed = 0;
    while !writer.is_full() {
        push(&mut writer, &standard, pushed, &text);
        pushed += 1;
    }
    assert!(pushed > 40 && pushed < BATCH_RECORDS_MAX, "{pushed} records");
    let batch = writer.seal(&provenance(), 1, Vec::new(), None).unwrap();
    assert_eq!(open(&batch.body).unwrap().records().count(), pushed);
}

#[test]
fn a_record_that_is_too_long_is_refused_and_leaves_no_trace() {
    let standard = standard();
    let note = standard.record_type("note").unwrap();
    let text = "x".repeat(crate::RECORD_BYTES_MAX);
    let values = [lienthong_standard::Value::Text("001"), lienthong_standard::Value::Text(&text)];
    let candidate = lienthong_standard::Candidate { values: &values, groups: &[] };
    let long = note.accept(&standard, candidate, &mut Vec::new(), &mut Vec::new()).unwrap();
    let mut writer = BatchWriter::default();
    push(&mut writer, &standard, 0, "một");
    assert!(writer.push(&long).unwrap_err().bytes > crate::RECORD_BYTES_MAX);
    push(&mut writer, &standard, 1, "hai");
    let batch = writer.seal(&provenance(), 1, Vec::new(), None).unwrap();
    assert_eq!(codes_and_versions(&batch), expected(1, &[true, true]));
}

#[test]
fn a_batch_is_full_before_its_header_is_too_long() {
    let standard = standard();
    let mut writer = BatchWriter::default();
    push(&mut writer, &standard, 0, "một");
    while !writer.is_full() {
        writer.skip();
    }
    assert!(writer.versions() as usize > SKIPPED_MAX);
    let batch = writer.seal(&provenance(), 1, Vec::new(), None).unwrap();
    assert_eq!(open_header(&batch.body).unwrap(), batch.header);
}

#[test]
fn many_spans_are_shortened_to_what_a_header_holds() {
    let standard = standard();
    let mut writer = BatchWriter::default();
    push(&mut writer, &standard, 0, "một");
    let span = |number: usize| SourceSpan {
        origin: format!("{}/tệp-{number}.json", "thư mục/".repeat(200)),
        first: "dòng 1".into(),
        last: "dòng 2".into(),
    };
    let spans: Vec<_> = (0..500).map(span).collect();
    let batch = writer.seal(&provenance(), 1, spans.clone(), None).unwrap();
    let header = open_header(&batch.body).unwrap();
    assert_eq!(header, batch.header);
    let origins: Vec<_> = header.spans.iter().map(|span| span.origin.as_str()).collect();
    assert!(spans[0].origin.starts_with(origins[0]), "{}", origins[0]);
    assert_eq!(origins[1], "(498 more)");
    assert!(spans[499].origin.starts_with(origins[2]));
}

#[test]
fn a_provenance_longer_than_a_header_is_refused() {
    let standard = standard();
    let mut writer = BatchWriter::default();
    push(&mut writer, &standard, 0, "một");
    let endless = crate::Provenance { feed: "f".repeat(HEADER_BYTES_MAX), ..provenance() };
    assert!(writer.seal(&endless, 1, Vec::new(), None).is_err());
    assert!(writer.seal(&provenance(), 1, Vec::new(), None).is_ok(), "the writer is as before");
}

#[test]
fn a_record_sent_again_alone_keeps_its_version() {
    let batch = SealedBatch::of_one(&provenance(), 42, b"{\"code\":\"041\"}").unwrap();
    assert_eq!(codes_and_versions(&batch), [("041".to_owned(), 42)]);
    for record in [&b""[..], b"{}\n{}", b"{}\n", &vec![b'x'; crate::RECORD_BYTES_MAX + 1]] {
        let refused = SealedBatch::of_one(&provenance(), 42, record);
        assert!(refused.is_err(), "{} bytes", record.len());
    }
}
