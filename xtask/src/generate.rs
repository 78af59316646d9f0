//! Files that are written from others: the settings' reference and schemas, the samples' shapes.

use lienthong_catalogue::KINDS;
use lienthong_config::reference;

use crate::command::{TaskError, root, run_with, say};

/// Writes every generated file anew.
///
/// # Errors
/// When a file can't be written, or a sample system can't be read.
pub(crate) fn run() -> Result<(), TaskError> {
    for file in reference(KINDS) {
        std::fs::write(root().join(file.path), file.text)?;
        say(file.path);
    }
    // The test that compares the shapes writes them when it is asked to.
    let words = ["test", "--quiet", "-p", "lienthong-cli", "shapes_beside_the_mappings_are_fresh"];
    run_with("cargo", &words, &[("LIENTHONG_WRITE_SHAPES", "1")])
}
