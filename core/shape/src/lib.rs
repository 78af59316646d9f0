//! What the items of a feed look like: learned from items, merged, kept as data, compared.
//!
//! A [`Shape`] is a claim about every item of a feed: which members it may have, what types their
//! values have, which of them are always there, how long a text gets, which forms every text has.
//! Verdicts on a mapping are proven against that claim, and drift is where an item breaks it.
//! Values of people are never part of a shape. Nothing here does I/O or has a clock.

mod claims;
mod compare;
mod decimal;
mod drift;
mod file;
#[cfg(feature = "generate")]
pub mod generate;
mod learn;
mod merge;
mod node;
mod path;
mod personal;
#[cfg(test)]
mod sample;
mod shape;
mod value;
mod write;

pub use claims::Claims;
pub use compare::{Misfit, Reason};
pub use drift::{DriftKind, Finding, Watch};
pub use learn::{Keep, Learner};
pub use node::{Alphabet, ListSeen, Node, NumberSeen, TextSeen};
pub use personal::{is_personal_name, looks_personal};
pub use shape::{Format, Probe, Shape};
pub use value::Unreadable;
