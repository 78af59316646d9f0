//! Tests of settling.

use jiff::Timestamp;

use super::Looks;
use crate::position::FileState;

fn state(bytes: u64, written_secs: i64) -> FileState {
    FileState { bytes, written_ns: written_secs * 1_000_000_000, changed_ns: 0 }
}

/// A look: the moment, the file's size and date, in seconds, and whether it has settled.
type Seen = (i64, u64, i64, bool);

#[test]
fn files_settle() {
    let cases: [(&str, &[Seen]); 6] = [
        ("an old file", &[(100, 1, 90, true), (100, 1, 90, true)]),
        ("a young file", &[(100, 1, 96, false), (100, 1, 96, false), (101, 1, 96, true)]),
        ("a growing file", &[(100, 1, 99, false), (104, 2, 103, false), (108, 2, 103, true)]),
        (
            "a file that grows under an old date",
            &[(100, 1, 10, true), (101, 2, 10, false), (105, 2, 10, false), (106, 2, 10, true)],
        ),
        (
            "a file of the future",
            &[(100, 1, 900, false), (104, 1, 900, false), (105, 1, 900, true)],
        ),
        (
            "a growing file of the future",
            &[
                (100, 1, 900, false),
                (104, 2, 900, false),
                (108, 2, 900, false),
                (109, 2, 900, true),
            ],
        ),
    ];
    for (what, looks) in cases {
        let mut memory = Looks::default();
        for (index, (now, bytes, written, expect)) in looks.iter().enumerate() {
            let now = Timestamp::from_second(*now).unwrap();
            let settled = memory.is_settled("file", state(*bytes, *written), now, 5);
            assert_eq!(settled, *expect, "{what}, look {index}");
        }
    }
}

#[test]
fn nothing_waits_without_a_time_to_settle() {
    let now = Timestamp::from_second(100).unwrap();
    for written in [99, 100, 900] {
        assert!(Looks::default().is_settled("file", state(1, written), now, 0));
    }
}
