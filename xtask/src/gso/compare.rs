//! The comparison: the hub's figures with the workbooks' cells, and with the reference's rows.

use std::collections::BTreeMap;

use super::Summary;
use super::figures::{Figure, Key};
use super::reference::{Cell, Row};
use super::truth::{Truths, shown};

/// How far figures may lie apart.
const NEAR: f64 = 1e-9;

/// The most lines of one kind that are listed.
const LINES_MAX: usize = 200;

/// What the comparison found.
#[derive(Debug, Default)]
pub(super) struct Outcome {
    pub(super) summary: Summary,
    /// Figures of the workbooks that reached the hub as they are.
    pub(super) figures_equal: usize,
    pub(super) figures_wrong: usize,
    pub(super) figures_missing: usize,
    /// What the hub has wrong or has not.
    faults: Vec<String>,
    /// Where the reference says something else than the workbook.
    disagreements: Vec<String>,
    /// Labels of the years before Unicode, as they reached the hub.
    old_labels: Vec<String>,
}

/// What became of one figure of a reference row.
enum Fate {
    Equal,
    Wrong(String),
    Missing(String),
}

/// An observation at the hub.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Record {
    pub(super) value: String,
    /// The label that came with it.
    pub(super) name: String,
}

/// Compares everything.
pub(super) fn compare(
    rows: &[Row],
    figures: &[Figure],
    truths: &Truths,
    hub: &BTreeMap<Key, Record>,
) -> Outcome {
    let mut outcome = Outcome::default();
    let mut of_report: BTreeMap<(&str, &str, &str), &Figure> = BTreeMap::new();
    for figure in figures {
        let place = (figure.report.as_str(), figure.key.indicator.as_str(), figure.column.as_str());
        of_report.insert(place, figure);
        match fate(figure, truths, hub) {
            Fate::Equal => outcome.figures_equal += 1,
            Fate::Wrong(line) => {
                outcome.figures_wrong += 1;
                outcome.faults.push(line);
            }
            Fate::Missing(line) => {
                outcome.figures_missing += 1;
                outcome.faults.push(line);
            }
        }
    }
    outcome.old_labels = old_labels(figures, hub);
    outcome.summary.rows_reference = rows.len();
    for row in rows {
        let find = |column: &str| {
            of_report.get(&(row.report.as_str(), row.indicator.as_str(), column)).copied()
        };
        let fates: Vec<Fate> = row
            .cells
            .iter()
            .filter_map(|cell| {
                let figure = cell.columns.iter().find_map(|column| find(column));
                outcome.disagreements.extend(disagreement(row, cell, figure, truths));
                match figure {
                    Some(figure) => Some(fate(figure, truths, hub)),
                    // Neither has a figure there.
                    None if cell.change.is_none() => None,
                    None => Some(Fate::Missing(format!(
                        "{} {} `{}`: no figure of {} was read",
                        row.table, row.report, row.label, cell.name
                    ))),
                }
            })
            .collect();
        outcome.add(fates);
    }
    outcome
}

impl Outcome {
    fn add(&mut self, fates: Vec<Fate>) {
        let has = |wanted: fn(&Fate) -> bool| fates.iter().any(wanted);
        if has(|fate| matches!(fate, Fate::Wrong(_))) {
            self.summary.rows_wrong += 1;
        } else if has(|fate| matches!(fate, Fate::Missing(_))) {
            self.summary.rows_missing += 1;
        } else {
            self.summary.rows_equal += 1;
        }
        for fate in fates {
            if let Fate::Missing(line) = fate
                && !self.faults.contains(&line)
            {
                self.faults.push(line);
            }
        }
    }

    /// What is told of it, for a person.
    pub(super) fn lines(&self) -> Vec<String> {
        let mut lines: Vec<String> = self.old_labels.clone();
        lines.extend(self.faults.iter().take(LINES_MAX).cloned());
        if self.faults.len() > LINES_MAX {
            lines.push(format!("and {} more like these", self.faults.len() - LINES_MAX));
        }
        lines.extend(self.disagreements.iter().take(LINES_MAX).cloned());
        lines.push(format!(
            "the reference disagrees with the workbooks in {} figures",
            self.disagreements.len()
        ));
        lines.push(format!(
            "of the workbooks' figures {} reached the hub as they are, {} otherwise, {} not",
            self.figures_equal, self.figures_wrong, self.figures_missing
        ));
        lines
    }
}

/// Whether a figure stands at the hub as in its cell.
fn fate(figure: &Figure, truths: &Truths, hub: &BTreeMap<Key, Record>) -> Fate {
    let Some(record) = hub.get(&figure.key) else {
        return Fate::Missing(format!("not at the hub: {}", shown(figure)));
    };
    let truth = truths.of(figure).unwrap_or(f64::NAN);
    let at_hub = record.value.parse::<f64>().unwrap_or(f64::NAN);
    if (truth - at_hub).abs() <= NEAR {
        return Fate::Equal;
    }
    Fate::Wrong(format!("the hub has {} for {}", record.value, shown(figure)))
}

/// A line where the reference says something else than the workbook's cell.
fn disagreement(
    row: &Row,
    cell: &Cell,
    figure: Option<&Figure>,
    truths: &Truths,
) -> Option<String> {
    let figure = figure?;
    let truth = truths.of(figure)? - row.base();
    match cell.change {
        Some(change) if (change - truth).abs() <= NEAR => None,
        change => {
            let theirs = change.map_or_else(|| "nothing".to_owned(), |change| change.to_string());
            let name = cell.name;
            Some(format!("the reference says {theirs}, the cell {truth}: {name} {}", shown(figure)))
        }
    }
}

/// The labels of the reports up to 2009 as they are at the hub, one line a report.
fn old_labels(figures: &[Figure], hub: &BTreeMap<Key, Record>) -> Vec<String> {
    let mut labels: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for figure in figures.iter().filter(|figure| figure.report.as_str() < "2010") {
        let Some(record) = hub.get(&figure.key) else { continue };
        let known = labels.entry(&figure.report).or_default();
        if !known.contains(&record.name.as_str()) {
            known.push(&record.name);
        }
    }
    labels.into_iter().map(|(report, labels)| format!("{report}: {}", labels.join(" | "))).collect()
}
