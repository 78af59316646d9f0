//! The real programs killed at a few points; `cargo xtask crash` does the same at hundreds.

use lienthong_job::{CrashReport, Programs, Target, crash};

fn check(target: Target, records: usize, points: u64) {
    let programs = Programs::build(&crate::root()).unwrap();
    let report = crash(&crate::root(), &programs, target, (records, points, 7)).unwrap();
    assert_eq!(report, CrashReport { points, lost: 0, doubled: 0 });
}

#[test]
fn a_killed_connector_sends_the_same_bytes_again_and_loses_nothing() {
    check(Target::Http, 5000, 8);
}

#[test]
fn a_killed_connector_and_a_killed_hub_lose_nothing_and_double_nothing() {
    check(Target::Hub, 5000, 8);
}

#[test]
fn a_killed_connector_inserts_no_dossier_twice_at_the_portal() {
    check(Target::Portal, 150, 6);
}
