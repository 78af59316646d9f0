//! Records of delimited text with quoted fields (RFC 4180): an item is a record as it stands.
//!
//! A quote means something only at the beginning of a field. A record whose quotes can't be right
//! is a flaw of one line, and splitting goes on with the next: a quote that was never closed would
//! otherwise swallow all that follows.

use memchr::{memchr, memchr_iter, memchr2};

use super::{Flaw, FlawKind, Limits, Mark, Step, wide};

#[derive(Debug)]
pub(crate) struct Records {
    delimiter: u8,
    limits: Limits,
    mark: Mark,
    /// The line that is being passed over because it is too long.
    discarded: Option<Flaw>,
}

/// Where a record ends.
enum Ending {
    /// It ends here, and the next one begins there.
    At(usize, usize),
    /// Behind the text; whether a quoted field is open.
    Behind { is_quoted: bool },
    /// Something stands here behind a closing quote.
    Malformed(usize),
}

impl Records {
    pub(crate) fn new(delimiter: u8, limits: Limits, at: Mark) -> Self {
        Self { delimiter, limits, mark: at, discarded: None }
    }

    pub(crate) fn mark(&self) -> Mark {
        self.mark
    }

    pub(crate) fn rewind(&mut self, to: Mark) {
        (self.mark, self.discarded) = (to, None);
    }

    pub(crate) fn step(&mut self, window: &[u8], is_last: bool) -> Step {
        if let Some(flaw) = self.discarded.take() {
            return self.discard(flaw, window, is_last);
        }
        if window.is_empty() {
            return if is_last { Step::End } else { Step::More };
        }
        let is_full = window.len() > self.limits.item_bytes;
        match ending(window, self.delimiter, is_last) {
            Ending::At(end, consumed) if end <= self.limits.item_bytes => {
                self.record(end, consumed, window)
            }
            Ending::At(..) => self.line(self.too_large(), window, is_last),
            Ending::Behind { .. } if is_full => self.line(self.too_large(), window, is_last),
            Ending::Behind { is_quoted: false } if is_last => {
                self.record(window.len(), window.len(), window)
            }
            Ending::Behind { is_quoted: true } if is_last => {
                let kind = FlawKind::Malformed("a quoted field without an end");
                self.line(kind, window, is_last)
            }
            Ending::Behind { .. } => Step::More,
            Ending::Malformed(at) if at >= self.limits.item_bytes => {
                self.line(self.too_large(), window, is_last)
            }
            Ending::Malformed(_) => {
                let kind = FlawKind::Malformed("text behind a closing quote");
                self.line(kind, window, is_last)
            }
        }
    }

    fn too_large(&self) -> FlawKind {
        FlawKind::TooLarge { max: self.limits.item_bytes }
    }

    fn record(&mut self, end: usize, consumed: usize, window: &[u8]) -> Step {
        self.advance(consumed, window);
        if end == 0 {
            return Step::Skip { consumed };
        }
        self.mark.number += 1;
        Step::Item { range: 0..end, consumed }
    }

    /// The first line of the window as a flaw.
    fn line(&mut self, kind: FlawKind, window: &[u8], is_last: bool) -> Step {
        let end = memchr(b'\n', window);
        let stretch = window.get(..end.unwrap_or(window.len())).unwrap_or_default();
        let flaw = Flaw::new(kind, self.mark.offset, self.mark.number, stretch);
        let flaw = flaw.on_line(self.mark.line + 1);
        let consumed = end.map_or(window.len(), |end| end + 1);
        self.advance(consumed, window);
        if end.is_none() && !is_last {
            self.discarded = Some(flaw);
            return Step::Skip { consumed };
        }
        self.mark.number += 1;
        Step::Flaw { flaw, consumed }
    }

    /// Goes on to the end of the line.
    fn discard(&mut self, mut flaw: Flaw, window: &[u8], is_last: bool) -> Step {
        let end = memchr(b'\n', window);
        flaw.bytes += wide(end.unwrap_or(window.len()));
        let consumed = end.map_or(window.len(), |end| end + 1);
        self.advance(consumed, window);
        if end.is_some() || is_last {
            self.mark.number += 1;
            return Step::Flaw { flaw, consumed };
        }
        self.discarded = Some(flaw);
        if consumed == 0 { Step::More } else { Step::Skip { consumed } }
    }

    fn advance(&mut self, consumed: usize, window: &[u8]) {
        let done = window.get(..consumed).unwrap_or_default();
        self.mark.line += wide(memchr_iter(b'\n', done).count());
        self.mark.offset += wide(consumed);
    }
}

fn ending(text: &[u8], delimiter: u8, is_last: bool) -> Ending {
    let mut at = 0;
    loop {
        if text.get(at) == Some(&b'"') {
            let Some(end) = behind_quoted(text, at) else {
                return Ending::Behind { is_quoted: true };
            };
            at = end;
            match (text.get(at), text.get(at + 1)) {
                (Some(b'\n'), _) => return Ending::At(at, at + 1),
                (Some(b'\r'), Some(b'\n')) => return Ending::At(at, at + 2),
                (Some(b'\r'), None) if is_last => return Ending::At(at, at + 1),
                (None, _) | (Some(b'\r'), None) => return Ending::Behind { is_quoted: false },
                (Some(byte), _) if *byte == delimiter => {}
                _ => return Ending::Malformed(at),
            }
        } else {
            let rest = text.get(at..).unwrap_or_default();
            let Some(found) = memchr2(delimiter, b'\n', rest) else {
                return Ending::Behind { is_quoted: false };
            };
            at += found;
            if text.get(at) == Some(&b'\n') {
                let is_crlf = at > 0 && text.get(at - 1) == Some(&b'\r');
                return Ending::At(at - usize::from(is_crlf), at + 1);
            }
        }
        at += 1;
    }
}

/// The place behind the quoted field that begins at `at`.
pub(super) fn behind_quoted(text: &[u8], at: usize) -> Option<usize> {
    let mut at = at + 1;
    loop {
        at += memchr(b'"', text.get(at..)?)? + 1;
        if text.get(at) != Some(&b'"') {
            return Some(at);
        }
        at += 1;
    }
}
