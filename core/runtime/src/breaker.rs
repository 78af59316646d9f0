//! The circuit breaker of one endpoint: after repeated failures it is left alone for a while.

use std::time::Duration;

use jiff::Timestamp;

/// Counts the failures of one endpoint over all its feeds.
///
/// Closed: requests pass. Open: nothing is sent until a moment. Then one request is let through as a
/// probe; its success closes the breaker, its failure opens it again.
#[derive(Clone, Debug)]
pub(crate) struct Breaker {
    failures_max: u32,
    open_for: Duration,
    failures: u32,
    open_until: Option<Timestamp>,
    is_probing: bool,
}

/// What the breaker says to a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Send it.
    Pass,
    /// Send it; nothing else passes until its outcome is known.
    Probe,
    /// Wait this long and ask again.
    Wait(Duration),
}

impl Breaker {
    pub(crate) fn new(failures_max: u32, open_for: Duration) -> Self {
        Self { failures_max, open_for, failures: 0, open_until: None, is_probing: false }
    }

    /// Asks whether a request may be sent now.
    pub(crate) fn ask(&mut self, now: Timestamp) -> Verdict {
        let Some(open_until) = self.open_until else { return Verdict::Pass };
        let left = open_until.duration_since(now);
        let left = Duration::try_from(left).unwrap_or(Duration::ZERO);
        // Further away than it was ever set: the clock has jumped back.
        if !left.is_zero() && left <= self.open_for {
            return Verdict::Wait(left);
        }
        if self.is_probing {
            return Verdict::Wait(self.open_for.min(Duration::from_secs(1)));
        }
        self.is_probing = true;
        Verdict::Probe
    }

    /// Notes that the endpoint answered as it should, be it with a refusal.
    pub(crate) fn succeeded(&mut self) {
        self.failures = 0;
        self.open_until = None;
        self.is_probing = false;
    }

    /// Notes that the endpoint was not asked after all: the next request may probe.
    pub(crate) fn not_asked(&mut self) {
        self.is_probing = false;
    }

    /// Notes that the endpoint could not be reached or could not answer.
    pub(crate) fn failed(&mut self, now: Timestamp) {
        self.failures = self.failures.saturating_add(1);
        self.is_probing = false;
        if self.failures >= self.failures_max {
            self.open_until = now.checked_add(self.open_for).ok();
        }
    }
}

#[cfg(test)]
mod tests;
