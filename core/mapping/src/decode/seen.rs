//! A set of small numbers: which names of one object have occurred.

/// The set; it allocates only for numbers from 128.
#[derive(Clone, Debug, Default)]
pub(crate) struct Seen {
    low: u128,
    high: Vec<usize>,
}

impl Seen {
    /// Adds a number; false when it was in already.
    #[inline]
    pub(crate) fn add(&mut self, number: usize) -> bool {
        if number < 128 {
            let bit = 1_u128 << number;
            let is_new = self.low & bit == 0;
            self.low |= bit;
            return is_new;
        }
        let is_new = !self.high.contains(&number);
        self.high.push(number);
        is_new
    }
}
