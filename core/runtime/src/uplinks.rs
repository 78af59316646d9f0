//! The ways up: what an endpoint is told of a batch, and what it answers.

mod client;
mod dvc_bo;
mod dvcqg;
mod http;
mod hub;
mod progress;
mod success;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use lienthong_config::{EndpointKind, EndpointPlan};
use lienthong_outbox::{EndpointId, Outbox};
use lienthong_protocol::{Heartbeat, SealedBatch};
use lienthong_standard::Standard;

use crate::Clock;

/// Why a delivery did not come to a result, or an endpoint can't be used.
#[derive(Debug, thiserror::Error)]
pub enum UplinkError {
    /// Nobody answered in time, or the connection broke.
    #[error("the endpoint `{endpoint}` could not be reached")]
    Unreachable {
        /// Its name in the settings.
        endpoint: String,
        /// Why, without the address's query and without credentials.
        #[source]
        source: reqwest::Error,
    },
    /// Our credentials were refused.
    #[error("the endpoint `{endpoint}` refused our credentials: {words}")]
    Unauthorised {
        /// Its name.
        endpoint: String,
        /// What it said.
        words: String,
    },
    /// It asks to come later, or says that it failed.
    #[error("the endpoint `{endpoint}` answered {status}: {words}")]
    Unavailable {
        /// Its name.
        endpoint: String,
        /// The HTTP status.
        status: u16,
        /// What it said.
        words: String,
        /// When it wants to be asked again.
        retry_after: Option<Duration>,
    },
    /// Its answer makes no sense.
    #[error("the endpoint `{endpoint}` gave an answer that can't be understood: {what}")]
    Garbage {
        /// Its name.
        endpoint: String,
        /// What is wrong with it.
        what: String,
    },
    /// A stored batch can't be opened.
    #[error("a stored batch can't be opened")]
    Batch(#[from] lienthong_protocol::OpenError),
    /// The outbox failed while the uplink noted what it had sent.
    #[error("the outbox failed during a delivery")]
    Outbox(#[from] lienthong_outbox::Error),
    /// The HTTP client can't be made.
    #[error("the HTTP client of endpoint `{endpoint}` can't be made")]
    Client {
        /// Its name.
        endpoint: String,
        /// Why.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

impl UplinkError {
    /// The error code, a page of `docs/errors/`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unreachable { .. } => "LT-6001",
            Self::Unauthorised { .. } => "LT-6002",
            Self::Unavailable { .. } => "LT-6003",
            Self::Garbage { .. } => "LT-6004",
            Self::Batch(_) => "LT-6005",
            Self::Outbox(_) => "LT-6006",
            Self::Client { .. } => "LT-6007",
        }
    }

    /// The time after which the other side wants to be asked again.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Unavailable { retry_after, .. } => *retry_after,
            _ => None,
        }
    }
}

/// A record that an endpoint refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RefusedRecord {
    /// Its place in the batch.
    pub(crate) index: u32,
    /// The error code.
    pub(crate) code: String,
    /// The field, where the endpoint named one.
    pub(crate) field: Option<String>,
    /// The endpoint's words.
    pub(crate) words: String,
    /// The endpoint's words in Vietnamese, where it has them.
    pub(crate) words_vi: String,
}

/// What became of a batch.
#[derive(Debug)]
pub(crate) enum Delivery {
    /// Every record has an outcome.
    Settled(Outcome),
    /// The endpoint refused the batch as a whole, without saying which record is to blame.
    RefusedWhole {
        /// The error code.
        code: &'static str,
        /// The endpoint's words.
        words: String,
    },
    /// The batch is larger than the endpoint takes in one request.
    TooLarge {
        /// How many records it takes.
        records_max: u32,
    },
}

/// What became of every record of a batch; the counts and the refusals add up to the batch.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    /// Records that changed something.
    pub(crate) delivered: u64,
    /// Records that the endpoint had already.
    pub(crate) unchanged: u64,
    /// Records that were not sent, because a newer state stands for them.
    pub(crate) superseded: u64,
    /// Records that it refused.
    pub(crate) refused: Vec<RefusedRecord>,
    /// The receipt in short, where the endpoint gives one.
    pub(crate) receipt: Option<String>,
}

/// One endpoint, ready to send.
#[async_trait]
pub(crate) trait Uplink: Send + Sync {
    /// Sends a batch. Sending it again has no second effect, or none that can be avoided; the
    /// implementation says which.
    async fn deliver(&self, sending: Sending<'_>) -> Result<Delivery, UplinkError>;

    /// Sends a heartbeat, where the endpoint takes one.
    async fn beat(&self, _heartbeat: &Heartbeat) -> Result<(), UplinkError> {
        Ok(())
    }

    /// Whether it sends records in the clear, so that it is worth keeping them until then.
    fn wants_lines(&self) -> bool {
        false
    }

    /// Whether the endpoint wants to know the keys that waiting batches hold, so that of several
    /// full states only the newest is sent.
    fn wants_newest_only(&self) -> bool {
        false
    }
}

/// A batch on its way up.
pub(crate) struct Sending<'a> {
    /// The batch.
    pub(crate) batch: &'a SealedBatch,
    /// Keys that a later waiting batch of the same feed holds in a newer state.
    pub(crate) superseded: &'a std::collections::HashSet<String>,
}

/// Makes the uplink of an endpoint.
pub(crate) fn build(
    plan: &EndpointPlan,
    id: EndpointId,
    standard: &Arc<Standard>,
    outbox: &Outbox,
    clock: &Arc<dyn Clock>,
) -> Result<Box<dyn Uplink>, UplinkError> {
    let client = client::Client::new(plan)?;
    let ledger = progress::Ledger { outbox: outbox.clone(), endpoint: id };
    Ok(match &plan.kind {
        EndpointKind::Hub(settings) => Box::new(hub::Hub::new(client, settings)),
        EndpointKind::Http(settings) => Box::new(http::Http::new(client, settings)),
        EndpointKind::Dvcqg(settings) => Box::new(dvcqg::Dvcqg::new(
            client,
            settings,
            ledger,
            Arc::clone(standard),
            Arc::clone(clock),
        )),
        EndpointKind::DvcBo(settings) => Box::new(dvc_bo::DvcBo::new(
            client,
            settings,
            ledger,
            Arc::clone(standard),
            Arc::clone(clock),
        )),
    })
}
