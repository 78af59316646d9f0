//! `lienthong explain --record KEY`: each national value, where it came from, and where it went.

use lienthong_runtime::{Delivered, Lineage, explain};
use serde_json::json;

use crate::arguments::{Explain, Global};
use crate::exit::{Exit, Failure};
use crate::items::find;
use crate::outbox::{moment, open_reader};
use crate::output::{Ink, Output};
use crate::session::{Tell, plan};
use crate::table::{Column, render};

/// Explains the newest kept item with this key, in each feed that has one.
pub(super) fn run(
    key: &str,
    command: &Explain,
    global: &Global,
    output: Output,
) -> Result<Exit, Failure> {
    let plan = plan(global, Tell::from(command.json), output)?;
    let Some(reader) = open_reader(&plan.data_folder)? else {
        return Err(Failure::new("the connector has not run yet: there is no outbox"));
    };
    let feeds = if let Some(name) = &command.feed {
        vec![find(&plan.sources, name)?]
    } else {
        let sources = plan.sources.iter();
        sources.flat_map(|source| source.feeds.iter().map(move |feed| (source, feed))).collect()
    };
    let mut found = Vec::new();
    for (source, feed) in feeds {
        let lineage = explain(&plan, &reader, (&source.name, feed), key);
        found.extend(lineage.map_err(|error| Failure::of("the record can't be explained", error))?);
    }
    if command.json {
        let all: Vec<_> = found.iter().map(as_json).collect();
        output.json(&all)?;
    } else {
        for lineage in &found {
            show(lineage, output)?;
        }
    }
    if found.is_empty() {
        return Err(Failure::new(format!(
            "no kept item gives the record `{key}`: it was never read, or is older than what is kept"
        )));
    }
    Ok(Exit::Well)
}

fn show(lineage: &Lineage, output: Output) -> Result<(), Failure> {
    let Lineage { feed, version, place, mapping, standard, trace, .. } = lineage;
    output.line(output.ink(Ink::Bold, &format!("{feed}, version {version}")))?;
    output.line(format!("  read from  {place}"))?;
    let note = if lineage.is_of_its_time { "" } else { " (the present one; that of then is gone)" };
    output.line(format!("  mapping    {} {}{note}", mapping.0, short(&mapping.1)))?;
    output.line(format!("  standard   {} {}", standard.0, short(&standard.1)))?;
    let rows = trace.rows.iter().map(|row| {
        let faults = row.faults.iter().map(|fault| format!("! {}: {}", fault.code, fault.message));
        let rule = row.code_line.iter().cloned().chain(faults);
        let rule = std::iter::once(row.rule.clone()).chain(rule).collect::<Vec<_>>();
        vec![
            format!("  {}", row.field),
            row.national_value.clone().unwrap_or_default(),
            row.source_value.clone().unwrap_or_default(),
            row.source_path.clone().unwrap_or_default(),
            rule.join("\n"),
        ]
    });
    let columns = [
        Column::Text("  field"),
        Column::Text("national value"),
        Column::Text("source value"),
        Column::Text("path"),
        Column::Text("rule"),
    ];
    output.data(&render(output, &columns, &rows.collect::<Vec<_>>()))?;
    if let Err(rejection) = &trace.outcome {
        for reason in &rejection.reasons {
            output.line(format!("  refused    {reason}"))?;
        }
    }
    for (id, outcome) in &lineage.quarantined {
        let outcome = outcome.as_deref().unwrap_or("waits");
        output.line(format!("  quarantine {id}: {outcome}"))?;
    }
    for delivered in &lineage.deliveries {
        let Delivered { endpoint, batch, settled_at, records, receipt, .. } = delivered;
        let (count, refused) = records;
        let at = moment(*settled_at);
        output.line(format!("  delivered  to {endpoint} at {at}, in batch {}", short(batch)))?;
        output.line(format!("             of {count} records, {refused} refused"))?;
        if let Some(receipt) = receipt {
            output.line(format!("             receipt: {receipt}"))?;
        }
    }
    if lineage.deliveries.is_empty() && trace.outcome.is_ok() {
        output.line("  delivered  not yet, or longer ago than the history goes back")?;
    }
    output.line("")
}

/// Enough of a digest to tell it from others.
fn short(digest: &str) -> &str {
    digest.get(..16).unwrap_or(digest)
}

fn as_json(lineage: &Lineage) -> serde_json::Value {
    let rows = lineage.trace.rows.iter().map(|row| {
        json!({
            "field": row.field,
            "national": row.national_value,
            "source": row.source_value,
            "path": row.source_path,
            "rule": row.rule,
            "code_line": row.code_line,
            "faults": row.faults.iter().map(ToString::to_string).collect::<Vec<_>>(),
        })
    });
    let (outcome, refused) = match &lineage.trace.outcome {
        Ok(record) => (serde_json::from_str(record).unwrap_or_default(), Vec::new()),
        Err(rejection) => (
            serde_json::Value::Null,
            rejection.reasons.iter().map(ToString::to_string).collect::<Vec<_>>(),
        ),
    };
    let quarantined = lineage.quarantined.iter();
    json!({
        "feed": lineage.feed,
        "version": lineage.version,
        "place": lineage.place,
        "mapping": { "name": lineage.mapping.0, "digest": lineage.mapping.1 },
        "standard": { "name": lineage.standard.0, "digest": lineage.standard.1 },
        "is_of_its_time": lineage.is_of_its_time,
        "values": rows.collect::<Vec<_>>(),
        "record": outcome,
        "refused": refused,
        "quarantine": quarantined.map(|(id, how)| json!({ "id": id, "outcome": how })).collect::<Vec<_>>(),
        "deliveries": lineage.deliveries,
    })
}
