//! What can be wrong with a stretch of text, and how it is told.

use std::sync::Arc;

use bytes::Bytes;
use lienthong_adapter_api::{Fault, Position};
use lienthong_text::DecodeError;

use super::wide;

/// A stretch that could not be read as an item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flaw {
    /// What is wrong.
    pub kind: FlawKind,
    /// Where the stretch begins, in bytes of the (decompressed) text.
    pub offset: u64,
    /// Its line, from 1, for the formats that go by lines.
    pub line: Option<u64>,
    /// Number of the item that it stands for, from 0.
    pub number: u64,
    /// How long the stretch is.
    pub bytes: u64,
    /// Its beginning, at most [`Flaw::EXCERPT_MAX`] bytes.
    pub excerpt: Bytes,
}

/// What is wrong with a stretch of text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FlawKind {
    /// LT-2010.
    #[error("the item has more than the {max} bytes allowed")]
    TooLarge {
        /// The bound.
        max: usize,
    },
    /// LT-2011.
    #[error("the item is nested more than {max} levels deep")]
    TooDeep {
        /// The bound.
        max: usize,
    },
    /// LT-2012; what exactly, in words.
    #[error("malformed: {0}")]
    Malformed(&'static str),
    /// LT-2013; inside what.
    #[error("the text ends inside {0}")]
    Truncated(&'static str),
    /// LT-2014; the path.
    #[error("nothing is found at `{0}`")]
    NothingThere(String),
    /// LT-2015.
    #[error("XML with a DTD is not read")]
    Dtd,
    /// LT-2016.
    #[error("{0}")]
    Undecodable(DecodeError),
    /// LT-2017; what exactly, in words.
    #[error("the compressed data is damaged: {0}")]
    Damaged(String),
    /// LT-2018.
    #[error("the file decompresses to more than the {max} bytes allowed")]
    Bomb {
        /// The bound.
        max: u64,
    },
    /// LT-2019; what exactly, in words.
    #[error("the archive can't be used: {0}")]
    Archive(&'static str),
    /// LT-2020.
    #[error("the row has {cells} cells and the heading has {columns}")]
    Misfit {
        /// Cells of the row.
        cells: usize,
        /// Columns of the heading.
        columns: usize,
    },
    /// LT-2021; what exactly, in words.
    #[error("the heading can't be used: {0}")]
    Heading(String),
    /// LT-2022.
    #[error("the text says that it is {declared}, and is read as {read_as}")]
    OtherEncoding {
        /// What the text says.
        declared: String,
        /// What the feed says.
        read_as: &'static str,
    },
    /// LT-2023; what it looks like, in words.
    #[error("it is not clear which encoding the text is in: {0}")]
    Undetected(String),
}

impl FlawKind {
    /// The error code, a page of `docs/errors/`.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::TooLarge { .. } => "LT-2010",
            Self::TooDeep { .. } => "LT-2011",
            Self::Malformed(_) => "LT-2012",
            Self::Truncated(_) => "LT-2013",
            Self::NothingThere(_) => "LT-2014",
            Self::Dtd => "LT-2015",
            Self::Undecodable(_) => "LT-2016",
            Self::Damaged(_) => "LT-2017",
            Self::Bomb { .. } => "LT-2018",
            Self::Archive(_) => "LT-2019",
            Self::Misfit { .. } => "LT-2020",
            Self::Heading(_) => "LT-2021",
            Self::OtherEncoding { .. } => "LT-2022",
            Self::Undetected(_) => "LT-2023",
        }
    }

    /// What a person can do about it.
    pub const fn hint(&self) -> &'static str {
        match self {
            Self::TooLarge { .. } => "raise `item_bytes_max` if such an item is meant",
            Self::TooDeep { .. } => "no known record is nested like this: ask who wrote it",
            Self::Malformed(_) => "have the system's owner write the stretch again",
            Self::Truncated(_) => "the text was cut off: have it written again, whole",
            Self::NothingThere(_) => "compare the feed's `path` with the text",
            Self::Dtd => "have it written without a DOCTYPE declaration",
            Self::Undecodable(_) => "compare the feed's `encoding` with the text",
            Self::Damaged(_) => "have the file compressed and sent again",
            Self::Bomb { .. } => "raise `decompressed_bytes_max` if such a file is meant",
            Self::Archive(_) => "have the files put there unpacked, or in one plain zip",
            Self::Misfit { .. } => "compare the row with the heading, and the feed's `delimiter`",
            Self::Heading(_) => "correct the heading, or name the feed's `columns`",
            Self::OtherEncoding { .. } => "set the feed's `encoding`",
            Self::Undetected(_) => "name the encoding in the feed's `encoding`",
        }
    }
}

impl Flaw {
    /// The most bytes of a stretch that are kept.
    pub const EXCERPT_MAX: usize = 4096;

    /// Makes a flaw of a stretch of which at least the beginning is at hand.
    pub fn new(kind: FlawKind, offset: u64, number: u64, stretch: &[u8]) -> Self {
        let excerpt = stretch.get(..Self::EXCERPT_MAX).unwrap_or(stretch);
        let excerpt = Bytes::copy_from_slice(excerpt);
        Self { kind, offset, line: None, number, bytes: wide(stretch.len()), excerpt }
    }

    /// With the line of its beginning, from 1.
    #[must_use]
    pub fn on_line(mut self, line: u64) -> Self {
        self.line = Some(line);
        self
    }

    /// As a fault of a page.
    pub fn into_fault(self, origin: Arc<str>) -> Fault {
        let place = match self.line {
            Some(line) => format!("line {line}"),
            None => format!("item {}", self.number + 1),
        };
        Fault {
            code: self.kind.code(),
            reason: format!("{place}: {} ({} bytes)", self.kind, self.bytes),
            hint: Some(self.kind.hint().to_owned()),
            origin,
            position: Position::Byte(self.offset),
            excerpt: self.excerpt,
            items: 1,
        }
    }
}
