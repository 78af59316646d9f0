//! Tests of the receipt: its form, and whether it speaks of every record.

use super::Outcome::{self, Accepted, Refused, Unchanged};
use super::{Receipt, Refusal};
use crate::Digest;

fn refusal(index: u32) -> Refusal {
    Refusal {
        index,
        code: "LT-4002".into(),
        field: Some("DonViXuLy".into()),
        reason: "the field is missing".into(),
        reason_vi: "thiếu trường".into(),
    }
}

fn receipt(outcomes: &[Outcome], refusals: &[u32]) -> Receipt {
    let mut receipt = Receipt {
        batch: Digest::of(b""),
        received_at: "2026-11-21T08:00:00+07:00".into(),
        runs: Vec::new(),
        refusals: refusals.iter().map(|index| refusal(*index)).collect(),
    };
    for outcome in outcomes {
        receipt.push(*outcome);
    }
    receipt
}

#[test]
fn receipt_has_its_form() {
    let outcomes = [Accepted, Accepted, Refused, Unchanged, Accepted];
    let receipt = receipt(&outcomes, &[2]);
    insta::assert_json_snapshot!(receipt);
    let text = serde_json::to_string(&receipt).unwrap();
    assert_eq!(serde_json::from_str::<Receipt>(&text).unwrap(), receipt);
    assert_eq!((receipt.count(), receipt.count_of(Accepted)), (5, 3));
}

#[test]
fn a_receipt_is_complete_when_it_speaks_of_every_record_once() {
    assert!(receipt(&[Accepted, Refused, Refused], &[1, 2]).is_complete(3));
    assert!(receipt(&[Accepted, Refused, Refused], &[2, 1]).is_complete(3), "in any order");
    assert!(receipt(&[Accepted], &[]).is_complete(1));
}

#[test]
fn a_receipt_with_a_gap_is_not_complete() {
    let cases: [(&str, &[Outcome], &[u32]); 6] = [
        ("a record too few", &[Accepted, Accepted], &[]),
        ("a record too many", &[Accepted, Accepted, Accepted, Accepted], &[]),
        ("a refusal without a reason", &[Accepted, Refused, Refused], &[1]),
        ("a reason given twice, one not", &[Accepted, Refused, Refused], &[1, 1]),
        ("a reason for an accepted record", &[Accepted, Refused, Accepted], &[0]),
        ("a reason for a record that is not there", &[Accepted, Refused, Accepted], &[1, 7]),
    ];
    for (what, outcomes, refusals) in cases {
        assert!(!receipt(outcomes, refusals).is_complete(3), "{what}");
    }
}

#[test]
fn a_hostile_run_is_not_counted_through() {
    let hostile = r#"{"batch":"BATCH","received_at":"","runs":[
        {"count":4294967295,"outcome":"refused"},{"count":4294967295,"outcome":"refused"}]}"#;
    let hostile = hostile.replace("BATCH", &"00".repeat(32));
    assert!(!serde_json::from_str::<Receipt>(&hostile).unwrap().is_complete(3));
}
