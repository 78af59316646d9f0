//! Shapes: patterns with a hand-written matcher, ten times as fast as their regular expression.
//!
//! Each has a published regular expression of the same language, and a test that compares the two
//! on generated text.

use crate::Date;
use crate::date::pair;

/// A pattern that is matched by hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    Agency,
    Procedure,
    Dossier,
    Period,
}

impl Shape {
    pub(crate) const ALL: [Self; 4] = [Self::Agency, Self::Procedure, Self::Dossier, Self::Period];

    /// The name by which `patterns.toml` asks for it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Agency => "agency",
            Self::Procedure => "procedure",
            Self::Dossier => "dossier",
            Self::Period => "period",
        }
    }

    /// The regular expression of the same language (ECMA-262 and Rust alike).
    pub(crate) const fn regex(self) -> &'static str {
        match self {
            Self::Agency => {
                r"^([0-9]{3}\.[0-9]{2}\.[0-9]{2}\.[A-Z][0-9]{2}|[A-Z][0-9]{2}(\.[0-9]{2,3}){0,3})$"
            }
            Self::Procedure => {
                r"^[0-9A-Za-z_]+(\.[0-9]{6})?(\.([0-9]{3}\.[0-9]{2}\.[0-9]{2}\.)?[A-Z][0-9]{2})?$"
            }
            Self::Dossier => concat!(
                r"^([0-9]{3}\.[0-9]{2}\.[0-9]{2}\.)?[A-Z][0-9]{2}(\.[0-9]{2,3})*",
                r"-([0-9]{6}|[0-9]{8})-[0-9]{4,7}$"
            ),
            Self::Period => r"^[0-9]{4}(-(0[1-9]|1[0-2]|Q[1-4]|H[12]|9M))?$",
        }
    }

    pub(crate) fn is_match(self, text: &str) -> bool {
        let bytes = text.as_bytes();
        match self {
            Self::Agency => is_agency(bytes),
            Self::Procedure => is_procedure(bytes),
            Self::Dossier => is_dossier(bytes),
            Self::Period => period_end(text).is_some() || is_year_zero_period(bytes),
        }
    }
}

/// The date inside a dossier code (`…-220921-…` or `…-20220921-…`), if it is one of the calendar.
pub(crate) fn dossier_date(code: &str) -> Option<Date> {
    let mut parts = code.rsplit('-');
    let (year, month_and_day) = match *parts.nth(1)?.as_bytes() {
        [y1, y2, ref rest @ ..] if rest.len() == 4 => (2000 + i16::from(pair(y1, y2)?), rest),
        [y1, y2, y3, y4, ref rest @ ..] => {
            (i16::from(pair(y1, y2)?) * 100 + i16::from(pair(y3, y4)?), rest)
        }
        _ => return None,
    };
    let &[m1, m2, d1, d2] = month_and_day else { return None };
    Date::new(year, pair(m1, m2)?, pair(d1, d2)?)
}

/// The last day of a period: `2024`, `2024-06`, `2024-Q2`, `2024-H1`, `2024-9M`.
pub(crate) fn period_end(text: &str) -> Option<Date> {
    let &[y1, y2, y3, y4, ref rest @ ..] = text.as_bytes() else { return None };
    let year = i16::from(pair(y1, y2)?) * 100 + i16::from(pair(y3, y4)?);
    let month = period_month(rest)?;
    Date::new(year, month, 1).map(Date::last_of_month)
}

/// The last month of a period, from what follows its year.
fn period_month(rest: &[u8]) -> Option<u8> {
    match *rest {
        [] => Some(12),
        [b'-', b'Q', quarter @ b'1'..=b'4'] => Some((quarter - b'0') * 3),
        [b'-', b'H', half @ b'1'..=b'2'] => Some((half - b'0') * 6),
        [b'-', b'9', b'M'] => Some(9),
        [b'-', tens, ones] => pair(tens, ones).filter(|month| (1..=12).contains(month)),
        _ => None,
    }
}

/// The year 0000 has no dates, but the form of a period.
fn is_year_zero_period(bytes: &[u8]) -> bool {
    matches!(bytes, [b'0', b'0', b'0', b'0', rest @ ..] if period_month(rest).is_some())
}

fn is_agency(bytes: &[u8]) -> bool {
    if let [b'0'..=b'9', ..] = bytes {
        return take_owner(bytes).is_some_and(<[u8]>::is_empty);
    }
    take_letter_code(bytes).is_some_and(|rest| take_levels(rest, 3).is_empty())
}

fn is_procedure(bytes: &[u8]) -> bool {
    let is_word = |byte: &&u8| byte.is_ascii_alphanumeric() || **byte == b'_';
    let head = bytes.iter().take_while(is_word).count();
    let Some(rest) = bytes.get(head..).filter(|_| head > 0) else { return false };
    let rest = match rest {
        [b'.', number @ ..] => match take_digits(number, 6) {
            Some(after) if matches!(after, [] | [b'.', ..]) => after,
            _ => rest,
        },
        _ => rest,
    };
    match rest {
        [] => true,
        [b'.', owner @ ..] => take_owner(owner).is_some_and(<[u8]>::is_empty),
        _ => false,
    }
}

fn is_dossier(bytes: &[u8]) -> bool {
    let Some(rest) = take_owner(bytes) else { return false };
    let [b'-', rest @ ..] = take_levels(rest, usize::MAX) else { return false };
    let date = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let Some([b'-', ordinal @ ..]) = rest.get(date..).filter(|_| matches!(date, 6 | 8)) else {
        return false;
    };
    (4..=7).contains(&ordinal.len()) && ordinal.iter().all(u8::is_ascii_digit)
}

/// `000.00.18.G12` or `G12`: what follows it.
fn take_owner(bytes: &[u8]) -> Option<&[u8]> {
    let Some(b'0'..=b'9') = bytes.first() else { return take_letter_code(bytes) };
    let mut rest = bytes;
    for width in [3, 2, 2] {
        rest = take_digits(rest, width)?.strip_prefix(b".")?;
    }
    take_letter_code(rest)
}

/// `G12`: what follows it.
fn take_letter_code(bytes: &[u8]) -> Option<&[u8]> {
    match bytes {
        [b'A'..=b'Z', rest @ ..] => take_digits(rest, 2),
        _ => None,
    }
}

/// Up to so many levels (`.18`, `.018`): what follows them.
fn take_levels(mut bytes: &[u8], levels_max: usize) -> &[u8] {
    for _ in 0..levels_max {
        let [b'.', level @ ..] = bytes else { break };
        let width = level.iter().take_while(|byte| byte.is_ascii_digit()).count();
        match level.get(width..) {
            Some(rest) if matches!(width, 2 | 3) => bytes = rest,
            _ => break,
        }
    }
    bytes
}

fn take_digits(bytes: &[u8], count: usize) -> Option<&[u8]> {
    let (head, rest) = bytes.split_at_checked(count)?;
    head.iter().all(u8::is_ascii_digit).then_some(rest)
}

#[cfg(test)]
mod tests;
