//! Verdicts: what is known of each national field before a record is read.

use std::ops::Range;
use std::sync::Arc;

/// What is known of one national field before a record is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// The field, with its groups: `DanhSachLePhi.Gia`.
    pub field: Arc<str>,
    /// The verdict.
    pub state: State,
    /// Why, in words: for [`State::Checked`] every way in which a record can be refused.
    pub reasons: Vec<String>,
    /// The rule's place in the mapping's file, in bytes; none for a field without a rule.
    pub place: Option<Range<usize>>,
}

/// How sure it is that a field gets a valid value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// Every record yields a valid value, or none where the standard needs none.
    Proven,
    /// It can fail at run time, in the ways that the reasons say.
    Checked,
    /// It can never be valid; the mapping does not load.
    Refuted,
}

impl State {
    /// The word for it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Proven => "proven",
            Self::Checked => "checked",
            Self::Refuted => "refuted",
        }
    }
}
