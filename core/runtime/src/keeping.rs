//! Keeping the newest raw items while a connector runs.
//!
//! What is kept serves people who change a mapping. No delivery depends on it, so that whatever goes
//! wrong with it is a warning and never stops a feed.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use lienthong_config::{ConnectorPlan, FeedPlan};
use lienthong_diagnostics::chain;
use lienthong_keep::{Error, FeedKeep, Made, Options, Reader, Texts};
use lienthong_protocol::Provenance;

/// Where a connector keeps raw items, and how.
pub(crate) struct Keeping {
    folder: PathBuf,
    options: Options,
}

impl Keeping {
    /// What is kept in a data folder, to be read.
    pub(crate) fn at(data_folder: &Path, options: Options) -> Self {
        Self { folder: lienthong_keep::folder(data_folder), options }
    }

    /// Begins to keep, or removes what was kept where nothing shall be.
    pub(crate) fn begin(plan: &ConnectorPlan) -> Option<Self> {
        let Some(options) = plan.keep.clone() else {
            warn("the keep", lienthong_keep::remove(&plan.data_folder));
            return None;
        };
        let folder = lienthong_keep::folder(&plan.data_folder);
        let mut used = BTreeSet::from([plan.standard.digest().to_owned()]);
        let feeds = plan.sources.iter().flat_map(|source| &source.feeds);
        used.extend(feeds.map(|feed| feed.mapping.digest().to_owned()));
        warn("the keep", lienthong_keep::prune(&folder, &used));
        let files = plan.standard_files.iter();
        warn("the keep", Texts::of(&folder).put(plan.standard.digest(), files));
        Some(Self { folder, options })
    }

    /// What is kept of a feed.
    pub(crate) fn reader(&self, provenance: &Provenance) -> Result<Reader, Error> {
        self.reader_of((provenance.source.as_str(), provenance.feed.as_str()))
    }

    /// What is kept of the feed of a source, both by their names.
    pub(crate) fn reader_of(&self, names: (&str, &str)) -> Result<Reader, Error> {
        Reader::open(&self.folder, names, self.options.key.clone())
    }

    /// The texts of what items were mapped with.
    pub(crate) fn texts(&self) -> Texts {
        Texts::of(&self.folder)
    }

    /// Opens the keep of a feed; nothing when it can't be used.
    pub(crate) fn open(
        &self,
        provenance: &Provenance,
        feed: &FeedPlan,
        version_next: u64,
    ) -> Option<FeedKeep> {
        let texts = Texts::of(&self.folder);
        warn(&feed.name, texts.put(feed.mapping.digest(), feed.mapping_files.iter()));
        let names = (provenance.source.as_str(), provenance.feed.as_str());
        let (made, options) = (made(provenance), self.options.clone());
        let opened = FeedKeep::open(&self.folder, names, made, options, version_next);
        warn(&feed.name, opened)
    }
}

/// How items are mapped that are read under this provenance.
pub(crate) fn made(provenance: &Provenance) -> Made {
    Made {
        mapping: provenance.mapping.clone(),
        mapping_digest: provenance.mapping_digest.clone(),
        standard: provenance.standard.clone(),
        standard_digest: provenance.standard_digest.clone(),
    }
}

/// Says what went wrong with the keep of a feed, and goes on.
pub(crate) fn warn<T>(of: &str, result: Result<T, Error>) -> Option<T> {
    result.map_err(|error| tracing::warn!(of, "[{}] {}", error.code(), chain(&error))).ok()
}
