//! Rules across the fields of a record: a small closed language, compiled to a flat program.

mod eval;
mod lower;
mod syntax;

use std::sync::Arc;

use serde::Deserialize;

use crate::pattern::Pattern;
use crate::{Bound, Title};

pub(crate) use eval::{Scope, Verdict};
pub(crate) use lower::{Fields, Lowered, lower};
pub(crate) use syntax::ExpressionError;

/// What follows when a rule does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// The record is refused.
    Refuse,
    /// The record is accepted and the fault is shown.
    Warn,
}

/// A rule across fields; made by [`Standard::compile`](crate::Standard::compile).
#[derive(Clone, Debug)]
pub struct Rule {
    /// Its name: `due-after-received`.
    pub code: Arc<str>,
    /// What is wrong when it does not hold.
    pub message: Title,
    /// What follows then.
    pub severity: Severity,
    /// The group whose rows it is about; of the record itself when none.
    pub group: Option<usize>,
    /// The condition as written, for the reference page.
    pub holds_text: Arc<str>,
    /// The field that a fault is shown at.
    pub(crate) field: Arc<str>,
    pub(crate) when: Option<Program>,
    pub(crate) holds: Program,
}

/// An expression in postfix order; its depth on the stack was checked when it was compiled.
#[derive(Clone, Debug, Default)]
pub(crate) struct Program {
    ops: Vec<Op>,
}

#[derive(Clone, Debug)]
enum Op {
    Compare { op: Comparison, left: Operand, right: Operand },
    Present(Slot),
    Matches(Slot, Arc<Pattern>),
    And,
    Or,
    Not,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

#[derive(Clone, Debug)]
enum Operand {
    Slot(Slot),
    /// The date of a timestamp, or the one inside a dossier code.
    DateOf(Slot),
    Text(Box<str>),
    Boolean(bool),
    Constant(Bound),
}

/// Where a value lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Slot {
    /// A field of the record.
    Record(usize),
    /// A field of the row that the rule is about.
    Row(usize),
    /// A group of the record, which is present when it has rows.
    Group(usize),
}

/// How deep an expression may nest, on the stack and in parentheses.
const DEPTH_MAX: usize = 16;

#[cfg(test)]
mod tests;
