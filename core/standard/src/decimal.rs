//! Exact decimal numbers as text: canonical form and order, of any length.

use std::cmp::Ordering;

/// The greatest number of characters of a decimal; far more than any published figure has.
pub(crate) const CHARS_MAX: usize = 64;

/// Whether a text is a decimal in canonical form: an optional `-`, digits without leading zeros,
/// optionally a point and digits; zero has no sign.
pub(crate) fn is_canonical(text: &str) -> bool {
    let bytes = text.as_bytes();
    let unsigned = bytes.strip_prefix(b"-").unwrap_or(bytes);
    let whole = unsigned.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let is_whole = match unsigned.get(..whole) {
        Some([b'0']) => true,
        Some([first, ..]) => *first != b'0',
        _ => false,
    };
    let is_fraction = match unsigned.get(whole..) {
        Some([]) => true,
        Some([b'.', digits @ ..]) => !digits.is_empty() && digits.iter().all(u8::is_ascii_digit),
        _ => false,
    };
    let is_negative_zero =
        unsigned.len() < bytes.len() && unsigned.iter().all(|byte| matches!(byte, b'0' | b'.'));
    is_whole && is_fraction && !is_negative_zero && bytes.len() <= CHARS_MAX
}

/// Compares two canonical decimals by value: `1.50` equals `1.5`.
pub(crate) fn compare(left: &str, right: &str) -> Ordering {
    match (left.strip_prefix('-'), right.strip_prefix('-')) {
        (None, None) => compare_unsigned(left, right),
        (Some(left), Some(right)) => compare_unsigned(right, left),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
    }
}

fn compare_unsigned(left: &str, right: &str) -> Ordering {
    let (left_whole, left_fraction) = left.split_once('.').unwrap_or((left, ""));
    let (right_whole, right_fraction) = right.split_once('.').unwrap_or((right, ""));
    left_whole
        .len()
        .cmp(&right_whole.len())
        .then_with(|| left_whole.cmp(right_whole))
        .then_with(|| left_fraction.trim_end_matches('0').cmp(right_fraction.trim_end_matches('0')))
}

/// Compares a canonical decimal with a whole number.
pub(crate) fn compare_integer(left: &str, right: i64) -> Ordering {
    compare(left, itoa::Buffer::new().format(right))
}

#[cfg(test)]
mod tests;
