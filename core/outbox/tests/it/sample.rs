//! An outbox in a folder of its own, and batches to put into it.

use std::path::Path;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use bytes::Bytes;
use lienthong_outbox::{
    BatchId, Commit, EndpointId, Error, FeedId, NewQuarantined, Options, Outbox, QuarantineKind,
    Settlement,
};
use lienthong_protocol::{BatchWriter, Provenance, SealedBatch, SourceSpan, open};
use lienthong_standard::{Candidate, Files, Standard, Value};
use tempfile::TempDir;

/// A moment to count from: 2026-11-21 in Vietnam.
pub(crate) const NOW: i64 = 1_795_194_000_000;

pub(crate) const DAY: i64 = 24 * 60 * 60 * 1000;

const NOTE: &str = r#"
record_type = "note"
title.vi = "Ghi chú"
title.en = "Note"
key = ["code"]
history = "latest"

[fields.code]
title.vi = "Mã"
title.en = "Code"
type = "integer"
required = true

[fields.text]
title.vi = "Nội dung"
title.en = "Text"
type = "text"
"#;

static STANDARD: LazyLock<Standard> = LazyLock::new(|| {
    let files = Files::new([("records/note.toml".to_owned(), Arc::from(NOTE))]);
    Standard::compile("v1", &files).unwrap()
});

/// One feed `notes/all` that one endpoint `hub` gets.
pub(crate) struct Sample {
    pub(crate) folder: TempDir,
    pub(crate) outbox: Outbox,
    pub(crate) feed: FeedId,
    pub(crate) hub: EndpointId,
}

impl Sample {
    pub(crate) fn new() -> Self {
        Self::with(options())
    }

    pub(crate) fn with(options: Options) -> Self {
        let folder = TempDir::new().unwrap();
        let (outbox, feed, hub) = open_outbox(folder.path(), options);
        Self { folder, outbox, feed, hub }
    }

    /// Closes and opens it, as a new start of the connector would.
    pub(crate) fn reopen(&mut self, options: Options) {
        self.outbox.close().wait().unwrap();
        (self.outbox, self.feed, self.hub) = open_outbox(self.folder.path(), options);
    }

    /// Stores the next items of the feed as one batch.
    pub(crate) fn store(&self, count: usize) -> BatchId {
        let next = self.version_next();
        self.try_store(next, count).unwrap()[0]
    }

    pub(crate) fn try_store(&self, first: u64, count: usize) -> Result<Vec<BatchId>, Error> {
        commit(&self.outbox, page(self.feed, first, &vec![true; count], Vec::new()))
    }

    /// Stores one item in quarantine.
    pub(crate) fn quarantine(&self, new: NewQuarantined) {
        let next = self.version_next();
        commit(&self.outbox, page(self.feed, next, &[false], vec![new])).unwrap();
    }

    pub(crate) fn version_next(&self) -> u64 {
        self.outbox.reader().feed(self.feed).unwrap().unwrap().version_next
    }

    pub(crate) fn waiting(&self) -> Vec<BatchId> {
        let rows = self.outbox.waiting(self.hub, self.feed, 1000).unwrap();
        rows.iter().map(|row| row.batch).collect()
    }

    /// A settlement of a batch that was taken whole.
    pub(crate) fn delivered(&self, batch: BatchId, count: u64) -> Settlement {
        Settlement {
            endpoint: self.hub,
            batch,
            delivered: count,
            unchanged: 0,
            superseded: 0,
            refused: Vec::new(),
            receipt: None,
            at: NOW,
        }
    }
}

/// Options that don't wait for company.
pub(crate) fn options() -> Options {
    Options {
        group_wait: Duration::ZERO,
        busy_timeout: Duration::from_millis(50),
        ..Options::default()
    }
}

pub(crate) fn open_outbox(folder: &Path, options: Options) -> (Outbox, FeedId, EndpointId) {
    let outbox = Outbox::open(folder, options).unwrap();
    let feed = outbox.feed("notes", "all").wait().unwrap().id;
    let hub = outbox.register_endpoint("hub", &[feed]).wait().unwrap();
    (outbox, feed, hub)
}

pub(crate) fn commit(outbox: &Outbox, commit: Commit) -> Result<Vec<BatchId>, Error> {
    block_on(outbox.commit(commit))
}

pub(crate) fn block_on<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(work)
}

/// A commit of consecutive items from a version on, as one batch; those that are false went to
/// quarantine. The cursor is the version behind them.
pub(crate) fn page(
    feed: FeedId,
    first: u64,
    items: &[bool],
    quarantined: Vec<NewQuarantined>,
) -> Commit {
    let next = first + items.len() as u64;
    let accepted = items.iter().filter(|is_record| **is_record).count() as u64;
    Commit {
        feed,
        cursor: Some(next.to_string()),
        version_next: next,
        batches: if accepted > 0 { vec![sealed(first, items)] } else { Vec::new() },
        quarantined,
        pulled: items.len() as u64,
        accepted,
        rules: Vec::new(),
        at: NOW,
    }
}

/// A batch of items from a version on; each record's code is its version.
pub(crate) fn sealed(first: u64, items: &[bool]) -> SealedBatch {
    let note = STANDARD.record_type("note").unwrap();
    let mut writer = BatchWriter::default();
    for (distance, is_record) in items.iter().enumerate() {
        if !is_record {
            writer.skip();
            continue;
        }
        let code = i64::try_from(first).unwrap() + i64::try_from(distance).unwrap();
        let values = [Value::Integer(code), Value::Text("Hồ sơ đã tiếp nhận")];
        let candidate = Candidate { values: &values, groups: &[] };
        let accepted = note.accept(&STANDARD, candidate, &mut Vec::new(), &mut Vec::new());
        writer.push(&accepted.unwrap()).unwrap();
    }
    let span = SourceSpan {
        origin: "notes.jsonl".into(),
        first: format!("line {first}"),
        last: format!("line {}", first + items.len() as u64 - 1),
    };
    writer.seal(&provenance(), first, vec![span], Some("b3-00".into())).unwrap()
}

/// The versions of a batch's records, which are their codes too.
pub(crate) fn versions(batch: &SealedBatch) -> Vec<u64> {
    let opened = open(&batch.body).unwrap();
    let versions: Vec<u64> = opened.versions().collect();
    for (record, version) in opened.records().zip(&versions) {
        let record: serde_json::Value = serde_json::from_slice(record).unwrap();
        assert_eq!(record["code"].as_u64(), Some(*version), "a record changed its version");
    }
    versions
}

/// An item that the mapping refused.
pub(crate) fn rejected(raw: &str) -> NewQuarantined {
    NewQuarantined {
        kind: QuarantineKind::Rejected,
        version: Some(1),
        key: Some("N-1".into()),
        code: "LT-3020".into(),
        reasons: r#"[{"code":"LT-3020"}]"#.into(),
        place: "notes.jsonl line 7".into(),
        raw: Bytes::from(raw.to_owned()),
        source_digest: None,
        provenance: Arc::new(provenance()),
        items: 1,
        waiting_for: Some("codes/status:9".into()),
    }
}

/// A provenance that is plainly invented.
pub(crate) fn provenance() -> Provenance {
    Provenance {
        agency: "000.00.00.H99".into(),
        source: "notes".into(),
        feed: "all".into(),
        record_type: "note".into(),
        standard: "v1".into(),
        standard_digest: "11".repeat(32),
        mapping: "notes/all".into(),
        mapping_digest: "22".repeat(32),
        adapter: "file-drop notes@1".into(),
    }
}
