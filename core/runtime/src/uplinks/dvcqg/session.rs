//! Talking to the portal: login, renewal, the envelope around every request.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use lienthong_adapter_api::Secret;
use lienthong_config::DvcqgUplink;
use lienthong_standard::contract::{EndpointContract, Envelope, Outcome, Session, Updating};
use reqwest::{Method, StatusCode};
use serde_json::{Map, Value};
use tokio::sync::Mutex;

use super::super::UplinkError;
use super::super::client::{Answer, Client};
use crate::Clock;

/// The portal, or a security server in front of it.
pub(super) struct Portal {
    client: Client,
    login_url: String,
    service_url: String,
    username: String,
    password: Secret,
    destination: Option<String>,
    unit: String,
    session_for: Duration,
    clock: Arc<dyn Clock>,
    names: Session,
    envelope: Envelope,
    session: Mutex<Option<Open>>,
}

struct Open {
    token: Secret,
    since: Timestamp,
}

impl Portal {
    pub(super) fn new(client: Client, settings: &DvcqgUplink, clock: Arc<dyn Clock>) -> Self {
        let from_contract = u64::from(settings.session.minutes) * 60;
        let session_secs = u64::from(settings.session_secs).min(from_contract);
        Self {
            client,
            login_url: format!("{}{}", settings.url, settings.login_path),
            service_url: format!("{}{}", settings.url, settings.service_path),
            username: settings.username.clone(),
            password: settings.password.clone(),
            destination: settings.destination.clone(),
            unit: settings.unit.clone(),
            session_for: Duration::from_secs(session_secs),
            clock,
            names: settings.session.clone(),
            envelope: settings.envelope.clone(),
            session: Mutex::new(None),
        }
    }

    pub(super) fn endpoint(&self) -> &str {
        self.client.endpoint()
    }

    /// Sends records to a service that need not be told whether they are new.
    pub(super) async fn ask(
        &self,
        contract: &EndpointContract,
        service: &str,
        data: Value,
    ) -> Result<Outcome, UplinkError> {
        let members = vec![(self.envelope.data.as_str(), data)];
        Ok(self.call(contract, service, &members).await?.0)
    }

    /// Sends records to a service that is told whether they are new.
    pub(super) async fn write(
        &self,
        contract: &EndpointContract,
        service: &str,
        (member, value): (&str, &str),
        data: Value,
    ) -> Result<Outcome, UplinkError> {
        let members = vec![(member, Value::from(value)), (self.envelope.data.as_str(), data)];
        Ok(self.call(contract, service, &members).await?.0)
    }

    /// Asks whether the portal has a record.
    pub(super) async fn look_up(
        &self,
        contract: &EndpointContract,
        updating: &Updating,
        key: &str,
    ) -> Result<bool, UplinkError> {
        let members = vec![(updating.lookup_argument.as_str(), Value::from(key))];
        let (outcome, body) = self.call(contract, &updating.lookup_service, &members).await?;
        // A look-up that finds nothing may be answered as a refusal; the write then decides.
        Ok(outcome == Outcome::Accepted && contract.answer.is_found(&body))
    }

    /// Calls a service with a session; with a new one when the portal says that it has ended.
    async fn call(
        &self,
        contract: &EndpointContract,
        service: &str,
        members: &[(&str, Value)],
    ) -> Result<(Outcome, Value), UplinkError> {
        for attempt in 0..2 {
            let session = self.session(contract).await?;
            let mut body = Map::new();
            let envelope = &self.envelope;
            body.insert(envelope.session.clone(), Value::from(session.expose()));
            body.insert(envelope.agency.clone(), Value::from(self.unit.as_str()));
            body.insert(envelope.service.clone(), Value::from(service));
            for (name, value) in members {
                body.insert((*name).to_owned(), value.clone());
            }
            let answer = self.post(contract, &self.service_url, &Value::Object(body)).await?;
            let (outcome, body) = self.read(contract, &answer)?;
            if outcome != Outcome::SessionEnded {
                return Ok((outcome, body));
            }
            tracing::debug!(endpoint = self.endpoint(), attempt, "the session has ended");
            *self.session.lock().await = None;
        }
        let words = "every new session is answered as ended".to_owned();
        Err(self.client.unauthorised(words))
    }

    /// The session, from a login where there is none or it is too old. One login at a time.
    async fn session(&self, contract: &EndpointContract) -> Result<Secret, UplinkError> {
        let now = self.clock.now();
        let mut kept = self.session.lock().await;
        if let Some(session) = &*kept {
            let age = Duration::try_from(now.duration_since(session.since));
            // A negative age means that the clock jumped back: the session may be older than it seems.
            if age.is_ok_and(|age| age < self.session_for) {
                return Ok(session.token.clone());
            }
        }
        let mut body = Map::new();
        let names = &self.names;
        body.insert(names.username.clone(), Value::from(self.username.as_str()));
        body.insert(names.password.clone(), Value::from(self.password.expose()));
        let answer = self.post(contract, &self.login_url, &Value::Object(body)).await?;
        let (outcome, body) = self.read(contract, &answer)?;
        let token = body.get(&names.token).and_then(Value::as_str).filter(|t| !t.is_empty());
        match (outcome, token) {
            (Outcome::Accepted, Some(token)) => {
                let token = Secret::new(token.to_owned());
                *kept = Some(Open { token: token.clone(), since: now });
                Ok(token)
            }
            (Outcome::Accepted, None) => Err(self.client.garbage("the login gave no session")),
            (Outcome::Refused { code, message }, _) => {
                Err(self.client.unauthorised(format!("{code}: {message}")))
            }
            (other, _) => Err(self.client.garbage(format!("the login was answered by {other:?}"))),
        }
    }

    async fn post(
        &self,
        contract: &EndpointContract,
        url: &str,
        body: &Value,
    ) -> Result<Answer, UplinkError> {
        let mut request = self.client.request(Method::POST, url);
        for (name, value) in &contract.transport.headers {
            request = request.header(name, value);
        }
        if let (Some(destination), Some(header)) =
            (&self.destination, &contract.transport.destination_header)
        {
            request = request.header(header, destination);
        }
        self.client.send(request.body(body.to_string())).await
    }

    /// Reads an answer: a status of success, or a refusal in the contract's own form.
    fn read(
        &self,
        contract: &EndpointContract,
        answer: &Answer,
    ) -> Result<(Outcome, Value), UplinkError> {
        let body: Option<Value> = serde_json::from_slice(&answer.body).ok();
        let outcome = body.as_ref().map(|body| contract.answer.outcome(body));
        match (answer.status, outcome, body) {
            (status, Some(outcome), Some(body))
                if status.is_success() && outcome != Outcome::Unreadable =>
            {
                Ok((outcome, body))
            }
            (StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN, _, body) => {
                Ok((Outcome::SessionEnded, body.unwrap_or_default()))
            }
            (status, ..) if status.is_success() => {
                Err(self.client.garbage("it is not an answer of the contract"))
            }
            (StatusCode::BAD_REQUEST, Some(refused @ Outcome::Refused { .. }), Some(body)) => {
                Ok((refused, body))
            }
            _ => Err(self.client.not_now(answer)),
        }
    }
}
