//! The two habits of placing a tone mark: `hòa` and `hoà` are one word and two texts.

use std::borrow::Cow;

/// Where the tone mark of a syllable stands that ends in `oa`, `oe` or `uy`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TonePlacement {
    /// On the first vowel: `hòa`, `khỏe`, `thủy`. As most people and most registers write.
    Old,
    /// On the second vowel: `hoà`, `khoẻ`, `thuỷ`. As schoolbooks write.
    New,
}

/// The pairs of vowels in question, each tone in the same column.
const PAIRS: [Pair; 3] = [
    Pair { plain: ['o', 'a'], first: "òóỏõọ", second: "àáảãạ" },
    Pair { plain: ['o', 'e'], first: "òóỏõọ", second: "èéẻẽẹ" },
    Pair { plain: ['u', 'y'], first: "ùúủũụ", second: "ỳýỷỹỵ" },
];

struct Pair {
    plain: [char; 2],
    first: &'static str,
    second: &'static str,
}

/// Moves tone marks to one placement, for comparing names and keys: `hoà` becomes `hòa`. What is
/// sent on keeps the way its writer chose. Expects NFC.
pub fn fold_tone_placement(text: &str) -> Cow<'_, str> {
    // What has to move is a plain `o` or `u` and a letter with a tone, whose bytes begin with 0xC3
    // or 0xE1.
    let is_candidate =
        |one: u8, two: u8| matches!(one | 0x20, b'o' | b'u') && matches!(two, 0xC3 | 0xE1);
    let bytes = text.as_bytes();
    let mut pairs = bytes.iter().zip(bytes.iter().skip(1));
    if !pairs.any(|(one, two)| is_candidate(*one, *two)) {
        return Cow::Borrowed(text);
    }
    place_tones(text, TonePlacement::Old)
}

/// Moves the tone mark of every syllable that ends in `oa`, `oe` or `uy` to where this habit has it.
/// Everything else has one way to be written (`hoàn`, `quý`) and stays. Expects NFC.
pub fn place_tones(text: &str, placement: TonePlacement) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    let mut out: Option<String> = None;
    // Everything before this offset is in `out`, once there is one.
    let mut copied = 0;
    let mut before = None;
    let mut letters = text.char_indices().peekable();
    while let Some((start, first)) = letters.next() {
        let Some(&(at_second, second)) = letters.peek() else { break };
        let end = at_second + second.len_utf8();
        let after = text.get(end..).and_then(|rest| rest.chars().next());
        let is_open = !after.is_some_and(|next| next.is_alphabetic() || is_mark(next));
        // In `quý` the u belongs to the consonant.
        let is_consonant = matches!(before, Some('q' | 'Q'));
        if is_open
            && !is_consonant
            && let Some([one, two]) = moved(first, second, placement)
        {
            let out = out.get_or_insert_with(|| String::with_capacity(text.len()));
            out.push_str(text.get(copied..start).unwrap_or_default());
            out.push(one);
            out.push(two);
            copied = end;
        }
        before = Some(first);
    }
    match out {
        None => Cow::Borrowed(text),
        Some(mut out) => {
            out.push_str(text.get(copied..).unwrap_or_default());
            Cow::Owned(out)
        }
    }
}

fn is_mark(letter: char) -> bool {
    ('\u{300}'..='\u{36F}').contains(&letter)
}

/// The pair with its tone mark moved, if it stood on the other vowel.
fn moved(first: char, second: char, placement: TonePlacement) -> Option<[char; 2]> {
    let small = [small(first), small(second)];
    let [one, two] = PAIRS.iter().find_map(|pair| pair.moved(small, placement))?;
    Some([like(one, first)?, like(two, second)?])
}

impl Pair {
    fn moved(&self, [one, two]: [char; 2], placement: TonePlacement) -> Option<[char; 2]> {
        let [plain_one, plain_two] = self.plain;
        let tone_in = |toned: &str, letter| toned.chars().position(|known| known == letter);
        match placement {
            TonePlacement::Old if one == plain_one => {
                let tone = tone_in(self.second, two)?;
                Some([self.first.chars().nth(tone)?, plain_two])
            }
            TonePlacement::New if two == plain_two => {
                let tone = tone_in(self.first, one)?;
                Some([plain_one, self.second.chars().nth(tone)?])
            }
            _ => None,
        }
    }
}

/// The small letter; Vietnamese letters have one each.
fn small(letter: char) -> char {
    letter.to_lowercase().next().unwrap_or(letter)
}

/// A small letter as large as another.
fn like(letter: char, model: char) -> Option<char> {
    if model.is_uppercase() { letter.to_uppercase().next() } else { Some(letter) }
}

#[cfg(test)]
mod tests;
