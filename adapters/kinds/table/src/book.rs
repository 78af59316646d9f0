//! A workbook of any of the kinds that are read, told apart by its first bytes.

use std::io::{self, Read as _};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use lienthong_text::{Encoding, decode};

use crate::biff;
use crate::grid::{Cell, Limits, Sheet, Value};
use crate::legacy::FontText;
use crate::xlsx;

/// The first bytes of a compound file.
const COMPOUND_FILE: &[u8] = &[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];
/// The first bytes of a zip archive.
const ZIP: &[u8] = b"PK\x03\x04";

/// Why a workbook can't be read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BookError {
    /// The `.xls` reader's reason.
    #[error(transparent)]
    Biff(#[from] biff::BiffError),
    /// The `.xlsx` reader's reason.
    #[error("the workbook is not valid .xlsx: {0}")]
    Xlsx(String),
    /// Neither a workbook nor text.
    #[error("the file is neither an .xls or .xlsx workbook nor CSV text in UTF-8")]
    Unknown,
    /// CSV that breaks off or is uneven.
    #[error("the CSV text can't be read")]
    Csv(#[from] csv::Error),
    /// Larger than allowed once unpacked, or with more cells than allowed.
    #[error("the workbook is larger than the limits of this source allow")]
    TooLarge,
    /// A library gave up on the file.
    #[error("the workbook is damaged beyond what its reader can handle")]
    ReaderGaveUp,
}

/// A sheet of a workbook by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SheetName {
    /// Its place in the workbook, from 0.
    pub(crate) index: usize,
    /// Its name.
    pub(crate) name: String,
    /// Whether a reader of the workbook sees it.
    pub(crate) visible: bool,
}

/// An open workbook.
pub(crate) struct Book {
    form: Form,
    limits: Limits,
}

enum Form {
    Xls(biff::Workbook),
    Xlsx(Box<xlsx::Workbook>),
    Csv(Sheet),
}

impl Book {
    /// Opens a workbook held in memory.
    pub(crate) fn open(bytes: Vec<u8>, limits: Limits, text: FontText) -> Result<Self, BookError> {
        let form = guarded(|| open(bytes, limits, text))?;
        Ok(Self { form, limits })
    }

    /// Its worksheets in order.
    pub(crate) fn sheets(&self) -> Vec<SheetName> {
        let entry = |(index, (name, visible))| SheetName { index, name, visible };
        match &self.form {
            Form::Xls(book) => {
                let names = book.sheets().iter().map(|entry| (entry.name.clone(), entry.visible));
                names.enumerate().map(entry).collect()
            }
            Form::Xlsx(book) => book.sheets().into_iter().enumerate().map(entry).collect(),
            Form::Csv(_) => vec![SheetName { index: 0, name: "CSV".to_owned(), visible: true }],
        }
    }

    /// Reads a sheet whole.
    pub(crate) fn read(&mut self, sheet: &SheetName) -> Result<Sheet, BookError> {
        let rows_max = self.limits.rows;
        self.read_rows(sheet, rows_max)
    }

    /// Reads the first rows of a sheet, perhaps without what is known of merged cells.
    pub(crate) fn read_rows(
        &mut self,
        sheet: &SheetName,
        rows_max: u32,
    ) -> Result<Sheet, BookError> {
        match &mut self.form {
            Form::Xls(book) => guarded(|| Ok(book.read(sheet.index, rows_max)?)),
            Form::Xlsx(book) => guarded(|| {
                let read = book.read(&sheet.name, rows_max);
                read.map_err(|error| BookError::Xlsx(error.to_string()))?.ok_or(BookError::TooLarge)
            }),
            Form::Csv(sheet) => Ok(sheet.clone()),
        }
    }
}

fn open(bytes: Vec<u8>, limits: Limits, text: FontText) -> Result<Form, BookError> {
    if bytes.starts_with(COMPOUND_FILE) {
        return Ok(Form::Xls(biff::Workbook::open(&bytes, limits, text)?));
    }
    if bytes.starts_with(ZIP) {
        let bytes: Arc<[u8]> = bytes.into();
        check_unpacked(&bytes, limits.unpacked_bytes)?;
        let book = xlsx::Workbook::open(bytes, limits, text)
            .map_err(|error| BookError::Xlsx(error.to_string()))?;
        return Ok(Form::Xlsx(Box::new(book)));
    }
    csv_sheet(&bytes, &limits).map(Form::Csv)
}

/// Unpacks an archive to nowhere, to know that its true size stays within bounds before a reader
/// that does not count unpacks it into memory.
fn check_unpacked(bytes: &Arc<[u8]>, limit: u64) -> Result<(), BookError> {
    let broken = |error: zip::result::ZipError| BookError::Xlsx(error.to_string());
    let mut archive = zip::ZipArchive::new(io::Cursor::new(Arc::clone(bytes))).map_err(broken)?;
    let mut left = limit;
    for index in 0..archive.len() {
        let entry = archive.by_index(index).map_err(broken)?;
        let unpacked = io::copy(&mut entry.take(left.saturating_add(1)), &mut io::sink())
            .map_err(|error| BookError::Xlsx(error.to_string()))?;
        left = left.checked_sub(unpacked).ok_or(BookError::TooLarge)?;
    }
    Ok(())
}

/// CSV as a sheet of text: what is a figure is decided by its column, not by its looks.
fn csv_sheet(bytes: &[u8], limits: &Limits) -> Result<Sheet, BookError> {
    let text = decode(bytes, Encoding::Utf8).map_err(|_| BookError::Unknown)?;
    let text = text.trim_start_matches('\u{FEFF}');
    if text.trim().is_empty() || text.contains('\0') {
        return Err(BookError::Unknown);
    }
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter(text))
        .from_reader(text.as_bytes());
    let mut sheet = Sheet::default();
    for (row, record) in (1_u32..).zip(reader.records()) {
        let record = record?;
        for (column, field) in (1_u32..).zip(&record) {
            let cell = Cell { value: csv_value(field), indent: 0 };
            if !sheet.put(row, column, cell, limits) {
                return Err(BookError::TooLarge);
            }
        }
    }
    Ok(sheet)
}

/// A field that is a plain decimal is a figure, anything else is text.
fn csv_value(field: &str) -> Value {
    let trimmed = field.trim();
    let is_plain = !trimmed.is_empty()
        && trimmed.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-' | b'+'));
    if is_plain && trimmed.parse::<f64>().is_ok() {
        return Value::Digits(trimmed.to_owned());
    }
    Value::Text(field.to_owned())
}

/// The sign between fields: the one of comma, semicolon and tab that the first line has most of.
fn delimiter(text: &str) -> u8 {
    let line = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let count = |sign: &u8| line.bytes().filter(|byte| byte == sign).count();
    [b',', b';', b'\t'].into_iter().rev().max_by_key(count).unwrap_or(b',')
}

/// Runs a reader so that a file on which a library panics is one more damaged file, not the end
/// of the feed.
fn guarded<T>(read: impl FnOnce() -> Result<T, BookError>) -> Result<T, BookError> {
    catch_unwind(AssertUnwindSafe(read)).unwrap_or(Err(BookError::ReaderGaveUp))
}

#[cfg(test)]
mod tests;
