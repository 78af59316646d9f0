//! Drift of one feed: some items of every pass are compared with the feed's shape.
//!
//! The first items of a pass and then one of many are looked at, and of the rejected ones a bounded
//! number: drift is a change of the system, which shows in most items or in those that are refused.
//! What is found is kept in the outbox; nothing depends on it, so that whatever goes wrong with it
//! is a warning and never stops a feed.

use std::collections::{BTreeMap, BTreeSet};

use lienthong_adapter_api::Page;
use lienthong_config::FeedPlan;
use lienthong_diagnostics::chain;
use lienthong_outbox::{
    DriftKey, DriftRow, FeedId, NewQuarantined, Outbox, QuarantineKind, SeenDrift,
};
use lienthong_protocol::DriftKind;
use lienthong_shape::{Finding, Shape, Watch};

/// Items that are looked at from the beginning of a pass.
const FIRST: usize = 64;
/// Of the items behind them, one of so many is looked at. A look takes 13 µs for an item of 2.5 kB, so
/// that it costs a record 0.05 µs.
const EVERY: usize = 256;
/// Rejected items that are looked at in one pass.
const REJECTED_MAX: usize = 256;
/// Differences that are counted at once; there are never more in the outbox.
const KEYS_MAX: usize = lienthong_outbox::DRIFTS_MAX;

/// Looks for drift in one feed.
pub(crate) struct DriftWatch {
    feed: FeedId,
    name: String,
    outbox: Outbox,
    watch: Watch,
    /// Items of this pass so far.
    passed: usize,
    /// Rejected items of this pass that were looked at.
    rejected: usize,
    /// The place of the item that was looked at last.
    last_place: String,
    /// Seen since the outbox was told last.
    seen: BTreeMap<DriftKey, (u64, String)>,
    /// What the outbox remembers.
    kept: BTreeSet<DriftKey>,
}

impl DriftWatch {
    /// Begins to look where the feed has a shape. What the shape knows by now is forgotten, and all
    /// of it where there is no shape any more.
    pub(crate) async fn begin(plan: &FeedPlan, feed: FeedId, outbox: &Outbox) -> Option<Self> {
        let rows = match outbox.reader().drifts(feed) {
            Ok(rows) => rows,
            Err(error) => {
                tracing::warn!(feed = plan.name, "{}", chain(&error));
                return None;
            }
        };
        let shape = plan.shape.as_deref();
        let is_gone = |row: &DriftRow| shape.is_none_or(|shape| knows(shape, &row.key));
        let (gone, kept): (Vec<DriftRow>, Vec<DriftRow>) = rows.into_iter().partition(is_gone);
        if !gone.is_empty() {
            let keys = gone.into_iter().map(|row| row.key).collect();
            if let Err(error) = outbox.forget_drifts(feed, keys).await {
                tracing::warn!(feed = plan.name, "{}", chain(&error));
            }
        }
        Some(Self {
            feed,
            name: plan.name.clone(),
            outbox: outbox.clone(),
            watch: Watch::new(shape?, &plan.mapping.probes()),
            passed: 0,
            rejected: 0,
            last_place: String::new(),
            seen: BTreeMap::new(),
            kept: kept.into_iter().map(|row| row.key).collect(),
        })
    }

    /// Looks at some items of a page, whose first one has the given version.
    pub(crate) fn look(&mut self, page: &Page, quarantined: &[NewQuarantined], version_first: u64) {
        let first = self.passed;
        let is_chosen = |nth: usize| first + nth < FIRST || (first + nth).is_multiple_of(EVERY);
        for (_, item) in page.items().enumerate().filter(|(nth, _)| is_chosen(*nth)) {
            self.look_at(item.bytes, || item.place.to_string());
        }
        self.passed += page.len();
        let rejected = quarantined.iter().filter(|row| {
            let nth = row.version.and_then(|version| version.checked_sub(version_first));
            let nth = nth.and_then(|nth| usize::try_from(nth).ok());
            row.kind == QuarantineKind::Rejected && !nth.is_some_and(is_chosen)
        });
        for row in rejected.take(REJECTED_MAX.saturating_sub(self.rejected)) {
            self.rejected += 1;
            self.look_at(&row.raw, || row.place.clone());
        }
    }

    /// Tells the outbox of what nobody has seen before, without waiting for the end of the pass.
    pub(crate) async fn tell_news(&mut self, at: i64) {
        if self.seen.keys().any(|key| !self.kept.contains(key)) {
            self.tell(at).await;
        }
    }

    fn look_at(&mut self, item: &[u8], place: impl Fn() -> String) {
        let findings = self.watch.look(item);
        if findings.is_empty() && !self.last_place.is_empty() {
            return;
        }
        self.last_place = place();
        for finding in findings {
            self.note(key(finding), self.last_place.clone());
        }
    }

    fn note(&mut self, key: DriftKey, place: String) {
        if let Some((items, _)) = self.seen.get_mut(&key) {
            *items += 1;
        } else if self.kept.contains(&key) || self.kept.len() + self.seen.len() < KEYS_MAX {
            self.seen.insert(key, (1, place));
        }
    }

    /// Ends a pass: fields that have gone silent are told, and those that are heard again forgotten.
    pub(crate) async fn end_pass(&mut self, at: i64) {
        let silent = |key: &&DriftKey| key.kind == DriftKind::Silent;
        let heard = self.kept.iter().filter(silent);
        let heard: Vec<DriftKey> =
            heard.filter(|key| self.watch.has_met(&key.path)).cloned().collect();
        if !heard.is_empty() {
            self.kept.retain(|key| !heard.contains(key));
            if let Err(error) = self.outbox.forget_drifts(self.feed, heard).await {
                tracing::warn!(feed = self.name, "{}", chain(&error));
            }
        }
        for finding in self.watch.silent() {
            self.note(key(finding), self.last_place.clone());
        }
        self.tell(at).await;
        (self.passed, self.rejected) = (0, 0);
        self.last_place.clear();
    }

    /// Tells the outbox what was seen.
    async fn tell(&mut self, at: i64) {
        let seen = std::mem::take(&mut self.seen);
        if seen.is_empty() {
            return;
        }
        for key in seen.keys().filter(|key| !self.kept.contains(*key)) {
            let DriftKey { kind, path, what } = key;
            tracing::warn!(feed = self.name, "drift: {} at {path} {what}", kind.name());
        }
        self.kept.extend(seen.keys().cloned());
        let drifts = seen.into_iter().map(|(key, (items, place))| SeenDrift { key, place, items });
        if let Err(error) = self.outbox.note_drifts(self.feed, drifts.collect(), at).await {
            tracing::warn!(feed = self.name, "{}", chain(&error));
        }
    }
}

fn key(finding: Finding) -> DriftKey {
    let Finding { kind, path, what } = finding;
    DriftKey { kind: of_shape(kind), path, what }
}

fn knows(shape: &Shape, key: &DriftKey) -> bool {
    let DriftKey { kind, path, what } = key.clone();
    shape.knows(&Finding { kind: to_shape(kind), path, what })
}

const fn of_shape(kind: lienthong_shape::DriftKind) -> DriftKind {
    match kind {
        lienthong_shape::DriftKind::NewField => DriftKind::NewField,
        lienthong_shape::DriftKind::NewType => DriftKind::NewType,
        lienthong_shape::DriftKind::NewCode => DriftKind::NewCode,
        lienthong_shape::DriftKind::NewForm => DriftKind::NewForm,
        lienthong_shape::DriftKind::Silent => DriftKind::Silent,
    }
}

const fn to_shape(kind: DriftKind) -> lienthong_shape::DriftKind {
    match kind {
        DriftKind::NewField => lienthong_shape::DriftKind::NewField,
        DriftKind::NewType => lienthong_shape::DriftKind::NewType,
        DriftKind::NewCode => lienthong_shape::DriftKind::NewCode,
        DriftKind::NewForm => lienthong_shape::DriftKind::NewForm,
        DriftKind::Silent => lienthong_shape::DriftKind::Silent,
    }
}
