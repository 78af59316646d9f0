//! XML elements at a path: an item is an element with its subtree.
//!
//! Only tags are followed, past comments, CDATA sections, processing instructions and quoted
//! attribute values. A DTD is refused before anything of it is read, so there are no entities but
//! the five of XML itself. Names are compared without their prefixes.

use memchr::{memchr, memmem, memrchr};

use super::glance::Glance;
use super::subtree::{Followed, Markup, Subtree, name_of};
use super::{Flaw, FlawKind, Limits, Mark, Step, wide};

#[derive(Debug)]
pub(crate) struct Xml {
    path: Vec<Vec<u8>>,
    limits: Limits,
    mark: Mark,
    state: State,
    /// Open elements around the place.
    open: usize,
    has_root: bool,
    has_been_inside: bool,
    /// Whether other elements stood where the items should.
    has_others: bool,
    /// For items of the name that the last one had.
    glance: Option<Glance>,
}

#[derive(Debug)]
enum State {
    /// Above and between the items.
    Around,
    /// Within the element that the window begins with, followed up to `scanned`.
    Element { scanned: usize, subtree: Subtree, is_item: bool },
    /// Passing over an element: one that is too large, or none of ours.
    Passing { flaw: Option<Flaw>, subtree: Subtree },
    /// In a comment or the like.
    Until(&'static [u8]),
    /// Passing over the rest of the text.
    Lost(Flaw),
    /// Behind the flaw that the rest of the text is.
    Over,
}

impl Xml {
    pub(crate) fn new(path: &str, limits: Limits, at: Mark) -> Self {
        let path = path.split('/').filter(|name| !name.is_empty());
        let mut xml = Self {
            path: path.map(|name| name.as_bytes().to_vec()).collect(),
            limits,
            mark: at,
            state: State::Around,
            open: 0,
            has_root: false,
            has_been_inside: false,
            has_others: false,
            glance: None,
        };
        xml.rewind(at);
        xml
    }

    pub(crate) fn mark(&self) -> Mark {
        self.mark
    }

    pub(crate) fn rewind(&mut self, to: Mark) {
        self.mark = to;
        self.state = if to.over { State::Over } else { State::Around };
        self.open = if to.inside { self.path.len() } else { 0 };
        self.has_root = to.offset > 0;
        self.has_been_inside = to.inside;
        self.has_others = false;
    }

    pub(crate) fn step(&mut self, window: &[u8], is_last: bool) -> Step {
        match std::mem::replace(&mut self.state, State::Over) {
            State::Around => self.around(window, is_last),
            State::Element { scanned, subtree, is_item } => {
                self.element(scanned, subtree, is_item, window, is_last)
            }
            State::Passing { flaw, subtree } => self.passing(flaw, subtree, window, is_last),
            State::Until(closing) => self.until(closing, window, is_last),
            State::Lost(flaw) => self.lost(flaw, window, is_last),
            State::Over => Step::End,
        }
    }

    fn around(&mut self, window: &[u8], is_last: bool) -> Step {
        let text = memchr(b'<', window).unwrap_or(window.len());
        if text > 0 {
            return self.text(text, window, is_last);
        }
        if window.is_empty() {
            self.state = State::Around;
            return if is_last { self.end() } else { Step::More };
        }
        match Markup::read(window) {
            Markup::Unfinished if is_last => {
                self.lose(FlawKind::Truncated("a tag"), window, is_last)
            }
            Markup::Unfinished if window.len() > self.limits.item_bytes => {
                self.lose(FlawKind::Malformed("a tag without an end"), window, is_last)
            }
            Markup::Unfinished => {
                self.state = State::Around;
                Step::More
            }
            Markup::Broken(_) => {
                self.lose(FlawKind::Malformed("a tag within a tag"), window, is_last)
            }
            Markup::Declaration => self.lose(FlawKind::Dtd, window, is_last),
            Markup::Passage(length, closing) => {
                self.state = State::Until(closing);
                self.skip(length)
            }
            Markup::End(length) => {
                let Some(open) = self.open.checked_sub(1) else {
                    let kind = FlawKind::Malformed("an end tag that ends nothing");
                    return self.lose(kind, window, is_last);
                };
                self.open = open;
                self.mark.inside = false;
                self.state = State::Around;
                self.skip(length)
            }
            Markup::Start(length, is_empty) => self.start(length, is_empty, window, is_last),
        }
    }

    fn start(&mut self, length: usize, is_empty: bool, window: &[u8], is_last: bool) -> Step {
        self.has_root = true;
        let name = name_of(window.get(1..length).unwrap_or_default());
        let local = memrchr(b':', name).and_then(|at| name.get(at + 1..)).unwrap_or(name);
        let is_on_path = match self.open.checked_sub(1) {
            None => true,
            Some(level) => self.path.get(level).is_some_and(|wanted| wanted == local),
        };
        let is_item = is_on_path && self.open == self.path.len();
        self.has_others |= !is_on_path && self.open == self.path.len();
        if is_on_path && !is_item {
            if !is_empty {
                self.open += 1;
                self.mark.inside = self.open == self.path.len();
                self.has_been_inside |= self.mark.inside;
            }
            self.state = State::Around;
            return self.skip(length);
        }
        if is_empty {
            self.state = State::Around;
            return if is_item { self.item(length) } else { self.skip(length) };
        }
        if is_item && let Some(end) = self.seen_at_a_glance(name, window) {
            self.state = State::Around;
            return self.item(end);
        }
        self.element(length, Subtree::new(name), is_item, window, is_last)
    }

    /// The end of the item that the window begins with, if it is an ordinary one.
    fn seen_at_a_glance(&mut self, name: &[u8], window: &[u8]) -> Option<usize> {
        let glance = match &mut self.glance {
            Some(glance) if glance.is_of(name) => glance,
            glance => glance.insert(Glance::new(name)),
        };
        let end = glance.end_of(window, self.limits.depth)?;
        (end <= self.limits.item_bytes).then_some(end)
    }

    fn element(
        &mut self,
        scanned: usize,
        mut subtree: Subtree,
        is_item: bool,
        window: &[u8],
        is_last: bool,
    ) -> Step {
        let scanned = match subtree.follow(window, scanned) {
            Followed::SoFar(scanned) => scanned,
            Followed::ToEnd(end) => {
                self.state = State::Around;
                if !is_item {
                    return self.skip(end);
                }
                let kind = self.fault_of(end, &subtree);
                let Some(kind) = kind else { return self.item(end) };
                let stretch = window.get(..end).unwrap_or_default();
                let flaw = Flaw::new(kind, self.mark.offset, self.mark.number, stretch);
                return self.flaw(flaw, end);
            }
        };
        if is_last && is_item {
            return self.lose(FlawKind::Truncated("an element"), window, is_last);
        }
        if is_last {
            return self.lose_at_end(FlawKind::Truncated("an element"), window);
        }
        if is_item && window.len() <= self.limits.item_bytes {
            self.state = State::Element { scanned, subtree, is_item };
            return Step::More;
        }
        let kind = FlawKind::TooLarge { max: self.limits.item_bytes };
        let flaw = is_item.then(|| {
            let stretch = window.get(..scanned).unwrap_or_default();
            Flaw::new(kind, self.mark.offset, self.mark.number, stretch)
        });
        self.state = State::Passing { flaw, subtree };
        self.skip(scanned)
    }

    fn fault_of(&self, length: usize, subtree: &Subtree) -> Option<FlawKind> {
        if length > self.limits.item_bytes {
            Some(FlawKind::TooLarge { max: self.limits.item_bytes })
        } else if subtree.deepest() > self.limits.depth {
            Some(FlawKind::TooDeep { max: self.limits.depth })
        } else if subtree.is_malformed() {
            Some(FlawKind::Malformed("tags that do not match"))
        } else {
            None
        }
    }

    fn passing(
        &mut self,
        mut flaw: Option<Flaw>,
        mut subtree: Subtree,
        window: &[u8],
        is_last: bool,
    ) -> Step {
        let (length, is_at_end) = match subtree.follow(window, 0) {
            Followed::ToEnd(end) => (end, true),
            Followed::SoFar(so_far) => (so_far, false),
        };
        let is_stuck = length == 0 && window.len() > self.limits.item_bytes;
        if !is_at_end && (is_last || is_stuck) {
            return match flaw {
                Some(flaw) => self.lost(flaw, window, is_last),
                None if is_last => self.lose_at_end(FlawKind::Truncated("an element"), window),
                None => self.lose(FlawKind::Malformed("a tag without an end"), window, is_last),
            };
        }
        if let Some(flaw) = &mut flaw {
            flaw.bytes += wide(length);
        }
        if !is_at_end {
            self.state = State::Passing { flaw, subtree };
            return if length == 0 { Step::More } else { self.skip(length) };
        }
        self.state = State::Around;
        match flaw {
            Some(flaw) => self.flaw(flaw, length),
            None => self.skip(length),
        }
    }

    /// Text outside of the items: white space, or something that should not be there.
    fn text(&mut self, length: usize, window: &[u8], is_last: bool) -> Step {
        let text = window.get(..length).unwrap_or_default();
        let blank = text.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        if blank > 0 {
            self.state = State::Around;
            return self.skip(blank);
        }
        if self.open == 0 {
            return self.lose(FlawKind::Malformed("text outside of XML"), window, is_last);
        }
        self.state = State::Around;
        if self.open < self.path.len() {
            return self.skip(length);
        }
        let is_whole = length < window.len() || is_last;
        if !is_whole && length <= self.limits.item_bytes {
            return Step::More;
        }
        let kind = FlawKind::Malformed("text between the records");
        let flaw = Flaw::new(kind, self.mark.offset, self.mark.number, text);
        self.flaw(flaw, length)
    }

    fn until(&mut self, closing: &'static [u8], window: &[u8], is_last: bool) -> Step {
        if let Some(found) = memmem::find(window, closing) {
            self.state = State::Around;
            return self.skip(found + closing.len());
        }
        if is_last {
            return self.lose_at_end(FlawKind::Truncated("a comment"), window);
        }
        self.state = State::Until(closing);
        match window.len().saturating_sub(closing.len() - 1) {
            0 => Step::More,
            length => self.skip(length),
        }
    }

    fn end(&mut self) -> Step {
        let is_missed = self.mark.number == 0 && (self.has_others || !self.has_been_inside);
        let kind = if !self.has_root {
            FlawKind::Truncated("an empty text")
        } else if self.open > 0 {
            FlawKind::Truncated("the document")
        } else if is_missed && !self.path.is_empty() {
            FlawKind::NothingThere(String::from_utf8_lossy(&self.path.join(&b'/')).into_owned())
        } else {
            self.state = State::Over;
            return Step::End;
        };
        self.lose(kind, b"", true)
    }

    fn item(&mut self, length: usize) -> Step {
        self.mark.offset += wide(length);
        self.mark.number += 1;
        Step::Item { range: 0..length, consumed: length }
    }

    fn flaw(&mut self, flaw: Flaw, consumed: usize) -> Step {
        self.mark.offset += wide(consumed);
        self.mark.number += 1;
        Step::Flaw { flaw, consumed }
    }

    /// Gives up: the text from the window on is one flaw.
    fn lose(&mut self, kind: FlawKind, window: &[u8], is_last: bool) -> Step {
        let mut flaw = Flaw::new(kind, self.mark.offset, self.mark.number, window);
        flaw.bytes = 0;
        self.lost(flaw, window, is_last)
    }

    /// Gives up at the end of the text, in something that is no item.
    fn lose_at_end(&mut self, kind: FlawKind, window: &[u8]) -> Step {
        let flaw = Flaw::new(kind, self.mark.offset + wide(window.len()), self.mark.number, b"");
        self.state = State::Over;
        self.mark.over = true;
        self.flaw(flaw, window.len())
    }

    fn lost(&mut self, mut flaw: Flaw, window: &[u8], is_last: bool) -> Step {
        flaw.bytes += wide(window.len());
        if is_last {
            self.state = State::Over;
            self.mark.over = true;
            return self.flaw(flaw, window.len());
        }
        self.state = State::Lost(flaw);
        if window.is_empty() { Step::More } else { self.skip(window.len()) }
    }

    fn skip(&mut self, consumed: usize) -> Step {
        self.mark.offset += wide(consumed);
        Step::Skip { consumed }
    }
}

/// The encoding that an XML declaration at the beginning of a text names.
pub fn declared_encoding(head: &[u8]) -> Option<&str> {
    let declaration = head.strip_prefix(b"<?xml")?;
    let declaration = declaration.get(..memmem::find(declaration, b"?>")?)?;
    let named = declaration.get(memmem::find(declaration, b"encoding")? + 8..)?;
    let named = std::str::from_utf8(named).ok()?.trim_start().strip_prefix('=')?.trim_start();
    let quote = named.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    named.get(1..)?.split(quote).next()
}
