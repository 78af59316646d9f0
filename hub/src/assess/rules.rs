//! The data-quality rules that a feed's records broke, from what the connector said and the hub saw.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Serialize;

use super::{Evidence, FeedAssessment, Words};

/// One rule that records of a feed broke.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct RuleHealth {
    /// Its code in the standard.
    pub(crate) rule: String,
    /// What the standard says of it; empty for a rule that the hub's standard does not have.
    pub(crate) message: Words,
    /// `warn` or `refuse`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) severity: Option<&'static str>,
    /// Records that the hub accepted all the same.
    pub(crate) warned: u64,
    /// Records that the hub refused for it.
    pub(crate) refused: u64,
    /// Records that the connector sent with a warning, or has still to send.
    pub(crate) reported_warned: u64,
    /// Items that the connector put into quarantine for it.
    pub(crate) reported_refused: u64,
    /// When the hub saw it broken last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) last_at: Option<Timestamp>,
    /// Keys of records that broke it, the newest first, without personal parts.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) examples: Vec<String>,
}

impl RuleHealth {
    /// Records with a warning: those that came, or more where the connector says so.
    pub(crate) fn warnings(&self) -> u64 {
        self.warned.max(self.reported_warned)
    }

    /// Records refused, at the agency or at the hub. What the hub refuses the connector accepted.
    pub(crate) fn refusals(&self) -> u64 {
        self.refused + self.reported_refused
    }
}

pub(super) fn of_feed(
    evidence: &Evidence<'_>,
    agency: &str,
    feed: &FeedAssessment,
) -> Vec<RuleHealth> {
    let mut rules: BTreeMap<&str, RuleHealth> = BTreeMap::new();
    for reported in feed.reported.iter().flat_map(|reported| &reported.rules) {
        let rule = rules.entry(&reported.rule).or_default();
        (rule.reported_warned, rule.reported_refused) = (reported.warned, reported.refused);
    }
    let is_own = |name: &crate::store::FeedName| {
        name.agency == agency && name.source == feed.source && name.feed == feed.feed
    };
    for seen in evidence.rules.iter().filter(|seen| is_own(&seen.feed)) {
        let rule = rules.entry(&seen.rule).or_default();
        (rule.warned, rule.refused) = (seen.warned, seen.refused);
        (rule.last_at, rule.examples) = (seen.last_at, seen.examples.clone());
    }
    let record_type = feed.received.as_ref().map(|received| &*received.record_type);
    let mut rules: Vec<RuleHealth> = rules
        .into_iter()
        .map(|(code, rule)| {
            // A feed that never came through has no record type here; its rules bear their names.
            let own = record_type.and_then(|name| evidence.standard.record_type(name));
            let any = evidence.standard.record_types();
            let words = own.into_iter().chain(any).find_map(|known| known.rule_words(code));
            RuleHealth {
                rule: code.to_owned(),
                message: words.map_or_else(Words::default, |words| Words {
                    vi: words.message.vi.to_string(),
                    en: words.message.en.to_string(),
                }),
                severity: words.map(|words| words.severity.name()),
                ..rule
            }
        })
        .collect();
    rules.sort_by_key(|rule| Reverse((rule.refusals(), rule.warnings())));
    rules
}
