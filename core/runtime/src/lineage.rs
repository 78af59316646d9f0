//! Where a record came from and where it went: source item, mapping, batch, receipt.
//!
//! The item is looked for in the keep, newest first, and mapped again with the mapping of its time,
//! so that what is shown is what was sent. Batches and receipts come from the delivery history.

use std::collections::HashMap;
use std::sync::Arc;

use lienthong_config::{ConnectorPlan, FeedPlan};
use lienthong_keep::{Error as KeepError, Made, Reader as Keep, Texts};
use lienthong_mapping::{Mapping, Trace, Workspace};
use lienthong_outbox::{FeedRow, HistoryFilter, Reader};
use serde::Serialize;

use crate::keeping::Keeping;

/// How many lines of the history are looked through; a batch is in it once for each endpoint.
const HISTORY_MAX: u32 = 20_000;
/// How many lines of the history are read at a time.
const HISTORY_PAGE: u32 = 500;

/// Why a record can't be explained.
#[derive(Debug, thiserror::Error)]
pub enum LineageError {
    /// What is kept can't be read.
    #[error("what is kept of the feed can't be read")]
    Keep(#[from] KeepError),
    /// The outbox can't be read.
    #[error("the outbox can't be read")]
    Outbox(#[from] lienthong_outbox::Error),
}

/// Where a record came from and where it went.
#[derive(Clone, Debug)]
pub struct Lineage {
    /// `source/feed`.
    pub feed: String,
    /// The version that the record went up under.
    pub version: u64,
    /// Where the item was read.
    pub place: String,
    /// Name and digest of the mapping that was used.
    pub mapping: (String, String),
    /// Name and digest of the standard that was used.
    pub standard: (String, String),
    /// Whether the mapping of that time is at hand; if not, the present one is shown.
    pub is_of_its_time: bool,
    /// Every value on its way.
    pub trace: Trace,
    /// What the endpoints have said of its batches, newest first.
    pub deliveries: Vec<Delivered>,
    /// Rows of the quarantine that the item is or was in, and how they ended.
    pub quarantined: Vec<(i64, Option<String>)>,
}

/// A batch that held the record, as one endpoint settled it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Delivered {
    /// The endpoint's name.
    pub endpoint: String,
    /// The batch's digest, under which the endpoint knows it.
    pub batch: String,
    /// When it was stored, in milliseconds.
    pub stored_at: i64,
    /// When the endpoint settled it, in milliseconds.
    pub settled_at: i64,
    /// Records of the batch, and how many of them it refused.
    pub records: (u64, u64),
    /// Its words in short.
    pub receipt: Option<String>,
    /// Digest of the source's bytes that the batch was made of.
    pub source_digest: Option<String>,
}

/// Explains the newest kept item of a feed whose record has this key; nothing where there is none.
/// The parts of a key of several fields are joined by a bar.
///
/// # Errors
/// When the keep or the outbox can't be read.
pub fn explain(
    plan: &ConnectorPlan,
    outbox: &Reader,
    (source, feed): (&str, &FeedPlan),
    key: &str,
) -> Result<Option<Lineage>, LineageError> {
    let Some(options) = plan.keep.clone() else { return Ok(None) };
    let rows = outbox.feeds()?;
    let Some(row) = rows.into_iter().find(|row| row.source == source && row.feed == feed.name)
    else {
        return Ok(None);
    };
    let keeping = Keeping::at(&plan.data_folder, options);
    let names = (source, feed.name.as_str());
    let keep = keeping.reader_of(names)?;
    let mut mappings = Mappings { plan, feed, texts: keeping.texts(), by_made: HashMap::new() };
    let wanted = key.replace('|', "\u{1f}");
    let Some(found) = look(&keep, &mut mappings, &wanted)? else { return Ok(None) };
    let (deliveries, quarantined) = went(outbox, &row, found.version)?;
    let Found { version, place, made, bytes } = found;
    let (mapping, is_of_its_time) = mappings.of(&made);
    Ok(Some(Lineage {
        feed: format!("{source}/{}", feed.name),
        version,
        place,
        mapping: (mapping.name().to_owned(), mapping.digest().to_owned()),
        standard: (mapping.standard().name().to_owned(), mapping.standard().digest().to_owned()),
        is_of_its_time,
        trace: mapping.trace(&bytes),
        deliveries,
        quarantined,
    }))
}

struct Found {
    version: u64,
    place: String,
    made: Made,
    bytes: Vec<u8>,
}

fn look(
    keep: &Keep,
    mappings: &mut Mappings<'_>,
    wanted: &str,
) -> Result<Option<Found>, LineageError> {
    let mut work = Workspace::default();
    let found = keep.find(|kept, made| {
        let (mapping, _) = mappings.of(made);
        let key = mapping.outcome(kept.bytes, &mut work).key?;
        (key == wanted).then(|| Found {
            version: kept.version,
            place: kept.place.to_string(),
            made: made.clone(),
            bytes: kept.bytes.to_vec(),
        })
    })?;
    Ok(found)
}

/// The mappings that kept items were made with.
struct Mappings<'p> {
    plan: &'p ConnectorPlan,
    feed: &'p FeedPlan,
    texts: Texts,
    by_made: HashMap<Made, (Arc<Mapping>, bool)>,
}

impl Mappings<'_> {
    /// The mapping of that time and true, or the present one and false.
    fn of(&mut self, made: &Made) -> (Arc<Mapping>, bool) {
        if let Some((mapping, is)) = self.by_made.get(made) {
            return (Arc::clone(mapping), *is);
        }
        let present = &self.feed.mapping;
        let is_present = present.digest() == made.mapping_digest
            && present.standard().digest() == made.standard_digest;
        let found = if is_present {
            (Arc::clone(present), true)
        } else {
            match self.texts.mapping(made, &self.plan.standard) {
                Ok(mapping) => (Arc::new(mapping), true),
                Err(_) => (Arc::clone(present), false),
            }
        };
        self.by_made.insert(made.clone(), (Arc::clone(&found.0), found.1));
        found
    }
}

type Went = (Vec<Delivered>, Vec<(i64, Option<String>)>);

/// What became of a version: batches that endpoints settled, and rows of the quarantine.
fn went(outbox: &Reader, row: &FeedRow, version: u64) -> Result<Went, LineageError> {
    let endpoints: HashMap<_, String> = outbox.endpoints()?.into_iter().collect();
    let mut deliveries = Vec::new();
    let mut filter =
        HistoryFilter { feed: Some(row.id), limit: HISTORY_PAGE, ..HistoryFilter::default() };
    let mut looked = 0;
    while looked < HISTORY_MAX {
        let lines = outbox.history(&filter)?;
        let Some(last) = lines.last() else { break };
        filter.before = Some(last.id);
        looked += HISTORY_PAGE;
        for line in lines {
            if !(line.version_first..=line.version_last).contains(&version) {
                continue;
            }
            let endpoint = endpoints.get(&line.endpoint).cloned().unwrap_or_default();
            deliveries.push(Delivered {
                endpoint,
                batch: line.digest.to_string(),
                stored_at: line.stored_at,
                settled_at: line.settled_at,
                records: (line.count, line.refused),
                receipt: line.receipt,
                source_digest: line.source_digest,
            });
        }
    }
    let traces = outbox.quarantine_traces(row.id, version)?;
    let traces = traces.into_iter().filter(|trace| trace.version == version);
    Ok((deliveries, traces.map(|trace| (trace.id.0, trace.outcome)).collect()))
}
