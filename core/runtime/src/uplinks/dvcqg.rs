//! The uplink to the National Public Service Portal, by a contract that is data.
//!
//! The portal has no idempotency key and no upsert: an insert of a known dossier is refused, and the
//! caller says whether it inserts or updates. So a dossier is looked up first, unless the ledger
//! knows that the portal has it; an insert that meets a known dossier all the same becomes an
//! update. What the portal confirmed is in the ledger by its content, so that a batch that broke off
//! in the middle goes on where it was. Progress steps can't be looked up: one that was sent just
//! before a crash, and whose confirmation was lost, is sent again.

mod session;

use std::sync::Arc;

use async_trait::async_trait;
use lienthong_config::DvcqgUplink;
use lienthong_outbox::{EndpointId, LedgerEntry, LedgerState, Outbox};
use lienthong_protocol::open;
use lienthong_standard::contract::{EndpointContract, Note, Outcome, RecordContract, Updating};
use lienthong_standard::{RecordType, Standard};
use serde_json::{Map, Value, json};

use self::session::Portal;
use super::client::Client;
use super::{Delivery, RefusedRecord, Sending, Uplink, UplinkError};
use crate::Clock;
use crate::superseded::key_of;

/// How many confirmations may wait to be written down.
const UNWRITTEN_MAX: usize = 32;
/// The most notes that a receipt lists.
const NOTES_MAX: usize = 20;

/// The uplink to the portal.
pub(super) struct Dvcqg {
    portal: Portal,
    contract: Arc<EndpointContract>,
    endpoint: EndpointId,
    standard: Arc<Standard>,
    outbox: Outbox,
    clock: Arc<dyn Clock>,
}

/// One record on its way to the portal.
struct Record {
    index: u32,
    key: String,
    body: Value,
    content: String,
    /// Whether the ledger knows that the portal has an older content of it.
    is_known: bool,
}

/// What became of a batch so far.
#[derive(Default)]
struct Progress {
    outcome: super::Outcome,
    notes: Vec<(String, u64)>,
    unwritten: Vec<LedgerEntry>,
}

impl Dvcqg {
    pub(super) fn new(
        client: Client,
        settings: &DvcqgUplink,
        endpoint: EndpointId,
        standard: Arc<Standard>,
        outbox: Outbox,
        clock: Arc<dyn Clock>,
    ) -> Self {
        let contract = Arc::clone(&settings.contract);
        let portal = Portal::new(client, settings, Arc::clone(&clock));
        Self { portal, contract, endpoint, standard, outbox, clock }
    }

    /// Makes a record ready, or notes at once what becomes of it.
    fn prepare(
        &self,
        progress: &mut Progress,
        (index, line): (u32, &[u8]),
        (record_type, contract): (&RecordType, &RecordContract),
        sending: &Sending<'_>,
    ) -> Result<Option<Record>, UplinkError> {
        let refuse = |words: String| RefusedRecord {
            index,
            code: "LT-6012".to_owned(),
            field: None,
            words,
            words_vi: String::new(),
        };
        let parsed: Option<Map<String, Value>> = serde_json::from_slice(line).ok();
        let (Some(record), Some(key)) = (parsed, key_of(record_type, line)) else {
            progress.outcome.refused.push(refuse("the record has no key".to_owned()));
            return Ok(None);
        };
        if sending.superseded.contains(&key) {
            progress.outcome.superseded += 1;
            return Ok(None);
        }
        let rendered = contract.render(&record);
        if rendered.is_refused() {
            let notes: Vec<String> = rendered.notes.iter().map(ToString::to_string).collect();
            progress.outcome.refused.push(refuse(notes.join("; ")));
            return Ok(None);
        }
        progress.note(&rendered.notes);
        let content = blake3::hash(rendered.body.to_string().as_bytes()).to_hex().to_string();
        let ledger_key = ledger_key(record_type, &key);
        let row = self.outbox.reader().ledger_get(self.endpoint, &ledger_key)?;
        let row = row.filter(|row| row.state == LedgerState::Done);
        if row.as_ref().is_some_and(|row| row.content == content) {
            progress.outcome.unchanged += 1;
            return Ok(None);
        }
        Ok(Some(Record { index, key, body: rendered.body, content, is_known: row.is_some() }))
    }

    /// Sends records in one request; more than one only where the contract takes more.
    async fn send(
        &self,
        progress: &mut Progress,
        record_type: &RecordType,
        contract: &RecordContract,
        records: Vec<Record>,
    ) -> Result<(), UplinkError> {
        let data: Vec<&Value> = records.iter().map(|record| &record.body).collect();
        let answer = match (&contract.updating, records.first()) {
            (None, _) => self.portal.ask(&self.contract, &contract.service, json!(data)).await?,
            (Some(updating), Some(first)) => {
                self.send_one(contract, updating, first, json!(data)).await?
            }
            (Some(_), None) => return Ok(()),
        };
        match answer {
            Outcome::Accepted => {
                let at = self.clock.now().as_millisecond();
                progress.outcome.delivered += records.len() as u64;
                progress.unwritten.extend(records.into_iter().map(|record| LedgerEntry {
                    key: ledger_key(record_type, &record.key),
                    content: record.content,
                    state: LedgerState::Done,
                    at,
                }));
                self.write_down(progress, UNWRITTEN_MAX).await
            }
            _ if records.len() > 1 => {
                // The portal does not say which one is to blame: each is sent alone.
                for record in records {
                    let alone = self.send(progress, record_type, contract, vec![record]);
                    Box::pin(alone).await?;
                }
                Ok(())
            }
            refused => {
                progress.outcome.refused.extend(records.iter().map(|record| RefusedRecord {
                    index: record.index,
                    code: "LT-6013".to_owned(),
                    field: None,
                    words: words(&refused),
                    words_vi: words(&refused),
                }));
                Ok(())
            }
        }
    }

    /// Sends one record that the portal wants to be told of as new or known.
    async fn send_one(
        &self,
        contract: &RecordContract,
        updating: &Updating,
        record: &Record,
        data: Value,
    ) -> Result<Outcome, UplinkError> {
        let is_known =
            record.is_known || self.portal.look_up(&self.contract, updating, &record.key).await?;
        let service = &contract.service;
        let way = |is_known: bool| {
            let value = if is_known { &updating.update } else { &updating.insert };
            (updating.member.as_str(), value.as_str())
        };
        let answer =
            self.portal.write(&self.contract, service, way(is_known), data.clone()).await?;
        if answer == Outcome::Exists && !is_known {
            return self.portal.write(&self.contract, service, way(true), data).await;
        }
        Ok(answer)
    }

    /// Writes confirmations into the ledger once there are so many.
    async fn write_down(&self, progress: &mut Progress, from: usize) -> Result<(), UplinkError> {
        if progress.unwritten.len() < from.max(1) {
            return Ok(());
        }
        let entries = std::mem::take(&mut progress.unwritten);
        self.outbox.ledger_put(self.endpoint, entries).await?;
        Ok(())
    }

    async fn deliver_records(
        &self,
        progress: &mut Progress,
        sending: &Sending<'_>,
        (record_type, contract): (&RecordType, &RecordContract),
    ) -> Result<(), UplinkError> {
        let opened = open(&sending.batch.body)?;
        let mut chunk = Vec::new();
        for (index, line) in (0_u32..).zip(opened.records()) {
            let parts = (record_type, contract);
            if let Some(record) = self.prepare(progress, (index, line), parts, sending)? {
                chunk.push(record);
            }
            if chunk.len() >= contract.records_max.max(1) as usize {
                let records = std::mem::take(&mut chunk);
                self.send(progress, record_type, contract, records).await?;
            }
        }
        if chunk.is_empty() {
            return Ok(());
        }
        self.send(progress, record_type, contract, chunk).await
    }
}

impl Progress {
    /// Counts what is cut or left out, by field, so that nothing of it is silent.
    fn note(&mut self, notes: &[Note]) {
        for note in notes {
            let words = note.to_string();
            let is_full = self.notes.len() >= NOTES_MAX;
            match self.notes.iter_mut().find(|(known, _)| *known == words) {
                Some((_, count)) => *count += 1,
                None if is_full => {}
                None => self.notes.push((words, 1)),
            }
        }
    }
}

fn ledger_key(record_type: &RecordType, key: &str) -> String {
    format!("{}\u{1f}{key}", record_type.name)
}

fn words(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Refused { code, message } => format!("{code}: {message}"),
        Outcome::Exists => "the dossier exists, and can't be updated".to_owned(),
        other => format!("{other:?}"),
    }
}

#[async_trait]
impl Uplink for Dvcqg {
    async fn deliver(&self, sending: Sending<'_>) -> Result<Delivery, UplinkError> {
        let name = &sending.batch.header.provenance.record_type;
        let parts = (self.standard.record_type(name), self.contract.record(name));
        let (Some(record_type), Some(contract)) = parts else {
            let words = format!("the contract `{}` takes no `{name}`", self.contract.name);
            return Ok(Delivery::RefusedWhole { code: "LT-6014", words });
        };
        let mut progress = Progress::default();
        let sent = self.deliver_records(&mut progress, &sending, (record_type, contract)).await;
        // What was confirmed before a failure stays confirmed.
        self.write_down(&mut progress, 1).await?;
        sent?;
        let notes: Vec<String> =
            progress.notes.iter().map(|(words, count)| format!("{count}× {words}")).collect();
        if !notes.is_empty() {
            let endpoint = self.portal.endpoint();
            tracing::warn!(endpoint, "not everything reaches the portal: {}", notes.join("; "));
        }
        let receipt = (!notes.is_empty()).then(|| notes.join("; "));
        Ok(Delivery::Settled(super::Outcome { receipt, ..progress.outcome }))
    }

    fn wants_newest_only(&self) -> bool {
        true
    }
}
