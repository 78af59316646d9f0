use super::*;

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_700_000_000 + seconds).unwrap()
}

fn tripped() -> Breaker {
    let mut breaker = Breaker::new(3, Duration::from_secs(30));
    for _ in 0..3 {
        assert_eq!(breaker.ask(at(0)), Verdict::Pass);
        breaker.failed(at(0));
    }
    breaker
}

#[test]
fn it_opens_after_the_last_allowed_failure() {
    let mut breaker = tripped();
    assert_eq!(breaker.ask(at(10)), Verdict::Wait(Duration::from_secs(20)));
}

#[test]
fn a_success_in_between_starts_the_count_again() {
    let mut breaker = Breaker::new(2, Duration::from_secs(30));
    breaker.failed(at(0));
    breaker.succeeded();
    breaker.failed(at(1));
    assert_eq!(breaker.ask(at(1)), Verdict::Pass);
}

#[test]
fn one_probe_decides() {
    let mut breaker = tripped();
    assert_eq!(breaker.ask(at(31)), Verdict::Probe);
    assert!(matches!(breaker.ask(at(31)), Verdict::Wait(_)), "only one request probes");
    breaker.failed(at(31));
    assert!(matches!(breaker.ask(at(32)), Verdict::Wait(_)));
    assert_eq!(breaker.ask(at(62)), Verdict::Probe);
    breaker.succeeded();
    assert_eq!(breaker.ask(at(62)), Verdict::Pass);
}

#[test]
fn a_probe_that_never_went_out_leaves_the_way_free_for_the_next() {
    let mut breaker = tripped();
    assert_eq!(breaker.ask(at(31)), Verdict::Probe);
    breaker.not_asked();
    assert_eq!(breaker.ask(at(31)), Verdict::Probe);
}

#[test]
fn a_clock_that_jumps_back_lets_the_probe_through() {
    let mut breaker = tripped();
    assert_eq!(breaker.ask(at(-86_400)), Verdict::Probe);
}
