//! `lienthong quarantine list`: the rows, and the groups that wait for the same thing.

use lienthong_outbox::{QuarantineCount, QuarantineFilter, Quarantined};
use serde_json::{Value, json};

use super::{feed_names, reasons};
use crate::arguments::{Global, QuarantineList};
use crate::exit::{Exit, Failure};
use crate::outbox;
use crate::output::{Ink, Output};
use crate::session::{Tell, outline};
use crate::table::{Column, render};

/// Lists what is in quarantine.
pub(super) fn run(
    command: &QuarantineList,
    global: &Global,
    output: Output,
) -> Result<Exit, Failure> {
    let outline = outline(global, Tell::from(command.json))?;
    let Some(reader) = outbox::open_reader(&outline.data_folder)? else {
        output.note("the connector has not run yet");
        return Ok(Exit::Well);
    };
    let names = feed_names(&reader)?;
    let feed = match &command.feed {
        None => None,
        Some(asked) => {
            let found = names.iter().find(|(_, name)| *name == asked);
            let known = || names.values().cloned().collect::<Vec<_>>().join(", ");
            let unknown =
                || Failure::new(format!("no feed `{asked}` has run; there are: {}", known()));
            Some(*found.ok_or_else(unknown)?.0)
        }
    };
    let filter = QuarantineFilter {
        feed,
        code: command.code.clone(),
        waiting_for: command.waiting_for.clone(),
        limit: command.limit,
        ..QuarantineFilter::default()
    };
    let rows = reader.quarantine(&filter).map_err(outbox::failure)?;
    let name_of = |row: &Quarantined| names.get(&row.feed).cloned().unwrap_or_default();
    if command.json {
        for row in &rows {
            output.json(&as_json(row, &name_of(row)))?;
        }
        return Ok(Exit::Well);
    }
    if rows.is_empty() {
        output.note("nothing is in quarantine");
        return Ok(Exit::Well);
    }
    let lines = rows.iter().map(|row| {
        let reasons = reasons(&row.reasons);
        let first = reasons.first();
        let field = first.and_then(|reason| reason.field.clone()).unwrap_or_default();
        let words = first.map(|reason| reason.message.clone()).unwrap_or_default();
        let more = reasons.len().saturating_sub(1);
        let words = if more > 0 { format!("{words} (+{more})") } else { words };
        vec![row.id.0.to_string(), name_of(row), row.code.clone(), field, words, what(row)]
    });
    let columns = [
        Column::Number("id"),
        Column::Text("feed"),
        Column::Text("code"),
        Column::Text("field"),
        Column::Text("reason"),
        Column::Text("record"),
    ];
    output.data(&render(output, &columns, &lines.collect::<Vec<_>>()))?;
    let counts = reader.quarantine_counts().map_err(outbox::failure)?;
    show_groups(&counts, output)?;
    let total: u64 = counts.iter().map(|count| count.rows).sum();
    if total > rows.len() as u64 {
        output.note(format!("{} of {total} rows; `--limit` shows more", rows.len()));
    }
    Ok(Exit::Well)
}

/// The record's key, or the end of its place where it has none; `show` tells the whole place.
fn what(row: &Quarantined) -> String {
    const LENGTH_MAX: usize = 48;
    if let Some(key) = &row.key {
        return key.replace('\u{1f}', " ");
    }
    let length = row.place.chars().count();
    if length <= LENGTH_MAX {
        return row.place.clone();
    }
    let tail: String = row.place.chars().skip(length - LENGTH_MAX).collect();
    format!("…{tail}")
}

/// What many rows wait for, so that one repair frees them all.
fn show_groups(counts: &[QuarantineCount], output: Output) -> Result<(), Failure> {
    for count in counts {
        let Some(thing) = &count.waiting_for else { continue };
        let plural = if count.rows == 1 { "row waits" } else { "rows wait" };
        let thing = output.ink(Ink::Bold, thing);
        output.line(format!("{} {plural} for {thing}", count.rows))?;
    }
    Ok(())
}

/// A row as JSON: the reasons as a list instead of a text.
pub(super) fn as_json(row: &Quarantined, feed: &str) -> Value {
    json!({
        "id": row.id,
        "feed": feed,
        "why": row.kind,
        "code": row.code,
        "key": row.key,
        "reasons": reasons(&row.reasons),
        "place": row.place,
        "items": row.items,
        "seen": row.seen,
        "waiting_for": row.waiting_for,
        "first_at": outbox::moment(row.first_at),
        "last_at": outbox::moment(row.last_at),
    })
}
