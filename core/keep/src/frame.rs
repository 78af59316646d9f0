//! A frame: a run of items, compressed, sealed where there is a key, with a checksum before it.
//!
//! Form: the mark `LTK1`; the lengths of head and body, 4 bytes each; 16 bytes of BLAKE3 over those
//! lengths, the head and the body; the head as JSON, in the clear; the body.

use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::items::KeptItems;
use crate::{Error, Key};

/// How a frame begins.
const MARK: &[u8; 4] = b"LTK1";
/// The mark, two lengths, the checksum.
const PREFIX: usize = 4 + 4 + 4 + 16;
/// The most bytes of a head.
const HEAD_MAX: usize = 4 << 10;
/// The most bytes of a body: one item and its place, however long, fit.
const BODY_MAX: usize = 80 << 20;
/// Fast, and a third better than the level of the batches: a frame is written once and read rarely.
const ZSTD_LEVEL: i32 = 1;

/// How the items of a frame were mapped when they were read.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Made {
    /// The mapping's name.
    pub mapping: String,
    /// The digest of its files.
    pub mapping_digest: String,
    /// The standard's version.
    pub standard: String,
    /// The digest of its files.
    pub standard_digest: String,
}

/// What stands in the clear before the items.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Head {
    /// The version of the first item.
    pub(crate) first: u64,
    /// How many items follow, each with the next version.
    pub(crate) count: u64,
    /// How many bytes the items take when decompressed.
    pub(crate) raw: usize,
    /// How they were mapped.
    pub(crate) made: Made,
    /// The id of the key that the body is sealed with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) key: Option<String>,
}

impl Head {
    /// The version behind the last item.
    pub(crate) fn end(&self) -> u64 {
        self.first.saturating_add(self.count)
    }
}

/// Where a frame lies in its segment.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Spot {
    pub(crate) offset: u64,
    head: usize,
    body: usize,
    sum: [u8; 16],
}

impl Spot {
    /// The offset behind the frame.
    pub(crate) fn end(&self) -> u64 {
        self.offset + (PREFIX + self.head + self.body) as u64
    }
}

/// Writes a frame's bytes.
pub(crate) fn encode(text: &[u8], mut head: Head, key: Option<&Key>) -> Option<Vec<u8>> {
    head.raw = text.len();
    head.key = key.map(|key| key.id().to_owned());
    let words = serde_json::to_vec(&head).ok()?;
    let mut body = zstd::bulk::compress(text, ZSTD_LEVEL).ok()?;
    if let Some(key) = key {
        body = key.seal(&words, body).ok()?;
    }
    let lengths = [u32::try_from(words.len()).ok()?, u32::try_from(body.len()).ok()?];
    if words.len() > HEAD_MAX || body.len() > BODY_MAX || text.len() > BODY_MAX {
        return None;
    }
    let mut bytes = Vec::with_capacity(PREFIX + words.len() + body.len());
    bytes.extend_from_slice(MARK);
    bytes.extend_from_slice(&lengths.map(u32::to_le_bytes).concat());
    bytes.extend_from_slice(&sum(lengths, &words, &body));
    bytes.extend_from_slice(&words);
    bytes.extend_from_slice(&body);
    Some(bytes)
}

/// Reads the head of the frame at an offset; nothing at the end of what can be read.
pub(crate) fn peek(file: &mut File, offset: u64) -> Option<(Spot, Head)> {
    let mut prefix = [0_u8; PREFIX];
    file.seek(SeekFrom::Start(offset)).ok()?;
    file.read_exact(&mut prefix).ok()?;
    let (mark, rest) = prefix.split_first_chunk::<4>()?;
    let (head, rest) = rest.split_first_chunk::<4>()?;
    let (body, rest) = rest.split_first_chunk::<4>()?;
    let length = |bytes: &[u8; 4]| usize::try_from(u32::from_le_bytes(*bytes)).ok();
    let (head, body) = (length(head)?, length(body)?);
    if mark != MARK || head > HEAD_MAX || body > BODY_MAX {
        return None;
    }
    let spot = Spot { offset, head, body, sum: rest.try_into().ok()? };
    if spot.end() > file.metadata().ok()?.len() {
        return None;
    }
    let mut words = vec![0; head];
    file.read_exact(&mut words).ok()?;
    let head: Head = serde_json::from_slice(&words).ok()?;
    (head.raw <= BODY_MAX).then_some((spot, head))
}

/// Reads a frame's head and body as they lie there; nothing when they are not what was written.
pub(crate) fn read(file: &mut File, spot: &Spot) -> Option<(Vec<u8>, Vec<u8>)> {
    let (mut words, mut body) = (vec![0; spot.head], vec![0; spot.body]);
    file.seek(SeekFrom::Start(spot.offset + PREFIX as u64)).ok()?;
    file.read_exact(&mut words).ok()?;
    file.read_exact(&mut body).ok()?;
    let lengths = [u32::try_from(spot.head).ok()?, u32::try_from(spot.body).ok()?];
    (sum(lengths, &words, &body) == spot.sum).then_some((words, body))
}

/// Reads the items of a frame.
pub(crate) fn items(
    path: &Path,
    spot: &Spot,
    head: &Head,
    key: Option<&Key>,
) -> Result<KeptItems, Error> {
    let damaged = || Error::Damaged { path: path.to_path_buf(), version: head.first };
    let mut file = File::open(path).map_err(Error::at(path))?;
    let (words, mut body) = read(&mut file, spot).ok_or_else(damaged)?;
    if let Some(id) = &head.key {
        let locked = || Error::Locked { version: head.first, key: id.clone() };
        let key = key.filter(|key| key.id() == id).ok_or_else(locked)?;
        // Its id is right and its checksum too: only a forger makes a frame that then does not open.
        body = key.open(&words, body).ok_or_else(damaged)?;
    }
    let text = zstd::bulk::decompress(&body, head.raw).map_err(|_| damaged())?;
    let items = KeptItems::parse(text, head.first).ok_or_else(damaged)?;
    if items.len() as u64 == head.count { Ok(items) } else { Err(damaged()) }
}

fn sum(lengths: [u32; 2], head: &[u8], body: &[u8]) -> [u8; 16] {
    let mut hash = blake3::Hasher::new();
    hash.update(&lengths.map(u32::to_le_bytes).concat());
    hash.update(head).update(body);
    let mut sum = [0; 16];
    sum.copy_from_slice(hash.finalize().as_bytes().first_chunk::<16>().unwrap_or(&[0; 16]));
    sum
}
