//! The conformance suite over `lgsp-one-stop`, served on loopback.

use std::collections::BTreeMap;
use std::path::PathBuf;

use lienthong_adapter_kit::conformance::{Conformance, MemorySecrets};
use lienthong_sample_sources::SampleServer;
use lienthong_sample_sources::credentials::{LGSP_PASSWORD, LGSP_UNIT, LGSP_USERNAME};

use super::moment;
use super::systems::{samples, systems};

/// The parts of `adapter.toml`, as texts of their own.
fn parts(feed: &str) -> (String, String) {
    let path = systems().join("lgsp-one-stop/adapter.toml");
    let table: toml::Table =
        std::fs::read_to_string(path).expect("a description").parse().expect("TOML");
    let text = |value: &toml::Value| toml::to_string(value).expect("a table");
    (text(&table["connection"]), text(&table["feeds"][feed]["read"]))
}

#[tokio::test]
async fn lgsp_one_stop_keeps_every_rule() {
    let server = SampleServer::start_from(systems()).await.expect("samples to serve");
    for (feed, file, element, count) in [
        ("dossiers", "dossiers.xml", "MSyncDocument", 7),
        ("progress", "progress.xml", "MDocumentTraces", 8),
    ] {
        let (connection, read) = parts(feed);
        let items: Vec<_> = samples(file, element).into_iter().map(String::into_bytes).collect();
        assert_eq!(items.len(), count);
        let conformance = Conformance {
            kind: crate::KIND,
            settings: format!(
                "base_url = \"{}\"\nparameters = {{ unit = \"{LGSP_UNIT}\" }}\n\
                 security = {{ type = \"username-token\", username = \"{LGSP_USERNAME}\", \
                 password = {{ env = \"LGSP\" }} }}\n",
                server.base_url("lgsp-one-stop")
            ),
            connection,
            feeds: BTreeMap::from([(feed.to_owned(), read)]),
            system_folder: systems().join("lgsp-one-stop"),
            settings_folder: PathBuf::new(),
            secrets: MemorySecrets(BTreeMap::from([("LGSP".to_owned(), LGSP_PASSWORD.to_owned())])),
            feed: feed.to_owned(),
            items,
            faults: Vec::new(),
            now: moment("2025-07-01T00:00:00Z"),
            fingerprint: |conformance| {
                let path = conformance.system_folder.join("samples/dossiers.xml");
                std::fs::read_to_string(path).unwrap_or_default()
            },
        };
        conformance.run().await.assert_kept();
    }
}
