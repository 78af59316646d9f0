//! `lienthong adapter list|learn`: what can be read, and what the items of a feed look like.

pub(crate) mod learn;

use lienthong_catalogue::KINDS;
use lienthong_config::systems;
use lienthong_diagnostics::{Level, render_json};
use serde_json::json;

use crate::arguments::{Adapter, Global, Json};
use crate::exit::{Exit, Failure};
use crate::output::{Ink, Output};
use crate::session::library;
use crate::table::{Column, render};

/// Runs a command of `adapter`.
pub(crate) fn run(command: &Adapter, global: &Global, output: Output) -> Result<Exit, Failure> {
    match command {
        Adapter::List(list) => run_list(list, global, output),
        Adapter::Learn(command) => learn::run(command, global, output),
    }
}

fn run_list(list: &Json, global: &Global, output: Output) -> Result<Exit, Failure> {
    let (systems, problems) = systems(&library(global), KINDS);
    let exit = if problems.is_empty() { Exit::Well } else { Exit::Problems };
    if list.json {
        let kinds = KINDS.iter().map(|kind| {
            json!({ "kind": kind.name, "summary": kind.summary, "can_census": kind.can_census })
        });
        output.json(&json!({
            "kinds": kinds.collect::<Vec<_>>(),
            "systems": systems,
            "problems": render_json(&problems),
        }))?;
        return Ok(exit);
    }
    let kinds = KINDS.iter().map(|kind| vec![kind.name.to_owned(), kind.summary.to_owned()]);
    let columns = [Column::Text("kind"), Column::Text("reads")];
    output.data(&render(output, &columns, &kinds.collect::<Vec<_>>()))?;
    output.line("")?;
    let rows = systems.iter().flat_map(|system| {
        system.feeds.iter().enumerate().map(|(nth, feed)| {
            let first = |text: &str| if nth == 0 { text.to_owned() } else { String::new() };
            vec![
                first(&system.system),
                first(&system.kind),
                feed.feed.clone(),
                feed.record_type.clone(),
                first(&system.title_vi),
            ]
        })
    });
    let columns = ["system", "kind", "feed", "record type", "title"].map(Column::Text);
    output.data(&render(output, &columns, &rows.collect::<Vec<_>>()))?;
    if systems.is_empty() {
        output.line(output.ink(Ink::Dim, "no system"))?;
    }
    output.problems(&problems, Level::Error);
    Ok(exit)
}
