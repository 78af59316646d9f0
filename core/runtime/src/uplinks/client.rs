//! The HTTP client of one endpoint: bounded answers, and errors that hold no secret.

use std::path::PathBuf;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use jiff::Timestamp;
use lienthong_config::{EndpointKind, EndpointPlan};
use lienthong_protocol::ProblemDetails;
use reqwest::header::RETRY_AFTER;
use reqwest::{RequestBuilder, Response, StatusCode};

use super::UplinkError;

/// The most bytes of an answer that are read.
const ANSWER_BYTES_MAX: usize = 4 << 20;
/// The most characters of an answer that go into an error or into quarantine.
const WORDS_MAX: usize = 500;

/// The HTTP client of one endpoint.
pub(super) struct Client {
    endpoint: String,
    inner: reqwest::Client,
}

/// An answer, read whole.
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) retry_after: Option<Duration>,
    pub(super) body: Bytes,
}

impl Client {
    pub(super) fn new(plan: &EndpointPlan) -> Result<Self, UplinkError> {
        let failed = |source: Box<dyn std::error::Error + Send + Sync>| UplinkError::Client {
            endpoint: plan.name.clone(),
            source,
        };
        // Two libraries of the tree would each choose a provider; the first call decides, and the
        // later ones find it done.
        drop(rustls::crypto::ring::default_provider().install_default());
        let mut builder = reqwest::Client::builder()
            .timeout(Duration::from_secs(u64::from(plan.timeout_secs)))
            .connect_timeout(Duration::from_secs(u64::from(plan.timeout_secs.min(10))))
            .redirect(reqwest::redirect::Policy::none())
            .user_agent(concat!("lienthong/", env!("CARGO_PKG_VERSION")));
        if let Some(path) = tls_root(&plan.kind) {
            let pem = std::fs::read(path).map_err(|error| failed(error.into()))?;
            let roots = reqwest::Certificate::from_pem_bundle(&pem)
                .map_err(|error| failed(error.into()))?;
            builder = builder.tls_certs_only(roots);
        }
        let inner = builder.build().map_err(|error| failed(error.into()))?;
        Ok(Self { endpoint: plan.name.clone(), inner })
    }

    pub(super) fn endpoint(&self) -> &str {
        &self.endpoint
    }

    pub(super) fn request(&self, method: reqwest::Method, url: &str) -> RequestBuilder {
        self.inner.request(method, url)
    }

    /// Sends a request and reads the answer, whatever its status.
    pub(super) async fn send(&self, request: RequestBuilder) -> Result<Answer, UplinkError> {
        let response = request.send().await.map_err(|error| self.unreachable(error))?;
        let status = response.status();
        let retry_after = retry_after(&response);
        let body = self.read(response).await?;
        Ok(Answer { status, retry_after, body })
    }

    async fn read(&self, mut response: Response) -> Result<Bytes, UplinkError> {
        let mut body = BytesMut::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| self.unreachable(error))? {
            if body.len() + chunk.len() > ANSWER_BYTES_MAX {
                return Err(self.garbage(format!("it is longer than {ANSWER_BYTES_MAX} bytes")));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body.freeze())
    }

    fn unreachable(&self, error: reqwest::Error) -> UplinkError {
        UplinkError::Unreachable { endpoint: self.endpoint.clone(), source: error.without_url() }
    }

    pub(super) fn garbage(&self, what: impl Into<String>) -> UplinkError {
        UplinkError::Garbage { endpoint: self.endpoint.clone(), what: what.into() }
    }

    pub(super) fn unauthorised(&self, words: String) -> UplinkError {
        UplinkError::Unauthorised { endpoint: self.endpoint.clone(), words }
    }

    /// The error for an answer that says neither yes nor no to the batch.
    pub(super) fn not_now(&self, answer: &Answer) -> UplinkError {
        let words = answer.public_words();
        if matches!(answer.status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN) {
            return self.unauthorised(words);
        }
        UplinkError::Unavailable {
            endpoint: self.endpoint.clone(),
            status: answer.status.as_u16(),
            words,
            retry_after: answer.retry_after,
        }
    }
}

impl Answer {
    /// What may stand in a log: the words of problem details (RFC 9457), which are written for that.
    /// Any other body could repeat a record, and with it personal data.
    fn public_words(&self) -> String {
        match serde_json::from_slice::<ProblemDetails>(&self.body) {
            Ok(problem) if !problem.detail.is_empty() => {
                format!("{} {}", problem.code, problem.detail)
            }
            _ => "no further words".to_owned(),
        }
    }

    /// The beginning of the body as text, on one line. For quarantine alone: it may hold personal
    /// data.
    pub(super) fn words(&self) -> String {
        let text = String::from_utf8_lossy(&self.body);
        let line: Vec<&str> = text.split_whitespace().collect();
        line.join(" ").chars().take(WORDS_MAX).collect()
    }
}

fn tls_root(kind: &EndpointKind) -> Option<&PathBuf> {
    match kind {
        EndpointKind::Hub(settings) => settings.tls_root.as_ref(),
        EndpointKind::Http(settings) => settings.tls_root.as_ref(),
        EndpointKind::Dvcqg(settings) => settings.tls_root.as_ref(),
        EndpointKind::DvcBo(settings) => settings.tls_root.as_ref(),
    }
}

/// `Retry-After` as seconds, or as an HTTP date relative to the answer's own `Date`, so that no
/// clock of ours has to agree with theirs.
fn retry_after(response: &Response) -> Option<Duration> {
    let text = |name| response.headers().get(name).and_then(|value| value.to_str().ok());
    let value = text(RETRY_AFTER)?.trim();
    if let Ok(seconds) = value.parse::<u64>() {
        return Some(Duration::from_secs(seconds));
    }
    let moment = |text: &str| jiff::fmt::rfc2822::parse(text).ok().map(|zoned| zoned.timestamp());
    let until: Timestamp = moment(value)?;
    let sent = moment(text(reqwest::header::DATE)?)?;
    Some(Duration::try_from(until.duration_since(sent)).unwrap_or(Duration::ZERO))
}
