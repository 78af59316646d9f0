//! The shapes beside the mappings are what is learned from the sample systems today.

use std::path::{Path, PathBuf};

use clap::Parser as _;
use lienthong_config::{Library, shape_path};
use lienthong_mapping::Learning;
use lienthong_sample_sources::SampleServer;
use tokio::runtime::Runtime;

use super::layout::Layout;
use super::plan;
use crate::arguments::Arguments;
use crate::commands::adapter::learn::pull_all;

/// Set by `cargo xtask generate`: stale shapes are written instead of told.
const WRITE: &str = "LIENTHONG_WRITE_SHAPES";

/// The mappings whose shapes belong to the project.
const SHAPED: [&str; 6] = [
    "gplx/dossiers",
    "gso-monthly/price-index",
    "gso-monthly/production-index",
    "igate/dossiers",
    "lgsp-one-stop/dossiers",
    "lgsp-one-stop/progress",
];

/// Learns every feed of the sample systems, and gives the files of the shapes with their texts.
fn learned(root: &Path) -> Vec<(String, String)> {
    let folder = tempfile::tempdir().unwrap();
    let runtime = Runtime::new().unwrap();
    drop(rustls::crypto::ring::default_provider().install_default());
    let systems = root.join("adapters/systems");
    let samples = SampleServer::start(move |path| std::fs::read(systems.join(path)).ok());
    let samples = runtime.block_on(samples).unwrap();
    let layout = Layout::new(folder.path());
    let hub = "127.0.0.1:9".parse().unwrap();
    let library = Library::Folder(root.to_path_buf());
    layout.write(&library, hub, |system| samples.base_url(system)).unwrap();
    let root = root.display().to_string();
    let global = Arguments::parse_from(["lienthong", "demo", "--library", &root]).global;
    let mut shapes = Vec::new();
    for settings in [layout.province(), layout.ministry()] {
        for source in &plan(&settings, &global).unwrap().sources {
            for feed in &source.feeds {
                let learning = Learning::of(&feed.mapping);
                let pulled = learning
                    .learn(|learner| runtime.block_on(pull_all(source, feed, learner, 5000)));
                let (shape, unreadable) = pulled.unwrap();
                assert_eq!(unreadable, 0, "{}", feed.mapping.name());
                shapes.push((feed.mapping.name().to_owned(), shape.to_toml()));
            }
        }
    }
    runtime.block_on(samples.stop()).unwrap();
    shapes
}

#[test]
fn shapes_beside_the_mappings_are_fresh() {
    let root: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut found = 0;
    for (mapping, text) in learned(&root) {
        let path = root.join(shape_path(&mapping));
        let there = std::fs::read_to_string(&path).unwrap_or_default();
        let is_ours = SHAPED.contains(&mapping.as_str());
        found += usize::from(is_ours);
        if there == text || (!is_ours && there.is_empty()) {
            continue;
        }
        assert!(
            std::env::var_os(WRITE).is_some(),
            "{mapping} is stale: run `cargo xtask generate`"
        );
        std::fs::write(&path, text).unwrap();
    }
    assert_eq!(found, SHAPED.len(), "every sample system was read");
}
