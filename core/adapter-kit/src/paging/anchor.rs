//! Digests by which records are known again.

use sha2::{Digest as _, Sha256};

/// The first 64 bits of a SHA-256. Two versions of one record share a digest once in 2^64, and only
/// versions of one record are ever compared.
pub type Digest = [u8; 8];

/// The digest of some parts; where one part ends and the next begins makes a difference.
pub fn digest<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> Digest {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    let whole = hash.finalize();
    let mut first = Digest::default();
    for (to, from) in first.iter_mut().zip(whole) {
        *to = from;
    }
    first
}
