//! Code lists whose codes are in force for a time.

use std::sync::Arc;

use hashbrown::HashMap;
use lienthong_diagnostics::candidates;

use crate::{Date, ShortTexts, Title};

/// The most successors that are looked at; a chain of them may run in a circle.
const SUCCESSORS_MAX: usize = 64;

/// The place of a code list in its standard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
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
    /// The code above it, of the same list or of one of the list's [parents](CodeList::parents).
    pub parent: Option<Box<str>>,
    /// Other spellings that mean the same code.
    pub aliases: Box<[Box<str>]>,
    /// The codes that took its place: several where it was divided, none where it just ended.
    pub successors: Box<[Box<str>]>,
}

impl Code {
    /// Whether it is in force on a day.
    pub fn is_in_force(&self, on: Date) -> bool {
        self.valid_from.is_none_or(|first| first <= on)
            && self.valid_to.is_none_or(|last| on <= last)
    }

    fn has_ended(&self, on: Date) -> bool {
        self.valid_to.is_some_and(|last| last < on)
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
    /// The lists, other than this one, that parents of its codes stand in.
    pub parents: Box<[CodeListId]>,
    codes: Vec<Code>,
    /// Where a code first stands, and after each entry the next one of the same code.
    first: HashMap<Box<str>, u32>,
    /// The codes themselves, where they are few and short.
    short: Option<ShortTexts>,
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
        parents: Box<[CodeListId]>,
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
        let short = ShortTexts::of(codes.iter().map(|code| &*code.code));
        Self { name, title, source, parents, codes, first, short, next, aliases, is_dated }
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
        self.first(code).is_some()
    }

    /// Looks a code up on a day; without a day every code of the list is in force. Of several times
    /// in force that all miss the day, the last one before it is told, or else the first one after.
    pub fn lookup(&self, code: &str, on: Option<Date>) -> Lookup<'_> {
        let mut missed: Option<&Code> = None;
        for entry in self.entries(code) {
            let Some(on) = on else { return Lookup::InForce(entry) };
            if entry.is_in_force(on) {
                return Lookup::InForce(entry);
            }
            let is_nearer = missed.is_none_or(|other| {
                let (ended, other_ended) = (entry.has_ended(on), other.has_ended(on));
                match (ended, other_ended) {
                    (true, true) => entry.valid_to > other.valid_to,
                    (false, false) => entry.valid_from < other.valid_from,
                    (ended, _) => ended,
                }
            });
            if is_nearer {
                missed = Some(entry);
            }
        }
        missed.map_or(Lookup::Unknown, Lookup::OutOfForce)
    }

    /// Where a code first stands.
    fn first(&self, code: &str) -> Option<u32> {
        match &self.short {
            Some(short) => u32::try_from(short.place(code)?).ok(),
            None => self.first.get(code).copied(),
        }
    }

    /// The entries of one code, in the order of the file.
    pub fn entries(&self, code: &str) -> impl Iterator<Item = &Code> {
        let mut place = self.first(code);
        std::iter::from_fn(move || {
            let at = place? as usize;
            place = self.next.get(at).copied().flatten();
            self.codes.get(at)
        })
    }

    /// What took the place of an entry and is in force on a day, through successors that have ended
    /// themselves. Several where it was divided: the list can't say which one is meant.
    pub fn successors(&self, entry: &Code, on: Option<Date>) -> Vec<&Code> {
        let mut found: Vec<&Code> = Vec::new();
        let mut asked: Vec<&str> = Vec::new();
        let mut waiting: Vec<&str> = entry.successors.iter().map(|code| &**code).collect();
        while let Some(code) = waiting.pop().filter(|_| asked.len() < SUCCESSORS_MAX) {
            if asked.contains(&code) {
                continue;
            }
            asked.push(code);
            match self.lookup(code, on) {
                Lookup::InForce(entry) => found.push(entry),
                Lookup::OutOfForce(entry) => {
                    waiting.extend(entry.successors.iter().map(|code| &**code));
                }
                Lookup::Unknown => {}
            }
        }
        found.sort_by(|left, right| left.code.cmp(&right.code));
        found
    }

    /// The entry that an alias stands for.
    pub fn by_alias(&self, alias: &str) -> Option<&Code> {
        self.aliases.get(alias).and_then(|place| self.codes.get(*place as usize))
    }

    /// Up to `count` entries in force on a day that are nearest to what was written, by code, by
    /// alias and by name, best first.
    pub fn candidates(&self, written: &str, on: Option<Date>, count: usize) -> Vec<&Code> {
        let in_force = self
            .codes
            .iter()
            .zip(0_u32..)
            .filter(|(entry, _)| on.is_none_or(|on| entry.is_in_force(on)));
        let spelt = in_force.flat_map(|(entry, place)| {
            let own = [&*entry.code, &*entry.name.vi, &*entry.name.en];
            let aliases = entry.aliases.iter().map(|alias| &**alias);
            own.into_iter().chain(aliases).map(move |spelling| (place, spelling))
        });
        let places = candidates(written, spelt, count);
        places.into_iter().filter_map(|place| self.codes.get(place as usize)).collect()
    }
}

#[cfg(test)]
mod tests;
