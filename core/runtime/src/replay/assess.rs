//! What has changed: for the record of every kept item, what an endpoint holds and what it should.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use lienthong_diagnostics::chain;
use lienthong_keep::{Kept, Made, Reader, Texts};
use lienthong_mapping::{Mapping, Outcome, Workspace};
use lienthong_outbox::{FeedId, QuarantineId, QuarantineKind, QuarantineTrace};
use lienthong_protocol::RECORD_BYTES_MAX;

use super::{ReplayError, ReplayReport};
use crate::present::Present;

/// What an assessment looks at.
pub(super) struct Basis {
    pub(super) outbox: lienthong_outbox::Reader,
    pub(super) feed: FeedId,
    pub(super) version_next: u64,
    pub(super) kept: Reader,
    pub(super) texts: Texts,
    pub(super) present: Present,
    /// How items are mapped at present.
    pub(super) made: Made,
}

/// What an assessment found.
pub(super) struct Assessed {
    pub(super) report: ReplayReport,
    /// What is to be done with kept items, by their versions.
    pub(super) actions: BTreeMap<u64, Action>,
}

/// What is to be done with a kept item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Action {
    /// Its record is sent, and stands for these rows of the quarantine.
    Send {
        /// The rows.
        releases: Vec<QuarantineId>,
    },
    /// It goes to quarantine.
    Refuse,
}

/// What one item became, in short.
#[derive(Clone, Debug)]
struct Became {
    key: Option<String>,
    /// Revision and digest of its record, if it became one.
    record: Option<(i64, [u8; 16])>,
}

/// What is known of one record.
#[derive(Debug, Default)]
struct Record {
    /// The newest item that the present mapping accepts.
    accepted: Option<Accepted>,
    /// The newest item that it refuses.
    refused: Option<Refused>,
    /// What the endpoints hold: its order (revision, version) and its record's digest.
    held: Option<((i64, u64), [u8; 16])>,
    /// The highest version of an item of which nobody can tell what it was sent as.
    unknown: Option<u64>,
    /// Rows of the quarantine that wait with items of it.
    waiting: Vec<QuarantineId>,
}

#[derive(Clone, Copy, Debug)]
struct Accepted {
    revision: i64,
    origin: u64,
    version: u64,
    digest: [u8; 16],
}

#[derive(Clone, Copy, Debug)]
struct Refused {
    origin: u64,
    version: u64,
    /// Whether it was a record before.
    was_record: bool,
}

impl Accepted {
    /// What the source said last, by its own word on it first.
    fn order(&self) -> (i64, u64, u64) {
        (self.revision, self.origin, self.version)
    }
}

/// The state of an assessment under way.
struct Assessing<'b> {
    basis: &'b Basis,
    traces: BTreeMap<u64, Vec<QuarantineTrace>>,
    mappings: HashMap<Made, Option<Arc<Mapping>>>,
    work: Workspace,
    records: HashMap<String, Record>,
    report: ReplayReport,
}

/// Looks at the kept items that may be sent again, newest first, as far back as they can be read.
pub(super) fn assess(basis: &Basis) -> Result<Assessed, ReplayError> {
    let suffix = basis.kept.suffix(basis.version_next);
    let first = suffix.first().map_or(basis.version_next, lienthong_keep::Frame::first);
    let mut traces: BTreeMap<u64, Vec<QuarantineTrace>> = BTreeMap::new();
    for trace in basis.outbox.quarantine_traces(basis.feed, first)? {
        traces.entry(trace.version).or_default().push(trace);
    }
    let mut assessing = Assessing {
        basis,
        traces,
        mappings: HashMap::new(),
        work: Workspace::new(),
        records: HashMap::new(),
        report: ReplayReport::default(),
    };
    if suffix.len() < basis.kept.frames().len() || (suffix.is_empty() && basis.version_next > 1) {
        let words = format!("no item before version {first} is kept without a gap");
        assessing.report.cut = Some(words);
    }
    for frame in suffix.iter().rev() {
        let items = match basis.kept.load(frame) {
            Ok(items) => items,
            Err(error) => {
                assessing.report.cut = Some(format!("[{}] {}", error.code(), chain(&error)));
                break;
            }
        };
        assessing.report.version_first = Some(frame.first());
        for kept in items.iter() {
            assessing.item(kept, frame.made());
        }
    }
    Ok(assessing.decide())
}

/// What an item became, with the one bound that a mapping knows nothing of.
fn became(outcome: &Outcome) -> Became {
    let mapped = outcome.result.as_ref().ok();
    let mapped = mapped.filter(|mapped| mapped.record.len() <= RECORD_BYTES_MAX);
    let record = mapped.map(|mapped| {
        let digest = blake3::hash(&mapped.record);
        let half = digest.as_bytes().first_chunk::<16>().copied().unwrap_or_default();
        (mapped.revision, half)
    });
    Became { key: outcome.key.clone(), record }
}

impl Assessing<'_> {
    fn item(&mut self, kept: Kept<'_>, made: &Made) {
        self.report.items += 1;
        let traces = self.traces.get(&kept.version).map(Vec::as_slice).unwrap_or_default();
        let rejected = traces.iter().rfind(|trace| trace.kind == QuarantineKind::Rejected);
        let outcome = rejected.map(|trace| trace.outcome.as_deref());
        if outcome.flatten().is_some_and(|outcome| outcome.starts_with("discarded")) {
            // A person gave it up: it is no state of its record any more.
            return;
        }
        let is_waiting = outcome == Some(None);
        let released = rejected.filter(|_| outcome == Some(Some("released")));
        let made = released.map_or_else(|| made.clone(), |trace| super::made(&trace.provenance));
        let waiting: Vec<QuarantineId> =
            traces.iter().filter(|trace| trace.outcome.is_none()).map(|trace| trace.id).collect();
        let after = became(&self.basis.present.mapping.outcome(kept.bytes, &mut self.work));
        let before = if is_waiting {
            Some(Became { key: after.key.clone(), record: None })
        } else {
            self.before(kept.bytes, &made, &after)
        };
        let was_refused = before.as_ref().is_some_and(|before| before.record.is_none());
        if was_refused && !is_waiting && after.record.is_some() {
            // Its row is gone, so that a person has settled it so long ago that nobody knows how.
            return;
        }
        self.note(kept, before, after, &waiting);
    }

    /// What an item became when it was sent; nothing where nobody can tell.
    fn before(&mut self, bytes: &[u8], made: &Made, after: &Became) -> Option<Became> {
        if *made == self.basis.made {
            return Some(after.clone());
        }
        let Basis { texts, present: Present { mapping, .. }, .. } = self.basis;
        let old = self.mappings.entry(made.clone()).or_insert_with(|| {
            let compiled = texts.mapping(made, mapping.standard());
            let warn = |error: &lienthong_keep::Error| {
                tracing::warn!("[{}] {}", error.code(), chain(error));
            };
            compiled.inspect_err(warn).ok().map(Arc::new)
        });
        let old = Arc::clone(old.as_ref()?);
        Some(became(&old.outcome(bytes, &mut self.work)))
    }

    fn note(
        &mut self,
        kept: Kept<'_>,
        before: Option<Became>,
        after: Became,
        waiting: &[QuarantineId],
    ) {
        let is_unknown = before.is_none();
        let before = before.unwrap_or(Became { key: None, record: None });
        if let (Some(key), Some((revision, digest))) = (&before.key, before.record) {
            let order = (revision, kept.version);
            let held = &mut self.records.entry(key.clone()).or_default().held;
            if held.is_none_or(|(highest, _)| highest < order) {
                *held = Some((order, digest));
            }
            if after.key.as_ref().is_some_and(|now| now != key) {
                self.report.other_key += 1;
            }
        }
        let Some(key) = after.key.or(before.key) else {
            self.report.still_refused += 1;
            return;
        };
        let record = self.records.entry(key).or_default();
        record.unknown = record.unknown.max(is_unknown.then_some(kept.version));
        record.waiting.extend(waiting);
        let Kept { origin, version, .. } = kept;
        if let Some((revision, digest)) = after.record {
            let new = Accepted { revision, origin, version, digest };
            if record.accepted.is_none_or(|highest| highest.order() < new.order()) {
                record.accepted = Some(new);
            }
        } else {
            let was_record = before.record.is_some() || (is_unknown && waiting.is_empty());
            let new = Refused { origin, version, was_record };
            let is_newer = |highest: Refused| (highest.origin, highest.version) < (origin, version);
            if record.refused.is_none_or(is_newer) {
                record.refused = Some(new);
            }
        }
    }

    fn decide(self) -> Assessed {
        let Self { records, mut report, .. } = self;
        let mut actions = BTreeMap::new();
        for record in records.into_values() {
            let sent = record.held.map(|((_, version), _)| version);
            let is_unknown = record.unknown > sent;
            let held = record.held.map(|(_, digest)| digest);
            let is_changed = |digest: &[u8; 16]| is_unknown || held != Some(*digest);
            let refused = record.refused;
            let is_newest =
                |one: &Accepted| refused.is_none_or(|refused| refused.origin <= one.origin);
            match (record.accepted, refused) {
                (Some(newest), _) if is_newest(&newest) => {
                    if !is_changed(&newest.digest) {
                        report.unchanged += 1;
                        continue;
                    }
                    report.unknown_before += u64::from(is_unknown);
                    if held.is_none() && !is_unknown {
                        report.newly_accepted += 1;
                    } else {
                        report.changed += 1;
                    }
                    actions.insert(newest.version, Action::Send { releases: record.waiting });
                }
                (older, Some(Refused { version, was_record, .. })) => {
                    if was_record {
                        report.newly_refused += 1;
                        actions.insert(version, Action::Refuse);
                    } else {
                        report.still_refused += 1;
                    }
                    let is_held_back = older.is_some_and(|one| is_changed(&one.digest));
                    report.held_back += u64::from(is_held_back);
                }
                // Its items have another key now.
                (_, None) => {}
            }
        }
        Assessed { report, actions }
    }
}
