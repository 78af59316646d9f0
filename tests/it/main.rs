//! What crosses crates, in one binary that links once.

mod layers;
mod tidy;

use std::path::PathBuf;

/// The project's root folder.
fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_path_buf()
}
