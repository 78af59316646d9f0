//! Optional building blocks for adapters, and the conformance suite of adapter kinds.

pub mod conformance;
#[cfg(feature = "http")]
pub mod http;
#[cfg(feature = "http")]
pub mod paging;
pub mod split;
pub mod unpack;
