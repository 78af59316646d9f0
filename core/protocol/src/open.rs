//! Opening a batch: bounded decompression, the header, the lines of its records.

use std::io::{self, BufRead as _, BufReader, Read};

use bytes::Bytes;

use crate::batch::SKIPPED_MAX;
use crate::{BATCH_BYTES_MAX, BATCH_RECORDS_MAX, BatchHeader, HEADER_BYTES_MAX};

/// A batch in the clear.
///
/// Invariant: exactly `header.count` records, each one line.
#[derive(Clone, Debug)]
pub struct OpenBatch {
    /// The first line.
    pub header: BatchHeader,
    records: Bytes,
}

/// Why bytes are not a batch.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Not zstd, cut off, or longer than allowed.
    #[error("the body can't be decompressed")]
    Decompress(#[source] io::Error),
    /// The decompressed body is longer than allowed.
    #[error("the body holds more than {BATCH_BYTES_MAX} bytes")]
    TooLong,
    /// The first line is not a header.
    #[error("the first line is not a batch header")]
    Header(#[source] serde_json::Error),
    /// The form's version is not known here.
    #[error("the batch has form {0}, this program knows form 1")]
    Form(u8),
    /// The header and the records disagree.
    #[error("the header promises {promised} records, the body has {found}")]
    Count {
        /// In the header.
        promised: u32,
        /// In the body.
        found: usize,
    },
    /// More records than allowed, or none.
    #[error("a batch holds 1 to {BATCH_RECORDS_MAX} records, this one {0}")]
    Size(u32),
    /// The versions left out don't rise, lie outside the batch, or are too many; or there is no
    /// such version.
    #[error("the versions of the batch make no sense")]
    Versions,
}

/// Opens a batch as it came off the wire or out of the outbox.
///
/// # Errors
/// What keeps the bytes from being a batch; nothing of them is then to be used.
pub fn open(body: &[u8]) -> Result<OpenBatch, OpenError> {
    let mut reader = reader(body)?;
    let header = read_header(&mut reader)?;
    let mut records = Vec::new();
    let limit = BATCH_BYTES_MAX as u64 + 1;
    reader.take(limit).read_to_end(&mut records).map_err(OpenError::Decompress)?;
    if records.len() > BATCH_BYTES_MAX {
        return Err(OpenError::TooLong);
    }
    let found = memchr::memchr_iter(b'\n', &records).count();
    if found != header.count as usize || records.last() != Some(&b'\n') {
        return Err(OpenError::Count { promised: header.count, found });
    }
    Ok(OpenBatch { header, records: Bytes::from(records) })
}

/// Reads only the header of a batch.
///
/// # Errors
/// As for [`open`]; the records are not looked at.
pub fn open_header(body: &[u8]) -> Result<BatchHeader, OpenError> {
    read_header(&mut reader(body)?)
}

type FrameReader<'a> = BufReader<zstd::stream::Decoder<'static, BufReader<&'a [u8]>>>;

/// No batch needs a larger window than its own size, and a frame may ask for the memory of one.
const WINDOW_LOG_MAX: u32 = BATCH_BYTES_MAX.ilog2();

fn reader(body: &[u8]) -> Result<FrameReader<'_>, OpenError> {
    let mut decoder = zstd::stream::Decoder::new(body).map_err(OpenError::Decompress)?;
    decoder.window_log_max(WINDOW_LOG_MAX).map_err(OpenError::Decompress)?;
    Ok(BufReader::new(decoder))
}

fn read_header(reader: &mut FrameReader<'_>) -> Result<BatchHeader, OpenError> {
    let mut line = Vec::new();
    reader
        .take(HEADER_BYTES_MAX as u64)
        .read_until(b'\n', &mut line)
        .map_err(OpenError::Decompress)?;
    let header: BatchHeader = serde_json::from_slice(&line).map_err(OpenError::Header)?;
    if header.lienthong != 1 {
        return Err(OpenError::Form(header.lienthong));
    }
    if header.count == 0 || header.count as usize > BATCH_RECORDS_MAX {
        return Err(OpenError::Size(header.count));
    }
    if !has_versions(&header) {
        return Err(OpenError::Versions);
    }
    Ok(header)
}

/// Whether every record and every version left out has a version of its own.
fn has_versions(header: &BatchHeader) -> bool {
    let skipped = &header.skipped;
    if skipped.len() > SKIPPED_MAX {
        return false;
    }
    let covered = u64::from(header.count) + skipped.len() as u64;
    let is_rising = skipped.is_sorted_by(|one, next| one < next);
    let is_inside = skipped.last().is_none_or(|last| u64::from(*last) < covered);
    is_rising && is_inside && header.version_first.checked_add(covered).is_some()
}

impl OpenBatch {
    /// The records in order, each as its canonical JSON text.
    pub fn records(&self) -> impl Iterator<Item = &[u8]> {
        self.records.strip_suffix(b"\n").unwrap_or_default().split(|byte| *byte == b'\n')
    }

    /// All records as JSON lines.
    pub fn lines(&self) -> Bytes {
        self.records.clone()
    }

    /// The version of the record at an index.
    pub fn version(&self, index: u32) -> u64 {
        let mut distance = index;
        for skipped in &self.header.skipped {
            if *skipped > distance {
                break;
            }
            distance += 1;
        }
        self.header.version_first + u64::from(distance)
    }

    /// The versions of all records, in order.
    pub fn versions(&self) -> impl Iterator<Item = u64> {
        let mut skipped = self.header.skipped.iter().copied().peekable();
        let mut distance = 0_u32;
        (0..self.header.count).map(move |_| {
            while skipped.next_if_eq(&distance).is_some() {
                distance += 1;
            }
            distance += 1;
            self.header.version_first + u64::from(distance - 1)
        })
    }

    /// The versions left out between two, as distances from the first.
    pub(crate) fn skipped_between(&self, first: u64, last: u64) -> Vec<u32> {
        let version = |distance: &u32| self.header.version_first + u64::from(*distance);
        let between = self.header.skipped.iter().map(version).filter(|v| (first..last).contains(v));
        between.filter_map(|version| u32::try_from(version - first).ok()).collect()
    }
}

#[cfg(test)]
mod tests;
