//! Credentials in use: what is added to a request, and the OAuth 2.0 token in memory.

use std::time::Duration;

use jiff::Timestamp;
use lienthong_adapter_api::{Problem, PullError, PullFailure, Secret, SecretReader, Section};
use reqwest::header::{HeaderName, HeaderValue};
use reqwest::{RequestBuilder, Url};
use serde::Deserialize;
use tokio::sync::Mutex;

use super::{Auth, ClientAuth, KeyPlace, failure, shown_url};

/// How long before its end a token is no longer used, so that none runs out on the way.
const MARGIN: Duration = Duration::from_secs(30);

/// The most bytes of a token endpoint's answer.
const ANSWER_BYTES_MAX: usize = 64 << 10;

/// The credentials of one client, with their secrets read.
pub(super) enum Credentials {
    None,
    Basic { username: String, password: Secret },
    Bearer(Secret),
    Key { value: Secret, header: Option<String>, query: Option<String> },
    Oauth2(Box<Oauth2>),
}

/// OAuth 2.0 client credentials and the token in use.
pub(super) struct Oauth2 {
    client_id: String,
    client_secret: Secret,
    token_url: Url,
    scope: Option<String>,
    client_auth: ClientAuth,
    token: Mutex<Held>,
}

/// The token in use, and how many there were.
#[derive(Default)]
struct Held {
    token: Option<Token>,
    count: u64,
}

struct Token {
    value: Secret,
    expires: Option<Timestamp>,
    number: u64,
}

/// The number of the token that a request was signed with; none where there are no tokens.
pub(super) type TokenNumber = Option<u64>;

/// A token endpoint's answer (RFC 6749, section 5.1); some endpoints write the time as text.
#[derive(Deserialize)]
struct TokenAnswer {
    access_token: String,
    token_type: Option<String>,
    expires_in: Option<serde_json::Value>,
}

impl Credentials {
    /// Reads the secrets that the settings name. `section` is that of `auth`, for messages.
    pub(super) fn read(
        auth: &Auth,
        key: &KeyPlace,
        token_url: Option<Url>,
        section: &Section,
        secrets: &dyn SecretReader,
    ) -> Result<Self, Vec<Problem>> {
        let secret = |name: &str, reference| {
            secrets.read(reference).map_err(|error| {
                let label = "the secret can't be read";
                vec![section.problem_at(
                    section.span_of(name),
                    "LT-1070",
                    error.to_string(),
                    label,
                    None,
                )]
            })
        };
        Ok(match auth {
            Auth::None => Self::None,
            Auth::Basic { username, password } => {
                Self::Basic { username: username.clone(), password: secret("password", password)? }
            }
            Auth::Bearer { token } => Self::Bearer(secret("token", token)?),
            Auth::Header { name, value } => {
                let place = KeyPlace { header: Some(name.clone()), query: None };
                Self::key(secret("value", value)?, place, section)?
            }
            Auth::Key { value } => Self::key(secret("value", value)?, key.clone(), section)?,
            Auth::Oauth2 { client_id, client_secret, scope, client_auth, .. } => {
                let client_secret = secret("client_secret", client_secret)?;
                let Some(token_url) = token_url else {
                    let text = "it is not known where tokens come from";
                    let hint = "add `token_url`".to_owned();
                    let label = "no token address here and none in adapter.toml";
                    return Err(vec![section.problem_at(
                        section.span(),
                        "LT-1005",
                        text,
                        label,
                        Some(hint),
                    )]);
                };
                Self::Oauth2(Box::new(Oauth2 {
                    client_id: client_id.clone(),
                    client_secret,
                    token_url,
                    scope: scope.clone(),
                    client_auth: *client_auth,
                    token: Mutex::default(),
                }))
            }
        })
    }

    fn key(value: Secret, place: KeyPlace, section: &Section) -> Result<Self, Vec<Problem>> {
        let wrong = |text: &str, label| {
            let span = section.span();
            vec![section.problem_at(span, "LT-1071", text, label, None)]
        };
        let KeyPlace { header, query } = place;
        if header.is_none() && query.is_none() {
            let text = "the system has no place for a key: see its `[connection.key]`";
            return Err(wrong(text, "goes nowhere"));
        }
        if let Some(name) = &header {
            HeaderName::try_from(name.as_str())
                .map_err(|_| wrong("this can't be the name of a header", "check the name"))?;
            HeaderValue::try_from(value.expose())
                .map_err(|_| wrong("the secret can't stand in a header", "check its letters"))?;
        }
        Ok(Self::Key { value, header, query })
    }

    /// Whether anything is sent that another host must not see.
    pub(super) fn are_sent(&self) -> bool {
        !matches!(self, Self::None)
    }

    /// The query parameter that carries a secret.
    pub(super) fn secret_query(&self) -> Option<&str> {
        match self {
            Self::Key { query, .. } => query.as_deref(),
            _ => None,
        }
    }

    /// Adds the secret's query parameter to an address.
    pub(super) fn complete(&self, url: &mut Url) {
        if let Self::Key { value, query: Some(name), .. } = self {
            url.query_pairs_mut().append_pair(name, value.expose());
        }
    }

    /// Adds the headers. May ask the token endpoint.
    pub(super) async fn sign(
        &self,
        request: RequestBuilder,
        http: &reqwest::Client,
        now: Option<Timestamp>,
    ) -> Result<(RequestBuilder, TokenNumber), PullError> {
        let signed = match self {
            Self::None | Self::Key { header: None, .. } => request,
            Self::Basic { username, password } => {
                request.basic_auth(username, Some(password.expose()))
            }
            Self::Bearer(token) => request.bearer_auth(token.expose()),
            Self::Key { value, header: Some(name), .. } => request.header(name, value.expose()),
            Self::Oauth2(oauth2) => {
                let (token, number) = oauth2.token(http, now).await?;
                return Ok((request.bearer_auth(token.expose()), Some(number)));
            }
        };
        Ok((signed, None))
    }

    /// Forgets a token that the system no longer takes, unless another request has renewed it
    /// already. False where there are no tokens.
    pub(super) async fn renew(&self, refused: TokenNumber) -> bool {
        let (Self::Oauth2(oauth2), Some(number)) = (self, refused) else { return false };
        let mut held = oauth2.token.lock().await;
        held.token.take_if(|token| token.number == number);
        true
    }
}

impl Oauth2 {
    async fn token(
        &self,
        http: &reqwest::Client,
        now: Option<Timestamp>,
    ) -> Result<(Secret, u64), PullError> {
        // The lock is held while the endpoint answers, so that several feeds ask it once.
        let mut held = self.token.lock().await;
        if let Some(token) = &held.token
            && token.expires.zip(now).is_none_or(|(expires, now)| now < expires)
        {
            return Ok((token.value.clone(), token.number));
        }
        let (value, expires) = self.fetch(http, now).await?;
        held.count += 1;
        let number = held.count;
        held.token = Some(Token { value: value.clone(), expires, number });
        Ok((value, number))
    }

    async fn fetch(
        &self,
        http: &reqwest::Client,
        now: Option<Timestamp>,
    ) -> Result<(Secret, Option<Timestamp>), PullError> {
        let place = format!("POST {}", shown_url(&self.token_url));
        let mut form = vec![("grant_type", "client_credentials")];
        form.extend(self.scope.as_deref().map(|scope| ("scope", scope)));
        let mut request = http.post(self.token_url.clone());
        match self.client_auth {
            ClientAuth::Basic => {
                request = request.basic_auth(&self.client_id, Some(self.client_secret.expose()));
            }
            ClientAuth::Body => {
                form.push(("client_id", &self.client_id));
                form.push(("client_secret", self.client_secret.expose()));
            }
        }
        let sent = request.form(&form).header("accept", "application/json").send().await;
        let mut response = sent.map_err(|error| failure::of_transport(error, &place))?;
        let status = response.status().as_u16();
        let wait = response.headers().get("retry-after").and_then(|value| value.to_str().ok());
        let refusal = match failure::of_status(status, wait, now) {
            // RFC 6749, section 5.2: a refused client is told so with 400 as well.
            Some(PullFailure::Refused(_)) => Some(PullFailure::Unauthorised),
            other => other,
        };
        let mut body = Vec::new();
        while let Some(chunk) =
            response.chunk().await.map_err(|error| failure::of_transport(error, &place))?
        {
            body.extend_from_slice(&chunk);
            if body.len() > ANSWER_BYTES_MAX {
                let limit = ANSWER_BYTES_MAX as u64;
                return Err(PullError::new(PullFailure::TooLarge { limit }, place));
            }
        }
        if let Some(refusal) = refusal {
            let error = PullError::new(refusal, place);
            return Err(match error_word(&body) {
                Some(word) => error.caused_by(format!("the token endpoint says `{word}`")),
                None => error.caused_by(format!("HTTP {status}")),
            });
        }
        let unexpected =
            |what: &str| PullError::new(PullFailure::Unexpected(what.to_owned()), place.clone());
        let answer: TokenAnswer =
            serde_json::from_slice(&body).map_err(|_| unexpected("not a token answer"))?;
        if answer.token_type.is_some_and(|kind| !kind.eq_ignore_ascii_case("bearer")) {
            return Err(unexpected("the token is not a bearer token"));
        }
        if answer.access_token.is_empty() {
            return Err(unexpected("the token is empty"));
        }
        let secs = answer.expires_in.as_ref().and_then(seconds);
        let expires = now.zip(secs).and_then(|(now, secs)| {
            now.checked_add(Duration::from_secs(secs).saturating_sub(MARGIN)).ok()
        });
        Ok((Secret::new(answer.access_token), expires))
    }
}

fn seconds(value: &serde_json::Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str()?.trim().parse().ok())
}

/// The error code of RFC 6749, section 5.2, if it is a plain word: never free text, which could
/// repeat what was sent.
fn error_word(body: &[u8]) -> Option<String> {
    let answer: serde_json::Value = serde_json::from_slice(body).ok()?;
    let word = answer.get("error")?.as_str()?;
    let is_plain = word.len() <= 40 && word.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
    is_plain.then(|| word.to_owned())
}
