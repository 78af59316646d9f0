//! Where the data folders come from: the copies inside the binary, or a folder that replaces them.

use std::borrow::Cow;
use std::path::PathBuf;

/// The files of the data folders, by paths like `adapters/systems/igate/adapter.toml`.
pub trait LibraryFiles: Sync {
    /// All paths, with `/` between folders.
    fn paths(&self) -> Vec<Cow<'static, str>>;
    /// A file's bytes.
    fn read(&self, path: &str) -> Option<Cow<'static, [u8]>>;
}

/// Where the data folders come from.
#[derive(Clone)]
pub enum Library {
    /// The copies inside the binary; a `library_folder` in the settings replaces them.
    Embedded(&'static dyn LibraryFiles),
    /// A folder with `adapters/systems/` and `mappings/`.
    Folder(PathBuf),
}
