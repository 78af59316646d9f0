//! Exact numbers: whole numbers, and decimals in their canonical form, never through a float.

use std::ops::Range;

/// How a number is written: its decimal point and the mark between thousands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Notation {
    pub(crate) point: char,
    pub(crate) thousands: Option<char>,
}

impl Notation {
    /// Digits with a point, as in JSON without an exponent.
    pub(crate) const PLAIN: Self = Self { point: '.', thousands: None };
}

/// Digits of a number before they are joined: the most there may be.
const DIGITS_MAX: usize = 100;

/// Where a canonical decimal was found or put.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Canonical {
    /// This part of the input is canonical as it stands.
    Kept(Range<usize>),
    /// The canonical form was appended to the output.
    Written,
}

/// Reads a whole number: an optional `-` and digits. Leading zeros are allowed, a sign of zero not.
pub(crate) fn integer(text: &str) -> Option<i64> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let is_plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    if !is_plain {
        return None;
    }
    text.parse().ok().filter(|number| *number != 0 || !text.starts_with('-'))
}

/// Reads a whole number written as a decimal whose fraction is zero: `123000,00`.
pub(crate) fn integer_of_decimal(text: &str, notation: Notation) -> Option<i64> {
    let (whole, fraction) = match split(text, notation.point) {
        Some((whole, fraction)) if !fraction.is_empty() => (whole, fraction),
        Some(_) => return None,
        None => (text, ""),
    };
    if fraction.bytes().any(|byte| byte != b'0') {
        return None;
    }
    let Some(mark) = notation.thousands.filter(|mark| whole.contains(*mark)) else {
        return integer(whole);
    };
    let mut joined = String::new();
    join_thousands(whole, mark, &mut joined)?;
    integer(&joined)
}

/// Reads a decimal in a notation; appends to `out` only what is not canonical as it stands.
pub(crate) fn decimal(text: &str, notation: Notation, out: &mut String) -> Option<Canonical> {
    if text.len() > DIGITS_MAX {
        return None;
    }
    if notation.point == '.' && is_canonical(text) {
        return Some(Canonical::Kept(0..text.len()));
    }
    let (sign, rest) = match text.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", text),
    };
    let (whole, fraction) = match split(rest, notation.point) {
        Some((whole, fraction)) if !fraction.is_empty() => (whole, fraction),
        Some(_) => return None,
        None => (rest, ""),
    };
    if !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let mut joined = String::new();
    let whole = match notation.thousands.filter(|mark| whole.contains(*mark)) {
        Some(mark) => {
            join_thousands(whole, mark, &mut joined)?;
            joined.as_str()
        }
        None => whole,
    };
    let is_whole = !whole.is_empty() && whole.bytes().all(|byte| byte.is_ascii_digit());
    if !is_whole {
        return None;
    }
    write_canonical(sign, whole, fraction, out);
    Some(Canonical::Written)
}

/// Reads a JSON number exactly: an exponent moves the point, no digit is added to the value but the
/// zeros that the point needs.
pub(crate) fn decimal_of_json(text: &str, out: &mut String) -> Option<Canonical> {
    let Some((mantissa, exponent)) = text.split_once(['e', 'E']) else {
        return decimal(text, Notation::PLAIN, out);
    };
    let exponent: i32 = exponent.strip_prefix('+').unwrap_or(exponent).parse().ok()?;
    let is_bounded = exponent.unsigned_abs() < 100 && mantissa.len() <= DIGITS_MAX;
    if !is_bounded {
        return None;
    }
    let (sign, rest) = match mantissa.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", mantissa),
    };
    let (whole, fraction) = rest.split_once('.').unwrap_or((rest, ""));
    let mut digits = format!("{whole}{fraction}");
    let point = i32::try_from(whole.len()).ok()? + exponent;
    if point <= 0 {
        let zeros = usize::try_from(1 - point).ok()?;
        digits.insert_str(0, &"0".repeat(zeros));
    }
    let point = usize::try_from(point.max(1)).ok()?;
    while digits.len() < point {
        digits.push('0');
    }
    let (whole, fraction) = digits.split_at_checked(point)?;
    write_canonical(sign, whole, fraction, out);
    Some(Canonical::Written)
}

/// Whether a text is a decimal in canonical form: an optional `-`, digits without leading zeros,
/// optionally a point and digits, and no sign before zero.
fn is_canonical(text: &str) -> bool {
    let rest = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = match split(rest, '.') {
        Some((_, "")) => return false,
        Some(parts) => parts,
        None => (rest, ""),
    };
    let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let has_digits = !whole.is_empty() && all_digits(whole) && all_digits(fraction);
    let is_zero = rest.bytes().all(|byte| matches!(byte, b'0' | b'.'));
    let is_short = whole.len() == 1 || !whole.starts_with('0');
    has_digits && is_short && !(is_zero && rest.len() != text.len())
}

fn write_canonical(sign: &str, whole: &str, fraction: &str, out: &mut String) {
    let whole = whole.trim_start_matches('0');
    let is_zero = whole.is_empty() && fraction.bytes().all(|byte| byte == b'0');
    if !is_zero {
        out.push_str(sign);
    }
    out.push_str(if whole.is_empty() { "0" } else { whole });
    if !fraction.is_empty() {
        out.push('.');
        out.push_str(fraction);
    }
}

/// Splits at the first place of a mark. Numbers are short, so looking at each byte is fastest.
fn split(text: &str, mark: char) -> Option<(&str, &str)> {
    if !mark.is_ascii() {
        return text.split_once(mark);
    }
    let at = text.bytes().position(|byte| char::from(byte) == mark)?;
    let (before, after) = text.split_at_checked(at)?;
    Some((before, after.get(1..)?))
}

/// Joins groups of thousands: one to three digits, then groups of exactly three.
fn join_thousands(text: &str, mark: char, out: &mut String) -> Option<()> {
    let (sign, rest) = match text.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", text),
    };
    out.push_str(sign);
    for (index, group) in rest.split(mark).enumerate() {
        let is_group = group.len() == 3 || (index == 0 && (1..=3).contains(&group.len()));
        if !is_group || !group.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        out.push_str(group);
    }
    Some(())
}

#[cfg(test)]
mod tests;
