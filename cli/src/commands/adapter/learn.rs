//! `lienthong adapter learn SOURCE/FEED`: the shape of a feed, learned from its items or from files.

use std::path::{Path, PathBuf};

use lienthong_adapter_api::PullRequest;
use lienthong_config::{FeedPlan, Library, SourcePlan, shape_path};
use lienthong_diagnostics::chain;
use lienthong_mapping::{Learning, Mapping};
use lienthong_runtime::{Clock as _, SystemClock};
use lienthong_shape::{Learner, Node, Shape, TextSeen};
use serde_json::json;

use crate::arguments::{Global, Learn};
use crate::exit::{Exit, Failure};
use crate::items::{find, items_of, mapping_of};
use crate::logging;
use crate::output::Output;
use crate::session::{Tell, block_on, library, plan};
use crate::table::{Column, render};

/// Pages that are asked for: a system that always has more must not be asked for ever.
const PAGES_MAX: usize = 10_000;
/// Values that the table shows of one place.
const VALUES_SHOWN: usize = 6;

/// Learns a shape and writes it.
pub(crate) fn run(command: &Learn, global: &Global, output: Output) -> Result<Exit, Failure> {
    logging::start(global, None)?;
    let tell = Tell::from(command.json);
    let limit = u64::from(command.items);
    let (shape, unreadable, target) = if command.file.is_empty() {
        let plan = plan(global, tell, output)?;
        let (source, feed) = find(&plan.sources, &command.feed)?;
        let target = target(command, &plan.library, &feed.mapping)?;
        let learning = Learning::of(&feed.mapping);
        let (shape, unreadable) =
            learning.learn(|learner| block_on(pull_all(source, feed, learner, limit)))??;
        (shape, unreadable, target)
    } else {
        let mapping = mapping_of(&command.feed, tell, global, output)?;
        let target = target(command, &library(global), &mapping)?;
        let learning = Learning::of(&mapping);
        let (shape, unreadable) =
            learning.learn(|learner| read_all(command, &mapping, learner, limit))?;
        (shape, unreadable, target)
    };
    if shape.items == 0 {
        return Err(Failure::new(format!("`{}` gave no item to learn from", command.feed)));
    }
    let learned = shape.items;
    let shape = if command.merge { merged(shape, &target, tell)? } else { shape };
    write(&target, &shape.to_toml())?;
    if command.json {
        output.json(&as_json(&shape, learned, unreadable, &target))?;
    } else {
        output.data(&table(&shape, output))?;
        let shown = target.display();
        output.note(format!("{learned} items learned; the shape is in {shown}"));
        if unreadable > 0 {
            output.note(format!("{unreadable} items could not be read and were left out"));
        }
    }
    Ok(Exit::Well)
}

/// Where the shape is written.
fn target(command: &Learn, library: &Library, mapping: &Mapping) -> Result<PathBuf, Failure> {
    if let Some(file) = &command.out {
        return Ok(file.clone());
    }
    let Library::Folder(folder) = library else {
        let hint = "name the library's folder with `--library`, or a file with `--out`";
        return Err(Failure::new(format!("the shape has no place to go: {hint}")));
    };
    Ok(folder.join(shape_path(mapping.name())))
}

/// Reads a feed from its beginning, as far as is asked for.
pub(crate) async fn pull_all(
    source: &SourcePlan,
    feed: &FeedPlan,
    mut learner: Learner<'_>,
    limit: u64,
) -> Result<(Shape, u64), Failure> {
    let (mut cursor, mut unreadable) = (None, 0);
    for _ in 0..PAGES_MAX {
        let page = source.adapter.pull(PullRequest {
            feed: &feed.name,
            after: cursor.as_ref(),
            items_max: feed.items_max,
            bytes_max: feed.bytes_max,
            now: SystemClock.now(),
        });
        let page = page
            .await
            .map_err(|error| Failure::new(format!("[{}] {}", error.code(), chain(&error))))?;
        for item in page.items() {
            if learner.items() + unreadable == limit {
                return Ok((learner.shape(), unreadable));
            }
            unreadable += u64::from(learner.observe(item.bytes).is_err());
        }
        if !page.more {
            break;
        }
        if page.next.is_some() {
            cursor = page.next;
        }
    }
    Ok((learner.shape(), unreadable))
}

fn read_all(
    command: &Learn,
    mapping: &Mapping,
    mut learner: Learner<'_>,
    limit: u64,
) -> Result<(Shape, u64), Failure> {
    let mut unreadable = 0;
    for file in &command.file {
        for (_, item) in items_of(file, command.at.as_deref(), mapping.input())? {
            if learner.items() + unreadable == limit {
                return Ok((learner.shape(), unreadable));
            }
            unreadable += u64::from(learner.observe(&item).is_err());
        }
    }
    Ok((learner.shape(), unreadable))
}

/// The shape that is there with what was learned.
fn merged(shape: Shape, target: &Path, tell: Tell) -> Result<Shape, Failure> {
    let text = match std::fs::read_to_string(target) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(shape),
        Err(error) => {
            return Err(Failure::of(format!("`{}` can't be read", target.display()), error));
        }
    };
    let file = target.display().to_string();
    let mut known = Shape::parse(&file, &text).map_err(|problems| tell.failure(problems))?;
    if known.mapping != shape.mapping || known.format != shape.format {
        return Err(Failure::new(format!("`{file}` is the shape of another feed")));
    }
    known.merge(&shape);
    Ok(known)
}

fn write(target: &Path, text: &str) -> Result<(), Failure> {
    let failed = |error| Failure::of(format!("`{}` can't be written", target.display()), error);
    if let Some(folder) = target.parent() {
        std::fs::create_dir_all(folder).map_err(failed)?;
    }
    std::fs::write(target, text).map_err(failed)
}

/// One row a place, with what a person looks for first.
fn table(shape: &Shape, output: Output) -> String {
    let mut rows = Vec::new();
    shape.each_place(|path, node| {
        let dash = |text: String| if text.is_empty() { "-".to_owned() } else { text };
        rows.push(vec![
            path.to_owned(),
            dash(types(node).join(", ")),
            if node.absent == 0 {
                "-".to_owned()
            } else {
                format!("{}/{}", node.absent, node.occasions)
            },
            dash(size(node)),
            dash(forms(node).join(", ")),
            dash(values(node)),
        ]);
    });
    let columns = ["place", "types", "absent", "size", "forms", "values"].map(Column::Text);
    render(output, &columns, &rows)
}

fn types(node: &Node) -> Vec<&'static str> {
    let types = [
        (node.null > 0, "null"),
        (node.text.is_some(), "text"),
        (node.number.is_some(), "number"),
        (node.boolean > 0, "true/false"),
        (node.object > 0, "object"),
        (node.list.is_some(), "list"),
    ];
    types.into_iter().filter_map(|(is_there, name)| is_there.then_some(name)).collect()
}

/// Characters of texts, the range of numbers, the length of lists.
fn size(node: &Node) -> String {
    let text = node.text.iter().map(|seen| format!("{}-{} chars", seen.chars_min, seen.chars_max));
    let ranges = node.number.iter().filter_map(|seen| seen.range.as_ref());
    let number = ranges.map(|(least, most)| format!("{least} to {most}"));
    let list = node.list.iter().map(|seen| format!("{}-{} elements", seen.len_min, seen.len_max));
    text.chain(number).chain(list).collect::<Vec<_>>().join(", ")
}

/// The forms that all texts have, without mere lengths.
fn forms(node: &Node) -> Vec<&str> {
    let claims = node.text.iter().filter(|seen| seen.filled() > 0).flat_map(TextSeen::claims);
    claims.filter(|form| !form.starts_with("max-chars:")).collect()
}

fn values(node: &Node) -> String {
    let texts = node.text.iter().filter_map(|seen| seen.values.as_ref());
    let values = texts.chain(node.number.iter().filter_map(|seen| seen.values.as_ref()));
    let values: Vec<&str> = values.flat_map(|values| values.keys().map(|value| &**value)).collect();
    match values.get(..VALUES_SHOWN) {
        Some(first) if values.len() > VALUES_SHOWN => {
            format!("{} and {} more", first.join(" | "), values.len() - VALUES_SHOWN)
        }
        _ => values.join(" | "),
    }
}

fn as_json(shape: &Shape, learned: u64, unreadable: u64, target: &Path) -> serde_json::Value {
    let mut places = Vec::new();
    shape.each_place(|path, node| {
        places.push(json!({
            "path": path,
            "types": types(node),
            "occasions": node.occasions,
            "absent": node.absent,
            "null": node.null,
            "forms": forms(node),
        }));
    });
    json!({
        "shape": &*shape.mapping,
        "learned": learned,
        "unreadable": unreadable,
        "items": shape.items,
        "file": target.display().to_string(),
        "places": places,
    })
}
