//! A small fixed map from names, made for the decoders, which look up every name of every record.
//!
//! Hashing three bytes and the length tells the names of one object apart nearly always; a full
//! comparison follows, so a clash costs time and nothing else. Records of one system have their
//! names in one order, so what followed a name the last time is worth a look before that.

use std::sync::atomic::{AtomicU16, Ordering};

/// Values by name, in the order in which the names were added.
#[derive(Clone, Debug)]
pub(crate) struct Names<T> {
    entries: Vec<(Box<str>, T)>,
    /// Places in `entries`, by hash, with a free one behind every run; see [`Names::index`].
    table: Vec<u16>,
    /// The place that followed each place the last time; before them the one that came first.
    follows: Vec<Hint>,
}

/// A place that is probably wanted next. Threads may overwrite each other's: a wrong one costs time
/// and nothing else.
#[derive(Debug, Default)]
struct Hint(AtomicU16);

impl Clone for Hint {
    fn clone(&self) -> Self {
        Self(AtomicU16::new(self.0.load(Ordering::Relaxed)))
    }
}

/// A place of the table that holds nothing.
const FREE: u16 = u16::MAX;

impl<T> Default for Names<T> {
    fn default() -> Self {
        Self { entries: Vec::new(), table: vec![FREE], follows: vec![Hint::default()] }
    }
}

impl<T> Names<T> {
    /// Adds a name that is not there yet, and gives its value's place.
    pub(crate) fn add(&mut self, name: &str, value: T) -> usize {
        self.entries.push((name.into(), value));
        self.follows.push(Hint::default());
        self.index();
        self.entries.len() - 1
    }

    /// The place of a name.
    #[inline]
    pub(crate) fn find(&self, name: &str) -> Option<usize> {
        let mut at = hash(name);
        loop {
            let place = *self.table.get(at & (self.table.len() - 1))?;
            let (known, _) = self.entries.get(usize::from(place))?;
            if is_same(known.as_bytes(), name.as_bytes()) {
                return Some(usize::from(place));
            }
            at += 1;
        }
    }

    /// The value of a name.
    #[inline]
    pub(crate) fn get(&self, name: &str) -> Option<&T> {
        self.at(self.find(name)?)
    }

    /// The name that will probably come next. `previous` is the place of the last one plus one, or
    /// zero for none.
    #[inline]
    pub(crate) fn expected(&self, previous: usize) -> Option<(&str, &T)> {
        let Hint(place) = self.follows.get(previous)?;
        let (name, value) = self.entries.get(usize::from(place.load(Ordering::Relaxed)))?;
        Some((name, value))
    }

    /// Remembers which place came behind `previous`.
    #[inline]
    pub(crate) fn note(&self, previous: usize, place: usize) {
        if let (Some(Hint(hint)), Ok(place)) = (self.follows.get(previous), u16::try_from(place)) {
            hint.store(place, Ordering::Relaxed);
        }
    }

    pub(crate) fn at(&self, place: usize) -> Option<&T> {
        self.entries.get(place).map(|(_, value)| value)
    }

    pub(crate) fn at_mut(&mut self, place: usize) -> Option<&mut T> {
        self.entries.get_mut(place).map(|(_, value)| value)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    pub(crate) fn len(&self) -> usize {
        self.entries.len()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &T)> {
        self.entries.iter().map(|(name, value)| (&**name, value))
    }

    pub(crate) fn values_mut(&mut self) -> impl Iterator<Item = &mut T> {
        self.entries.iter_mut().map(|(_, value)| value)
    }

    /// Places every name at its hash or the next free place behind it. The table is a power of two
    /// and at most a quarter full, so every search ends soon.
    fn index(&mut self) {
        let size = (self.entries.len() * 4).next_power_of_two();
        self.table.clear();
        self.table.resize(size, FREE);
        for (place, (name, _)) in self.entries.iter().enumerate() {
            let mut at = hash(name);
            while let Some(slot) = self.table.get_mut(at & (size - 1)) {
                if *slot == FREE {
                    *slot = u16::try_from(place).unwrap_or(FREE);
                    break;
                }
                at += 1;
            }
        }
    }
}

/// Whether two names are the same. Names are short: two overlapping words decide most of them,
/// where the general comparison would be a call.
#[inline]
pub(crate) fn is_same(one: &[u8], other: &[u8]) -> bool {
    if one.len() != other.len() {
        return false;
    }
    if one.len() > 16 {
        return one == other;
    }
    match (one.first_chunk::<8>(), other.first_chunk::<8>()) {
        (Some(start), Some(other_start)) => {
            start == other_start && one.last_chunk::<8>() == other.last_chunk::<8>()
        }
        _ => match (one.first_chunk::<4>(), other.first_chunk::<4>()) {
            (Some(start), Some(other_start)) => {
                start == other_start && one.last_chunk::<4>() == other.last_chunk::<4>()
            }
            _ => one.iter().zip(other).all(|(one, other)| one == other),
        },
    }
}

#[inline]
fn hash(name: &str) -> usize {
    let bytes = name.as_bytes();
    let byte = |at: usize| usize::from(bytes.get(at).copied().unwrap_or(0));
    let last = bytes.len().wrapping_sub(1);
    byte(0) + byte(bytes.len() / 2) * 23 + byte(last) * 5 + bytes.len() * 11
}

#[cfg(test)]
mod tests {
    //! Every added name is found, and no other.

    use proptest::prelude::*;

    use super::{Names, is_same};

    proptest! {
        #[test]
        fn names_are_found_by_their_full_text(
            known in proptest::collection::hash_set("[a-zà-ỹ]{0,6}", 0..60),
            other in "[a-zà-ỹ]{0,6}",
        ) {
            let mut names = Names::default();
            for name in &known {
                names.add(name, name.clone());
            }
            for name in &known {
                prop_assert_eq!(names.get(name), Some(name));
            }
            prop_assert_eq!(names.get(&other).is_some(), known.contains(&other));
            prop_assert_eq!(names.len(), known.len());
        }

        #[test]
        fn what_followed_the_last_time_is_expected(order in "[a-e]{5,40}") {
            let mut names = Names::default();
            for name in ["a", "b", "c", "d", "e"] {
                names.add(name, name);
            }
            let mut last = std::collections::HashMap::new();
            let mut previous = 0;
            for name in order.chars().map(String::from) {
                if let Some(expected) = last.insert(previous, name.clone()) {
                    prop_assert_eq!(names.expected(previous).unwrap().0, expected);
                }
                let place = names.find(&name).unwrap();
                names.note(previous, place);
                previous = place + 1;
            }
        }

        #[test]
        fn names_are_the_same_when_all_their_bytes_are(
            name in "[ab]{0,20}",
            at in any::<prop::sample::Index>(),
            other in "[ab]{0,20}",
        ) {
            let mut changed = name.clone().into_bytes();
            if !changed.is_empty() {
                changed[at.index(name.len())] ^= 1;
                prop_assert!(!is_same(name.as_bytes(), &changed));
            }
            prop_assert!(is_same(name.as_bytes(), &name.clone().into_bytes()));
            prop_assert_eq!(is_same(name.as_bytes(), other.as_bytes()), name == other);
        }
    }
}
