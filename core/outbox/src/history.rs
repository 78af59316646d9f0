//! The delivery history: one line for every batch at every endpoint that settled it.

use lienthong_protocol::{Digest, Provenance, SourceSpan};
use rusqlite::Row;
use serde::Serialize;

use crate::integer::unsigned;
use crate::{EndpointId, Error, FeedId, Reader, reader};

/// One batch as one endpoint settled it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HistoryLine {
    /// Its number; later lines have higher ones.
    pub id: i64,
    /// The feed.
    pub feed: FeedId,
    /// The endpoint.
    pub endpoint: EndpointId,
    /// The batch's digest, under which the endpoint knows it.
    pub digest: Digest,
    /// The first version that it covers.
    pub version_first: u64,
    /// The last version that it covers.
    pub version_last: u64,
    /// How many records it held.
    pub count: u64,
    /// When it was stored.
    pub stored_at: i64,
    /// When the endpoint settled it.
    pub settled_at: i64,
    /// Records that the endpoint took.
    pub delivered: u64,
    /// Records that it had already.
    pub unchanged: u64,
    /// Records that a newer state stood for.
    pub superseded: u64,
    /// Records that it refused.
    pub refused: u64,
    /// Its words in short.
    pub receipt: Option<String>,
    /// How the records were read and mapped.
    pub provenance: Provenance,
    /// Where they were read from.
    pub spans: Vec<SourceSpan>,
    /// The digest of the source's bytes.
    pub source_digest: Option<String>,
}

/// Which lines of the history to read, newest first. The default reads the newest hundred.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryFilter {
    /// Of one feed.
    pub feed: Option<FeedId>,
    /// Of one endpoint.
    pub endpoint: Option<EndpointId>,
    /// Older than this line.
    pub before: Option<i64>,
    /// At most so many.
    pub limit: u32,
}

impl Default for HistoryFilter {
    fn default() -> Self {
        Self { feed: None, endpoint: None, before: None, limit: 100 }
    }
}

impl Reader {
    /// Reads the history, newest first.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn history(&self, filter: &HistoryFilter) -> Result<Vec<HistoryLine>, Error> {
        self.with(|connection| {
            let mut rows = connection.prepare_cached(
                "SELECT h.*, p.text AS provenance_text FROM history AS h
                 JOIN provenance AS p ON p.id = h.provenance
                 WHERE (?1 IS NULL OR h.feed = ?1) AND (?2 IS NULL OR h.endpoint = ?2)
                   AND h.id < coalesce(?3, 9223372036854775807)
                 ORDER BY h.id DESC LIMIT ?4",
            )?;
            let filter = (
                filter.feed.map(|feed| feed.0),
                filter.endpoint.map(|endpoint| endpoint.0),
                filter.before,
                filter.limit,
            );
            let lines = rows.query_map(filter, line)?;
            Ok(lines.collect::<Result<_, _>>()?)
        })
    }
}

fn line(row: &Row<'_>) -> rusqlite::Result<HistoryLine> {
    let (spans, source_digest) = reader::origin(row, "origin")?;
    Ok(HistoryLine {
        id: row.get("id")?,
        feed: FeedId(row.get("feed")?),
        endpoint: EndpointId(row.get("endpoint")?),
        digest: reader::digest(row, "digest")?,
        version_first: unsigned(row.get("version_first")?),
        version_last: unsigned(row.get("version_last")?),
        count: unsigned(row.get("count")?),
        stored_at: row.get("stored_at")?,
        settled_at: row.get("settled_at")?,
        delivered: unsigned(row.get("delivered")?),
        unchanged: unsigned(row.get("unchanged")?),
        superseded: unsigned(row.get("superseded")?),
        refused: unsigned(row.get("refused")?),
        receipt: row.get("receipt")?,
        provenance: reader::provenance(row, "provenance_text")?,
        spans,
        source_digest,
    })
}
