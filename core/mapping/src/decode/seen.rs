//! A set of small numbers: which names of one object have occurred.

/// The set; it allocates only for numbers from 64.
#[derive(Clone, Debug, Default)]
pub(crate) struct Seen {
    low: u64,
    high: Vec<u64>,
}

impl Seen {
    /// Adds a number; false when it was in already.
    #[inline]
    pub(crate) fn add(&mut self, number: usize) -> bool {
        let bit = 1_u64 << (number % 64);
        if number < 64 {
            let is_new = self.low & bit == 0;
            self.low |= bit;
            return is_new;
        }
        self.add_high(number / 64 - 1, bit)
    }

    #[cold]
    fn add_high(&mut self, word: usize, bit: u64) -> bool {
        if self.high.len() <= word {
            self.high.resize(word + 1, 0);
        }
        let Some(word) = self.high.get_mut(word) else { return false };
        let is_new = *word & bit == 0;
        *word |= bit;
        is_new
    }
}

#[cfg(test)]
mod tests {
    //! The set against the standard library's.

    use std::collections::HashSet;

    use proptest::prelude::*;

    use super::Seen;

    proptest! {
        #[test]
        fn every_number_is_new_once(numbers in prop::collection::vec(0_usize..300, 0..80)) {
            let (mut ours, mut theirs) = (Seen::default(), HashSet::new());
            for number in numbers {
                prop_assert_eq!(ours.add(number), theirs.insert(number));
            }
        }
    }
}
