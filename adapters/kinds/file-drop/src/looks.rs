//! Whether a file has settled: nobody has written to it for a while.

use std::collections::HashMap;

use jiff::Timestamp;

use crate::position::FileState;

/// What was seen of files that are not done yet.
///
/// Only a file whose date can't be trusted needs it: one that grows without its date moving, or
/// whose date lies in the future. It is lost with the adapter, which only costs such a file another
/// wait.
#[derive(Debug, Default)]
pub(crate) struct Looks(HashMap<String, Look>);

#[derive(Clone, Copy, Debug)]
struct Look {
    state: FileState,
    since: Timestamp,
    /// It was seen to change under the same date, so the date says nothing.
    is_undated: bool,
}

impl Looks {
    /// Looks at a file and says whether it has settled.
    pub(crate) fn is_settled(
        &mut self,
        name: &str,
        state: FileState,
        now: Timestamp,
        settle_secs: u32,
    ) -> bool {
        let first = Look { state, since: now, is_undated: false };
        let look = self.0.entry(name.to_owned()).or_insert(first);
        if look.state != state {
            let has_kept_date = look.state.written_ns == state.written_ns;
            let is_undated = has_kept_date && look.state.bytes != state.bytes;
            *look = Look { state, since: now, is_undated };
        }
        let wait_ns = i128::from(settle_secs) * 1_000_000_000;
        let seen_ns = now.as_nanosecond() - look.since.as_nanosecond();
        let age_ns = now.as_nanosecond() - i128::from(state.written_ns);
        if age_ns < 0 || look.is_undated { seen_ns >= wait_ns } else { age_ns >= wait_ns }
    }

    /// Forgets the files that are gone or done.
    pub(crate) fn keep(&mut self, is_waiting: impl Fn(&str) -> bool) {
        self.0.retain(|name, _| is_waiting(name));
    }
}

#[cfg(test)]
mod tests;
