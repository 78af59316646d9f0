//! A small reader of BIFF8, the record stream inside an `.xls` file.
//!
//! Ours because the text of old Vietnamese workbooks is only readable with the font of every cell
//! and of every run within a cell, which no reader crate hands out. It reads what a report is made
//! of (sheets, strings with their runs, numbers, fonts, formats, merged cells) and skips the rest.
//! Layout: [MS-XLS]. Every length comes from the file and is checked against what is there.

mod globals;
mod number;
mod record;
mod sheet;
mod text;

#[cfg(test)]
mod tests;

use std::io::{Cursor, Read as _};

use crate::grid::{Limits, Sheet};
use crate::legacy::FontText;

use globals::Globals;

/// Why an `.xls` file can't be read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BiffError {
    /// The container is not a compound file, or a damaged one.
    #[error("the compound file is damaged")]
    Container(#[source] std::io::Error),
    /// No workbook stream in it.
    #[error("the compound file holds no workbook")]
    NoWorkbook,
    /// Excel 95 or older.
    #[error("the workbook is of the older format {0:#06x}, not BIFF8")]
    OldFormat(u16),
    /// It asks for a password.
    #[error("the workbook is protected by a password")]
    Encrypted,
    /// A record ends before its contents do.
    #[error("the record {kind:#06x} at byte {offset} is cut short")]
    Short {
        /// The record's type.
        kind: u16,
        /// Its offset in the workbook stream.
        offset: usize,
    },
    /// More than the limits allow.
    #[error("the workbook holds more than {limit} {what}")]
    TooLarge {
        /// What there is too much of.
        what: &'static str,
        /// The limit.
        limit: usize,
    },
}

/// One `.xls` workbook: its stream in memory, its sheets read when asked for.
#[derive(Debug)]
pub(crate) struct Workbook {
    stream: Vec<u8>,
    globals: Globals,
    limits: Limits,
    text: FontText,
}

/// A sheet by name, before it is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SheetEntry {
    /// Its name.
    pub(crate) name: String,
    /// Whether Excel shows it.
    pub(crate) visible: bool,
    /// Offset of its first record.
    offset: usize,
}

impl Workbook {
    /// Opens a compound file held in memory and reads its globals.
    pub(crate) fn open(bytes: &[u8], limits: Limits, text: FontText) -> Result<Self, BiffError> {
        let mut file = cfb::CompoundFile::open(Cursor::new(bytes)).map_err(BiffError::Container)?;
        let name = ["/Workbook", "/WORKBOOK", "/Book"]
            .into_iter()
            .find(|name| file.is_stream(name))
            .ok_or(BiffError::NoWorkbook)?;
        let stream = file.open_stream(name).map_err(BiffError::Container)?;
        let mut content = Vec::new();
        let bound = limits.unpacked_bytes;
        stream
            .take(bound.saturating_add(1))
            .read_to_end(&mut content)
            .map_err(BiffError::Container)?;
        if u64::try_from(content.len()).unwrap_or(u64::MAX) > bound {
            let limit = usize::try_from(bound).unwrap_or(usize::MAX);
            return Err(BiffError::TooLarge { what: "bytes", limit });
        }
        let globals = Globals::read(&content, &limits)?;
        Ok(Self { stream: content, globals, limits, text })
    }

    /// The worksheets in their order.
    pub(crate) fn sheets(&self) -> &[SheetEntry] {
        &self.globals.sheets
    }

    /// Reads one sheet, up to a row.
    pub(crate) fn read(&self, index: usize, rows_max: u32) -> Result<Sheet, BiffError> {
        let Some(entry) = self.globals.sheets.get(index) else { return Ok(Sheet::default()) };
        let records = self.stream.get(entry.offset..).unwrap_or_default();
        let context =
            sheet::Context { globals: &self.globals, limits: &self.limits, text: self.text };
        sheet::read(records, entry.offset, &context, rows_max.min(self.limits.rows))
    }
}
