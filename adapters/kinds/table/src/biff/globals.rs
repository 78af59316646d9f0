//! What all sheets of a workbook share: fonts, formats, strings, the list of sheets.

use crate::grid::Limits;

use super::record::{Record, Records, kind};
use super::text::{Parts, RawText};
use super::{BiffError, SheetEntry};

const BIFF8: u16 = 0x0600;
const WORKSHEET: u8 = 0x00;
const VISIBLE: u8 = 0x00;

/// A cell format, as far as a report's text depends on it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Format {
    pub(super) font: u16,
    pub(super) indent: u8,
}

/// The workbook's own records.
#[derive(Debug, Default)]
pub(super) struct Globals {
    pub(super) sheets: Vec<SheetEntry>,
    fonts: Vec<String>,
    formats: Vec<Format>,
    pub(super) strings: Vec<RawText>,
}

impl Globals {
    /// Reads the records in front of the first sheet.
    pub(super) fn read(stream: &[u8], limits: &Limits) -> Result<Self, BiffError> {
        let mut globals = Self::default();
        let mut records = Records::new(stream, 0);
        let first = records.next()?.ok_or(BiffError::NoWorkbook)?;
        if first.kind != kind::BOF {
            return Err(BiffError::OldFormat(first.kind));
        }
        let version = first.u16(0)?;
        if version != BIFF8 {
            return Err(BiffError::OldFormat(version));
        }
        while let Some(record) = records.next()? {
            match record.kind {
                kind::EOF => break,
                kind::FILEPASS => return Err(BiffError::Encrypted),
                kind::FONT => globals.fonts.push(short_string(&record, 14)?),
                kind::XF => globals.formats.push(format(&record)?),
                kind::BOUNDSHEET => globals.add_sheet(&record, limits)?,
                kind::SST => globals.strings = strings(&record, limits)?,
                _ => {}
            }
        }
        Ok(globals)
    }

    /// The font's name by the index that formats and runs use, which has no number 4.
    pub(super) fn font(&self, index: u16) -> &str {
        let index = usize::from(index);
        let at = if index > 4 { index - 1 } else { index };
        self.fonts.get(at).map_or("", String::as_str)
    }

    /// A cell's format; the plain one where the file names one that it does not have.
    pub(super) fn format(&self, index: u16) -> Format {
        self.formats.get(usize::from(index)).copied().unwrap_or_default()
    }

    fn add_sheet(&mut self, record: &Record<'_>, limits: &Limits) -> Result<(), BiffError> {
        if record.u8(5)? != WORKSHEET {
            return Ok(());
        }
        if self.sheets.len() >= limits.sheets {
            return Err(BiffError::TooLarge { what: "sheets", limit: limits.sheets });
        }
        let offset = usize::try_from(record.u32(0)?).unwrap_or(usize::MAX);
        let visible = matches!(record.u8(4)?, VISIBLE);
        self.sheets.push(SheetEntry { name: short_string(record, 6)?, visible, offset });
        Ok(())
    }
}

/// A string with a length of one byte at an offset of the body.
fn short_string(record: &Record<'_>, at: usize) -> Result<String, BiffError> {
    let length = record.u8(at)?;
    let raw = Parts::new(record, at + 1).string(usize::from(length))?;
    Ok(String::from_utf16_lossy(&raw.units))
}

fn format(record: &Record<'_>) -> Result<Format, BiffError> {
    Ok(Format { font: record.u16(0)?, indent: record.u8(8)? & 0x0F })
}

fn strings(record: &Record<'_>, limits: &Limits) -> Result<Vec<RawText>, BiffError> {
    let count = usize::try_from(record.u32(4)?).unwrap_or(usize::MAX);
    if count > limits.cells {
        return Err(BiffError::TooLarge { what: "strings", limit: limits.cells });
    }
    let mut parts = Parts::new(record, 8);
    let mut strings = Vec::with_capacity(count.min(1 << 16));
    for _ in 0..count {
        let length = usize::from(parts.u16()?);
        strings.push(parts.string(length)?);
    }
    Ok(strings)
}
