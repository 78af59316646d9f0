//! The outbox against a model in memory, over random sequences of everything it can be asked.

use std::collections::BTreeMap;

use lienthong_outbox::{
    BatchId, Commit, EndpointId, Enqueue, FeedId, NewQuarantined, Outbox, QuarantineFilter,
    QuarantineKind, Settlement, Written,
};
use lienthong_protocol::{SealedBatch, open};
use proptest::prelude::*;
use tempfile::TempDir;

use crate::sample::{NOW, commit, options, rejected, sealed, versions};

/// Both endpoints get feed 0; the hub alone gets feed 1.
const ROUTES: [&[usize]; 2] = [&[0, 1], &[0]];

#[derive(Clone, Debug)]
enum Step {
    /// Batches of items; what is false is in quarantine, with one of four contents.
    Commit {
        feed: usize,
        batches: Vec<Vec<Option<u8>>>,
    },
    /// A place among what waits, how many of its records are refused, whether it is said twice.
    Settle {
        route: usize,
        nth: prop::sample::Index,
        refused: u32,
        is_repeated: bool,
    },
    Postpone {
        route: usize,
        nth: prop::sample::Index,
        attempt: u32,
    },
    Replace {
        route: usize,
        nth: prop::sample::Index,
    },
    Release {
        feed: usize,
        rows: usize,
        is_for_hub: bool,
    },
    Discard {
        feed: usize,
        nth: prop::sample::Index,
    },
    /// A commit that must fail, whatever the state.
    Wrong {
        feed: usize,
    },
    Reopen,
    /// Reopened without having been closed.
    Abandon,
}

#[derive(Clone, Debug, PartialEq)]
struct Waiting {
    versions: Vec<u64>,
    attempt: u32,
}

#[derive(Clone, Debug, PartialEq)]
struct Row {
    kind: QuarantineKind,
    content: String,
    version: u64,
    seen: u64,
}

#[derive(Debug, Default)]
struct Feed {
    version_next: u64,
    has_cursor: bool,
    pulled: u64,
    accepted: u64,
    released: u64,
    discarded: u64,
    quarantine: Vec<Row>,
    /// By endpoint.
    waiting: BTreeMap<usize, Vec<Waiting>>,
    delivered: BTreeMap<usize, u64>,
}

/// The outbox and the model of it, changed side by side.
struct Pair {
    folder: TempDir,
    outbox: Option<Outbox>,
    feeds: [FeedId; 2],
    endpoints: [EndpointId; 2],
    model: [Feed; 2],
    settling: Vec<Written<()>>,
}

impl Pair {
    fn new() -> Self {
        let feed = || Feed { version_next: 1, ..Feed::default() };
        let mut pair = Self {
            folder: TempDir::new().unwrap(),
            outbox: None,
            feeds: [FeedId(0); 2],
            endpoints: [EndpointId(0); 2],
            model: [feed(), feed()],
            settling: Vec::new(),
        };
        pair.open();
        pair
    }

    fn open(&mut self) {
        // The old one first: it has the lock.
        self.outbox = None;
        self.settling.drain(..).for_each(|settled| settled.wait().unwrap());
        let outbox = Outbox::open(self.folder.path(), options()).unwrap();
        self.feeds = ["all", "late"].map(|feed| outbox.feed("notes", feed).wait().unwrap().id);
        for (endpoint, name) in ["hub", "portal"].into_iter().enumerate() {
            let feeds: Vec<_> = ROUTES[endpoint].iter().map(|feed| self.feeds[*feed]).collect();
            self.endpoints[endpoint] = outbox.register_endpoint(name, &feeds).wait().unwrap();
        }
        self.outbox = Some(outbox);
    }

    fn outbox(&self) -> &Outbox {
        self.outbox.as_ref().unwrap()
    }

    fn take(&mut self, step: Step) {
        match step {
            Step::Commit { feed, batches } => self.commit(feed, &batches),
            Step::Settle { route, nth, refused, is_repeated } => {
                self.settle(route, nth, refused, is_repeated);
            }
            Step::Postpone { route, nth, attempt } => self.postpone(route, nth, attempt),
            Step::Replace { route, nth } => self.replace(route, nth),
            Step::Release { feed, rows, is_for_hub } => self.release(feed, rows, is_for_hub),
            Step::Discard { feed, nth } => self.discard(feed, nth),
            Step::Wrong { feed } => self.try_wrong(feed),
            Step::Reopen => {
                self.outbox().close().wait().unwrap();
                self.open();
            }
            Step::Abandon => self.open(),
        }
    }

    fn commit(&mut self, feed: usize, batches: &[Vec<Option<u8>>]) {
        let model = &mut self.model[feed];
        let mut next = Commit {
            feed: self.feeds[feed],
            cursor: None,
            version_next: model.version_next,
            batches: Vec::new(),
            quarantined: Vec::new(),
            pulled: 0,
            accepted: 0,
            rules: Vec::new(),
            at: NOW,
        };
        for items in batches {
            let first = next.version_next;
            let is_record: Vec<bool> = items.iter().map(Option::is_none).collect();
            for (item, version) in items.iter().zip(first..) {
                let Some(content) = item else { continue };
                let new = NewQuarantined {
                    version: Some(version),
                    ..rejected(&format!("content {content}"))
                };
                model.quarantine(&new);
                next.quarantined.push(new);
            }
            next.version_next += items.len() as u64;
            next.pulled += items.len() as u64;
            let records: Vec<u64> =
                (first..).zip(&is_record).filter(|i| *i.1).map(|i| i.0).collect();
            if records.is_empty() {
                continue;
            }
            next.accepted += records.len() as u64;
            next.batches.push(sealed(first, &is_record));
            for (endpoint, feeds) in ROUTES.iter().enumerate() {
                if feeds.contains(&feed) {
                    let waiting = Waiting { versions: records.clone(), attempt: 0 };
                    model.waiting.entry(endpoint).or_default().push(waiting);
                }
            }
        }
        next.cursor = Some(next.version_next.to_string());
        model.version_next = next.version_next;
        model.has_cursor = true;
        model.pulled += next.pulled;
        model.accepted += next.accepted;
        commit(self.outbox(), next).unwrap();
    }

    /// A route and the batch at a place among what waits there.
    fn pick(&self, route: usize, nth: prop::sample::Index) -> Option<Picked> {
        let (endpoint, feed) = [(0, 0), (0, 1), (1, 0)][route];
        let waiting = self.model[feed].waiting.get(&endpoint).map_or(0, Vec::len);
        if waiting == 0 {
            return None;
        }
        let place = nth.index(waiting);
        let rows = self.outbox().waiting(self.endpoints[endpoint], self.feeds[feed], 1000).unwrap();
        Some(Picked { endpoint, feed, place, batch: rows[place].batch })
    }

    fn settle(&mut self, route: usize, nth: prop::sample::Index, refused: u32, is_repeated: bool) {
        let Some(Picked { endpoint, feed, place, batch }) = self.pick(route, nth) else { return };
        let model = &mut self.model[feed];
        let settled = model.waiting.get_mut(&endpoint).unwrap().remove(place);
        let refused = settled.versions.len().min(refused as usize);
        let kind = QuarantineKind::Refused { endpoint: self.endpoints[endpoint] };
        let refused: Vec<NewQuarantined> = settled.versions[..refused]
            .iter()
            .map(|v| NewQuarantined { kind, version: Some(*v), ..rejected(&format!("record {v}")) })
            .collect();
        for new in &refused {
            model.quarantine(new);
        }
        let delivered = (settled.versions.len() - refused.len()) as u64;
        *model.delivered.entry(endpoint).or_default() += delivered;
        let settlement = Settlement {
            endpoint: self.endpoints[endpoint],
            batch,
            delivered,
            unchanged: 0,
            superseded: 0,
            refused,
            receipt: None,
            at: NOW,
        };
        for _ in 0..=u32::from(is_repeated) {
            let written = self.outbox().settle(settlement.clone());
            self.settling.push(written);
        }
    }

    fn postpone(&mut self, route: usize, nth: prop::sample::Index, attempt: u32) {
        let Some(Picked { endpoint, feed, place, batch }) = self.pick(route, nth) else { return };
        self.model[feed].waiting.get_mut(&endpoint).unwrap()[place].attempt = attempt;
        let endpoint = self.endpoints[endpoint];
        self.outbox().postpone(endpoint, batch, attempt, NOW, "503").wait().unwrap();
    }

    fn replace(&mut self, route: usize, nth: prop::sample::Index) {
        let Some(Picked { endpoint, feed, place, batch }) = self.pick(route, nth) else { return };
        let opened = open(&self.outbox().load(batch).unwrap().body).unwrap();
        let Some((lower, upper)) = SealedBatch::halves(&opened).unwrap() else { return };
        let parts = [&lower, &upper].map(|part| Waiting { versions: versions(part), attempt: 0 });
        self.model[feed].waiting.get_mut(&endpoint).unwrap().splice(place..=place, parts);
        let endpoint = self.endpoints[endpoint];
        self.outbox().replace(endpoint, batch, vec![lower, upper]).wait().unwrap();
    }

    fn release(&mut self, feed: usize, rows: usize, is_for_hub: bool) {
        self.settle_all();
        let listed = self.listed(feed);
        let rows = rows.min(listed.len());
        let model = &mut self.model[feed];
        let mut batches = Vec::new();
        for row in model.quarantine.drain(..rows) {
            batches.push(sealed(row.version, &[true]));
            for (endpoint, feeds) in ROUTES.iter().enumerate() {
                if feeds.contains(&feed) && (endpoint == 0 || !is_for_hub) {
                    let waiting = Waiting { versions: vec![row.version], attempt: 0 };
                    model.waiting.entry(endpoint).or_default().push(waiting);
                }
            }
        }
        model.released += rows as u64;
        let release = Enqueue {
            feed: self.feeds[feed],
            endpoint: is_for_hub.then_some(self.endpoints[0]),
            batches,
            releases: listed[..rows].iter().map(|row| row.id).collect(),
            quarantined: Vec::new(),
            rules: Vec::new(),
            at: NOW,
        };
        self.outbox().enqueue(release).wait().unwrap();
    }

    fn discard(&mut self, feed: usize, nth: prop::sample::Index) {
        self.settle_all();
        let listed = self.listed(feed);
        if listed.is_empty() {
            return;
        }
        let place = nth.index(listed.len());
        self.model[feed].quarantine.remove(place);
        self.model[feed].discarded += 1;
        let discarded = self.outbox().discard(&[listed[place].id], "x", NOW).wait().unwrap();
        assert_eq!(discarded, 1);
    }

    fn try_wrong(&self, feed: usize) {
        let version_next = self.model[feed].version_next - 1;
        let wrong = Commit {
            feed: self.feeds[feed],
            cursor: Some("wrong".into()),
            version_next,
            batches: vec![sealed(version_next.max(1), &[true])],
            quarantined: Vec::new(),
            pulled: 1,
            accepted: 1,
            rules: Vec::new(),
            at: NOW,
        };
        assert_eq!(commit(self.outbox(), wrong).unwrap_err().code(), "LT-5013");
    }

    fn settle_all(&mut self) {
        self.outbox().flush().wait().unwrap();
        self.settling.drain(..).for_each(|settled| settled.wait().unwrap());
    }

    fn listed(&self, feed: usize) -> Vec<lienthong_outbox::Quarantined> {
        let feed = Some(self.feeds[feed]);
        let filter = QuarantineFilter { feed, limit: 10_000, ..QuarantineFilter::default() };
        self.outbox().reader().quarantine(&filter).unwrap()
    }

    /// What waits, as everybody sees it, settlements under way included.
    fn assert_waiting(&self) {
        for (endpoint, feeds) in ROUTES.iter().enumerate() {
            for feed in *feeds {
                let rows = self.outbox().waiting(self.endpoints[endpoint], self.feeds[*feed], 1000);
                let found: Vec<_> =
                    rows.unwrap().iter().map(|row| self.waiting(row.batch, row.attempt)).collect();
                let expected =
                    self.model[*feed].waiting.get(&endpoint).cloned().unwrap_or_default();
                assert_eq!(found, expected, "endpoint {endpoint}, feed {feed}");
            }
        }
    }

    fn waiting(&self, batch: BatchId, attempt: u32) -> Waiting {
        Waiting { versions: versions(&self.outbox().load(batch).unwrap()), attempt }
    }

    /// Everything else, once all is written.
    fn assert_rest(&mut self) {
        self.settle_all();
        let summary = self.outbox().reader().summary(NOW).unwrap();
        for (feed, model) in self.model.iter().enumerate() {
            let FeedView { row, in_quarantine, delivered } = view(&summary[feed], &self.endpoints);
            assert_eq!(row.version_next, model.version_next);
            assert_eq!(row.cursor, model.has_cursor.then(|| model.version_next.to_string()));
            let totals = row.totals;
            assert_eq!((totals.pulled, totals.accepted), (model.pulled, model.accepted));
            assert_eq!((totals.released, totals.discarded), (model.released, model.discarded));
            assert_eq!(totals.pulled, totals.accepted + totals.quarantined);
            assert_eq!(in_quarantine, model.quarantine.len() as u64);
            let found: Vec<_> = self.listed(feed).iter().map(|row| self.row(row)).collect();
            assert_eq!(found, model.quarantine, "feed {feed}");
            let expected: BTreeMap<_, _> =
                model.delivered.iter().filter(|d| *d.1 > 0).map(|d| (*d.0, *d.1)).collect();
            assert_eq!(delivered, expected, "feed {feed}");
        }
    }

    fn row(&self, listed: &lienthong_outbox::Quarantined) -> Row {
        let raw = self.outbox().reader().quarantined(listed.id).unwrap().raw.unwrap();
        Row {
            kind: listed.kind,
            content: String::from_utf8(raw.to_vec()).unwrap(),
            version: listed.version.unwrap(),
            seen: listed.seen,
        }
    }
}

struct Picked {
    endpoint: usize,
    feed: usize,
    place: usize,
    batch: BatchId,
}

struct FeedView {
    row: lienthong_outbox::FeedRow,
    in_quarantine: u64,
    delivered: BTreeMap<usize, u64>,
}

fn view(summary: &lienthong_outbox::FeedSummary, endpoints: &[EndpointId; 2]) -> FeedView {
    let routes = summary.routes.iter().filter(|route| route.delivered > 0);
    let place = |id: EndpointId| endpoints.iter().position(|known| *known == id).unwrap();
    let delivered = routes.map(|route| (place(route.endpoint), route.delivered)).collect();
    FeedView { row: summary.feed.clone(), in_quarantine: summary.in_quarantine, delivered }
}

impl Feed {
    fn quarantine(&mut self, new: &NewQuarantined) {
        let content = String::from_utf8(new.raw.to_vec()).unwrap();
        let version = new.version.unwrap();
        let same = self.quarantine.iter_mut().find(|r| r.kind == new.kind && r.content == content);
        match same {
            Some(row) => {
                row.seen += 1;
                row.version = row.version.max(version);
            }
            None => self.quarantine.push(Row { kind: new.kind, content, version, seen: 1 }),
        }
    }
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let nth = any::<prop::sample::Index>;
    let item = prop_oneof![3 => Just(None), 1 => (0_u8..4).prop_map(Some)];
    let batches = prop::collection::vec(prop::collection::vec(item, 1..6), 0..4);
    let commit = (0_usize..2, batches).prop_map(|(feed, batches)| Step::Commit { feed, batches });
    let settle = (0_usize..3, nth(), 0_u32..3, any::<bool>()).prop_map(
        |(route, nth, refused, is_repeated)| Step::Settle { route, nth, refused, is_repeated },
    );
    let postpone = (0_usize..3, nth(), 1_u32..9).prop_map(|(route, nth, attempt)| Step::Postpone {
        route,
        nth,
        attempt,
    });
    let replace = (0_usize..3, nth()).prop_map(|(route, nth)| Step::Replace { route, nth });
    let release = (0_usize..2, 1_usize..4, any::<bool>())
        .prop_map(|(feed, rows, is_for_hub)| Step::Release { feed, rows, is_for_hub });
    let discard = (0_usize..2, nth()).prop_map(|(feed, nth)| Step::Discard { feed, nth });
    let step = prop_oneof![
        6 => commit,
        6 => settle,
        1 => postpone,
        3 => replace,
        1 => release,
        1 => discard,
        1 => (0_usize..2).prop_map(|feed| Step::Wrong { feed }),
        1 => Just(Step::Reopen),
        1 => Just(Step::Abandon),
    ];
    prop::collection::vec(step, 1..40)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]

    #[test]
    fn the_outbox_does_what_the_model_does(steps in steps()) {
        let mut pair = Pair::new();
        for step in steps {
            pair.take(step);
            pair.assert_waiting();
        }
        pair.assert_rest();
        pair.open();
        pair.assert_waiting();
        pair.assert_rest();
    }
}
