//! What the endpoint does wrong, by rule or by a seeded draw.

use rand::{Rng as _, RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};

/// How the endpoint misbehaves; all zero for an endpoint that never does.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Faults {
    /// Answers 400 to every so many-th request; 0 for never.
    pub refuse_every: u64,
    /// Answers 400 to every request whose body holds this text; empty for none.
    pub refuse_containing: String,
    /// Share of requests answered with 503 and `Retry-After: 0`.
    pub busy: f64,
    /// Share of requests whose connection is cut before an answer, applied or not by turns.
    pub cut: f64,
    /// Share of requests that are applied and answered with something that is no HTTP success.
    pub garbage: f64,
    /// Share of requests that are applied and answered only after `late_millis`.
    pub late: f64,
    /// How late.
    pub late_millis: u64,
    /// The seed of the draws.
    pub seed: u64,
}

/// What happens to one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mishap {
    /// Nothing: it is applied and answered.
    None,
    /// Refused with 400.
    Refuse,
    /// Not applied, 503.
    Busy,
    /// Not applied, the connection is cut.
    CutBefore,
    /// Applied, the connection is cut.
    CutAfter,
    /// Applied, the answer is garbage.
    Garbage,
    /// Applied, the answer comes late.
    Late,
}

/// Draws mishaps.
pub(crate) struct Fate {
    faults: Faults,
    rng: ChaCha8Rng,
    requests: u64,
}

impl Fate {
    pub(crate) fn new(faults: Faults) -> Self {
        Self { rng: ChaCha8Rng::seed_from_u64(faults.seed), faults, requests: 0 }
    }

    pub(crate) fn draw(&mut self, body: &[u8]) -> Mishap {
        self.requests += 1;
        let text = self.faults.refuse_containing.as_bytes();
        if !text.is_empty() && memchr::memmem::find(body, text).is_some() {
            return Mishap::Refuse;
        }
        if self.faults.refuse_every > 0 && self.requests.is_multiple_of(self.faults.refuse_every) {
            return Mishap::Refuse;
        }
        let mut point: f64 = self.rng.random();
        let cut = if self.rng.next_u32().is_multiple_of(2) {
            Mishap::CutBefore
        } else {
            Mishap::CutAfter
        };
        let shares = [
            (self.faults.busy, Mishap::Busy),
            (self.faults.cut, cut),
            (self.faults.garbage, Mishap::Garbage),
            (self.faults.late, Mishap::Late),
        ];
        for (share, mishap) in shares {
            if point < share {
                return mishap;
            }
            point -= share;
        }
        Mishap::None
    }
}
