//! What `--code` names, and how rows are grouped.

use lienthong_outbox::{FeedId, QuarantineCount, QuarantineFilter};

use super::{Group, Named, groups, named};

fn counts() -> Vec<QuarantineCount> {
    let count = |feed, code: &str, waiting_for: Option<&str>, rows| QuarantineCount {
        feed: FeedId(feed),
        code: code.to_owned(),
        waiting_for: waiting_for.map(str::to_owned),
        endpoint: None,
        rows,
    };
    vec![
        count(1, "LT-3010", Some("codes/status:CHO"), 2),
        count(1, "LT-3011", Some("codes/status:CHO"), 3),
        count(1, "LT-3010", Some("codes/status:TAM"), 290),
        count(2, "LT-4107", Some("standard/status:TAM"), 1),
        count(2, "LT-4101", None, 9),
    ]
}

#[test]
fn a_code_is_an_error_code_or_what_rows_wait_for() {
    let error = |code: &str| Some(Named::Error(code.to_owned()));
    let waiting = |thing: &str| Some(Named::Waiting(thing.to_owned()));
    for (written, expected) in [
        ("LT-3010", error("LT-3010")),
        ("lt-3010", error("LT-3010")),
        ("status:CHO", waiting("codes/status:CHO")),
        ("codes/status:TAM", waiting("codes/status:TAM")),
        ("standard/status:TAM", waiting("standard/status:TAM")),
        ("status:TAM", None),
        ("status:CH0", None),
        ("CHO", None),
        ("", None),
    ] {
        assert_eq!(named(written, &counts()).ok(), expected, "{written:?}");
    }
    for (written, message) in [
        ("status:TAM", "`status:TAM` may be `codes/status:TAM` or `standard/status:TAM`"),
        (
            "codes/status:CH0",
            "no row waits for `codes/status:CH0`; did you mean `codes/status:CHO`",
        ),
        ("status:CH0", "no row waits for `status:CH0`; did you mean `codes/status:CHO`"),
        ("x", "no row waits for `x`; rows wait for `codes/status:CHO`, `codes/status:TAM`"),
    ] {
        let failure = named(written, &counts()).unwrap_err().to_string();
        assert!(failure.starts_with(message), "{failure}");
    }
    let nothing = named("status:CHO", &[]).unwrap_err().to_string();
    assert_eq!(nothing, "no row waits for `status:CHO`, nor for any other code");
}

#[test]
fn rows_are_grouped_by_feed_and_what_they_wait_for_the_largest_first() {
    let group = |feed, thing: &str, rows| Group { feed: FeedId(feed), thing: thing.into(), rows };
    let all = groups(&counts(), &QuarantineFilter::default());
    let expected = [
        group(1, "codes/status:TAM", 290),
        group(1, "codes/status:CHO", 5),
        group(2, "standard/status:TAM", 1),
    ];
    assert_eq!(all, expected);
    let filter = QuarantineFilter { feed: Some(FeedId(2)), ..QuarantineFilter::default() };
    assert_eq!(groups(&counts(), &filter), expected[2..]);
    let filter = QuarantineFilter { code: Some("LT-3011".into()), ..QuarantineFilter::default() };
    assert_eq!(groups(&counts(), &filter), [group(1, "codes/status:CHO", 3)]);
}
