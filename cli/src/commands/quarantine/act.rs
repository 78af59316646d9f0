//! `lienthong quarantine release|discard`: done here, or left for the connector that runs.
//!
//! One program at a time writes to an outbox. While the connector runs, what is asked for becomes a
//! file in its data folder, and it acts on it within seconds.

use std::sync::Arc;

use lienthong_config::{ConnectorPlan, Outline};
use lienthong_outbox::{Error, Outbox};
use lienthong_runtime::{Request, Runtime, Selection, SystemClock, leave_request};

use super::waiting::{Named, named};
use crate::arguments::{Global, QuarantineDiscard, Selected};
use crate::exit::{Exit, Failure};
use crate::outbox;
use crate::output::Output;
use crate::session::{Tell, block_on, outline, plan};

/// Tries rows again.
pub(super) fn release(which: &Selected, global: &Global, output: Output) -> Result<Exit, Failure> {
    let outline = outline(global, Tell::Person)?;
    let which = selection(which, &outline)?;
    act(&Request::Release { which }, &outline, global, output)
}

/// Gives rows up.
pub(super) fn discard(
    command: &QuarantineDiscard,
    global: &Global,
    output: Output,
) -> Result<Exit, Failure> {
    if command.why.trim().is_empty() {
        return Err(Failure::new("`--why` must say why, for the record"));
    }
    let outline = outline(global, Tell::Person)?;
    let (which, why) = (selection(&command.which, &outline)?, command.why.clone());
    act(&Request::Discard { which, why }, &outline, global, output)
}

fn selection(which: &Selected, outline: &Outline) -> Result<Selection, Failure> {
    let waiting_for = which.waiting_for.clone();
    let mut selection =
        Selection { ids: which.ids.clone(), code: None, waiting_for, all: which.all };
    if let Some(written) = &which.code {
        let reader = outbox::open_reader(&outline.data_folder)?;
        let counts = reader.map(|reader| reader.quarantine_counts()).transpose();
        match named(written, &counts.map_err(outbox::failure)?.unwrap_or_default())? {
            Named::Error(code) => selection.code = Some(code),
            Named::Waiting(thing) => selection.waiting_for = Some(thing),
        }
    }
    Ok(selection)
}

/// Whether rows are to be released that wait for the national standard itself.
fn waits_for_the_standard(request: &Request) -> bool {
    match request {
        Request::Release { which } => {
            which.waiting_for.as_ref().is_some_and(|thing| thing.starts_with("standard/"))
        }
        Request::Replay { .. } | Request::Discard { .. } => false,
    }
}

fn act(
    request: &Request,
    outline: &Outline,
    global: &Global,
    output: Output,
) -> Result<Exit, Failure> {
    let store = match outbox::open(&outline.data_folder, &outline.limits) {
        Ok(store) => store,
        Err(Error::InUse { .. }) => {
            leave_request(&outline.data_folder, request)
                .map_err(|error| Failure::of("the request can't be left", error))?;
            output.note("the connector runs; it will do so within seconds");
            if waits_for_the_standard(request) {
                output.note("it reads the national standard when it starts: restart it first");
            }
            return Ok(Exit::Well);
        }
        Err(error) => return Err(outbox::failure(error)),
    };
    // Only a release needs the mappings, and with them the whole plan.
    let plan = match request {
        Request::Release { .. } => Some(plan(global, Tell::Person, output)?),
        Request::Discard { .. } | Request::Replay { .. } => None,
    };
    block_on(async {
        let exit = match (request, plan) {
            (Request::Release { which }, Some(plan)) => {
                release_here(plan, &store, which, output).await?
            }
            (Request::Discard { which, why }, _) => {
                let now = outbox::now_millis();
                let rows = lienthong_runtime::discard(&store, which, why, now).await;
                output.line(format!("{} discarded", rows.map_err(outbox::failure)?))?;
                Exit::Well
            }
            // Not asked for here.
            (Request::Release { .. }, None) | (Request::Replay { .. }, _) => Exit::Problems,
        };
        store.close().await.map_err(outbox::failure)?;
        Ok(exit)
    })?
}

async fn release_here(
    plan: ConnectorPlan,
    store: &Outbox,
    which: &Selection,
    output: Output,
) -> Result<Exit, Failure> {
    let runtime = Runtime::new(plan, store.clone(), Arc::new(SystemClock), 0).await;
    let runtime = runtime.map_err(|error| Failure::of("the connector can't start", error))?;
    let report = runtime.release(which).await.map_err(outbox::failure)?;
    output.line(format!(
        "{} released, {} still refused, {} not whole, {} of feeds that are gone",
        report.released, report.still_refused, report.not_whole, report.without_feed
    ))?;
    let left = report.still_refused + report.not_whole + report.without_feed;
    Ok(if left > 0 { Exit::Waiting } else { Exit::Well })
}
