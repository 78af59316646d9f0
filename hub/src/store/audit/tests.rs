//! Tests of the audit's arithmetic.

use lienthong_protocol::{Digest, Outcome, Receipt};

use super::{accepted_stretches, overlap};

#[test]
fn overlap_counts_versions_accepted_twice() {
    let cases: [(&[(u64, u64)], u64); 6] = [
        (&[], 0),
        (&[(1, 500), (501, 1000)], 0),
        (&[(501, 1000), (1, 500)], 0),
        (&[(1, 500), (500, 600)], 1),
        (&[(1, 500), (100, 199), (150, 249)], 200),
        (&[(1, 10), (1, 10), (1, 10)], 20),
    ];
    for (stretches, expected) in cases {
        assert_eq!(overlap(stretches.to_vec()), expected, "{stretches:?}");
    }
}

#[test]
fn stretches_leave_out_what_was_skipped_or_not_accepted() {
    let mut receipt = Receipt {
        batch: Digest::of(b""),
        received_at: String::new(),
        runs: Vec::new(),
        refusals: Vec::new(),
    };
    let outcomes = [Outcome::Accepted, Outcome::Accepted, Outcome::Refused, Outcome::Accepted];
    for outcome in outcomes {
        receipt.push(outcome);
    }
    let mut stretches = Vec::new();
    // Versions 10, 11, (12 left out), 13 refused, 14.
    accepted_stretches(&receipt, 10, &[2], &mut stretches);
    assert_eq!(stretches, [(10, 11), (14, 14)]);
}
