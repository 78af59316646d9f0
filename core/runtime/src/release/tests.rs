//! What becomes of rows that are released: each is counted once, and those refused again stay.

use lienthong_adapter_api::{PageBuilder, Position};
use lienthong_outbox::{Commit, Options, QuarantineFilter};

use super::*;
use crate::mapper::PageMapper;
use crate::mapper::tests::{item, present};

#[tokio::test]
async fn every_released_row_is_counted_once_and_one_too_long_stays_with_its_reason() {
    let folder = tempfile::tempdir().unwrap();
    let outbox = Outbox::open(folder.path(), Options::default()).unwrap();
    let feed = outbox.feed("s", "f").await.unwrap().id;
    outbox.register_endpoint("up", &[feed]).await.unwrap();
    let present = present();
    let (mapping, provenance) = (Arc::clone(&present.mapping), Arc::clone(&present.provenance));

    // Refused by a mapping that did not know the code; the first two would pass it now.
    let code = |place: usize| format!("000.00.01.H22-250601-{place:06}");
    let long = item(&code(1), "MOI").replace("Đơn vị thử", &"ử".repeat(400_000));
    let texts = [item(&code(0), "MOI"), long, item(&code(2), "?")];
    let mut builder = PageBuilder::default();
    let origin = builder.origin("a.jsonl");
    for place in 0..texts.len() {
        let text = item(&code(place), "?");
        builder.push(origin, Position::Byte(place as u64), text.as_bytes());
    }
    let mut mapped =
        PageMapper::new(mapping, provenance).map(&builder.finish(None, false), 1).unwrap();
    for (row, text) in mapped.quarantined.iter_mut().zip(&texts) {
        row.raw = Bytes::from(text.clone());
    }
    let commit = Commit {
        feed,
        cursor: None,
        version_next: mapped.version_next,
        batches: Vec::new(),
        quarantined: mapped.quarantined,
        rules: Vec::new(),
        pulled: 3,
        accepted: 0,
        at: 1,
    };
    outbox.commit(commit).await.unwrap();

    let feeds = BTreeMap::from([(feed, present)]);
    let selection = Selection { all: true, ..Selection::default() };
    let report = release(&outbox, &feeds, &selection, 2).await.unwrap();
    let expected = ReleaseReport { released: 1, still_refused: 2, ..ReleaseReport::default() };
    assert_eq!(report, expected);
    let left = outbox.reader().quarantine(&QuarantineFilter::default()).unwrap();
    let left: Vec<_> = left.iter().map(|row| (row.version, row.code.as_str())).collect();
    assert_eq!(left, [(Some(2), "LT-3090"), (Some(3), "LT-3010")]);
    outbox.close().await.unwrap();
}
