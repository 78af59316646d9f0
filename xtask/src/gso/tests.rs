//! What the comparison counts.

use std::collections::BTreeMap;

use super::Summary;
use super::compare::{Record, compare};
use super::figures::{Figure, Key};
use super::reference::{Cell, Row};
use super::truth::{Truths, position};

fn figure(indicator: &str, column: &str, cell: &str, value: &str) -> Figure {
    Figure {
        workbook: "Bieu.xls".to_owned(),
        sheet: "CPI".to_owned(),
        cell: cell.to_owned(),
        report: "2024-06".to_owned(),
        column: column.to_owned(),
        label: indicator.to_lowercase(),
        value: value.to_owned(),
        key: Key {
            indicator: indicator.to_owned(),
            period: "2024-06".to_owned(),
            comparison: column.to_owned(),
            data_type: "official".to_owned(),
        },
    }
}

fn row(indicator: &str, change: Option<f64>) -> Row {
    let cell = Cell { name: "MOM", columns: &["actual", "previous-month"], change };
    Row {
        table: "cpi.csv",
        label: indicator.to_lowercase(),
        indicator: indicator.to_owned(),
        report: "2024-06".to_owned(),
        cells: vec![cell],
    }
}

/// Compares one figure of the workbook, what the hub has of it and what the reference says.
fn check(cell: f64, hub: Option<&str>, row: Row, expected: [usize; 4]) -> Vec<String> {
    let figure = figure("CPI", "previous-month", "C9", &cell.to_string());
    let mut truths = Truths::default();
    truths.insert(&figure, cell);
    let record = hub.map(|value| Record { value: value.to_owned(), name: "CPI".to_owned() });
    let hub: BTreeMap<Key, Record> =
        record.into_iter().map(|record| (figure.key.clone(), record)).collect();
    let outcome = compare(&[row], &[figure], &truths, &hub);
    let [rows_equal, rows_wrong, rows_missing, disagreements] = expected;
    let summary = Summary { workbooks: 0, rows_reference: 1, rows_equal, rows_wrong, rows_missing };
    assert_eq!(outcome.summary, summary);
    let lines = outcome.lines();
    let count = format!("the reference disagrees with the workbooks in {disagreements} figures");
    assert!(lines.contains(&count), "{lines:#?}");
    lines
}

#[test]
fn a_row_is_equal_when_the_hub_has_the_cells_figure() {
    check(100.17, Some("100.17"), row("CPI", Some(0.170_000_000_000_001)), [1, 0, 0, 0]);
}

#[test]
fn the_workbook_is_right_against_the_reference() {
    let lines = check(100.17, Some("100.17"), row("CPI", Some(0.18)), [1, 0, 0, 1]);
    let told = lines.iter().any(|line| line.contains("Bieu.xls [CPI] C9") && line.contains("0.18"));
    assert!(told, "{lines:#?}");
    check(100.17, Some("100.17"), row("CPI", None), [1, 0, 0, 1]);
}

#[test]
fn a_figure_changed_on_its_way_is_wrong_even_where_the_reference_has_it() {
    check(100.17, Some("100.18"), row("CPI", Some(0.18)), [0, 1, 0, 1]);
    check(100.17, Some("n/a"), row("CPI", Some(0.17)), [0, 1, 0, 0]);
}

#[test]
fn a_figure_that_did_not_arrive_is_missing() {
    check(100.17, None, row("CPI", Some(0.17)), [0, 0, 1, 0]);
    check(100.17, Some("100.17"), row("?unknown?", Some(0.17)), [0, 0, 1, 0]);
    check(100.17, Some("100.17"), row("?unknown?", None), [1, 0, 0, 0]);
}

#[test]
fn cells_are_found_by_their_names() {
    let cases = [("A1", Some((0, 0))), ("H27", Some((26, 7))), ("AA3", Some((2, 26))), ("7", None)];
    for (cell, expected) in cases {
        assert_eq!(position(cell), expected, "{cell}");
    }
    assert_eq!(position("C"), None);
    assert_eq!(position("C0"), None);
}
