//! Looking through text many bytes at a time, for the few bytes that matter.

use wide::u8x16;

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

/// A bit for each byte at which a JSON string ends or can't go on as it is: a quote, a backslash or
/// a control character. The first byte has the lowest bit.
#[inline]
pub fn string_stops(bytes: &[u8; 16]) -> u32 {
    let bytes = u8x16::new(*bytes);
    let is = |byte: u8| bytes.simd_eq(u8x16::splat(byte));
    let controls = bytes.min(u8x16::splat(0x1f)).simd_eq(bytes);
    (is(b'"') | is(b'\\') | controls).to_bitmask()
}

/// Whether a JSON string can't hold the eight bytes of a word as they are.
#[inline]
pub(crate) const fn is_stop_in_word(word: u64) -> bool {
    controls(word) | equal(word, b'"') | equal(word, b'\\') != 0
}

/// Whether all bytes are printable ASCII.
#[inline]
pub(crate) fn is_printable_ascii(bytes: &[u8]) -> bool {
    let (chunks, rest) = bytes.as_chunks::<16>();
    let is_ascii = |chunk: &[u8; 16]| {
        let chunk = u8x16::new(*chunk);
        // It wraps around: what lies below 0x20 comes out above 0x5e, as 0x7f and all after it do.
        let shifted = chunk - u8x16::splat(0x20);
        shifted.min(u8x16::splat(0x5e)).simd_eq(shifted).to_bitmask() == 0xffff
    };
    if !chunks.iter().all(is_ascii) {
        return false;
    }
    if let (Some(last), false) = (bytes.last_chunk::<16>(), rest.is_empty()) {
        return is_ascii(last);
    }
    // Fewer than sixteen: two words that overlap, or the bytes themselves.
    match (rest.first_chunk::<8>(), rest.last_chunk::<8>()) {
        (Some(first), Some(last)) => is_ascii(&joined(*first, *last)),
        _ => rest.iter().all(|byte| matches!(byte, 0x20..0x7f)),
    }
}

/// Two words as one chunk.
#[inline]
pub(crate) const fn joined(first: [u8; 8], last: [u8; 8]) -> [u8; 16] {
    let (first, last) = (u64::from_le_bytes(first), u64::from_le_bytes(last));
    (first as u128 | (last as u128) << 64).to_le_bytes()
}

/// The place of the first byte that a JSON string can't hold as it is: a quote, a backslash or a
/// control character.
#[inline]
pub(crate) fn find_escape(bytes: &[u8]) -> Option<usize> {
    let (chunks, rest) = bytes.as_chunks::<16>();
    for (place, chunk) in chunks.iter().enumerate() {
        let stops = string_stops(chunk);
        if stops != 0 {
            return Some(place * 16 + stops.trailing_zeros() as usize);
        }
    }
    let found = rest.iter().position(|byte| needs_escape(*byte))?;
    Some(chunks.len() * 16 + found)
}

/// Whether a JSON string can't hold the byte as it is.
pub(crate) const fn needs_escape(byte: u8) -> bool {
    matches!(byte, 0..0x20 | b'"' | b'\\')
}

/// Whether a text holds only characters that are known to be in composed form and visible: ASCII,
/// the Latin letters up to U+02FF, those of U+1E00 to U+1EFF (where the Vietnamese ones are), and
/// U+2010 to U+203F (dashes, quotes, ellipsis).
pub(crate) fn is_common_text(text: &str) -> bool {
    let mut bytes = text.as_bytes();
    // A window is of sixteen bytes that may begin a character, and the two behind them.
    while let Some(window) = bytes.first_chunk::<WINDOW>() {
        if !is_common(window) {
            return false;
        }
        bytes = bytes.get(16..).unwrap_or_default();
    }
    let mut last = [b' '; 2 * WINDOW];
    let Some(start) = last.get_mut(..bytes.len()) else { return false };
    start.copy_from_slice(bytes);
    let rest = last.get(16..).and_then(<[u8]>::first_chunk);
    last.first_chunk().is_some_and(is_common) && (bytes.len() <= 16 || rest.is_some_and(is_common))
}

const WINDOW: usize = 18;

/// Whether none of the first sixteen bytes begins a character that must be looked at. A byte that
/// begins none is fine.
#[inline]
fn is_common(window: &[u8; WINDOW]) -> bool {
    let at = |from: usize| {
        let chunk = window.get(from..).and_then(<[u8]>::first_chunk);
        u8x16::new(chunk.copied().unwrap_or_default())
    };
    let (first, second, third) = (at(0), at(1), at(2));
    let all = u8x16::splat;
    let is = |byte: u8| first.simd_eq(all(byte));
    let up_to = |bytes: u8x16, last: u8| bytes.min(all(last)).simd_eq(bytes);
    let from = |bytes: u8x16, first: u8| bytes.max(all(first)).simd_eq(bytes);
    // Control characters; what begins with 0xcc to 0xe0, or with 0xe3 and above.
    let other = up_to(first, 0x1f) | is(0x7f) | up_to(first - all(0xcc), 0x14) | from(first, 0xe3);
    let c2 = is(0xc2) & up_to(second, 0x9f);
    let e1 = is(0xe1) & from(second - all(0xb8), 4);
    let e2 = is(0xe2) & !(second.simd_eq(all(0x80)) & from(third, 0x90));
    !(other | c2 | e1 | e2).any()
}

#[cfg(test)]
mod tests;
