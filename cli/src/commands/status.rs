//! `lienthong status`: how every feed stands, read from the outbox while the connector may run.

use lienthong_outbox::{FeedSummary, RouteSummary};
use serde_json::json;

use crate::arguments::{Global, Json};
use crate::exit::{Exit, Failure};
use crate::outbox;
use crate::output::Output;
use crate::session::{Tell, outline};
use crate::table::{Column, render};

/// Shows every feed at every endpoint.
pub(crate) fn run(command: &Json, global: &Global, output: Output) -> Result<Exit, Failure> {
    let outline = outline(global, Tell::from(command.json))?;
    let reader = outbox::open_reader(&outline.data_folder)?;
    let summary = match &reader {
        Some(reader) => reader.summary(outbox::now_millis()).map_err(outbox::failure)?,
        None => Vec::new(),
    };
    if command.json {
        output.json(&json!({ "agency": outline.agency, "feeds": summary }))?;
    } else if summary.is_empty() {
        output.note("the connector has not run yet");
    } else {
        output.line(format!("connector of {}", outline.agency))?;
        output.data(&table(&summary, output))?;
        if summary.iter().any(|feed| !feed.rules.is_empty()) {
            output.line("\ndata-quality rules that were broken")?;
            output.data(&rules(&summary, output))?;
        }
        let drifts = drifts(&summary);
        if !drifts.is_empty() {
            output.line("")?;
            let columns = ["drift", "feed", "place", "what", "first seen", "example", "items"];
            output.data(&render(output, &columns.map(Column::Text), &drifts))?;
        }
        for feed in &summary {
            let words = feed.feed.halted.as_ref().or(feed.feed.last_error.as_ref());
            let route = feed.routes.iter().find_map(|route| route.last_error.as_ref());
            if let Some(words) = words.or(route) {
                output.note(format!("{}: {words}", outbox::feed_name(&feed.feed)));
            }
        }
    }
    let waits = summary.iter().any(|feed| feed.feed.halted.is_some());
    Ok(if waits { Exit::Waiting } else { Exit::Well })
}

/// One row for each difference between a feed's items and their shape.
fn drifts(summary: &[FeedSummary]) -> Vec<Vec<String>> {
    let now = outbox::now_millis();
    let rows = summary.iter().flat_map(|feed| {
        feed.drifts.iter().map(move |drift| {
            vec![
                drift.key.kind.name().to_owned(),
                outbox::feed_name(&feed.feed),
                drift.key.path.clone(),
                drift.key.what.clone(),
                outbox::ago(Some(drift.first_at), now),
                drift.place.clone(),
                drift.items.to_string(),
            ]
        })
    });
    rows.collect()
}

/// One row for each feed and endpoint.
pub(crate) fn table(summary: &[FeedSummary], output: Output) -> String {
    let now = outbox::now_millis();
    let rows = summary.iter().flat_map(|feed| {
        let active = feed.routes.iter().filter(|route| route.is_active || has_waiting(route));
        active.map(move |route| {
            let totals = feed.feed.totals;
            vec![
                outbox::feed_name(&feed.feed),
                state(feed, route).to_owned(),
                totals.pulled.to_string(),
                totals.accepted.to_string(),
                totals.quarantined.to_string(),
                route.name.clone(),
                (route.delivered + route.unchanged).to_string(),
                route.refused.to_string(),
                route.waiting_records.to_string(),
                outbox::ago(feed.feed.last_success_at, now),
            ]
        })
    });
    let columns = [
        Column::Text("feed"),
        Column::State("state"),
        Column::Number("pulled"),
        Column::Number("accepted"),
        Column::Number("quarantined"),
        Column::Text("endpoint"),
        Column::Number("delivered"),
        Column::Number("refused"),
        Column::Number("waiting"),
        Column::Text("last read"),
    ];
    render(output, &columns, &rows.collect::<Vec<_>>())
}

/// One row for each feed and broken rule.
fn rules(summary: &[FeedSummary], output: Output) -> String {
    let rows = summary.iter().flat_map(|feed| {
        feed.rules.iter().map(move |count| {
            vec![
                outbox::feed_name(&feed.feed),
                count.rule.clone(),
                count.warned.to_string(),
                count.refused.to_string(),
            ]
        })
    });
    let columns = [
        Column::Text("feed"),
        Column::Text("rule"),
        Column::Number("warned"),
        Column::Number("refused"),
    ];
    render(output, &columns, &rows.collect::<Vec<_>>())
}

fn has_waiting(route: &RouteSummary) -> bool {
    route.waiting_records > 0
}

fn state(feed: &FeedSummary, route: &RouteSummary) -> &'static str {
    if feed.feed.halted.is_some() {
        "halted"
    } else if feed.feed.attempt > 0 || route.attempt > 0 {
        "retrying"
    } else if feed.feed.last_success_at.is_none() {
        "new"
    } else {
        "healthy"
    }
}
