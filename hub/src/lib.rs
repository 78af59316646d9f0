//! The hub: the receiving and monitoring side, which stands at the Government Office.
//!
//! It receives batches, verifies every record against the standard, stores each batch as it came
//! and answers with a receipt; a batch that comes again gets the same receipt and has no second
//! effect. From receipts and heartbeats it tells how healthy the sync of every agency is.
//! It also offers the contract of the National Public Service Portal, so that clients of that
//! contract can be tried. It never calls a connector, and has no clock of its own.

mod access;
mod app;
mod assess;
mod body;
mod clock;
mod depth;
mod dvcqg;
mod error;
mod health;
mod heartbeats;
mod hub;
mod ingest;
mod metrics_text;
mod page;
mod rate;
mod records;
mod refused;
mod router;
mod serve;
mod settings;
mod store;

pub use access::TokenDigest;
pub use app::Exposure;
pub use clock::Clock;
pub use error::Error;
pub use hub::Hub;
pub use settings::{
    AgencyCredential, DvcqgAccount, DvcqgSettings, HubSettings, Limits, Thresholds,
};
