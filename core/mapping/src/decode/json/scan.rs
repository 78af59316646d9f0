//! A scanner over JSON text: strings, numbers, words and blanks, by their exact grammar (RFC 8259).
//!
//! It only finds where things begin and end. The text is known to be UTF-8.

/// The first byte of a string that needs a look: its end, an escape, or a control character.
///
/// Eight bytes are tested at once. The tests are exact for the lowest byte that they mark, because
/// borrows run only upwards, and the lowest is all that is used.
#[inline]
pub(super) fn string_stop(bytes: &[u8], from: usize) -> Option<(usize, u8)> {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGHS: u64 = 0x8080_8080_8080_8080;
    let is_zero = |word: u64| word.wrapping_sub(ONES) & !word;
    let mut at = from;
    while let Some(chunk) = bytes.get(at..).and_then(<[u8]>::first_chunk::<8>) {
        let word = u64::from_le_bytes(*chunk);
        let quotes = is_zero(word ^ (ONES * 0x22));
        let escapes = is_zero(word ^ (ONES * 0x5c));
        let controls = word.wrapping_sub(ONES * 0x20) & !word;
        let marks = (quotes | escapes | controls) & HIGHS;
        if marks != 0 {
            at += marks.trailing_zeros() as usize / 8;
            return bytes.get(at).map(|byte| (at, *byte));
        }
        at += 8;
    }
    let rest = bytes.get(at..)?;
    let stop = rest.iter().position(|byte| matches!(byte, 0..0x20 | b'"' | b'\\'))?;
    bytes.get(at + stop).map(|byte| (at + stop, *byte))
}

/// Where the string ends whose inside begins at `from`: the place of its closing quote, and whether
/// it has escapes. The error is the place of what can't stand in a string.
#[inline]
pub(super) fn string_end(bytes: &[u8], from: usize) -> Result<(usize, bool), usize> {
    match string_stop(bytes, from) {
        Some((end, b'"')) => Ok((end, false)),
        Some((at, b'\\')) => escaped_end(bytes, at).map(|end| (end, true)),
        Some((at, _)) => Err(at),
        None => Err(bytes.len()),
    }
}

fn escaped_end(bytes: &[u8], mut at: usize) -> Result<usize, usize> {
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
        match string_stop(bytes, at + length) {
            Some((end, b'"')) => return Ok(end),
            Some((next, b'\\')) => at = next,
            Some((next, _)) => return Err(next),
            None => return Err(bytes.len()),
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
