//! The XML decoder: events of a plain reader, steered by the trie.
//!
//! Namespaces are ignored: elements and attributes go by their local names. The item is one
//! element; paths begin below it. Text keeps its blanks. Document types, and references that plain
//! XML does not know, make the item refused.

use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::reader::Reader;

use super::seen::Seen;
use super::{DEPTH_MAX, Fault};
use crate::slots::{ListState, Row, Slot, Slots, Span, Unfit};
use crate::trie::{Node, Trie, Use, Where};

/// Reads one element with its subtree.
pub(crate) fn decode<'a>(trie: &Trie, item: &'a [u8], slots: &mut Slots<'a>) -> Result<(), Fault> {
    let Some(row) = slots.open(0, trie.width, 0) else { return Err(Fault::TooManyRows) };
    slots.lists.clear();
    slots.lists.resize(trie.lists, ListState::default());
    let mut walk = Walk::new(item, 0, 0, slots);
    walk.document(&trie.root, row)
}

/// A walk over the item, or over one element of it that is read again.
struct Walk<'s, 'a> {
    reader: Reader<&'a [u8]>,
    text: &'a [u8],
    /// Where the text begins in the item.
    start: usize,
    depth: usize,
    slots: &'s mut Slots<'a>,
}

/// The text of one element, gathered from its pieces.
#[derive(Clone, Copy)]
enum Gathered<'a> {
    Nothing,
    Whole(&'a str),
    Scratch(Span),
}

impl<'s, 'a> Walk<'s, 'a> {
    fn new(text: &'a [u8], start: usize, depth: usize, slots: &'s mut Slots<'a>) -> Self {
        Self { reader: Reader::from_reader(text), text, start, depth, slots }
    }

    fn position(&self) -> usize {
        usize::try_from(self.reader.buffer_position()).unwrap_or(usize::MAX)
    }

    #[inline]
    fn next(&mut self) -> Result<Event<'a>, Fault> {
        self.reader.read_event().map_err(|error| {
            let at = usize::try_from(self.reader.error_position()).unwrap_or(0);
            Fault::Malformed { offset: self.start + at, what: error.to_string() }
        })
    }

    #[cold]
    fn malformed(&self, what: &str) -> Fault {
        Fault::Malformed { offset: self.start + self.position(), what: what.to_owned() }
    }

    /// Reads what may stand around the one element, and the element.
    fn document(&mut self, node: &Node, row: Row) -> Result<(), Fault> {
        let mut has_element = false;
        loop {
            match self.next()? {
                Event::Start(start) if !has_element => {
                    has_element = true;
                    self.element(&start, node, row)?;
                }
                Event::Empty(start) if !has_element => {
                    has_element = true;
                    self.empty(&start, node, row)?;
                }
                Event::Start(_) | Event::Empty(_) => {
                    return Err(self.malformed("there is a second element"));
                }
                Event::Eof if has_element => return Ok(()),
                Event::Eof => return Err(self.malformed("there is no element")),
                Event::Text(text) if text.trim().is_empty() => {}
                Event::Decl(_) | Event::Comment(_) | Event::PI(_) => {}
                Event::DocType(_) => {
                    return Err(Fault::DocumentType { offset: self.start + self.position() });
                }
                Event::Text(_) | Event::CData(_) | Event::GeneralRef(_) | Event::End(_) => {
                    return Err(self.malformed("there is text outside the element"));
                }
            }
        }
    }

    /// Reads an element behind its start tag, up to its end tag.
    fn element(&mut self, start: &BytesStart<'a>, node: &Node, row: Row) -> Result<(), Fault> {
        self.go_down()?;
        let is_nil = self.attributes(start, node, row)?;
        for list in &node.counted {
            if let Some(state) = self.slots.lists.get_mut(*list) {
                *state = ListState::default();
            }
        }
        let wants_text = node.leaf.is_some() || node.own_text.is_some();
        let mut text = Gathered::Nothing;
        let mut has_children = false;
        let mut has_lone_text = false;
        let mut seen = Seen::default();
        loop {
            let before = self.position();
            match self.next()? {
                Event::Text(piece) if wants_text => {
                    let piece = piece.xml10_content();
                    text = self.gather(text, piece);
                }
                Event::Text(piece) => has_lone_text |= !piece.trim().is_empty(),
                Event::CData(piece) if wants_text => {
                    let piece = piece.xml10_content();
                    text = self.gather(text, piece);
                }
                Event::CData(piece) => has_lone_text |= !piece.trim().is_empty(),
                Event::GeneralRef(reference) => {
                    let letter = self.resolve(&reference)?;
                    has_lone_text |= !letter.is_whitespace();
                    if wants_text {
                        let mut buffer = [0; 4];
                        let piece = (*letter.encode_utf8(&mut buffer)).to_owned();
                        text = self.gather(text, piece.into());
                    }
                }
                Event::Start(start) => {
                    has_children = true;
                    self.child(&start, Tag::Open, before, node, row, &mut seen)?;
                }
                Event::Empty(start) => {
                    has_children = true;
                    self.child(&start, Tag::Empty, before, node, row, &mut seen)?;
                }
                Event::End(_) => break,
                Event::Comment(_) | Event::PI(_) => {}
                other => return Err(self.unexpected(&other)),
            }
        }
        self.depth -= 1;
        if !has_children && node.has_names() {
            let is_blank = match text {
                Gathered::Nothing => !has_lone_text,
                Gathered::Whole(text) => text.trim().is_empty(),
                Gathered::Scratch(span) => span.of(&self.slots.scratch).trim().is_empty(),
            };
            if !is_blank {
                self.no_way(&node.inner, node, row, Unfit::Scalar)?;
            }
        }
        self.put_text(node, row, text, has_children, is_nil);
        Ok(())
    }

    fn put_text(
        &mut self,
        node: &Node,
        row: Row,
        text: Gathered<'a>,
        has_children: bool,
        is_nil: bool,
    ) {
        let own = match text {
            Gathered::Nothing => Slot::Text(""),
            Gathered::Whole(text) => Slot::Text(text),
            Gathered::Scratch(span) => Slot::Scratch(span),
        };
        if let Some(slot) = node.own_text {
            self.slots.set(row, slot, own);
        }
        if let Some(slot) = node.leaf {
            let value = match (has_children, is_nil) {
                (true, _) => Slot::Unfit(Unfit::Object),
                (false, true) => Slot::Null,
                (false, false) => own,
            };
            self.slots.set(row, slot, value);
        }
    }

    /// Reads an element that has no end tag of its own.
    fn empty(&mut self, start: &BytesStart<'a>, node: &Node, row: Row) -> Result<(), Fault> {
        let is_nil = self.attributes(start, node, row)?;
        self.put_text(node, row, Gathered::Nothing, false, is_nil);
        Ok(())
    }

    #[cold]
    fn unexpected(&self, event: &Event<'_>) -> Fault {
        match event {
            Event::DocType(_) => Fault::DocumentType { offset: self.start + self.position() },
            Event::Eof => self.malformed("it ends in the middle"),
            _ => self.malformed("a declaration stands inside the element"),
        }
    }

    fn go_down(&mut self) -> Result<(), Fault> {
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            return Err(Fault::TooDeep { offset: self.start + self.position() });
        }
        Ok(())
    }

    /// Reads a child element whose start tag was met at `before`.
    #[inline]
    fn child(
        &mut self,
        start: &BytesStart<'a>,
        tag: Tag,
        before: usize,
        parent: &Node,
        row: Row,
        seen: &mut Seen,
    ) -> Result<(), Fault> {
        let Some(child) = parent.child(local(start.name().into_inner())) else {
            return self.skip(tag);
        };
        let node = &child.node;
        let is_again = !seen.add(child.place);
        match &*node.uses {
            [] if is_again => {
                self.no_way(&node.own, node, row, Unfit::Repeated)?;
                self.skip(tag)
            }
            [] => self.enter(start, tag, node, row),
            [Use::Each { scope, width, root }] if node.own.is_empty() && !node.has_names() => {
                let row = self.open(*scope, *width, row)?;
                self.enter(start, tag, root, row)
            }
            _ => self.again(tag, before, node, row, is_again),
        }
    }

    /// Says of some slots of a node that they can't be reached.
    #[cold]
    fn no_way(&mut self, slots: &[u32], node: &Node, row: Row, why: Unfit) -> Result<(), Fault> {
        if let Some(list) = &node.on_the_way {
            return Err(Fault::OnTheWay { why, list: list.to_string() });
        }
        self.slots.unfit(row, slots, why);
        Ok(())
    }

    fn enter(
        &mut self,
        start: &BytesStart<'a>,
        tag: Tag,
        node: &Node,
        row: Row,
    ) -> Result<(), Fault> {
        match tag {
            Tag::Open => self.element(start, node, row),
            Tag::Empty => self.empty(start, node, row),
        }
    }

    fn open(&mut self, scope: usize, width: usize, row: Row) -> Result<Row, Fault> {
        self.slots.open(scope, width, row.index).ok_or(Fault::TooManyRows)
    }

    /// Reads an element several times, once for each thing that is wanted of it.
    fn again(
        &mut self,
        tag: Tag,
        before: usize,
        node: &Node,
        row: Row,
        is_again: bool,
    ) -> Result<(), Fault> {
        self.skip(tag)?;
        let text = self.text.get(before..self.position()).unwrap_or_default();
        let (start, depth) = (self.start + before, self.depth);
        let read = |slots: &mut Slots<'a>, node: &Node, row: Row| {
            Walk::new(text, start, depth, slots).document(node, row)
        };
        if is_again {
            self.no_way(&node.own, node, row, Unfit::Repeated)?;
        } else if !node.own.is_empty() || node.has_names() {
            read(self.slots, node, row)?;
        }
        let mut state = self.slots.lists.get(node.list).copied().unwrap_or_default();
        for (place, each) in node.uses.iter().enumerate() {
            match each {
                Use::Index { at, node } if *at == state.count => read(self.slots, node, row)?,
                Use::Index { .. } => {}
                Use::Where(it) => {
                    let Where { probe, slot, value, node, .. } = &**it;
                    self.slots.forget(row, &[*slot]);
                    read(self.slots, probe, row)?;
                    let is_it = match self.slots.get(row, *slot) {
                        Slot::Text(text) => text == &**value,
                        Slot::Scratch(span) => span.of(&self.slots.scratch) == &**value,
                        _ => false,
                    };
                    if is_it && state.add_match(place) {
                        read(self.slots, node, row)?;
                    } else if is_it {
                        self.slots.unfit(row, &node.all(), Unfit::Several);
                    }
                }
                Use::Each { scope, width, root } => {
                    let row = self.open(*scope, *width, row)?;
                    read(self.slots, root, row)?;
                }
            }
        }
        state.count += 1;
        if let Some(kept) = self.slots.lists.get_mut(node.list) {
            *kept = state;
        }
        Ok(())
    }

    /// Passes over an element whose start tag was read.
    fn skip(&mut self, tag: Tag) -> Result<(), Fault> {
        if tag == Tag::Empty {
            return Ok(());
        }
        let outside = self.depth;
        self.go_down()?;
        while self.depth > outside {
            match self.next()? {
                Event::Start(_) => self.go_down()?,
                Event::End(_) => self.depth -= 1,
                Event::GeneralRef(reference) => {
                    self.resolve(&reference)?;
                }
                Event::Empty(_)
                | Event::Text(_)
                | Event::CData(_)
                | Event::Comment(_)
                | Event::PI(_) => {}
                other => return Err(self.unexpected(&other)),
            }
        }
        Ok(())
    }

    /// Takes the wanted attributes into scratch text; answers whether the element says it is null.
    #[inline]
    fn attributes(&mut self, start: &BytesStart<'a>, node: &Node, row: Row) -> Result<bool, Fault> {
        if start.attributes_raw().is_empty() {
            return Ok(false);
        }
        self.some_attributes(start, node, row)
    }

    fn some_attributes(
        &mut self,
        start: &BytesStart<'a>,
        node: &Node,
        row: Row,
    ) -> Result<bool, Fault> {
        let mut is_nil = false;
        for attribute in start.attributes() {
            let attribute = attribute.map_err(|error| self.malformed(&error.to_string()))?;
            let name = attribute.key.into_inner();
            if name.starts_with("xmlns") {
                continue;
            }
            let wanted = node.attributes.iter().find(|(wanted, _)| &**wanted == local(name));
            let is_nil_mark = name.ends_with(":nil");
            if wanted.is_none() && !is_nil_mark {
                continue;
            }
            let version = quick_xml::XmlVersion::Implicit1_0;
            let Ok(value) = attribute.normalized_value(version) else {
                return Err(Fault::Entity { offset: self.start + self.position() });
            };
            is_nil |= is_nil_mark && matches!(&*value, "true" | "1");
            if let Some((_, slot)) = wanted {
                let begin = self.slots.scratch.len();
                self.slots.scratch.push_str(&value);
                let span = Span::new(begin, self.slots.scratch.len());
                self.slots.set(row, *slot, Slot::Scratch(span));
            }
        }
        Ok(is_nil)
    }

    #[inline]
    fn gather(&mut self, text: Gathered<'a>, piece: std::borrow::Cow<'a, str>) -> Gathered<'a> {
        match (text, piece) {
            (Gathered::Nothing, std::borrow::Cow::Borrowed(piece)) => Gathered::Whole(piece),
            (text, piece) => self.gather_more(text, &piece),
        }
    }

    /// Joins pieces in the scratch string; child elements may have written behind the last piece.
    fn gather_more(&mut self, text: Gathered<'a>, piece: &str) -> Gathered<'a> {
        let scratch = &mut self.slots.scratch;
        let mut start = scratch.len();
        match text {
            Gathered::Nothing => {}
            Gathered::Whole(text) => scratch.push_str(text),
            Gathered::Scratch(span) if span.range().end == start => start = span.range().start,
            Gathered::Scratch(span) => scratch.extend_from_within(span.range()),
        }
        scratch.push_str(piece);
        Gathered::Scratch(Span::new(start, scratch.len()))
    }

    fn resolve(&self, reference: &BytesRef<'a>) -> Result<char, Fault> {
        let fault = || Fault::Entity { offset: self.start + self.position() };
        let letter = match reference.resolve_char_ref() {
            Ok(Some(letter)) => letter,
            Ok(None) => match &**reference {
                "lt" => '<',
                "gt" => '>',
                "amp" => '&',
                "quot" => '"',
                "apos" => '\'',
                _ => return Err(fault()),
            },
            Err(_) => return Err(fault()),
        };
        let is_text = !letter.is_control() || matches!(letter, '\t' | '\n' | '\r' | '\u{7f}'..);
        if is_text { Ok(letter) } else { Err(fault()) }
    }
}

/// Whether an element goes on behind its start tag.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Tag {
    Open,
    Empty,
}

/// The name without its prefix.
#[inline]
fn local(name: &str) -> &str {
    match memchr::memchr(b':', name.as_bytes()) {
        Some(colon) => name.get(colon + 1..).unwrap_or(name),
        None => name,
    }
}
