//! The heartbeat: what a connector says of itself and of every feed.

use serde::{Deserialize, Serialize};

/// A connector's report of its own health, posted at an interval.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heartbeat {
    /// The agency's code.
    pub agency: String,
    /// The connector's version.
    pub connector: String,
    /// When it was written, RFC 3339.
    pub sent_at: String,
    /// When the next one is due, in seconds; a hub that waits much longer calls the agency silent.
    pub interval_secs: u32,
    /// One row a feed.
    pub feeds: Vec<FeedHealth>,
}

/// What state a feed is in, in the order of gravity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FeedState {
    /// The last pass went well.
    Healthy,
    /// It has not run yet.
    New,
    /// The last pass failed and will be tried again.
    Retrying,
    /// It stands still until a person has done something.
    Halted,
}

/// The health of one feed, counted from the outbox and from receipts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeedHealth {
    /// The source's name.
    pub source: String,
    /// The feed's name.
    pub feed: String,
    /// The state.
    pub state: FeedState,
    /// Items read so far.
    pub pulled: u64,
    /// Records accepted by the standard so far.
    pub accepted: u64,
    /// Items put into quarantine so far.
    pub quarantined: u64,
    /// Items in quarantine now.
    pub in_quarantine: u64,
    /// Records waiting for this hub now.
    pub waiting: u64,
    /// Records that this hub has a receipt for.
    pub delivered: u64,
    /// When the last pass ended well, RFC 3339.
    pub last_success_at: Option<String>,
    /// How old the oldest waiting record is, in seconds.
    pub lag_secs: u64,
    /// The last failure's code and words, without secrets or personal data.
    pub last_error: Option<String>,
    /// Where the feed's items differ from their shape, newest first; at most [`DRIFTS_MAX`].
    #[serde(default)]
    pub drifts: Vec<Drift>,
    /// How often each data-quality rule of the standard was broken, by the rule's code.
    #[serde(default)]
    pub rules: Vec<RuleCount>,
}

/// The most drifts that a heartbeat tells of one feed.
pub const DRIFTS_MAX: usize = 50;

/// What kind of difference between a feed's items and their shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DriftKind {
    /// A field that the shape does not know.
    NewField,
    /// A type of value that the shape does not know there.
    NewType,
    /// A value outside a small set of values, a code as a rule.
    NewCode,
    /// A text without a form that every text had, a date's as a rule.
    NewForm,
    /// A field that used to be there and is in none of the items any more.
    Silent,
}

impl DriftKind {
    /// All kinds.
    pub const ALL: [Self; 5] =
        [Self::NewField, Self::NewType, Self::NewCode, Self::NewForm, Self::Silent];

    /// The word for it, as on the wire: `new-field`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::NewField => "new-field",
            Self::NewType => "new-type",
            Self::NewCode => "new-code",
            Self::NewForm => "new-form",
            Self::Silent => "silent",
        }
    }

    /// The kind that a word stands for.
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// One difference between a feed's items and their shape.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Drift {
    /// The kind.
    pub kind: DriftKind,
    /// The path in the item, elements of lists as `list[]`.
    pub path: String,
    /// What is new, in words, without personal data: the type, or the code where it is no person's.
    pub what: String,
    /// When it was first seen, RFC 3339.
    pub first_seen_at: String,
    /// Where: the place of an example item.
    pub example: String,
    /// How many items showed it, of those that were looked at.
    pub items: u64,
}

/// How often one data-quality rule was broken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleCount {
    /// The rule's code in the standard: `fax-is-phone`.
    pub rule: String,
    /// Records that went up with a warning.
    pub warned: u64,
    /// Records that were refused.
    pub refused: u64,
}

#[cfg(test)]
mod tests;
