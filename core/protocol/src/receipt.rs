//! The receipt: what the hub says about every record of a batch.

use serde::{Deserialize, Serialize};

use crate::Digest;

/// What became of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Stored as the newest version.
    Accepted,
    /// The hub has this version or a newer one, or the same content: nothing changed.
    Unchanged,
    /// Not stored; the reason is among the refusals.
    Refused,
}

/// A run of neighbouring records with one outcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    /// How many records.
    pub count: u32,
    /// What became of them.
    pub outcome: Outcome,
}

/// Why one record was refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// Its place in the batch, from 0.
    pub index: u32,
    /// The error code.
    pub code: String,
    /// The field, where one is to blame.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// Why, in English.
    pub reason: String,
    /// Why, in Vietnamese.
    pub reason_vi: String,
}

/// The answer to a batch: an outcome for every record, in order, as runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// The digest of the batch.
    pub batch: Digest,
    /// When the hub stored it, RFC 3339; the same at every repetition.
    pub received_at: String,
    /// Outcomes in the order of the records; their counts add up to the batch.
    pub runs: Vec<Run>,
    /// The refused records.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub refusals: Vec<Refusal>,
}

impl Receipt {
    /// Adds the outcome of the next record.
    pub fn push(&mut self, outcome: Outcome) {
        match self.runs.last_mut() {
            Some(run) if run.outcome == outcome => run.count += 1,
            _ => self.runs.push(Run { count: 1, outcome }),
        }
    }

    /// How many records have an outcome.
    pub fn count(&self) -> u64 {
        self.runs.iter().map(|run| u64::from(run.count)).sum()
    }

    /// How many records had this outcome.
    pub fn count_of(&self, outcome: Outcome) -> u64 {
        let of_it = self.runs.iter().filter(|run| run.outcome == outcome);
        of_it.map(|run| u64::from(run.count)).sum()
    }

    /// Whether it speaks of every record of a batch of this size exactly once, and gives a reason
    /// for exactly the records that it calls refused.
    pub fn is_complete(&self, count: u32) -> bool {
        if self.count() != u64::from(count) {
            return false;
        }
        let mut explained: Vec<u32> = self.refusals.iter().map(|refusal| refusal.index).collect();
        explained.sort_unstable();
        explained.into_iter().eq(self.refused())
    }

    /// The places of the records that were refused, in order.
    fn refused(&self) -> impl Iterator<Item = u32> {
        let mut next = 0_u32;
        let spans = self.runs.iter().map(move |run| {
            let first = next;
            next = next.saturating_add(run.count);
            (run.outcome, first..next)
        });
        spans.filter(|(outcome, _)| *outcome == Outcome::Refused).flat_map(|(_, places)| places)
    }
}

#[cfg(test)]
mod tests;
