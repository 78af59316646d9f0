//! Code lists whose codes are in force for a time.

use std::sync::Arc;

use hashbrown::HashMap;
use lienthong_diagnostics::nearest;

use crate::{Date, Title};

/// The place of a code list in its standard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CodeListId(pub(crate) u32);

/// One code of a list, for the time in which it is in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Code {
    /// The code itself, as text: leading zeros count.
    pub code: Box<str>,
    /// What it means.
    pub name: Title,
    /// First day on which it is in force; always was, where unknown.
    pub valid_from: Option<Date>,
    /// Last day on which it is in force; still is, where unknown.
    pub valid_to: Option<Date>,
    /// The code above it, of the same list.
    pub parent: Option<Box<str>>,
    /// Other spellings that mean the same code.
    pub aliases: Box<[Box<str>]>,
    /// The code that took its place.
    pub successor: Option<Box<str>>,
}

impl Code {
    /// Whether it is in force on a day.
    pub fn is_in_force(&self, on: Date) -> bool {
        self.valid_from.is_none_or(|first| first <= on)
            && self.valid_to.is_none_or(|last| on <= last)
    }
}

/// What a list says of a code on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lookup<'a> {
    /// In force.
    InForce(&'a Code),
    /// Known, but not in force on that day.
    OutOfForce(&'a Code),
    /// Not in the list.
    Unknown,
}

/// A code list of a standard. One code may stand in it several times, with times in force that do
/// not overlap.
#[derive(Clone, Debug)]
pub struct CodeList {
    /// Its name: `dossier-status`.
    pub name: Arc<str>,
    /// The name for people.
    pub title: Title,
    /// The document that it comes from.
    pub source: Option<Arc<str>>,
    codes: Vec<Code>,
    /// Where a code first stands, and after each entry the next one of the same code.
    first: HashMap<Box<str>, u32>,
    next: Vec<Option<u32>>,
    /// Aliases that are no code themselves.
    aliases: HashMap<Box<str>, u32>,
    is_dated: bool,
}

impl CodeList {
    /// Makes a list; the reader of the file has made sure that times in force do not overlap.
    pub(crate) fn new(
        name: Arc<str>,
        title: Title,
        source: Option<Arc<str>>,
        codes: Vec<Code>,
    ) -> Self {
        let mut first: HashMap<Box<str>, u32> = HashMap::with_capacity(codes.len());
        let mut next = vec![None; codes.len()];
        let mut aliases = HashMap::new();
        for (index, entry) in codes.iter().enumerate().rev() {
            let place = u32::try_from(index).unwrap_or(u32::MAX);
            let later = first.insert(entry.code.clone(), place);
            if let Some(slot) = next.get_mut(index) {
                *slot = later;
            }
            for alias in &entry.aliases {
                aliases.insert(alias.clone(), place);
            }
        }
        let is_dated =
            codes.iter().any(|code| code.valid_from.is_some() || code.valid_to.is_some());
        Self { name, title, source, codes, first, next, aliases, is_dated }
    }

    /// All entries, in the order of the file.
    pub fn codes(&self) -> &[Code] {
        &self.codes
    }

    /// Whether any code of the list is in force for a time only.
    pub const fn is_dated(&self) -> bool {
        self.is_dated
    }

    /// Whether the list has the code, in force or not.
    pub fn contains(&self, code: &str) -> bool {
        self.first.contains_key(code)
    }

    /// Looks a code up on a day; without a day every code of the list is in force.
    pub fn lookup(&self, code: &str, on: Option<Date>) -> Lookup<'_> {
        let Some(first) = self.first.get(code) else { return Lookup::Unknown };
        let mut place = Some(*first);
        let mut found = Lookup::Unknown;
        while let Some(entry) = place.and_then(|place| self.codes.get(place as usize)) {
            if on.is_none_or(|on| entry.is_in_force(on)) {
                return Lookup::InForce(entry);
            }
            found = Lookup::OutOfForce(entry);
            place = place.and_then(|place| self.next.get(place as usize).copied().flatten());
        }
        found
    }

    /// The entry that an alias stands for.
    pub fn by_alias(&self, alias: &str) -> Option<&Code> {
        self.aliases.get(alias).and_then(|place| self.codes.get(*place as usize))
    }

    /// The known code nearest to what was written.
    pub fn nearest(&self, written: &str) -> Option<&str> {
        nearest(written, self.codes.iter().map(|code| &*code.code))
    }
}

#[cfg(test)]
mod tests;
