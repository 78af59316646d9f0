//! Where an item came from, precise enough that a person finds it again.

use std::fmt;

/// A place in a system: an origin (a file, a request) and a position in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place<'a> {
    /// The file's name, the request's path or the sheet; never a secret and never personal data.
    pub origin: &'a str,
    /// Where in the origin.
    pub position: Position,
}

/// A position within an origin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Position {
    /// Offset in bytes from the start of the (decompressed) origin.
    Byte(u64),
    /// Number of the item within the origin, from 0.
    Index(u64),
    /// Row of a table as its reader numbers it, from 1.
    Row(u64),
    /// Row and column of one cell, both from 1.
    Cell {
        /// Row, from 1.
        row: u32,
        /// Column, from 1.
        column: u32,
    },
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.position {
            Position::Byte(offset) => write!(out, "{} at byte {offset}", self.origin),
            Position::Index(index) => write!(out, "{} item {index}", self.origin),
            Position::Row(row) => write!(out, "{} row {row}", self.origin),
            Position::Cell { row, column } => {
                write!(out, "{} row {row} column {column}", self.origin)
            }
        }
    }
}
