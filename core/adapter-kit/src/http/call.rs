//! A request and its answer.

use bytes::Bytes;
use jiff::Timestamp;
use lienthong_adapter_api::{PullError, PullFailure};
use reqwest::Url;
use schemars::JsonSchema;
use serde::Deserialize;

use super::shown_url;

/// The methods that read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
pub enum Method {
    /// The usual one.
    #[default]
    Get,
    /// For systems that want their query in the body.
    Post,
}

/// One request.
#[derive(Clone, Debug, Default)]
pub struct Call {
    /// The method.
    pub method: Method,
    /// The path below the base address, percent-encoded, with a leading slash.
    pub path: String,
    /// An address that the system itself gave, instead of path and query.
    pub link: Option<Url>,
    /// The query's parameters, not yet encoded.
    pub query: Vec<(String, String)>,
    /// Headers besides those of the credentials.
    pub headers: Vec<(String, String)>,
    /// The body of a `POST`.
    pub body: Option<CallBody>,
}

/// The body of a request.
#[derive(Clone, Debug)]
pub struct CallBody {
    /// Its media type.
    pub content_type: String,
    /// Its bytes.
    pub bytes: Bytes,
}

/// A whole answer, whatever its status.
#[derive(Clone, Debug)]
pub struct Reply {
    /// The status.
    pub status: u16,
    /// The method and address, for messages.
    pub place: String,
    /// The address that answered, without secrets: what relative links start from.
    pub url: Url,
    /// The `Link` header.
    pub link: Option<String>,
    /// The `Date` header.
    pub date: Option<Timestamp>,
    /// The body, decompressed.
    pub body: Bytes,
    pub(super) failure: Option<PullFailure>,
}

impl Method {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
        }
    }
}

impl Reply {
    /// A successful answer without headers, to try a reader of answers with.
    pub fn of(url: Url, body: impl Into<Bytes>) -> Self {
        let place = format!("GET {}", shown_url(&url));
        let body = body.into();
        Self { status: 200, place, url, link: None, date: None, body, failure: None }
    }

    /// What the status means as a failure; `None` for a success.
    pub fn failure(&self) -> Option<&PullFailure> {
        self.failure.as_ref()
    }

    /// The answer, if its status is a success.
    ///
    /// # Errors
    /// What the status means: refused credentials, a busy system, a wrong request.
    pub fn into_success(self) -> Result<Self, PullError> {
        match self.failure {
            Some(failure) => Err(PullError::new(failure, self.place)
                .caused_by(format!("it answered with HTTP {}", self.status))),
            None => Ok(self),
        }
    }
}
