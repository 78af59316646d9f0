//! `lienthong preview SOURCE/FEED`: items native beside national, with faults marked.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use lienthong_adapter_api::{Page, PullRequest};
use lienthong_config::{FeedPlan, SourcePlan, open_standard, review_mapping};
use lienthong_diagnostics::{chain, nearest};
use lienthong_mapping::{Input, Mapping, Trace};
use lienthong_runtime::{Clock as _, SystemClock};
use serde_json::json;
use serde_json::value::RawValue;

use crate::arguments::{Global, Preview};
use crate::exit::{Exit, Failure};
use crate::logging;
use crate::output::{Ink, Output};
use crate::session::{Tell, block_on, library, plan};
use crate::table::{Column, render};

/// The most bytes of a file of items.
const FILE_BYTES_MAX: u64 = 64 << 20;

/// Shows items of a feed; nothing is stored or sent.
pub(crate) fn run(command: &Preview, global: &Global, output: Output) -> Result<Exit, Failure> {
    logging::start(global, None)?;
    let shown = Shown { json: command.json, output };
    let limit = usize::from(command.items);
    if let Some(file) = &command.file {
        let mapping = mapping_of(command, global, output)?;
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

/// The feed of that name, `source/feed`.
pub(crate) fn find<'a>(
    sources: &'a [SourcePlan],
    asked: &str,
) -> Result<(&'a SourcePlan, &'a FeedPlan), Failure> {
    let all = || sources.iter().flat_map(|source| source.feeds.iter().map(move |f| (source, f)));
    let name = |(source, feed): (&SourcePlan, &FeedPlan)| format!("{}/{}", source.name, feed.name);
    let found = all().find(|pair| name(*pair) == asked);
    found.ok_or_else(|| {
        let names: Vec<String> = all().map(name).collect();
        let hint = match nearest(asked, names.iter().map(String::as_str)) {
            Some(nearest) => format!("did you mean `{nearest}`?"),
            None => format!("there are: {}", names.join(", ")),
        };
        Failure::new(format!("no source of this connector has the feed `{asked}`; {hint}"))
    })
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

/// The mapping for items of a file: by the settings where they can be loaded, else by the name of
/// the system itself, so that a steward needs no settings.
fn mapping_of(command: &Preview, global: &Global, output: Output) -> Result<Arc<Mapping>, Failure> {
    if global.settings.exists() {
        let plan = plan(global, Tell::from(command.json), output)?;
        return find(&plan.sources, &command.feed).map(|(_, feed)| Arc::clone(&feed.mapping));
    }
    let library = library(global);
    let tell = Tell::from(command.json);
    let standard = open_standard(&library, "v1").map_err(|problems| tell.failure(problems))?;
    let review = review_mapping(&library, &standard, &command.feed)
        .map_err(|problems| tell.failure(problems))?;
    review.mapping.map(Arc::new).ok_or_else(|| tell.failure(review.problems))
}

/// Splits a file into items.
pub(crate) fn items_of(
    file: &Path,
    at: Option<&str>,
    input: Input,
) -> Result<Vec<(String, Vec<u8>)>, Failure> {
    let name = file.display().to_string();
    let failed = |error| Failure::of(format!("`{name}` can't be read"), error);
    if std::fs::metadata(file).map_err(failed)?.len() > FILE_BYTES_MAX {
        return Err(Failure::new(format!("`{name}` is larger than {FILE_BYTES_MAX} bytes")));
    }
    let text = std::fs::read_to_string(file).map_err(failed)?;
    let text = text.trim_start_matches('\u{feff}').trim();
    let one =
        |number: usize, item: &str| (format!("{name} item {number}"), item.as_bytes().to_vec());
    if input == Input::Xml {
        return Ok(vec![one(0, text)]);
    }
    let text = at.map_or(Ok(text), |at| below(text, at))?;
    if let Ok(list) = serde_json::from_str::<Vec<&RawValue>>(text) {
        let items = list.iter().enumerate().map(|(number, item)| one(number, item.get()));
        return Ok(items.collect());
    }
    if serde_json::from_str::<&RawValue>(text).is_ok() {
        return Ok(vec![one(0, text)]);
    }
    // One item a line; a line that is no JSON is shown as the mapping sees it.
    let lines = text.lines().filter(|line| !line.trim().is_empty()).enumerate();
    Ok(lines.map(|(number, line)| one(number, line)).collect())
}

/// The text of the value below keys joined by dots.
fn below<'a>(text: &'a str, at: &str) -> Result<&'a str, Failure> {
    let mut text = text;
    for key in at.split('.') {
        let object: BTreeMap<String, &RawValue> = serde_json::from_str(text)
            .map_err(|error| Failure::of(format!("there is no object around `{key}`"), error))?;
        let Some(value) = object.get(key) else {
            let keys: Vec<&str> = object.keys().map(String::as_str).collect();
            let keys = keys.join(", ");
            return Err(Failure::new(format!("there is no `{key}`; there are: {keys}")));
        };
        text = value.get();
    }
    Ok(text)
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
