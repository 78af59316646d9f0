//! `lgsp-one-stop` as described in its folder, against a server that behaves like it.

use std::path::PathBuf;

use lienthong_adapter_api::{CensusWindow, PullFailure};
use lienthong_sample_sources::SampleServer;
use lienthong_sample_sources::credentials::{LGSP_UNIT, LGSP_USERNAME};

use super::{built, drain, moment, pull};

const NOW: &str = "2025-07-01T00:00:00Z";

pub(super) fn systems() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../systems")
}

fn adapter_of_system() -> String {
    std::fs::read_to_string(systems().join("lgsp-one-stop/adapter.toml")).expect("a description")
}

async fn server() -> SampleServer {
    SampleServer::start_from(systems()).await.expect("samples to serve")
}

fn settings(server: &SampleServer, unit: &str, secret: &str, password_type: &str) -> String {
    format!(
        "base_url = \"{}\"\nparameters = {{ unit = \"{unit}\" }}\n\
         security = {{ type = \"username-token\", username = \"{LGSP_USERNAME}\", \
         password = {{ env = \"{secret}\" }}, password_type = \"{password_type}\" }}",
        server.base_url("lgsp-one-stop")
    )
}

/// The records of a sample file, as text.
pub(super) fn samples(file: &str, element: &str) -> Vec<String> {
    let path = systems().join("lgsp-one-stop/samples").join(file);
    let text = std::fs::read_to_string(path).expect("a sample file");
    let (open, close) = (format!("<{element}>"), format!("</{element}>"));
    text.split(&open)
        .skip(1)
        .filter_map(|after| Some(format!("{open}{}{close}", after.split_once(&close)?.0)))
        .collect()
}

#[tokio::test]
async fn both_feeds_give_every_sample_byte_for_byte_and_nothing_twice() {
    let folder = systems().join("lgsp-one-stop");
    for password_type in ["text", "digest"] {
        let server = server().await;
        let settings = settings(&server, LGSP_UNIT, "LGSP", password_type);
        let adapter = built(&settings, &adapter_of_system(), &folder);
        assert_eq!(adapter.check().await.expect("it lets us in").findings.len(), 2);
        for (feed, file, element) in [
            ("dossiers", "dossiers.xml", "MSyncDocument"),
            ("progress", "progress.xml", "MDocumentTraces"),
        ] {
            let (items, cursor) = drain(&*adapter, feed, None, NOW).await;
            let expected = samples(file, element);
            assert!(expected.len() >= 7, "the samples are not empty");
            assert_eq!(items, expected);
            let (items, _) = drain(&*adapter, feed, cursor, "2025-07-01T01:00:00Z").await;
            assert_eq!(items, Vec::<String>::new());
        }
        server.stop().await.expect("it stops");
    }
}

#[tokio::test]
async fn a_wrong_password_and_a_wrong_unit_are_two_things() {
    let server = server().await;
    let folder = systems().join("lgsp-one-stop");
    let wrong = settings(&server, LGSP_UNIT, "WRONG", "digest");
    let adapter = built(&wrong, &adapter_of_system(), &folder);
    let error = pull(&*adapter, "dossiers", None, NOW).await.expect_err("a wrong password");
    assert_eq!(error.failure, PullFailure::Unauthorised);
    // One moment, one nonce: a server of its own has not seen it yet.
    let server = SampleServer::start_from(systems()).await.expect("samples to serve");
    let elsewhere = settings(&server, "000.00.99.H99", "LGSP", "digest");
    let adapter = built(&elsewhere, &adapter_of_system(), &folder);
    let error = pull(&*adapter, "dossiers", None, NOW).await.expect_err("a wrong unit");
    let words = "Client: Mã đơn vị không tồn tại".to_owned();
    assert_eq!(error.failure, PullFailure::Refused(words));
}

#[tokio::test]
async fn a_census_counts_a_window_without_a_clock() {
    let server = server().await;
    let folder = systems().join("lgsp-one-stop");
    let settings = settings(&server, LGSP_UNIT, "LGSP", "digest");
    let adapter = built(&settings, &adapter_of_system(), &folder);
    let window = CensusWindow {
        feed: "dossiers",
        from: moment("2025-06-03T00:00:00+07:00"),
        until: moment("2025-06-06T00:00:00+07:00"),
    };
    let census = adapter.census(window).await.expect("an answer").expect("it can count");
    assert_eq!(census.items, 3);
}
