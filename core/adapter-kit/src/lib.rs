//! Optional building blocks for adapters, and the conformance suite of adapter kinds.

#[cfg(feature = "http")]
pub mod http;
#[cfg(feature = "http")]
pub mod paging;
pub mod split;
