//! The stream of records: a type, a length, a body, and the bodies that continue it.

use super::BiffError;

/// A record that continues the one before it: bodies end at 8,224 bytes.
const CONTINUE: u16 = 0x003C;

/// The record types that are read.
pub(super) mod kind {
    pub(in crate::biff) const FORMULA: u16 = 0x0006;
    pub(in crate::biff) const EOF: u16 = 0x000A;
    pub(in crate::biff) const FILEPASS: u16 = 0x002F;
    pub(in crate::biff) const FONT: u16 = 0x0031;
    pub(in crate::biff) const BOUNDSHEET: u16 = 0x0085;
    pub(in crate::biff) const MULRK: u16 = 0x00BD;
    pub(in crate::biff) const XF: u16 = 0x00E0;
    pub(in crate::biff) const MERGECELLS: u16 = 0x00E5;
    pub(in crate::biff) const SST: u16 = 0x00FC;
    pub(in crate::biff) const LABELSST: u16 = 0x00FD;
    pub(in crate::biff) const NUMBER: u16 = 0x0203;
    pub(in crate::biff) const LABEL: u16 = 0x0204;
    pub(in crate::biff) const BOOLERR: u16 = 0x0205;
    pub(in crate::biff) const STRING: u16 = 0x0207;
    pub(in crate::biff) const RK: u16 = 0x027E;
    pub(in crate::biff) const BOF: u16 = 0x0809;
}

/// One record with the bodies that continue it.
#[derive(Debug)]
pub(super) struct Record<'a> {
    pub(super) kind: u16,
    /// Offset of its header in the workbook stream.
    pub(super) offset: usize,
    pub(super) body: &'a [u8],
    pub(super) continued: Vec<&'a [u8]>,
}

/// Walks the records of a stretch of the stream.
#[derive(Debug)]
pub(super) struct Records<'a> {
    bytes: &'a [u8],
    at: usize,
    base: usize,
}

impl<'a> Records<'a> {
    /// Starts at the beginning of `bytes`, which lie at `base` in the workbook stream.
    pub(super) fn new(bytes: &'a [u8], base: usize) -> Self {
        Self { bytes, at: 0, base }
    }

    /// The next record; `None` at the end of the bytes.
    pub(super) fn next(&mut self) -> Result<Option<Record<'a>>, BiffError> {
        let offset = self.base.saturating_add(self.at);
        let Some((kind, body)) = self.take()? else { return Ok(None) };
        let mut continued = Vec::new();
        while self.peek() == Some(CONTINUE) {
            let Some((_, part)) = self.take()? else { break };
            continued.push(part);
        }
        Ok(Some(Record { kind, offset, body, continued }))
    }

    fn peek(&self) -> Option<u16> {
        u16_at(self.bytes, self.at)
    }

    fn take(&mut self) -> Result<Option<(u16, &'a [u8])>, BiffError> {
        let (Some(kind), Some(length)) =
            (u16_at(self.bytes, self.at), u16_at(self.bytes, self.at + 2))
        else {
            return Ok(None);
        };
        let start = self.at + 4;
        let end = start + usize::from(length);
        let body = self
            .bytes
            .get(start..end)
            .ok_or_else(|| BiffError::Short { kind, offset: self.base.saturating_add(self.at) })?;
        self.at = end;
        Ok(Some((kind, body)))
    }
}

impl Record<'_> {
    /// The error of a record whose body ends too early.
    pub(super) fn short(&self) -> BiffError {
        BiffError::Short { kind: self.kind, offset: self.offset }
    }

    /// A number of two bytes at an offset of the body.
    pub(super) fn u16(&self, at: usize) -> Result<u16, BiffError> {
        u16_at(self.body, at).ok_or_else(|| self.short())
    }

    /// A number of four bytes at an offset of the body.
    pub(super) fn u32(&self, at: usize) -> Result<u32, BiffError> {
        u32_at(self.body, at).ok_or_else(|| self.short())
    }

    /// A byte at an offset of the body.
    pub(super) fn u8(&self, at: usize) -> Result<u8, BiffError> {
        self.body.get(at).copied().ok_or_else(|| self.short())
    }
}

/// Two bytes, low byte first.
pub(super) fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    let pair = bytes.get(at..at.checked_add(2)?)?;
    Some(u16::from_le_bytes(pair.try_into().ok()?))
}

/// Four bytes, low byte first.
pub(super) fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    let four = bytes.get(at..at.checked_add(4)?)?;
    Some(u32::from_le_bytes(four.try_into().ok()?))
}
