//! How often records break the standard's data-quality rules, counted without a word of text.

use lienthong_protocol::RuleCount;
use lienthong_standard::{Breach, RecordType, Severity};

/// Counts since the last [`Tally::take`], by the rule's place in its record type.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    counts: Vec<(u64, u64)>,
    is_dirty: bool,
}

impl Tally {
    /// Counts the rules that an accepted record broke, each once.
    pub(crate) fn accepted(&mut self, breaches: &[Breach]) {
        self.each(breaches, |(warned, _), _| *warned += 1);
    }

    /// Counts the rules for which a record was refused, each once.
    pub(crate) fn refused(&mut self, breaches: &[Breach], record_type: &RecordType) {
        self.each(breaches, |(_, refused), rule| {
            let rule = record_type.rules.get(rule);
            let refuses = rule.is_some_and(|rule| rule.severity == Severity::Refuse);
            *refused += u64::from(refuses);
        });
    }

    fn each(&mut self, breaches: &[Breach], count: impl Fn(&mut (u64, u64), usize)) {
        let mut last = None;
        // Breaches of one rule follow each other.
        for Breach { rule, .. } in breaches {
            if last.replace(*rule) == Some(*rule) {
                continue;
            }
            if self.counts.len() <= *rule {
                self.counts.resize(*rule + 1, (0, 0));
            }
            if let Some(counts) = self.counts.get_mut(*rule) {
                count(counts, *rule);
            }
            self.is_dirty = true;
        }
    }

    /// Gives the counts by the rules' codes, and starts again; rules that held are left out.
    pub(crate) fn take(&mut self, record_type: &RecordType) -> Vec<RuleCount> {
        if !std::mem::take(&mut self.is_dirty) {
            return Vec::new();
        }
        let mut counted = Vec::new();
        for (counts, rule) in self.counts.iter_mut().zip(&record_type.rules) {
            let (warned, refused) = std::mem::take(counts);
            if (warned, refused) != (0, 0) {
                counted.push(RuleCount { rule: rule.code.to_string(), warned, refused });
            }
        }
        counted
    }
}
