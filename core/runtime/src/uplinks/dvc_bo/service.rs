//! Calling the services of a ministry's portal: the token, and the answers.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use lienthong_adapter_api::Secret;
use lienthong_config::DvcBoUplink;
use lienthong_standard::contract::{EndpointContract, Outcome, TokenLogin};
use reqwest::{Method, StatusCode};
use serde_json::Value;
use tokio::sync::Mutex;

use super::super::UplinkError;
use super::super::client::{Answer, Client};
use crate::Clock;

/// How long a token is used that does not say how long it holds.
const HOLDS_SECS: u64 = 300;
/// How much earlier than it ends a token is renewed.
const EARLY_SECS: u64 = 30;

/// The portal's services, and the token that opens them.
pub(super) struct Service {
    client: Client,
    url: String,
    token_url: String,
    client_id: String,
    client_secret: Secret,
    scope: Option<String>,
    names: TokenLogin,
    clock: Arc<dyn Clock>,
    token: Mutex<Option<Token>>,
}

struct Token {
    secret: Secret,
    since: Timestamp,
    holds: Duration,
}

impl Service {
    pub(super) fn new(client: Client, settings: &DvcBoUplink, clock: Arc<dyn Clock>) -> Self {
        Self {
            client,
            url: settings.url.clone(),
            token_url: settings.token_url.clone(),
            client_id: settings.client_id.clone(),
            client_secret: settings.client_secret.clone(),
            scope: settings.scope.clone(),
            names: settings.login.clone(),
            clock,
            token: Mutex::new(None),
        }
    }

    pub(super) fn endpoint(&self) -> &str {
        self.client.endpoint()
    }

    /// Calls a service; with a new token when the one in hand is refused.
    pub(super) async fn post(
        &self,
        contract: &EndpointContract,
        service: &str,
        body: &Value,
    ) -> Result<(Outcome, Value), UplinkError> {
        let url = format!("{}/{service}", self.url);
        for _ in 0..2 {
            let token = self.token().await?;
            let mut request = self.client.request(Method::POST, &url).bearer_auth(token.expose());
            for (name, value) in &contract.transport.headers {
                request = request.header(name, value);
            }
            let answer = self.client.send(request.body(body.to_string())).await?;
            if matches!(answer.status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN) {
                *self.token.lock().await = None;
                continue;
            }
            return self.read(contract, &answer);
        }
        Err(self.client.unauthorised("every new token is refused".to_owned()))
    }

    /// The token; a new one where there is none or it is about to end. One request at a time.
    async fn token(&self) -> Result<Secret, UplinkError> {
        let now = self.clock.now();
        let mut kept = self.token.lock().await;
        if let Some(token) = &*kept {
            // A negative age means that the clock jumped back: the token may be older than it seems.
            let age = Duration::try_from(now.duration_since(token.since));
            if age.is_ok_and(|age| age < token.holds) {
                return Ok(token.secret.clone());
            }
        }
        let mut form = vec![("grant_type", "client_credentials")];
        form.extend(self.scope.as_deref().map(|scope| ("scope", scope)));
        let request = self
            .client
            .request(Method::POST, &self.token_url)
            .basic_auth(&self.client_id, Some(self.client_secret.expose()))
            .form(&form);
        let answer = self.client.send(request).await?;
        if matches!(answer.status, StatusCode::BAD_REQUEST | StatusCode::UNAUTHORIZED) {
            return Err(self
                .client
                .unauthorised("the token service refused the client".to_owned()));
        }
        if !answer.status.is_success() {
            return Err(self.client.not_now(&answer));
        }
        let body: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
        let text = body.get(&self.names.token).and_then(Value::as_str).filter(|t| !t.is_empty());
        let Some(text) = text else {
            return Err(self.client.garbage("the token service gave no token"));
        };
        let holds = match body.get(&self.names.expires_in) {
            Some(Value::Number(secs)) => secs.as_u64(),
            Some(Value::String(secs)) => secs.parse().ok(),
            _ => None,
        };
        let holds = holds.unwrap_or(HOLDS_SECS);
        let holds = Duration::from_secs(holds.saturating_sub(EARLY_SECS).max(holds / 2));
        let secret = Secret::new(text.to_owned());
        *kept = Some(Token { secret: secret.clone(), since: now, holds });
        Ok(secret)
    }

    /// Reads an answer: success or refusal in the contract's form; 400 is a refusal in any form.
    fn read(
        &self,
        contract: &EndpointContract,
        answer: &Answer,
    ) -> Result<(Outcome, Value), UplinkError> {
        let body: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
        let outcome = contract.answer.outcome(&body);
        match (answer.status, outcome) {
            (status, Outcome::Unreadable) if status.is_success() => {
                Err(self.client.garbage("it is not an answer of the contract"))
            }
            (status, outcome) if status.is_success() => Ok((outcome, body)),
            (StatusCode::BAD_REQUEST, Outcome::Accepted | Outcome::Unreadable) => {
                let refused = Outcome::Refused { code: "400".to_owned(), message: answer.words() };
                Ok((refused, body))
            }
            (StatusCode::BAD_REQUEST, outcome) => Ok((outcome, body)),
            _ => Err(self.client.not_now(answer)),
        }
    }
}
