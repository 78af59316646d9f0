//! `.xlsx` workbooks, by the calamine crate, with each cell's font and indentation.

mod runs;

use std::io::Cursor;
use std::sync::Arc;

use calamine::{CellErrorType, DataRef, Reader as _, SheetType, SheetVisible, Xlsx, XlsxError};

use crate::grid::{Cell, Limits, Merge, Sheet, Value};
use crate::legacy::{Doubt, FontText, Run};

use runs::Runs;

/// One `.xlsx` workbook, its sheets read when asked for.
pub(crate) struct Workbook {
    file: Xlsx<Cursor<Arc<[u8]>>>,
    limits: Limits,
    text: FontText,
    runs: Runs,
}

impl Workbook {
    /// Opens a workbook held in memory.
    pub(crate) fn open(
        bytes: Arc<[u8]>,
        limits: Limits,
        text: FontText,
    ) -> Result<Self, XlsxError> {
        let runs = match text {
            FontText::AutoByFont => Runs::read(&bytes, &limits),
            FontText::Unicode => Runs::default(),
        };
        Ok(Self { file: Xlsx::new(Cursor::new(bytes))?, limits, text, runs })
    }

    /// The worksheets in their order, and whether Excel shows them.
    pub(crate) fn sheets(&self) -> Vec<(String, bool)> {
        self.file
            .sheets_metadata()
            .iter()
            .filter(|sheet| sheet.typ == SheetType::WorkSheet)
            .map(|sheet| (sheet.name.clone(), sheet.visible == SheetVisible::Visible))
            .collect()
    }

    /// Reads one sheet whole, or its first rows without merged cells; `None` where it has more
    /// cells than allowed.
    pub(crate) fn read(&mut self, name: &str, rows_max: u32) -> Result<Option<Sheet>, XlsxError> {
        let mut sheet = Sheet::default();
        // Merged cells stand behind all rows: who wants the first rows shall not wait for them.
        let merges = if rows_max < self.limits.rows {
            Vec::new()
        } else {
            self.file.merge_cells_by_sheet_name(name)?
        };
        for merge in merges {
            let merge = Merge {
                first_row: merge.start.0 + 1,
                last_row: merge.end.0 + 1,
                first_column: merge.start.1 + 1,
                last_column: merge.end.1 + 1,
            };
            sheet.add_merge(merge, &self.limits);
        }
        let mut cells = self.file.worksheet_cells_reader(name)?;
        while let Some((cell, style)) = cells.next_cell_with_style_id()? {
            let (row, column) = cell.get_position();
            if row >= rows_max.min(self.limits.rows) {
                break;
            }
            let style = cells.styles().get(style);
            let font = style.and_then(|style| style.font.as_ref()?.name.as_deref());
            let indent = style.and_then(|style| style.alignment.as_ref()?.indent).unwrap_or(0);
            let fonts = Fonts { cell: font.unwrap_or_default(), runs: &self.runs, text: self.text };
            let Some((value, doubt)) = value(cell.get_value(), &fonts) else { continue };
            if let Some(doubt) = doubt {
                sheet.doubt(row + 1, column + 1, doubt);
            }
            if !sheet.put(row + 1, column + 1, Cell { value, indent }, &self.limits) {
                return Ok(None);
            }
        }
        Ok(Some(sheet))
    }
}

/// What is known of the fonts of a cell's text.
struct Fonts<'a> {
    cell: &'a str,
    runs: &'a Runs,
    text: FontText,
}

impl Fonts<'_> {
    fn read(&self, words: &str) -> (Value, Option<Doubt>) {
        let units: Vec<u16> = words.encode_utf16().collect();
        let runs: Vec<Run<'_>> = self
            .runs
            .fonts(words)
            .iter()
            .map(|(start, font)| Run { start: *start, font: font.as_deref().unwrap_or(self.cell) })
            .collect();
        let read = self.text.decode(&units, self.cell, &runs);
        (Value::Text(read.text), read.doubt)
    }
}

fn value(data: &DataRef<'_>, fonts: &Fonts<'_>) -> Option<(Value, Option<Doubt>)> {
    let value = match data {
        DataRef::Empty => return None,
        // A whole number of a sheet is a double with nothing behind the point.
        #[expect(clippy::cast_precision_loss, reason = "xlsx numbers are doubles to begin with")]
        DataRef::Int(number) => Value::Number(*number as f64),
        DataRef::Float(number) => Value::Number(*number),
        DataRef::DateTime(moment) => Value::Number(moment.as_f64()),
        DataRef::Bool(flag) => Value::Bool(*flag),
        DataRef::Error(error) => Value::Error(error_name(error)),
        DataRef::String(words) | DataRef::DateTimeIso(words) | DataRef::DurationIso(words) => {
            return Some(fonts.read(words));
        }
        DataRef::SharedString(words) => return Some(fonts.read(words)),
    };
    Some((value, None))
}

fn error_name(error: &CellErrorType) -> &'static str {
    match error {
        CellErrorType::Div0 => "#DIV/0!",
        CellErrorType::NA => "#N/A",
        CellErrorType::Name => "#NAME?",
        CellErrorType::Null => "#NULL!",
        CellErrorType::Num => "#NUM!",
        CellErrorType::Ref => "#REF!",
        CellErrorType::Value => "#VALUE!",
        CellErrorType::GettingData => "#GETTING_DATA",
    }
}

#[cfg(test)]
mod tests;
