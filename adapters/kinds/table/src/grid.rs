//! A sheet as a grid of cells, whatever file it came from.

use std::collections::BTreeMap;

use crate::legacy::Doubt;

/// What a workbook may at most hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Limits {
    /// Bytes after unpacking.
    pub(crate) unpacked_bytes: u64,
    /// Sheets of a workbook.
    pub(crate) sheets: usize,
    /// Cells of a sheet, and strings of a workbook.
    pub(crate) cells: usize,
    /// Rows of a sheet that are read.
    pub(crate) rows: u32,
}

/// The contents of a cell.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    /// A number.
    Number(f64),
    /// A number in digits, from a file that holds text.
    Digits(String),
    /// Text, not empty.
    Text(String),
    /// True or false.
    Bool(bool),
    /// An error of a formula, as Excel shows it.
    Error(&'static str),
}

/// One cell that holds something.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Cell {
    pub(crate) value: Value,
    /// Indentation steps of its format.
    pub(crate) indent: u8,
}

/// A rectangle of merged cells; its contents stand in its first cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Merge {
    pub(crate) first_row: u32,
    pub(crate) last_row: u32,
    pub(crate) first_column: u32,
    pub(crate) last_column: u32,
}

/// A sheet: its cells by row and column, both from 1, without empty ones.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Sheet {
    cells: BTreeMap<(u32, u32), Cell>,
    merges: Vec<Merge>,
    /// By doubt: how many cells, and the first of them.
    doubts: BTreeMap<Doubt, (usize, (u32, u32))>,
}

impl Sheet {
    /// Adds a cell; false when the sheet is full. Empty text is no content.
    pub(crate) fn put(&mut self, row: u32, column: u32, cell: Cell, limits: &Limits) -> bool {
        if let Value::Text(text) = &cell.value
            && text.trim().is_empty()
        {
            return true;
        }
        if self.cells.len() >= limits.cells {
            return false;
        }
        self.cells.insert((row, column), cell);
        true
    }

    /// Notes that the text of a cell is doubtful.
    pub(crate) fn doubt(&mut self, row: u32, column: u32, doubt: Doubt) {
        self.doubts.entry(doubt).or_insert((0, (row, column))).0 += 1;
    }

    /// The doubts about texts: how many cells each, and the first of them.
    pub(crate) fn doubts(&self) -> impl Iterator<Item = (Doubt, usize, (u32, u32))> {
        self.doubts.iter().map(|(doubt, (cells, first))| (*doubt, *cells, *first))
    }

    /// Adds a merged rectangle, as long as there are not more of them than cells allowed.
    pub(crate) fn add_merge(&mut self, merge: Merge, limits: &Limits) {
        if self.merges.len() < limits.cells {
            self.merges.push(merge);
        }
    }

    /// The cell at a place.
    pub(crate) fn at(&self, row: u32, column: u32) -> Option<&Cell> {
        self.cells.get(&(row, column))
    }

    /// The cells of a row, from left to right.
    pub(crate) fn row(&self, row: u32) -> impl Iterator<Item = (u32, &Cell)> {
        self.cells.range((row, 0)..=(row, u32::MAX)).map(|((_, column), cell)| (*column, cell))
    }

    /// The rows that hold something, in order.
    pub(crate) fn rows(&self) -> Vec<u32> {
        let mut rows: Vec<u32> = self.cells.keys().map(|(row, _)| *row).collect();
        rows.dedup();
        rows
    }

    /// The cell that is seen at a place of the first row of a merged rectangle.
    ///
    /// A rectangle's lower rows stay empty: a heading that spans rows is said once.
    pub(crate) fn seen_at(&self, row: u32, column: u32) -> Option<(u32, &Cell)> {
        if let Some(cell) = self.at(row, column) {
            return Some((column, cell));
        }
        let merge = self.merges.iter().find(|merge| {
            merge.first_row == row && (merge.first_column..=merge.last_column).contains(&column)
        })?;
        self.at(row, merge.first_column).map(|cell| (merge.first_column, cell))
    }
}

impl Value {
    /// Whether it is a figure.
    pub(crate) fn is_figure(&self) -> bool {
        matches!(self, Self::Number(_) | Self::Digits(_))
    }

    /// The text a person reads in a heading or label; numbers in their shortest exact form.
    pub(crate) fn shown(&self) -> String {
        match self {
            Self::Number(number) => number.to_string(),
            Self::Text(text) | Self::Digits(text) => text.clone(),
            Self::Bool(true) => "TRUE".to_owned(),
            Self::Bool(false) => "FALSE".to_owned(),
            Self::Error(name) => (*name).to_owned(),
        }
    }
}
