//! What crosses crates, in one binary that links once.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test that can't go on has failed"
)]

mod bad_input;
mod crash;
mod demo;
mod drift;
mod hard_formats;
mod layers;
mod lineage;
mod ministry;
mod quality;
mod refusals;
mod replay;
mod tidy;
mod waiting;
mod world;

use std::path::PathBuf;

/// The project's root folder.
fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_path_buf()
}
