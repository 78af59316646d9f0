//! `lienthong quarantine show ID`: one row with its bytes, its reasons and its provenance.

use lienthong_outbox::{QuarantineId, QuarantineKind, Quarantined, Reader};
use serde_json::json;

use super::list::{as_json, rows_wait};
use super::{feed_names, reasons};
use crate::arguments::{Global, QuarantineShow};
use crate::exit::{Exit, Failure};
use crate::outbox;
use crate::output::{Ink, Output};
use crate::session::{Tell, outline};

/// The most bytes of an item that a person is shown.
const SHOWN_MAX: usize = 64 << 10;

/// Shows one row.
pub(super) fn run(
    command: &QuarantineShow,
    global: &Global,
    output: Output,
) -> Result<Exit, Failure> {
    let outline = outline(global, Tell::from(command.json))?;
    let Some(reader) = outbox::open_reader(&outline.data_folder)? else {
        return Err(Failure::new("the connector has not run yet"));
    };
    let row = reader.quarantined(QuarantineId(command.id)).map_err(outbox::failure)?;
    let feed = feed_names(&reader)?.remove(&row.feed).unwrap_or_default();
    let raw = row.raw.clone().unwrap_or_default();
    if command.json {
        let mut value = as_json(&row, &feed);
        if let Some(object) = value.as_object_mut() {
            object.insert("item".to_owned(), json!(String::from_utf8_lossy(&raw)));
            object.insert("item_bytes".to_owned(), json!(row.raw_bytes));
            object.insert("provenance".to_owned(), json!(row.provenance));
        }
        output.json(&value)?;
        return Ok(Exit::Well);
    }
    head(&row, &feed, &reader, output)?;
    for reason in reasons(&row.reasons) {
        let field = reason.field.as_deref().unwrap_or("the record");
        let code = output.ink(Ink::Red, &reason.code);
        output.line(format!("{code} {field}: {}", reason.message))?;
        if !reason.message_vi.is_empty() {
            output.line(format!("    {}", reason.message_vi))?;
        }
        if let Some(path) = &reason.source_path {
            output.line(format!("    read from `{path}`"))?;
        }
        if let Some(hint) = &reason.hint {
            output.line(format!("    hint: {hint}"))?;
        }
    }
    output.line("")?;
    let shown = raw.get(..raw.len().min(SHOWN_MAX)).unwrap_or_default();
    output.line(String::from_utf8_lossy(shown))?;
    if (shown.len() as u64) < row.raw_bytes {
        output.note(format!("{} of {} bytes", shown.len(), row.raw_bytes));
    }
    Ok(Exit::Well)
}

fn head(row: &Quarantined, feed: &str, reader: &Reader, output: Output) -> Result<(), Failure> {
    let why = match row.kind {
        QuarantineKind::Unreadable => "the adapter could not make an item of it".to_owned(),
        QuarantineKind::Rejected => "the mapping or the standard refused it".to_owned(),
        QuarantineKind::Refused { endpoint } => {
            let endpoints = reader.endpoints().map_err(outbox::failure)?;
            let name = endpoints.into_iter().find(|(id, _)| *id == endpoint);
            let name = name.map_or_else(|| "an endpoint".to_owned(), |(_, name)| name);
            format!("endpoint `{name}` refused it")
        }
    };
    let title = format!("{} of {feed}: {why}", row.id.0);
    output.line(output.ink(Ink::Bold, &title))?;
    output.line(format!("place      {}", row.place))?;
    if let Some(key) = &row.key {
        output.line(format!("key        {}", key.replace('\u{1f}', " ")))?;
    }
    let (first, last) = (outbox::moment(row.first_at), outbox::moment(row.last_at));
    if row.seen > 1 {
        output.line(format!("seen       {} times, first {first}, last {last}", row.seen))?;
    } else {
        output.line(format!("seen       {first}"))?;
    }
    if let Some(thing) = &row.waiting_for {
        let counts = reader.quarantine_counts().map_err(outbox::failure)?;
        let same = counts.iter().filter(|count| count.waiting_for.as_ref() == Some(thing));
        let others = same.map(|count| count.rows).sum::<u64>().saturating_sub(1);
        let others = match others {
            0 => String::new(),
            others => format!("; {} for the same", rows_wait(others).replacen(' ', " other ", 1)),
        };
        output.line(format!("waits for  {thing}{others}"))?;
    }
    let made = &row.provenance;
    output.line(format!("read by    {}", made.adapter))?;
    output.line(format!("mapped by  {}, standard {}", made.mapping, made.standard))?;
    output.line("")
}
