//! How many of the learned rows something is true of: between two numbers.

use std::ops::{Add, AddAssign};

/// How many of the learned rows something is true of. Nothing says whether it can be true at all
/// but `most`: what can be, can be at least once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) least: u64,
    pub(crate) most: u64,
}

impl Tally {
    /// What can't be.
    pub(crate) const NEVER: Self = Self { least: 0, most: 0 };

    /// What is true of exactly so many.
    pub(crate) const fn exactly(count: u64) -> Self {
        Self { least: count, most: count }
    }

    /// What can be, and is true of at most so many learned rows.
    pub(crate) fn up_to(count: u64) -> Self {
        Self { least: 0, most: count.max(1) }
    }

    pub(crate) const fn is_possible(self) -> bool {
        self.most > 0
    }

    /// The same without its lower end: of some of them.
    pub(crate) const fn some(self) -> Self {
        Self { least: 0, most: self.most }
    }

    /// Whether it is known exactly.
    pub(crate) const fn is_exact(self) -> bool {
        self.least == self.most
    }
}

impl Add for Tally {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            least: self.least.saturating_add(other.least),
            most: self.most.saturating_add(other.most),
        }
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}
