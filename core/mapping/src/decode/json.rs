//! The JSON decoder: one pass over the text, steered by the trie, with the exact text of numbers.
//!
//! It is written by hand because it decides how fast everything is: serde over `serde_json` with
//! raw values, which it replaced, took two thirds longer for the same job. Tests hold it to
//! `serde_json`'s judgement of what is JSON, and to a plain walk over a tree for what is found.
//!
//! A name that the mapping reads and that occurs twice in one object makes the item refused: there
//! is no last one that wins.

mod scan;

pub(crate) use scan::Stops;

use super::seen::Seen;
use super::{DEPTH_MAX, Fault, escape};
use crate::slots::{ListState, Row, Slot, Slots, Span, Unfit};
use crate::trie::{Child, Node, Trie, Use, Where};

/// Reads one JSON value.
pub(crate) fn decode<'a>(trie: &Trie, item: &'a [u8], slots: &mut Slots<'a>) -> Result<(), Fault> {
    let text = super::utf8(item)?;
    let Some(row) = slots.open(0, trie.width, 0) else { return Err(Fault::TooManyRows) };
    decode_into(&trie.root, row, text, slots)
}

/// Reads one JSON value into a row.
pub(super) fn decode_into<'a>(
    node: &Node,
    row: Row,
    text: &'a str,
    slots: &mut Slots<'a>,
) -> Result<(), Fault> {
    let bytes = text.as_bytes();
    let mut stops = std::mem::take(&mut slots.stops);
    stops.find(bytes);
    let mut walk = Walk { text, bytes, stops: &stops, at: 0, depth: 0, slots, fault: None };
    let read = walk.document(node, row);
    let fault = walk.fault;
    slots.stops = stops;
    match (read, fault) {
        (Ok(()), None) => Ok(()),
        (_, fault) => Err(fault.unwrap_or(Fault::TooBig)),
    }
}

/// A walk over the text; `at` is where it stands.
struct Walk<'s, 'a> {
    text: &'a str,
    bytes: &'a [u8],
    stops: &'s Stops,
    at: usize,
    depth: usize,
    slots: &'s mut Slots<'a>,
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

    #[cold]
    fn malformed(&mut self, offset: usize, wanted: &str) -> Stopped {
        let what = match self.text.get(offset..).and_then(|rest| rest.chars().next()) {
            None => format!("it ends where {wanted} is expected"),
            Some(_) => format!("{wanted} is expected"),
        };
        self.stop(Fault::Malformed { offset, what })
    }

    fn document(&mut self, node: &Node, row: Row) -> Step {
        self.blanks();
        self.value(node, row)?;
        self.blanks();
        if self.at < self.bytes.len() {
            return Err(self.malformed(self.at, "the end"));
        }
        Ok(())
    }

    #[inline]
    fn blanks(&mut self) {
        self.at = scan::blanks_end(self.bytes, self.at);
    }

    #[inline]
    fn byte(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    /// Reads the value that begins here into what the node wants of it.
    #[inline]
    fn value(&mut self, node: &Node, row: Row) -> Step {
        let start = self.at;
        match self.byte() {
            Some(b'"') => self.string(node.leaf, row)?,
            Some(b'{') => return self.object_or_element(node, row),
            Some(b'[') => return self.list(node, row),
            Some(b'-' | b'0'..=b'9') => {
                let number = self.number()?;
                self.set(node, row, Slot::Number(number));
            }
            Some(b't') => {
                self.word("true")?;
                self.set(node, row, Slot::True);
            }
            Some(b'f') => {
                self.word("false")?;
                self.set(node, row, Slot::False);
            }
            Some(b'n') => {
                self.word("null")?;
                self.set(node, row, Slot::Null);
                return Ok(());
            }
            _ => return Err(self.malformed(start, "a value")),
        }
        if node.is_leaf_only() {
            return Ok(());
        }
        self.scalar_on_the_way(node, row, start)
    }

    #[inline]
    fn set(&mut self, node: &Node, row: Row, value: Slot<'a>) {
        if let Some(slot) = node.leaf {
            self.slots.set(row, slot, value);
        }
    }

    /// A single value where more is wanted than the value.
    #[cold]
    fn scalar_on_the_way(&mut self, node: &Node, row: Row, start: usize) -> Step {
        // An empty text where more is meant says that there is none.
        if self.bytes.get(start..self.at) == Some(b"\"\"") {
            self.slots.unfit(row, &node.inner, Unfit::Scalar);
            return Ok(());
        }
        self.no_way(node, row, Unfit::Scalar)?;
        self.single(node, row, start)
    }

    /// Says of everything below a node's names that it can't be reached.
    #[cold]
    fn no_way(&mut self, node: &Node, row: Row, why: Unfit) -> Step {
        if let Some(list) = &node.on_the_way {
            let list = list.to_string();
            return Err(self.stop(Fault::OnTheWay { why, list }));
        }
        self.slots.unfit(row, &node.inner, why);
        Ok(())
    }

    /// Reads a string, into a slot where it is wanted.
    #[inline]
    fn string(&mut self, leaf: Option<u32>, row: Row) -> Step {
        let start = self.at + 1;
        let (end, has_escapes) = match scan::string_end(self.bytes, self.stops, start) {
            Ok(found) => found,
            Err(at) => return Err(self.malformed(at, "the end of a text")),
        };
        self.at = end + 1;
        let Some(slot) = leaf else { return Ok(()) };
        let inside = self.text.get(start..end).unwrap_or_default();
        if has_escapes {
            let begin = self.slots.scratch.len();
            self.unescape(inside, start)?;
            let span = Span::new(begin, self.slots.scratch.len());
            self.slots.set(row, slot, Slot::Scratch(span));
        } else {
            self.slots.set(row, slot, Slot::Text(inside));
        }
        Ok(())
    }

    /// Reads what nearly all values are: a text without escapes, of which nothing but the text is
    /// wanted. False, and nothing is read, when something else stands here.
    #[inline]
    fn plain_text(&mut self, node: &Node, row: Row) -> bool {
        let (Some(slot), Some(b'"')) = (node.only_leaf, self.byte()) else { return false };
        let start = self.at + 1;
        let Some(end) = self.stops.next(start) else { return false };
        let (Some(b'"'), Some(inside)) = (self.bytes.get(end), self.text.get(start..end)) else {
            return false;
        };
        self.at = end + 1;
        self.slots.set(row, slot, Slot::Text(inside));
        true
    }

    fn unescape(&mut self, inside: &str, start: usize) -> Step {
        escape::unescape(inside, &mut self.slots.scratch)
            .map_err(|at| self.malformed(start + at, "the other half of a character"))
    }

    #[inline]
    fn number(&mut self) -> Result<&'a str, Stopped> {
        let start = self.at;
        match scan::number_end(self.bytes, start) {
            Ok(end) => self.at = end,
            Err(at) => return Err(self.malformed(at, "a digit")),
        }
        Ok(self.text.get(start..self.at).unwrap_or_default())
    }

    fn word(&mut self, word: &str) -> Step {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        if !rest.starts_with(word.as_bytes()) {
            return Err(self.malformed(self.at, word));
        }
        self.at += word.len();
        Ok(())
    }

    fn go_down(&mut self) -> Step {
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            return Err(self.stop(Fault::TooDeep { offset: self.at }));
        }
        self.at += 1;
        self.blanks();
        Ok(())
    }

    /// Reads an object, which may be the one element of a list that is wanted.
    #[inline]
    fn object_or_element(&mut self, node: &Node, row: Row) -> Step {
        if let Some(slot) = node.leaf {
            self.slots.set(row, slot, Slot::Unfit(Unfit::Object));
        }
        if node.uses.is_empty() {
            return self.object(node, row);
        }
        let start = self.at;
        if node.has_names() {
            self.object(node, row)?;
        }
        self.single(node, row, start)
    }

    /// Reads the members of an object.
    fn object(&mut self, node: &Node, row: Row) -> Step {
        self.go_down()?;
        if self.byte() == Some(b'}') {
            self.go_up();
            return Ok(());
        }
        let mut seen = Seen::default();
        let mut previous = 0;
        loop {
            let begin = self.at;
            let child = self.name(node, previous)?;
            match child {
                None => self.skip()?,
                Some(child) if seen.add(child.place) => {
                    previous = child.place + 1;
                    if !self.plain_text(&child.node, row) {
                        self.value(&child.node, row)?;
                    }
                }
                Some(child) => return Err(self.duplicate(node, child, begin)),
            }
            // What nearly always comes next: another name, and no blanks between.
            if let Some([b',', b'"']) = self.bytes.get(self.at..).and_then(<[u8]>::first_chunk) {
                self.at += 1;
                continue;
            }
            self.blanks();
            match self.byte() {
                Some(b',') => self.at += 1,
                Some(b'}') => break,
                _ => return Err(self.malformed(self.at, "a comma or the end of an object")),
            }
            self.blanks();
        }
        self.go_up();
        Ok(())
    }

    fn go_up(&mut self) {
        self.depth -= 1;
        self.at += 1;
    }

    #[cold]
    fn duplicate(&mut self, node: &Node, child: &Child, offset: usize) -> Stopped {
        let name = node.name_of(|other| other.place == child.place).unwrap_or_default();
        self.stop(Fault::Duplicate { offset, name: name.to_owned() })
    }

    /// Reads a member's name and its colon, and finds what is wanted of it.
    #[inline]
    fn name<'n>(&mut self, node: &'n Node, previous: usize) -> Result<Option<&'n Child>, Stopped> {
        if let Some(child) = self.expected(node, previous) {
            self.blanks();
            return Ok(Some(child));
        }
        self.any_name(node, previous)
    }

    /// The child whose name is expected next, if that name and its colon stand here.
    #[inline]
    fn expected<'n>(&mut self, node: &'n Node, previous: usize) -> Option<&'n Child> {
        let child = node.expected(previous)?;
        self.at += child.member.length_at(self.bytes.get(self.at..)?)?;
        Some(child)
    }

    /// Reads whatever name stands here. Never inlined, or the loop around would run out of registers.
    #[inline(never)]
    fn any_name<'n>(
        &mut self,
        node: &'n Node,
        previous: usize,
    ) -> Result<Option<&'n Child>, Stopped> {
        if self.byte() != Some(b'"') {
            return Err(self.malformed(self.at, "a name in quotes"));
        }
        let start = self.at + 1;
        let (end, has_escapes) = match scan::string_end(self.bytes, self.stops, start) {
            Ok(found) => found,
            Err(at) => return Err(self.malformed(at, "the end of a name")),
        };
        let inside = self.text.get(start..end).unwrap_or_default();
        let child = if has_escapes {
            let begin = self.slots.scratch.len();
            self.unescape(inside, start)?;
            let child = node.child(self.slots.scratch.get(begin..).unwrap_or_default());
            self.slots.scratch.truncate(begin);
            child
        } else {
            node.child(inside)
        };
        self.at = end + 1;
        if let Some(child) = child {
            node.note(previous, child);
        }
        self.blanks();
        if self.byte() != Some(b':') {
            return Err(self.malformed(self.at, "a colon"));
        }
        self.at += 1;
        self.blanks();
        Ok(child)
    }

    /// Reads a list.
    fn list(&mut self, node: &Node, row: Row) -> Step {
        if let Some(slot) = node.leaf {
            self.slots.set(row, slot, Slot::Unfit(Unfit::List));
        }
        if node.has_names() {
            self.no_way(node, row, Unfit::List)?;
        }
        let mut state = ListState::default();
        self.elements(|walk| {
            if node.uses.is_empty() { walk.skip() } else { walk.element(node, row, &mut state) }
        })
    }

    /// Goes through the elements of a list.
    fn elements(&mut self, mut read: impl FnMut(&mut Self) -> Step) -> Step {
        self.go_down()?;
        if self.byte() == Some(b']') {
            self.go_up();
            return Ok(());
        }
        loop {
            read(self)?;
            self.blanks();
            match self.byte() {
                Some(b',') => self.at += 1,
                Some(b']') => break,
                _ => return Err(self.malformed(self.at, "a comma or the end of a list")),
            }
            self.blanks();
        }
        self.go_up();
        Ok(())
    }

    /// A single value counts as a list of one.
    fn single(&mut self, node: &Node, row: Row, start: usize) -> Step {
        self.at = start;
        self.element(node, row, &mut ListState::default())
    }

    /// Offers one element of a list to everything that is wanted of it, reading it again each time.
    fn element(&mut self, node: &Node, row: Row, state: &mut ListState) -> Step {
        let start = self.at;
        for (place, each) in node.uses.iter().enumerate() {
            match each {
                Use::Index { at, node } if *at == state.count => self.again(start, node, row)?,
                Use::Index { .. } => {}
                Use::Where(it) => self.selected(start, it, place, row, state)?,
                Use::Each { scope, width, root } => {
                    let Some(row) = self.slots.open(*scope, *width, row.index) else {
                        return Err(self.stop(Fault::TooManyRows));
                    };
                    self.again(start, root, row)?;
                }
            }
        }
        state.count += 1;
        if self.at == start { self.skip() } else { Ok(()) }
    }

    fn again(&mut self, start: usize, node: &Node, row: Row) -> Step {
        self.at = start;
        self.value(node, row)
    }

    /// Reads an element if its key has the value that is wanted.
    fn selected(
        &mut self,
        start: usize,
        it: &Where,
        place: usize,
        row: Row,
        state: &mut ListState,
    ) -> Step {
        let Where { probe, slot, value, node, .. } = it;
        self.slots.forget(row, &[*slot]);
        self.again(start, probe, row)?;
        let is_it = match self.slots.get(row, *slot) {
            Slot::Text(text) | Slot::Number(text) => *text == **value,
            Slot::Scratch(span) => *span.of(&self.slots.scratch) == **value,
            Slot::True => &**value == "true",
            Slot::False => &**value == "false",
            Slot::Missing | Slot::Null | Slot::Unfit(_) => false,
        };
        if is_it && state.add_match(place) {
            return self.again(start, node, row);
        }
        if is_it {
            self.slots.unfit(row, &node.all(), Unfit::Several);
        }
        Ok(())
    }

    /// Passes over a value that nobody wants.
    fn skip(&mut self) -> Step {
        match self.byte() {
            Some(b'{') => self.skip_object(),
            Some(b'[') => self.elements(Self::skip),
            Some(b'"') => self.string(None, Row::default()),
            Some(b'-' | b'0'..=b'9') => self.number().map(drop),
            Some(b't') => self.word("true"),
            Some(b'f') => self.word("false"),
            Some(b'n') => self.word("null"),
            _ => Err(self.malformed(self.at, "a value")),
        }
    }

    fn skip_object(&mut self) -> Step {
        self.go_down()?;
        if self.byte() == Some(b'}') {
            self.go_up();
            return Ok(());
        }
        loop {
            if self.byte() != Some(b'"') {
                return Err(self.malformed(self.at, "a name in quotes"));
            }
            self.string(None, Row::default())?;
            self.blanks();
            if self.byte() != Some(b':') {
                return Err(self.malformed(self.at, "a colon"));
            }
            self.at += 1;
            self.blanks();
            self.skip()?;
            self.blanks();
            match self.byte() {
                Some(b',') => self.at += 1,
                Some(b'}') => break,
                _ => return Err(self.malformed(self.at, "a comma or the end of an object")),
            }
            self.blanks();
        }
        self.go_up();
        Ok(())
    }
}
