//! White space: at the ends, and within.

use std::borrow::Cow;

/// Takes white space off both ends, non-breaking spaces too.
pub fn trim(text: &str) -> Cow<'_, str> {
    Cow::Borrowed(text.trim())
}

/// Makes every run of white space one plain space: tabs, line ends and non-breaking spaces too.
pub fn collapse_spaces(text: &str) -> Cow<'_, str> {
    if is_collapsed(text) {
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
