//! Putting into quarantine and taking out of it.

use std::collections::HashMap;

use lienthong_protocol::Digest;
use rusqlite::{Connection, OptionalExtension as _};

use crate::integer::{length, signed, unsigned};
use crate::quarantine::kept;
use crate::writer::{Store, Write};
use crate::{Error, FeedId, NewQuarantined, QuarantineId};

/// Rows recognised in memory, twice: an index over contents would be one over random keys. Content
/// that has not come for so many rows gets a row of its own again.
const RECENT_MAX: usize = 1 << 15;

/// A person's decision that rows are not wanted.
pub(crate) struct Discard {
    pub(crate) ids: Vec<QuarantineId>,
    pub(crate) why: String,
    pub(crate) at: i64,
}

/// The rows that came last, by a fingerprint of feed, kind and content.
///
/// A hint: whoever finds a row here has to check that it is the one, and that it still waits.
#[derive(Debug, Default)]
pub(crate) struct Recent {
    young: HashMap<u64, i64>,
    old: HashMap<u64, i64>,
}

impl Recent {
    /// Reads the rows that came last.
    pub(crate) fn load(connection: &Connection) -> Result<Self, Error> {
        let mut rows = connection.prepare(
            "SELECT id, feed, kind, endpoint, content FROM quarantine
             WHERE settled_at IS NULL ORDER BY id DESC LIMIT ?1",
        )?;
        let mut recent = Self::default();
        let mut found = rows.query([length(RECENT_MAX)])?;
        while let Some(row) = found.next()? {
            let kind: String = row.get(2)?;
            let content: Vec<u8> = row.get(4)?;
            let print = fingerprint(row.get(1)?, &kind, row.get(3)?, &content);
            recent.old.entry(print).or_insert(row.get(0)?);
        }
        Ok(recent)
    }

    fn find(&self, print: u64) -> Option<i64> {
        self.young.get(&print).or_else(|| self.old.get(&print)).copied()
    }

    fn add(&mut self, print: u64, id: i64) {
        if self.young.len() >= RECENT_MAX {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(print, id);
    }
}

impl Write for Discard {
    type Output = usize;

    fn apply(&self, store: &mut Store) -> Result<usize, Error> {
        let mut discarded = 0;
        let outcome = format!("discarded: {}", self.why);
        for id in &self.ids {
            let Some(feed) = store.settle_quarantined(*id, &outcome, None, self.at)? else {
                continue;
            };
            let count = "UPDATE feed SET discarded = discarded + 1 WHERE id = ?1";
            store.connection.prepare_cached(count)?.execute([feed.0])?;
            discarded += 1;
        }
        Ok(discarded)
    }
}

impl Store {
    /// Puts an item into quarantine, or brings the row up to date that waits with the same content.
    pub(crate) fn quarantine(
        &mut self,
        feed: FeedId,
        new: &NewQuarantined,
        at: i64,
    ) -> Result<(), Error> {
        let provenance = self.provenance(&new.provenance)?;
        let content = content(new);
        let (kind, endpoint) = new.kind.columns();
        let print = fingerprint(feed.0, kind, endpoint, content.as_bytes());
        if let Some(id) = self.recent.find(print)
            && self.renew(QuarantineId(id), feed, new, content, provenance, at)?
        {
            self.recent.add(print, id);
            return Ok(());
        }
        let mut row = self.connection.prepare_cached(
            "INSERT INTO quarantine (feed, kind, endpoint, version, key, code, reasons, place,
               content, raw_bytes, source_digest, provenance, items, waiting_for, first_at, last_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?15)",
        )?;
        let id = row.insert((
            feed.0,
            kind,
            endpoint,
            new.version.map(signed),
            &new.key,
            &new.code,
            &new.reasons,
            &new.place,
            content.as_bytes(),
            length(new.raw.len()),
            &new.source_digest,
            provenance,
            signed(new.items),
            &new.waiting_for,
            at,
        ))?;
        drop(row);
        let packed = self
            .compressor
            .compress(&kept(&new.raw))
            .map_err(|error| Error::Misuse(format!("zstd: {error}")))?;
        let keep = "INSERT INTO quarantine_raw (id, raw) VALUES (?1, ?2)";
        self.connection.prepare_cached(keep)?.execute((id, &packed))?;
        self.counters.quarantine_bytes += packed.len() as u64;
        self.recent.add(print, id);
        Ok(())
    }

    /// Brings a row up to date; false when it is another one, or waits no longer.
    fn renew(
        &self,
        id: QuarantineId,
        feed: FeedId,
        new: &NewQuarantined,
        content: Digest,
        provenance: i64,
        at: i64,
    ) -> Result<bool, Error> {
        let (kind, endpoint) = new.kind.columns();
        let mut row = self.connection.prepare_cached(
            "UPDATE quarantine SET version = max(coalesce(version, 0), coalesce(?6, 0)),
               key = ?7, code = ?8, reasons = ?9, place = ?10, source_digest = ?11,
               provenance = ?12, waiting_for = ?13, last_at = ?14, seen = seen + 1
             WHERE id = ?1 AND settled_at IS NULL
               AND feed = ?2 AND kind = ?3 AND endpoint IS ?4 AND content = ?5",
        )?;
        let changed = row.execute((
            id.0,
            feed.0,
            kind,
            endpoint,
            content.as_bytes(),
            new.version.map(signed),
            &new.key,
            &new.code,
            &new.reasons,
            &new.place,
            &new.source_digest,
            provenance,
            &new.waiting_for,
            at,
        ))?;
        Ok(changed == 1)
    }

    /// Ends the waiting of a row and deletes its bytes; gives its feed, or nothing when it does not
    /// wait. With a provenance, that is what it was released under.
    pub(crate) fn settle_quarantined(
        &mut self,
        id: QuarantineId,
        outcome: &str,
        provenance: Option<i64>,
        at: i64,
    ) -> Result<Option<FeedId>, Error> {
        let mut row = self.connection.prepare_cached(
            "UPDATE quarantine SET settled_at = ?2, outcome = ?3,
               provenance = coalesce(?4, provenance)
             WHERE id = ?1 AND settled_at IS NULL RETURNING feed",
        )?;
        let feed = row.query_row((id.0, at, outcome, provenance), |row| row.get(0)).optional()?;
        let Some(feed) = feed else { return Ok(None) };
        let mut raw = self
            .connection
            .prepare_cached("DELETE FROM quarantine_raw WHERE id = ?1 RETURNING length(raw)")?;
        let bytes: Option<i64> = raw.query_row([id.0], |row| row.get(0)).optional()?;
        let bytes = bytes.map_or(0, unsigned);
        self.counters.quarantine_bytes = self.counters.quarantine_bytes.saturating_sub(bytes);
        Ok(Some(FeedId(feed)))
    }

    /// Refuses a commit that would pass a bound; one that is alone is taken, or it would never be.
    pub(crate) fn check_room(&self, more: u64, new: &[NewQuarantined]) -> Result<(), Error> {
        let waiting = self.counters.waiting_bytes;
        let max = self.options().waiting_bytes_max;
        if more > 0 && waiting > 0 && waiting.saturating_add(more) > max {
            return Err(Error::Full { waiting, more, max });
        }
        let held = self.counters.quarantine_bytes;
        let more = new.iter().map(|new| kept(&new.raw).len() as u64).sum();
        let max = self.options().quarantine_bytes_max;
        if more > 0 && held > 0 && held.saturating_add(more) > max {
            return Err(Error::QuarantineFull { held, more, max });
        }
        Ok(())
    }
}

/// What makes two rows the same: their bytes; or, where there are none, code and place.
fn content(new: &NewQuarantined) -> Digest {
    if new.raw.is_empty() {
        return Digest::of(format!("{}\u{1f}{}", new.code, new.place).as_bytes());
    }
    Digest::of(&new.raw)
}

fn fingerprint(feed: i64, kind: &str, endpoint: Option<i64>, content: &[u8]) -> u64 {
    let mut print = [0_u8; 8];
    print.iter_mut().zip(content).for_each(|(to, from)| *to = *from);
    let owner = format!("{feed} {kind} {endpoint:?}");
    let spread = owner.bytes().fold(0_u64, |sum, byte| {
        sum.wrapping_add(u64::from(byte)).wrapping_mul(0x9E37_79B9_7F4A_7C15)
    });
    u64::from_le_bytes(print) ^ spread
}
