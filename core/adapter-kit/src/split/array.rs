//! A JSON array somewhere in a document: an item is an element.
//!
//! Only brackets and strings are followed. An element whose brackets match is an item or, when it
//! is too large or too deep, one flaw; an element whose brackets cross leaves no place to go on
//! from, so the rest of the text is one flaw.

use super::brackets::Brackets;
use super::seek::{Seek, Sought};
use super::{Flaw, FlawKind, Limits, Mark, Step, wide};

#[derive(Debug)]
pub(crate) struct Array {
    path: Vec<String>,
    limits: Limits,
    mark: Mark,
    state: State,
    has_document: bool,
}

#[derive(Debug)]
enum State {
    /// Before a document, or behind the last.
    Outside,
    /// On the way to the array.
    Seeking(Seek),
    /// Between elements.
    Between,
    /// Within the element that begins at `lead` in the window, followed up to `scanned`.
    Element { lead: usize, scanned: usize, value: Value },
    /// Passing over an element that is too large.
    Discarding { flaw: Flaw, value: Value },
    /// Behind the array, in the objects around it.
    Behind(Brackets),
    /// Passing over the rest of the text.
    Lost(Flaw),
    /// Behind the flaw that the rest of the text is.
    Over,
}

/// What kind of value an element is.
#[derive(Clone, Debug)]
enum Value {
    Bracketed(Brackets),
    /// A number, a literal, or whatever stands there: it ends before a comma or bracket.
    Bare,
}

fn is_separator(byte: u8) -> bool {
    byte.is_ascii_whitespace() || byte == b','
}

impl Value {
    fn scan(&mut self, bytes: &[u8]) -> Option<usize> {
        match self {
            Self::Bracketed(brackets) => brackets.scan(bytes),
            Self::Bare => bytes
                .iter()
                .position(|byte| byte.is_ascii_whitespace() || matches!(byte, b',' | b']' | b'}')),
        }
    }

    fn is_crossed(&self) -> bool {
        matches!(self, Self::Bracketed(brackets) if brackets.is_crossed())
    }

    fn deepest(&self) -> usize {
        match self {
            Self::Bracketed(brackets) => brackets.deepest(),
            Self::Bare => 0,
        }
    }
}

impl Array {
    pub(crate) fn new(path: &str, limits: Limits, at: Mark) -> Self {
        let path = path.split('.').filter(|key| !key.is_empty()).map(str::to_owned).collect();
        let state = State::Outside;
        let mut array = Self { path, limits, mark: at, state, has_document: false };
        array.rewind(at);
        array
    }

    pub(crate) fn mark(&self) -> Mark {
        self.mark
    }

    pub(crate) fn rewind(&mut self, to: Mark) {
        self.mark = to;
        self.has_document = to.offset > 0;
        self.state = match to {
            Mark { over: true, .. } => State::Over,
            Mark { inside: true, .. } => State::Between,
            _ => State::Outside,
        };
    }

    pub(crate) fn step(&mut self, window: &[u8], is_last: bool) -> Step {
        match std::mem::replace(&mut self.state, State::Over) {
            State::Outside => self.outside(window, is_last),
            State::Seeking(seek) => self.seeking(seek, window, is_last),
            State::Between => self.between(window, is_last),
            State::Element { lead, scanned, value } => {
                self.element(lead, scanned, value, window, is_last)
            }
            State::Discarding { flaw, value } => self.discarding(flaw, value, window, is_last),
            State::Behind(brackets) => self.behind(brackets, window, is_last),
            State::Lost(flaw) => self.lost(flaw, window, is_last),
            State::Over => Step::End,
        }
    }

    fn outside(&mut self, window: &[u8], is_last: bool) -> Step {
        let blank = window.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        if blank > 0 {
            self.state = State::Outside;
            return self.skip(blank);
        }
        match window.first() {
            Some(_) => {
                self.has_document = true;
                self.state = State::Seeking(Seek::default());
                self.step(window, is_last)
            }
            None if !is_last => {
                self.state = State::Outside;
                Step::More
            }
            None if self.has_document => Step::End,
            None => self.lose(FlawKind::Truncated("an empty text"), window, is_last),
        }
    }

    fn seeking(&mut self, mut seek: Seek, window: &[u8], is_last: bool) -> Step {
        let sought = seek.step(&self.path, window);
        let is_stuck = matches!(sought, Sought::More) && window.len() > self.limits.item_bytes;
        match sought {
            Sought::Skip(consumed) => {
                self.state = State::Seeking(seek);
                self.skip(consumed)
            }
            Sought::Array(consumed) => {
                self.state = State::Between;
                self.mark.inside = true;
                self.skip(consumed)
            }
            Sought::More if is_last => {
                self.lose(FlawKind::Truncated("the document"), window, is_last)
            }
            Sought::More if is_stuck => {
                self.lose(FlawKind::Malformed("a key without an end"), window, is_last)
            }
            Sought::More => {
                self.state = State::Seeking(seek);
                Step::More
            }
            Sought::NotThere => {
                let path = if self.path.is_empty() { "[]".into() } else { self.path.join(".") };
                self.lose(FlawKind::NothingThere(path), window, is_last)
            }
            Sought::Malformed(what) => self.lose(FlawKind::Malformed(what), window, is_last),
        }
    }

    fn between(&mut self, window: &[u8], is_last: bool) -> Step {
        let lead = window.iter().take_while(|byte| is_separator(**byte)).count();
        let value = match window.get(lead) {
            None if is_last => {
                return self.lose(FlawKind::Truncated("the array"), window, is_last);
            }
            None => {
                self.state = State::Between;
                return if lead == 0 { Step::More } else { self.skip(lead) };
            }
            Some(b']') => {
                self.mark.inside = false;
                self.state = match self.path.len() {
                    0 => State::Outside,
                    depth => State::Behind(Brackets::within_objects(depth)),
                };
                return self.skip(lead + 1);
            }
            Some(b'}') => {
                let kind = FlawKind::Malformed("a brace that closes nothing");
                return self.lose(kind, window, is_last);
            }
            Some(b'{' | b'[' | b'"') => Value::Bracketed(Brackets::default()),
            Some(_) => Value::Bare,
        };
        self.element(lead, lead, value, window, is_last)
    }

    fn element(
        &mut self,
        lead: usize,
        scanned: usize,
        mut value: Value,
        window: &[u8],
        is_last: bool,
    ) -> Step {
        let end = value.scan(window.get(scanned..).unwrap_or_default()).map(|end| scanned + end);
        if value.is_crossed() {
            return self.lose(FlawKind::Malformed("brackets that do not match"), window, is_last);
        }
        let Some(end) = end else {
            return self.unfinished(lead, value, window, is_last);
        };
        let range = lead..end;
        let kind = if range.len() > self.limits.item_bytes {
            Some(FlawKind::TooLarge { max: self.limits.item_bytes })
        } else if value.deepest() > self.limits.depth {
            Some(FlawKind::TooDeep { max: self.limits.depth })
        } else {
            None
        };
        self.state = State::Between;
        let (offset, number) = (self.mark.offset + wide(lead), self.mark.number);
        self.mark.offset += wide(end);
        self.mark.number += 1;
        match kind {
            None => Step::Item { range, consumed: end },
            Some(kind) => {
                let stretch = window.get(range).unwrap_or_default();
                Step::Flaw { flaw: Flaw::new(kind, offset, number, stretch), consumed: end }
            }
        }
    }

    /// The element goes on behind the window.
    fn unfinished(&mut self, lead: usize, value: Value, window: &[u8], is_last: bool) -> Step {
        if is_last {
            return self.lose(FlawKind::Truncated("an element of the array"), window, is_last);
        }
        if lead > 0 {
            // Separators need no room while the element is waited for.
            self.state = State::Element { lead: 0, scanned: window.len() - lead, value };
            return self.skip(lead);
        }
        if window.len() <= self.limits.item_bytes {
            self.state = State::Element { lead, scanned: window.len(), value };
            return Step::More;
        }
        let kind = FlawKind::TooLarge { max: self.limits.item_bytes };
        let flaw = Flaw::new(kind, self.mark.offset, self.mark.number, window);
        self.state = State::Discarding { flaw, value };
        self.skip(window.len())
    }

    fn discarding(
        &mut self,
        mut flaw: Flaw,
        mut value: Value,
        window: &[u8],
        is_last: bool,
    ) -> Step {
        let end = value.scan(window);
        if value.is_crossed() || (end.is_none() && is_last) {
            return self.lost(flaw, window, is_last);
        }
        if let Some(end) = end {
            flaw.bytes += wide(end);
            self.state = State::Between;
            self.mark.offset += wide(end);
            self.mark.number += 1;
            return Step::Flaw { flaw, consumed: end };
        }
        flaw.bytes += wide(window.len());
        self.state = State::Discarding { flaw, value };
        if window.is_empty() { Step::More } else { self.skip(window.len()) }
    }

    fn behind(&mut self, mut brackets: Brackets, window: &[u8], is_last: bool) -> Step {
        let end = brackets.scan(window);
        if brackets.is_crossed() {
            let kind = FlawKind::Malformed("brackets that do not match behind the array");
            return self.lose_from(end.unwrap_or(0), kind, window, is_last);
        }
        match end {
            Some(end) => {
                self.state = State::Outside;
                self.skip(end)
            }
            None if window.is_empty() && is_last => {
                self.lose(FlawKind::Truncated("the document, behind the array"), window, is_last)
            }
            None => {
                self.state = State::Behind(brackets);
                if window.is_empty() { Step::More } else { self.skip(window.len()) }
            }
        }
    }

    /// Gives up: the text from the window on, but for separators, is one flaw.
    fn lose(&mut self, kind: FlawKind, window: &[u8], is_last: bool) -> Step {
        let lead = window.iter().take_while(|byte| is_separator(**byte)).count();
        self.lose_from(lead, kind, window, is_last)
    }

    fn lose_from(&mut self, from: usize, kind: FlawKind, window: &[u8], is_last: bool) -> Step {
        let stretch = window.get(from..).unwrap_or_default();
        let mut flaw = Flaw::new(kind, self.mark.offset + wide(from), self.mark.number, stretch);
        flaw.bytes = 0;
        self.mark.offset += wide(from);
        let Step::Flaw { flaw, consumed } = self.lost(flaw, stretch, is_last) else {
            return match from + stretch.len() {
                0 => Step::More,
                consumed => Step::Skip { consumed },
            };
        };
        Step::Flaw { flaw, consumed: from + consumed }
    }

    fn lost(&mut self, mut flaw: Flaw, window: &[u8], is_last: bool) -> Step {
        if flaw.bytes == 0 {
            // The separators before it may have come in several pieces.
            let lead = window.iter().take_while(|byte| is_separator(**byte)).count();
            let stretch = window.get(lead..).unwrap_or_default();
            flaw = Flaw::new(flaw.kind, flaw.offset + wide(lead), flaw.number, stretch);
        } else {
            flaw.bytes += wide(window.len());
        }
        if is_last {
            self.state = State::Over;
            self.mark.over = true;
            self.mark.offset += wide(window.len());
            self.mark.number += 1;
            return Step::Flaw { flaw, consumed: window.len() };
        }
        self.state = State::Lost(flaw);
        if window.is_empty() { Step::More } else { self.skip(window.len()) }
    }

    fn skip(&mut self, consumed: usize) -> Step {
        self.mark.offset += wide(consumed);
        Step::Skip { consumed }
    }
}
