//! The state of every feed at every endpoint, for `status` and heartbeats.

use lienthong_protocol::RuleCount;
use rusqlite::{Connection, Row};
use serde::Serialize;

use crate::integer::unsigned;
use crate::{DriftRow, EndpointId, Error, FeedRow, Reader, reader};

/// One feed: what it read, what lies in quarantine, and how it stands at its endpoints.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FeedSummary {
    /// The feed.
    #[serde(flatten)]
    pub feed: FeedRow,
    /// Rows in quarantine now.
    pub in_quarantine: u64,
    /// How often each data-quality rule was broken, by its code; rules that never were are left out.
    pub rules: Vec<RuleCount>,
    /// Where its items differ from its shape, the newest first.
    pub drifts: Vec<DriftRow>,
    /// One row for every endpoint that gets the feed, or has batches of it waiting.
    pub routes: Vec<RouteSummary>,
}

/// How a feed stands at one endpoint.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RouteSummary {
    /// The endpoint.
    pub endpoint: EndpointId,
    /// Its name.
    pub name: String,
    /// Whether it is in the settings, so that it gets what is stored from now on.
    pub is_active: bool,
    /// Batches that wait.
    pub waiting_batches: u64,
    /// Records that wait.
    pub waiting_records: u64,
    /// Bytes that wait.
    pub waiting_bytes: u64,
    /// How long the oldest of them has waited, in milliseconds.
    pub oldest_waiting_millis: u64,
    /// The most failed attempts of a batch that waits.
    pub attempt: u32,
    /// Why the first waiting batch failed last.
    pub last_error: Option<String>,
    /// Records that the endpoint took.
    pub delivered: u64,
    /// Records that it had already.
    pub unchanged: u64,
    /// Records that a newer state stood for.
    pub superseded: u64,
    /// Records that it refused.
    pub refused: u64,
    /// When it last settled a batch.
    pub last_settled_at: Option<i64>,
}

impl Reader {
    /// Sums up every feed, in the order in which they were first seen.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn summary(&self, now: i64) -> Result<Vec<FeedSummary>, Error> {
        self.with(|connection| {
            let snapshot = connection.unchecked_transaction()?;
            let mut summaries = Vec::new();
            for feed in reader::feeds(&snapshot)? {
                let in_quarantine = in_quarantine(&snapshot, &feed)?;
                let rules = rules(&snapshot, &feed)?;
                let drifts = reader::drift::drifts(&snapshot, feed.id)?;
                let routes = routes(&snapshot, &feed, now)?;
                summaries.push(FeedSummary { feed, in_quarantine, rules, drifts, routes });
            }
            Ok(summaries)
        })
    }
}

fn in_quarantine(connection: &Connection, feed: &FeedRow) -> Result<u64, Error> {
    let mut rows = connection
        .prepare_cached("SELECT count(*) FROM quarantine WHERE feed = ?1 AND settled_at IS NULL")?;
    Ok(unsigned(rows.query_row([feed.id.0], |row| row.get(0))?))
}

fn rules(connection: &Connection, feed: &FeedRow) -> Result<Vec<RuleCount>, Error> {
    let form: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if form < 2 {
        // An older connector writes this file.
        return Ok(Vec::new());
    }
    let mut rows = connection.prepare_cached(
        "SELECT rule, warned, refused FROM rule_count WHERE feed = ?1 ORDER BY rule",
    )?;
    let rules = rows.query_map([feed.id.0], |row| {
        let (warned, refused) = (unsigned(row.get("warned")?), unsigned(row.get("refused")?));
        Ok(RuleCount { rule: row.get("rule")?, warned, refused })
    })?;
    Ok(rules.collect::<Result<_, _>>()?)
}

fn routes(connection: &Connection, feed: &FeedRow, now: i64) -> Result<Vec<RouteSummary>, Error> {
    let mut rows = connection.prepare_cached(include_str!("sql/routes.sql"))?;
    let routes = rows.query_map([feed.id.0], |row| route(row, now))?;
    Ok(routes.collect::<Result<_, _>>()?)
}

fn route(row: &Row<'_>, now: i64) -> rusqlite::Result<RouteSummary> {
    let oldest: Option<i64> = row.get("oldest")?;
    Ok(RouteSummary {
        endpoint: EndpointId(row.get("endpoint")?),
        name: row.get("name")?,
        is_active: row.get("active")?,
        waiting_batches: unsigned(row.get("batches")?),
        waiting_records: unsigned(row.get("records")?),
        waiting_bytes: unsigned(row.get("bytes")?),
        oldest_waiting_millis: oldest.map_or(0, |oldest| unsigned(now - oldest)),
        attempt: row.get("attempt")?,
        last_error: row.get("error")?,
        delivered: unsigned(row.get("delivered")?),
        unchanged: unsigned(row.get("unchanged")?),
        superseded: unsigned(row.get("superseded")?),
        refused: unsigned(row.get("refused")?),
        last_settled_at: row.get("last_settled_at")?,
    })
}
