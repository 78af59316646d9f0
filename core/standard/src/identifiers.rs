//! Identifiers as parsed types: tolerant reading, one canonical form for each kind.
//!
//! Systems write hyphens for points, small letters, blanks, zero-width characters and full-width
//! letters; a reader takes them all and nothing that would need a guess (a missing point, an `O` for
//! a zero). Reading a canonical form gives the same form again. What the source wrote is not lost:
//! it stands in the item, and a trace shows both.

mod agency;
mod dossier;
mod procedure;

pub use agency::{AgencyCode, Generation};
pub use dossier::DossierCode;
pub use procedure::ProcedureCode;

/// No identifier is longer; what is, is something else.
const CHARS_MAX: usize = 100;

/// The text in plain ASCII, without blanks and invisible characters; none where a character is
/// left that no identifier has.
fn plain(text: &str) -> Option<String> {
    let mut plain = String::with_capacity(text.len());
    for letter in text.chars() {
        let letter = match letter {
            // Zero-width characters, marks of direction, soft hyphens.
            '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'
            | '\u{feff}'
            | '\u{ad}' => continue,
            _ if letter.is_whitespace() => continue,
            '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe63}' => '-',
            // Full-width forms lie in the order of ASCII.
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(letter) - 0xfee0)?,
            _ => letter,
        };
        if !(letter.is_ascii_alphanumeric() || matches!(letter, '.' | '-' | '_')) {
            return None;
        }
        if plain.len() >= CHARS_MAX {
            return None;
        }
        plain.push(letter);
    }
    (!plain.is_empty()).then_some(plain)
}

/// Whether a group is a letter and two digits, as every body of the state has one: `G12`.
fn is_letter_code(group: &str) -> bool {
    matches!(group.as_bytes(), [letter, tens, ones]
        if letter.is_ascii_alphabetic() && tens.is_ascii_digit() && ones.is_ascii_digit())
}

#[cfg(test)]
mod tests;
