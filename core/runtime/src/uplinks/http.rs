//! The uplink to any HTTP endpoint: JSON lines or an array, with an idempotency key.

use std::io::Write as _;

use async_trait::async_trait;
use bytes::Bytes;
use lienthong_config::{Compression, HttpAuth, HttpBody, HttpMethod, HttpUplink};
use lienthong_protocol::{IDEMPOTENCY_KEY, SealedBatch, open};
use reqwest::Method;

use super::client::Client;
use super::success::{Judgement, judge};
use super::{Delivery, Outcome, Sending, Uplink, UplinkError};

/// The uplink to any HTTP endpoint.
///
/// Repetition carries the same `Idempotency-Key` and the same bytes: what is sent is derived from
/// the stored batch alone. Whether the endpoint honours the key is its own affair.
pub(super) struct Http {
    client: Client,
    settings: HttpUplink,
    method: Method,
}

impl Http {
    pub(super) fn new(client: Client, settings: &HttpUplink) -> Self {
        let method = match settings.method {
            HttpMethod::Post => Method::POST,
            HttpMethod::Put => Method::PUT,
        };
        Self { client, settings: settings.clone(), method }
    }

    /// The body as this endpoint wants it.
    fn body(&self, batch: &SealedBatch) -> Result<Bytes, UplinkError> {
        let plain = match (self.settings.body, &batch.lines) {
            (HttpBody::JsonLines, Some(lines)) => lines.clone(),
            (HttpBody::JsonLines, None) => open(&batch.body)?.lines(),
            (HttpBody::JsonArray, _) => array(open(&batch.body)?.records()),
        };
        let packed = match self.settings.compression {
            Compression::None => return Ok(plain),
            Compression::Gzip => gzip(&plain),
            Compression::Zstd => zstd::bulk::compress(&plain, 1),
        };
        let failed = |error| lienthong_protocol::OpenError::Decompress(error);
        Ok(Bytes::from(packed.map_err(failed)?))
    }
}

fn array<'a>(records: impl Iterator<Item = &'a [u8]>) -> Bytes {
    let mut out = vec![b'['];
    for (index, record) in records.enumerate() {
        if index > 0 {
            out.push(b',');
        }
        out.extend_from_slice(record);
    }
    out.push(b']');
    Bytes::from(out)
}

fn content_encoding(compression: Compression) -> Option<&'static str> {
    match compression {
        Compression::None => None,
        Compression::Gzip => Some("gzip"),
        Compression::Zstd => Some("zstd"),
    }
}

fn gzip(plain: &[u8]) -> std::io::Result<Vec<u8>> {
    // The header's time stays zero, so that the same batch gives the same bytes.
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(plain)?;
    encoder.finish()
}

#[async_trait]
impl Uplink for Http {
    fn wants_lines(&self) -> bool {
        self.settings.body == HttpBody::JsonLines
    }

    async fn deliver(&self, sending: Sending<'_>) -> Result<Delivery, UplinkError> {
        let batch = sending.batch;
        let records_max = u32::try_from(self.settings.records_max).unwrap_or(u32::MAX);
        if batch.header.count > records_max {
            return Ok(Delivery::TooLarge { records_max });
        }
        let body = self.body(batch)?;
        let content_type = match self.settings.body {
            HttpBody::JsonLines => "application/jsonl",
            HttpBody::JsonArray => "application/json",
        };
        let mut request = self
            .client
            .request(self.method.clone(), &self.settings.url)
            .header(reqwest::header::CONTENT_TYPE, content_type)
            .header(IDEMPOTENCY_KEY, batch.digest.idempotency_key());
        if let Some(encoding) = content_encoding(self.settings.compression) {
            request = request.header(reqwest::header::CONTENT_ENCODING, encoding);
        }
        request = match &self.settings.auth {
            HttpAuth::None => request,
            HttpAuth::Basic { username, password } => {
                request.basic_auth(username, Some(password.expose()))
            }
            HttpAuth::Bearer { token } => request.bearer_auth(token.expose()),
        };
        for (name, value) in &self.settings.headers {
            request = request.header(name, value.expose());
        }
        let answer = self.client.send(request.body(body)).await?;
        match judge(&self.settings, &answer) {
            Judgement::Accepted => Ok(Delivery::Settled(Outcome {
                delivered: u64::from(batch.header.count),
                ..Outcome::default()
            })),
            Judgement::Refused(words) => Ok(Delivery::RefusedWhole { code: "LT-6011", words }),
            Judgement::Unclear(what) => Err(self.client.garbage(what)),
            Judgement::NotNow => Err(self.client.not_now(&answer)),
        }
    }
}
