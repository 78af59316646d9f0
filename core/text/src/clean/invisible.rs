//! Characters that nobody sees and that make equal names unequal.

use std::borrow::Cow;

/// Removes characters without width or meaning in Vietnamese: zero-width spaces and joiners, marks
/// of writing direction, byte order marks, soft hyphens, and control characters but tab and line
/// ends.
pub fn strip_invisible(text: &str) -> Cow<'_, str> {
    let Some(first) = text.find(is_invisible) else { return Cow::Borrowed(text) };
    let (clean, rest) = text.split_at(first);
    let mut out = String::with_capacity(text.len());
    out.push_str(clean);
    out.extend(rest.chars().filter(|letter| !is_invisible(*letter)));
    Cow::Owned(out)
}

fn is_invisible(letter: char) -> bool {
    let is_control = letter.is_control() && !matches!(letter, '\t' | '\n' | '\r');
    is_control
        || matches!(letter,
            '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
            | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{206F}' | '\u{FEFF}')
}

#[cfg(test)]
mod tests;
