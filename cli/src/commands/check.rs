//! `lienthong check`: whether the settings and everything they name can be used.

use lienthong_adapter_api::Checkup;
use lienthong_config::{ConnectorPlan, SourcePlan};
use lienthong_diagnostics::{Level, chain, render_json};
use serde_json::{Value, json};

use crate::arguments::{Check, Global};
use crate::exit::{Exit, Failure};
use crate::logging;
use crate::output::{Ink, Output};
use crate::progress::Progress;
use crate::session::{Tell, block_on, plan_quietly};
use crate::table::{Column, render};

/// What a system answered.
struct Answer {
    source: String,
    outcome: Result<Checkup, (&'static str, String)>,
}

/// Loads everything; with `--connect` asks every system, too.
pub(crate) fn run(command: &Check, global: &Global, output: Output) -> Result<Exit, Failure> {
    let plan = plan_quietly(global, Tell::from(command.json))?;
    output.problems(&plan.warnings, Level::Warning);
    logging::start(global, None)?;
    let answers = if command.connect { connect(&plan.sources, output)? } else { Vec::new() };
    let failed = answers.iter().any(|answer| answer.outcome.is_err());
    if command.json {
        output.json(&as_json(&plan, &answers, command.connect))?;
    } else {
        show(&plan, output)?;
        for answer in &answers {
            show_answer(answer, output)?;
        }
        let settings = global.settings.display();
        output.note(format!("{settings}: no problems, {} warnings", plan.warnings.len()));
    }
    Ok(if failed { Exit::Problems } else { Exit::Well })
}

fn connect(sources: &[SourcePlan], output: Output) -> Result<Vec<Answer>, Failure> {
    let progress = Progress::new(output, sources.len() as u64, "systems asked");
    block_on(async {
        let mut answers = Vec::new();
        for source in sources {
            progress.on(&source.name);
            let outcome = source.adapter.check().await;
            let outcome = outcome.map_err(|error| (error.code(), chain(&error)));
            answers.push(Answer { source: source.name.clone(), outcome });
            progress.add(1);
        }
        progress.end();
        answers
    })
}

fn show(plan: &ConnectorPlan, output: Output) -> Result<(), Failure> {
    let feeds = plan.sources.iter().flat_map(|source| {
        source.feeds.iter().map(|feed| {
            let endpoints = plan.endpoints.iter().filter(|endpoint| {
                let mut names = endpoint.feeds.iter();
                names.any(|name| name.source == source.name && name.feed == feed.name)
            });
            let names: Vec<&str> = endpoints.map(|endpoint| endpoint.name.as_str()).collect();
            vec![
                plan.agency.clone(),
                source.name.clone(),
                feed.name.clone(),
                source.kind.to_owned(),
                feed.mapping.record_type().name.to_string(),
                names.join(", "),
            ]
        })
    });
    let columns = ["agency", "source", "feed", "kind", "record type", "goes to"].map(Column::Text);
    output.data(&render(output, &columns, &feeds.collect::<Vec<_>>()))
}

fn show_answer(answer: &Answer, output: Output) -> Result<(), Failure> {
    match &answer.outcome {
        Ok(checkup) => {
            for finding in &checkup.findings {
                let mark = output.ink(Ink::Green, "ok");
                output.line(format!("{mark} {}: {finding}", answer.source))?;
            }
        }
        Err((code, words)) => {
            let mark = output.ink(Ink::Red, &format!("failed[{code}]"));
            output.line(format!("{mark} {}: {words}", answer.source))?;
        }
    }
    Ok(())
}

fn as_json(plan: &ConnectorPlan, answers: &[Answer], connected: bool) -> Value {
    let feeds = plan.sources.iter().flat_map(|source| {
        source.feeds.iter().map(|feed| {
            let record_type = &feed.mapping.record_type().name;
            json!({ "source": source.name, "feed": feed.name, "record_type": &**record_type })
        })
    });
    let mut whole = json!({
        "problems": [],
        "warnings": render_json(&plan.warnings),
        "feeds": feeds.collect::<Vec<_>>(),
    });
    if connected && let Some(object) = whole.as_object_mut() {
        let answers = answers.iter().map(|answer| match &answer.outcome {
            Ok(checkup) => json!({ "source": answer.source, "findings": checkup.findings }),
            Err((code, words)) => {
                json!({ "source": answer.source, "code": code, "error": words })
            }
        });
        object.insert("systems".to_owned(), answers.collect());
    }
    whole
}
