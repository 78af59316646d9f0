//! Retry delays: drawn once, stored with the work they delay, and still right after a clock jump.

use std::time::Duration;

use backon::{BackoffBuilder as _, ExponentialBuilder};
use jiff::Timestamp;

/// The bounds of a retry delay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retry {
    /// The first delay.
    pub min: Duration,
    /// The longest delay.
    pub max: Duration,
    /// What the jitter is derived from, so that a run can be replayed.
    pub seed: u64,
}

/// Past this attempt the delay no longer grows.
const ATTEMPT_MAX: u32 = 40;

impl Retry {
    /// Draws the delay before the next attempt; `attempt` is how many have failed, from 1. A time
    /// that the other side asked for is kept to, within [`Retry::asked_max`].
    pub fn delay(&self, attempt: u32, asked: Option<Duration>) -> Duration {
        let drawn = ExponentialBuilder::new()
            .with_min_delay(self.min)
            .with_max_delay(self.max)
            .with_factor(2.0)
            .without_max_times()
            .with_jitter()
            .with_jitter_seed(self.seed.wrapping_add(u64::from(attempt)))
            .build()
            .nth(attempt.clamp(1, ATTEMPT_MAX) as usize - 1)
            .unwrap_or(self.max);
        match asked {
            Some(asked) => asked.min(self.asked_max()).max(self.min),
            None => drawn.min(self.asked_max()),
        }
    }

    /// The longest time that the other side can make us wait: an answer of "come back in a year"
    /// must not silence a feed. Also the bound of jitter over `max`.
    pub fn asked_max(&self) -> Duration {
        self.max.saturating_mul(2).max(Duration::from_hours(1))
    }

    /// A share between -1 and 1, always the same for the same number: the timetable's jitter.
    pub fn jitter(&self, number: i64) -> f64 {
        // SplitMix64's mixing, which turns neighbouring numbers into unlike ones.
        let mut mixed = self.seed ^ number.cast_unsigned().wrapping_mul(0x9E37_79B9_7F4A_7C15);
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        let share = u32::try_from(mixed >> 32).unwrap_or(0);
        f64::from(share) / f64::from(u32::MAX) * 2.0 - 1.0
    }

    /// Whether stored work is due. A due time further away than any delay that is ever drawn was
    /// written before the clock jumped back, and counts as due.
    pub fn is_due(&self, due_at: Option<i64>, now: Timestamp) -> bool {
        self.wait(due_at, now).is_zero()
    }

    /// How long stored work is still to wait; zero when it is due.
    pub fn wait(&self, due_at: Option<i64>, now: Timestamp) -> Duration {
        let Some(due_at) = due_at else { return Duration::ZERO };
        let millis = due_at.saturating_sub(now.as_millisecond());
        let wait = Duration::from_millis(u64::try_from(millis).unwrap_or(0));
        if wait > self.asked_max() { Duration::ZERO } else { wait }
    }
}

#[cfg(test)]
mod tests;
