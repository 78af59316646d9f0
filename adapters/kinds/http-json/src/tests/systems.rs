//! The systems of this kind, as described in their folders, against servers that behave like them.

use std::path::PathBuf;

use lienthong_adapter_api::PullFailure;
use lienthong_sample_sources::SampleServer;
use lienthong_sample_sources::credentials::{
    GPLX_UNIT, IGATE_AGENCY, IGATE_CLIENT_ID, LDTBXH_PROVINCE,
};

use super::{built, drain, pull};

const NOW: &str = "2025-07-01T00:00:00Z";

fn systems() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../systems")
}

fn adapter_of(system: &str) -> String {
    std::fs::read_to_string(systems().join(system).join("adapter.toml")).expect("a description")
}

async fn server() -> SampleServer {
    SampleServer::start_from(systems()).await.expect("samples to serve")
}

fn igate(server: &SampleServer, secret: &str) -> String {
    format!(
        "base_url = \"{}\"\nparameters = {{ agency = \"{IGATE_AGENCY}\" }}\n\
         auth = {{ type = \"oauth2\", client_id = \"{IGATE_CLIENT_ID}\", \
         client_secret = {{ env = \"{secret}\" }} }}",
        server.base_url("igate")
    )
}

fn gplx(server: &SampleServer, unit: &str, secret: &str) -> String {
    format!(
        "base_url = \"{}\"\nparameters = {{ unit = \"{unit}\" }}\n\
         auth = {{ type = \"key\", value = {{ env = \"{secret}\" }} }}",
        server.base_url("gplx")
    )
}

fn ldtbxh(server: &SampleServer, province: &str, secret: &str) -> String {
    format!(
        "base_url = \"{}\"\nparameters = {{ data_kind = \"1\", province = \"{province}\" }}\n\
         auth = {{ type = \"bearer\", token = {{ env = \"{secret}\" }} }}",
        server.base_url("ldtbxh")
    )
}

/// The records of a sample file, as text.
fn samples(system: &str, list: &str) -> Vec<String> {
    let path = systems().join(system).join("samples/dossiers.json");
    let text = std::fs::read_to_string(path).expect("a sample file");
    let answer: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let pointer = format!("/{}", list.replace('.', "/"));
    let count = answer.pointer(&pointer).and_then(|list| list.as_array()).expect("a list").len();
    let mut text = text.as_str();
    for key in list.split('.') {
        let members: std::collections::HashMap<&str, &serde_json::value::RawValue> =
            serde_json::from_str(text).expect("JSON");
        text = members[key].get();
    }
    let raw: Vec<&serde_json::value::RawValue> = serde_json::from_str(text).expect("a list");
    assert_eq!(raw.len(), count);
    raw.iter().map(|element| element.get().to_owned()).collect()
}

fn sorted(mut items: Vec<String>) -> Vec<String> {
    items.sort();
    items
}

#[tokio::test]
async fn igate_gives_every_sample_byte_for_byte_and_nothing_twice() {
    let server = server().await;
    let adapter = built(&igate(&server, "IGATE"), &adapter_of("igate"));
    let checkup = adapter.check().await.expect("it lets us in");
    assert_eq!(checkup.findings.len(), 1);
    let (items, cursor) = drain(&*adapter, "dossiers", None, NOW).await;
    assert_eq!(sorted(items), sorted(samples("igate", "content")));
    let (items, _) = drain(&*adapter, "dossiers", cursor, "2025-07-01T00:10:00Z").await;
    assert_eq!(items, Vec::<String>::new());
    server.stop().await.expect("it stops");
}

#[tokio::test]
async fn igate_refuses_a_wrong_secret() {
    let server = server().await;
    let adapter = built(&igate(&server, "WRONG"), &adapter_of("igate"));
    let error = pull(&*adapter, "dossiers", None, NOW).await.expect_err("a wrong secret");
    assert_eq!(error.failure, PullFailure::Unauthorised);
}

#[tokio::test]
async fn gplx_gives_every_sample_byte_for_byte_and_nothing_twice() {
    let server = server().await;
    let adapter = built(&gplx(&server, GPLX_UNIT, "GPLX"), &adapter_of("gplx"));
    adapter.check().await.expect("it lets us in");
    let (items, cursor) = drain(&*adapter, "dossiers", None, NOW).await;
    assert_eq!(sorted(items), sorted(samples("gplx", "data")));
    let (items, _) = drain(&*adapter, "dossiers", cursor, "2025-07-02T00:00:00Z").await;
    assert_eq!(items, Vec::<String>::new(), "ninety days are read again and hold nothing new");
}

#[tokio::test]
async fn gplx_tells_its_errors_with_http_200() {
    let server = server().await;
    let adapter = built(&gplx(&server, GPLX_UNIT, "WRONG"), &adapter_of("gplx"));
    let error = pull(&*adapter, "dossiers", None, NOW).await.expect_err("a wrong key");
    assert_eq!(error.failure, PullFailure::Unauthorised);
    let adapter = built(&gplx(&server, "H99.99", "GPLX"), &adapter_of("gplx"));
    let error = pull(&*adapter, "dossiers", None, NOW).await.expect_err("a wrong unit");
    let words = "-302: Mã đơn vị không tồn tại".to_owned();
    assert_eq!(error.failure, PullFailure::Refused(words));
}

#[tokio::test]
async fn ldtbxh_gives_every_sample_byte_for_byte_and_nothing_twice() {
    let server = server().await;
    let adapter = built(&ldtbxh(&server, LDTBXH_PROVINCE, "LDTBXH"), &adapter_of("ldtbxh"));
    adapter.check().await.expect("it lets us in");
    let (items, cursor) = drain(&*adapter, "dossiers", None, NOW).await;
    assert_eq!(sorted(items), sorted(samples("ldtbxh", "result.data")));
    let (items, _) = drain(&*adapter, "dossiers", cursor, "2025-07-02T00:00:00Z").await;
    assert_eq!(items, Vec::<String>::new(), "thirty days are read again and hold nothing new");
}

#[tokio::test]
async fn ldtbxh_tells_its_refusals_with_http_200() {
    let server = server().await;
    let adapter = built(&ldtbxh(&server, LDTBXH_PROVINCE, "WRONG"), &adapter_of("ldtbxh"));
    let error = pull(&*adapter, "dossiers", None, NOW).await.expect_err("a wrong key");
    assert_eq!(error.failure, PullFailure::Unauthorised);
    let adapter = built(&ldtbxh(&server, "99", "LDTBXH"), &adapter_of("ldtbxh"));
    let error = pull(&*adapter, "dossiers", None, NOW).await.expect_err("a wrong province");
    let words = "-1: Không có dữ liệu của địa bàn này".to_owned();
    assert_eq!(error.failure, PullFailure::Refused(words));
}
