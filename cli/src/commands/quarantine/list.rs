//! `lienthong quarantine list`: the rows, and the groups that wait for the same thing.

use std::collections::BTreeMap;

use lienthong_outbox::{FeedId, QuarantineFilter, Quarantined, Reader};
use serde_json::{Value, json};

use super::waiting::{Group, Named, groups, named, reason};
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
    let counts = reader.quarantine_counts().map_err(outbox::failure)?;
    let mut filter = QuarantineFilter {
        feed,
        waiting_for: command.waiting_for.clone(),
        limit: command.limit,
        ..QuarantineFilter::default()
    };
    match command.code.as_ref().map(|code| named(code, &counts)).transpose()? {
        Some(Named::Error(code)) => filter.code = Some(code),
        Some(Named::Waiting(thing)) => filter.waiting_for = Some(thing),
        None => {}
    }
    let groups = groups(&counts, &filter);
    if command.groups {
        return show_groups(&groups, &names, &reader, command.json, output);
    }
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
    for group in &groups {
        let thing = output.ink(Ink::Bold, &group.thing);
        output.line(format!("{} for {thing}", rows_wait(group.rows)))?;
    }
    if !groups.is_empty() {
        output.note("`--groups` shows the nearest known codes of each");
    }
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
fn show_groups(
    groups: &[Group],
    names: &BTreeMap<FeedId, String>,
    reader: &Reader,
    json: bool,
    output: Output,
) -> Result<Exit, Failure> {
    let mut lines = Vec::new();
    for group in groups {
        let why = reason(group, reader)?;
        let feed = names.get(&group.feed).cloned().unwrap_or_default();
        if json {
            output.json(&json!({
                "waiting_for": group.thing,
                "rows": group.rows,
                "feed": feed,
                "code": why.code,
                "field": why.field,
                "message": why.message,
                "message_vi": why.message_vi,
                "hint": why.hint,
            }))?;
            continue;
        }
        let (field, hint) = (why.field.unwrap_or_default(), why.hint.unwrap_or_default());
        lines.push(vec![group.rows.to_string(), group.thing.clone(), feed, field, hint]);
    }
    if json {
        return Ok(Exit::Well);
    }
    if lines.is_empty() {
        output.note("no row waits for a code");
        return Ok(Exit::Well);
    }
    let columns = [
        Column::Number("rows"),
        Column::Text("wait for"),
        Column::Text("feed"),
        Column::Text("field"),
        Column::Text("what to do"),
    ];
    output.data(&render(output, &columns, &lines))?;
    Ok(Exit::Well)
}

/// `1 row waits`, `300 rows wait`.
pub(super) fn rows_wait(rows: u64) -> String {
    if rows == 1 { "1 row waits".to_owned() } else { format!("{rows} rows wait") }
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
