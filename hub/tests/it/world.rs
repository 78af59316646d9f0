//! A hub on a loopback port with a clock that tests move, and batches to send to it.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::Timestamp;
use lienthong_hub::{
    AgencyCredential, DvcqgAccount, DvcqgSettings, Hub, HubSettings, Limits, Thresholds,
    TokenDigest,
};
use lienthong_protocol::{
    BATCH_MEDIA_TYPE, BatchHeader, CONTENT_DIGEST, Digest, IDEMPOTENCY_KEY, Provenance, Receipt,
};
use lienthong_standard::{Files, Standard};
use reqwest::{RequestBuilder, Response, StatusCode};
use serde_json::Value;
use tempfile::TempDir;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// The agency that most tests send as, and its token.
pub(crate) const AGENCY: &str = "000.00.00.H22";
pub(crate) const TOKEN: &str = "token-of-h22";
/// Another agency.
pub(crate) const OTHER: &str = "000.00.00.H48";
pub(crate) const OTHER_TOKEN: &str = "token-of-h48";
/// The reader and the operator.
pub(crate) const READER: &str = "token-of-the-reader";
pub(crate) const OPERATOR: &str = "token-of-the-operator";

/// 2025-06-20T01:35:00+07:00, in milliseconds.
const START_MS: i64 = 1_750_358_100_000;

const CASE: &str = r#"
record_type = "case"
title = { vi = "Vụ việc", en = "Case" }
key = ["Code"]
history = "latest"

[fields.Code]
type = "text"
title = { vi = "Mã", en = "Code" }
required = true
max_chars = 700

[fields.Title]
type = "text"
title = { vi = "Tên", en = "Title" }
required = true
max_chars = 2000000

[fields.Amount]
type = "decimal"
title = { vi = "Số tiền", en = "Amount" }
min = "0"
"#;

const EVENT: &str = r#"
record_type = "event"
title = { vi = "Sự kiện", en = "Event" }
key = ["Code", "Step"]
history = "every"

[fields.Code]
type = "text"
title = { vi = "Mã", en = "Code" }
required = true

[fields.Step]
type = "integer"
title = { vi = "Bước", en = "Step" }
required = true
"#;

const CELL: &str = r#"
record_type = "cell"
title = { vi = "Ô số liệu", en = "Cell" }
key = ["Code"]
history = "latest"
revision = "Revision"

[fields.Code]
type = "text"
title = { vi = "Mã", en = "Code" }
required = true

[fields.Revision]
type = "integer"
title = { vi = "Lần", en = "Revision" }
required = true
"#;

/// A small standard of the tests' own.
pub(crate) fn standard() -> Arc<Standard> {
    let file = |name: &str, text: &str| (format!("records/{name}.toml"), Arc::from(text));
    let files = Files::new([file("case", CASE), file("event", EVENT), file("cell", CELL)]);
    Arc::new(Standard::compile("v1", &files).unwrap())
}

/// The settings of a hub in a folder.
pub(crate) fn settings(folder: &Path) -> HubSettings {
    let agency = |code: &str, name: &str, token: &str| AgencyCredential {
        agency: code.to_owned(),
        name: name.to_owned(),
        token: TokenDigest::of(token),
    };
    HubSettings {
        data_folder: folder.to_owned(),
        standard: standard(),
        agencies: vec![agency(AGENCY, "Tỉnh A", TOKEN), agency(OTHER, "Tỉnh B", OTHER_TOKEN)],
        readers: vec![TokenDigest::of(READER)],
        operator: Some(TokenDigest::of(OPERATOR)),
        dvcqg: DvcqgSettings {
            accounts: vec![
                DvcqgAccount {
                    username: "tinh-a".to_owned(),
                    password: TokenDigest::of("mat-khau-a"),
                    unit: AGENCY.to_owned(),
                },
                DvcqgAccount {
                    username: "tinh-b".to_owned(),
                    password: TokenDigest::of("mat-khau-b"),
                    unit: OTHER.to_owned(),
                },
            ],
            session_secs: 600,
        },
        thresholds: Thresholds::default(),
        limits: Limits::default(),
    }
}

/// A running hub.
pub(crate) struct World {
    pub(crate) url: String,
    pub(crate) address: std::net::SocketAddr,
    pub(crate) client: reqwest::Client,
    pub(crate) folder: Arc<TempDir>,
    clock: Arc<AtomicI64>,
    stop: Option<oneshot::Sender<()>>,
    served: JoinHandle<()>,
}

impl World {
    /// Starts a hub with the usual settings.
    pub(crate) async fn start() -> Self {
        Self::start_with(|_| {}).await
    }

    /// Starts a hub with changed settings.
    pub(crate) async fn start_with(change: impl FnOnce(&mut HubSettings)) -> Self {
        let folder = Arc::new(tempfile::tempdir().unwrap());
        Self::start_in(folder, change).await
    }

    /// Starts a hub in a folder that may hold a store.
    pub(crate) async fn start_in(
        folder: Arc<TempDir>,
        change: impl FnOnce(&mut HubSettings),
    ) -> Self {
        // Another test of this process may have installed it.
        drop(rustls::crypto::ring::default_provider().install_default());
        let mut settings = settings(folder.path());
        change(&mut settings);
        let hub = Hub::open(settings).unwrap();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let clock = Arc::new(AtomicI64::new(START_MS));
        let (stop, stopped) = oneshot::channel::<()>();
        let time = Arc::clone(&clock);
        let now = move || Timestamp::from_millisecond(time.load(Ordering::SeqCst)).unwrap();
        let task = async move {
            let shutdown = async { drop(stopped.await) };
            hub.serve(listener, Arc::new(now), shutdown).await.unwrap();
        };
        #[expect(clippy::disallowed_methods, reason = "the hub under test runs beside the test")]
        let served = tokio::spawn(task);
        Self {
            url: format!("http://{address}"),
            address,
            client: reqwest::Client::new(),
            folder,
            clock,
            stop: Some(stop),
            served,
        }
    }

    /// Moves the clock.
    pub(crate) fn shift(&self, secs: i64) {
        self.clock.fetch_add(secs * 1000, Ordering::SeqCst);
    }

    /// The present moment, RFC 3339.
    pub(crate) fn now(&self) -> String {
        Timestamp::from_millisecond(self.clock.load(Ordering::SeqCst)).unwrap().to_string()
    }

    /// Tells the hub to stop, and does not wait for it.
    pub(crate) fn begin_stop(&mut self) {
        self.stop.take().unwrap().send(()).unwrap();
    }

    /// Stops the hub in order and gives its folder.
    pub(crate) async fn stop(mut self) -> Arc<TempDir> {
        if self.stop.is_some() {
            self.begin_stop();
        }
        self.served.await.unwrap();
        self.folder
    }

    /// A request to a path.
    pub(crate) fn get(&self, path: &str, token: &str) -> RequestBuilder {
        self.client.get(format!("{}{path}", self.url)).bearer_auth(token)
    }

    /// A batch as a connector posts it.
    pub(crate) fn post(&self, batch: &Batch, token: &str) -> RequestBuilder {
        self.post_bytes(batch.body(), token)
    }

    /// Bytes posted as a batch.
    pub(crate) fn post_bytes(&self, body: Vec<u8>, token: &str) -> RequestBuilder {
        let digest = Digest::of(&body);
        self.client
            .post(format!("{}/v1/batches", self.url))
            .bearer_auth(token)
            .header("content-type", BATCH_MEDIA_TYPE)
            .header("content-encoding", "zstd")
            .header(IDEMPOTENCY_KEY, digest.idempotency_key())
            .header(CONTENT_DIGEST, digest.content_digest())
            .body(body)
    }

    /// Sends a batch that must be taken, and gives its receipt.
    pub(crate) async fn deliver(&self, batch: &Batch) -> Receipt {
        let response = self.post(batch, TOKEN).send().await.unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        serde_json::from_slice(&response.bytes().await.unwrap()).unwrap()
    }

    /// JSON from a path.
    pub(crate) async fn json(&self, path: &str, token: &str) -> Value {
        let response = self.get(path, token).send().await.unwrap();
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        serde_json::from_slice(&response.bytes().await.unwrap()).unwrap()
    }

    /// The record that the hub holds under a key of the usual feed.
    pub(crate) async fn record(&self, key: &str) -> Option<Value> {
        let request = self.get("/v1/records", READER).query(&[
            ("agency", AGENCY),
            ("source", "igate"),
            ("feed", "cases"),
            ("key", key),
        ]);
        let response = request.send().await.unwrap();
        match response.status() {
            StatusCode::OK => Some(json(response).await),
            StatusCode::NOT_FOUND => None,
            status => panic!("{status}"),
        }
    }

    /// What the hub says of the only feed.
    pub(crate) async fn feed(&self) -> Value {
        let feeds = self.json("/v1/feeds", READER).await;
        assert_eq!(feeds["feeds"].as_array().unwrap().len(), 1);
        feeds["feeds"][0].clone()
    }
}

/// The JSON of a response.
pub(crate) async fn json(response: Response) -> Value {
    serde_json::from_slice(&response.bytes().await.unwrap()).unwrap()
}

/// A batch in the making.
#[derive(Clone, Debug)]
pub(crate) struct Batch {
    pub(crate) header: BatchHeader,
    pub(crate) lines: Vec<String>,
}

impl Batch {
    /// A batch of the usual feed with these lines, whose first has this version.
    pub(crate) fn new(version_first: u64, lines: impl IntoIterator<Item = String>) -> Self {
        let lines: Vec<String> = lines.into_iter().collect();
        let header = BatchHeader {
            lienthong: 1,
            provenance: Provenance {
                agency: AGENCY.to_owned(),
                source: "igate".to_owned(),
                feed: "cases".to_owned(),
                record_type: "case".to_owned(),
                standard: "v1".to_owned(),
                standard_digest: "0".repeat(64),
                mapping: "igate/cases".to_owned(),
                mapping_digest: "0".repeat(64),
                adapter: "http-json igate@1".to_owned(),
            },
            version_first,
            count: u32::try_from(lines.len()).unwrap(),
            skipped: Vec::new(),
            spans: Vec::new(),
            source_digest: None,
        };
        Self { header, lines }
    }

    /// Changes where it came from.
    pub(crate) fn with(mut self, change: impl FnOnce(&mut BatchHeader)) -> Self {
        change(&mut self.header);
        self
    }

    /// The bytes on the wire.
    pub(crate) fn body(&self) -> Vec<u8> {
        let mut header = serde_json::to_vec(&self.header).unwrap();
        header.push(b'\n');
        let mut records = self.lines.join("\n").into_bytes();
        records.push(b'\n');
        frames(&header, &records)
    }
}

/// Two zstd frames.
pub(crate) fn frames(header: &[u8], records: &[u8]) -> Vec<u8> {
    let mut body = zstd::bulk::compress(header, 1).unwrap();
    body.extend_from_slice(&zstd::bulk::compress(records, 1).unwrap());
    body
}

/// A record of the usual type, as the standard writes it.
pub(crate) fn case(code: &str, title: &str) -> String {
    format!(r#"{{"Code":"{code}","Title":"{title}"}}"#)
}
