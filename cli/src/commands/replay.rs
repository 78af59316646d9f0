//! `lienthong replay SOURCE/FEED`: the kept items mapped again, and what has changed sent.

use std::sync::Arc;

use lienthong_config::ConnectorPlan;
use lienthong_diagnostics::chain;
use lienthong_outbox::{Error, Outbox};
use lienthong_runtime::{
    ReplayError, ReplayReport, Request, Runtime, SystemClock, leave_request, rehearse,
};
use serde_json::json;

use crate::arguments::{Global, Replay};
use crate::exit::{Exit, Failure};
use crate::items::find;
use crate::output::Output;
use crate::progress::Progress;
use crate::session::{Tell, block_on, plan};
use crate::{logging, outbox};

/// Replays a feed, here or in the connector that runs; or says what that would do.
pub(crate) fn run(command: &Replay, global: &Global, output: Output) -> Result<Exit, Failure> {
    let plan = plan(global, Tell::from(command.json), output)?;
    logging::start(global, None)?;
    let (source, feed) = find(&plan.sources, &command.feed)?;
    if command.dry_run {
        let reader = outbox::open_reader(&plan.data_folder)?;
        let progress = Progress::new(output, 1, "replay");
        progress.on("mapping the kept items again");
        let report = match reader {
            Some(reader) => {
                rehearse(&plan, &reader, (source, feed)).map_err(|error| failed(&error))?
            }
            None => ReplayReport::default(),
        };
        progress.end();
        return tell(command, &report, output);
    }
    let names = (source.name.clone(), feed.name.clone());
    let mapping_digest = feed.mapping.digest().to_owned();
    let store = match outbox::open(&plan.data_folder, &plan.limits) {
        Ok(store) => store,
        Err(Error::InUse { .. }) => {
            let (source, feed) = names;
            leave_request(&plan.data_folder, &Request::Replay { source, feed, mapping_digest })
                .map_err(|error| Failure::of("the request can't be left", error))?;
            if command.json {
                output.json(&json!({ "left_for_the_connector": true }))?;
            }
            output.note(
                "the connector runs; it will do so within seconds, after a pass under way; if \
                 the mapping was changed since its start, restart it",
            );
            return Ok(Exit::Well);
        }
        Err(error) => return Err(outbox::failure(error)),
    };
    let progress = Progress::new(output, 1, "replay");
    progress.on("mapping the kept items again");
    let report = block_on(replay_here(plan, store, names))??;
    progress.end();
    let exit = tell(command, &report, output)?;
    if report.sent > 0 {
        output.note("the connector sends them when it runs");
    }
    Ok(exit)
}

async fn replay_here(
    plan: ConnectorPlan,
    store: Outbox,
    (source, feed): (String, String),
) -> Result<ReplayReport, Failure> {
    let runtime = Runtime::new(plan, store.clone(), Arc::new(SystemClock), 0).await;
    let runtime = runtime.map_err(|error| Failure::of("the connector can't start", error))?;
    let report = runtime.replay(&source, &feed).await;
    drop(runtime);
    store.close().await.map_err(outbox::failure)?;
    report.map_err(|error| failed(&error))
}

fn failed(error: &ReplayError) -> Failure {
    Failure::new(format!("[{}] {}", error.code(), chain(error)))
}

fn tell(command: &Replay, report: &ReplayReport, output: Output) -> Result<Exit, Failure> {
    if command.json {
        output.json(&json!({ "dry_run": command.dry_run, "replay": report }))?;
    } else {
        let will = if command.dry_run { "would be sent" } else { "sent" };
        let lines = [
            (report.items, "kept items mapped again".to_owned()),
            (report.unchanged, "records unchanged".to_owned()),
            (report.changed, format!("changed records {will}")),
            (report.newly_accepted, format!("records that were refused before {will}")),
            (report.newly_refused, "records refused now, to quarantine".to_owned()),
            (report.still_refused, "still refused".to_owned()),
            (report.held_back, "held back, because their newest item is refused".to_owned()),
            (report.unknown_before, format!("of those {will}: what was sent before is not known")),
            (report.other_key, "items with another key now; the old records stay".to_owned()),
        ];
        for (index, (count, words)) in lines.into_iter().enumerate() {
            if count > 0 || index < 3 {
                output.line(format!("{count:>8}  {words}"))?;
            }
        }
    }
    if let Some(cut) = &report.cut {
        output.note(format!("older items are not replayed: {cut}"));
    }
    let waits = report.newly_refused + report.held_back;
    Ok(if waits > 0 { Exit::Waiting } else { Exit::Well })
}
