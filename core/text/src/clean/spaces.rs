//! White space: at the ends, and within.

use std::borrow::Cow;

/// Takes white space off both ends, non-breaking spaces too.
pub fn trim(text: &str) -> Cow<'_, str> {
    Cow::Borrowed(text.trim())
}

/// Makes every run of white space one plain space: tabs, line ends and non-breaking spaces too.
pub fn collapse_spaces(text: &str) -> Cow<'_, str> {
    if is_surely_collapsed(text.as_bytes()) || is_collapsed(text) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut is_in_run = false;
    for letter in text.chars() {
        if !letter.is_whitespace() {
            out.push(letter);
            is_in_run = false;
        } else if !is_in_run {
            out.push(' ');
            is_in_run = true;
        }
    }
    Cow::Owned(out)
}

/// Whether there is no byte that white space other than a plain space begins with, and no two
/// spaces in a row; without early end, so that it runs over many bytes at once. Vietnamese letters
/// begin with 0xE1 as does U+1680, which goes on with 0x9A.
fn is_surely_collapsed(bytes: &[u8]) -> bool {
    let begins = |byte: u8| byte < b' ' || matches!(byte, 0xC2 | 0xE2 | 0xE3);
    let single = bytes.iter().fold(false, |found, byte| found | begins(*byte));
    let is_pair = |one: u8, two: u8| matches!((one, two), (b' ', b' ') | (0xE1, 0x9A));
    let following = bytes.iter().skip(1);
    let pair =
        bytes.iter().zip(following).fold(false, |found, (one, two)| found | is_pair(*one, *two));
    !single && !pair
}

fn is_collapsed(text: &str) -> bool {
    let mut is_after_space = false;
    for letter in text.chars() {
        let is_space = letter == ' ';
        if (is_space && is_after_space) || (!is_space && letter.is_whitespace()) {
            return false;
        }
        is_after_space = is_space;
    }
    true
}

#[cfg(test)]
mod tests;
