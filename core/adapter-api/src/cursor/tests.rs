//! Tests of cursors.

use super::{Cursor, CursorError};

#[test]
fn a_position_is_read_back_from_its_text() {
    let cursor = Cursor::write(&(7, "hồ sơ")).unwrap();
    let again = Cursor::from_text(cursor.as_text().to_owned()).unwrap();
    assert_eq!(again.read::<(u32, String)>().unwrap(), (7, "hồ sơ".to_owned()));
}

#[test]
fn a_position_of_another_shape_is_foreign() {
    let cursor = Cursor::write(&"x").unwrap();
    assert!(matches!(cursor.read::<u32>(), Err(CursorError::Foreign(_))));
}

#[test]
fn a_cursor_is_bounded() {
    let longest = "x".repeat(Cursor::BYTES_MAX);
    assert!(Cursor::from_text(longest.clone()).is_ok());
    let too_long = CursorError::TooLong { bytes: Cursor::BYTES_MAX + 2, max: Cursor::BYTES_MAX };
    let refused = Cursor::write(&longest).unwrap_err();
    assert_eq!(refused.to_string(), too_long.to_string());
}
