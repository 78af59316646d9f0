//! Feeds: cursors, versions, totals, and how passes end.

use lienthong_outbox::{Error, Pass, QuarantineFilter, Totals};
use lienthong_protocol::RuleCount;

use crate::sample::{DAY, NOW, Sample, block_on, commit, options, page, rejected, sealed};

#[test]
fn a_feed_starts_with_version_1_and_no_cursor() {
    let sample = Sample::new();
    let feed = sample.outbox.feed("notes", "all").wait().unwrap();
    assert_eq!((feed.id, feed.version_next, feed.cursor), (sample.feed, 1, None));
    assert_eq!(feed.last_pass_at, None);
    let other = sample.outbox.feed("notes", "late").wait().unwrap();
    assert_ne!(other.id, sample.feed);
}

#[test]
fn a_commit_moves_cursor_version_and_totals_together() {
    let mut sample = Sample::new();
    let items = [true, false, true];
    commit(&sample.outbox, page(sample.feed, 1, &items, vec![rejected("x")])).unwrap();
    sample.reopen(options());
    let feed = sample.outbox.feed("notes", "all").wait().unwrap();
    assert_eq!((feed.cursor.as_deref(), feed.version_next), (Some("4"), 4));
    let totals = Totals { pulled: 3, accepted: 2, quarantined: 1, released: 0, discarded: 0 };
    assert_eq!(feed.totals, totals);
}

#[test]
fn broken_rules_are_added_up_with_their_commit_and_outlive_a_restart() {
    let mut sample = Sample::new();
    let rule = |rule: &str, warned, refused| RuleCount { rule: rule.into(), warned, refused };
    let mut first = page(sample.feed, 1, &[true, true], Vec::new());
    first.rules = vec![rule("fax-is-not-phone", 2, 0), rule("identity-12-digits", 0, 1)];
    commit(&sample.outbox, first).unwrap();
    let mut wrong = page(sample.feed, 1, &[true], Vec::new());
    wrong.rules = vec![rule("fax-is-not-phone", 9, 9)];
    commit(&sample.outbox, wrong).unwrap_err();
    let mut second = page(sample.feed, 3, &[true], Vec::new());
    second.rules = vec![rule("fax-is-not-phone", 1, 0)];
    commit(&sample.outbox, second).unwrap();
    sample.reopen(options());
    let summary = sample.outbox.reader().summary(NOW).unwrap();
    let expected = [rule("fax-is-not-phone", 3, 0), rule("identity-12-digits", 0, 1)];
    assert_eq!(summary[0].rules, expected, "what is not stored is not counted");
}

#[test]
fn a_commit_without_a_cursor_leaves_the_stored_one() {
    let sample = Sample::new();
    sample.store(1);
    let mut next = page(sample.feed, 2, &[true], Vec::new());
    next.cursor = None;
    commit(&sample.outbox, next).unwrap();
    let feed = sample.outbox.feed("notes", "all").wait().unwrap();
    assert_eq!((feed.cursor.as_deref(), feed.version_next), (Some("2"), 3));
}

#[test]
fn versions_are_never_given_twice() {
    let sample = Sample::new();
    sample.store(5);
    let again = sample.try_store(1, 3).unwrap_err();
    assert!(matches!(again, Error::Misuse(_)), "{again:?}");
    assert_eq!(sample.version_next(), 6, "nothing has moved");
    assert_eq!(sample.waiting().len(), 1);
}

#[test]
fn versions_rise_inside_a_commit() {
    let sample = Sample::new();
    let two = || vec![sealed(1, &[true, true]), sealed(3, &[true])];
    let commits = [
        ("twice the same version", vec![sealed(1, &[true, true]), sealed(2, &[true])], 4),
        ("the wrong order", vec![sealed(3, &[true]), sealed(1, &[true, true])], 4),
        ("one above the next", two(), 3),
    ];
    for (what, batches, version_next) in commits {
        let mut wrong = page(sample.feed, 1, &[true; 3], Vec::new());
        (wrong.batches, wrong.version_next) = (batches, version_next);
        let refused = commit(&sample.outbox, wrong).unwrap_err();
        assert_eq!(refused.code(), "LT-5013", "{what}");
    }
    let mut right = page(sample.feed, 1, &[true; 3], Vec::new());
    right.batches = two();
    commit(&sample.outbox, right).unwrap();
}

#[test]
fn a_commit_whose_counts_do_not_add_up_is_refused() {
    let sample = Sample::new();
    let lost = page(sample.feed, 1, &[true, false], Vec::new());
    let refused = commit(&sample.outbox, lost).unwrap_err();
    assert_eq!(refused.code(), "LT-5013");
    assert_eq!(sample.version_next(), 1);
}

#[test]
fn a_commit_that_nobody_would_deliver_is_refused() {
    let sample = Sample::new();
    let feed = sample.outbox.feed("notes", "unrouted").wait().unwrap().id;
    let refused = commit(&sample.outbox, page(feed, 1, &[true], Vec::new())).unwrap_err();
    assert_eq!(refused.code(), "LT-5013");
    let feed = sample.outbox.reader().feed(feed).unwrap().unwrap();
    assert_eq!((feed.cursor, feed.totals), (None, Totals::default()), "the cursor has not moved");
}

#[test]
fn a_wrong_commit_does_not_take_its_neighbours_with_it() {
    // Room for two: what was rolled back must not count.
    let bytes = sealed(1, &[true, false]).body.len() as u64;
    let sample = Sample::with(lienthong_outbox::Options {
        waiting_bytes_max: bytes * 5 / 2,
        group_batches: 100,
        group_wait: std::time::Duration::from_millis(200),
        ..options()
    });
    let (good, wrong, next) = block_on(async {
        tokio::join!(
            sample.outbox.commit(page(sample.feed, 1, &[true, false], vec![rejected("x")])),
            sample.outbox.commit(page(sample.feed, 1, &[true], Vec::new())),
            sample.outbox.commit(page(sample.feed, 3, &[true], Vec::new())),
        )
    });
    assert!(good.is_ok(), "{good:?}");
    assert_eq!(wrong.unwrap_err().code(), "LT-5013");
    assert!(next.is_ok(), "{next:?}");
    assert_eq!(sample.waiting().len(), 2);
    let rows = sample.outbox.reader().quarantine(&QuarantineFilter::default()).unwrap();
    assert_eq!(rows.iter().map(|row| row.seen).collect::<Vec<_>>(), [1], "written once");
}

#[test]
fn a_retry_delay_survives_a_restart() {
    let mut sample = Sample::new();
    let error = "LT-2001: the system could not be reached".to_owned();
    let failed = Pass::Failed { attempt: 3, due_at: NOW + 900, error: error.clone() };
    sample.outbox.end_pass(sample.feed, failed, NOW).wait().unwrap();
    sample.reopen(options());
    let feed = sample.outbox.feed("notes", "all").wait().unwrap();
    assert_eq!((feed.attempt, feed.due_at), (3, Some(NOW + 900)));
    assert_eq!((feed.last_error, feed.last_pass_at), (Some(error), Some(NOW)));
    assert_eq!(feed.last_success_at, None);
}

#[test]
fn a_pass_that_ends_well_clears_what_failed() {
    let sample = Sample::new();
    let failed = Pass::Failed { attempt: 1, due_at: NOW, error: "x".into() };
    sample.outbox.end_pass(sample.feed, failed, NOW).wait().unwrap();
    sample.outbox.end_pass(sample.feed, Pass::Succeeded { pulled: 4 }, NOW + 1).wait().unwrap();
    let feed = sample.outbox.reader().feed(sample.feed).unwrap().unwrap();
    assert_eq!((feed.attempt, feed.due_at, feed.last_error), (0, None, None));
    assert_eq!((feed.last_success_at, feed.last_news_at), (Some(NOW + 1), Some(NOW + 1)));
}

#[test]
fn passes_that_bring_nothing_are_counted() {
    let sample = Sample::new();
    for (pulled, at) in [(2, 0), (0, 1), (0, 2)] {
        let pass = Pass::Succeeded { pulled };
        sample.outbox.end_pass(sample.feed, pass, NOW + at * DAY).wait().unwrap();
    }
    let feed = sample.outbox.reader().feed(sample.feed).unwrap().unwrap();
    assert_eq!((feed.calm, feed.last_news_at), (2, Some(NOW)));
    assert_eq!(feed.last_success_at, Some(NOW + 2 * DAY));
}

#[test]
fn a_halted_feed_stays_halted_until_it_is_resumed() {
    let mut sample = Sample::new();
    sample.outbox.halt(sample.feed, "LT-2007: the cursor", NOW).wait().unwrap();
    sample.reopen(options());
    let halted = sample.outbox.reader().feed(sample.feed).unwrap().unwrap().halted;
    assert_eq!(halted.as_deref(), Some("LT-2007: the cursor"));
    sample.outbox.resume(sample.feed).wait().unwrap();
    let feed = sample.outbox.reader().feed(sample.feed).unwrap().unwrap();
    assert_eq!((feed.halted, feed.due_at, feed.attempt), (None, None, 0));
}

#[test]
fn a_feed_that_is_not_there_is_named() {
    let sample = Sample::new();
    let unknown = sample.outbox.resume(lienthong_outbox::FeedId(77)).wait().unwrap_err();
    assert_eq!(unknown.to_string(), "there is no feed 77");
}
