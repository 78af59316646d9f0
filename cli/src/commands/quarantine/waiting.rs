//! What rows wait for: the groups of rows that one repair would free, and what `--code` names.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use lienthong_diagnostics::candidates;
use lienthong_outbox::{FeedId, QuarantineCount, QuarantineFilter, Reader};
use lienthong_runtime::StoredReason;

use super::reasons;
use crate::exit::Failure;
use crate::outbox;

/// Things that a message names.
const NAMED_MAX: usize = 5;

/// The rows of one feed that wait for the same thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Group {
    pub(super) feed: FeedId,
    /// `codes/status:XYZ`.
    pub(super) thing: String,
    pub(super) rows: u64,
}

/// The groups that a filter leaves, the largest first.
pub(super) fn groups(counts: &[QuarantineCount], filter: &QuarantineFilter) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for count in counts {
        let Some(thing) = &count.waiting_for else { continue };
        let is_wanted = filter.feed.is_none_or(|feed| feed == count.feed)
            && filter.code.as_ref().is_none_or(|code| *code == count.code)
            && filter.waiting_for.as_ref().is_none_or(|wanted| wanted == thing);
        if !is_wanted {
            continue;
        }
        match groups.iter_mut().find(|group| group.feed == count.feed && group.thing == *thing) {
            Some(group) => group.rows += count.rows,
            None => {
                groups.push(Group { feed: count.feed, thing: thing.clone(), rows: count.rows });
            }
        }
    }
    groups.sort_by_key(|group| Reverse(group.rows));
    groups
}

/// The reason why the rows of a group wait, as its oldest row has it.
pub(super) fn reason(group: &Group, reader: &Reader) -> Result<StoredReason, Failure> {
    let filter = QuarantineFilter {
        feed: Some(group.feed),
        waiting_for: Some(group.thing.clone()),
        limit: 1,
        ..QuarantineFilter::default()
    };
    let rows = reader.quarantine(&filter).map_err(outbox::failure)?;
    let reasons = rows.first().map(|row| reasons(&row.reasons)).unwrap_or_default();
    let is_of_a_code = |reason: &&StoredReason| CODES_OF_CODES.contains(&reason.code.as_str());
    let own = reasons.iter().find(is_of_a_code).or_else(|| reasons.first());
    Ok(own.cloned().unwrap_or_default())
}

/// Errors about a code that is not known or not in force.
const CODES_OF_CODES: [&str; 3] = ["LT-3010", "LT-4107", "LT-4108"];

/// What `--code` may name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Named {
    /// An error code: `LT-3010`.
    Error(String),
    /// What rows wait for, as they say it: `codes/status:XYZ`.
    Waiting(String),
}

/// Reads what `--code` names: an error code, or a code that rows wait for, `status:XYZ`, with or
/// without the `codes/` or `standard/` before it.
pub(super) fn named(written: &str, counts: &[QuarantineCount]) -> Result<Named, Failure> {
    if is_error_code(written) {
        return Ok(Named::Error(written.to_ascii_uppercase()));
    }
    let things: BTreeSet<&str> =
        counts.iter().filter_map(|count| count.waiting_for.as_deref()).collect();
    let is_meant = |thing: &&&str| {
        **thing == written || thing.split_once('/').is_some_and(|(_, short)| short == written)
    };
    let meant: Vec<&str> = things.iter().filter(is_meant).copied().collect();
    match meant.as_slice() {
        [only] => Ok(Named::Waiting((*only).to_owned())),
        [] => Err(Failure::new(unknown(written, &things))),
        several => {
            let several = several.join("` or `");
            Err(Failure::new(format!("`{written}` may be `{several}`: write one of them whole")))
        }
    }
}

fn unknown(written: &str, things: &BTreeSet<&str>) -> String {
    let spelt = things.iter().flat_map(|thing| {
        let short = thing.split_once('/').map_or(*thing, |(_, short)| short);
        [(*thing, *thing), (*thing, short)]
    });
    let near = candidates(written, spelt, NAMED_MAX);
    let (words, shown) = if near.is_empty() {
        ("rows wait for", things.iter().copied().take(NAMED_MAX).collect())
    } else {
        ("did you mean", near)
    };
    if shown.is_empty() {
        return format!("no row waits for `{written}`, nor for any other code");
    }
    format!("no row waits for `{written}`; {words} `{}`", shown.join("`, `"))
}

/// Whether it is `LT-` and four digits.
fn is_error_code(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() == 7
        && bytes.get(..3).is_some_and(|head| head.eq_ignore_ascii_case(b"LT-"))
        && bytes.iter().skip(3).all(u8::is_ascii_digit)
}

#[cfg(test)]
mod tests;
