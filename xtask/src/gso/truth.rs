//! The cells themselves, by a reader that shares nothing with the adapter's.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::path::Path;

use calamine::{Data, Range, Reader as _, open_workbook_auto};

use super::figures::Figure;
use crate::command::TaskError;

/// What the workbooks say of the figures that the adapter found.
#[derive(Debug, Default)]
pub(super) struct Truths {
    cells: BTreeMap<(String, String, String), f64>,
    /// Figures that the adapter read otherwise.
    pub(super) differences: Vec<String>,
}

impl Truths {
    /// The number in a figure's cell.
    pub(super) fn of(&self, figure: &Figure) -> Option<f64> {
        self.cells.get(&place(figure)).copied()
    }

    /// Notes the number in a figure's cell.
    pub(super) fn insert(&mut self, figure: &Figure, number: f64) {
        self.cells.insert(place(figure), number);
    }
}

fn place(figure: &Figure) -> (String, String, String) {
    (figure.workbook.clone(), figure.sheet.clone(), figure.cell.clone())
}

/// Reads the cell of every figure.
pub(super) fn check(workbooks: &Path, figures: &[Figure]) -> Result<Truths, TaskError> {
    let mut truths = Truths::default();
    let mut sheets: BTreeMap<(&str, &str), Range<Data>> = BTreeMap::new();
    for figure in figures {
        let name = (figure.workbook.as_str(), figure.sheet.as_str());
        let sheet = match sheets.entry(name) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => {
                new.insert(sheet(&workbooks.join(&figure.workbook), &figure.sheet)?)
            }
        };
        let number = position(&figure.cell).and_then(|at| match sheet.get_value(at) {
            Some(Data::Float(number)) => Some(*number),
            #[expect(clippy::cast_precision_loss, reason = "workbooks hold doubles to begin with")]
            Some(Data::Int(number)) => Some(*number as f64),
            _ => None,
        });
        let Some(number) = number else {
            truths.differences.push(format!("{}: no number in the cell", shown(figure)));
            continue;
        };
        if figure.value.parse::<f64>().map(f64::to_bits) != Ok(number.to_bits()) {
            truths.differences.push(format!("{}: the cell holds {number}", shown(figure)));
        }
        truths.insert(figure, number);
    }
    Ok(truths)
}

fn sheet(workbook: &Path, name: &str) -> Result<Range<Data>, TaskError> {
    let wrong =
        |error: calamine::Error| TaskError::Wrong(format!("{}: {error}", workbook.display()));
    let mut book = open_workbook_auto(workbook).map_err(wrong)?;
    book.worksheet_range(name).map_err(wrong)
}

/// Row and column from 0 of a cell named `AB12`.
pub(super) fn position(cell: &str) -> Option<(u32, u32)> {
    let digits = cell.find(|letter: char| letter.is_ascii_digit())?;
    let (letters, digits) = cell.split_at(digits);
    let column = letters.bytes().try_fold(0_u32, |column, letter| {
        let letter = letter.checked_sub(b'A').filter(|letter| *letter < 26)?;
        column.checked_mul(26)?.checked_add(u32::from(letter) + 1)
    })?;
    let row: u32 = digits.parse().ok()?;
    Some((row.checked_sub(1)?, column.checked_sub(1)?))
}

/// A figure and its place, for a person.
pub(super) fn shown(figure: &Figure) -> String {
    let Figure { workbook, sheet, cell, label, column, value, .. } = figure;
    format!("{workbook} [{sheet}] {cell} {label} ({column}) = {value}")
}
