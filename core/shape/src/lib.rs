//! What the items of a feed look like: learned from items, merged, kept as data, compared.
//!
//! A [`Shape`] is a claim about every item of a feed: which members it may have, what types their
//! values have, which of them are always there, how long a text gets, which forms every text has.
//! Verdicts on a mapping are proven against that claim, and drift is where an item breaks it.
//! Values of people are never part of a shape. Nothing here does I/O or has a clock.

mod node;
mod shape;

pub use node::{Alphabet, ListSeen, Node, NumberSeen, TextSeen};
pub use shape::{Format, Probe, Shape};
