//! One problem in a text that a person wrote.

use std::ops::Range;
use std::sync::Arc;

/// One problem in a text that a person wrote, with its place.
///
/// Made by whoever reads the text; `span` lies within `text` on character boundaries, and a place
/// that does not is shown as the file alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The error code, a page of `docs/errors/`.
    pub code: &'static str,
    /// What is wrong, in a sentence without its full stop.
    pub message: String,
    /// A few words shown under the marked text.
    pub label: String,
    /// What to do about it.
    pub hint: Option<String>,
    /// The file's name as the person knows it.
    pub file: Arc<str>,
    /// The file's whole text.
    pub text: Arc<str>,
    /// Byte range in the text.
    pub span: Range<usize>,
}

impl Problem {
    /// Line and column of the place, both from 1, the column in characters.
    pub fn line_column(&self) -> (usize, usize) {
        let before = self.text.get(..self.span.start).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        (line, column)
    }
}
