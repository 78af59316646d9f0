//! Tests of the token buckets.

use jiff::{SignedDuration, Timestamp};

use super::Rates;
use crate::refused::Refused;

fn at(ms: i64) -> Timestamp {
    Timestamp::UNIX_EPOCH + SignedDuration::from_millis(1_750_000_000_000 + ms)
}

#[test]
fn bucket_empties_at_the_burst_and_refills_with_time() {
    let rates = Rates::new(2, 3);
    let taken: Vec<bool> = [0, 0, 0, 0, 400, 500, 501, 1000, 60_000, 60_000, 60_000, 60_000]
        .into_iter()
        .map(|ms| rates.take("H22", at(ms)).is_ok())
        .collect();
    let expected = [true, true, true, false, false, true, false, true, true, true, true, false];
    assert_eq!(taken, expected);
}

#[test]
fn one_party_does_not_empty_anothers_bucket() {
    let rates = Rates::new(1, 1);
    assert!(rates.take("H22", at(0)).is_ok());
    assert!(rates.take("H22", at(0)).is_err());
    assert!(rates.take("H48", at(0)).is_ok());
}

#[test]
fn clock_set_back_gives_no_tokens_and_loses_none_later() {
    let rates = Rates::new(1, 1);
    assert!(rates.take("H22", at(10_000)).is_ok());
    let refused = rates.take("H22", at(0)).unwrap_err();
    assert!(matches!(refused, Refused::TooMany { retry_secs: 1 }));
    assert!(rates.take("H22", at(1000)).is_ok());
}
