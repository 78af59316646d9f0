//! `lienthong mapping check`: a verdict on every field before a record is read.

use lienthong_config::review_mapping;
use lienthong_diagnostics::{Level, render_json};
use lienthong_mapping::{Fails, Review, State, Subject, Verdict};
use serde_json::json;

use super::{Chosen, Work, file};
use crate::exit::{Exit, Failure};
use crate::output::{Ink, Output};
use crate::session::Tell;
use crate::table::{Column, render};

/// Checks every chosen mapping.
pub(super) fn run(work: &Work, json: bool, output: Output) -> Result<Exit, Failure> {
    let mut exit = Exit::Well;
    let mut all = Vec::new();
    for chosen in &work.chosen {
        let (name, review) = match chosen {
            Chosen::Named(name) => {
                let review = review_mapping(&work.library, &work.standard, name);
                (name.clone(), review.map_err(|problems| Tell::from(json).failure(problems))?)
            }
            Chosen::File(path) => {
                let (folder, name) = file::parts(path);
                file::review(folder, &name, &work.standard)?
            }
        };
        let name = name.as_str();
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
    let is_open = |verdict: &&Verdict| verdict.place.is_some() || verdict.state != State::Proven;
    let rows = review.verdicts.iter().filter(is_open).map(|verdict| {
        let state = verdict.state.name().to_owned();
        let fails = verdict.fails.map(Fails::english).unwrap_or_default();
        let reasons: Vec<String> = verdict.reasons.iter().map(ToString::to_string).collect();
        vec![format!("  {}", shown(verdict)), state, fails, reasons.join("; ")]
    });
    let columns = [
        Column::Text("  field"),
        Column::State("verdict"),
        Column::Text("learned records that fail"),
        Column::Text("why"),
    ];
    output.data(&render(output, &columns, &rows.collect::<Vec<_>>()))?;
    others(review, output)?;
    let count = |state| review.verdicts.iter().filter(|verdict| verdict.state == state).count();
    let (proven, checked) = (count(State::Proven), count(State::Checked));
    let refuted = count(State::Refuted);
    output.line(format!("  {proven} proven, {checked} checked, {refuted} refuted"))?;
    output.line("")?;
    output.problems(&review.warnings, Level::Warning);
    output.problems(&review.problems, Level::Error);
    Ok(())
}

/// What needs no reading line by line: what is proven without a rule, and what nothing reads.
fn others(review: &Review, output: Output) -> Result<(), Failure> {
    let is_proven = |verdict: &&Verdict| verdict.place.is_none() && verdict.state == State::Proven;
    let names = |subject| {
        let of = review.verdicts.iter().filter(is_proven);
        of.filter(move |verdict| verdict.subject == subject).map(|verdict| &*verdict.field)
    };
    for (words, subject) in [
        ("not mapped", Subject::Field),
        ("groups not mapped", Subject::Group),
        ("rules that always hold", Subject::Rule),
    ] {
        let names: Vec<&str> = names(subject).collect();
        if !names.is_empty() {
            output.line(format!("  {words}: {}", names.join(", ")))?;
        }
    }
    if !review.unread.is_empty() {
        output.line(format!("  source fields that nothing reads: {}", review.unread.join(", ")))?;
    }
    Ok(())
}

/// A name as the standard's tables tell them apart.
fn shown(verdict: &Verdict) -> String {
    match verdict.subject {
        Subject::Field => verdict.field.to_string(),
        Subject::Group => format!("{} (rows)", verdict.field),
        Subject::Rule => format!("{} (rule)", verdict.field),
    }
}

fn as_json(name: &str, review: &Review) -> serde_json::Value {
    let fails = |fails: Option<Fails>| {
        fails.map(
            |fails| json!({ "at_least": fails.at_least, "at_most": fails.at_most, "of": fails.of }),
        )
    };
    let verdicts = review.verdicts.iter().map(|verdict| {
        let reasons = verdict.reasons.iter().map(|why| {
            json!({
                "message": why.message,
                "message_vi": why.message_vi,
                "fails": fails(why.fails),
            })
        });
        json!({
            "subject": verdict.subject.name(),
            "field": &*verdict.field,
            "verdict": verdict.state.name(),
            "fails": fails(verdict.fails),
            "place": verdict.place.as_ref().map(|place| [place.start, place.end]),
            "reasons": reasons.collect::<Vec<_>>(),
        })
    });
    json!({
        "mapping": name,
        "verdicts": verdicts.collect::<Vec<_>>(),
        "unread": review.unread,
        "warnings": render_json(&review.warnings),
        "problems": render_json(&review.problems),
    })
}
