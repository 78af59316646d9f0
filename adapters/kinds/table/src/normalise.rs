//! Text made comparable: what rules are matched against and row keys are made of.

use lienthong_text::clean::{collapse_spaces, fold_tone_placement, nfc, strip_invisible};

/// Text as it goes into an item: NFC, no invisible characters, one space where there were several
/// or a line break.
pub(crate) fn tidy(text: &str) -> String {
    let text = nfc(text);
    let text = strip_invisible(&text);
    collapse_spaces(&text).trim().to_owned()
}

/// Tidy text in small letters, with one habit of tone placement and no space before a stop or
/// inside brackets: `Công nghiệp chế biến , chế tạo` and `công nghiệp chế biến, chế tạo` are one.
pub fn comparable(text: &str) -> String {
    let tidy = tidy(text).to_lowercase();
    let folded = fold_tone_placement(&tidy);
    let mut out = String::with_capacity(folded.len());
    for letter in folded.chars() {
        if matches!(letter, ',' | ';' | ':' | '.' | ')') {
            out.truncate(out.trim_end().len());
        }
        if letter == ' ' && out.ends_with('(') {
            continue;
        }
        out.push(letter);
    }
    out.trim().to_owned()
}

#[cfg(test)]
mod tests;
