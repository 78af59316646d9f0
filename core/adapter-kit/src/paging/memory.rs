//! What the last readings saw, as digests: bounded, in two generations.

use std::collections::HashMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use serde::{Deserialize, Serialize};

use super::Digest;

/// The bytes of one entry as stored: the digest of the key, the digest of the content.
const ENTRY_BYTES: usize = 16;

/// The last version that was given out of each record, by the digests of its key and content.
///
/// Records of the reading under way are in `now`, those that only the reading before has seen in
/// `before`. When a generation is full its oldest entry is forgotten, and that record will be given
/// out once more than needed.
#[derive(Debug, Default)]
pub(super) struct Memory {
    entries_max: usize,
    before: HashMap<Digest, Digest>,
    now: HashMap<Digest, Digest>,
    order: Vec<Digest>,
    forgotten: usize,
}

/// The memory as a cursor keeps it.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Stored {
    #[serde(default, skip_serializing_if = "String::is_empty")]
    before: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    now: String,
}

impl Stored {
    pub(super) fn is_empty(&self) -> bool {
        self.before.is_empty() && self.now.is_empty()
    }
}

impl Memory {
    /// Takes a stored memory back; `None` when the text is not one.
    pub(super) fn read(stored: &Stored, entries_max: usize) -> Option<Self> {
        let before = entries(&stored.before)?;
        let now = entries(&stored.now)?;
        let order = now.iter().map(|(key, _)| *key).collect();
        Some(Self {
            entries_max,
            before: before.into_iter().collect(),
            now: now.into_iter().collect(),
            order,
            forgotten: 0,
        })
    }

    /// Writes the memory; the same memory gives the same text.
    pub(super) fn stored(&self) -> Stored {
        let now = self.live().filter_map(|key| Some((*key, *self.now.get(key)?)));
        let mut before: Vec<_> =
            self.before.iter().map(|(key, content)| (*key, *content)).collect();
        before.sort_unstable();
        Stored { before: text(before.into_iter()), now: text(now) }
    }

    /// Remembers a version of a record. False when it is the version that was given out last.
    pub(super) fn is_new(&mut self, key: Digest, content: Digest) -> bool {
        if self.entries_max == 0 {
            return true;
        }
        if let Some(held) = self.now.get_mut(&key) {
            let is_new = *held != content;
            *held = content;
            return is_new;
        }
        let is_new = self.before.remove(&key) != Some(content);
        if self.now.len() >= self.entries_max
            && let Some(oldest) = self.order.get(self.forgotten)
        {
            self.now.remove(oldest);
            self.forgotten += 1;
        }
        self.now.insert(key, content);
        self.order.push(key);
        is_new
    }

    /// Ends a reading: what it did not see is forgotten.
    pub(super) fn turn(&mut self) {
        self.before = std::mem::take(&mut self.now);
        self.order.clear();
        self.forgotten = 0;
    }

    fn live(&self) -> impl Iterator<Item = &Digest> {
        self.order.get(self.forgotten..).unwrap_or_default().iter()
    }
}

fn text(entries: impl Iterator<Item = (Digest, Digest)>) -> String {
    let bytes: Vec<u8> = entries.flat_map(|(key, content)| [key, content].concat()).collect();
    STANDARD_NO_PAD.encode(bytes)
}

fn entries(text: &str) -> Option<Vec<(Digest, Digest)>> {
    let bytes = STANDARD_NO_PAD.decode(text).ok()?;
    let (entries, rest) = bytes.as_chunks::<ENTRY_BYTES>();
    if !rest.is_empty() {
        return None;
    }
    let halves = |entry: &[u8; ENTRY_BYTES]| {
        let (key, content) = entry.split_at_checked(ENTRY_BYTES / 2)?;
        Some((key.try_into().ok()?, content.try_into().ok()?))
    };
    entries.iter().map(halves).collect()
}
