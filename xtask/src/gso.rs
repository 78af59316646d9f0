//! `cargo xtask gso`: published workbooks through the real programs, compared with what others read
//! out of them.
//!
//! Three witnesses are brought together. The hub says what reached it. The workbooks say what is
//! right, read cell by cell with a reader of their own (calamine, for the old format too). The
//! reference says what somebody else once read. Where the reference and the workbook disagree, the
//! workbook is right and the row is listed.

mod compare;
mod figures;
mod hub;
mod pipeline;
mod reference;
mod truth;

#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};

use crate::command::{TaskError, print, root, say};

/// What is said at the end, as one JSON object.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub(crate) struct Summary {
    /// Workbooks that were read.
    pub(crate) workbooks: usize,
    /// Rows of the reference.
    pub(crate) rows_reference: usize,
    /// Rows whose figures at the hub are those of the workbook.
    pub(crate) rows_equal: usize,
    /// Rows with a figure at the hub that is not the workbook's.
    pub(crate) rows_wrong: usize,
    /// Rows with a figure that did not reach the hub.
    pub(crate) rows_missing: usize,
}

/// Runs the pipeline over a folder of workbooks and compares; the folders default to those beside
/// the project.
pub(crate) fn run(
    workbooks: Option<&Path>,
    reference: Option<&Path>,
    program: Option<&Path>,
) -> Result<(), TaskError> {
    let beside = root().join("../shared/data/gso");
    let workbooks = there(workbooks.unwrap_or(&beside.join("workbooks")))?;
    let reference = there(reference.unwrap_or(&beside.join("reference")))?;

    say("reading the workbooks with the adapter alone, for the places of their figures");
    let survey = figures::read(&workbooks)?;
    let truths = truth::check(&workbooks, &survey.figures)?;
    say("running hub and connector");
    let reached = pipeline::run(&workbooks, program)?;

    for line in &survey.findings {
        print(line);
    }
    for line in survey.faults.iter().chain(&truths.differences).chain(&reached.quarantined) {
        print(line);
    }
    let rows = reference::read(&reference)?;
    let outcome = compare::compare(&rows, &survey.figures, &truths, &reached.records);
    for line in outcome.lines() {
        print(&line);
    }
    let summary = Summary { workbooks: survey.workbooks, ..outcome.summary };
    let line =
        serde_json::to_string(&summary).map_err(|error| TaskError::Wrong(error.to_string()))?;
    print(&line);
    if summary.rows_wrong + summary.rows_missing + outcome.figures_wrong + outcome.figures_missing
        > 0
        || !truths.differences.is_empty()
    {
        return Err(TaskError::Wrong("the hub does not hold what the workbooks say".to_owned()));
    }
    Ok(())
}

fn there(folder: &Path) -> Result<PathBuf, TaskError> {
    match folder.canonicalize() {
        Ok(folder) if folder.is_dir() => Ok(folder),
        _ => Err(TaskError::Wrong(format!("there is no folder {}", folder.display()))),
    }
}
