//! The JSON decoder: serde over `serde_json`, steered by the trie, with the exact text of numbers.
//!
//! Values are taken as raw text, so a number keeps every digit and `1e2` stays `1e2`. A name that
//! the mapping reads and that occurs twice in one object makes the item refused: there is no last
//! one that wins.

use std::fmt;

use serde::Deserialize as _;
use serde::Deserializer as _;
use serde::de::{DeserializeSeed, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::seen::Seen;
use super::{DEPTH_MAX, Fault, escape};
use crate::slots::{ListState, Row, Slot, Slots, Span, Unfit};
use crate::trie::{Child, Node, Trie, Use, Where};

/// Reads one JSON value.
pub(crate) fn decode<'a>(trie: &Trie, item: &'a [u8], slots: &mut Slots<'a>) -> Result<(), Fault> {
    check_depth(item)?;
    let item = super::utf8(item)?;
    let Some(row) = slots.open(0, trie.width, 0) else { return Err(Fault::TooManyRows) };
    let mut deserializer = serde_json::Deserializer::from_str(item);
    let place = Place { item, node: &trie.root, row, slots };
    let read = place.deserialize(&mut deserializer).and_then(|()| deserializer.end());
    read.map_err(|error| slots.fault.take().unwrap_or_else(|| malformed(item.as_bytes(), &error)))
}

/// Deep nesting is refused before anything is read. Counting brackets is enough for most items.
fn check_depth(item: &[u8]) -> Result<(), Fault> {
    if memchr::memchr2_iter(b'{', b'[', item).nth(DEPTH_MAX).is_none() {
        return Ok(());
    }
    let (mut depth, mut is_text, mut is_escaped) = (0_usize, false, false);
    for (offset, byte) in item.iter().enumerate() {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' if is_text => is_escaped = true,
            b'"' => is_text = !is_text,
            _ if is_text => {}
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > DEPTH_MAX {
            return Err(Fault::TooDeep { offset });
        }
    }
    Ok(())
}

fn malformed(item: &[u8], error: &serde_json::Error) -> Fault {
    let lines = item.split_inclusive(|byte| *byte == b'\n');
    let before: usize = lines.take(error.line().saturating_sub(1)).map(<[u8]>::len).sum();
    let offset = (before + error.column().saturating_sub(1)).min(item.len());
    let text = error.to_string();
    let what = text.split(" at line ").next().unwrap_or_default().to_owned();
    Fault::Malformed { offset, what }
}

/// A node of the trie at a place in the item.
struct Place<'t, 's, 'a> {
    item: &'a str,
    node: &'t Node,
    row: Row,
    slots: &'s mut Slots<'a>,
}

impl<'a> DeserializeSeed<'a> for Place<'_, '_, 'a> {
    type Value = ();

    #[inline]
    fn deserialize<D: serde::Deserializer<'a>>(mut self, from: D) -> Result<(), D::Error> {
        if self.node.is_plain() {
            return from.deserialize_any(self);
        }
        let raw = <&RawValue>::deserialize(from)?;
        if self.node.is_leaf_only() {
            return self.leaf(raw.get()).map_err(D::Error::custom);
        }
        self.value(raw.get()).map_err(D::Error::custom)
    }
}

/// The reason lies in the slots.
struct Stopped;

impl fmt::Display for Stopped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the item is refused")
    }
}

impl<'a> Place<'_, '_, 'a> {
    fn at<'n>(&mut self, node: &'n Node, row: Row) -> Place<'n, '_, 'a> {
        Place { item: self.item, node, row, slots: self.slots }
    }

    #[cold]
    fn stop(&mut self, fault: Fault) -> Stopped {
        self.slots.fault = Some(fault);
        Stopped
    }

    fn offset(&self, raw: &str) -> usize {
        (raw.as_ptr() as usize).saturating_sub(self.item.as_ptr() as usize)
    }

    /// Puts a value where only a single value is wanted.
    #[inline]
    fn leaf(&mut self, raw: &'a str) -> Result<(), Stopped> {
        let Some(slot) = self.node.leaf else { return Ok(()) };
        let value = self.scalar(raw)?;
        self.slots.set(self.row, slot, value);
        Ok(())
    }

    #[inline]
    fn scalar(&mut self, raw: &'a str) -> Result<Slot<'a>, Stopped> {
        Ok(match raw.as_bytes() {
            [b'"', inside @ .., b'"'] => {
                let text = raw.get(1..raw.len() - 1).unwrap_or_default();
                if memchr::memchr(b'\\', inside).is_none() {
                    return Ok(Slot::Text(text));
                }
                let start = self.slots.scratch.len();
                if let Err(at) = escape::unescape(text, &mut self.slots.scratch) {
                    let what = "an escape is half of a character".to_owned();
                    return Err(
                        self.stop(Fault::Malformed { offset: self.offset(text) + at, what })
                    );
                }
                Slot::Scratch(Span::new(start, self.slots.scratch.len()))
            }
            [b'{', ..] => Slot::Unfit(Unfit::Object),
            [b'[', ..] => Slot::Unfit(Unfit::List),
            b"null" => Slot::Null,
            b"true" => Slot::Bool(true),
            b"false" => Slot::Bool(false),
            _ => Slot::Number(raw),
        })
    }

    /// Reads a value at a node of any kind.
    fn value(&mut self, raw: &'a str) -> Result<(), Stopped> {
        self.leaf(raw)?;
        let (node, row) = (self.node, self.row);
        match raw.as_bytes().first() {
            Some(b'{') => {
                if node.has_names() {
                    let place = self.at(node, row);
                    let read =
                        serde_json::Deserializer::from_str(raw).deserialize_map(Object(place));
                    read.map_err(|error| self.inner_fault(raw, &error))?;
                }
                self.element(raw, &mut ListState::default())
            }
            Some(b'[') => {
                self.no_way(Unfit::List)?;
                if node.uses.is_empty() {
                    return Ok(());
                }
                let elements = Elements(self.at(node, row));
                let read = serde_json::Deserializer::from_str(raw).deserialize_seq(elements);
                read.map_err(|error| self.inner_fault(raw, &error))
            }
            _ if raw == "null" => Ok(()),
            // An empty text where more is meant says that there is none.
            _ if raw == "\"\"" => {
                self.slots.unfit(row, &node.inner, Unfit::Scalar);
                Ok(())
            }
            _ => {
                self.no_way(Unfit::Scalar)?;
                self.element(raw, &mut ListState::default())
            }
        }
    }

    /// Says of everything below the names that it can't be reached.
    fn no_way(&mut self, why: Unfit) -> Result<(), Stopped> {
        if let Some(list) = &self.node.on_the_way {
            let list = list.to_string();
            return Err(self.stop(Fault::OnTheWay { why, list }));
        }
        self.slots.unfit(self.row, &self.node.inner, why);
        Ok(())
    }

    #[cold]
    fn inner_fault(&mut self, raw: &str, error: &serde_json::Error) -> Stopped {
        if self.slots.fault.is_none() {
            let mut fault = malformed(raw.as_bytes(), error);
            let start = self.offset(raw);
            if let Fault::Malformed { offset, .. } = &mut fault {
                *offset += start;
            }
            return self.stop(fault);
        }
        Stopped
    }

    /// Offers one element of a list to everything that is wanted of it.
    fn element(&mut self, raw: &'a str, state: &mut ListState) -> Result<(), Stopped> {
        let (node, row) = (self.node, self.row);
        for (place, each) in node.uses.iter().enumerate() {
            match each {
                Use::Index { at, node } => {
                    if *at == state.count {
                        self.at(node, row).value(raw)?;
                    }
                }
                Use::Where(it) => {
                    let Where { probe, slot, value, node, .. } = &**it;
                    self.slots.forget(row, &[*slot]);
                    self.at(probe, row).value(raw)?;
                    let is_it = match self.slots.get(row, *slot) {
                        Slot::Text(text) | Slot::Number(text) => text == &**value,
                        Slot::Scratch(span) => span.of(&self.slots.scratch) == &**value,
                        Slot::Bool(is) => &**value == if is { "true" } else { "false" },
                        Slot::Missing | Slot::Null | Slot::Unfit(_) => false,
                    };
                    if is_it && state.add_match(place) {
                        self.at(node, row).value(raw)?;
                    } else if is_it {
                        self.slots.unfit(row, &node.all(), Unfit::Several);
                    }
                }
                Use::Each { scope, width, root } => {
                    let row = self.open(*scope, *width)?;
                    self.at(root, row).value(raw)?;
                }
            }
        }
        state.count += 1;
        Ok(())
    }

    fn open(&mut self, scope: usize, width: usize) -> Result<Row, Stopped> {
        match self.slots.open(scope, width, self.row.index) {
            Some(row) => Ok(row),
            None => Err(self.stop(Fault::TooManyRows)),
        }
    }

    /// Reads the members of an object.
    #[inline]
    fn object<A: MapAccess<'a>>(&mut self, mut from: A) -> Result<(), A::Error> {
        let (node, row) = (self.node, self.row);
        let mut seen = Seen::default();
        while let Some(child) = from.next_key_seed(Name(node))? {
            let Some(child) = child else {
                from.next_value::<IgnoredAny>()?;
                continue;
            };
            if !seen.add(child.place) {
                return Err(self.duplicate(child, from));
            }
            from.next_value_seed(self.at(&child.node, row))?;
        }
        Ok(())
    }

    #[cold]
    fn duplicate<A: MapAccess<'a>>(&mut self, child: &Child, mut from: A) -> A::Error {
        let raw = match from.next_value::<&RawValue>() {
            Ok(raw) => raw.get(),
            Err(error) => return error,
        };
        let is_it = |node: &Child| node.place == child.place;
        let name = self.node.name_of(is_it).unwrap_or_default().to_owned();
        A::Error::custom(self.stop(Fault::Duplicate { offset: self.offset(raw), name }))
    }
}

/// The visitor of nodes that are plain.
impl<'a> Visitor<'a> for Place<'_, '_, 'a> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    #[inline]
    fn visit_map<A: MapAccess<'a>>(mut self, from: A) -> Result<(), A::Error> {
        match &*self.node.uses {
            [Use::Each { scope, width, root }] => {
                let row = self.open(*scope, *width).map_err(A::Error::custom)?;
                self.at(root, row).object(from)
            }
            _ => self.object(from),
        }
    }

    fn visit_seq<A: SeqAccess<'a>>(mut self, mut from: A) -> Result<(), A::Error> {
        let [Use::Each { scope, width, root }] = &*self.node.uses else {
            self.no_way(Unfit::List).map_err(A::Error::custom)?;
            while from.next_element::<IgnoredAny>()?.is_some() {}
            return Ok(());
        };
        let (scope, width) = (*scope, *width);
        while from.next_element_seed(NextRow { place: &mut self, scope, width, root })?.is_some() {}
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E: serde::de::Error>(self, _: bool) -> Result<(), E> {
        self.lone_scalar()
    }

    fn visit_i64<E: serde::de::Error>(self, _: i64) -> Result<(), E> {
        self.lone_scalar()
    }

    fn visit_u64<E: serde::de::Error>(self, _: u64) -> Result<(), E> {
        self.lone_scalar()
    }

    fn visit_f64<E: serde::de::Error>(self, _: f64) -> Result<(), E> {
        self.lone_scalar()
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<(), E> {
        if text.is_empty() {
            self.slots.unfit(self.row, &self.node.inner, Unfit::Scalar);
            return Ok(());
        }
        self.lone_scalar()
    }
}

impl Place<'_, '_, '_> {
    /// A single value where the paths go on.
    #[cold]
    fn lone_scalar<E: serde::de::Error>(mut self) -> Result<(), E> {
        let node = self.node;
        self.no_way(Unfit::Scalar).map_err(E::custom)?;
        if let [Use::Each { scope, width, root }] = &*node.uses {
            let row = self.open(*scope, *width).map_err(E::custom)?;
            self.at(root, row).no_way(Unfit::Scalar).map_err(E::custom)?;
        }
        Ok(())
    }
}

/// The next element of a list, as a row of a scope; the row opens only if there is an element.
struct NextRow<'p, 't, 's, 'a> {
    place: &'p mut Place<'t, 's, 'a>,
    scope: usize,
    width: usize,
    root: &'t Node,
}

impl<'a> DeserializeSeed<'a> for NextRow<'_, '_, '_, 'a> {
    type Value = ();

    fn deserialize<D: serde::Deserializer<'a>>(self, from: D) -> Result<(), D::Error> {
        let row = self.place.open(self.scope, self.width).map_err(D::Error::custom)?;
        self.place.at(self.root, row).deserialize(from)
    }
}

/// An object at a node that is not plain.
struct Object<'t, 's, 'a>(Place<'t, 's, 'a>);

impl<'a> Visitor<'a> for Object<'_, '_, 'a> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'a>>(mut self, from: A) -> Result<(), A::Error> {
        self.0.object(from)
    }
}

/// The elements of a list at a node that is not plain.
struct Elements<'t, 's, 'a>(Place<'t, 's, 'a>);

impl<'a> Visitor<'a> for Elements<'_, '_, 'a> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'a>>(mut self, mut from: A) -> Result<(), A::Error> {
        let mut state = ListState::default();
        while let Some(raw) = from.next_element::<&RawValue>()? {
            self.0.element(raw.get(), &mut state).map_err(A::Error::custom)?;
        }
        Ok(())
    }
}

/// Looks a name up while it is read, so that it is not kept.
struct Name<'t>(&'t Node);

impl<'a, 't> DeserializeSeed<'a> for Name<'t> {
    type Value = Option<&'t Child>;

    #[inline]
    fn deserialize<D: serde::Deserializer<'a>>(self, from: D) -> Result<Self::Value, D::Error> {
        from.deserialize_str(self)
    }
}

impl<'t> Visitor<'_> for Name<'t> {
    type Value = Option<&'t Child>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    #[inline]
    fn visit_str<E>(self, name: &str) -> Result<Self::Value, E> {
        Ok(self.0.child(name))
    }
}
