//! The item of one figure.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::feed::PeriodKind;
use crate::period::ReportPeriod;

use super::SheetPlace;
use super::columns::{Column, OwnPeriod};
use super::labels::Placed;

/// What an item says of its figure: a row of texts, null where there is none.
#[derive(Serialize)]
struct Item<'a> {
    workbook: &'a str,
    sheet: &'a str,
    title: &'a str,
    layout: &'a str,
    unit: Option<&'a str>,
    report_period: String,
    section: Option<&'a str>,
    label_path: String,
    row_label: &'a str,
    row_key: &'a str,
    column: &'a str,
    heading: &'a str,
    period_kind: &'static str,
    period: String,
    period_year: String,
    period_month: Option<String>,
    period_quarter: Option<String>,
    value: String,
    cell: String,
    #[serde(flatten)]
    captures: BTreeMap<&'a str, Option<&'a str>>,
}

/// What the items of one table share.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shared<'a> {
    pub(super) place: &'a SheetPlace<'a>,
    pub(super) layout: &'a str,
    pub(super) unit: Option<&'a str>,
    pub(super) report: ReportPeriod,
    /// The names of all captures of the layout, so that items have the same names.
    pub(super) captures: &'a [String],
}

/// Writes the item of a figure.
pub(super) fn json(
    shared: &Shared<'_>,
    row: &Placed,
    column: &Column,
    value: String,
    cell: (u32, u32),
) -> String {
    let (year, month, quarter) = match column.period {
        OwnPeriod::Month(month) => (month.year, Some(month.month), None),
        OwnPeriod::Quarter { year, quarter } => (year, None, Some(quarter)),
        OwnPeriod::Year(year) => (year, None, None),
    };
    let item = Item {
        workbook: shared.place.file,
        sheet: &shared.place.sheet.name,
        title: shared.place.title,
        layout: shared.layout,
        unit: shared.unit,
        report_period: shared.report.to_string(),
        section: row.section.as_deref(),
        label_path: row.path.join(" / "),
        row_label: &row.label,
        row_key: &row.key,
        column: &column.id,
        heading: &column.heading,
        period_kind: match column.period_kind {
            PeriodKind::Month => "month",
            PeriodKind::Quarter => "quarter",
            PeriodKind::Year => "year",
        },
        period: period_text(column.period),
        period_year: format!("{year:04}"),
        period_month: month.map(|month| format!("{month:02}")),
        period_quarter: quarter.map(|quarter| quarter.to_string()),
        value,
        cell: cell_name(cell),
        captures: shared
            .captures
            .iter()
            .map(|name| (name.as_str(), column.captures.get(name).map(String::as_str)))
            .collect(),
    };
    // A struct of texts always has a JSON form.
    serde_json::to_string(&item).unwrap_or_default()
}

fn period_text(period: OwnPeriod) -> String {
    match period {
        OwnPeriod::Month(month) => month.to_string(),
        OwnPeriod::Quarter { year, quarter } => format!("{year:04}-Q{quarter}"),
        OwnPeriod::Year(year) => format!("{year:04}"),
    }
}

/// A cell's name as spreadsheet programs write it: `AB12`.
pub(super) fn cell_name((row, column): (u32, u32)) -> String {
    let mut letters = Vec::new();
    let mut left = column;
    while left > 0 {
        let letter = u8::try_from((left - 1) % 26).unwrap_or(0);
        letters.push(char::from(b'A' + letter));
        left = (left - 1) / 26;
    }
    letters.iter().rev().collect::<String>() + &row.to_string()
}
