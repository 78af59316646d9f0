//! Replays of a real outbox and a real keep, beside a model of what the source said.

mod directed;
mod model;

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use lienthong_adapter_api::{
    Adapter, Checkup, Cursor, Page, PageBuilder, Position, PullError, PullRequest,
};
use lienthong_config::{Calendar, FeedPlan, Schedule, SourcePlan, Timetable};
use lienthong_keep::{Options, Texts};
use lienthong_mapping::{Mapping, Workspace};
use lienthong_outbox::{EndpointId, Outbox, QuarantineFilter};
use lienthong_protocol::open;
use lienthong_standard::{Files, Standard};
use tokio::sync::{Semaphore, watch};

use super::ReplayReport;
use crate::feed::{Feed, Shared};
use crate::keeping::Keeping;
use crate::mapper::tests::{files, item};
use crate::phase::Phase;
use crate::release::release;
use crate::requests::Selection;
use crate::retry::Retry;
use crate::{Clock, SystemClock};

/// A source that gives the pages that it was given.
#[derive(Default)]
struct Scripted {
    pages: Mutex<VecDeque<Page>>,
}

#[async_trait]
impl Adapter for Scripted {
    async fn check(&self) -> Result<Checkup, PullError> {
        Ok(Checkup::default())
    }

    async fn pull(&self, _: PullRequest<'_>) -> Result<Page, PullError> {
        Ok(self.pages.lock().unwrap().pop_front().unwrap_or_else(Page::empty))
    }
}

/// How the source's status becomes a national one; what is not there is refused.
type Statuses<'a> = &'a [(&'a str, &'a str)];

struct World {
    folder: tempfile::TempDir,
    standard: Arc<Standard>,
    source: Arc<Scripted>,
    outbox: Outbox,
    hub: EndpointId,
    feed: Feed,
    /// What the source said, in the order of versions: key and status.
    said: Vec<(u32, &'static str)>,
    phase: watch::Receiver<Phase>,
}

fn code(key: u32) -> String {
    format!("000.00.01.H22-250601-{key:06}")
}

fn mapping(standard: &Arc<Standard>, statuses: Statuses<'_>) -> (Arc<Mapping>, Files) {
    let list = |national: fn(&(&str, &str)) -> String| -> Arc<str> {
        let lines = statuses.iter().map(national);
        Arc::from(format!("source,national\n{}", lines.collect::<String>()))
    };
    let all = files("mappings/systems");
    let texts = all.under("peers-json/").filter(|(name, _)| !name.contains("cases/"));
    let texts = texts.map(|(name, text)| {
        let text = match name {
            "peers-json/codes/status.csv" => list(|(from, to)| format!("{from},{to}\n")),
            "peers-json/codes/status-name.csv" => list(|(from, to)| format!("{from},Bước {to}\n")),
            _ => Arc::clone(text),
        };
        (name.to_owned(), text)
    });
    let files = Files::new(texts);
    let compiled = Mapping::compile("peers-json/dossiers", &files, standard).unwrap();
    (Arc::new(compiled.mapping), files)
}

impl World {
    async fn new(statuses: Statuses<'_>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let standard_files = files("mappings/standard/peers");
        let standard = Arc::new(Standard::compile("peers", &standard_files).unwrap());
        let keep = lienthong_keep::folder(folder.path());
        Texts::of(&keep).put(standard.digest(), standard_files.iter()).unwrap();
        let options = lienthong_outbox::Options {
            group_wait: std::time::Duration::ZERO,
            ..lienthong_outbox::Options::default()
        };
        let outbox = Outbox::open(&folder.path().join("outbox"), options).unwrap();
        let row = outbox.feed("s", "f").await.unwrap();
        let hub = outbox.register_endpoint("hub", &[row.id]).await.unwrap();
        let source = Arc::new(Scripted::default());
        let phase = watch::channel(Phase::Running).1;
        let given = (folder.path(), &standard, &source, &outbox);
        let feed = open_feed(given, statuses).await;
        Self { folder, standard, source, outbox, hub, feed, said: Vec::new(), phase }
    }

    /// Starts the connector again, with a mapping that may be another one. What it held in memory of
    /// a pass is gone.
    async fn restart(&mut self, statuses: Statuses<'_>) {
        let given = (self.folder.path(), &self.standard, &self.source, &self.outbox);
        self.feed = open_feed(given, statuses).await;
    }

    /// One pass over what the source says now.
    async fn say(&mut self, items: &[(u32, &'static str)]) {
        let mut builder = PageBuilder::default();
        let origin = builder.origin("a.jsonl");
        for (key, status) in items {
            let at = Position::Index(self.said.len() as u64);
            builder.push(origin, at, item(&code(*key), status).as_bytes());
            self.said.push((*key, status));
        }
        let cursor = Cursor::from_text(format!("{}", self.said.len())).unwrap();
        self.source.pages.lock().unwrap().push_back(builder.finish(Some(cursor), false));
        assert!(self.feed.pass(&self.phase).await);
    }

    /// A pass of which nothing is kept, as when the program is killed before its end.
    async fn say_unkept(&mut self, items: &[(u32, &'static str)]) {
        let kept = self.feed.keep.lock().await.take();
        self.say(items).await;
        *self.feed.keep.lock().await = kept;
    }

    /// Takes the versions that a replay gave into account: no item of the source has them.
    async fn replay(&mut self) -> ReplayReport {
        let report = self.feed.replay(&self.phase).await.unwrap();
        let next = self.outbox.reader().feed(self.feed.id).unwrap().unwrap().version_next;
        while (self.said.len() as u64) < next - 1 {
            self.said.push((0, ""));
        }
        report
    }

    async fn release_all(&self) {
        let feeds = BTreeMap::from([(self.feed.id, self.feed.present())]);
        let all = Selection { all: true, ..Selection::default() };
        release(&self.outbox, &feeds, &all, 0).await.unwrap();
    }

    /// What the hub holds: of each key the record with the highest version.
    fn hub(&self) -> BTreeMap<String, (u64, String)> {
        let mut held: BTreeMap<String, (u64, String)> = BTreeMap::new();
        for row in self.outbox.waiting(self.hub, self.feed.id, 100_000).unwrap() {
            let opened = open(&self.outbox.load(row.batch).unwrap().body).unwrap();
            for (record, version) in opened.records().zip(opened.versions()) {
                let value: serde_json::Value = serde_json::from_slice(record).unwrap();
                let key = value["dossierId"].as_str().unwrap().to_owned();
                let text = String::from_utf8(record.to_vec()).unwrap();
                let known = held.get(&key);
                assert!(known.is_none_or(|(other, _)| *other != version), "{key} twice {version}");
                if known.is_none_or(|(other, _)| *other < version) {
                    held.insert(key, (version, text));
                }
            }
        }
        held
    }

    /// What the present mapping makes of an item; nothing where it refuses it.
    fn record(&self, key: u32, status: &str) -> Option<String> {
        let text = item(&code(key), status);
        let outcome = self.feed.plan.mapping.outcome(text.as_bytes(), &mut Workspace::new());
        outcome.result.ok().map(|mapped| String::from_utf8(mapped.record).unwrap())
    }

    fn in_quarantine(&self) -> Vec<lienthong_outbox::Quarantined> {
        let filter = QuarantineFilter { limit: 100_000, ..QuarantineFilter::default() };
        self.outbox.reader().quarantine(&filter).unwrap()
    }
}

async fn open_feed(
    (folder, standard, adapter, outbox): (
        &std::path::Path,
        &Arc<Standard>,
        &Arc<Scripted>,
        &Outbox,
    ),
    statuses: Statuses<'_>,
) -> Feed {
    let (mapping, mapping_files) = mapping(standard, statuses);
    let plan = FeedPlan {
        shape: None,
        name: "f".to_owned(),
        mapping,
        mapping_files,
        timetable: Timetable {
            schedule: Schedule::Every { secs: 60, jitter_percent: 0 },
            calendar: Calendar::default(),
        },
        items_max: 1000,
        bytes_max: 1 << 20,
    };
    let source = SourcePlan {
        name: "s".to_owned(),
        system: "peers-json".to_owned(),
        kind: "scripted",
        adapter_version: "1".to_owned(),
        adapter: Arc::clone(adapter) as Arc<dyn Adapter>,
        feeds: Vec::new(),
    };
    let options = Options { bytes_max: 64 << 20, key: None };
    let shared = Shared {
        agency: "H22".to_owned(),
        standard: Arc::clone(standard),
        outbox: outbox.clone(),
        clock: Arc::new(SystemClock) as Arc<dyn Clock>,
        pulls: Arc::new(Semaphore::new(1)),
        keeping: Some(Arc::new(Keeping::at(folder, options))),
    };
    let row = outbox.feed("s", "f").await.unwrap();
    let delay = std::time::Duration::from_secs(1);
    let retry = Retry { min: delay, max: delay, seed: 1 };
    Feed::new(&source, plan, Vec::new(), &shared, (row.id, row.version_next, retry))
}
