//! A standard: record types, code lists and patterns of one version, compiled whole or not at all.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::codes::CodeListId;
use crate::pattern::Pattern;
use crate::{CodeList, RecordType};

/// A compiled standard; made by [`Standard::compile`] alone, so its parts fit each other.
#[derive(Clone, Debug)]
pub struct Standard {
    pub(crate) name: Arc<str>,
    pub(crate) digest: Arc<str>,
    pub(crate) record_types: BTreeMap<Arc<str>, Arc<RecordType>>,
    pub(crate) code_lists: Vec<CodeList>,
    pub(crate) patterns: BTreeMap<Arc<str>, Arc<Pattern>>,
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

    /// A code list by its name.
    pub fn code_list(&self, name: &str) -> Option<&CodeList> {
        self.code_lists.iter().find(|list| &*list.name == name)
    }

    /// The code list of a field of this standard.
    pub fn list(&self, id: CodeListId) -> Option<&CodeList> {
        self.code_lists.get(id.0 as usize)
    }

    /// All code lists, sorted by name.
    pub fn code_lists(&self) -> impl Iterator<Item = &CodeList> {
        self.code_lists.iter()
    }

    /// A named pattern.
    pub fn pattern(&self, name: &str) -> Option<&Arc<Pattern>> {
        self.patterns.get(name)
    }

    /// All named patterns, sorted by name.
    pub fn patterns(&self) -> impl Iterator<Item = &Arc<Pattern>> {
        self.patterns.values()
    }
}
