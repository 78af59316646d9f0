//! Drift: where the items of a feed differ from its shape.

use lienthong_protocol::DriftKind;
use serde::Serialize;

/// The most differences that are remembered of one feed; further ones are not.
pub const DRIFTS_MAX: usize = 200;

/// Which difference it is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct DriftKey {
    /// The kind.
    pub kind: DriftKind,
    /// The path in the item.
    pub path: String,
    /// What is new, in words, without values of people.
    pub what: String,
}

/// A difference that was seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeenDrift {
    /// Which.
    pub key: DriftKey,
    /// Where: the place of an item that shows it.
    pub place: String,
    /// How many items showed it since it was told last.
    pub items: u64,
}

/// A difference that is remembered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DriftRow {
    /// Which.
    #[serde(flatten)]
    pub key: DriftKey,
    /// When it was first seen.
    pub first_at: i64,
    /// When it was last seen.
    pub last_at: i64,
    /// The place of the item that showed it first.
    pub place: String,
    /// How many items showed it, of those that were looked at.
    pub items: u64,
}
