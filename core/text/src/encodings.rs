//! The encodings, one file each.

pub(crate) mod single;
pub(crate) mod tcvn3;
pub(crate) mod utf16;
pub(crate) mod utf8;
pub(crate) mod viscii;
pub(crate) mod vni;
pub(crate) mod vps;
pub(crate) mod windows1252;
pub(crate) mod windows1258;

/// Takes what is known to be ASCII as text. The check is made again: it is cheap, and it keeps this
/// free of `unsafe`.
fn ascii(bytes: &[u8]) -> Option<&str> {
    if !bytes.is_ascii() {
        return None;
    }
    std::str::from_utf8(bytes).ok()
}

/// The offset as it is counted in errors.
fn at(offset: usize) -> u64 {
    u64::try_from(offset).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests;
