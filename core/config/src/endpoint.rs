//! Where records go up, as the runtime's uplinks need it.

use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::sync::Arc;

use lienthong_adapter_api::Secret;
use lienthong_standard::contract::{EndpointContract, Envelope, Session, TokenLogin};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One endpoint that records go up to.
#[derive(Clone, Debug)]
pub struct EndpointPlan {
    /// Its name in the settings.
    pub name: String,
    /// What it speaks.
    pub kind: EndpointKind,
    /// The feeds that go there; never empty.
    pub feeds: Vec<FeedName>,
    /// How long one request may take.
    pub timeout_secs: u32,
    /// How many requests may be under way at once, of different feeds.
    pub in_flight_max: usize,
    /// After how many failed attempts of one batch an alarm is raised.
    pub attempts_alarm: u32,
    /// When to leave it alone for a while.
    pub breaker: Breaker,
    /// How long to wait between attempts.
    pub retry: Retry,
    /// Whether a newer full state may stand for older ones that it has not seen yet. Applies only
    /// to record types whose history allows it.
    pub coalesce: bool,
}

/// A feed by the names of its source and itself.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FeedName {
    /// The source's name in the settings.
    pub source: String,
    /// The feed's name in `adapter.toml`.
    pub feed: String,
}

/// The circuit breaker of an endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Breaker {
    /// It opens after this many failures in a row.
    pub failures: u32,
    /// How long it stays open before one request is let through.
    pub open_secs: u32,
}

/// Waiting times between attempts: from `min_secs`, doubling, to `max_secs`, with jitter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retry {
    /// After the first failure.
    pub min_secs: u32,
    /// The longest.
    pub max_secs: u32,
}

/// What an endpoint speaks.
#[derive(Clone, Debug)]
pub enum EndpointKind {
    /// A hub of ours.
    Hub(HubUplink),
    /// Any HTTP endpoint.
    Http(Box<HttpUplink>),
    /// The contract of the National Public Service Portal.
    Dvcqg(Box<DvcqgUplink>),
    /// The contract of a ministry's public service portal.
    DvcBo(Box<DvcBoUplink>),
}

/// A hub and how to be let in.
#[derive(Clone, Debug)]
pub struct HubUplink {
    /// Its address without a path; no slash at the end.
    pub url: String,
    /// The agency's token.
    pub token: Secret,
    /// A file of certificates (PEM) to trust instead of the public ones.
    pub tls_root: Option<PathBuf>,
}

/// Any HTTP endpoint and how it wants to be spoken to.
#[derive(Clone, Debug)]
pub struct HttpUplink {
    /// The full address.
    pub url: String,
    /// The request's method.
    pub method: HttpMethod,
    /// How a batch is written.
    pub body: HttpBody,
    /// How the body is compressed.
    pub compression: Compression,
    /// Headers of every request.
    pub headers: Vec<(String, HeaderValue)>,
    /// How to be let in.
    pub auth: HttpAuth,
    /// When a batch has arrived.
    pub success: SuccessRule,
    /// Statuses by which the endpoint refuses the batch itself: it is bisected. Any other failure
    /// is tried again.
    pub refuse_statuses: Vec<RangeInclusive<u16>>,
    /// The most records of one request.
    pub records_max: usize,
    /// A file of certificates (PEM) to trust instead of the public ones.
    pub tls_root: Option<PathBuf>,
}

/// The method of an HTTP endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
pub enum HttpMethod {
    /// POST.
    Post,
    /// PUT.
    Put,
}

/// How a batch is written for an HTTP endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum HttpBody {
    /// One record a line.
    JsonLines,
    /// One array.
    JsonArray,
}

/// How a body is compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Compression {
    /// Not at all.
    None,
    /// gzip.
    Gzip,
    /// Zstandard.
    Zstd,
}

/// The value of a header: open or secret.
#[derive(Clone, Debug)]
pub enum HeaderValue {
    /// Written in the settings.
    Text(String),
    /// Kept elsewhere.
    Secret(Secret),
}

impl HeaderValue {
    /// The value itself, for the one place that sends it.
    pub fn expose(&self) -> &str {
        match self {
            Self::Text(text) => text,
            Self::Secret(secret) => secret.expose(),
        }
    }
}

/// How an HTTP endpoint lets the connector in.
#[derive(Clone, Debug)]
pub enum HttpAuth {
    /// It lets anybody in, or the headers do it.
    None,
    /// User and password.
    Basic {
        /// The user.
        username: String,
        /// The password.
        password: Secret,
    },
    /// A token.
    Bearer {
        /// The token.
        token: Secret,
    },
}

/// When an HTTP endpoint has taken a batch.
#[derive(Clone, Debug, PartialEq)]
pub struct SuccessRule {
    /// The statuses that say so.
    pub statuses: Vec<RangeInclusive<u16>>,
    /// What the JSON body must say besides.
    pub body: Option<BodyRule>,
}

/// What the JSON body of an answer must say.
#[derive(Clone, Debug, PartialEq)]
pub struct BodyRule {
    /// The way to the value: keys, or positions in a list.
    pub path: Vec<String>,
    /// What it must be; compared as text, so that `0` and `"0"` are the same.
    pub equals: String,
}

/// The National Public Service Portal (or a security server in front of it).
#[derive(Clone, Debug)]
pub struct DvcqgUplink {
    /// The address without a path; no slash at the end.
    pub url: String,
    /// The path of the login.
    pub login_path: String,
    /// The path of the services.
    pub service_path: String,
    /// The user.
    pub username: String,
    /// The password.
    pub password: Secret,
    /// The destination code, sent in the header `dstcode`.
    pub destination: Option<String>,
    /// The unit's code, sent as `madonvi`.
    pub unit: String,
    /// How long a session is used before the next login.
    pub session_secs: u32,
    /// What the portal expects.
    pub contract: Arc<EndpointContract>,
    /// How the contract opens a session.
    pub session: Session,
    /// What the contract puts around the records.
    pub envelope: Envelope,
    /// A file of certificates (PEM) to trust instead of the public ones.
    pub tls_root: Option<PathBuf>,
}

/// A ministry's public service portal (or the LGSP in front of it).
#[derive(Clone, Debug)]
pub struct DvcBoUplink {
    /// The address that the services lie below; no slash at the end.
    pub url: String,
    /// The full address of the token service.
    pub token_url: String,
    /// The client's id.
    pub client_id: String,
    /// The client's secret.
    pub client_secret: Secret,
    /// What the token is asked for, where the service wants to be told.
    pub scope: Option<String>,
    /// The receiving unit's code.
    pub unit: String,
    /// What the portal expects.
    pub contract: Arc<EndpointContract>,
    /// How the contract reads a token.
    pub login: TokenLogin,
    /// A file of certificates (PEM) to trust instead of the public ones.
    pub tls_root: Option<PathBuf>,
}

impl BodyRule {
    /// Whether an answer says what it must.
    pub fn holds(&self, answer: &serde_json::Value) -> bool {
        let mut at = answer;
        for step in &self.path {
            let next = match at {
                serde_json::Value::Array(list) => {
                    step.parse::<usize>().ok().and_then(|index| list.get(index))
                }
                _ => at.get(step),
            };
            let Some(next) = next else { return false };
            at = next;
        }
        match at {
            serde_json::Value::String(text) => *text == self.equals,
            serde_json::Value::Array(_) | serde_json::Value::Object(_) => false,
            other => self.equals == other.to_string().as_str(),
        }
    }
}

impl SuccessRule {
    /// Whether the status alone could be a success.
    pub fn takes_status(&self, status: u16) -> bool {
        self.statuses.iter().any(|range| range.contains(&status))
    }
}
