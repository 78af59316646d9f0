//! The code lists of a standard; large ones are read only when something first needs them.
//!
//! Thirteen thousand communes cost memory and time at the start, which no connector without communes
//! should pay.

use std::sync::{Arc, OnceLock};

use lienthong_diagnostics::Problem;

use crate::compile::read_list;
use crate::{CodeList, CodeListId, Date, Lookup, Title};

/// How far parents are climbed.
const LEVELS_MAX: usize = 8;

/// The file of one list, and what `lists.toml` says of it.
#[derive(Clone, Debug)]
pub(crate) struct ListFile {
    pub(crate) name: Arc<str>,
    pub(crate) title: Title,
    pub(crate) source: Option<Arc<str>>,
    pub(crate) parents: Box<[CodeListId]>,
    pub(crate) is_large: bool,
    /// The file as a person knows it, and its text.
    pub(crate) shown: Arc<str>,
    pub(crate) text: Arc<str>,
}

/// All lists, sorted by name.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lists {
    lists: Vec<Entry>,
}

#[derive(Clone, Debug)]
struct Entry {
    file: ListFile,
    read: OnceLock<Result<CodeList, Vec<Problem>>>,
}

impl Lists {
    /// Takes the files, sorted by name.
    pub(crate) fn new(files: Vec<ListFile>) -> Self {
        let entry = |file| Entry { file, read: OnceLock::new() };
        Self { lists: files.into_iter().map(entry).collect() }
    }

    /// A list whose parents lead back to it, which must not be: they are read one after the other.
    pub(crate) fn in_a_circle(&self) -> Option<&str> {
        let found = (0..).zip(&self.lists).find(|(place, _)| {
            let mut above = vec![CodeListId(*place)];
            for _ in 0..=self.lists.len() {
                above = above.iter().flat_map(|id| self.parents(*id)).copied().collect();
                if above.contains(&CodeListId(*place)) {
                    return true;
                }
                above.sort_by_key(|id| id.0);
                above.dedup();
            }
            false
        });
        found.map(|(_, entry)| &*entry.file.name)
    }

    fn parents(&self, id: CodeListId) -> &[CodeListId] {
        self.lists.get(id.0 as usize).map_or(&[], |entry| &entry.file.parents)
    }

    /// Every list that is not large, read; with the faults of their lines.
    pub(crate) fn read_small(&self, problems: &mut Vec<Problem>) {
        for id in self.ids().filter(|id| !self.is_large(*id)) {
            if let Some(Err(found)) = self.load(id) {
                problems.extend(found.iter().cloned());
            }
        }
    }

    /// A list, read if it was not yet; none if there is no such list.
    pub(crate) fn load(&self, id: CodeListId) -> Option<&Result<CodeList, Vec<Problem>>> {
        let entry = self.lists.get(id.0 as usize)?;
        Some(entry.read.get_or_init(|| read_list(&entry.file, |id| self.get(id))))
    }

    /// A list, read if it was not yet; none where its file is faulty.
    pub(crate) fn get(&self, id: CodeListId) -> Option<&CodeList> {
        self.load(id)?.as_ref().ok()
    }

    /// Whether it is read only when something needs it.
    pub(crate) fn is_large(&self, id: CodeListId) -> bool {
        self.lists.get(id.0 as usize).is_some_and(|entry| entry.file.is_large)
    }

    pub(crate) fn id(&self, name: &str) -> Option<CodeListId> {
        let place = self.lists.iter().position(|entry| *entry.file.name == *name)?;
        u32::try_from(place).ok().map(CodeListId)
    }

    pub(crate) fn ids(&self) -> impl Iterator<Item = CodeListId> {
        (0..).zip(&self.lists).map(|(place, _)| CodeListId(place))
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.lists.iter().map(|entry| &*entry.file.name)
    }

    /// Whether codes of one list can lie in codes of another, at any level.
    pub(crate) fn can_lie_in(&self, id: CodeListId, above: CodeListId) -> bool {
        let mut level = vec![id];
        for _ in 0..LEVELS_MAX {
            level = level.iter().flat_map(|id| self.parents(*id)).copied().collect();
            if level.contains(&above) {
                return true;
            }
        }
        false
    }

    /// The code of the list `above` that a code lies in on a day, at whatever level; none where the
    /// lists do not say.
    pub(crate) fn ancestor(
        &self,
        (id, code): (CodeListId, &str),
        above: CodeListId,
        on: Date,
    ) -> Option<&str> {
        let (mut id, Lookup::InForce(mut entry)) = (id, self.get(id)?.lookup(code, Some(on)))
        else {
            return None;
        };
        for _ in 0..LEVELS_MAX {
            let parent = entry.parent.as_deref()?;
            let own = std::iter::once(&id);
            let found = own.chain(self.parents(id)).find_map(|id| {
                match self.get(*id)?.lookup(parent, Some(on)) {
                    Lookup::InForce(entry) => Some((*id, entry)),
                    Lookup::OutOfForce(_) | Lookup::Unknown => None,
                }
            });
            (id, entry) = found?;
            if id == above {
                return Some(&entry.code);
            }
        }
        None
    }
}
