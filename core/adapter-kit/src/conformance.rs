//! The conformance suite: what every adapter kind must keep, checked against a sample source.
//!
//! A kind's tests describe a source with known items as a [`Conformance`], run it, and call
//! [`Report::assert_kept`]. The report has one line a rule, so that a person can be shown it too.

mod build_rules;
mod fixture;
mod pull_rules;
mod report;
mod walk;

pub use fixture::{Conformance, MemorySecrets};
pub use report::{Line, Outcome, Report};

#[cfg(test)]
mod tests;
