//! The records of one sheet, put on a grid.

use crate::grid::{Cell, Limits, Merge, Sheet, Value};
use crate::legacy::{Doubt, FontText, Run};

use super::BiffError;
use super::globals::Globals;
use super::number::{error_name, unpack_rk};
use super::record::{Record, Records, kind};
use super::text::{Parts, RawText};

/// What a sheet's records refer to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Context<'a> {
    pub(super) globals: &'a Globals,
    pub(super) limits: &'a Limits,
    pub(super) text: FontText,
}

/// Reads the records of the sheet that begins at `bytes`, up to its end or a row.
pub(super) fn read(
    bytes: &[u8],
    base: usize,
    context: &Context<'_>,
    rows_max: u32,
) -> Result<Sheet, BiffError> {
    let mut reading =
        Reading { context, sheet: Sheet::default(), rows_max, awaited: None, doubt: None };
    let mut records = Records::new(bytes, base);
    // Charts lie inside a sheet as streams of their own.
    let mut depth = 0_u32;
    while let Some(record) = records.next()? {
        match record.kind {
            kind::BOF => depth = depth.saturating_add(1),
            kind::EOF if depth <= 1 => break,
            kind::EOF => depth -= 1,
            _ if depth == 1 => reading.take(&record)?,
            _ => {}
        }
    }
    Ok(reading.sheet)
}

struct Reading<'a> {
    context: &'a Context<'a>,
    sheet: Sheet,
    rows_max: u32,
    /// The cell of a formula whose text follows in a record of its own.
    awaited: Option<(u32, u32, u16)>,
    /// What is doubtful about the text that is about to be put.
    doubt: Option<Doubt>,
}

impl Reading<'_> {
    fn take(&mut self, record: &Record<'_>) -> Result<(), BiffError> {
        match record.kind {
            kind::NUMBER => {
                let value = double(record, 6)?;
                self.put(record, Value::Number(value))
            }
            kind::RK => {
                let value = unpack_rk(record.u32(6)?);
                self.put(record, Value::Number(value))
            }
            kind::MULRK => self.many(record),
            kind::LABELSST => {
                let index = usize::try_from(record.u32(6)?).unwrap_or(usize::MAX);
                let raw = self.context.globals.strings.get(index).ok_or_else(|| record.short())?;
                let value = self.text(raw, record.u16(4)?);
                self.put(record, value)
            }
            kind::LABEL => {
                let raw = Parts::new(record, 8).string(usize::from(record.u16(6)?))?;
                let value = self.text(&raw, record.u16(4)?);
                self.put(record, value)
            }
            kind::BOOLERR => {
                let (value, is_error) = (record.u8(6)?, record.u8(7)? != 0);
                let value = if is_error {
                    Value::Error(error_name(value))
                } else {
                    Value::Bool(value != 0)
                };
                self.put(record, value)
            }
            kind::FORMULA => self.formula(record),
            kind::STRING => self.formula_text(record),
            kind::MERGECELLS => self.merges(record),
            _ => Ok(()),
        }
    }

    fn many(&mut self, record: &Record<'_>) -> Result<(), BiffError> {
        let row = u32::from(record.u16(0)?);
        let first = u32::from(record.u16(2)?);
        // Row, first column, six bytes a cell, last column.
        let count = record.body.len().saturating_sub(6) / 6;
        for index in 0..count {
            let at = 4 + index * 6;
            let value = Value::Number(unpack_rk(record.u32(at + 2)?));
            let column = first.saturating_add(u32::try_from(index).unwrap_or(u32::MAX));
            self.place(row, column, record.u16(at)?, value)?;
        }
        Ok(())
    }

    fn formula(&mut self, record: &Record<'_>) -> Result<(), BiffError> {
        self.awaited = None;
        if record.u16(12)? != 0xFFFF {
            let value = double(record, 6)?;
            return self.put(record, Value::Number(value));
        }
        match record.u8(6)? {
            0 => {
                let (row, column) = (u32::from(record.u16(0)?), u32::from(record.u16(2)?));
                self.awaited = Some((row, column, record.u16(4)?));
                Ok(())
            }
            1 => {
                let value = Value::Bool(record.u8(8)? != 0);
                self.put(record, value)
            }
            2 => {
                let value = Value::Error(error_name(record.u8(8)?));
                self.put(record, value)
            }
            _ => Ok(()),
        }
    }

    fn formula_text(&mut self, record: &Record<'_>) -> Result<(), BiffError> {
        let Some((row, column, format)) = self.awaited.take() else { return Ok(()) };
        let raw = Parts::new(record, 2).string(usize::from(record.u16(0)?))?;
        let value = self.text(&raw, format);
        self.place(row, column, format, value)
    }

    fn merges(&mut self, record: &Record<'_>) -> Result<(), BiffError> {
        for index in 0..usize::from(record.u16(0)?) {
            let at = 2 + index * 8;
            let edge = |offset: usize| record.u16(at + offset).map(|edge| u32::from(edge) + 1);
            let (first_row, last_row) = (edge(0)?, edge(2)?);
            let (first_column, last_column) = (edge(4)?, edge(6)?);
            self.sheet.add_merge(
                Merge { first_row, last_row, first_column, last_column },
                self.context.limits,
            );
        }
        Ok(())
    }

    fn text(&mut self, raw: &RawText, format: u16) -> Value {
        let globals = self.context.globals;
        let base = globals.font(globals.format(format).font);
        let runs: Vec<Run<'_>> = raw
            .runs
            .iter()
            .map(|(start, font)| Run { start: usize::from(*start), font: globals.font(*font) })
            .collect();
        let read = self.context.text.decode(&raw.units, base, &runs);
        self.doubt = read.doubt;
        Value::Text(read.text)
    }

    fn put(&mut self, record: &Record<'_>, value: Value) -> Result<(), BiffError> {
        let (row, column) = (u32::from(record.u16(0)?), u32::from(record.u16(2)?));
        self.place(row, column, record.u16(4)?, value)
    }

    /// Puts a cell on the grid; the file counts rows and columns from 0, we from 1.
    fn place(&mut self, row: u32, column: u32, format: u16, value: Value) -> Result<(), BiffError> {
        let doubt = self.doubt.take();
        if row >= self.rows_max {
            return Ok(());
        }
        if let Some(doubt) = doubt {
            self.sheet.doubt(row + 1, column + 1, doubt);
        }
        let indent = self.context.globals.format(format).indent;
        let cell = Cell { value, indent };
        if self.sheet.put(row + 1, column + 1, cell, self.context.limits) {
            return Ok(());
        }
        Err(BiffError::TooLarge { what: "cells", limit: self.context.limits.cells })
    }
}

fn double(record: &Record<'_>, at: usize) -> Result<f64, BiffError> {
    let bytes = record.body.get(at..at + 8).ok_or_else(|| record.short())?;
    let bytes: [u8; 8] = bytes.try_into().map_err(|_| record.short())?;
    Ok(f64::from_le_bytes(bytes))
}
