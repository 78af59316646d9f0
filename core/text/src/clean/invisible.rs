//! Characters that nobody sees and that make equal names unequal.

use std::borrow::Cow;

/// Removes characters without width or meaning in Vietnamese: zero-width spaces and joiners, marks
/// of writing direction, byte order marks, soft hyphens, and control characters but tab and line
/// ends.
pub fn strip_invisible(text: &str) -> Cow<'_, str> {
    if !may_hold_any(text.as_bytes()) {
        return Cow::Borrowed(text);
    }
    let Some(first) = text.find(is_invisible) else { return Cow::Borrowed(text) };
    let (clean, rest) = text.split_at(first);
    let mut out = String::with_capacity(text.len());
    out.push_str(clean);
    out.extend(rest.chars().filter(|letter| !is_invisible(*letter)));
    Cow::Owned(out)
}

/// Whether a byte is there that an invisible character begins with; without early end, so that it
/// runs over many bytes at once.
fn may_hold_any(bytes: &[u8]) -> bool {
    let begins = |byte: u8| byte < b' ' || matches!(byte, 0x7F | 0xC2 | 0xE2 | 0xEF);
    bytes.iter().fold(false, |found, byte| found | begins(*byte))
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
