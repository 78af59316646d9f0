//! Escapes of JSON strings, undone without allocation of their own.

/// Appends the text that the inside of a JSON string stands for. The grammar has been checked by
/// the parser; what it leaves open, surrogates that are no pair, is answered with the offset.
pub(crate) fn unescape(inside: &str, out: &mut String) -> Result<(), usize> {
    let mut rest = inside;
    while let Some(at) = memchr::memchr(b'\\', rest.as_bytes()) {
        let offset = inside.len() - rest.len() + at;
        let (plain, escape) = rest.split_at_checked(at).ok_or(offset)?;
        out.push_str(plain);
        let (letter, length) = one(escape.as_bytes()).ok_or(offset)?;
        out.push(letter);
        rest = escape.get(length..).ok_or(offset)?;
    }
    out.push_str(rest);
    Ok(())
}

/// The character of the escape at the beginning, and the escape's length in bytes.
fn one(escape: &[u8]) -> Option<(char, usize)> {
    let letter = match escape.get(1)? {
        b'"' => '"',
        b'\\' => '\\',
        b'/' => '/',
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        b'u' => return unicode(escape),
        _ => return None,
    };
    Some((letter, 2))
}

fn unicode(escape: &[u8]) -> Option<(char, usize)> {
    let first = hex(escape.get(2..6)?)?;
    if !(0xd800..0xe000).contains(&first) {
        return char::from_u32(first).map(|letter| (letter, 6));
    }
    let is_pair = first < 0xdc00 && escape.get(6..8)? == b"\\u";
    let second = hex(escape.get(8..12)?)?;
    if !is_pair || !(0xdc00..0xe000).contains(&second) {
        return None;
    }
    let code = 0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00);
    char::from_u32(code).map(|letter| (letter, 12))
}

fn hex(digits: &[u8]) -> Option<u32> {
    digits
        .iter()
        .try_fold(0, |sum, digit| char::from(*digit).to_digit(16).map(|value| sum * 16 + value))
}
