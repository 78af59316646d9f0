//! The conformance suite over `igate`, `gplx` and `ldtbxh`, served on loopback.

use std::collections::BTreeMap;
use std::path::PathBuf;

use lienthong_adapter_kit::conformance::{Conformance, MemorySecrets};
use lienthong_sample_sources::SampleServer;
use lienthong_sample_sources::credentials::{
    GPLX_KEY, GPLX_UNIT, IGATE_AGENCY, IGATE_CLIENT_ID, IGATE_CLIENT_SECRET, LDTBXH_KEY,
    LDTBXH_PROVINCE,
};
use serde_json::value::RawValue;

use super::moment;

fn systems() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../systems")
}

/// The parts of an `adapter.toml`, as texts of their own.
fn parts(system: &str) -> (String, String) {
    let path = systems().join(system).join("adapter.toml");
    let text = std::fs::read_to_string(path).expect("a description");
    let table: toml::Table = text.parse().expect("TOML");
    let text = |value: &toml::Value| toml::to_string(value).expect("a table");
    (text(&table["connection"]), text(&table["feeds"]["dossiers"]["read"]))
}

/// The records of a sample file in the order of a key.
fn samples(system: &str, list: &str, order: impl Fn(&serde_json::Value) -> String) -> Vec<Vec<u8>> {
    let path = systems().join(system).join("samples/dossiers.json");
    let text = std::fs::read_to_string(path).expect("a sample file");
    let mut text = text.as_str();
    for key in list.split('.') {
        let members: BTreeMap<&str, &RawValue> = serde_json::from_str(text).expect("JSON");
        text = members[key].get();
    }
    let mut records: Vec<&RawValue> = serde_json::from_str(text).expect("a list");
    records.sort_by_key(|raw| order(&serde_json::from_str(raw.get()).expect("a record")));
    records.iter().map(|raw| raw.get().as_bytes().to_vec()).collect()
}

fn conformance(
    system: &str,
    settings: String,
    secret: (&str, &str),
    items: Vec<Vec<u8>>,
) -> Conformance {
    let (connection, feed) = parts(system);
    Conformance {
        kind: crate::KIND,
        settings,
        connection,
        feeds: BTreeMap::from([("dossiers".to_owned(), feed)]),
        system_folder: systems().join(system),
        settings_folder: PathBuf::new(),
        secrets: MemorySecrets(BTreeMap::from([(secret.0.to_owned(), secret.1.to_owned())])),
        feed: "dossiers".to_owned(),
        items,
        faults: Vec::new(),
        now: moment("2025-07-01T00:00:00Z"),
        fingerprint: |conformance| {
            let path = conformance.system_folder.join("samples/dossiers.json");
            std::fs::read_to_string(path).unwrap_or_default()
        },
    }
}

#[tokio::test]
async fn igate_keeps_every_rule() {
    let server = SampleServer::start_from(systems()).await.expect("samples to serve");
    let settings = format!(
        "base_url = \"{}\"\nparameters = {{ agency = \"{IGATE_AGENCY}\" }}\n\
         auth = {{ type = \"oauth2\", client_id = \"{IGATE_CLIENT_ID}\", \
         client_secret = {{ env = \"IGATE\" }} }}\n",
        server.base_url("igate")
    );
    let items = samples("igate", "content", |record| record["updatedDate"].to_string());
    assert_eq!(items.len(), 12);
    let secret = ("IGATE", IGATE_CLIENT_SECRET);
    conformance("igate", settings, secret, items).run().await.assert_kept();
}

#[tokio::test]
async fn gplx_keeps_every_rule() {
    let server = SampleServer::start_from(systems()).await.expect("samples to serve");
    let settings = format!(
        "base_url = \"{}\"\nparameters = {{ unit = \"{GPLX_UNIT}\" }}\n\
         auth = {{ type = \"key\", value = {{ env = \"GPLX\" }} }}\n",
        server.base_url("gplx")
    );
    let items = samples("gplx", "data", |_| String::new());
    assert_eq!(items.len(), 8);
    conformance("gplx", settings, ("GPLX", GPLX_KEY), items).run().await.assert_kept();
}

#[tokio::test]
async fn ldtbxh_keeps_every_rule() {
    let server = SampleServer::start_from(systems()).await.expect("samples to serve");
    let settings = format!(
        "base_url = \"{}\"\nparameters = {{ data_kind = \"1\", province = \"{LDTBXH_PROVINCE}\" }}\n\
         auth = {{ type = \"bearer\", token = {{ env = \"LDTBXH\" }} }}\n",
        server.base_url("ldtbxh")
    );
    let items = samples("ldtbxh", "result.data", |_| String::new());
    assert_eq!(items.len(), 10);
    conformance("ldtbxh", settings, ("LDTBXH", LDTBXH_KEY), items).run().await.assert_kept();
}
