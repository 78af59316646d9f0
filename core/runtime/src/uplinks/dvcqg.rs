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
use lienthong_protocol::open;
use lienthong_standard::contract::{EndpointContract, Outcome, RecordContract, Updating};
use lienthong_standard::{RecordType, Standard};
use serde_json::{Map, Value, json};

use self::session::Portal;
use super::client::Client;
use super::progress::{Ledger, Progress, Ready, way_of};
use super::{Delivery, Sending, Uplink, UplinkError};
use crate::Clock;

/// The uplink to the portal.
pub(super) struct Dvcqg {
    portal: Portal,
    contract: Arc<EndpointContract>,
    ledger: Ledger,
    standard: Arc<Standard>,
    clock: Arc<dyn Clock>,
}

impl Dvcqg {
    pub(super) fn new(
        client: Client,
        settings: &DvcqgUplink,
        ledger: Ledger,
        standard: Arc<Standard>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        let contract = Arc::clone(&settings.contract);
        let portal = Portal::new(client, settings, Arc::clone(&clock));
        Self { portal, contract, ledger, standard, clock }
    }

    /// Sends records in one request; more than one only where the contract takes more.
    async fn send(
        &self,
        progress: &mut Progress,
        record_type: &RecordType,
        contract: &RecordContract,
        records: Vec<Ready>,
    ) -> Result<(), UplinkError> {
        let data: Vec<&Value> = records.iter().flat_map(|record| &record.bodies).collect();
        let answer = match (&contract.updating, records.first()) {
            (None, _) => self.portal.ask(&self.contract, &contract.service, json!(data)).await?,
            (Some(updating), Some(first)) => {
                self.send_one(contract, updating, first, json!(data)).await?
            }
            (Some(_), None) => return Ok(()),
        };
        match answer {
            Outcome::Accepted => {
                progress.delivered(record_type, records, self.clock.now().as_millisecond());
                progress.write_down_if_many(&self.ledger).await
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
                for record in &records {
                    progress.refused(record.index, &refused);
                }
                Ok(())
            }
        }
    }

    /// Sends one record that the portal wants to be told of as new or known.
    async fn send_one(
        &self,
        contract: &RecordContract,
        updating: &Updating,
        record: &Ready,
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

    async fn deliver_records(
        &self,
        progress: &mut Progress,
        sending: &Sending<'_>,
        (record_type, contract): (&RecordType, &RecordContract),
    ) -> Result<(), UplinkError> {
        let opened = open(&sending.batch.body)?;
        let mut chunk = Vec::new();
        for (index, line) in (0_u32..).zip(opened.records()) {
            let render = |record: &Map<String, Value>| vec![contract.render(record)];
            let at = (index, line);
            chunk.extend(progress.prepare(&self.ledger, record_type, at, sending, render)?);
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

#[async_trait]
impl Uplink for Dvcqg {
    async fn deliver(&self, sending: Sending<'_>) -> Result<Delivery, UplinkError> {
        let way = match way_of(&self.standard, &self.contract, &sending) {
            Ok(way) => way,
            Err(refused) => return Ok(refused),
        };
        let mut progress = Progress::default();
        let sent = self.deliver_records(&mut progress, &sending, way).await;
        progress.end(sent, &self.ledger, self.portal.endpoint()).await
    }

    fn wants_newest_only(&self) -> bool {
        true
    }
}
