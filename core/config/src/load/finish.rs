//! The last steps over all problems: back to where they were written, without secrets, in order.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use figment::value::{Dict, Value};
use lienthong_adapter_api::Section;
use lienthong_diagnostics::Problem;

use super::sources::Source;
use super::text_of;
use crate::layers::defaults;
use crate::overlay::Overlay;
use crate::settings::{
    DvcBoEndpointSettings, DvcqgEndpointSettings, HttpEndpointSettings, HubEndpointSettings,
    Settings, SourceSettings,
};

/// The code of a secret that stands in the settings.
const LITERAL_SECRET: &str = "LT-1006";

/// Moves problems back to where they were written, takes secrets out of the shown text, and orders
/// them by file and place; the settings file, read first, stays first.
pub(crate) fn finished(problems: Vec<Problem>, overlay: Option<&Overlay>) -> Vec<Problem> {
    let restore = |problem| match overlay {
        Some(overlay) => overlay.restore(problem),
        None => problem,
    };
    let restored = problems.into_iter().map(restore).collect();
    let mut problems = masked(restored);
    let mut files: Vec<Arc<str>> = Vec::new();
    for problem in &problems {
        if !files.contains(&problem.file) {
            files.push(Arc::clone(&problem.file));
        }
    }
    let place = |problem: &Problem| {
        let file = files.iter().position(|file| *file == problem.file);
        (file, problem.span.start, problem.code)
    };
    problems.sort_by(|a, b| place(a).cmp(&place(b)));
    problems.dedup();
    problems
}

/// Replaces literal secrets in the texts of all problems: another problem on the same line would
/// print them too.
fn masked(mut problems: Vec<Problem>) -> Vec<Problem> {
    let literal = problems.iter().filter(|problem| problem.code == LITERAL_SECRET);
    let places: BTreeSet<(Arc<str>, usize, usize)> = literal
        .map(|problem| (Arc::clone(&problem.file), problem.span.start, problem.span.end))
        .collect();
    for (file, start, end) in places {
        for problem in problems.iter_mut().filter(|problem| problem.file == file) {
            problem.text = mask(&problem.text, start..end);
        }
    }
    problems
}

/// Puts stars in a value's place. The text keeps its length, so that all places in it still hold;
/// the stars do not say how long the value is.
fn mask(text: &Arc<str>, span: Range<usize>) -> Arc<str> {
    let (Some(before), Some(value), Some(after)) =
        (text.get(..span.start), text.get(span.clone()), text.get(span.end..))
    else {
        return Arc::from("");
    };
    let breaks = value.matches('\n').count();
    let stars = "\"***\"".get(..value.len().min(5)).unwrap_or_default();
    let blank = " ".repeat(value.len() - stars.len() - breaks);
    Arc::from([before, stars, &blank, &"\n".repeat(breaks), after].concat())
}

/// The default values of everything that the settings could say.
pub(super) fn defaults_of(section: &Section, sources: &[Source]) -> Dict {
    let mut root = defaults(&schemars::schema_for!(Settings));
    let of_sources = sources.iter().map(|source| {
        let mut own = defaults(&schemars::schema_for!(SourceSettings));
        if let Some(schema) = &source.schema {
            own.insert("settings".to_owned(), Value::from(defaults(schema)));
        }
        (source.name.clone(), Value::from(own))
    });
    root.insert("sources".to_owned(), Value::from(of_sources.collect::<Dict>()));
    let list = section.child("endpoints", "");
    let of_endpoints = (0..list.len()).filter_map(|index| {
        let element = list.element(index, "");
        let name = text_of(&element, "name")?;
        let schema = match text_of(&element, "type")?.as_str() {
            "hub" => schemars::schema_for!(HubEndpointSettings),
            "http" => schemars::schema_for!(HttpEndpointSettings),
            "dvc-bo" => schemars::schema_for!(DvcBoEndpointSettings),
            _ => schemars::schema_for!(DvcqgEndpointSettings),
        };
        Some((name, Value::from(defaults(&schema))))
    });
    root.insert("endpoints".to_owned(), Value::from(of_endpoints.collect::<Dict>()));
    root
}
