//! What the suite found, one line a rule.

use std::fmt;

/// What became of every rule, for one kind and one sample source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// The adapter kind.
    pub kind: &'static str,
    /// One line a rule.
    pub lines: Vec<Line>,
}

/// One rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The rule, as a statement.
    pub rule: &'static str,
    /// What became of it.
    pub outcome: Outcome,
}

/// What became of a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It holds.
    Kept,
    /// It does not; what was seen instead.
    Broken(String),
    /// The sample source gives no occasion for it.
    NotTried(&'static str),
}

impl Report {
    /// Whether no rule is broken.
    pub fn is_kept(&self) -> bool {
        !self.lines.iter().any(|line| matches!(line.outcome, Outcome::Broken(_)))
    }

    /// For tests.
    ///
    /// # Panics
    /// When a rule is broken, with the whole report.
    #[track_caller]
    pub fn assert_kept(&self) {
        assert!(self.is_kept(), "adapter kind `{}` breaks the contract:\n{self}", self.kind);
    }
}

impl fmt::Display for Report {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for Line { rule, outcome } in &self.lines {
            match outcome {
                Outcome::Kept => writeln!(out, "kept       {rule}")?,
                Outcome::Broken(why) => writeln!(out, "broken     {rule}: {why}")?,
                Outcome::NotTried(why) => writeln!(out, "not tried  {rule}: {why}")?,
            }
        }
        Ok(())
    }
}
