//! Tests of what a cursor holds: its text is kept for good.

use lienthong_adapter_api::Cursor;
use lienthong_adapter_kit::split::Mark;

use super::{DigestSoFar, Done, FileState, InFile, Position};
use crate::settings::Settings;

const GOLDEN: &str = concat!(
    r#"{"kind":"file-drop","done":["48ebd071e5e94f782b2ffa35 "#,
    r#"a7354fa8ec3ef0163ea4bcb0deaa0049 4","3d42d75d22517a70fa289bfe"],"#,
    r#""reading":{"name":"hồ sơ.zip","state":{"bytes":9,"written_ns":2,"changed_ns":-3},"#,
    r#""entry":"a.jsonl","mark":{"offset":5,"number":2,"line":3,"inside":true,"over":false},"#,
    r#""digest":{"known":"a7354fa8ec3ef0163ea4bcb0deaa0049"}}}"#,
);

fn position() -> Position {
    let content = "a7354fa8ec3ef0163ea4bcb0deaa0049".to_owned();
    let done = |fingerprint: &str, content| Done { fingerprint: fingerprint.to_owned(), content };
    Position {
        done: vec![
            done("48ebd071e5e94f782b2ffa35", Some((4, content.clone()))),
            done("3d42d75d22517a70fa289bfe", None),
        ],
        reading: Some(InFile {
            name: "hồ sơ.zip".to_owned(),
            state: FileState { bytes: 9, written_ns: 2, changed_ns: -3 },
            entry: Some("a.jsonl".to_owned()),
            mark: Mark { offset: 5, number: 2, line: 3, inside: true, over: false },
            digest: DigestSoFar::Known(content),
        }),
        ..Position::start()
    }
}

#[test]
fn a_cursor_is_written_and_read_as_ever() {
    let cursor = position().write("dossiers").unwrap();
    assert_eq!(cursor.as_text(), GOLDEN);
    assert_eq!(Position::of(Some(&cursor), "dossiers").unwrap(), position());
}

#[test]
fn what_is_not_a_position_is_refused() {
    let texts = [
        GOLDEN.replace("file-drop", "table"),
        GOLDEN.replace("\"offset\":5,", ""),
        GOLDEN.replace("0049 4", "0049 four"),
        GOLDEN.replace("0049 4", "0049"),
        GOLDEN.replace("3d42d75d22517a70fa289bfe", "3d42"),
        GOLDEN.replace("\"entry\"", "\"entri\""),
    ];
    for text in texts {
        let cursor = Cursor::from_text(text.clone()).unwrap();
        let error = Position::of(Some(&cursor), "dossiers").unwrap_err();
        assert_eq!(error.code(), "LT-2007", "{text}");
    }
}

#[test]
fn a_cursor_has_room_for_all_files_that_may_lie_in_a_folder() {
    let mut position = position();
    let done = Done { fingerprint: "f".repeat(24), content: Some((64 << 30, "c".repeat(32))) };
    position.done = vec![done.clone(); Settings::FILES_MAX];
    assert!(position.write("dossiers").is_ok());
    // Past that it says what to do, and does not forget silently.
    position.done = vec![done; Settings::FILES_MAX * 2];
    let error = position.write("dossiers").unwrap_err();
    assert_eq!(error.code(), "LT-2008");
    assert!(error.to_string().contains("move those away that are done"), "{error}");
}

#[test]
fn a_fingerprint_tells_names_sizes_and_dates_apart() {
    let state = FileState { bytes: 1, written_ns: 2, changed_ns: 3 };
    let others = [
        state.fingerprint("b"),
        FileState { bytes: 2, ..state }.fingerprint("a"),
        FileState { written_ns: 3, ..state }.fingerprint("a"),
        FileState { changed_ns: 4, ..state }.fingerprint("a"),
    ];
    assert_eq!(state.fingerprint("a"), state.fingerprint("a"));
    assert!(others.iter().all(|other| *other != state.fingerprint("a")));
}
