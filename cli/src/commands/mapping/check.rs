//! `lienthong mapping check`: a verdict on every field before a record is read.

use lienthong_config::review_mapping;
use lienthong_diagnostics::{Level, render_json};
use lienthong_mapping::{Review, State};
use serde_json::json;

use super::Work;
use crate::exit::{Exit, Failure};
use crate::output::{Ink, Output};
use crate::session::Tell;
use crate::table::{Column, render};

/// Checks every chosen mapping.
pub(super) fn run(work: &Work, json: bool, output: Output) -> Result<Exit, Failure> {
    let mut exit = Exit::Well;
    let mut all = Vec::new();
    for name in &work.names {
        let review = review_mapping(&work.library, &work.standard, name)
            .map_err(|problems| Tell::from(json).failure(problems))?;
        if review.mapping.is_none() {
            exit = Exit::Problems;
        }
        if json {
            all.push(as_json(name, &review));
        } else {
            show(name, &review, output)?;
        }
    }
    if json {
        output.json(&all)?;
    }
    Ok(exit)
}

fn show(name: &str, review: &Review, output: Output) -> Result<(), Failure> {
    output.line(output.ink(Ink::Bold, name))?;
    let rows = review.verdicts.iter().map(|verdict| {
        let state = verdict.state.name().to_owned();
        vec![format!("  {}", verdict.field), state, verdict.reasons.join("; ")]
    });
    let columns =
        [Column::Text("  field"), Column::State("verdict"), Column::Text("how it can fail")];
    output.data(&render(output, &columns, &rows.collect::<Vec<_>>()))?;
    let count = |state| review.verdicts.iter().filter(|verdict| verdict.state == state).count();
    let (proven, checked) = (count(State::Proven), count(State::Checked));
    let refuted = count(State::Refuted);
    output.line(format!("  {proven} proven, {checked} checked, {refuted} refuted"))?;
    output.line("")?;
    output.problems(&review.warnings, Level::Warning);
    output.problems(&review.problems, Level::Error);
    Ok(())
}

fn as_json(name: &str, review: &Review) -> serde_json::Value {
    let verdicts = review.verdicts.iter().map(|verdict| {
        json!({
            "field": &*verdict.field,
            "verdict": verdict.state.name(),
            "reasons": verdict.reasons,
        })
    });
    json!({
        "mapping": name,
        "verdicts": verdicts.collect::<Vec<_>>(),
        "warnings": render_json(&review.warnings),
        "problems": render_json(&review.problems),
    })
}
