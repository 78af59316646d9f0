//! The digest of a file's content, which can be put aside and taken up again.

use std::io::{self, Read};

use highway::{HighwayHash as _, HighwayHasher, Key};

/// Digests what a file holds, piece by piece.
#[derive(Clone, Debug)]
pub(crate) struct Digest(HighwayHasher);

/// What a file holds, in 32 hexadecimal digits: files with equal ones are taken for equal.
pub(crate) type Content = String;

/// Fixed for good: it is part of what cursors hold.
const KEY: Key = Key([0x6C69_656E, 0x7468_6F6E, 0x6766_696C, 0x6564_726F]);

impl Digest {
    pub(crate) fn new() -> Self {
        Self(HighwayHasher::new(KEY))
    }

    /// Takes up a digest that was put aside.
    pub(crate) fn resume(state: &str) -> Option<Self> {
        let mut bytes = [0; 164];
        if state.len() != bytes.len() * 2 || !state.is_ascii() {
            return None;
        }
        for (index, byte) in bytes.iter_mut().enumerate() {
            *byte = u8::from_str_radix(state.get(index * 2..index * 2 + 2)?, 16).ok()?;
        }
        Some(Self(HighwayHasher::from_checkpoint(bytes)))
    }

    /// The state, to be put aside: the same for the same bytes, however they came in pieces.
    pub(crate) fn state(&self) -> String {
        let mut state = self.0.checkpoint();
        // Behind 128 bytes of sums stand the bytes that wait to be digested, 32 at most, and how
        // many they are. What lies behind those is left over from before.
        let waiting = usize::from(state.get(160).copied().unwrap_or_default());
        for stale in state.get_mut(128 + waiting..160).unwrap_or_default() {
            *stale = 0;
        }
        hex(&state)
    }

    pub(crate) fn update(&mut self, bytes: &[u8]) {
        self.0.append(bytes);
    }

    pub(crate) fn content(&self) -> Content {
        let [first, second] = self.0.clone().finalize128();
        format!("{first:016x}{second:016x}")
    }

    /// Digests a stream to its end.
    ///
    /// # Errors
    /// Of the stream.
    pub(crate) fn of(mut source: impl Read) -> io::Result<Content> {
        let mut digest = Self::new();
        let mut buffer = vec![0; 256 << 10];
        loop {
            match source.read(&mut buffer) {
                Ok(0) => return Ok(digest.content()),
                Ok(read) => digest.update(buffer.get(..read).unwrap_or_default()),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |nibble: u8| DIGITS.get(usize::from(nibble)).copied().map_or('0', char::from);
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

#[cfg(test)]
mod tests;
