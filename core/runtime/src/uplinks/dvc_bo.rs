//! The uplink to a ministry's public service portal, by a contract that is data.
//!
//! A dossier is created once; the number that the portal gives it is kept in the ledger, written down
//! before anything else is sent, and every later state names it. The portal offers no look-up: when a
//! crash comes between a creation and its answer, the creation is sent again, the portal says that the
//! dossier exists, and its states go up by the dossier's own code alone. What changes of a dossier
//! besides its state has no service; a delivery that leaves such a change out says so. Steps are sent
//! as they are, at least once.

mod service;

use std::sync::Arc;

use async_trait::async_trait;
use lienthong_config::DvcBoUplink;
use lienthong_outbox::{LedgerEntry, LedgerState};
use lienthong_protocol::open;
use lienthong_standard::contract::{
    EndpointContract, FollowUp, GivesId, NamesId, Outcome, RecordContract,
};
use lienthong_standard::{RecordType, Standard};
use serde_json::{Map, Value};

use self::service::Service;
use super::client::Client;
use super::progress::{Ledger, Progress, Ready, way_of};
use super::{Delivery, Sending, Uplink, UplinkError};
use crate::Clock;

/// The uplink to a ministry's portal.
pub(super) struct DvcBo {
    service: Service,
    contract: Arc<EndpointContract>,
    unit: String,
    ledger: Ledger,
    standard: Arc<Standard>,
    clock: Arc<dyn Clock>,
}

/// What the portal said when it created a record.
struct Created {
    /// A digest of what was sent.
    content: String,
    /// The number it gave; empty where it is not known.
    id: String,
}

impl DvcBo {
    pub(super) fn new(
        client: Client,
        settings: &DvcBoUplink,
        ledger: Ledger,
        standard: Arc<Standard>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        let contract = Arc::clone(&settings.contract);
        let service = Service::new(client, settings, Arc::clone(&clock));
        Self { service, contract, unit: settings.unit.clone(), ledger, standard, clock }
    }

    async fn deliver_records(
        &self,
        progress: &mut Progress,
        sending: &Sending<'_>,
        (record_type, contract): (&RecordType, &RecordContract),
    ) -> Result<(), UplinkError> {
        let opened = open(&sending.batch.body)?;
        let mut chunk = Vec::new();
        for at in (0_u32..).zip(opened.records()) {
            let render = |record: &Map<String, Value>| {
                let then = contract.then.as_ref().map(|then| then.render(record));
                std::iter::once(contract.render(record)).chain(then).collect()
            };
            let ready = progress.prepare(&self.ledger, record_type, at, sending, render)?;
            let Some(mut ready) = ready else { continue };
            if let (Some(member), Some(Value::Object(body))) =
                (&contract.unit, ready.bodies.first_mut())
            {
                body.insert(member.clone(), Value::from(self.unit.as_str()));
            }
            if let (Some(gives), Some(then)) = (&contract.gives_id, &contract.then) {
                self.create_or_update(progress, (record_type, contract), gives, then, ready)
                    .await?;
                continue;
            }
            if let Some(names) = &contract.names_id {
                self.name(progress, names, &mut ready)?;
            }
            chunk.push(ready);
            if chunk.len() >= contract.records_max.max(1) as usize {
                let records = std::mem::take(&mut chunk);
                self.send(progress, (record_type, contract), records).await?;
            }
        }
        if chunk.is_empty() {
            return Ok(());
        }
        self.send(progress, (record_type, contract), chunk).await
    }

    /// Creates a record unless the portal has it, and sends its state.
    async fn create_or_update(
        &self,
        progress: &mut Progress,
        (record_type, contract): (&RecordType, &RecordContract),
        gives: &GivesId,
        then: &FollowUp,
        mut ready: Ready,
    ) -> Result<(), UplinkError> {
        let mut bodies = std::mem::take(&mut ready.bodies).into_iter();
        let (Some(body), Some(Value::Object(mut state))) = (bodies.next(), bodies.next()) else {
            return Ok(());
        };
        let digest = blake3::hash(body.to_string().as_bytes()).to_hex().to_string();
        let id_key = id_key(&record_type.name, &ready.key);
        let created = match self.ledger.confirmed(&id_key)?.and_then(|text| Created::read(&text)) {
            Some(created) => {
                if created.content != digest {
                    let words = "a change besides the state is not sent: the portal has no service";
                    progress.say(words.to_owned());
                }
                created
            }
            None => match self.create(progress, contract, gives, (body, digest)).await? {
                Ok(created) => {
                    let at = self.clock.now().as_millisecond();
                    let (content, state) = (created.written(), LedgerState::Done);
                    let entry = LedgerEntry { key: id_key, content, state, at };
                    self.ledger.write(vec![entry]).await?;
                    created
                }
                Err(refused) => {
                    progress.refused(ready.index, &refused);
                    return Ok(());
                }
            },
        };
        if !created.id.is_empty() {
            state.insert(gives.member.clone(), Value::from(created.id));
        }
        let (outcome, _) = self.service.post(&self.contract, &then.service, &state.into()).await?;
        if outcome != Outcome::Accepted {
            progress.refused(ready.index, &outcome);
            return Ok(());
        }
        progress.delivered(record_type, vec![ready], self.clock.now().as_millisecond());
        progress.write_down_if_many(&self.ledger).await
    }

    async fn create(
        &self,
        progress: &mut Progress,
        contract: &RecordContract,
        gives: &GivesId,
        (body, content): (Value, String),
    ) -> Result<Result<Created, Outcome>, UplinkError> {
        let (outcome, answer) = self.service.post(&self.contract, &contract.service, &body).await?;
        let id = match outcome {
            Outcome::Accepted => {
                match answer.get(&self.contract.answer.result).and_then(|r| r.get(&gives.answer)) {
                    Some(Value::String(id)) => id.clone(),
                    Some(Value::Number(id)) => id.to_string(),
                    _ => String::new(),
                }
            }
            Outcome::Exists => String::new(),
            refused => return Ok(Err(refused)),
        };
        if id.is_empty() {
            progress.say("the portal's number of a dossier is not known".to_owned());
        }
        Ok(Ok(Created { content, id }))
    }

    /// Puts the number of the record that this one belongs to into its body.
    fn name(
        &self,
        progress: &mut Progress,
        names: &NamesId,
        ready: &mut Ready,
    ) -> Result<(), UplinkError> {
        let key = ready.record.get(&names.by).and_then(Value::as_str).unwrap_or_default();
        let created = self.ledger.confirmed(&id_key(&names.of, key))?;
        let id = created.and_then(|text| Created::read(&text)).map(|created| created.id);
        if let (Some(id), Some(Value::Object(body))) =
            (id.filter(|id| !id.is_empty()), ready.bodies.first_mut())
        {
            body.insert(names.member.clone(), Value::from(id));
        } else {
            let words = "a step is sent without the portal's number of its dossier";
            progress.say(words.to_owned());
        }
        Ok(())
    }

    /// Sends records in one request; where it is refused, each alone, to find the one to blame.
    async fn send(
        &self,
        progress: &mut Progress,
        (record_type, contract): (&RecordType, &RecordContract),
        records: Vec<Ready>,
    ) -> Result<(), UplinkError> {
        let bodies: Vec<Value> = records.iter().flat_map(|r| r.bodies.iter().cloned()).collect();
        let body = Value::Array(bodies);
        let (outcome, _) = self.service.post(&self.contract, &contract.service, &body).await?;
        if outcome == Outcome::Accepted {
            progress.delivered(record_type, records, self.clock.now().as_millisecond());
            return progress.write_down_if_many(&self.ledger).await;
        }
        if records.len() > 1 {
            for record in records {
                let alone = self.send(progress, (record_type, contract), vec![record]);
                Box::pin(alone).await?;
            }
            return Ok(());
        }
        for record in &records {
            progress.refused(record.index, &outcome);
        }
        Ok(())
    }
}

impl Created {
    fn written(&self) -> String {
        format!("{} {}", self.content, self.id)
    }

    fn read(text: &str) -> Option<Self> {
        let (content, id) = text.split_once(' ')?;
        Some(Self { content: content.to_owned(), id: id.to_owned() })
    }
}

/// The ledger's key of the number that the portal gave a record.
fn id_key(record_type: &str, key: &str) -> String {
    format!("{record_type}#id\u{1f}{key}")
}

#[async_trait]
impl Uplink for DvcBo {
    async fn deliver(&self, sending: Sending<'_>) -> Result<Delivery, UplinkError> {
        let way = match way_of(&self.standard, &self.contract, &sending) {
            Ok(way) => way,
            Err(refused) => return Ok(refused),
        };
        let mut progress = Progress::default();
        let sent = self.deliver_records(&mut progress, &sending, way).await;
        progress.end(sent, &self.ledger, self.service.endpoint()).await
    }

    fn wants_newest_only(&self) -> bool {
        true
    }
}
