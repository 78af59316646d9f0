//! How often a party may ask: one token bucket each, on the hub's clock.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;

use crate::refused::Refused;

/// Tokens are counted in thousandths, so that slow rates refill smoothly.
const UNIT: u64 = 1000;

/// Token buckets by party. Parties come from the settings, so their number is bounded.
#[derive(Debug)]
pub(crate) struct Rates {
    per_sec: u64,
    burst: u64,
    buckets: Mutex<HashMap<String, Bucket>>,
}

#[derive(Clone, Copy, Debug)]
struct Bucket {
    tokens: u64,
    filled_at: Timestamp,
}

impl Rates {
    /// Makes full buckets.
    pub(crate) fn new(per_sec: u32, burst: u32) -> Self {
        let (per_sec, burst) = (u64::from(per_sec.max(1)), u64::from(burst.max(1)));
        Self { per_sec, burst, buckets: Mutex::new(HashMap::new()) }
    }

    /// Takes one token out of a party's bucket.
    ///
    /// # Errors
    /// When it is empty: how many seconds to wait.
    pub(crate) fn take(&self, party: &str, now: Timestamp) -> Result<(), Refused> {
        let full = self.burst * UNIT;
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if !buckets.contains_key(party) {
            buckets.insert(party.to_owned(), Bucket { tokens: full, filled_at: now });
        }
        let Some(bucket) = buckets.get_mut(party) else { return Ok(()) };
        let elapsed_ms = now.as_millisecond() - bucket.filled_at.as_millisecond();
        // A clock that was set back refills nothing, and starts anew from there.
        let refill = u64::try_from(elapsed_ms).unwrap_or(0).saturating_mul(self.per_sec);
        bucket.tokens = bucket.tokens.saturating_add(refill).min(full);
        bucket.filled_at = now;
        if bucket.tokens >= UNIT {
            bucket.tokens -= UNIT;
            return Ok(());
        }
        let missing = UNIT - bucket.tokens;
        let wait_secs = missing.div_ceil(self.per_sec).div_ceil(1000).max(1);
        Err(Refused::TooMany { retry_secs: u32::try_from(wait_secs).unwrap_or(60) })
    }
}

#[cfg(test)]
mod tests;
