//! Compiled mappings and what compiling one gives.

use std::fmt;
use std::sync::Arc;

use lienthong_diagnostics::Problem;
use lienthong_standard::{Files, RecordType, Standard};

use crate::Verdict;
use crate::compile;
use crate::path::Path;
use crate::plan::Plan;

/// The shape of a feed's items.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Input {
    /// One JSON value.
    Json,
    /// One XML element with its subtree.
    Xml,
    /// A JSON object of one table row: column name to text or null.
    Row,
}

impl Input {
    /// The word for it in a mapping's file.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Xml => "xml",
            Self::Row => "row",
        }
    }
}

/// A mapping that was compiled whole; made by [`Mapping::compile`] alone.
#[derive(Clone)]
pub struct Mapping {
    pub(crate) name: Arc<str>,
    pub(crate) digest: Arc<str>,
    /// The names of the files that the digest is taken over, sorted behind the mapping's own.
    pub(crate) files: Arc<[String]>,
    pub(crate) input: Input,
    pub(crate) standard: Arc<Standard>,
    pub(crate) record_type: Arc<RecordType>,
    pub(crate) plan: Plan,
    /// Source paths left out on purpose.
    pub(crate) unmapped: Vec<Path>,
}

/// A compiled mapping with what a person should know of it.
#[derive(Debug)]
pub struct Compiled {
    /// The mapping.
    pub mapping: Mapping,
    /// What can be used, and should be looked at.
    pub warnings: Vec<Problem>,
    /// One verdict for each field, group and rule of the record type.
    pub verdicts: Vec<Verdict>,
}

/// All that checking a mapping's file found, whether it compiles or not.
#[derive(Debug, Default)]
pub struct Review {
    /// The mapping, if there is no problem.
    pub mapping: Option<Mapping>,
    /// What keeps it from loading.
    pub problems: Vec<Problem>,
    /// What can be used, and should be looked at.
    pub warnings: Vec<Problem>,
    /// One verdict for each field, group and rule of the record type, refuted ones included; empty
    /// when the file's head can't be read.
    pub verdicts: Vec<Verdict>,
    /// The places of the shape that no rule reads and that `unmapped` does not name, sorted.
    pub unread: Vec<String>,
}

impl Mapping {
    /// Compiles the mapping at `path` (`igate/dossiers`, without `.toml`) against a standard. Its
    /// code lists are read from `codes/` beside it.
    ///
    /// # Errors
    /// Every problem of the file and its code lists; nothing is compiled then.
    pub fn compile(
        path: &str,
        files: &Files,
        standard: &Arc<Standard>,
    ) -> Result<Compiled, Vec<Problem>> {
        let Review { mapping, problems, warnings, verdicts, .. } =
            Self::review(path, files, standard);
        match mapping {
            Some(mapping) => Ok(Compiled { mapping, warnings, verdicts }),
            None => Err(problems),
        }
    }

    /// Checks the mapping at `path` and gives a verdict on every field, group and rule, also when it
    /// does not load. They are computed over the shape beside the mapping (`<path>.shape.toml`), and
    /// where there is none, over what the format alone says of the items.
    pub fn review(path: &str, files: &Files, standard: &Arc<Standard>) -> Review {
        compile::review(path, files, standard)
    }

    /// The name: its path below the folder of mappings, `igate/dossiers`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// SHA-256 in hexadecimal over the mapping's file and its code lists.
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// The names of the files that it was compiled from, its own first.
    pub fn files(&self) -> &[String] {
        &self.files
    }

    /// The record type that it maps to.
    pub fn record_type(&self) -> &Arc<RecordType> {
        &self.record_type
    }

    /// The standard that it was compiled against.
    pub fn standard(&self) -> &Arc<Standard> {
        &self.standard
    }

    /// The shape of the items that it reads.
    pub const fn input(&self) -> Input {
        self.input
    }
}

impl fmt::Debug for Mapping {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, digest, input, record_type, .. } = self;
        f.debug_struct("Mapping")
            .field("name", name)
            .field("digest", digest)
            .field("input", input)
            .field("record_type", &record_type.name)
            .finish_non_exhaustive()
    }
}
