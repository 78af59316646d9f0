//! A folder of files that are made here.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;
use jiff::{Timestamp, ToSpan as _};
use lienthong_adapter_api::{Adapter, Cursor, Page, PullRequest};
use lienthong_adapter_kit::conformance::{Conformance, MemorySecrets};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::KIND;
use crate::position::FileState;

/// A folder where files appear, and how it is read.
pub(super) struct Sample {
    _temporary: tempfile::TempDir,
    pub(super) root: PathBuf,
    pub(super) settings: String,
    pub(super) feed: String,
}

impl Sample {
    pub(super) fn new(feed: &str) -> Self {
        let temporary = tempfile::tempdir().unwrap();
        let root = temporary.path().to_path_buf();
        fs::create_dir(root.join("drop")).unwrap();
        let settings = "folder = \"drop\"\n".to_owned();
        Self { _temporary: temporary, root, settings, feed: feed.to_owned() }
    }

    pub(super) fn lines() -> Self {
        Self::new("format = \"json-lines\"\n")
    }

    pub(super) fn with(mut self, setting: &str) -> Self {
        self.settings.push_str(setting);
        self.settings.push('\n');
        self
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.root.join("drop").join(name)
    }

    /// Writes a file. One that is there already is written until its time of change moves: the
    /// clock of a file system ticks slower than a test runs, and slower than a file settles.
    pub(super) fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> &Self {
        let state = || fs::metadata(self.path(name)).ok().map(|data| FileState::of(&data));
        let before = state().map(|state| state.changed_ns);
        loop {
            fs::write(self.path(name), bytes.as_ref()).unwrap();
            if state().map(|state| state.changed_ns) != before {
                return self;
            }
        }
    }

    /// A moment at which everything in the folder has settled.
    pub(super) fn now(&self) -> Timestamp {
        let written = |path: &Path| {
            let time = fs::symlink_metadata(path).unwrap().modified().unwrap();
            Timestamp::try_from(time).unwrap()
        };
        let files = fs::read_dir(self.root.join("drop")).unwrap();
        let latest = files.map(|entry| written(&entry.unwrap().path())).max();
        latest.unwrap_or(Timestamp::UNIX_EPOCH) + 1.hour()
    }

    pub(super) fn suite(&self, items: &[&str], faults: &[&'static str]) -> Conformance {
        Conformance {
            kind: KIND,
            settings: self.settings.clone(),
            connection: String::new(),
            feeds: BTreeMap::from([("dossiers".to_owned(), self.feed.clone())]),
            system_folder: self.root.clone(),
            settings_folder: self.root.clone(),
            secrets: MemorySecrets::default(),
            feed: "dossiers".to_owned(),
            items: items.iter().map(|item| item.as_bytes().to_vec()).collect(),
            faults: faults.to_vec(),
            now: self.now(),
            fingerprint: listing,
        }
    }

    pub(super) async fn keeps_the_contract(&self, items: &[&str], faults: &[&'static str]) {
        self.suite(items, faults).run().await.assert_kept();
    }

    pub(super) fn adapter(&self) -> Box<dyn Adapter> {
        self.suite(&[], &[]).build().unwrap()
    }

    /// Pulls one page of at most so many items.
    pub(super) async fn page(
        &self,
        adapter: &dyn Adapter,
        after: Option<&Cursor>,
        items_max: usize,
    ) -> Page {
        let now = self.now();
        let request = PullRequest { feed: "dossiers", after, items_max, bytes_max: 1 << 20, now };
        adapter.pull(request).await.unwrap()
    }

    /// Pulls to the end.
    pub(super) async fn rest(&self, adapter: &dyn Adapter, after: Option<Cursor>) -> Pulled {
        let mut pulled = Pulled { cursor: after, ..Pulled::default() };
        loop {
            let page = self.page(adapter, pulled.cursor.as_ref(), 1000).await;
            pulled.add(&page);
            if !page.more {
                return pulled;
            }
        }
    }
}

/// What pages held, together.
#[derive(Debug, Default)]
pub(super) struct Pulled {
    pub(super) items: Vec<String>,
    pub(super) places: Vec<String>,
    pub(super) faults: Vec<(&'static str, String)>,
    pub(super) cursor: Option<Cursor>,
}

impl Pulled {
    pub(super) fn add(&mut self, page: &Page) {
        for item in page.items() {
            self.items.push(std::str::from_utf8(item.bytes).unwrap().to_owned());
            self.places.push(item.place.to_string());
        }
        let faults = page.faults().iter();
        self.faults.extend(faults.map(|fault| (fault.code, fault.reason.clone())));
        self.cursor = page.next.clone().or_else(|| self.cursor.clone());
    }

    pub(super) fn codes(&self) -> Vec<&'static str> {
        self.faults.iter().map(|(code, _)| *code).collect()
    }
}

/// Every file with its size and date.
fn listing(suite: &Conformance) -> String {
    let files = fs::read_dir(suite.settings_folder.join("drop")).unwrap();
    let mut lines: Vec<String> = files
        .map(|entry| {
            let entry = entry.unwrap();
            let data = entry.metadata().unwrap();
            format!("{:?} {} {:?}", entry.file_name(), data.len(), data.modified().unwrap())
        })
        .collect();
    lines.sort();
    lines.join("\n")
}

pub(super) fn gzip(text: impl AsRef<[u8]>) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(text.as_ref()).unwrap();
    encoder.finish().unwrap()
}

pub(super) fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in files {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(text).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

pub(super) fn utf16(text: &str) -> Vec<u8> {
    let marked = format!("\u{FEFF}{text}");
    marked.encode_utf16().flat_map(u16::to_le_bytes).collect()
}
