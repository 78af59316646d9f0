//! The delivery history.

use lienthong_outbox::{HistoryFilter, HistoryLine, Options, Settlement};

use crate::sample::{DAY, NOW, Sample, options, provenance, sealed};

fn lines(sample: &Sample) -> Vec<HistoryLine> {
    let filter = HistoryFilter { limit: 1000, ..HistoryFilter::default() };
    sample.outbox.reader().history(&filter).unwrap()
}

#[test]
fn a_settled_batch_leaves_a_line_with_its_provenance() {
    let sample = Sample::new();
    let batch = sample.store(3);
    let words = "vâng ".repeat(1000);
    let settlement = Settlement {
        unchanged: 1,
        receipt: Some(words),
        at: NOW + 5,
        ..sample.delivered(batch, 2)
    };
    sample.outbox.settle(settlement).wait().unwrap();
    let line = lines(&sample).remove(0);
    assert_eq!(line.digest, sealed(1, &[true; 3]).digest);
    assert_eq!((line.version_first, line.version_last, line.count), (1, 3, 3));
    assert_eq!((line.delivered, line.unchanged, line.refused), (2, 1, 0));
    assert_eq!((line.stored_at, line.settled_at), (NOW, NOW + 5));
    assert_eq!(line.provenance, provenance());
    assert_eq!(line.spans[0].last, "line 3");
    assert_eq!(line.source_digest.as_deref(), Some("b3-00"));
    let receipt = line.receipt.unwrap();
    assert!(receipt.len() <= 2000 && receipt.starts_with("vâng "), "its beginning is kept");
}

#[test]
fn the_newest_lines_come_first_and_older_ones_on_asking() {
    let sample = Sample::new();
    for _ in 0..3 {
        let batch = sample.store(1);
        sample.outbox.settle(sample.delivered(batch, 1)).wait().unwrap();
    }
    let versions = |filter: HistoryFilter| {
        let lines = sample.outbox.reader().history(&filter).unwrap();
        lines.iter().map(|line| line.version_first).collect::<Vec<_>>()
    };
    let two = HistoryFilter { limit: 2, ..HistoryFilter::default() };
    assert_eq!(versions(two.clone()), [3, 2]);
    let oldest = lines(&sample)[1].id;
    assert_eq!(versions(HistoryFilter { before: Some(oldest), ..two }), [1]);
    let other = lienthong_outbox::EndpointId(99);
    assert!(versions(HistoryFilter { endpoint: Some(other), ..two }).is_empty());
}

#[test]
fn the_history_keeps_to_its_bound() {
    let sample = Sample::with(Options { history_rows_max: 5, ..options() });
    for _ in 0..20 {
        let batch = sample.store(1);
        sample.outbox.settle(sample.delivered(batch, 1)).wait().unwrap();
    }
    let kept: Vec<_> = lines(&sample).iter().map(|line| line.version_first).collect();
    assert_eq!(kept, [20, 19, 18, 17, 16]);
}

#[test]
fn old_lines_are_forgotten() {
    let sample = Sample::with(Options { history_days: 30, ..options() });
    let settle = |at: i64| {
        let batch = sample.store(1);
        let settlement = Settlement { at, ..sample.delivered(batch, 1) };
        sample.outbox.settle(settlement).wait().unwrap();
    };
    (0..10).for_each(|day| settle(NOW + day * DAY));
    settle(NOW + 35 * DAY);
    settle(NOW + 35 * DAY);
    let kept: Vec<_> = lines(&sample).iter().map(|line| line.version_first).collect();
    assert_eq!(kept, [12, 11, 10, 9, 8, 7, 6], "the days from 5 on");
}
