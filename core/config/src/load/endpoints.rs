//! From what an operator writes about endpoints to uplinks with their feeds.

mod uplinks;

use lienthong_adapter_api::{Secret, SecretRef, Section};
use lienthong_diagnostics::nearest;

use super::Loading;
use super::sources::Source;
use crate::bounds;
use crate::endpoint::{Breaker, EndpointKind, EndpointPlan, FeedName, Retry};
use crate::settings::DeliverySettings;

/// What all types of endpoints have, next to what they speak.
struct Read {
    name: String,
    feeds: Option<Vec<String>>,
    delivery: DeliverySettings,
    kind: EndpointKind,
    /// The record types that it can take; `None` is all.
    takes: Option<Vec<String>>,
}

impl Loading<'_> {
    /// Reads all endpoints and gives each its feeds.
    pub(super) fn endpoints(&mut self, root: &Section, sources: &[Source]) -> Vec<EndpointPlan> {
        let list = root.child("endpoints", "the endpoints");
        let before = self.problems.len();
        let mut plans: Vec<EndpointPlan> = Vec::new();
        for index in 0..list.len() {
            let section = list.element(index, "an endpoint");
            let Some(read) = self.endpoint(&section) else { continue };
            bounds::name(&section, "name", &read.name, &mut self.problems);
            if plans.iter().any(|plan| plan.name == read.name) {
                self.duplicate(&section, "endpoint", &read.name);
            }
            let plan = self.plan(&section, read, sources);
            plans.push(plan);
        }
        // What an endpoint that could not be read would have taken is not known.
        if self.problems.len() == before {
            self.check_that_feeds_go_somewhere(sources, &plans);
        }
        plans
    }

    fn plan(&mut self, section: &Section, read: Read, sources: &[Source]) -> EndpointPlan {
        let Read { name, feeds, delivery, kind, takes } = read;
        let feeds = self.feeds_of(section, feeds.as_deref(), takes.as_deref(), sources);
        if feeds.is_empty() && self.problems.is_empty() {
            self.problems.push(section.problem_at(
                section.span_of("feeds"),
                "LT-1015",
                format!("no feed goes to endpoint `{name}`"),
                "takes nothing",
                Some("name feeds that it can take, or remove the endpoint".to_owned()),
            ));
        }
        let at = section.child("delivery", "the delivery");
        let (breaker, retry) = (at.child("breaker", ""), at.child("retry", ""));
        let problems = &mut self.problems;
        bounds::range(&at, "timeout_secs", delivery.timeout_secs, 1..=600, problems);
        bounds::range(&at, "in_flight_max", delivery.in_flight_max, 1..=64, problems);
        bounds::range(&at, "attempts_alarm", delivery.attempts_alarm, 1..=1000, problems);
        bounds::range(&breaker, "failures", delivery.breaker.failures, 1..=1000, problems);
        bounds::range(&breaker, "open_secs", delivery.breaker.open_secs, 1..=3600, problems);
        bounds::range(&retry, "min_secs", delivery.retry.min_secs, 1..=3600, problems);
        let least = delivery.retry.min_secs.min(3600);
        bounds::range(&retry, "max_secs", delivery.retry.max_secs, least..=86_400, problems);
        EndpointPlan {
            name,
            kind,
            feeds,
            timeout_secs: delivery.timeout_secs,
            in_flight_max: delivery.in_flight_max,
            attempts_alarm: delivery.attempts_alarm,
            breaker: Breaker {
                failures: delivery.breaker.failures,
                open_secs: delivery.breaker.open_secs,
            },
            retry: Retry { min_secs: delivery.retry.min_secs, max_secs: delivery.retry.max_secs },
            coalesce: delivery.coalesce,
        }
    }

    /// Resolves `source/feed` and `source/*`; everything the endpoint takes if nothing is said.
    fn feeds_of(
        &mut self,
        section: &Section,
        written: Option<&[String]>,
        known: Option<&[String]>,
        sources: &[Source],
    ) -> Vec<FeedName> {
        let is_taken = |record_type: &String| known.is_none_or(|known| known.contains(record_type));
        let all = sources.iter().flat_map(|source| {
            source.feeds.iter().map(|(feed, record_type)| {
                (FeedName { source: source.name.clone(), feed: feed.clone() }, record_type)
            })
        });
        let all: Vec<(FeedName, &String)> = all.collect();
        let Some(written) = written else {
            let fitting = all.into_iter().filter(|(_, record_type)| is_taken(record_type));
            return fitting.map(|(name, _)| name).collect();
        };
        let mut feeds = Vec::new();
        for (index, pattern) in written.iter().enumerate() {
            let at = section.child("feeds", "").element(index, "");
            let (source, feed) = pattern.split_once('/').unwrap_or((pattern, "*"));
            if let Some(named) = sources.iter().find(|one| one.name == source)
                && named.schema.is_none()
            {
                continue;
            }
            let named = all.iter().filter(|(name, _)| name.source == source);
            let mut named = named.filter(|(name, _)| feed == "*" || name.feed == feed).peekable();
            if named.peek().is_none() {
                self.unknown_pattern(&at, pattern, &all);
                continue;
            }
            for (name, record_type) in named {
                if is_taken(record_type) {
                    feeds.push(name.clone());
                } else if feed != "*" {
                    self.not_taken(&at, pattern, record_type);
                }
            }
        }
        feeds.sort();
        feeds.dedup();
        feeds
    }

    fn unknown_pattern(&mut self, at: &Section, pattern: &str, all: &[(FeedName, &String)]) {
        let names: Vec<String> =
            all.iter().map(|(name, _)| format!("{}/{}", name.source, name.feed)).collect();
        let hint = match nearest(pattern, names.iter().map(String::as_str)) {
            Some(nearest) => format!("did you mean `{nearest}`?"),
            None => "a feed is named `source/feed`, all of a source `source/*`".to_owned(),
        };
        self.problems.push(at.problem_at(
            at.span(),
            "LT-1013",
            format!("no source of this connector has the feed `{pattern}`"),
            "unknown feed",
            Some(hint),
        ));
    }

    fn not_taken(&mut self, at: &Section, pattern: &str, record_type: &str) {
        self.problems.push(at.problem_at(
            at.span(),
            "LT-1015",
            format!("the endpoint's contract does not know records of type `{record_type}`"),
            "can't go there",
            Some(format!("send `{pattern}` to another endpoint")),
        ));
    }

    fn check_that_feeds_go_somewhere(&mut self, sources: &[Source], plans: &[EndpointPlan]) {
        for source in sources {
            for feed in source.feeds.keys() {
                let name = FeedName { source: source.name.clone(), feed: feed.clone() };
                if plans.iter().any(|plan| plan.feeds.contains(&name)) {
                    continue;
                }
                self.problems.push(source.section.problem_at(
                    source.section.span_of("name"),
                    "LT-1016",
                    format!("feed `{}/{feed}` goes to no endpoint", source.name),
                    "goes nowhere",
                    Some("name it in an endpoint's `feeds`, or leave it out here".to_owned()),
                ));
            }
        }
    }

    fn secret(&mut self, section: &Section, key: &str, reference: &SecretRef) -> Secret {
        self.secrets.named(section, key, reference, &mut self.problems)
    }
}
