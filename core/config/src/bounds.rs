//! Checks of single values that types can't express: ranges, names, codes, addresses.

use std::fmt::Display;
use std::ops::RangeInclusive;

use lienthong_adapter_api::Section;
use lienthong_diagnostics::Problem;

#[cfg(test)]
mod tests;

/// Says it when a number lies outside its range.
pub(crate) fn range<T: PartialOrd + Display + Copy>(
    section: &Section,
    key: &str,
    value: T,
    range: RangeInclusive<T>,
    problems: &mut Vec<Problem>,
) {
    if range.contains(&value) {
        return;
    }
    let (first, last) = (range.start(), range.end());
    problems.push(section.problem_at(
        section.span_of(key),
        "LT-1003",
        format!("`{key}` must lie between {first} and {last}"),
        format!("{value} is outside"),
        None,
    ));
}

/// Says it when a name could not stand in a path, a header or a message.
pub(crate) fn name(section: &Section, key: &str, value: &str, problems: &mut Vec<Problem>) {
    let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let starts = value.starts_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit());
    if starts && value.len() <= 64 && value.chars().all(is_plain) {
        return;
    }
    problems.push(section.problem_at(
        section.span_of(key),
        "LT-1003",
        "a name has lower-case letters, digits and hyphens, at most 64",
        "not a name",
        None,
    ));
}

/// Says it when a code is none of the two generations of agency codes (QCVN 102:2016;
/// Decision 20/2020/QĐ-TTg).
pub(crate) fn agency(section: &Section, key: &str, value: &str, problems: &mut Vec<Problem>) {
    if is_agency(value) {
        return;
    }
    problems.push(section.problem_at(
        section.span_of(key),
        "LT-1003",
        "this is not the code of an agency",
        "not an agency code",
        Some("a code looks like `H22`, `G04.18` or `000.00.18.G12`".to_owned()),
    ));
}

/// Whether a text has the form of an agency's code.
pub(crate) fn is_agency(code: &str) -> bool {
    let digits = |part: &str, count: &[usize]| {
        count.contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
    };
    let body = |part: &str| {
        let letter = part.bytes().next().is_some_and(|byte| byte.is_ascii_uppercase());
        letter && part.get(1..).is_some_and(|rest| digits(rest, &[2]))
    };
    let parts: Vec<&str> = code.split('.').collect();
    match parts.as_slice() {
        [first, second, third, last] if digits(first, &[3]) && !body(first) => {
            digits(second, &[2]) && digits(third, &[2]) && body(last)
        }
        [first, rest @ ..] => {
            code.len() <= 35
                && body(first)
                && rest.len() <= 3
                && rest.iter().all(|part| digits(part, &[2, 3]))
        }
        [] => false,
    }
}

/// Checks an address and takes the slash off its end. A user or password in it is a secret in the
/// settings; plain HTTP to another machine is worth a warning.
pub(crate) fn address(
    section: &Section,
    key: &str,
    value: &str,
    problems: &mut Vec<Problem>,
    warnings: &mut Vec<Problem>,
) -> String {
    let at = section.span_of(key);
    let mut refuse = |code, message: &str, label: &str, hint: &str| {
        let hint = Some(hint.to_owned());
        problems.push(section.problem_at(at.clone(), code, message, label, hint));
    };
    let example = "write it like `https://hub.example.gov.vn`";
    let Some((scheme, rest)) = value.split_once("://") else {
        refuse("LT-1003", "an address begins with `https://` or `http://`", "no scheme", example);
        return String::new();
    };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if !matches!(scheme, "http" | "https") {
        refuse("LT-1003", "an address begins with `https://` or `http://`", "unknown", example);
    } else if host.contains('@') {
        let hint = "give the user and the password as settings of their own, by reference";
        refuse("LT-1006", "a secret must not stand in the settings", "a literal secret", hint);
    } else if host.is_empty() || rest.contains(char::is_whitespace) || rest.contains('#') {
        refuse("LT-1003", "this is not an address", "not an address", example);
    } else if scheme == "http" && !is_loopback(host) {
        warnings.push(section.problem_at(
            at,
            "LT-1026",
            "records and credentials go to this address in the open",
            "not encrypted",
            Some("use `https://`, or a security server on this machine".to_owned()),
        ));
    }
    value.trim_end_matches('/').to_owned()
}

fn is_loopback(host: &str) -> bool {
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    name == "localhost" || name.starts_with("127.") || name == "[::1]"
}
