//! Reading the quarantine: lists, one row with its bytes, counts.

use bytes::Bytes;
use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension as _, Row};

use crate::integer::{signed, unsigned};
use crate::{
    EndpointId, Error, FeedId, QUARANTINED_BYTES_MAX, QuarantineCount, QuarantineFilter,
    QuarantineId, QuarantineKind, QuarantineTrace, Quarantined, Reader, reader,
};

impl Reader {
    /// Lists what waits in quarantine, oldest first, without the bytes.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn quarantine(&self, filter: &QuarantineFilter) -> Result<Vec<Quarantined>, Error> {
        self.with(|connection| {
            let mut rows = connection.prepare_cached(
                "SELECT q.*, p.text AS provenance_text FROM quarantine AS q
                 JOIN provenance AS p ON p.id = q.provenance
                 WHERE q.settled_at IS NULL
                   AND (?1 IS NULL OR q.feed = ?1) AND (?2 IS NULL OR q.code = ?2)
                   AND (?3 IS NULL OR q.waiting_for = ?3) AND (?4 IS NULL OR q.endpoint = ?4)
                   AND q.id > ?5
                 ORDER BY q.id LIMIT ?6",
            )?;
            let filter = (
                filter.feed.map(|feed| feed.0),
                filter.code.as_deref(),
                filter.waiting_for.as_deref(),
                filter.endpoint.map(|endpoint| endpoint.0),
                filter.after.map_or(0, |after| after.0),
                filter.limit,
            );
            let found = rows.query_map(filter, quarantined)?;
            Ok(found.collect::<Result<_, _>>()?)
        })
    }

    /// Reads one row that waits in quarantine, with its bytes.
    ///
    /// # Errors
    /// [`Error::Unknown`] when it does not wait, or was never there.
    pub fn quarantined(&self, id: QuarantineId) -> Result<Quarantined, Error> {
        self.with(|connection| {
            let snapshot = connection.unchecked_transaction()?;
            let mut rows = snapshot.prepare_cached(
                "SELECT q.*, p.text AS provenance_text FROM quarantine AS q
                 JOIN provenance AS p ON p.id = q.provenance
                 WHERE q.settled_at IS NULL AND q.id = ?1",
            )?;
            let found = rows.query_row([id.0], quarantined).optional()?;
            let mut found = found.ok_or(Error::Unknown { what: "quarantined record", id: id.0 })?;
            found.raw = Some(raw(&snapshot, id)?);
            Ok(found)
        })
    }

    /// Lists the rows of a feed from a version on that wait, or are remembered, by their versions.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn quarantine_traces(
        &self,
        feed: FeedId,
        version_first: u64,
    ) -> Result<Vec<QuarantineTrace>, Error> {
        self.with(|connection| {
            let mut rows = connection.prepare_cached(
                "SELECT q.id, q.kind, q.endpoint, q.version, q.outcome, p.text AS provenance_text
                 FROM quarantine AS q JOIN provenance AS p ON p.id = q.provenance
                 WHERE q.feed = ?1 AND q.version >= ?2 ORDER BY q.version, q.id",
            )?;
            let found = rows.query_map((feed.0, signed(version_first)), |row| {
                Ok(QuarantineTrace {
                    id: QuarantineId(row.get("id")?),
                    kind: kind(row)?,
                    version: unsigned(row.get("version")?),
                    outcome: row.get("outcome")?,
                    provenance: reader::provenance(row, "provenance_text")?,
                })
            })?;
            Ok(found.collect::<Result<_, _>>()?)
        })
    }

    /// Counts what waits in quarantine, by feed, code and what it waits for.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn quarantine_counts(&self) -> Result<Vec<QuarantineCount>, Error> {
        self.with(|connection| {
            let mut rows = connection.prepare_cached(
                "SELECT feed, code, waiting_for, endpoint, count(*) AS rows FROM quarantine
                 WHERE settled_at IS NULL GROUP BY feed, code, waiting_for, endpoint
                 ORDER BY feed, code, waiting_for, endpoint",
            )?;
            let counts = rows.query_map([], |row| {
                Ok(QuarantineCount {
                    feed: FeedId(row.get("feed")?),
                    code: row.get("code")?,
                    waiting_for: row.get("waiting_for")?,
                    endpoint: row.get::<_, Option<i64>>("endpoint")?.map(EndpointId),
                    rows: unsigned(row.get("rows")?),
                })
            })?;
            Ok(counts.collect::<Result<_, _>>()?)
        })
    }
}

fn raw(connection: &Connection, id: QuarantineId) -> Result<Bytes, Error> {
    let mut rows = connection.prepare_cached("SELECT raw FROM quarantine_raw WHERE id = ?1")?;
    let packed: Vec<u8> = rows.query_row([id.0], |row| row.get(0))?;
    let unpacked = zstd::bulk::decompress(&packed, QUARANTINED_BYTES_MAX);
    let unpacked = unpacked.map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(0, Type::Blob, Box::new(error))
    })?;
    Ok(Bytes::from(unpacked))
}

fn quarantined(row: &Row<'_>) -> rusqlite::Result<Quarantined> {
    Ok(Quarantined {
        id: QuarantineId(row.get("id")?),
        feed: FeedId(row.get("feed")?),
        kind: kind(row)?,
        version: row.get::<_, Option<i64>>("version")?.map(unsigned),
        key: row.get("key")?,
        code: row.get("code")?,
        reasons: row.get("reasons")?,
        place: row.get("place")?,
        raw_bytes: unsigned(row.get("raw_bytes")?),
        raw: None,
        source_digest: row.get("source_digest")?,
        provenance: reader::provenance(row, "provenance_text")?,
        items: unsigned(row.get("items")?),
        waiting_for: row.get("waiting_for")?,
        first_at: row.get("first_at")?,
        last_at: row.get("last_at")?,
        seen: unsigned(row.get("seen")?),
    })
}

fn kind(row: &Row<'_>) -> rusqlite::Result<QuarantineKind> {
    let endpoint: Option<i64> = row.get("endpoint")?;
    let kind: String = row.get("kind")?;
    match (kind.as_str(), endpoint) {
        ("unreadable", _) => Ok(QuarantineKind::Unreadable),
        ("rejected", _) => Ok(QuarantineKind::Rejected),
        ("refused", Some(endpoint)) => {
            Ok(QuarantineKind::Refused { endpoint: EndpointId(endpoint) })
        }
        _ => {
            let unknown = format!("no kind of quarantine: {kind}").into();
            Err(rusqlite::Error::FromSqlConversionFailure(0, Type::Text, unknown))
        }
    }
}
