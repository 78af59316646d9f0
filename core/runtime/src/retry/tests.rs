use super::*;

const RETRY: Retry =
    Retry { min: Duration::from_secs(1), max: Duration::from_mins(1), seed: 20_251_121 };

#[test]
fn delays_grow_to_the_bound_and_stay_there() {
    let delays: Vec<Duration> = (1..=12).map(|attempt| RETRY.delay(attempt, None)).collect();
    assert!(delays[0] >= RETRY.min && delays[0] <= RETRY.min * 2, "{delays:?}");
    assert!(delays[4] >= Duration::from_secs(16), "{delays:?}");
    assert!(delays.iter().all(|delay| *delay <= RETRY.max * 2), "{delays:?}");
    assert!(delays[11] >= RETRY.max, "{delays:?}");
}

#[test]
fn one_seed_draws_one_series() {
    let again = Retry { ..RETRY };
    let other = Retry { seed: 7, ..RETRY };
    assert_eq!(RETRY.delay(3, None), again.delay(3, None));
    assert_ne!(RETRY.delay(3, None), other.delay(3, None));
}

#[test]
fn what_the_other_side_asks_is_kept_to_within_bounds() {
    assert_eq!(RETRY.delay(1, Some(Duration::from_secs(17))), Duration::from_secs(17));
    assert_eq!(RETRY.delay(1, Some(Duration::from_hours(8760))), RETRY.asked_max());
    assert_eq!(RETRY.delay(1, Some(Duration::ZERO)), RETRY.min);
}

#[test]
fn a_clock_that_jumps_back_does_not_silence_the_work() {
    let now = Timestamp::from_millisecond(1_000_000_000).unwrap();
    assert!(RETRY.is_due(None, now));
    assert!(RETRY.is_due(Some(999_999_999), now));
    assert_eq!(RETRY.wait(Some(1_000_005_000), now), Duration::from_secs(5));
    let a_year_on = 1_000_000_000 + 365 * 86_400_000;
    assert!(RETRY.is_due(Some(a_year_on), now), "due in a year means the clock was wrong");
}
