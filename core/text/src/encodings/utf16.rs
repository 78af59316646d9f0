//! UTF-16 in both byte orders.

use super::at;
use crate::{DecodeError, Encoding};

/// Which byte of a unit comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    Little,
    Big,
}

/// One character, or why there is none.
pub(crate) enum Unit {
    /// A character and the bytes it takes.
    Char(char, usize),
    /// A surrogate without its partner; two bytes.
    Lone,
    /// More bytes are needed to tell.
    Incomplete,
}

impl Order {
    /// The order that a byte order mark names.
    pub(crate) fn of_mark(bytes: &[u8]) -> Option<Self> {
        match bytes {
            [0xFF, 0xFE, ..] => Some(Self::Little),
            [0xFE, 0xFF, ..] => Some(Self::Big),
            _ => None,
        }
    }

    /// The order that an encoding fixes.
    pub(crate) fn of_encoding(encoding: Encoding) -> Option<Self> {
        match encoding {
            Encoding::Utf16Le => Some(Self::Little),
            Encoding::Utf16Be => Some(Self::Big),
            _ => None,
        }
    }

    /// Reads the character at the beginning of `bytes`.
    pub(crate) fn first(self, bytes: &[u8]) -> Unit {
        let Some(high) = self.unit(bytes) else { return Unit::Incomplete };
        if !(0xD800..0xE000).contains(&high) {
            return char::from_u32(high).map_or(Unit::Lone, |found| Unit::Char(found, 2));
        }
        if high >= 0xDC00 {
            return Unit::Lone;
        }
        let Some(low) = bytes.get(2..).and_then(|rest| self.unit(rest)) else {
            return Unit::Incomplete;
        };
        if !(0xDC00..0xE000).contains(&low) {
            return Unit::Lone;
        }
        let code = 0x1_0000 + ((high - 0xD800) << 10) + (low - 0xDC00);
        char::from_u32(code).map_or(Unit::Lone, |found| Unit::Char(found, 4))
    }

    fn unit(self, bytes: &[u8]) -> Option<u32> {
        let [first, second, ..] = *bytes else { return None };
        let pair = [first, second];
        Some(u32::from(match self {
            Self::Little => u16::from_le_bytes(pair),
            Self::Big => u16::from_be_bytes(pair),
        }))
    }
}

/// Decodes a whole text and leaves out its byte order mark.
pub(crate) fn decode(bytes: &[u8], encoding: Encoding) -> Result<String, DecodeError> {
    let marked = Order::of_mark(bytes);
    let order = match Order::of_encoding(encoding) {
        Some(fixed) => fixed,
        None => marked.ok_or(DecodeError::NoByteOrderMark)?,
    };
    let skipped = if marked == Some(order) { 2 } else { 0 };
    let mut out = String::with_capacity(bytes.len() / 2);
    let text = bytes.get(skipped..).unwrap_or_default();
    let (taken, lone) = feed(text, order, &mut out);
    let offset = at(taken + skipped);
    if lone {
        return Err(DecodeError::Malformed { encoding, offset });
    }
    if taken < text.len() {
        return Err(DecodeError::Truncated { encoding, offset });
    }
    Ok(out)
}

/// Appends what can be read. Returns how many bytes were taken, and whether the two bytes behind
/// them are a surrogate without its partner (else they are only incomplete, or there is nothing).
pub(crate) fn feed(bytes: &[u8], order: Order, out: &mut String) -> (usize, bool) {
    let mut taken = 0;
    loop {
        match order.first(bytes.get(taken..).unwrap_or_default()) {
            Unit::Char(found, length) => {
                out.push(found);
                taken += length;
            }
            Unit::Lone => return (taken, true),
            Unit::Incomplete => return (taken, false),
        }
    }
}
