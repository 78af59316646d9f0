//! A standard: record types, code lists and patterns of one version, compiled whole or not at all.

use std::collections::BTreeMap;
use std::sync::Arc;

use lienthong_diagnostics::Problem;

use crate::codes::CodeListId;
use crate::lists::Lists;
use crate::pattern::Pattern;
use crate::{CodeList, Date, RecordType, Sentinels};

/// A compiled standard; made by [`Standard::compile`] alone, so its parts fit each other.
#[derive(Clone, Debug)]
pub struct Standard {
    pub(crate) name: Arc<str>,
    pub(crate) digest: Arc<str>,
    pub(crate) record_types: BTreeMap<Arc<str>, Arc<RecordType>>,
    pub(crate) code_lists: Lists,
    pub(crate) patterns: BTreeMap<Arc<str>, Arc<Pattern>>,
    pub(crate) sentinels: BTreeMap<Arc<str>, Arc<Sentinels>>,
}

impl Standard {
    /// Its version: `v1`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// SHA-256 in hexadecimal over the paths and texts of its files.
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// A record type by its name.
    pub fn record_type(&self, name: &str) -> Option<&Arc<RecordType>> {
        self.record_types.get(name)
    }

    /// All record types, sorted by name.
    pub fn record_types(&self) -> impl Iterator<Item = &Arc<RecordType>> {
        self.record_types.values()
    }

    /// A code list by its name; a large one is read now if nothing needed it before.
    pub fn code_list(&self, name: &str) -> Option<&CodeList> {
        self.list(self.code_lists.id(name)?)
    }

    /// The code list of a field of this standard; a large one is read now if nothing needed it
    /// before. None where its file is faulty: whoever goes on to map records asks
    /// [`Standard::faults_of`] first.
    pub fn list(&self, id: CodeListId) -> Option<&CodeList> {
        self.code_lists.get(id)
    }

    /// Whether a list is read only when something needs it.
    pub fn is_large(&self, id: CodeListId) -> bool {
        self.code_lists.is_large(id)
    }

    /// The faults of a large list's file, which is read for this. Other lists have none, since a
    /// standard with faults in them does not compile.
    pub fn faults_of(&self, id: CodeListId) -> &[Problem] {
        match self.code_lists.load(id) {
            Some(Err(faults)) => faults,
            Some(Ok(_)) | None => &[],
        }
    }

    /// All code lists, sorted by name; large ones are read.
    pub fn code_lists(&self) -> impl Iterator<Item = &CodeList> {
        self.code_lists.ids().filter_map(|id| self.code_lists.get(id))
    }

    /// The faults of all large lists' files, which are read for this.
    pub fn faults_of_large_lists(&self) -> Vec<Problem> {
        self.code_lists.ids().flat_map(|id| self.faults_of(id)).cloned().collect()
    }

    /// The code of the list `above` that a code lies in on a day, at whatever level: the province of
    /// a commune. None where the lists do not say.
    pub fn ancestor(&self, code: (CodeListId, &str), above: CodeListId, on: Date) -> Option<&str> {
        self.code_lists.ancestor(code, above, on)
    }

    /// A named pattern.
    pub fn pattern(&self, name: &str) -> Option<&Arc<Pattern>> {
        self.patterns.get(name)
    }

    /// All named patterns, sorted by name.
    pub fn patterns(&self) -> impl Iterator<Item = &Arc<Pattern>> {
        self.patterns.values()
    }

    /// A named list of values that stand for none.
    pub fn sentinels(&self, name: &str) -> Option<&Arc<Sentinels>> {
        self.sentinels.get(name)
    }
}
