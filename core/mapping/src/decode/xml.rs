//! The XML decoder: one pass over the text, steered by the trie.
//!
//! Namespaces are ignored: elements and attributes go by their local names. The item is one
//! element; paths begin below it. Text keeps its blanks. Document types, and references that plain
//! XML does not know, make the item refused.

mod reader;
mod text;

use super::seen::Seen;
use super::{DEPTH_MAX, Fault};
use crate::slots::{ListState, Row, Slot, Slots, Unfit};
use crate::trie::{Node, Trie, Use, Where};

use reader::{Broken, Piece, Reader, Tag};
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
    let reader = Reader::new(super::utf8(item)?);
    let mut walk = Walk { reader, depth: 0, slots, fault: None };
    let read = match &*node.uses {
        [] => walk.document(node, row),
        _ => walk.uses(Whole::Document(reader), node, row, false),
    };
    match (read, walk.fault) {
        (Ok(()), None) => Ok(()),
        (_, fault) => Err(fault.unwrap_or(Fault::TooBig)),
    }
}

/// A walk over the item.
struct Walk<'s, 'a> {
    reader: Reader<'a>,
    depth: usize,
    slots: &'s mut Slots<'a>,
    /// Why the walk stopped.
    fault: Option<Fault>,
}

/// The walk is over, for the reason that it holds. Kept apart so that results are small.
struct Stopped;

type Step = Result<(), Stopped>;

impl<'a> Walk<'_, 'a> {
    #[cold]
    fn stop(&mut self, fault: Fault) -> Stopped {
        self.fault = Some(fault);
        Stopped
    }

    #[inline]
    fn next(&mut self) -> Result<Piece<'a>, Stopped> {
        match self.reader.next() {
            Ok(piece) => Ok(piece),
            Err(broken) => Err(self.broken(broken)),
        }
    }

    #[cold]
    fn broken(&mut self, broken: Broken) -> Stopped {
        self.stop(Fault::Malformed { offset: broken.at, what: broken.what.to_owned() })
    }

    #[cold]
    fn malformed(&mut self, what: &str) -> Stopped {
        self.stop(Fault::Malformed { offset: self.reader.at, what: what.to_owned() })
    }

    #[cold]
    fn document_type(&mut self) -> Stopped {
        self.stop(Fault::DocumentType { offset: self.reader.at })
    }

    #[cold]
    fn entity(&mut self) -> Stopped {
        self.stop(Fault::Entity { offset: self.reader.at })
    }

    /// An end tag that is not the element's own.
    #[cold]
    fn other_end(&mut self, at: usize, name: &str) -> Stopped {
        let what = format!("the end tag of `{name}` is expected");
        self.stop(Fault::Malformed { offset: at, what })
    }

    /// Reads what may stand around the one element, and the element.
    fn document(&mut self, node: &Node, row: Row) -> Step {
        let mut has_element = false;
        loop {
            match self.next()? {
                Piece::Start(tag) if !has_element => {
                    has_element = true;
                    self.element(tag, node, row)?;
                }
                Piece::Empty(tag) if !has_element => {
                    has_element = true;
                    self.empty(tag, node, row)?;
                }
                Piece::Start(_) | Piece::Empty(_) => {
                    return Err(self.malformed("there is a second element"));
                }
                Piece::Over if has_element => return Ok(()),
                Piece::Over => return Err(self.malformed("there is no element")),
                Piece::Text(text) if text.trim().is_empty() => {}
                Piece::Declaration | Piece::Aside => {}
                Piece::DocumentType => return Err(self.document_type()),
                Piece::Text(_) | Piece::CData(_) | Piece::Reference(_) | Piece::End(_) => {
                    return Err(self.malformed("there is text outside the element"));
                }
            }
        }
    }

    /// Reads an element of which only the text is wanted. Most elements are such, and most of these
    /// are one piece of text and the end.
    #[inline]
    fn text(&mut self, tag: Tag<'a>, slot: u32, row: Row) -> Step {
        if !tag.has_more()
            && self.depth < DEPTH_MAX
            && let Some(text) = self.reader.text_and_end(tag.name)
        {
            self.slots.set(row, slot, Slot::Text(text));
            return Ok(());
        }
        self.pieces_of_text(tag, slot, row)
    }

    /// The same, where there are references, attributes, sections or comments.
    fn pieces_of_text(&mut self, tag: Tag<'a>, slot: u32, row: Row) -> Step {
        self.go_down()?;
        let is_nil = tag.has_more() && self.is_nil(tag)?;
        let mut text = Gathered::Nothing;
        let mut has_children = false;
        loop {
            let before = self.reader.at;
            match self.next()? {
                Piece::Text(piece) | Piece::CData(piece) => text = self.gather(text, piece),
                Piece::End(name) if name == tag.name => break,
                Piece::End(_) => return Err(self.other_end(before, tag.name)),
                Piece::Reference(reference) => {
                    let letter = self.resolve(reference)?;
                    text = self.gather_letter(text, letter);
                }
                Piece::Start(child) => {
                    has_children = true;
                    self.skip(child)?;
                }
                Piece::Empty(_) => has_children = true,
                Piece::Aside => {}
                other => return Err(self.unexpected(other)),
            }
        }
        self.depth -= 1;
        let value = match (has_children, is_nil) {
            (true, _) => Slot::Unfit(Unfit::Object),
            (false, true) => Slot::Null,
            (false, false) => text.slot(),
        };
        self.slots.set(row, slot, value);
        Ok(())
    }

    #[cold]
    fn is_nil(&mut self, tag: Tag<'a>) -> Result<bool, Stopped> {
        self.some_attributes(tag, &Node::default(), Row::default())
    }

    /// Reads an element behind its start tag, up to its end tag.
    fn element(&mut self, tag: Tag<'a>, node: &Node, row: Row) -> Step {
        self.go_down()?;
        let is_nil = self.attributes(tag, node, row)?;
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
            let before = self.reader.at;
            match self.next()? {
                Piece::Start(child) => {
                    has_children = true;
                    self.child(child, Form::Open, node, row, &mut seen)?;
                }
                Piece::End(name) if name == tag.name => break,
                Piece::End(_) => return Err(self.other_end(before, tag.name)),
                Piece::Text(piece) | Piece::CData(piece) if wants_text => {
                    text = self.gather(text, piece);
                }
                Piece::Text(piece) | Piece::CData(piece) => {
                    has_lone_text |= !piece.trim().is_empty();
                }
                Piece::Reference(reference) => {
                    let letter = self.resolve(reference)?;
                    has_lone_text |= !letter.is_whitespace();
                    if wants_text {
                        text = self.gather_letter(text, letter);
                    }
                }
                Piece::Empty(child) => {
                    has_children = true;
                    self.child(child, Form::Empty, node, row, &mut seen)?;
                }
                Piece::Aside => {}
                other => return Err(self.unexpected(other)),
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
    fn empty(&mut self, tag: Tag<'a>, node: &Node, row: Row) -> Step {
        let is_nil = self.attributes(tag, node, row)?;
        self.put_text(node, row, Gathered::Nothing, false, is_nil);
        Ok(())
    }

    #[cold]
    fn unexpected(&mut self, piece: Piece<'_>) -> Stopped {
        match piece {
            Piece::DocumentType => self.document_type(),
            Piece::Over => self.malformed("it ends in the middle"),
            _ => self.malformed("a declaration stands inside the element"),
        }
    }

    fn go_down(&mut self) -> Step {
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            return Err(self.stop(Fault::TooDeep { offset: self.reader.at }));
        }
        Ok(())
    }

    /// Reads a child element whose first tag was read.
    #[inline]
    fn child(
        &mut self,
        tag: Tag<'a>,
        form: Form,
        parent: &Node,
        row: Row,
        seen: &mut Seen,
    ) -> Step {
        // Most names have no prefix; those that are not found may have one.
        let child = parent.child(tag.name).or_else(|| parent.child(local(tag.name)));
        let Some(child) = child else { return self.pass_over(tag, form) };
        let node = &child.node;
        let is_again = !seen.add(child.place);
        match &*node.uses {
            [] if is_again => {
                self.no_way(&node.own, node, row, Unfit::Repeated)?;
                self.pass_over(tag, form)
            }
            [] => self.enter(tag, form, node, row),
            [Use::Each { scope, width, root }]
                if node.own.is_empty() && !node.has_names() && root.uses.is_empty() =>
            {
                let row = self.open(*scope, *width, row)?;
                self.enter(tag, form, root, row)
            }
            _ => self.again(tag, form, node, row, is_again),
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

    #[inline]
    fn enter(&mut self, tag: Tag<'a>, form: Form, node: &Node, row: Row) -> Step {
        match (form, node.leaf) {
            (Form::Open, Some(slot)) if node.is_text_only() => self.text(tag, slot, row),
            (Form::Open, _) => self.element(tag, node, row),
            (Form::Empty, _) => self.empty(tag, node, row),
        }
    }

    fn open(&mut self, scope: usize, width: usize, row: Row) -> Result<Row, Stopped> {
        match self.slots.open(scope, width, row.index) {
            Some(row) => Ok(row),
            None => Err(self.stop(Fault::TooManyRows)),
        }
    }

    /// Reads the element itself, and nothing of it as an element of a list.
    fn whole(&mut self, whole: Whole<'a>, node: &Node, row: Row) -> Step {
        match whole {
            Whole::Document(reader) => {
                self.reader = reader;
                self.document(node, row)
            }
            Whole::Element(tag, form, inside) => {
                self.reader = inside;
                match form {
                    Form::Open => self.element(tag, node, row),
                    Form::Empty => self.empty(tag, node, row),
                }
            }
        }
    }

    /// Reads the element for one thing that is wanted of it: perhaps the rows of a list of one.
    fn one(&mut self, whole: Whole<'a>, node: &Node, row: Row) -> Step {
        if node.uses.is_empty() {
            return self.whole(whole, node, row);
        }
        if let Some(state) = self.slots.lists.get_mut(node.list) {
            *state = ListState::default();
        }
        self.uses(whole, node, row, false)
    }

    /// Reads an element several times, once for each thing that is wanted of it.
    fn again(&mut self, tag: Tag<'a>, form: Form, node: &Node, row: Row, is_again: bool) -> Step {
        let whole = Whole::Element(tag, form, self.reader);
        self.pass_over(tag, form)?;
        self.uses(whole, node, row, is_again)
    }

    /// Reads an element or a document once for each thing that is wanted of it.
    fn uses(&mut self, whole: Whole<'a>, node: &Node, row: Row, is_again: bool) -> Step {
        if is_again {
            self.no_way(&node.own, node, row, Unfit::Repeated)?;
        } else if !node.own.is_empty() || node.has_names() {
            self.whole(whole, node, row)?;
        }
        let mut state = self.slots.lists.get(node.list).copied().unwrap_or_default();
        for (place, each) in node.uses.iter().enumerate() {
            match each {
                Use::Index { at, node } if *at == state.count => self.one(whole, node, row)?,
                Use::Index { .. } => {}
                Use::Where(it) => {
                    let Where { probe, slot, value, node, .. } = &**it;
                    self.slots.forget(row, &[*slot]);
                    self.one(whole, probe, row)?;
                    let is_it = match self.slots.get(row, *slot) {
                        Slot::Text(text) => text == &**value,
                        Slot::Scratch(span) => span.of(&self.slots.scratch) == &**value,
                        _ => false,
                    };
                    if is_it && state.add_match(place) {
                        self.one(whole, node, row)?;
                    } else if is_it {
                        self.slots.unfit(row, &node.all(), Unfit::Several);
                    }
                }
                Use::Each { scope, width, root } => {
                    let row = self.open(*scope, *width, row)?;
                    self.one(whole, root, row)?;
                }
            }
        }
        state.count += 1;
        if let Some(kept) = self.slots.lists.get_mut(node.list) {
            *kept = state;
        }
        Ok(())
    }

    fn pass_over(&mut self, tag: Tag<'a>, form: Form) -> Step {
        match form {
            Form::Open => self.skip(tag),
            Form::Empty => Ok(()),
        }
    }

    /// Passes over an element whose start tag was read.
    fn skip(&mut self, tag: Tag<'a>) -> Step {
        self.go_down()?;
        loop {
            let before = self.reader.at;
            match self.next()? {
                Piece::End(name) if name == tag.name => break,
                Piece::End(_) => return Err(self.other_end(before, tag.name)),
                Piece::Start(child) => self.skip(child)?,
                Piece::Reference(reference) => {
                    self.resolve(reference)?;
                }
                Piece::Empty(_) | Piece::Text(_) | Piece::CData(_) | Piece::Aside => {}
                other => return Err(self.unexpected(other)),
            }
        }
        self.depth -= 1;
        Ok(())
    }
}

/// What is read several times.
#[derive(Clone, Copy)]
enum Whole<'a> {
    /// A text from here on, with what may stand around its one element.
    Document(Reader<'a>),
    /// An element whose first tag was read, from behind that.
    Element(Tag<'a>, Form, Reader<'a>),
}

/// Whether an element goes on behind its first tag.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Open,
    Empty,
}
