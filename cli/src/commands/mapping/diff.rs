//! `lienthong mapping diff`: what another mapping makes of the same items.

mod side;
mod told;

use std::sync::Arc;

use lienthong_config::{ConnectorPlan, Library, open_standard};
use lienthong_diagnostics::chain;
use lienthong_keep::{Error, Reader, Texts};
use lienthong_mapping::{Comparison, Difference, Mapping, Values, Workspace};

use crate::arguments::{Global, MappingDiff};
use crate::exit::{Exit, Failure};
use crate::items::{find, items_of};
use crate::output::Output;
use crate::progress::Progress;
use crate::session::{Tell, library, plan};

use side::{Side, Sides};

/// Items are counted on the bar in steps.
const STEP: u64 = 1000;

/// Compares two mappings.
pub(super) fn run(command: &MappingDiff, global: &Global, output: Output) -> Result<Exit, Failure> {
    match &command.feed {
        Some(feed) => {
            let plan = plan(global, Tell::from(command.json), output)?;
            on_feed(command, feed, &plan, output)
        }
        None => on_file(command, global, output),
    }
}

fn on_file(command: &MappingDiff, global: &Global, output: Output) -> Result<Exit, Failure> {
    let Some(file) = &command.file else { return Err(Failure::new("name a file or a feed")) };
    let library = library(global);
    let tell = Tell::from(command.json);
    let standard = open_standard(&library, &command.standard);
    let standard = standard.map_err(|problems| tell.failure(problems))?;
    let sides = Sides { library: &library, standard: &standard, tell, feed: None, kept: None };
    let (old, new) = sides.both(command)?;
    let (Side::Fixed(before), Side::Fixed(after)) = (&old, &new) else {
        return Err(Failure::new("`kept` needs `--feed`: a file's items were mapped by nobody"));
    };
    let items = items_of(file, command.at.as_deref(), after.input())?;
    let progress = Progress::new(output, items.len() as u64, "items");
    let mut comparison = begin(command, after);
    let mut work = Workspace::new();
    for ((place, bytes), number) in items.iter().zip(1_u64..) {
        let outcomes = (before.outcome(bytes, &mut work), after.outcome(bytes, &mut work));
        comparison.add((number, 0), place, &outcomes.0, &outcomes.1);
        step(&progress, number);
    }
    progress.end();
    told::tell(command, (&old.shown(), &new.shown()), &comparison.finish(), output)
}

fn on_feed(
    command: &MappingDiff,
    feed: &str,
    plan: &ConnectorPlan,
    output: Output,
) -> Result<Exit, Failure> {
    let (source, feed) = find(&plan.sources, feed)?;
    let Some(options) = &plan.keep else {
        return Err(Failure::new("[LT-5024] the settings say that nothing is kept"));
    };
    let folder = lienthong_keep::folder(&plan.data_folder);
    let names = (source.name.as_str(), feed.name.as_str());
    let reader =
        Reader::open(&folder, names, options.key.clone()).map_err(|error| failed(&error))?;
    let texts = Texts::of(&folder);
    let sides = Sides {
        library: &plan.library,
        standard: &plan.standard,
        tell: Tell::from(command.json),
        feed: Some(feed.mapping.name()),
        kept: Some((&reader, &texts)),
    };
    let (old, new) = sides.both(command)?;
    let difference = compare(command, (&old, &new), &reader, &feed.mapping, output)?;
    told::tell(command, (&old.shown(), &new.shown()), &difference, output)
}

fn compare(
    command: &MappingDiff,
    (old, new): (&Side, &Side),
    reader: &Reader,
    present: &Arc<Mapping>,
    output: Output,
) -> Result<Difference, Failure> {
    let total: u64 = reader.frames().iter().map(|frame| frame.end() - frame.first()).sum();
    let progress = Progress::new(output, total, "kept items");
    let mut comparison = begin(command, new.one().unwrap_or(present));
    let mut work = Workspace::new();
    let mut number = 0;
    for frame in reader.frames() {
        let items = match reader.load(frame) {
            Ok(items) => items,
            Err(error @ Error::Locked { .. }) => return Err(failed(&error)),
            Err(error) => {
                output.note(format!("[{}] {}", error.code(), chain(&error)));
                continue;
            }
        };
        let (before, after) = (old.of(frame.made())?, new.of(frame.made())?);
        for kept in items.iter() {
            let outcomes =
                (before.outcome(kept.bytes, &mut work), after.outcome(kept.bytes, &mut work));
            let order = (kept.origin, kept.version);
            comparison.add(order, &kept.place.to_string(), &outcomes.0, &outcomes.1);
            number += 1;
            step(&progress, number);
        }
    }
    progress.end();
    Ok(comparison.finish())
}

fn begin(command: &MappingDiff, mapping: &Mapping) -> Comparison {
    let values = if command.show_personal { Values::Shown } else { Values::Masked };
    Comparison::new(Arc::clone(mapping.record_type()), usize::from(command.sample), values)
}

fn step(progress: &Progress, number: u64) {
    if number.is_multiple_of(STEP) {
        progress.add(STEP);
    }
}

fn failed(error: &Error) -> Failure {
    Failure::new(format!("[{}] {}", error.code(), chain(error)))
}
