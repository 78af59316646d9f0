//! What somebody else read out of the workbooks: changes in per cent, a row a label and month.

use std::collections::BTreeMap;
use std::path::Path;

use super::figures::Codes;
use crate::command::TaskError;

/// One of the two tables of the reference.
#[derive(Clone, Copy, Debug)]
pub(super) struct Table {
    file: &'static str,
    /// The list that its labels are in.
    labels: &'static str,
    /// Its columns, and the columns of the adapter's rules that they were read from: the first one
    /// that the report has.
    columns: &'static [(&'static str, &'static [&'static str])],
}

const TABLES: [Table; 2] = [
    Table {
        file: "cpi.csv",
        labels: "price-groups",
        columns: &[
            ("YOY", &["same-month-last-year"]),
            ("MOM", &["previous-month"]),
            ("YTD-YOY", &["average-since-january"]),
        ],
    },
    Table {
        file: "iip.csv",
        labels: "industries",
        columns: &[
            // Some reports have the sum up to the month before in that place.
            ("YOY-Pre-Month", &["month-on-year-actual", "since-january-actual"]),
            ("MOM", &["month-on-month"]),
            ("E-YOY", &["month-on-year"]),
            ("YTD-YOY", &["since-january"]),
        ],
    },
];

/// One row of the reference.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub(super) table: &'static str,
    pub(super) label: String,
    /// The label's code, in question marks where the code list does not have it.
    pub(super) indicator: String,
    /// The month of the report: `2024-06`.
    pub(super) report: String,
    pub(super) cells: Vec<Cell>,
}

/// One figure of a row.
#[derive(Clone, Debug)]
pub(super) struct Cell {
    pub(super) name: &'static str,
    /// Which of the adapter's columns it is.
    pub(super) columns: &'static [&'static str],
    /// The change in per cent; none where the reference is empty.
    pub(super) change: Option<f64>,
}

impl Row {
    /// What an index has that a change has not: 100; the core inflation is a change already.
    pub(super) fn base(&self) -> f64 {
        if self.indicator == "CORE-INFLATION" { 0.0 } else { 100.0 }
    }
}

/// Reads both tables.
pub(super) fn read(folder: &Path) -> Result<Vec<Row>, TaskError> {
    let codes = Codes::read()?;
    let mut rows = Vec::new();
    for table in TABLES {
        let path = folder.join(table.file);
        let wrong = |error: csv::Error| TaskError::Wrong(format!("{}: {error}", path.display()));
        let mut reader = csv::Reader::from_path(&path).map_err(wrong)?;
        for line in reader.deserialize::<BTreeMap<String, String>>() {
            rows.push(row(&table, &line.map_err(wrong)?, &codes)?);
        }
    }
    Ok(rows)
}

fn row(table: &Table, line: &BTreeMap<String, String>, codes: &Codes) -> Result<Row, TaskError> {
    let text = |name: &str| line.get(name).map(String::as_str).unwrap_or_default();
    let missing = |what: &str| TaskError::Wrong(format!("{} has a row without {what}", table.file));
    let label = ["Hàng hóa", "Ngành"].into_iter().find_map(|name| line.get(name));
    let label = label.ok_or_else(|| missing("a label"))?;
    let report = text("Date").get(..7).ok_or_else(|| missing("a date"))?;
    let mut cells = Vec::new();
    for (name, columns) in table.columns {
        let change = match text(name) {
            "" => None,
            number => Some(number.parse().map_err(|_| missing(name))?),
        };
        cells.push(Cell { name, columns, change });
    }
    Ok(Row {
        table: table.file,
        label: label.clone(),
        indicator: codes.national(table.labels, &lienthong_kind_table::comparable(label)),
        report: report.to_owned(),
        cells,
    })
}
