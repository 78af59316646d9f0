//! The rows of one batch as one blob, small: keys come in order, so each is written as what it shares
//! with the one before and what follows; numbers take as many bytes as they need.
//!
//! The first byte says the form. Rows of the first form, which had no states, begin with 0: the first
//! key shares nothing with the one before.

use lienthong_standard::StateCode;

use super::index::Row;

const DAMAGED: &str = "pending rows can't be read";

/// The form in which rows have a state.
const WITH_STATES: u8 = 1;

/// Writes rows.
#[derive(Debug, Default)]
pub(super) struct Writer {
    bytes: Vec<u8>,
    last_key: String,
    last_version: i64,
}

impl Writer {
    /// Room for so many rows.
    pub(super) fn with_capacity(rows: usize) -> Self {
        Self { bytes: Vec::with_capacity(rows * 24), ..Self::default() }
    }

    /// Appends a row. Its batch is not written: all rows of a blob have the same.
    pub(super) fn push(&mut self, key: &str, row: &Row) {
        if self.bytes.is_empty() {
            self.bytes.push(WITH_STATES);
        }
        let shared = shared_bytes(&self.last_key, key);
        let (_, rest) = key.as_bytes().split_at(shared);
        self.number(shared as u64);
        self.number(rest.len() as u64);
        self.bytes.extend_from_slice(rest);
        self.number(zigzag(row.revision));
        self.number(zigzag(row.version.wrapping_sub(self.last_version)));
        self.number(row.place.into());
        self.number(row.state.number().cast_unsigned());
        self.bytes.extend_from_slice(&row.content.to_le_bytes());
        key.clone_into(&mut self.last_key);
        self.last_version = row.version;
    }

    /// Seven bits a byte, the lowest first; the eighth bit says that more follow.
    fn number(&mut self, mut number: u64) {
        loop {
            let [low, ..] = number.to_le_bytes();
            number >>= 7;
            if number == 0 {
                self.bytes.push(low);
                return;
            }
            self.bytes.push(low | 0x80);
        }
    }

    /// The bytes so far.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

/// Reads rows.
#[derive(Debug)]
pub(super) struct Reader<'b> {
    rest: &'b [u8],
    batch_id: i64,
    last_key: Vec<u8>,
    last_version: i64,
    /// Told by the first byte.
    has_states: Option<bool>,
}

impl<'b> Reader<'b> {
    /// Reads the blob of a batch.
    pub(super) fn new(bytes: &'b [u8], batch_id: i64) -> Self {
        Self { rest: bytes, batch_id, last_key: Vec::new(), last_version: 0, has_states: None }
    }

    /// The next row, or none at the end.
    ///
    /// # Errors
    /// When the bytes are not rows.
    pub(super) fn next(&mut self) -> Result<Option<(String, Row)>, &'static str> {
        if self.rest.is_empty() {
            return Ok(None);
        }
        self.row().map(Some).ok_or(DAMAGED)
    }

    fn row(&mut self) -> Option<(String, Row)> {
        let has_states = match (self.has_states, self.rest) {
            (Some(known), _) => known,
            (None, [WITH_STATES, rows @ ..]) => {
                self.rest = rows;
                true
            }
            (None, _) => false,
        };
        self.has_states = Some(has_states);
        let shared = usize::try_from(self.number()?).ok()?;
        let length = usize::try_from(self.number()?).ok()?;
        if shared > self.last_key.len() {
            return None;
        }
        self.last_key.truncate(shared);
        let (key, rest) = self.rest.split_at_checked(length)?;
        self.last_key.extend_from_slice(key);
        self.rest = rest;
        let revision = unzigzag(self.number()?);
        let version = self.last_version.wrapping_add(unzigzag(self.number()?));
        let place = u32::try_from(self.number()?).ok()?;
        let state = if has_states { self.number()?.cast_signed() } else { 0 };
        let state = StateCode::from_number(state);
        let (content, rest) = self.rest.split_first_chunk::<8>()?;
        self.rest = rest;
        self.last_version = version;
        let content = i64::from_le_bytes(*content);
        let key = String::from_utf8(self.last_key.clone()).ok()?;
        Some((key, Row { revision, version, batch_id: self.batch_id, place, content, state }))
    }

    fn number(&mut self) -> Option<u64> {
        let mut number = 0_u64;
        for shift in (0..64).step_by(7) {
            let (byte, rest) = self.rest.split_first()?;
            self.rest = rest;
            number |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Some(number);
            }
        }
        None
    }
}

/// How many bytes two keys share at their start. They may end within a character: keys are put
/// together again as bytes.
fn shared_bytes(a: &str, b: &str) -> usize {
    a.bytes().zip(b.bytes()).take_while(|(a, b)| a == b).count()
}

/// Small numbers of either sign as small numbers without one.
fn zigzag(number: i64) -> u64 {
    (number.wrapping_shl(1) ^ (number >> 63)).cast_unsigned()
}

fn unzigzag(number: u64) -> i64 {
    (number >> 1).cast_signed() ^ -((number & 1).cast_signed())
}

#[cfg(test)]
mod tests;
