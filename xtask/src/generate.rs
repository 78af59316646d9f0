//! Files that are written from the program's types: the settings reference and its schemas.

use lienthong_catalogue::KINDS;
use lienthong_config::reference;

use crate::command::{TaskError, root, say};

/// Writes every generated file anew.
///
/// # Errors
/// When a file can't be written.
pub(crate) fn run() -> Result<(), TaskError> {
    for file in reference(KINDS) {
        std::fs::write(root().join(file.path), file.text)?;
        say(file.path);
    }
    Ok(())
}
