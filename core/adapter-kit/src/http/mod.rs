//! A bounded HTTP client, shared by the adapter kinds that speak HTTP.
//!
//! Constraints that hold for every request: the answer is counted while it streams in and after it
//! is decompressed; a redirect is followed only a few times and never away from the host that the
//! credentials are meant for; no message shows a query value, user information or a secret; time
//! comes in with the call. Nothing is tried again here but one request whose token had run out:
//! trying again is the runtime's business.

mod auth;
mod call;
mod client;
mod failure;
mod place;
mod retry_after;
mod settings;
mod success;
mod tls;
mod transport;

#[cfg(test)]
mod tests;

pub use call::{Call, CallBody, Method, Reply};
pub use client::{Client, ClientParts};
pub use place::shown_url;
pub use retry_after::retry_after;
pub use settings::{Auth, ClientAuth, KeyPlace, Transport};
pub use success::{Success, WhenMissing, shortened};
