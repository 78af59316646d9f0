//! The project's own standard and mappings.

use std::path::Path;
use std::sync::Arc;

use lienthong_diagnostics::{Level, Paint, render};
use lienthong_standard::{Files, Standard};

/// The text files of a folder of the repository.
fn folder(path: &str) -> Files {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path);
    let (mut files, mut folders) = (Vec::new(), vec![root.clone()]);
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if let Ok(text) = std::fs::read_to_string(&path) {
                let name = path.strip_prefix(&root).unwrap().to_str().unwrap().to_owned();
                files.push((name, Arc::from(text)));
            }
        }
    }
    Files::new(files)
}

/// The mappings of the repository, with their code lists, shapes and cases.
pub(crate) fn systems() -> Files {
    folder("mappings/systems")
}

/// The national standard of the repository.
pub(crate) fn national() -> Arc<Standard> {
    let standard = Standard::compile("v1", &folder("mappings/standard/v1"));
    Arc::new(
        standard
            .unwrap_or_else(|problems| panic!("{}", render(&problems, Level::Error, Paint::Plain))),
    )
}
