//! Items for commands that look at some: by the settings' feeds, or out of files.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use lienthong_config::{FeedPlan, SourcePlan, open_standard, review_mapping};
use lienthong_diagnostics::nearest;
use lienthong_mapping::{Input, Mapping};
use quick_xml::events::Event;
use quick_xml::reader::Reader;
use serde_json::value::RawValue;

use crate::arguments::Global;
use crate::exit::Failure;
use crate::output::Output;
use crate::session::{Tell, library, plan};

/// The most bytes of a file of items.
const FILE_BYTES_MAX: u64 = 64 << 20;

/// Finds a feed by the source's name and its own.
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

/// The mapping for items of a file: by the settings where they can be loaded, else by the name of
/// the system itself, so that a steward needs no settings.
pub(crate) fn mapping_of(
    feed: &str,
    tell: Tell,
    global: &Global,
    output: Output,
) -> Result<Arc<Mapping>, Failure> {
    if global.settings.exists() {
        let plan = plan(global, tell, output)?;
        return find(&plan.sources, feed).map(|(_, feed)| Arc::clone(&feed.mapping));
    }
    let library = library(global);
    let standard = open_standard(&library, "v1").map_err(|problems| tell.failure(problems))?;
    let review =
        review_mapping(&library, &standard, feed).map_err(|problems| tell.failure(problems))?;
    review.mapping.map(Arc::new).ok_or_else(|| tell.failure(review.problems))
}

/// Splits a file into items. `at` says where they are in it: keys joined by dots down to a JSON
/// array, or the name of the XML element that an item is.
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
        let items = at.map_or_else(|| Ok(vec![text]), |element| elements(text, element))?;
        return Ok(items.iter().enumerate().map(|(number, item)| one(number, item)).collect());
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

/// The elements of a name, each with all inside it; those inside another one belong to that.
fn elements<'a>(text: &'a str, name: &str) -> Result<Vec<&'a str>, Failure> {
    let failed = |error: quick_xml::Error| Failure::of("the file is no XML", error);
    let mut reader = Reader::from_str(text);
    let mut found = Vec::new();
    loop {
        let start = reader.buffer_position();
        match reader.read_event().map_err(failed)? {
            Event::Start(tag) if tag.local_name().into_inner() == name => {
                reader.read_to_end(tag.name()).map_err(failed)?;
            }
            Event::Empty(tag) if tag.local_name().into_inner() == name => {}
            Event::Eof if found.is_empty() => {
                return Err(Failure::new(format!("there is no element `{name}`")));
            }
            Event::Eof => return Ok(found),
            _ => continue,
        }
        let range = usize::try_from(start).ok().zip(usize::try_from(reader.buffer_position()).ok());
        found.extend(range.and_then(|(start, end)| text.get(start..end)));
    }
}
