//! The sealed batch: at most 500 records, encoded once, never changed.
//!
//! Form: a zstd frame with the header, one line of JSON; then a zstd frame with the records, one
//! line of canonical JSON each. Two frames, so that the header can be read without the records and
//! be written after them.
//!
//! Every item of a feed takes one version, in source order, whether it became a record or went to
//! quarantine: an item that is released later must not outrank what the source said after it. The
//! header therefore names the versions between the records that are not in the batch, and a batch
//! cut in two keeps every record's version.

use std::collections::VecDeque;
use std::fmt;
use std::io;

use bytes::Bytes;
use lienthong_standard::Submission;
use serde::{Deserialize, Serialize};
use zstd::bulk::Compressor;
use zstd::zstd_safe::{CParameter, compress_bound};

use crate::{
    BATCH_BYTES_MAX, BATCH_RECORDS_MAX, Digest, HEADER_BYTES_MAX, OpenBatch, RECORD_BYTES_MAX,
};

/// Level -3, measured on the 20-field job: 0.86 µs a record against 1.17 µs of level 1, for half as
/// many bytes again (a fifth of the records' size instead of an eighth).
const ZSTD_LEVEL: i32 = -3;
/// Within that level: a table of matches that the processor's nearest cache holds, and no matches
/// that are hardly shorter than their own description. A sixth less time for a twentieth more bytes.
const ZSTD_HASH_LOG: u32 = 12;
const ZSTD_MIN_MATCH: u32 = 7;
/// Below 19 the compressor looks for matches without branches that depend on the text.
const ZSTD_WINDOW_LOG: u32 = 18;

/// The largest buffer that a writer uses again.
const ROOM_BYTES_MAX: usize = 1 << 20;
/// How many buffers of batches on their way up a writer remembers, to use them again.
const LENT_MAX: usize = 16;
/// The most versions a batch may leave out, so that its header stays small.
pub(crate) const SKIPPED_MAX: usize = 1000;

/// What is kept of a text of a span when the header would become too long.
const SPAN_TEXT_BYTES_MAX: usize = 256;

/// Where a batch came from and how it was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Provenance {
    /// The agency's code: `000.00.00.H22`.
    pub agency: String,
    /// The source's name in the connector.
    pub source: String,
    /// The feed's name.
    pub feed: String,
    /// The record type of every record in the batch.
    pub record_type: String,
    /// The standard's version and the digest of its files.
    pub standard: String,
    /// See `standard`.
    pub standard_digest: String,
    /// The mapping's name and the digest of its files.
    pub mapping: String,
    /// See `mapping`.
    pub mapping_digest: String,
    /// The system's adapter kind and version: `http-json igate@1`.
    pub adapter: String,
}

/// A stretch of one origin that records of a batch were read from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceSpan {
    /// The file or request.
    pub origin: String,
    /// The place of the first item.
    pub first: String,
    /// The place of the last item.
    pub last: String,
}

/// The first line of a batch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BatchHeader {
    /// Version of this form, 1.
    pub lienthong: u8,
    /// Where it came from.
    #[serde(flatten)]
    pub provenance: Provenance,
    /// The first version that the batch covers.
    pub version_first: u64,
    /// How many records follow, 1 to 500.
    pub count: u32,
    /// Versions that the batch covers and no record of it has, as rising distances from
    /// `version_first`: items that went to quarantine.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub skipped: Vec<u32>,
    /// Where the records were read from, in source order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub spans: Vec<SourceSpan>,
    /// BLAKE3 in hexadecimal over the stretch of the source page that its items lie in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_digest: Option<String>,
}

/// A batch as it is stored and sent.
///
/// Invariant: `body` holds `header` and its records, and `digest` is the digest of `body`. Made by
/// [`BatchWriter::seal`], [`SealedBatch::from_parts`] and [`SealedBatch::halves`].
#[derive(Clone, Debug)]
pub struct SealedBatch {
    /// The first line.
    pub header: BatchHeader,
    /// The bytes that go on the wire.
    pub body: Bytes,
    /// Their digest, the idempotency key.
    pub digest: Digest,
    /// The records as JSON lines, where they are at hand because the batch was just sealed: an
    /// endpoint that wants them in the clear need not decompress what was compressed a moment ago.
    /// Not part of what is stored.
    pub lines: Option<Bytes>,
}

/// Collects the records of one batch. Reused from batch to batch.
#[derive(Default)]
pub struct BatchWriter {
    records: Vec<u8>,
    count: u32,
    skipped: Vec<u32>,
    /// Kept from batch to batch: its tables are larger than most batches.
    compressor: Compressor<'static>,
    /// What the compressor writes into, kept for the same reason.
    packed: Vec<u8>,
    /// The records of earlier batches, oldest first. Whoever sends them is the last to hold them:
    /// asking the system for memory at every batch, and giving it back, costs more than to wait.
    lent: VecDeque<Bytes>,
}

impl fmt::Debug for BatchWriter {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("BatchWriter").field("count", &self.count).finish_non_exhaustive()
    }
}

/// A record that is longer than a batch may carry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the record takes {bytes} bytes, more than the {RECORD_BYTES_MAX} allowed")]
pub struct RecordTooLong {
    /// Its size.
    pub bytes: usize,
}

impl BatchWriter {
    /// Adds one record.
    ///
    /// # Errors
    /// When its text is longer than a batch may carry; the batch is then as before.
    pub fn push(&mut self, submission: &Submission<'_>) -> Result<(), RecordTooLong> {
        let start = self.records.len();
        submission.write_json(&mut self.records);
        let bytes = self.records.len() - start;
        if bytes > RECORD_BYTES_MAX {
            self.records.truncate(start);
            return Err(RecordTooLong { bytes });
        }
        self.records.push(b'\n');
        self.count += 1;
        Ok(())
    }

    /// Leaves out the next version: its item went to quarantine.
    pub fn skip(&mut self) {
        let distance = self.versions();
        self.skipped.push(distance);
    }

    /// How many versions it covers.
    pub fn versions(&self) -> u32 {
        self.count + u32::try_from(self.skipped.len()).unwrap_or(u32::MAX)
    }

    /// How many records it holds.
    pub fn count(&self) -> u32 {
        self.count
    }

    /// Whether it holds none.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Whether one more record could break a bound.
    pub fn is_full(&self) -> bool {
        self.count as usize >= BATCH_RECORDS_MAX
            || self.skipped.len() >= SKIPPED_MAX
            || self.records.len() + RECORD_BYTES_MAX >= BATCH_BYTES_MAX
    }

    /// Encodes the batch and empties the writer. `version_first` is the version of the first item
    /// that was pushed or skipped.
    ///
    /// Spans that would make the header longer than a reader takes are shortened, the middle ones
    /// to a count.
    ///
    /// # Errors
    /// When it holds no record, when the provenance alone is longer than a header may be, or when
    /// the compressor fails, which it does only without memory. The writer is then as before.
    pub fn seal(
        &mut self,
        provenance: &Provenance,
        version_first: u64,
        spans: Vec<SourceSpan>,
        source_digest: Option<String>,
    ) -> io::Result<SealedBatch> {
        if self.is_empty() {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "a batch without records"));
        }
        let header = BatchHeader {
            lienthong: 1,
            provenance: provenance.clone(),
            version_first,
            count: self.count,
            skipped: self.skipped.clone(),
            spans,
            source_digest,
        };
        tune(&mut self.compressor)?;
        let mut sealed = encode(&mut self.compressor, &mut self.packed, header, &self.records)?;
        let room = self.room();
        let lines = Bytes::from(std::mem::replace(&mut self.records, room));
        if lines.len() <= ROOM_BYTES_MAX {
            self.lent.push_back(lines.clone());
        }
        sealed.lines = Some(lines);
        self.packed.clear();
        self.packed.shrink_to(ROOM_BYTES_MAX);
        self.clear();
        Ok(sealed)
    }

    /// An empty buffer for the records of the next batch.
    fn room(&mut self) -> Vec<u8> {
        match self.lent.pop_front().map(Bytes::try_into_mut) {
            Some(Ok(mut buffer)) => {
                buffer.clear();
                return Vec::from(buffer);
            }
            // The batch that is sealed right now will be remembered too.
            Some(Err(held)) if self.lent.len() + 2 <= LENT_MAX => self.lent.push_front(held),
            _ => {}
        }
        Vec::with_capacity(self.records.capacity().min(ROOM_BYTES_MAX))
    }

    /// Forgets what was pushed and skipped: for a page of which nothing became a record.
    pub fn clear(&mut self) {
        self.records.clear();
        self.skipped.clear();
        self.count = 0;
    }
}

impl SealedBatch {
    /// Takes a stored batch back.
    pub fn from_parts(header: BatchHeader, body: Bytes, digest: Digest) -> Self {
        Self { header, body, digest, lines: None }
    }

    /// The same batch without its records in the clear, for whoever keeps it for long.
    #[must_use]
    pub fn without_lines(&self) -> Self {
        let (header, body) = (self.header.clone(), self.body.clone());
        Self { header, body, digest: self.digest, lines: None }
    }

    /// Makes a batch of one record that the standard accepted before and an endpoint refused, so
    /// that it can be sent again under its old version.
    ///
    /// # Errors
    /// When the record is not one line or is too long, or when the compressor fails, which it does
    /// only without memory.
    pub fn of_one(provenance: &Provenance, version: u64, record: &[u8]) -> io::Result<Self> {
        if record.is_empty() || record.contains(&b'\n') || record.len() > RECORD_BYTES_MAX {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "the record is not one line"));
        }
        let header = BatchHeader {
            lienthong: 1,
            provenance: provenance.clone(),
            version_first: version,
            count: 1,
            skipped: Vec::new(),
            spans: Vec::new(),
            source_digest: None,
        };
        let mut line = record.to_vec();
        line.push(b'\n');
        encode(&mut tuned()?, &mut Vec::new(), header, &line)
    }

    /// Cuts an opened batch in two, each a batch of its own with its own digest; `None` for a batch
    /// of one record. Every record keeps its version.
    ///
    /// # Errors
    /// When the compressor fails, which it does only without memory.
    pub fn halves(opened: &OpenBatch) -> io::Result<Option<(Self, Self)>> {
        let middle = opened.header.count / 2;
        if middle == 0 {
            return Ok(None);
        }
        let lower = Self::part(opened, 0, middle)?;
        let upper = Self::part(opened, middle, opened.header.count)?;
        Ok(Some((lower, upper)))
    }

    /// Makes a batch of the records `from..until` of an opened one.
    ///
    /// # Errors
    /// When there are no such records, or when the compressor fails, which it does only without
    /// memory.
    pub fn part(opened: &OpenBatch, from: u32, until: u32) -> io::Result<Self> {
        if from >= until || until > opened.header.count {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "no such part of the batch"));
        }
        let mut records = Vec::new();
        for line in opened.records().skip(from as usize).take((until - from) as usize) {
            records.extend_from_slice(line);
            records.push(b'\n');
        }
        let version_first = opened.version(from);
        let version_last = opened.version(until - 1);
        let skipped = opened.skipped_between(version_first, version_last);
        let header =
            BatchHeader { version_first, count: until - from, skipped, ..opened.header.clone() };
        encode(&mut tuned()?, &mut Vec::new(), header, &records)
    }
}

fn tuned() -> io::Result<Compressor<'static>> {
    let mut compressor = Compressor::default();
    tune(&mut compressor)?;
    Ok(compressor)
}

fn tune(compressor: &mut Compressor<'_>) -> io::Result<()> {
    compressor.set_compression_level(ZSTD_LEVEL)?;
    compressor.set_parameter(CParameter::HashLog(ZSTD_HASH_LOG))?;
    compressor.set_parameter(CParameter::WindowLog(ZSTD_WINDOW_LOG))?;
    compressor.set_parameter(CParameter::MinMatch(ZSTD_MIN_MATCH))
}

fn encode(
    compressor: &mut Compressor<'_>,
    packed: &mut Vec<u8>,
    mut header: BatchHeader,
    records: &[u8],
) -> io::Result<SealedBatch> {
    let mut line = serde_json::to_vec(&header)?;
    if line.len() >= HEADER_BYTES_MAX {
        shorten(&mut header.spans);
        line = serde_json::to_vec(&header)?;
    }
    if line.len() >= HEADER_BYTES_MAX {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "the header is too long"));
    }
    line.push(b'\n');
    let mut body = compressor.compress(&line)?;
    packed.clear();
    packed.reserve(compress_bound(records.len()));
    compressor.compress_to_buffer(records, packed)?;
    body.reserve_exact(packed.len());
    body.extend_from_slice(packed);
    let digest = Digest::of(&body);
    Ok(SealedBatch { header, body: Bytes::from(body), digest, lines: None })
}

/// Keeps the first and the last span, with texts of bounded length, and how many lay between.
fn shorten(spans: &mut Vec<SourceSpan>) {
    let between = spans.len().saturating_sub(2);
    if between > 0 {
        let origin = format!("({between} more)");
        let count = SourceSpan { origin, first: String::new(), last: String::new() };
        spans.splice(1..=between, [count]);
    }
    for span in spans {
        for text in [&mut span.origin, &mut span.first, &mut span.last] {
            text.truncate(text.floor_char_boundary(SPAN_TEXT_BYTES_MAX));
        }
    }
}

#[cfg(test)]
mod tests;
