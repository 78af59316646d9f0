//! `lienthong run`: the connector itself.

use std::sync::Arc;
use std::time::Duration;

use lienthong_outbox::{FeedSummary, Outbox};
use lienthong_runtime::{RunReport, Runtime, SystemClock};
use serde_json::json;

use crate::arguments::{Global, Run};
use crate::exit::{Exit, Failure};
use crate::output::Output;
use crate::session::{Tell, block_on, plan};
use crate::{logging, outbox, signals};

/// Runs the connector by its timetables, or once.
pub(crate) fn run(command: &Run, global: &Global, output: Output) -> Result<Exit, Failure> {
    let plan = plan(global, Tell::from(command.json), output)?;
    logging::start(global, Some(&plan.log))?;
    let agency = plan.agency.clone();
    let store = outbox::open(&plan.data_folder, &plan.limits).map_err(outbox::failure)?;
    block_on(async {
        let reader = store.reader().clone();
        let clock = Arc::new(SystemClock);
        let runtime = Runtime::new(plan, store.clone(), clock, seed()).await;
        let runtime = runtime.map_err(|error| Failure::of("the connector can't start", error))?;
        if command.once {
            let patience = Duration::from_secs(command.patience_secs);
            let report = runtime.run_once(patience, signals::stop_requested()).await;
            close(runtime, store).await?;
            let summary = reader.summary(outbox::now_millis()).map_err(outbox::failure)?;
            return tell_once(&agency, report, &summary, command.json, output);
        }
        output.note(format!("connector of {agency} runs; Ctrl-C ends it"));
        runtime.run(signals::stop_requested()).await;
        close(runtime, store).await?;
        Ok(Exit::Well)
    })?
}

/// A start of the jitter that differs from connector to connector and from start to start.
fn seed() -> u64 {
    let now = outbox::now_millis().unsigned_abs();
    now.rotate_left(32) ^ u64::from(std::process::id())
}

async fn close(runtime: Runtime, store: Outbox) -> Result<(), Failure> {
    drop(runtime);
    store.close().await.map_err(outbox::failure)
}

fn tell_once(
    agency: &str,
    report: RunReport,
    summary: &[FeedSummary],
    json: bool,
    output: Output,
) -> Result<Exit, Failure> {
    let in_quarantine: u64 = summary.iter().map(|feed| feed.in_quarantine).sum();
    let routes = summary.iter().flat_map(|feed| feed.routes.iter());
    let waiting: u64 = routes.map(|route| route.waiting_records).sum();
    if json {
        output.json(&json!({
            "agency": agency,
            "feeds_failed": report.feeds_failed,
            "lanes_left": report.lanes_left,
            "waiting": waiting,
            "in_quarantine": in_quarantine,
            "feeds": summary,
        }))?;
    } else {
        output.data(&super::status::table(summary, output))?;
        for feed in summary {
            if let Some(error) = &feed.feed.last_error {
                output.note(format!("{}: {error}", outbox::feed_name(&feed.feed)));
            }
        }
        if in_quarantine > 0 {
            output.note(format!("{in_quarantine} in quarantine: `lienthong quarantine list`"));
        }
    }
    let is_done = report == RunReport::default() && waiting == 0;
    Ok(if is_done { Exit::Well } else { Exit::Waiting })
}
