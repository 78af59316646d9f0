//! `lienthong preview SOURCE/FEED`: items native beside national, with faults marked.

use lienthong_adapter_api::{Page, PullRequest};
use lienthong_config::{FeedPlan, SourcePlan};
use lienthong_diagnostics::chain;
use lienthong_mapping::{Mapping, Trace};
use lienthong_runtime::{Clock as _, SystemClock};
use serde_json::json;
use serde_json::value::RawValue;

use crate::arguments::{Global, Preview};
use crate::exit::{Exit, Failure};
use crate::items::{find, items_of, mapping_of};
use crate::logging;
use crate::output::{Ink, Output};
use crate::session::{Tell, block_on, plan};
use crate::table::{Column, render};

/// Shows items of a feed; nothing is stored or sent.
pub(crate) fn run(command: &Preview, global: &Global, output: Output) -> Result<Exit, Failure> {
    logging::start(global, None)?;
    let shown = Shown { json: command.json, output };
    let limit = usize::from(command.items);
    if let Some(file) = &command.file {
        let mapping = mapping_of(&command.feed, Tell::from(command.json), global, output)?;
        let items = items_of(file, command.at.as_deref(), mapping.input())?;
        return shown.all(&mapping, items.into_iter().take(limit));
    }
    let plan = plan(global, Tell::from(command.json), output)?;
    let (source, feed) = find(&plan.sources, &command.feed)?;
    let page = block_on(pull(source, feed, limit))??;
    for note in page.notes() {
        output.note(note);
    }
    for fault in page.faults() {
        output.note(format!("[{}] {}: {}", fault.code, fault.origin, fault.reason));
    }
    let items = page.items().take(limit).map(|item| (item.place.to_string(), item.bytes.to_vec()));
    let exit = shown.all(&feed.mapping, items)?;
    Ok(if page.faults().is_empty() { exit } else { Exit::Problems })
}

async fn pull(source: &SourcePlan, feed: &FeedPlan, limit: usize) -> Result<Page, Failure> {
    let request = PullRequest {
        feed: &feed.name,
        after: None,
        items_max: limit.min(feed.items_max),
        bytes_max: feed.bytes_max,
        now: SystemClock.now(),
    };
    let page = source.adapter.pull(request).await;
    page.map_err(|error| Failure::new(format!("[{}] {}", error.code(), chain(&error))))
}

struct Shown {
    json: bool,
    output: Output,
}

impl Shown {
    fn all(
        &self,
        mapping: &Mapping,
        items: impl Iterator<Item = (String, Vec<u8>)>,
    ) -> Result<Exit, Failure> {
        let (mut shown, mut refused) = (0_usize, 0_usize);
        for (place, bytes) in items {
            let trace = mapping.trace(&bytes);
            shown += 1;
            refused += usize::from(trace.outcome.is_err());
            if self.json { self.as_json(&place, &trace)? } else { self.one(&place, &trace)? }
        }
        self.output.note(format!("{shown} items shown, {refused} would go to quarantine"));
        Ok(if refused == 0 { Exit::Well } else { Exit::Problems })
    }

    fn one(&self, place: &str, trace: &Trace) -> Result<(), Failure> {
        let output = self.output;
        output.line(output.ink(Ink::Bold, place))?;
        let rows = trace.rows.iter().filter(|row| {
            row.source_value.is_some() || row.national_value.is_some() || !row.faults.is_empty()
        });
        let rows = rows.map(|row| {
            let mark = if row.faults.is_empty() { " " } else { "!" };
            vec![
                format!("{mark} {}", row.field),
                row.source_path.clone().unwrap_or_default(),
                match (&row.source_value, &row.detected) {
                    (Some(value), Some(detected)) => format!("{value} (detected {detected})"),
                    (value, _) => value.clone().unwrap_or_default(),
                },
                row.national_value.clone().unwrap_or_default(),
            ]
        });
        let columns = ["  national field", "from", "native", "national"].map(Column::Text);
        output.data(&render(output, &columns, &rows.collect::<Vec<_>>()))?;
        if let Err(rejection) = &trace.outcome {
            for reason in &rejection.reasons {
                let code = output.ink(Ink::Red, reason.code);
                let field = reason.field.as_deref().unwrap_or("the record");
                output.line(format!("! {code} {field}: {}", reason.message))?;
                if let Some(hint) = &reason.hint {
                    output.line(format!("    hint: {hint}"))?;
                }
            }
        }
        for warning in &trace.warnings {
            let code = output.ink(Ink::Bold, warning.reason.code);
            let field = warning.reason.field.as_deref().unwrap_or("the record");
            output.line(format!("~ {code} {field}: {}", warning.reason.message))?;
        }
        output.line("")
    }

    fn as_json(&self, place: &str, trace: &Trace) -> Result<(), Failure> {
        let fields = trace.rows.iter().map(|row| {
            let faults = row.faults.iter().map(|fault| fault.code);
            json!({
                "field": row.field,
                "from": row.source_path,
                "native": row.source_value,
                "detected": row.detected,
                "national": row.national_value,
                "faults": faults.collect::<Vec<_>>(),
            })
        });
        let fields: Vec<_> = fields.collect();
        let record = trace.outcome.as_ref().ok();
        let record: Option<&RawValue> = record.and_then(|record| serde_json::from_str(record).ok());
        let refused = trace.outcome.as_ref().err().map(|rejection| {
            let reasons = rejection.reasons.iter().map(|reason| {
                json!({ "code": reason.code, "field": reason.field, "message": reason.message })
            });
            reasons.collect::<Vec<_>>()
        });
        let warnings = trace.warnings.iter().map(|warning| {
            let reason = &warning.reason;
            json!({ "rule": warning.rule, "field": reason.field, "message": reason.message })
        });
        self.output.json(&json!({
            "place": place,
            "fields": fields,
            "record": record,
            "refused": refused,
            "warnings": warnings.collect::<Vec<_>>(),
        }))
    }
}
