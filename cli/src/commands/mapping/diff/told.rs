//! The answer of a comparison: counts, fields, codes that move, records before and after.

use lienthong_mapping::{Change, Difference, Sample};
use serde_json::json;

use super::MappingDiff;
use crate::exit::{Exit, Failure};
use crate::output::{Ink, Output};
use crate::table::{Column, render};

/// Months are listed up to so many lines; all of them are in the JSON.
const MONTHS_MAX: usize = 40;

/// Tells a difference.
pub(super) fn tell(
    command: &MappingDiff,
    (old, new): (&str, &str),
    difference: &Difference,
    output: Output,
) -> Result<Exit, Failure> {
    if command.json {
        output.json(&json!({ "old": old, "new": new, "difference": difference }))?;
    } else {
        summary(old, new, difference, output)?;
        fields(difference, output)?;
        counts(difference, output)?;
        for sample in &difference.samples {
            record(sample, output)?;
        }
    }
    Ok(if difference.newly_refused > 0 { Exit::Problems } else { Exit::Well })
}

fn summary(old: &str, new: &str, difference: &Difference, output: Output) -> Result<(), Failure> {
    output.line(output.ink(Ink::Bold, &format!("{old} -> {new}")))?;
    let lines = [
        (difference.items, "items"),
        (difference.records, "records, each by its newest item"),
        (difference.unchanged, "unchanged"),
        (difference.changed, "changed"),
        (difference.newly_accepted, "newly accepted"),
        (difference.newly_refused, "newly refused"),
        (difference.still_refused, "refused by both"),
        (difference.other_key, "items with another key"),
    ];
    for (count, words) in lines {
        output.line(format!("{count:>8}  {words}"))?;
    }
    output.line("")
}

fn fields(difference: &Difference, output: Output) -> Result<(), Failure> {
    if !difference.fields.is_empty() {
        let rows = difference
            .fields
            .iter()
            .map(|(field, records)| vec![field.clone(), records.to_string()]);
        let columns = [Column::Text("field"), Column::Number("changed records")];
        output.data(&render(output, &columns, &rows.collect::<Vec<_>>()))?;
        output.line("")?;
    }
    if difference.refusals.is_empty() {
        return Ok(());
    }
    let rows = difference.refusals.iter().map(|refusal| {
        let field = refusal.field.clone().unwrap_or_else(|| "the record".to_owned());
        vec![refusal.code.to_owned(), field, refusal.records.to_string()]
    });
    let columns = [Column::Text("newly refused"), Column::Text("field"), Column::Number("records")];
    output.data(&render(output, &columns, &rows.collect::<Vec<_>>()))?;
    output.line("")
}

fn counts(difference: &Difference, output: Output) -> Result<(), Failure> {
    let row = |count: &lienthong_mapping::MovedCount| {
        let month = count.month.clone().unwrap_or_else(|| "all".to_owned());
        let change = i128::from(count.after) - i128::from(count.before);
        let (before, after) = (count.before.to_string(), count.after.to_string());
        vec![count.field.clone(), count.code.clone(), month, before, after, format!("{change:+}")]
    };
    let sums = difference.counts.iter().filter(|count| count.month.is_none());
    let months = difference.counts.iter().filter(|count| count.month.is_some());
    let mut rows: Vec<Vec<String>> = sums.map(row).collect();
    rows.extend(months.clone().take(MONTHS_MAX).map(row));
    if rows.is_empty() {
        return Ok(());
    }
    let columns = [
        Column::Text("national count"),
        Column::Text("code"),
        Column::Text("month"),
        Column::Number("before"),
        Column::Number("after"),
        Column::Number("change"),
    ];
    output.data(&render(output, &columns, &rows))?;
    let more = months.count().saturating_sub(MONTHS_MAX);
    if more > 0 {
        output.note(format!("{more} more counts of single months: `--json` has all"));
    }
    output.line("")
}

fn record(sample: &Sample, output: Output) -> Result<(), Failure> {
    let change = match sample.change {
        Change::Unchanged => "unchanged",
        Change::Changed => "changed",
        Change::NewlyRefused => "newly refused",
        Change::NewlyAccepted => "newly accepted",
        Change::StillRefused => "still refused",
    };
    let key = sample.key.as_deref().unwrap_or("no key");
    output.line(format!("{} {change}, {}", output.ink(Ink::Bold, key), sample.place))?;
    let rows = sample.fields.iter().map(|field| {
        let shown = |value: &Option<String>| value.clone().unwrap_or_else(|| "-".to_owned());
        vec![format!("  {}", field.field), shown(&field.before), shown(&field.after)]
    });
    let rows: Vec<_> = rows.collect();
    if !rows.is_empty() && sample.change == Change::Changed {
        let columns = [Column::Text("  field"), Column::Text("before"), Column::Text("after")];
        output.data(&render(output, &columns, &rows))?;
    }
    for reason in &sample.reasons {
        output.line(format!("  {reason}"))?;
    }
    output.line("")
}
