//! `lienthong quarantine`: what was refused, with its reasons, and what to do with it.

mod act;
mod list;
mod show;
mod waiting;

use std::collections::BTreeMap;

use lienthong_outbox::{FeedId, Reader};
use lienthong_runtime::StoredReason;

use crate::arguments::{Global, Quarantine};
use crate::exit::{Exit, Failure};
use crate::outbox;
use crate::output::Output;

/// Runs a command of `quarantine`.
pub(crate) fn run(command: &Quarantine, global: &Global, output: Output) -> Result<Exit, Failure> {
    match command {
        Quarantine::List(list) => list::run(list, global, output),
        Quarantine::Show(show) => show::run(show, global, output),
        Quarantine::Release(which) => act::release(which, global, output),
        Quarantine::Discard(discard) => act::discard(discard, global, output),
    }
}

/// The feeds' names by their numbers.
fn feed_names(reader: &Reader) -> Result<BTreeMap<FeedId, String>, Failure> {
    let feeds = reader.feeds().map_err(outbox::failure)?;
    Ok(feeds.iter().map(|feed| (feed.id, outbox::feed_name(feed))).collect())
}

/// The reasons of a row; one in words where they can't be read.
fn reasons(text: &str) -> Vec<StoredReason> {
    serde_json::from_str(text).unwrap_or_else(|_| {
        vec![StoredReason { message: text.to_owned(), ..StoredReason::default() }]
    })
}
