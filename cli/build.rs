//! Tells cargo which data folders are copied into the binary, so that a new file there counts.

fn main() {
    for folder in ["adapters/systems", "mappings", "docs/errors"] {
        let line = format!("cargo::rerun-if-changed=../{folder}\n");
        let written = std::io::Write::write_all(&mut std::io::stdout(), line.as_bytes());
        assert!(written.is_ok(), "cargo reads what a build script writes");
    }
}
