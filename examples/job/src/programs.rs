//! Where the programs are.

use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The built programs.
#[derive(Clone, Debug)]
pub struct Programs {
    /// The connector and the hub.
    pub lienthong: PathBuf,
    /// The endpoint that keeps a journal.
    pub sink: PathBuf,
    /// The job by hand.
    pub roof: PathBuf,
}

/// `cargo` without the variables in which the cargo around this process speaks of the package at
/// hand. The build scripts of some crates ask to be run again when these change, so that a build
/// from within a test would begin anew what a build from outside has finished.
pub fn cargo() -> Command {
    let mut cargo = Command::new("cargo");
    let names = std::env::vars_os().map(|(name, _)| name);
    for name in names.filter(|name| is_of_a_package(&name.to_string_lossy())) {
        cargo.env_remove(name);
    }
    cargo
}

fn is_of_a_package(name: &str) -> bool {
    let starts = ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_CRATE_", "CARGO_BIN_"];
    starts.iter().any(|start| name.starts_with(start)) || name == "CARGO_PRIMARY_PACKAGE"
}

impl Programs {
    /// Builds them in release form, from the project's root.
    ///
    /// # Errors
    /// When cargo fails.
    pub fn build(root: &Path) -> io::Result<Self> {
        let packages = ["-p", "lienthong-cli", "-p", "lienthong-sink", "-p", "lienthong-roof"];
        let status = cargo()
            .args(["build", "--quiet", "--release"])
            .args(packages)
            .current_dir(root)
            .status()?;
        if !status.success() {
            return Err(io::Error::other("the programs could not be built"));
        }
        let folder = std::env::var_os("CARGO_TARGET_DIR").map(PathBuf::from);
        let folder = folder.unwrap_or_else(|| root.join("target")).join("release");
        let program = |name: &str| folder.join(name);
        Ok(Self {
            lienthong: program("lienthong"),
            sink: program("lienthong-sink"),
            roof: program("lienthong-roof"),
        })
    }
}
