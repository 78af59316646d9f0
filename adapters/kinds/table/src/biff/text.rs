//! Strings: code units with the fonts of their runs, read across continued records.

use super::BiffError;
use super::record::Record;

/// A string as it stands in the file, before its fonts are looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct RawText {
    pub(super) units: Vec<u16>,
    /// First unit and font index of every run but the first, which has the cell's own font.
    pub(super) runs: Vec<(u16, u16)>,
}

const FLAG_WIDE: u8 = 0x01;
const FLAG_PHONETIC: u8 = 0x04;
const FLAG_RICH: u8 = 0x08;

/// Reads through a record's body and the bodies that continue it.
#[derive(Debug)]
pub(super) struct Parts<'a> {
    record: &'a Record<'a>,
    part: usize,
    at: usize,
}

impl<'a> Parts<'a> {
    /// Starts at an offset of the record's first body.
    pub(super) fn new(record: &'a Record<'a>, at: usize) -> Self {
        Self { record, part: 0, at }
    }

    fn current(&self) -> Option<&'a [u8]> {
        match self.part {
            0 => Some(self.record.body),
            part => self.record.continued.get(part - 1).copied(),
        }
    }

    /// Whether the current body is used up.
    fn is_at_end(&self) -> bool {
        self.current().is_none_or(|body| self.at >= body.len())
    }

    /// The next byte, whichever body it lies in.
    pub(super) fn u8(&mut self) -> Result<u8, BiffError> {
        loop {
            let body = self.current().ok_or_else(|| self.record.short())?;
            if let Some(byte) = body.get(self.at) {
                self.at += 1;
                return Ok(*byte);
            }
            self.part += 1;
            self.at = 0;
        }
    }

    /// The next two bytes.
    pub(super) fn u16(&mut self) -> Result<u16, BiffError> {
        Ok(u16::from_le_bytes([self.u8()?, self.u8()?]))
    }

    fn u32(&mut self) -> Result<u32, BiffError> {
        Ok(u32::from_le_bytes([self.u8()?, self.u8()?, self.u8()?, self.u8()?]))
    }

    fn skip(&mut self, mut bytes: usize) -> Result<(), BiffError> {
        while bytes > 0 {
            let body = self.current().ok_or_else(|| self.record.short())?;
            let here = body.len().saturating_sub(self.at).min(bytes);
            self.at += here;
            bytes -= here;
            if bytes > 0 {
                self.part += 1;
                self.at = 0;
            }
        }
        Ok(())
    }

    /// A string whose length is already known: flags, units, runs.
    pub(super) fn string(&mut self, length: usize) -> Result<RawText, BiffError> {
        let flags = self.u8()?;
        let runs_count = if flags & FLAG_RICH == 0 { 0 } else { self.u16()? };
        let phonetic_bytes = if flags & FLAG_PHONETIC == 0 { 0 } else { self.u32()? };
        let units = self.units(length, flags)?;
        let mut runs = Vec::with_capacity(usize::from(runs_count).min(units.len() + 1));
        for _ in 0..runs_count {
            runs.push((self.u16()?, self.u16()?));
        }
        self.skip(usize::try_from(phonetic_bytes).unwrap_or(usize::MAX))?;
        Ok(RawText { units, runs })
    }

    /// A string goes on in the next body with flags of its own: narrow text may turn wide.
    fn units(&mut self, length: usize, flags: u8) -> Result<Vec<u16>, BiffError> {
        let mut wide = flags & FLAG_WIDE != 0;
        let mut units = Vec::with_capacity(length.min(1 << 15));
        while units.len() < length {
            if self.is_at_end() {
                self.part += 1;
                self.at = 0;
                wide = self.u8()? & FLAG_WIDE != 0;
            }
            units.push(if wide { self.u16()? } else { u16::from(self.u8()?) });
        }
        Ok(units)
    }
}
