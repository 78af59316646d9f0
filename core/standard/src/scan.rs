//! Looking through text eight bytes at a time, for the few bytes that matter.

const ONES: u64 = 0x0101_0101_0101_0101;
const TOPS: u64 = ONES * 0x80;

/// A bit at the top of each byte below 0x20. Bytes after the first such byte may be marked wrongly,
/// so only the lowest mark, and whether there is any, can be relied on; so it is below.
const fn controls(word: u64) -> u64 {
    word.wrapping_sub(ONES * 0x20) & !word & TOPS
}

/// A bit at the top of each byte that equals `byte`.
const fn equal(word: u64, byte: u8) -> u64 {
    let zero = word ^ (ONES * byte as u64);
    zero.wrapping_sub(ONES) & !zero & TOPS
}

/// Whether all bytes are printable ASCII.
pub(crate) fn is_printable_ascii(bytes: &[u8]) -> bool {
    let (words, rest) = bytes.as_chunks::<8>();
    for word in words {
        let word = u64::from_le_bytes(*word);
        if (word & TOPS) | controls(word) | equal(word, 0x7f) != 0 {
            return false;
        }
    }
    rest.iter().all(|byte| matches!(byte, 0x20..0x7f))
}

/// The place of the first byte that a JSON string can't hold as it is: a quote, a backslash or a
/// control character.
pub(crate) fn find_escape(bytes: &[u8]) -> Option<usize> {
    let (words, rest) = bytes.as_chunks::<8>();
    for (place, word) in words.iter().enumerate() {
        let word = u64::from_le_bytes(*word);
        let marks = controls(word) | equal(word, b'"') | equal(word, b'\\');
        if marks != 0 {
            return Some(place * 8 + marks.trailing_zeros() as usize / 8);
        }
    }
    let found = rest.iter().position(|byte| needs_escape(*byte))?;
    Some(words.len() * 8 + found)
}

/// Whether a JSON string can't hold the byte as it is.
pub(crate) const fn needs_escape(byte: u8) -> bool {
    matches!(byte, 0..0x20 | b'"' | b'\\')
}

/// Whether a text holds only characters that are known to be in composed form and visible: ASCII,
/// the Latin letters up to U+02FF, those of U+1E00 to U+1EFF (where the Vietnamese ones are), and
/// U+2010 to U+203F (dashes, quotes, ellipsis).
///
/// No branches, so that it compiles to vector instructions.
pub(crate) fn is_common_text(text: &str) -> bool {
    let bytes = text.as_bytes();
    let (after, last) = (bytes.get(1..).unwrap_or_default(), bytes.get(2..).unwrap_or_default());
    let suspect = bytes.iter().zip(after).zip(last).fold(0, |suspect, ((first, second), third)| {
        suspect | u8::from(is_suspect(*first, *second, *third))
    });
    // The last two bytes begin no character of three bytes.
    let (end, one) = bytes.split_at(bytes.len().saturating_sub(1));
    let before =
        end.last().is_some_and(|byte| is_suspect(*byte, one.first().copied().unwrap_or(0), 0xbf));
    suspect == 0 && !before && one.iter().all(|byte| *byte >= 0x20 && *byte != 0x7f)
}

/// Whether a character that begins with these bytes must be looked at. A byte that begins none is
/// fine.
const fn is_suspect(first: u8, second: u8, third: u8) -> bool {
    match first {
        0x00..0x20 | 0x7f | 0xcc..=0xe0 | 0xe3..=0xff => true,
        0xc2 => second < 0xa0,
        0xe1 => second.wrapping_sub(0xb8) > 3,
        0xe2 => second != 0x80 || third < 0x90,
        _ => false,
    }
}

#[cfg(test)]
mod tests;
