//! Titles of sheets: the lines at the top that begin in one column.

use crate::book::{Book, BookError, SheetName};
use crate::grid::{Sheet, Value};
use crate::normalise::{comparable, tidy};

/// How far down a title is looked for.
const TITLE_ROWS_MAX: u32 = 12;

/// The most lines of a title.
const TITLE_LINES_MAX: usize = 3;

/// A sheet with its title.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Top {
    pub(crate) sheet: SheetName,
    /// The title as a person reads it.
    pub(crate) title: String,
    /// The title as rules see it.
    pub(crate) comparable: String,
}

/// Reads the titles of all sheets of a workbook.
pub(crate) fn tops(book: &mut Book) -> Result<Vec<Top>, BookError> {
    let mut tops = Vec::new();
    for sheet in book.sheets() {
        let title = title(&book.read_rows(&sheet, TITLE_ROWS_MAX)?);
        tops.push(Top { sheet, comparable: comparable(&title), title });
    }
    Ok(tops)
}

/// The first lines whose first text stands in the column of the first line's.
fn title(sheet: &Sheet) -> String {
    let mut lines: Vec<String> = Vec::new();
    let mut title_column = None;
    for row in sheet.rows() {
        let Some((column, cell)) = sheet.row(row).next() else { break };
        let Value::Text(text) = &cell.value else { break };
        if lines.len() >= TITLE_LINES_MAX || *title_column.get_or_insert(column) != column {
            break;
        }
        lines.push(tidy(text));
    }
    lines.join(" ")
}
