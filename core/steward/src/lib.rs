//! What the steward of a mapping works with: the sheet to sign, and a first mapping to start from.
//!
//! A [`Sheet`] is a mapping as a ministry signs it off: a line for each national field, in Vietnamese
//! and English, with its verdict and an example, as a workbook or a page. [`suggest()`] proposes a
//! first mapping from the shape of a feed and marks every guess. Nothing here does I/O or has a clock.

mod sheet;
mod suggest;

pub use sheet::{FieldLine, RuleLine, Sheet, SheetError};
pub use suggest::{Suggestion, suggest};

#[cfg(test)]
mod tests;
