//! What became of a batch that is sent record by record: outcomes, notes, confirmations.

use lienthong_outbox::{EndpointId, LedgerEntry, LedgerState, Outbox};
use lienthong_standard::contract::{EndpointContract, Note, Outcome, RecordContract, Rendered};
use lienthong_standard::{RecordType, Standard};
use serde_json::{Map, Value};

use super::{Delivery, RefusedRecord, Sending, UplinkError};
use crate::superseded::key_of;

/// How many confirmations may wait to be written down.
const UNWRITTEN_MAX: usize = 32;
/// The most notes that a receipt lists.
const NOTES_MAX: usize = 20;

/// One record on its way to a portal.
pub(super) struct Ready {
    /// Its place in the batch.
    pub(super) index: u32,
    pub(super) key: String,
    /// The canonical record.
    pub(super) record: Map<String, Value>,
    /// What is sent, one body for each request.
    pub(super) bodies: Vec<Value>,
    /// A digest of what is sent.
    pub(super) content: String,
    /// Whether the ledger knows that the portal has an older content of it.
    pub(super) is_known: bool,
}

/// Where confirmations of an endpoint are kept.
#[derive(Clone)]
pub(super) struct Ledger {
    pub(super) outbox: Outbox,
    pub(super) endpoint: EndpointId,
}

impl Ledger {
    /// What the endpoint confirmed of a key, if anything.
    pub(super) fn confirmed(&self, key: &str) -> Result<Option<String>, UplinkError> {
        let row = self.outbox.reader().ledger_get(self.endpoint, key)?;
        Ok(row.filter(|row| row.state == LedgerState::Done).map(|row| row.content))
    }

    /// Writes confirmations down; they last when this returns.
    pub(super) async fn write(&self, entries: Vec<LedgerEntry>) -> Result<(), UplinkError> {
        Ok(self.outbox.ledger_put(self.endpoint, entries).await?)
    }
}

/// What became of a batch so far.
#[derive(Default)]
pub(super) struct Progress {
    pub(super) outcome: super::Outcome,
    notes: Vec<(String, u64)>,
    unwritten: Vec<LedgerEntry>,
}

impl Progress {
    /// Makes a record ready, or notes at once what becomes of it.
    pub(super) fn prepare(
        &mut self,
        ledger: &Ledger,
        record_type: &RecordType,
        (index, line): (u32, &[u8]),
        sending: &Sending<'_>,
        render: impl FnOnce(&Map<String, Value>) -> Vec<Rendered>,
    ) -> Result<Option<Ready>, UplinkError> {
        let refuse = |words: String| RefusedRecord {
            index,
            code: "LT-6012".to_owned(),
            field: None,
            words,
            words_vi: String::new(),
        };
        let parsed: Option<Map<String, Value>> = serde_json::from_slice(line).ok();
        let (Some(record), Some(key)) = (parsed, key_of(record_type, line)) else {
            self.outcome.refused.push(refuse("the record has no key".to_owned()));
            return Ok(None);
        };
        if sending.superseded.contains(&key) {
            self.outcome.superseded += 1;
            return Ok(None);
        }
        let rendered = render(&record);
        if rendered.iter().any(Rendered::is_refused) {
            let notes = rendered.iter().flat_map(|one| &one.notes);
            let notes: Vec<String> = notes.map(ToString::to_string).collect();
            self.outcome.refused.push(refuse(notes.join("; ")));
            return Ok(None);
        }
        let mut hash = blake3::Hasher::new();
        for one in &rendered {
            self.note(&one.notes);
            hash.update(one.body.to_string().as_bytes());
        }
        let content = hash.finalize().to_hex().to_string();
        let known = ledger.confirmed(&ledger_key(record_type, &key))?;
        if known.as_ref() == Some(&content) {
            self.outcome.unchanged += 1;
            return Ok(None);
        }
        let bodies = rendered.into_iter().map(|one| one.body).collect();
        Ok(Some(Ready { index, key, record, bodies, content, is_known: known.is_some() }))
    }

    /// Notes records that the endpoint took.
    pub(super) fn delivered(&mut self, record_type: &RecordType, records: Vec<Ready>, at: i64) {
        self.outcome.delivered += records.len() as u64;
        self.unwritten.extend(records.into_iter().map(|record| LedgerEntry {
            key: ledger_key(record_type, &record.key),
            content: record.content,
            state: LedgerState::Done,
            at,
        }));
    }

    /// Notes a record that the endpoint refused.
    pub(super) fn refused(&mut self, index: u32, refused: &Outcome) {
        self.outcome.refused.push(RefusedRecord {
            index,
            code: "LT-6013".to_owned(),
            field: None,
            words: words(refused),
            words_vi: words(refused),
        });
    }

    /// Counts what is cut or left out, by field, so that nothing of it is silent.
    fn note(&mut self, notes: &[Note]) {
        for note in notes {
            self.say(note.to_string());
        }
    }

    /// Counts something that the operator should know.
    pub(super) fn say(&mut self, words: String) {
        let is_full = self.notes.len() >= NOTES_MAX;
        match self.notes.iter_mut().find(|(known, _)| *known == words) {
            Some((_, count)) => *count += 1,
            None if is_full => {}
            None => self.notes.push((words, 1)),
        }
    }

    /// Writes confirmations into the ledger once there are enough of them.
    pub(super) async fn write_down_if_many(&mut self, ledger: &Ledger) -> Result<(), UplinkError> {
        if self.unwritten.len() < UNWRITTEN_MAX {
            return Ok(());
        }
        self.write_down(ledger).await
    }

    /// Writes all confirmations into the ledger.
    async fn write_down(&mut self, ledger: &Ledger) -> Result<(), UplinkError> {
        if self.unwritten.is_empty() {
            return Ok(());
        }
        ledger.write(std::mem::take(&mut self.unwritten)).await
    }

    /// Ends a batch: what was confirmed before a failure stays confirmed, and the notes are the
    /// receipt.
    pub(super) async fn end(
        mut self,
        sent: Result<(), UplinkError>,
        ledger: &Ledger,
        endpoint: &str,
    ) -> Result<Delivery, UplinkError> {
        self.write_down(ledger).await?;
        sent.map(|()| self.settled(endpoint))
    }

    fn settled(self, endpoint: &str) -> Delivery {
        let notes: Vec<String> =
            self.notes.iter().map(|(words, count)| format!("{count}× {words}")).collect();
        if !notes.is_empty() {
            tracing::warn!(endpoint, "not everything reaches the portal: {}", notes.join("; "));
        }
        let receipt = (!notes.is_empty()).then(|| notes.join("; "));
        Delivery::Settled(super::Outcome { receipt, ..self.outcome })
    }
}

/// How the records of a batch go to a portal; or the refusal of a contract that does not take them.
pub(super) fn way_of<'a>(
    standard: &'a Standard,
    contract: &'a EndpointContract,
    sending: &Sending<'_>,
) -> Result<(&'a RecordType, &'a RecordContract), Delivery> {
    let name = &sending.batch.header.provenance.record_type;
    let record_type = standard.record_type(name).map(AsRef::as_ref);
    let parts = record_type.zip(contract.record(name));
    parts.ok_or_else(|| {
        let words = format!("the contract `{}` takes no `{name}`", contract.name);
        Delivery::RefusedWhole { code: "LT-6014", words }
    })
}

/// The ledger's key of a record.
pub(super) fn ledger_key(record_type: &RecordType, key: &str) -> String {
    format!("{}\u{1f}{key}", record_type.name)
}

/// A refusal in the endpoint's words.
fn words(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Refused { code, message } => format!("{code}: {message}"),
        Outcome::Exists => "the record exists, and can't be updated".to_owned(),
        other => format!("{other:?}"),
    }
}
