//! One table of a sheet, read from its first row to its last.

use std::collections::BTreeSet;

use lienthong_adapter_api::Position;

use crate::feed::{Layout, PeriodPlace};
use crate::grid::{Sheet, Value};
use crate::normalise::comparable;
use crate::pattern::{self, dates, is_in_any};
use crate::period::ReportPeriod;

use super::columns::{Meaning, meaning};
use super::headings::{self, Headings};
use super::item::{self, Shared};
use super::labels::{self, Outline, Placed, Written};
use super::titles::Top;
use super::{Flaw, Found, SheetPlace, code};

/// A table whose place and period are known.
pub(super) struct Table<'a> {
    layout: &'a Layout,
    sheet: &'a Sheet,
    place: &'a SheetPlace<'a>,
    pub(super) period: ReportPeriod,
    start: u32,
    first_column: u32,
    last_column: u32,
    unit: Option<String>,
    captures: Vec<String>,
    /// Headings, columns and outline of the part of the table being read.
    headings: Headings,
    columns: Vec<(u32, Meaning)>,
    outline: Outline,
    keys: BTreeSet<String>,
}

/// Finds a table's first row and its first column with figures.
pub(super) fn begins_at(layout: &Layout, sheet: &Sheet) -> Option<(u32, u32)> {
    for row in sheet.rows() {
        let first = sheet.row(row).find(|(_, cell)| cell.value.is_figure());
        let Some((first_column, _)) = first else { continue };
        let written = labels::written(&layout.labels, sheet, row, first_column);
        if layout.begin.fit(&labels::key(&layout.labels, &written.text)) {
            return has_wanted_row(layout, sheet, row, first_column).then_some((row, first_column));
        }
    }
    None
}

/// Whether one of the rows that tell a layout from others is in the table.
fn has_wanted_row(layout: &Layout, sheet: &Sheet, start: u32, first_column: u32) -> bool {
    layout.has_row.is_empty()
        || sheet.rows().into_iter().filter(|row| *row >= start).any(|row| {
            let written = labels::written(&layout.labels, sheet, row, first_column);
            is_in_any(&layout.has_row, &labels::key(&layout.labels, &written.text))
        })
}

impl<'a> Table<'a> {
    /// Reads what stands above the table: headings, unit, period.
    pub(super) fn prepare(
        layout: &'a Layout,
        sheet: &'a Sheet,
        top: &'a Top,
        place: &'a SheetPlace<'a>,
        (start, first_column): (u32, u32),
    ) -> Result<Self, Box<Flaw>> {
        let last_column = last_column(sheet, start, first_column);
        let above: Vec<u32> = sheet.rows().into_iter().filter(|row| *row < start).collect();
        let headings = headings::collect(layout, sheet, &above, first_column..=last_column);
        let Some(period) = period(layout, top, place, &headings) else {
            return Err(Box::new(place.flaw(
                code::NO_PERIOD,
                "the report does not say its period where the rules look for it",
                "compare the layout's `period` with the sheet's title and headings",
                Position::Row(u64::from(start)),
                &top.title,
            )));
        };
        let names = layout.columns.iter().flat_map(|rule| &rule.any_of);
        let captures: BTreeSet<String> =
            names.flat_map(|pattern| pattern.own_names().map(str::to_owned)).collect();
        let mut table = Self {
            layout,
            sheet,
            place,
            period,
            start,
            first_column,
            last_column,
            unit: headings.unit.clone(),
            captures: captures.into_iter().collect(),
            headings: Headings::default(),
            columns: Vec::new(),
            outline: Outline::default(),
            keys: BTreeSet::new(),
        };
        table.explain(&headings);
        Ok(table)
    }

    /// Reads the rows.
    pub(super) fn read(&mut self, found: &mut Vec<Found>) {
        let rows: Vec<u32> =
            self.sheet.rows().into_iter().filter(|row| *row >= self.start).collect();
        self.report_columns(&rows, found);
        let mut carried = String::new();
        let mut index = 0;
        while let Some(row) = rows.get(index).copied() {
            index += 1;
            let mut written =
                labels::written(&self.layout.labels, self.sheet, row, self.first_column);
            if row > self.start && self.is_title(&written) {
                index = self.read_repeated_headings(&rows, index, found);
                continue;
            }
            if !carried.is_empty() {
                written.text = format!("{carried} {}", written.text);
                carried.clear();
            }
            if is_in_any(&self.layout.skip_rows, &comparable(&written.text)) {
                continue;
            }
            let has_figures = self.sheet.row(row).any(|(column, _)| column >= self.first_column);
            let next = rows.get(index).copied();
            if !has_figures && self.layout.labels.wrapped && self.goes_on_in(next) {
                carried = written.text;
            } else {
                self.read_row(row, &written, has_figures, found);
            }
        }
    }

    fn read_row(&mut self, row: u32, written: &Written, has_figures: bool, found: &mut Vec<Found>) {
        if written.has_mark && written.text.is_empty() && !has_figures {
            self.outline.begin_parts();
            return;
        }
        if written.text.is_empty() || !has_figures {
            let reason = if has_figures {
                "a row has figures and no label"
            } else {
                "a row has a label and no figures, and no rule explains it"
            };
            found.push(Found::Fault(self.row_flaw(code::ROW, reason, row, &written.text)));
            return;
        }
        let placed = self.outline.place(&self.layout.labels, written);
        if !self.keys.insert(placed.key.clone()) {
            let reason = "a label stands twice in the table: which row holds can't be known";
            found.push(Found::Fault(self.row_flaw(code::TWICE, reason, row, &placed.label)));
            return;
        }
        self.read_cells(row, &placed, found);
    }

    fn read_cells(&self, row: u32, placed: &Placed, found: &mut Vec<Found>) {
        let shared = Shared {
            place: self.place,
            layout: &self.layout.name,
            unit: self.unit.as_deref(),
            report: self.period,
            captures: &self.captures,
        };
        for (column, meaning) in &self.columns {
            let Meaning::Known(known) = meaning else { continue };
            let Some(cell) = self.sheet.at(row, *column) else { continue };
            let position = Position::Cell { row, column: *column };
            match &cell.value {
                Value::Number(number) if number.is_finite() => {}
                Value::Digits(_) => {}
                Value::Text(text) if self.means_missing(text) => continue,
                other => {
                    let reason = format!("a cell of column `{}` holds no figure", known.id);
                    let hint = "correct the cell, or add its text to the layout's `missing`";
                    let shown = other.shown();
                    found.push(Found::Fault(self.place.flaw(
                        code::CELL,
                        reason,
                        hint,
                        position,
                        &shown,
                    )));
                    continue;
                }
            }
            let value = cell.value.shown();
            let json = item::json(&shared, placed, known, value, (row, *column));
            found.push(Found::Item { origin: self.place.origin(), position, json });
        }
    }

    fn means_missing(&self, text: &str) -> bool {
        let text = comparable(text);
        self.layout.missing.iter().any(|mark| comparable(mark) == text)
    }

    /// Whether a row repeats the title where the table goes on, on the next printed page.
    fn is_title(&self, written: &Written) -> bool {
        let text = comparable(&written.text);
        is_in_any(&self.layout.continued, &text)
    }

    /// Reads the headings of a table that goes on below a repeated title; gives the index of the
    /// first row behind them.
    fn read_repeated_headings(
        &mut self,
        rows: &[u32],
        from: usize,
        found: &mut Vec<Found>,
    ) -> usize {
        let is_data = |row: &u32| {
            let written = labels::written(&self.layout.labels, self.sheet, *row, self.first_column);
            let figures = self.sheet.row(*row).any(|(_, cell)| cell.value.is_figure());
            !written.text.is_empty() && figures
        };
        let rest = rows.get(from..).unwrap_or_default();
        let length = rest.iter().position(is_data).unwrap_or(rest.len());
        let above = rest.get(..length).unwrap_or_default();
        let columns = self.first_column..=self.last_column;
        let headings = headings::collect(self.layout, self.sheet, above, columns);
        self.explain(&headings);
        self.report_columns(rest.get(length..).unwrap_or_default(), found);
        from + length
    }

    /// Finds out what the columns mean.
    fn explain(&mut self, headings: &Headings) {
        self.columns.clear();
        let mut ids = BTreeSet::new();
        for column in self.first_column..=self.last_column {
            // A heading without figures below it promises nothing that could be lost.
            if !self.has_contents(column) {
                continue;
            }
            let heading = headings.of(column);
            let mut meaning = if heading.is_empty() {
                Meaning::Unexplained
            } else {
                meaning(self.layout, heading, self.period)
            };
            if let Meaning::Known(known) = &meaning
                && !ids.insert(known.id.clone())
            {
                meaning = Meaning::Unexplained;
            }
            self.columns.push((column, meaning));
        }
        self.headings = headings.clone();
    }

    fn has_contents(&self, column: u32) -> bool {
        self.sheet
            .rows()
            .iter()
            .any(|row| *row >= self.start && self.sheet.at(*row, column).is_some())
    }

    /// Reports the columns that no rule explains, with the figures they have in the rows up to
    /// where the table's title is repeated.
    fn report_columns(&self, rows: &[u32], found: &mut Vec<Found>) {
        let is_part = |row: &&u32| {
            let written =
                labels::written(&self.layout.labels, self.sheet, **row, self.first_column);
            !self.is_title(&written)
        };
        let part: Vec<u32> = rows.iter().take_while(is_part).copied().collect();
        for (column, meaning) in &self.columns {
            if *meaning != Meaning::Unexplained {
                continue;
            }
            let has_contents = |row: &&u32| self.sheet.at(**row, *column).is_some();
            let figures = part.iter().filter(has_contents).count();
            let heading = self.headings.of(*column);
            let reason = if heading.is_empty() {
                "a column has figures and no heading".to_owned()
            } else {
                format!("no rule explains the column `{heading}`, or a second one means the same")
            };
            let mut flaw = self.place.flaw(
                code::COLUMN,
                reason,
                "add a rule to the layout's `columns`, or the heading to `skip_columns`",
                Position::Cell {
                    row: part.first().copied().unwrap_or(self.start),
                    column: *column,
                },
                heading,
            );
            flaw.items = u64::try_from(figures).unwrap_or(u64::MAX).max(1);
            found.push(Found::Fault(flaw));
        }
    }

    fn goes_on_in(&self, row: Option<u32>) -> bool {
        let Some(row) = row else { return false };
        let written = labels::written(&self.layout.labels, self.sheet, row, self.first_column);
        labels::goes_on(&written.text)
    }

    fn row_flaw(&self, code: &'static str, reason: &str, row: u32, label: &str) -> Flaw {
        let figures =
            self.sheet.row(row).filter(|(column, _)| *column >= self.first_column).count();
        let hint = "add a rule to the layout's `labels`, or the label to `skip_rows`";
        let mut flaw = self.place.flaw(code, reason, hint, Position::Row(u64::from(row)), label);
        flaw.items = u64::try_from(figures).unwrap_or(u64::MAX).max(1);
        flaw
    }
}

/// The last column with contents in the table's rows.
fn last_column(sheet: &Sheet, start: u32, first_column: u32) -> u32 {
    let rows = sheet.rows().into_iter().filter(|row| *row >= start);
    rows.filter_map(|row| sheet.row(row).last().map(|(column, _)| column))
        .max()
        .unwrap_or(first_column)
        .max(first_column)
}

/// The report's period, from the first place that says one.
fn period(
    layout: &Layout,
    top: &Top,
    place: &SheetPlace<'_>,
    headings: &Headings,
) -> Option<ReportPeriod> {
    let read = |patterns: &[pattern::Pattern], text: &str| {
        let (_, found) = pattern::first_found(patterns, text)?;
        let dates = dates(&found);
        Some(ReportPeriod { year: dates.year?, month: dates.month })
    };
    layout.period.iter().find_map(|rule| match rule.from {
        PeriodPlace::Title => read(&rule.any_of, &top.comparable),
        PeriodPlace::SheetName => read(&rule.any_of, &comparable(&place.sheet.name)),
        PeriodPlace::FileName => read(&rule.any_of, &comparable(place.file)),
        PeriodPlace::Heading => headings
            .comparable()
            .filter_map(|heading| read(&rule.any_of, &heading))
            .max_by_key(|period| (period.year, period.month)),
    })
}
