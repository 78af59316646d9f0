//! The order of two values of one kind.

use std::cmp::Ordering;

use crate::{Value, decimal};

/// Compares two values; none when one is absent or they are of different kinds.
pub(crate) fn compare(left: Value<'_>, right: Value<'_>) -> Option<Ordering> {
    match (left, right) {
        (Value::Text(left), Value::Text(right)) => Some(left.cmp(right)),
        (Value::Integer(left), Value::Integer(right)) => Some(left.cmp(&right)),
        (Value::Decimal(left), Value::Decimal(right)) => Some(decimal::compare(left, right)),
        (Value::Decimal(left), Value::Integer(right)) => {
            Some(decimal::compare_integer(left, right))
        }
        (Value::Integer(left), Value::Decimal(right)) => {
            Some(decimal::compare_integer(right, left).reverse())
        }
        (Value::Boolean(left), Value::Boolean(right)) => Some(left.cmp(&right)),
        (Value::Date(left), Value::Date(right)) => Some(left.cmp(&right)),
        (Value::Timestamp(left), Value::Timestamp(right)) => Some(left.cmp(&right)),
        _ => None,
    }
}
