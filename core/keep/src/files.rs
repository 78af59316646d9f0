//! Files and folders that only the connector's own account may read: they hold personal data.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::Path;

/// Opens a file to write at its end; a new one is for the owner alone.
pub(crate) fn append(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Makes a folder for the owner alone.
pub(crate) fn create_folder(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// A feed's or source's name as a folder: whatever could leave the keep is written in hexadecimal.
pub(crate) fn folder_name(name: &str) -> String {
    let mut folder = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || byte == b'-' {
            folder.push(char::from(byte));
        } else {
            folder.push('%');
            folder.push_str(&crate::key::to_hex(&[byte]));
        }
    }
    folder
}
