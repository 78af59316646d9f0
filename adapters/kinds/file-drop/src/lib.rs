//! The adapter kind `file-drop`: a folder where files of records appear.
//!
//! A file is JSON lines, a JSON array under a path, XML or CSV; plain, gzip or zip; in any encoding
//! of [`lienthong_text`]. Files are read in the order of their names, each once. Where a feed asks
//! for it, the encoding of each file is found out; then every item's place and a note in the log
//! say so, and a file for which it is not clear is a fault.
//!
//! # When a file is read
//!
//! A file is left alone until it has not been written to for `settle_secs`, by its own date or,
//! where that lies in the future, by how long it has been seen unchanged. Hidden files and those
//! that end in `.tmp` or `.part` are never read.
//!
//! # When a file is done
//!
//! The cursor keeps, for every file in the folder that was read to its end, a fingerprint of how
//! the folder lists it (name, size, times of writing and of change) and a digest of its content. A
//! file with a known fingerprint is done. A file with another fingerprint but the size of one that
//! is done is digested first: with a known digest it is a copy, or was only touched or renamed, and
//! is not read again; otherwise it is read like any new file. So a file that was altered under its
//! old name, size and date is still read anew, for its time of change gives it away. What vanishes
//! from the folder is forgotten.
//!
//! The digest is `HighwayHash` with a fixed key, because it keeps up with the disk (12 GB/s where
//! SHA-256 does 1.8 and BLAKE3 4.5, measured), and because its state can be kept in the cursor, so
//! that reading goes on in the middle of a large file without reading its beginning again. It
//! tells apart what differs by chance or mistake; it is no proof against someone who may write to
//! the folder and wants a file of their own to be passed over.
//!
//! # When a file changes while it is read
//!
//! Before and after every page the file is compared with what it was when its reading began. If it
//! differs, what was read from it for this page is thrown away, a fault says where, and the file is
//! a new one: once it has settled it is read again from its beginning. What earlier pages held has
//! gone up already and goes up again if it is still there, as the same or a newer version of the
//! same records; what the change took away before it was read, no one can read any more, and the
//! fault says so.

mod adapter;
mod check;
mod detection;
mod digest;
mod draft;
mod faults;
mod folder;
mod looks;
mod opened;
mod pattern;
mod position;
mod pull;
mod settings;
mod source;
mod spare;
mod text;

use lienthong_adapter_api::{Kind, Schemas};

use crate::settings::{Connection, Feed, Settings};

/// The descriptor of this kind.
pub const KIND: Kind = Kind {
    name: NAME,
    summary: "A folder where files appear: JSON lines, JSON, XML or CSV, plain or compressed.",
    can_census: false,
    build: adapter::build,
    schemas,
};

const NAME: &str = "file-drop";

fn schemas() -> Schemas {
    Schemas {
        settings: schemars::schema_for!(Settings),
        connection: schemars::schema_for!(Connection),
        feed: schemars::schema_for!(Feed),
    }
}

#[cfg(test)]
mod tests;
