//! The uplink to our own hub: the stored bytes of a batch, answered by a receipt per record.

use async_trait::async_trait;
use lienthong_adapter_api::Secret;
use lienthong_config::HubUplink;
use lienthong_protocol::{
    BATCH_MEDIA_TYPE, BATCHES_PATH, CONTENT_DIGEST, HEARTBEATS_PATH, Heartbeat, IDEMPOTENCY_KEY,
    Outcome, ProblemDetails, Receipt, SealedBatch,
};
use reqwest::{Method, StatusCode};

use super::client::{Answer, Client};
use super::{Delivery, RefusedRecord, Sending, Uplink, UplinkError};

/// The uplink to our own hub.
///
/// Repetition is free of effect: the hub keeps the receipt of every batch by its digest.
pub(super) struct Hub {
    client: Client,
    batches_url: String,
    heartbeats_url: String,
    token: Secret,
}

impl Hub {
    pub(super) fn new(client: Client, settings: &HubUplink) -> Self {
        let base = settings.url.trim_end_matches('/');
        Self {
            client,
            batches_url: format!("{base}{BATCHES_PATH}"),
            heartbeats_url: format!("{base}{HEARTBEATS_PATH}"),
            token: settings.token.clone(),
        }
    }

    fn settle(&self, batch: &SealedBatch, answer: &Answer) -> Result<Delivery, UplinkError> {
        let receipt: Receipt = serde_json::from_slice(&answer.body)
            .map_err(|error| self.client.garbage(format!("the receipt is not one: {error}")))?;
        if receipt.batch != batch.digest {
            return Err(self.client.garbage("the receipt is for another batch"));
        }
        if !receipt.is_complete(batch.header.count) {
            return Err(self.client.garbage("the receipt does not speak of every record once"));
        }
        Ok(Delivery::Settled(super::Outcome {
            delivered: receipt.count_of(Outcome::Accepted),
            unchanged: receipt.count_of(Outcome::Unchanged),
            superseded: 0,
            receipt: Some(format!("received {}", receipt.received_at)),
            refused: receipt.refusals.into_iter().map(refused_record).collect(),
        }))
    }
}

fn refused_record(refusal: lienthong_protocol::Refusal) -> RefusedRecord {
    RefusedRecord {
        index: refusal.index,
        code: refusal.code,
        field: refusal.field,
        words: refusal.reason,
        words_vi: refusal.reason_vi,
    }
}

#[async_trait]
impl Uplink for Hub {
    async fn deliver(&self, sending: Sending<'_>) -> Result<Delivery, UplinkError> {
        let batch = sending.batch;
        let request = self
            .client
            .request(Method::POST, &self.batches_url)
            .bearer_auth(self.token.expose())
            .header(reqwest::header::CONTENT_TYPE, BATCH_MEDIA_TYPE)
            .header(reqwest::header::CONTENT_ENCODING, "zstd")
            .header(IDEMPOTENCY_KEY, batch.digest.idempotency_key())
            .header(CONTENT_DIGEST, batch.digest.content_digest())
            .body(batch.body.clone());
        let answer = self.client.send(request).await?;
        match answer.status {
            StatusCode::OK | StatusCode::CREATED => self.settle(batch, &answer),
            StatusCode::BAD_REQUEST
            | StatusCode::PAYLOAD_TOO_LARGE
            | StatusCode::UNPROCESSABLE_ENTITY => {
                // A refusal must be the hub's own word: a proxy's error page is no judgement.
                match serde_json::from_slice::<ProblemDetails>(&answer.body) {
                    Ok(problem) if !problem.code.is_empty() => Ok(Delivery::RefusedWhole {
                        code: "LT-6010",
                        words: format!("{}: {}", problem.code, problem.detail),
                    }),
                    _ => Err(self.client.not_now(&answer)),
                }
            }
            _ => Err(self.client.not_now(&answer)),
        }
    }

    async fn beat(&self, heartbeat: &Heartbeat) -> Result<(), UplinkError> {
        let request = self
            .client
            .request(Method::POST, &self.heartbeats_url)
            .bearer_auth(self.token.expose())
            .json(heartbeat);
        let answer = self.client.send(request).await?;
        if answer.status.is_success() { Ok(()) } else { Err(self.client.not_now(&answer)) }
    }
}
