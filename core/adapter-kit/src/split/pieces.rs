//! Splitting of a text that is in memory as a whole: an answer over HTTP, say.

use std::ops::Range;

use super::{Flaw, Splitter, Step};

/// The items and flaws of a text, in order.
#[derive(Debug)]
pub struct Pieces<'a> {
    text: &'a [u8],
    at: usize,
    splitter: Splitter,
}

/// One item of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece<'a> {
    /// The item.
    pub bytes: &'a [u8],
    /// Where it lies in the text.
    pub range: Range<usize>,
    /// Its number among the items and flaws of the text, from 0.
    pub number: u64,
}

impl<'a> Pieces<'a> {
    /// Splits a text from its beginning.
    pub fn new(text: &'a [u8], splitter: Splitter) -> Self {
        Self { text, at: 0, splitter }
    }
}

impl<'a> Iterator for Pieces<'a> {
    type Item = Result<Piece<'a>, Flaw>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let start = self.at;
            let number = self.splitter.mark().number;
            match self.splitter.step(self.text.get(start..).unwrap_or_default(), true) {
                Step::Item { range, consumed } => {
                    self.at += consumed;
                    let range = start + range.start..start + range.end;
                    let bytes = self.text.get(range.clone()).unwrap_or_default();
                    return Some(Ok(Piece { bytes, range, number }));
                }
                Step::Flaw { flaw, consumed } => {
                    self.at += consumed;
                    return Some(Err(flaw));
                }
                Step::Skip { consumed } => self.at += consumed,
                Step::More | Step::End => return None,
            }
        }
    }
}
