//! The two habits of placing a tone mark: `hòa` and `hoà` are one word and two texts.

use std::borrow::Cow;

/// Moves the tone mark of a syllable that ends in `oa`, `oe` or `uy` from the second vowel to the
/// first: `hoà` becomes `hòa`, `uỷ` becomes `ủy`. Everything else has one way to be written
/// (`hoàn`, `quý`) and stays. Expects NFC.
///
/// For comparing names and keys; what is sent on keeps the way its writer chose.
pub fn fold_tone_placement(text: &str) -> Cow<'_, str> {
    // The pairs in question are a plain `o` or `u` and a letter with a tone, whose bytes begin
    // with 0xC3 or 0xE1.
    let is_candidate =
        |one: u8, two: u8| matches!(one | 0x20, b'o' | b'u') && matches!(two, 0xC3 | 0xE1);
    let bytes = text.as_bytes();
    let mut pairs = bytes.iter().zip(bytes.iter().skip(1));
    if text.is_ascii() || !pairs.any(|(one, two)| is_candidate(*one, *two)) {
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
        if is_open && let Some([one, two]) = moved(before, first, second) {
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

/// The pair with the tone mark on the first vowel, if it stood on the second.
fn moved(before: Option<char>, first: char, second: char) -> Option<[char; 2]> {
    let (bases, toned) = match first {
        'o' | 'O' => (['a', 'e'].as_slice(), ["òóỏõọ", "ÒÓỎÕỌ"]),
        // In `quý` the u belongs to the consonant.
        'u' | 'U' if !matches!(before, Some('q' | 'Q')) => (['y'].as_slice(), ["ùúủũụ", "ÙÚỦŨỤ"]),
        _ => return None,
    };
    for base in bases {
        let (small, capital) = match base {
            'a' => ("àáảãạ", "ÀÁẢÃẠ"),
            'e' => ("èéẻẽẹ", "ÈÉẺẼẸ"),
            _ => ("ỳýỷỹỵ", "ỲÝỶỸỴ"),
        };
        let found = small.chars().position(|letter| letter == second).map(|tone| (tone, *base));
        let found = found.or_else(|| {
            let tone = capital.chars().position(|letter| letter == second)?;
            Some((tone, base.to_ascii_uppercase()))
        });
        let Some((tone, plain)) = found else { continue };
        let [small_toned, capital_toned] = toned;
        let toned = if first.is_lowercase() { small_toned } else { capital_toned };
        return toned.chars().nth(tone).map(|letter| [letter, plain]);
    }
    None
}

#[cfg(test)]
mod tests;
