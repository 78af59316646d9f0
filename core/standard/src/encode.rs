//! Writers of the canonical JSON form's parts.

use crate::Value;
use crate::scan::{is_stop_in_word, joined, needs_escape, string_stops};

/// Appends a value; nothing for a missing one.
pub(crate) fn value(value: Value<'_>, out: &mut Vec<u8>) {
    match value {
        Value::Missing => {}
        Value::Null => out.extend_from_slice(b"null"),
        Value::Text(text) => string(text, out),
        Value::Integer(number) => {
            out.extend_from_slice(itoa::Buffer::new().format(number).as_bytes());
        }
        Value::Decimal(number) => quoted(|out| out.extend_from_slice(number.as_bytes()), out),
        Value::Boolean(true) => out.extend_from_slice(b"true"),
        Value::Boolean(false) => out.extend_from_slice(b"false"),
        Value::Date(date) => quoted(|out| date.write_iso(out), out),
        Value::Timestamp(instant) => quoted(|out| instant.write_iso(out), out),
    }
}

/// Appends a JSON string with as few escapes as JSON allows.
///
/// Texts are copied in pieces of a fixed size, each looked through on the way: for the short texts
/// of records a copy of any length would be a call that costs more than the copying.
#[inline]
pub(crate) fn string(text: &str, out: &mut Vec<u8>) {
    let bytes = text.as_bytes();
    // Room for all that is usual, so that the writes below need not look for it.
    out.reserve(bytes.len() + 3);
    out.push(b'"');
    let (chunks, rest) = bytes.as_chunks::<16>();
    for (place, chunk) in chunks.iter().enumerate() {
        if string_stops(chunk) != 0 {
            return stopped(bytes, place * 16, out);
        }
        out.extend_from_slice(chunk);
    }
    if !rest.is_empty() && stops_short(bytes, rest, out) {
        return stopped(bytes, bytes.len() - rest.len(), out);
    }
    out.push(b'"');
}

/// Appends what is left behind the whole chunks of a text, unless something in it stops a string.
#[inline]
fn stops_short(bytes: &[u8], rest: &[u8], out: &mut Vec<u8>) -> bool {
    if let Some(last) = bytes.last_chunk::<16>() {
        if string_stops(last) != 0 {
            return true;
        }
        overlap(out, 16 - rest.len(), last);
    } else if let (Some(first), Some(last)) = (rest.first_chunk::<8>(), rest.last_chunk::<8>()) {
        if string_stops(&joined(*first, *last)) != 0 {
            return true;
        }
        out.extend_from_slice(first);
        overlap(out, 16 - rest.len(), last);
    } else {
        let is_stopped = match (rest.first_chunk::<4>(), rest.last_chunk::<4>()) {
            (Some(first), Some(last)) => {
                let (first, last) = (u32::from_le_bytes(*first), u32::from_le_bytes(*last));
                is_stop_in_word(u64::from(first) | u64::from(last) << 32)
            }
            _ => rest.iter().any(|byte| needs_escape(*byte)),
        };
        if is_stopped {
            return true;
        }
        short(rest, out);
    }
    false
}

/// Appends bytes of which the first ones have been appended already.
#[inline]
fn overlap<const N: usize>(out: &mut Vec<u8>, already: usize, bytes: &[u8; N]) {
    out.truncate(out.len() - already);
    out.extend_from_slice(bytes);
}

/// Appends fewer than eight bytes.
#[inline]
fn short(bytes: &[u8], out: &mut Vec<u8>) {
    match (bytes.first_chunk::<4>(), bytes.last_chunk::<4>()) {
        (Some(first), Some(last)) => {
            out.extend_from_slice(first);
            overlap(out, 8 - bytes.len(), last);
        }
        _ => bytes.iter().for_each(|byte| out.push(*byte)),
    }
}

/// Appends the rest of a text in which something has to be escaped, and ends the string.
#[cold]
fn stopped(bytes: &[u8], from: usize, out: &mut Vec<u8>) {
    escaped(bytes.get(from..).unwrap_or_default(), out);
    out.push(b'"');
}

fn escaped(bytes: &[u8], out: &mut Vec<u8>) {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    for run in bytes.chunk_by(|left, right| !needs_escape(*left) && !needs_escape(*right)) {
        match *run {
            [b'"'] => out.extend_from_slice(b"\\\""),
            [b'\\'] => out.extend_from_slice(b"\\\\"),
            [b'\n'] => out.extend_from_slice(b"\\n"),
            [b'\r'] => out.extend_from_slice(b"\\r"),
            [b'\t'] => out.extend_from_slice(b"\\t"),
            [byte] if byte < 0x20 => {
                let digit = |half: u8| HEX.get(usize::from(half)).copied().unwrap_or(b'0');
                out.extend_from_slice(b"\\u00");
                out.extend_from_slice(&[digit(byte >> 4), digit(byte & 15)]);
            }
            _ => out.extend_from_slice(run),
        }
    }
}

fn quoted(write: impl FnOnce(&mut Vec<u8>), out: &mut Vec<u8>) {
    out.push(b'"');
    write(out);
    out.push(b'"');
}

/// A key as the canonical form writes it, with its colon: `"MaHoSo":`.
#[derive(Clone, Debug)]
pub(crate) struct Key {
    bytes: Box<[u8]>,
    /// The same, filled up to a size that is copied without a call.
    padded: [u8; Self::USUAL],
}

impl Key {
    /// Nearly all keys are of at most so many bytes.
    const USUAL: usize = 32;

    pub(crate) fn new(name: &str) -> Self {
        let mut bytes = Vec::with_capacity(name.len() + 3);
        string(name, &mut bytes);
        bytes.push(b':');
        let mut padded = [0; Self::USUAL];
        for (place, byte) in padded.iter_mut().zip(&bytes) {
            *place = *byte;
        }
        Self { bytes: bytes.into(), padded }
    }

    /// The key's bytes.
    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Appends the key.
    #[inline]
    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        if self.bytes.len() > Self::USUAL {
            return out.extend_from_slice(&self.bytes);
        }
        let end = out.len() + self.bytes.len();
        out.extend_from_slice(&self.padded);
        out.truncate(end);
    }
}

#[cfg(test)]
mod tests;
