//! A scanner over JSON text: strings, numbers, words and blanks, by their exact grammar (RFC 8259).
//!
//! It only finds where things begin and end. The text is known to be UTF-8.

use lienthong_standard::string_stops;

/// The places of a text that a string can't pass: its end, an escape, or a control character. All
/// of them are found in one pass, so that the end of each string is a look at a bit.
#[derive(Clone, Debug, Default)]
pub(crate) struct Stops {
    /// A bit for each byte, 64 in a word, the lowest first.
    words: Vec<u64>,
}

impl Stops {
    /// Finds the places of a text.
    pub(super) fn find(&mut self, bytes: &[u8]) {
        let (blocks, rest) = bytes.as_chunks::<64>();
        self.words.clear();
        self.words.extend(blocks.iter().map(stops_of));
        let mut last = [b' '; 64];
        if let Some(start) = last.get_mut(..rest.len()) {
            start.copy_from_slice(rest);
            self.words.push(stops_of(&last));
        }
    }

    /// The first of them from a place on.
    #[inline]
    pub(super) fn next(&self, from: usize) -> Option<usize> {
        let mut at = from / 64;
        let mut word = self.words.get(at)? & (u64::MAX << (from % 64));
        while word == 0 {
            at += 1;
            word = *self.words.get(at)?;
        }
        Some(at * 64 + word.trailing_zeros() as usize)
    }

    /// Gives back the memory that a giant text has taken.
    pub(crate) fn shrink(&mut self) {
        self.words.clear();
        self.words.shrink_to(crate::workspace::KEPT_MAX);
    }
}

fn stops_of(block: &[u8; 64]) -> u64 {
    let (chunks, _) = block.as_chunks::<16>();
    chunks.iter().rev().fold(0, |word, chunk| word << 16 | u64::from(string_stops(chunk)))
}

/// Where the string ends whose inside begins at `from`: the place of its closing quote, and whether
/// it has escapes. The error is the place of what can't stand in a string.
#[inline]
pub(super) fn string_end(bytes: &[u8], stops: &Stops, from: usize) -> Result<(usize, bool), usize> {
    let Some(at) = stops.next(from) else { return Err(bytes.len()) };
    match bytes.get(at) {
        Some(b'"') => Ok((at, false)),
        Some(b'\\') => escaped_end(bytes, stops, at).map(|end| (end, true)),
        _ => Err(at),
    }
}

fn escaped_end(bytes: &[u8], stops: &Stops, mut at: usize) -> Result<usize, usize> {
    loop {
        let length = match bytes.get(at + 1) {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => 2,
            Some(b'u') => 6,
            _ => return Err(at),
        };
        if length == 6 {
            let digits = bytes.get(at + 2..at + 6).unwrap_or_default();
            if digits.len() != 4 || !digits.iter().all(u8::is_ascii_hexdigit) {
                return Err(at);
            }
        }
        let Some(next) = stops.next(at + length) else { return Err(bytes.len()) };
        match bytes.get(next) {
            Some(b'"') => return Ok(next),
            Some(b'\\') => at = next,
            _ => return Err(next),
        }
    }
}

/// Where the number ends that begins at `from`, or the place of what can't stand in one.
#[inline]
pub(super) fn number_end(bytes: &[u8], from: usize) -> Result<usize, usize> {
    let mut at = from;
    if bytes.get(at) == Some(&b'-') {
        at += 1;
    }
    match bytes.get(at) {
        Some(b'0') => at += 1,
        Some(b'1'..=b'9') => at = digits_end(bytes, at),
        _ => return Err(at),
    }
    if bytes.get(at) == Some(&b'.') {
        at = some_digits(bytes, at + 1)?;
    }
    if let Some(b'e' | b'E') = bytes.get(at) {
        at += 1;
        if let Some(b'+' | b'-') = bytes.get(at) {
            at += 1;
        }
        at = some_digits(bytes, at)?;
    }
    Ok(at)
}

fn some_digits(bytes: &[u8], from: usize) -> Result<usize, usize> {
    let end = digits_end(bytes, from);
    if end > from { Ok(end) } else { Err(end) }
}

fn digits_end(bytes: &[u8], from: usize) -> usize {
    let rest = bytes.get(from..).unwrap_or_default();
    from + rest.iter().take_while(|byte| byte.is_ascii_digit()).count()
}

/// Where the blanks end that begin at `from`.
#[inline]
pub(super) fn blanks_end(bytes: &[u8], from: usize) -> usize {
    let mut at = from;
    while let Some(b' ' | b'\t' | b'\n' | b'\r') = bytes.get(at) {
        at += 1;
    }
    at
}

#[cfg(test)]
mod tests;
