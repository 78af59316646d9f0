//! The client: builds requests, follows redirects, bounds answers.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use bytes::BytesMut;
use jiff::Timestamp;
use lienthong_adapter_api::{Problem, PullError, PullFailure, SecretReader, Section};
use reqwest::header::{HeaderName, HeaderValue};
use reqwest::{Response, Url};

use super::auth::{Credentials, TokenNumber};
use super::transport::{address, transport};
use super::{Auth, Call, KeyPlace, Method, Reply, Transport, failure, shown_url};

/// A client for one system, made by [`Client::build`].
pub struct Client {
    http: reqwest::Client,
    base: Url,
    credentials: Credentials,
    body_bytes_max: u64,
    redirects_max: u8,
    pause: Duration,
    has_asked: AtomicBool,
}

/// What a client is built from.
#[derive(Clone, Copy)]
pub struct ClientParts<'a> {
    /// The operator's settings, for the places of problems: the keys `base_url`, `auth`, `http`.
    pub settings: &'a Section,
    /// Where relative paths of the settings start from.
    pub settings_folder: &'a Path,
    /// The system's address; a request's path is appended to it.
    pub base_url: &'a str,
    /// The credentials.
    pub auth: &'a Auth,
    /// Where a secret of `type = "key"` goes.
    pub key: &'a KeyPlace,
    /// The path of the token endpoint below the base address.
    pub token_path: Option<&'a str>,
    /// Limits and ways.
    pub transport: &'a Transport,
}

impl Client {
    /// Makes a client: reads secrets and certificates, connects to nothing.
    ///
    /// # Errors
    /// Every problem of the settings, with its place.
    pub fn build(parts: ClientParts<'_>, secrets: &dyn SecretReader) -> Result<Self, Vec<Problem>> {
        let mut problems = Vec::new();
        let base = keep(address(parts.base_url, parts.settings, "base_url"), &mut problems);
        let section = parts.settings.child("auth", "`auth`");
        let token_url = match parts.auth {
            Auth::Oauth2 { token_url: Some(url), .. } => {
                keep(address(url, &section, "token_url"), &mut problems)
            }
            _ => parts.token_path.zip(base.as_ref()).and_then(|(path, base)| below(base, path)),
        };
        let read = Credentials::read(parts.auth, parts.key, token_url, &section, secrets);
        let credentials = keep(read, &mut problems);
        let is_plain = base.as_ref().is_some_and(|base| base.scheme() == "http")
            && !matches!(parts.auth, Auth::Oauth2 { token_url: Some(_), .. });
        let http = keep(transport(&parts, is_plain), &mut problems);
        let (Some(base), Some(credentials), Some(http)) = (base, credentials, http) else {
            return Err(problems);
        };
        Ok(Self {
            http,
            base,
            credentials,
            body_bytes_max: parts.transport.body_bytes_max,
            redirects_max: parts.transport.redirects_max,
            pause: Duration::from_millis(parts.transport.pause_millis),
            has_asked: AtomicBool::new(false),
        })
    }

    /// Sends a request and reads the whole answer.
    ///
    /// # Errors
    /// When nobody answers, the answer is larger than allowed, a redirect leads away, or no token
    /// is to be had. An answer with a failing status is an answer: see [`Reply::into_success`].
    pub async fn send(&self, call: &Call, now: Option<Timestamp>) -> Result<Reply, PullError> {
        let (reply, token) = self.send_once(call, now).await?;
        if reply.status == 401 && self.credentials.renew(token).await {
            return Ok(self.send_once(call, now).await?.0);
        }
        Ok(reply)
    }

    /// Asks the system what time it is, by the `Date` of whatever it answers; for checks, which
    /// have no clock. Sends no credentials.
    ///
    /// # Errors
    /// When nobody answers.
    pub async fn date(&self) -> Result<Option<Timestamp>, PullError> {
        let place = format!("GET {}", shown_url(&self.base));
        let sent = self.http.get(self.base.clone()).send().await;
        let response = sent.map_err(|error| failure::of_transport(error, &place))?;
        Ok(date(&response))
    }

    /// Resolves a link that the system gave. The secret that a link may repeat is taken out of it:
    /// links are stored in cursors.
    ///
    /// # Errors
    /// When it is no address, or leads to another host.
    pub fn resolve(&self, from: &Reply, link: &str) -> Result<Url, PullError> {
        let unexpected =
            |what: String| PullError::new(PullFailure::Unexpected(what), from.place.clone());
        let mut url = from
            .url
            .join(link)
            .map_err(|_| unexpected("the next link is not an address".to_owned()))?;
        if url.origin() != self.base.origin() {
            let host = url.origin().ascii_serialization();
            return Err(unexpected(format!("the next link leads to another host, {host}")));
        }
        self.forget_secret(&mut url);
        Ok(url)
    }

    async fn send_once(
        &self,
        call: &Call,
        now: Option<Timestamp>,
    ) -> Result<(Reply, TokenNumber), PullError> {
        if self.has_asked.swap(true, Ordering::Relaxed) && !self.pause.is_zero() {
            tokio::time::sleep(self.pause).await;
        }
        let mut url = self.address_of(call)?;
        self.credentials.complete(&mut url);
        let mut redirects = 0;
        loop {
            let place = format!("{} {}", call.method.name(), shown_url(&url));
            let request = self.request(call, url.clone(), &place)?;
            let (request, token) = self.credentials.sign(request, &self.http, now).await?;
            let sent = request.send().await;
            let response = sent.map_err(|error| failure::of_transport(error, &place))?;
            let Some(target) = redirect_target(&response, call.method) else {
                return Ok((self.read(response, url, place, now).await?, token));
            };
            redirects += 1;
            url = self.follow(&url, &target, redirects, &place)?;
        }
    }

    fn address_of(&self, call: &Call) -> Result<Url, PullError> {
        if let Some(link) = &call.link {
            // A cursor is data that comes back from a store: it is checked again.
            if link.origin() != self.base.origin() {
                let what = "its link leads to another host".to_owned();
                return Err(PullError::new(PullFailure::BadCursor(what), shown_url(link)));
            }
            return Ok(link.clone());
        }
        let Some(mut url) = below(&self.base, &call.path) else {
            let what = "the path does not make an address".to_owned();
            return Err(PullError::new(PullFailure::Unexpected(what), shown_url(&self.base)));
        };
        if !call.query.is_empty() {
            url.query_pairs_mut().extend_pairs(&call.query);
        }
        Ok(url)
    }

    fn request(
        &self,
        call: &Call,
        url: Url,
        place: &str,
    ) -> Result<reqwest::RequestBuilder, PullError> {
        let mut request = match call.method {
            Method::Get => self.http.get(url),
            Method::Post => self.http.post(url),
        };
        for (name, value) in &call.headers {
            let name = HeaderName::try_from(name.as_str());
            let value = HeaderValue::try_from(value.as_str());
            let (Ok(name), Ok(value)) = (name, value) else {
                let what = "a header's name or value can't be sent".to_owned();
                return Err(PullError::new(PullFailure::Unexpected(what), place));
            };
            request = request.header(name, value);
        }
        if let Some(body) = &call.body {
            request = request.header("content-type", &body.content_type).body(body.bytes.clone());
        }
        Ok(request)
    }

    fn follow(&self, from: &Url, target: &str, count: u8, place: &str) -> Result<Url, PullError> {
        let refused = |what: String| PullError::new(PullFailure::Refused(what), place);
        let url = from
            .join(target)
            .map_err(|_| refused("it redirects to something that is no address".to_owned()))?;
        if count > self.redirects_max {
            return Err(refused(format!("more than {} redirects", self.redirects_max)));
        }
        if self.credentials.are_sent() && url.origin() != from.origin() {
            let host = url.origin().ascii_serialization();
            return Err(refused(format!(
                "it redirects to another host, {host}, which must not see our credentials"
            )));
        }
        Ok(url)
    }

    async fn read(
        &self,
        mut response: Response,
        mut url: Url,
        place: String,
        now: Option<Timestamp>,
    ) -> Result<Reply, PullError> {
        let limit = self.body_bytes_max;
        let too_large = || PullError::new(PullFailure::TooLarge { limit }, place.clone());
        if response.content_length().is_some_and(|length| length > limit) {
            return Err(too_large());
        }
        let header = |name: &str| {
            response.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
        };
        let status = response.status().as_u16();
        let failure = failure::of_status(status, header("retry-after").as_deref(), now);
        let (link, date) = (header("link"), date(&response));
        let mut body = BytesMut::new();
        while let Some(chunk) =
            response.chunk().await.map_err(|error| failure::of_transport(error, &place))?
        {
            if (body.len() + chunk.len()) as u64 > limit {
                return Err(too_large());
            }
            body.extend_from_slice(&chunk);
        }
        self.forget_secret(&mut url);
        Ok(Reply { status, place, url, link, date, body: body.freeze(), failure })
    }

    fn forget_secret(&self, url: &mut Url) {
        let Some(secret) = self.credentials.secret_query() else { return };
        let kept: Vec<_> =
            url.query_pairs().filter(|(name, _)| name != secret).map(own_pair).collect();
        url.set_query(None);
        if !kept.is_empty() {
            url.query_pairs_mut().extend_pairs(kept);
        }
    }
}

fn own_pair(pair: (std::borrow::Cow<'_, str>, std::borrow::Cow<'_, str>)) -> (String, String) {
    (pair.0.into_owned(), pair.1.into_owned())
}

fn date(response: &Response) -> Option<Timestamp> {
    let value = response.headers().get("date")?.to_str().ok()?;
    jiff::fmt::rfc2822::parse(value).ok().map(|date| date.timestamp())
}

/// Where a redirect leads. One that would turn a `POST` into a `GET` is none: the answer to the
/// other request is not what was asked for.
fn redirect_target(response: &Response, method: Method) -> Option<String> {
    let is_redirect = match response.status().as_u16() {
        307 | 308 => true,
        301..=303 => method == Method::Get,
        _ => false,
    };
    let target = response.headers().get("location")?.to_str().ok()?;
    is_redirect.then(|| target.to_owned())
}

/// Appends a path to the base address, which may have a path of its own.
fn below(base: &Url, path: &str) -> Option<Url> {
    let mut url = base.clone();
    let prefix = base.path().trim_end_matches('/');
    let (path, query) = path.split_once('?').map_or((path, None), |(path, q)| (path, Some(q)));
    url.set_path(&format!("{prefix}/{}", path.trim_start_matches('/')));
    url.set_query(query);
    (url.origin() == base.origin()).then_some(url)
}

fn keep<T>(result: Result<T, Vec<Problem>>, problems: &mut Vec<Problem>) -> Option<T> {
    result.map_err(|found| problems.extend(found)).ok()
}
