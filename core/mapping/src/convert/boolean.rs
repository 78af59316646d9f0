//! Words for true and false.

/// The words that a source writes for true and for false; no word is in both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Words {
    pub(crate) yes: Vec<Box<str>>,
    pub(crate) no: Vec<Box<str>>,
}

impl Words {
    /// Reads a word, exactly as it is written.
    pub(crate) fn read(&self, text: &str) -> Option<bool> {
        let is_in = |words: &[Box<str>]| words.iter().any(|word| &**word == text);
        match (is_in(&self.yes), is_in(&self.no)) {
            (true, _) => Some(true),
            (false, true) => Some(false),
            (false, false) => None,
        }
    }
}
