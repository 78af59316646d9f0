//! Exact decimals as text: what the range of a place's numbers is told in.

use std::cmp::Ordering;

/// Digits of a range's end; longer numbers leave the range untold.
const DIGITS_MAX: usize = 40;

/// Writes a JSON number out plainly: `1.50e2` as `150`; none where that would take too many digits.
pub(crate) fn plain(literal: &str) -> Option<String> {
    let (sign, rest) = match literal.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", literal),
    };
    let (mantissa, exponent) = match rest.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i64>().ok()?),
        None => (rest, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
    let scale = exponent.checked_sub(i64::try_from(fraction.len()).ok()?)?;
    let is_number = !whole.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    let room = i64::try_from(DIGITS_MAX).ok()?;
    if !is_number || digits.len() > DIGITS_MAX || scale.abs() > room {
        return None;
    }
    let point = i64::try_from(digits.len()).ok()? + scale;
    let (whole, fraction) = match usize::try_from(point) {
        Err(_) => (String::new(), "0".repeat(usize::try_from(-point).ok()?) + &digits),
        Ok(point) if point >= digits.len() => {
            (digits.clone() + &"0".repeat(point - digits.len()), String::new())
        }
        Ok(point) => {
            let (whole, fraction) = digits.split_at_checked(point)?;
            (whole.to_owned(), fraction.to_owned())
        }
    };
    let whole = Some(whole.trim_start_matches('0')).filter(|text| !text.is_empty()).unwrap_or("0");
    let fraction = fraction.trim_end_matches('0');
    match (whole, fraction) {
        ("0", "") => Some("0".to_owned()),
        (whole, "") => Some(format!("{sign}{whole}")),
        (whole, fraction) => Some(format!("{sign}{whole}.{fraction}")),
    }
}

/// Compares two decimals that [`plain`] wrote.
pub(crate) fn compare(one: &str, other: &str) -> Ordering {
    match (one.strip_prefix('-'), other.strip_prefix('-')) {
        (None, None) => magnitude(one, other),
        (Some(one), Some(other)) => magnitude(other, one),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
    }
}

fn magnitude(one: &str, other: &str) -> Ordering {
    let parts = |text: &'_ str| {
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        (whole.len(), whole.to_owned(), fraction.to_owned())
    };
    parts(one).cmp(&parts(other))
}

#[cfg(test)]
mod tests;
