//! A mapping that lies in a file of its own, with its code lists and its shape beside it.

use std::path::Path;
use std::sync::Arc;

use lienthong_mapping::{Mapping, Review};
use lienthong_standard::{Files, Standard};

use crate::exit::Failure;

/// Bytes of one file.
const FILE_BYTES_MAX: u64 = 64 << 20;

/// Checks the mapping `<folder>/<name>.toml`. Its own name stands in it, so that a copy of a folder
/// under another name can be checked; that name is given with what was found.
pub(super) fn review(
    folder: &Path,
    name: &str,
    standard: &Arc<Standard>,
) -> Result<(String, Review), Failure> {
    let text = read(&folder.join(format!("{name}.toml")))?;
    let called = text.lines().find_map(|line| {
        let (key, value) = line.split_once('=')?;
        (key.trim() == "mapping").then(|| value.split('"').nth(1).map(str::to_owned))?
    });
    let called = called.unwrap_or_else(|| name.to_owned());
    let system = called.rsplit_once('/').map_or("", |(system, _)| system);
    let prefix = if system.is_empty() { String::new() } else { format!("{system}/") };
    let mut files = vec![(format!("{called}.toml"), Arc::from(text))];
    let shape = folder.join(format!("{name}.shape.toml"));
    if shape.is_file() {
        files.push((format!("{called}.shape.toml"), Arc::from(read(&shape)?)));
    }
    let codes = folder.join("codes");
    if codes.is_dir() {
        for entry in std::fs::read_dir(&codes).map_err(|error| unread(&codes, error))? {
            let path = entry.map_err(|error| unread(&codes, error))?.path();
            if path.extension().is_some_and(|ending| ending == "csv") {
                let name = path.file_name().unwrap_or_default().to_string_lossy();
                files.push((format!("{prefix}codes/{name}"), Arc::from(read(&path)?)));
            }
        }
    }
    let files = Files::new(files).shown_below(format!("{}: ", folder.display()));
    let review = Mapping::review(&called, &files, standard);
    Ok((called, review))
}

/// The folder and the name of a mapping's file.
pub(super) fn parts(path: &Path) -> (&Path, String) {
    let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let folder = path.parent().filter(|folder| *folder != Path::new(""));
    (folder.unwrap_or_else(|| Path::new(".")), name)
}

fn read(path: &Path) -> Result<String, Failure> {
    let length = std::fs::metadata(path).map_err(|error| unread(path, error))?.len();
    if length > FILE_BYTES_MAX {
        let path = path.display();
        return Err(Failure::new(format!("`{path}` is larger than {FILE_BYTES_MAX} bytes")));
    }
    std::fs::read_to_string(path).map_err(|error| unread(path, error))
}

/// The failure of a file or folder that can't be read.
pub(super) fn unread(path: &Path, error: std::io::Error) -> Failure {
    Failure::of(format!("`{}` can't be read", path.display()), error)
}
