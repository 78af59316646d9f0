//! Writers of the canonical JSON form's parts.

use crate::Value;
use crate::scan::{find_escape, needs_escape};

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
pub(crate) fn string(text: &str, out: &mut Vec<u8>) {
    let bytes = text.as_bytes();
    // Room for all that is usual, so that the writes below need not look for it.
    out.reserve(bytes.len() + 3);
    out.push(b'"');
    match find_escape(bytes) {
        None => out.extend_from_slice(bytes),
        Some(first) => {
            let (plain, rest) = bytes.split_at(first);
            out.extend_from_slice(plain);
            escaped(rest, out);
        }
    }
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

/// A key as the canonical form writes it: `"MaHoSo":`.
pub(crate) fn key(name: &str) -> Box<[u8]> {
    let mut out = Vec::with_capacity(name.len() + 3);
    string(name, &mut out);
    out.push(b':');
    out.into_boxed_slice()
}
