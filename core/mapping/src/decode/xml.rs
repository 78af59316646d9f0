//! The XML decoder: events of a plain reader, steered by the trie.
//!
//! Namespaces are ignored: elements and attributes go by their local names. The item is one
//! element; paths begin below it. Text keeps its blanks. Document types, and references that plain
//! XML does not know, make the item refused.

mod text;

use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;

use super::seen::Seen;
use super::{DEPTH_MAX, Fault};
use crate::slots::{ListState, Row, Slot, Slots, Unfit};
use crate::trie::{Node, Trie, Use, Where};

use text::{Gathered, local};

/// Reads one element with its subtree.
pub(crate) fn decode<'a>(trie: &Trie, item: &'a [u8], slots: &mut Slots<'a>) -> Result<(), Fault> {
    let Some(row) = slots.open(0, trie.width, 0) else { return Err(Fault::TooManyRows) };
    decode_into(trie, &trie.root, row, item, slots)
}

/// Reads one element with its subtree into a row.
pub(super) fn decode_into<'a>(
    trie: &Trie,
    node: &Node,
    row: Row,
    item: &'a [u8],
    slots: &mut Slots<'a>,
) -> Result<(), Fault> {
    slots.lists.clear();
    slots.lists.resize(trie.lists, ListState::default());
    let mut fault = None;
    let mut walk = Walk::new(item, 0, 0, slots, &mut fault);
    let read = match &*node.uses {
        [] => walk.document(node, row),
        _ => walk.uses((item, 0), node, row, false),
    };
    match (read, fault) {
        (Ok(()), None) => Ok(()),
        (_, fault) => Err(fault.unwrap_or(Fault::TooBig)),
    }
}

/// A walk over the item, or over one element of it that is read again.
struct Walk<'s, 'a> {
    reader: Reader<&'a [u8]>,
    text: &'a [u8],
    /// Where the text begins in the item.
    start: usize,
    depth: usize,
    slots: &'s mut Slots<'a>,
    /// Why the walk stopped.
    fault: &'s mut Option<Fault>,
}

/// The walk is over, for the reason that it holds. Kept apart so that results are small.
struct Stopped;

type Step = Result<(), Stopped>;

impl<'s, 'a> Walk<'s, 'a> {
    fn new(
        text: &'a [u8],
        start: usize,
        depth: usize,
        slots: &'s mut Slots<'a>,
        fault: &'s mut Option<Fault>,
    ) -> Self {
        Self { reader: Reader::from_reader(text), text, start, depth, slots, fault }
    }

    #[cold]
    fn stop(&mut self, fault: Fault) -> Stopped {
        *self.fault = Some(fault);
        Stopped
    }

    fn position(&self) -> usize {
        usize::try_from(self.reader.buffer_position()).unwrap_or(usize::MAX)
    }

    #[inline]
    fn next(&mut self) -> Result<Event<'a>, Stopped> {
        match self.reader.read_event() {
            Ok(event) => Ok(event),
            Err(error) => Err(self.broken(&error)),
        }
    }

    #[cold]
    fn broken(&mut self, error: &quick_xml::Error) -> Stopped {
        let at = usize::try_from(self.reader.error_position()).unwrap_or(0);
        self.stop(Fault::Malformed { offset: self.start + at, what: error.to_string() })
    }

    #[cold]
    fn malformed(&mut self, what: &str) -> Stopped {
        let offset = self.start + self.position();
        self.stop(Fault::Malformed { offset, what: what.to_owned() })
    }

    #[cold]
    fn document_type(&mut self) -> Stopped {
        self.stop(Fault::DocumentType { offset: self.start + self.position() })
    }

    #[cold]
    fn entity(&mut self) -> Stopped {
        self.stop(Fault::Entity { offset: self.start + self.position() })
    }

    /// Reads what may stand around the one element, and the element.
    fn document(&mut self, node: &Node, row: Row) -> Step {
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
                Event::DocType(_) => return Err(self.document_type()),
                Event::Text(_) | Event::CData(_) | Event::GeneralRef(_) | Event::End(_) => {
                    return Err(self.malformed("there is text outside the element"));
                }
            }
        }
    }

    /// Reads an element of which only the text is wanted. Most elements are such, and most of these
    /// are one piece of text and the end. Events are looked at where they are: moving one costs as
    /// much as reading it.
    #[inline]
    fn text(&mut self, start: &BytesStart<'a>, slot: u32, row: Row) -> Step {
        self.go_down()?;
        let is_nil = !start.attributes_raw().is_empty() && self.is_nil(start)?;
        let mut text = Gathered::Nothing;
        let mut has_children = false;
        loop {
            match self.reader.read_event() {
                Ok(Event::Text(ref piece)) => text = self.gather(text, piece.xml10_content()),
                Ok(Event::End(_)) => break,
                Ok(Event::CData(ref piece)) => text = self.gather(text, piece.xml10_content()),
                Ok(Event::GeneralRef(ref reference)) => {
                    let letter = self.resolve(reference)?;
                    text = self.gather(text, letter.to_string().into());
                }
                Ok(Event::Start(_)) => {
                    has_children = true;
                    self.skip(Tag::Open)?;
                }
                Ok(Event::Empty(_)) => has_children = true,
                Ok(Event::Comment(_) | Event::PI(_)) => {}
                Ok(ref other) => return Err(self.unexpected(other)),
                Err(ref error) => return Err(self.broken(error)),
            }
        }
        self.depth -= 1;
        match text {
            _ if has_children => self.slots.set(row, slot, Slot::Unfit(Unfit::Object)),
            _ if is_nil => self.slots.set(row, slot, Slot::Null),
            Gathered::Whole(text) => self.slots.set(row, slot, Slot::Text(text)),
            Gathered::Nothing | Gathered::Scratch(_) => self.slots.set(row, slot, text.slot()),
        }
        Ok(())
    }

    #[cold]
    fn is_nil(&mut self, start: &BytesStart<'a>) -> Result<bool, Stopped> {
        self.some_attributes(start, &Node::default(), Row::default())
    }

    /// Reads an element behind its start tag, up to its end tag.
    fn element(&mut self, start: &BytesStart<'a>, node: &Node, row: Row) -> Step {
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
            match self.reader.read_event() {
                Ok(Event::Text(ref piece)) if wants_text => {
                    let piece = piece.xml10_content();
                    text = self.gather(text, piece);
                }
                Ok(Event::Text(ref piece)) => has_lone_text |= !piece.trim().is_empty(),
                Ok(Event::CData(ref piece)) if wants_text => {
                    let piece = piece.xml10_content();
                    text = self.gather(text, piece);
                }
                Ok(Event::CData(ref piece)) => has_lone_text |= !piece.trim().is_empty(),
                Ok(Event::GeneralRef(ref reference)) => {
                    let letter = self.resolve(reference)?;
                    has_lone_text |= !letter.is_whitespace();
                    if wants_text {
                        text = self.gather(text, letter.to_string().into());
                    }
                }
                Ok(Event::Start(ref start)) => {
                    has_children = true;
                    self.child(start, Tag::Open, before, node, row, &mut seen)?;
                }
                Ok(Event::Empty(ref start)) => {
                    has_children = true;
                    self.child(start, Tag::Empty, before, node, row, &mut seen)?;
                }
                Ok(Event::End(_)) => break,
                Ok(Event::Comment(_) | Event::PI(_)) => {}
                Ok(ref other) => return Err(self.unexpected(other)),
                Err(ref error) => return Err(self.broken(error)),
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
        let own = text.slot();
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
    fn empty(&mut self, start: &BytesStart<'a>, node: &Node, row: Row) -> Step {
        let is_nil = self.attributes(start, node, row)?;
        self.put_text(node, row, Gathered::Nothing, false, is_nil);
        Ok(())
    }

    #[cold]
    fn unexpected(&mut self, event: &Event<'_>) -> Stopped {
        match event {
            Event::DocType(_) => self.document_type(),
            Event::Eof => self.malformed("it ends in the middle"),
            _ => self.malformed("a declaration stands inside the element"),
        }
    }

    fn go_down(&mut self) -> Step {
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            let offset = self.start + self.position();
            return Err(self.stop(Fault::TooDeep { offset }));
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
    ) -> Step {
        // Most names have no prefix; those that are not found may have one.
        let name = start.name().into_inner();
        let Some(child) = parent.child(name).or_else(|| parent.child(local(name))) else {
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
    fn no_way(&mut self, slots: &[u32], node: &Node, row: Row, why: Unfit) -> Step {
        if let Some(list) = &node.on_the_way {
            let list = list.to_string();
            return Err(self.stop(Fault::OnTheWay { why, list }));
        }
        self.slots.unfit(row, slots, why);
        Ok(())
    }

    fn enter(&mut self, start: &BytesStart<'a>, tag: Tag, node: &Node, row: Row) -> Step {
        match (tag, node.leaf) {
            (Tag::Open, Some(slot)) if node.is_text_only() => self.text(start, slot, row),
            (Tag::Open, _) => self.element(start, node, row),
            (Tag::Empty, _) => self.empty(start, node, row),
        }
    }

    fn open(&mut self, scope: usize, width: usize, row: Row) -> Result<Row, Stopped> {
        match self.slots.open(scope, width, row.index) {
            Some(row) => Ok(row),
            None => Err(self.stop(Fault::TooManyRows)),
        }
    }

    /// Reads an element several times, once for each thing that is wanted of it.
    fn again(&mut self, tag: Tag, before: usize, node: &Node, row: Row, is_again: bool) -> Step {
        self.skip(tag)?;
        let text = self.text.get(before..self.position()).unwrap_or_default();
        self.uses((text, self.start + before), node, row, is_again)
    }

    /// Reads the text of an element, and where it begins, once for each thing that is wanted of it.
    fn uses(
        &mut self,
        (text, start): (&'a [u8], usize),
        node: &Node,
        row: Row,
        is_again: bool,
    ) -> Step {
        let depth = self.depth;
        let read = |walk: &mut Self, node: &Node, row: Row| {
            Walk::new(text, start, depth, walk.slots, walk.fault).document(node, row)
        };
        if is_again {
            self.no_way(&node.own, node, row, Unfit::Repeated)?;
        } else if !node.own.is_empty() || node.has_names() {
            read(self, node, row)?;
        }
        let mut state = self.slots.lists.get(node.list).copied().unwrap_or_default();
        for (place, each) in node.uses.iter().enumerate() {
            match each {
                Use::Index { at, node } if *at == state.count => read(self, node, row)?,
                Use::Index { .. } => {}
                Use::Where(it) => {
                    let Where { probe, slot, value, node, .. } = &**it;
                    self.slots.forget(row, &[*slot]);
                    read(self, probe, row)?;
                    let is_it = match self.slots.get(row, *slot) {
                        Slot::Text(text) => text == &**value,
                        Slot::Scratch(span) => span.of(&self.slots.scratch) == &**value,
                        _ => false,
                    };
                    if is_it && state.add_match(place) {
                        read(self, node, row)?;
                    } else if is_it {
                        self.slots.unfit(row, &node.all(), Unfit::Several);
                    }
                }
                Use::Each { scope, width, root } => {
                    let row = self.open(*scope, *width, row)?;
                    read(self, root, row)?;
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
    fn skip(&mut self, tag: Tag) -> Step {
        if tag == Tag::Empty {
            return Ok(());
        }
        let outside = self.depth;
        self.go_down()?;
        while self.depth > outside {
            match self.reader.read_event() {
                Ok(Event::Start(_)) => self.go_down()?,
                Ok(Event::End(_)) => self.depth -= 1,
                Ok(Event::GeneralRef(ref reference)) => {
                    self.resolve(reference)?;
                }
                Ok(
                    Event::Empty(_)
                    | Event::Text(_)
                    | Event::CData(_)
                    | Event::Comment(_)
                    | Event::PI(_),
                ) => {}
                Ok(ref other) => return Err(self.unexpected(other)),
                Err(ref error) => return Err(self.broken(error)),
            }
        }
        Ok(())
    }
}

/// Whether an element goes on behind its start tag.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Tag {
    Open,
    Empty,
}
