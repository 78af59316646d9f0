//! `phone-e164` and `phone-vn`: telephone numbers in one spelling.
//!
//! Both read the same spellings: digits with blanks, points, hyphens, slashes or brackets between
//! them, domestic (`0…`) or with Vietnam's code (`+84…`, `84…`, `0084…`). A domestic number has 9
//! or 10 digits behind its zero: mobile numbers 9, old mobile numbers and most landlines 10.

use super::{Argument, Example, Failure, Function, Outcome, whole};

pub(super) const E164: Function = Function {
    name: "phone-e164",
    argument: Argument::None,
    fails: Some("what is no telephone number; a number of another country without its `+`"),
    doc: "Writes a telephone number as `+` and digits. Numbers of other countries pass when they \
          begin with `+`. An empty text stays empty.",
    examples: &[
        Example { written: "\"phone-e164\"", input: "0912 345 678", output: Some("+84912345678") },
        Example {
            written: "\"phone-e164\"",
            input: "(024) 3.825.5599",
            output: Some("+842438255599"),
        },
        Example { written: "\"phone-e164\"", input: "84912345678", output: Some("+84912345678") },
        Example {
            written: "\"phone-e164\"",
            input: "+84 0912345678",
            output: Some("+84912345678"),
        },
        Example {
            written: "\"phone-e164\"",
            input: "+1 650 555 0100",
            output: Some("+16505550100"),
        },
        Example { written: "\"phone-e164\"", input: "không có", output: None },
        Example { written: "\"phone-e164\"", input: "0000", output: None },
    ],
};

pub(super) const VN: Function = Function {
    name: "phone-vn",
    argument: Argument::None,
    fails: Some("what is no Vietnamese telephone number"),
    doc: "Writes a Vietnamese telephone number as its digits with the leading zero. An empty text \
          stays empty.",
    examples: &[
        Example { written: "\"phone-vn\"", input: "+84912345678", output: Some("0912345678") },
        Example { written: "\"phone-vn\"", input: "0912.345.678", output: Some("0912345678") },
        Example { written: "\"phone-vn\"", input: "+1 650 555 0100", output: None },
        Example { written: "\"phone-vn\"", input: "12345", output: None },
    ],
};

static NO_NUMBER: Failure = Failure {
    english: "it is not a telephone number",
    vietnamese: "không phải là số điện thoại",
};

const DIGITS_MAX: usize = 17;

pub(super) fn e164(text: &str, out: &mut String) -> Outcome {
    if text.is_empty() {
        return whole(text);
    }
    let Some(digits) = Digits::read(text) else { return Outcome::Failed(&NO_NUMBER) };
    if let Some(national) = digits.national() {
        out.push_str("+84");
        push(national, out);
        return Outcome::Written;
    }
    let all = digits.all();
    let is_foreign = digits.is_international
        && (8..=15).contains(&all.len())
        && !all.starts_with(b"0")
        && !all.starts_with(b"84");
    if !is_foreign {
        return Outcome::Failed(&NO_NUMBER);
    }
    out.push('+');
    push(all, out);
    Outcome::Written
}

pub(super) fn vn(text: &str, out: &mut String) -> Outcome {
    if text.is_empty() {
        return whole(text);
    }
    let digits = Digits::read(text);
    let Some(national) = digits.as_ref().and_then(Digits::national) else {
        return Outcome::Failed(&NO_NUMBER);
    };
    out.push('0');
    push(national, out);
    Outcome::Written
}

/// The digits of a number, and whether a `+` stood before them.
struct Digits {
    bytes: [u8; DIGITS_MAX],
    len: usize,
    is_international: bool,
}

impl Digits {
    fn read(text: &str) -> Option<Self> {
        let mut read = Self { bytes: [0; DIGITS_MAX], len: 0, is_international: false };
        for letter in text.chars() {
            match letter {
                '0'..='9' => {
                    *read.bytes.get_mut(read.len)? = u8::try_from(letter).ok()?;
                    read.len += 1;
                }
                '+' if read.len == 0 && !read.is_international => read.is_international = true,
                '.' | '-' | '/' | '(' | ')' => {}
                _ if letter.is_whitespace() => {}
                _ => return None,
            }
        }
        (read.len > 0).then_some(read)
    }

    fn all(&self) -> &[u8] {
        self.bytes.get(..self.len).unwrap_or_default()
    }

    /// The digits of a Vietnamese number behind its zero or country code.
    fn national(&self) -> Option<&[u8]> {
        let all = self.all();
        let digits = if self.is_international {
            let rest = all.strip_prefix(b"84")?;
            rest.strip_prefix(b"0").unwrap_or(rest)
        } else if let Some(rest) = all.strip_prefix(b"0084") {
            rest.strip_prefix(b"0").unwrap_or(rest)
        } else if let Some(rest) = all.strip_prefix(b"0") {
            rest
        } else {
            all.strip_prefix(b"84")?
        };
        let is_number = matches!(digits.len(), 9 | 10) && !digits.starts_with(b"0");
        is_number.then_some(digits)
    }
}

fn push(digits: &[u8], out: &mut String) {
    out.extend(digits.iter().copied().map(char::from));
}
