//! Running a compiled expression on a record, in three values: true, false and unknown.

use std::cmp::Ordering;

use crate::shape::dossier_date;
use crate::{FieldFault, Rows, Value, order};

use super::{Comparison, DEPTH_MAX, Op, Operand, Program, Rule, Severity, Slot};

/// What a rule says of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It holds, or it does not apply.
    Fine,
    /// It does not hold.
    Broken,
}

/// The values that an expression sees.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scope<'a> {
    pub(crate) values: &'a [Value<'a>],
    pub(crate) groups: &'a [Rows<'a>],
    /// The row that the rule is about; empty for a rule of the record.
    pub(crate) row: &'a [Value<'a>],
}

impl Rule {
    /// A rule is broken only if its condition for applying is true and what should hold is false;
    /// where a missing value leaves either unknown, the rule does not apply.
    pub(crate) fn judge(&self, scope: Scope<'_>) -> Verdict {
        let applies = self.when.as_ref().is_none_or(|when| when.run(scope) == Some(true));
        if applies && self.holds.run(scope) == Some(false) {
            return Verdict::Broken;
        }
        Verdict::Fine
    }

    /// The fault of a record that breaks the rule; `prefix` names the row: `DanhSachLePhi[2].`.
    pub(crate) fn fault(&self, prefix: &str) -> FieldFault {
        FieldFault {
            code: match self.severity {
                Severity::Refuse => "LT-4110",
                Severity::Warn => "LT-4111",
            },
            field: format!("{prefix}{}", self.field),
            reason: format!("{} (rule `{}`)", self.message.en, self.code),
            reason_vi: format!("{} (quy tắc `{}`)", self.message.vi, self.code),
            hint: Some(format!("the standard asks that {}", self.holds_text)),
            waiting_for: None,
        }
    }
}

impl Program {
    fn run(&self, scope: Scope<'_>) -> Option<bool> {
        let mut stack = [None; DEPTH_MAX];
        let mut height = 0;
        for op in &self.ops {
            let result = match op {
                Op::Compare { op, left, right } => compare(*op, left, right, scope),
                Op::Present(slot) => Some(is_present(*slot, scope)),
                Op::Matches(slot, pattern) => text_of(*slot, scope).map(|t| pattern.is_match(t)),
                Op::Not => pop(&stack, &mut height).map(|value| !value),
                Op::And => both(pop(&stack, &mut height), pop(&stack, &mut height), false),
                Op::Or => both(pop(&stack, &mut height), pop(&stack, &mut height), true),
            };
            // The compiler has refused expressions that need a higher stack.
            if let Some(top) = stack.get_mut(height) {
                *top = result;
                height += 1;
            }
        }
        pop(&stack, &mut height)
    }
}

fn pop(stack: &[Option<bool>], height: &mut usize) -> Option<bool> {
    *height = height.checked_sub(1)?;
    stack.get(*height).copied().flatten()
}

/// `and` and `or` in three values: `strong` (false for `and`, true for `or`) decides alone.
fn both(left: Option<bool>, right: Option<bool>, strong: bool) -> Option<bool> {
    if left == Some(strong) || right == Some(strong) {
        return Some(strong);
    }
    left.and(right)
}

fn compare(op: Comparison, left: &Operand, right: &Operand, scope: Scope<'_>) -> Option<bool> {
    let order = order::compare(value_of(left, scope), value_of(right, scope))?;
    Some(match op {
        Comparison::Equal => order == Ordering::Equal,
        Comparison::NotEqual => order != Ordering::Equal,
        Comparison::Less => order == Ordering::Less,
        Comparison::LessOrEqual => order != Ordering::Greater,
        Comparison::Greater => order == Ordering::Greater,
        Comparison::GreaterOrEqual => order != Ordering::Less,
    })
}

fn value_of<'a>(operand: &'a Operand, scope: Scope<'a>) -> Value<'a> {
    match operand {
        Operand::Slot(slot) => slot_value(*slot, scope),
        Operand::DateOf(slot) => match slot_value(*slot, scope) {
            Value::Timestamp(instant) => Value::Date(instant.date()),
            Value::Text(code) => dossier_date(code).map_or(Value::Missing, Value::Date),
            _ => Value::Missing,
        },
        Operand::Text(text) => Value::Text(text),
        Operand::Boolean(value) => Value::Boolean(*value),
        Operand::Constant(bound) => bound.value(),
    }
}

fn slot_value(slot: Slot, scope: Scope<'_>) -> Value<'_> {
    let value = match slot {
        Slot::Record(index) => scope.values.get(index),
        Slot::Row(index) => scope.row.get(index),
        Slot::Group(_) => None,
    };
    value.copied().unwrap_or(Value::Missing)
}

fn text_of(slot: Slot, scope: Scope<'_>) -> Option<&str> {
    match slot_value(slot, scope) {
        Value::Text(text) => Some(text),
        _ => None,
    }
}

fn is_present(slot: Slot, scope: Scope<'_>) -> bool {
    match slot {
        Slot::Group(index) => scope.groups.get(index).is_some_and(|rows| !rows.values.is_empty()),
        _ => slot_value(slot, scope).is_present(),
    }
}
