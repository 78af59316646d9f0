//! JSON lines: an item is a line.
//!
//! Runs at the speed of looking for line ends. A line is not parsed here; only a long one is
//! followed bracket by bracket, so that nesting is refused before anything recurses into it.

use memchr::memchr;

use super::brackets::Brackets;
use super::{Flaw, FlawKind, Limits, Mark, Step, wide};

/// Lines up to this length are left to the mapping's reader, which bounds its own nesting.
const DEPTH_UNCHECKED_MAX: usize = 4096;

#[derive(Debug)]
pub(crate) struct Lines {
    limits: Limits,
    mark: Mark,
    /// Bytes of the window that are known to hold no line end.
    scanned: usize,
    /// The line that is being passed over because it is too long.
    discarded: Option<Flaw>,
}

impl Lines {
    pub(crate) fn new(limits: Limits, at: Mark) -> Self {
        Self { limits, mark: at, scanned: 0, discarded: None }
    }

    pub(crate) fn mark(&self) -> Mark {
        self.mark
    }

    pub(crate) fn rewind(&mut self, to: Mark) {
        (self.mark, self.scanned, self.discarded) = (to, 0, None);
    }

    pub(crate) fn step(&mut self, window: &[u8], is_last: bool) -> Step {
        let unseen = window.get(self.scanned..).unwrap_or_default();
        let found = memchr(b'\n', unseen).map(|at| self.scanned + at);
        let (end, consumed) = match found {
            Some(end) => (end, end + 1),
            None if !is_last => return self.unfinished(window),
            None if window.is_empty() && self.discarded.is_none() => return Step::End,
            None => (window.len(), window.len()),
        };
        self.scanned = 0;
        let line = self.mark.line + 1;
        let start = self.mark.offset;
        self.mark.offset += wide(consumed);
        self.mark.line += u64::from(found.is_some());
        let text = window.get(..end).unwrap_or_default();
        if let Some(mut flaw) = self.discarded.take() {
            flaw.bytes += wide(end);
            self.mark.number += 1;
            return Step::Flaw { flaw, consumed };
        }
        let range = trimmed(text);
        if range.is_empty() {
            return Step::Skip { consumed };
        }
        self.mark.number += 1;
        match self.fault_of(text.get(range.clone()).unwrap_or_default()) {
            None => Step::Item { range, consumed },
            Some(kind) => {
                let flaw = Flaw::new(kind, start, self.mark.number - 1, text).on_line(line);
                Step::Flaw { flaw, consumed }
            }
        }
    }

    /// The window holds no line end, and there is more behind it.
    fn unfinished(&mut self, window: &[u8]) -> Step {
        let is_short = window.len() <= self.limits.item_bytes;
        if window.is_empty() || (is_short && self.discarded.is_none()) {
            self.scanned = window.len();
            return Step::More;
        }
        if let Some(flaw) = &mut self.discarded {
            flaw.bytes += wide(window.len());
        } else {
            let kind = FlawKind::TooLarge { max: self.limits.item_bytes };
            let flaw = Flaw::new(kind, self.mark.offset, self.mark.number, window);
            self.discarded = Some(flaw.on_line(self.mark.line + 1));
        }
        self.scanned = 0;
        self.mark.offset += wide(window.len());
        Step::Skip { consumed: window.len() }
    }

    fn fault_of(&self, item: &[u8]) -> Option<FlawKind> {
        if item.len() > self.limits.item_bytes {
            return Some(FlawKind::TooLarge { max: self.limits.item_bytes });
        }
        if item.len() > DEPTH_UNCHECKED_MAX && Brackets::deepest_of(item) > self.limits.depth {
            return Some(FlawKind::TooDeep { max: self.limits.depth });
        }
        None
    }
}

/// The line without white space around it.
fn trimmed(line: &[u8]) -> std::ops::Range<usize> {
    let is_text = |byte: &u8| !byte.is_ascii_whitespace();
    let Some(start) = line.iter().position(is_text) else { return 0..0 };
    let end = line.iter().rposition(is_text).map_or(start, |last| last + 1);
    start..end
}
