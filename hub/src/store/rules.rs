//! How often the data-quality rules of the standard were broken by what a feed sent.

use std::collections::BTreeMap;

use jiff::Timestamp;
use lienthong_protocol::Outcome;
use lienthong_standard::{HistoryRule, RecordType, Severity};
use rusqlite::{Connection, OptionalExtension as _, Transaction, params};

use super::apply::{BatchWork, Broken};
use super::history::KEY_SEPARATOR;
use super::{FeedName, StoreError};

/// Keys of records that are kept as examples of one rule, the newest first.
const EXAMPLES_MAX: usize = 5;

/// How often one rule was broken by the records of one feed.
#[derive(Clone, Debug)]
pub(crate) struct RuleTotals {
    /// The feed.
    pub(crate) feed: FeedName,
    /// The rule's code.
    pub(crate) rule: String,
    /// Records that were accepted all the same.
    pub(crate) warned: u64,
    /// Records that were refused for it.
    pub(crate) refused: u64,
    /// When it was broken last.
    pub(crate) last_at: Option<Timestamp>,
    /// Keys of records that broke it, the newest first, without personal parts.
    pub(crate) examples: Vec<String>,
}

/// What one batch adds.
pub(super) struct Hits<'b> {
    record_type: &'b RecordType,
    counts: BTreeMap<&'b str, Hit>,
}

#[derive(Default)]
struct Hit {
    warned: u64,
    refused: u64,
    examples: Vec<String>,
}

impl Hit {
    fn count(&mut self, severity: Severity) {
        match severity {
            Severity::Warn => self.warned += 1,
            Severity::Refuse => self.refused += 1,
        }
    }
}

impl<'b> Hits<'b> {
    pub(super) fn new(record_type: &'b RecordType) -> Self {
        Self { record_type, counts: BTreeMap::new() }
    }

    /// Counts a rule over the history.
    pub(super) fn over_time(&mut self, rule: &'b HistoryRule, key: &str) {
        let hit = self.counts.entry(&rule.code).or_default();
        hit.count(rule.severity);
        if hit.examples.len() < EXAMPLES_MAX {
            hit.examples.push(shown_key(self.record_type, key));
        }
    }

    /// Counts the rules that single records broke: of what was accepted now, and of what was refused.
    pub(super) fn across_fields(&mut self, batch: &BatchWork, outcomes: &[Outcome]) {
        for Broken { place, rule } in &batch.breaches {
            let Some(rule) = self.record_type.rules.get(*rule) else { continue };
            let expected = match rule.severity {
                Severity::Warn => Outcome::Accepted,
                Severity::Refuse => Outcome::Refused,
            };
            if outcomes.get(*place as usize) != Some(&expected) {
                continue;
            }
            let hit = self.counts.entry(&rule.code).or_default();
            hit.count(rule.severity);
            // One for each batch: to look for more would cost more than it tells.
            if hit.examples.is_empty()
                && let Some(entry) = batch.entries.iter().find(|entry| entry.place == *place)
            {
                hit.examples.push(shown_key(self.record_type, &entry.key));
            }
        }
    }

    /// Adds to what is stored.
    pub(super) fn store(
        self,
        transaction: &Transaction<'_>,
        feed_id: i64,
        at: i64,
    ) -> Result<(), StoreError> {
        for (rule, hit) in self.counts {
            let mut query = transaction
                .prepare_cached("SELECT examples FROM rules WHERE feed_id = ?1 AND rule = ?2")?;
            let known: Option<String> =
                query.query_row(params![feed_id, rule], |row| row.get(0)).optional()?;
            let mut examples: Vec<&str> = hit.examples.iter().map(String::as_str).collect();
            for known in known.iter().flat_map(|known| known.lines()) {
                if examples.len() < EXAMPLES_MAX && !examples.contains(&known) {
                    examples.push(known);
                }
            }
            let count = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
            transaction
                .prepare_cached(
                    "INSERT INTO rules (feed_id, rule, warned, refused, last_at, examples)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (feed_id, rule) DO UPDATE SET
                     warned = warned + excluded.warned, refused = refused + excluded.refused,
                     last_at = max(last_at, excluded.last_at), examples = excluded.examples",
                )?
                .execute(params![
                    feed_id,
                    rule,
                    count(hit.warned),
                    count(hit.refused),
                    at,
                    examples.join("\n"),
                ])?;
        }
        Ok(())
    }
}

/// The parts of a key that are not personal, as people are shown it; one line.
fn shown_key(record_type: &RecordType, key: &str) -> String {
    let fields = record_type.key.iter().map(|field| record_type.fields.get(*field));
    let parts = fields.zip(key.split(KEY_SEPARATOR)).filter_map(|(field, part)| {
        let is_shown = field.is_some_and(|field| field.personal.is_none()) && !part.is_empty();
        is_shown.then_some(part)
    });
    parts.collect::<Vec<_>>().join(" · ").replace(['\n', '\r'], " ")
}

/// The totals of every rule that was ever broken, by feed.
pub(crate) fn rule_totals(connection: &Connection) -> Result<Vec<RuleTotals>, StoreError> {
    let mut query = connection.prepare_cached(
        "SELECT agency, source, feed, rule, warned, rules.refused, last_at, examples FROM rules
         JOIN feeds ON feeds.id = rules.feed_id ORDER BY agency, source, feed, rule",
    )?;
    let rows = query.query_map([], |row| {
        let count = |index| row.get::<_, i64>(index).map(i64::unsigned_abs);
        Ok(RuleTotals {
            feed: FeedName { agency: row.get(0)?, source: row.get(1)?, feed: row.get(2)? },
            rule: row.get(3)?,
            warned: count(4)?,
            refused: count(5)?,
            last_at: Timestamp::from_microsecond(row.get(6)?).ok(),
            examples: row.get::<_, String>(7)?.lines().map(str::to_owned).collect(),
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}
