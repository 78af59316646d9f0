//! What stands at the end of a path: the decoders' walk, over a shape in place of an item.
//!
//! Each step does with what may stand at a place just what the JSON or XML decoder does with what
//! does stand there. Where a shape says nothing, anything may follow.

mod xml;

use lienthong_shape::{ListSeen, Node, NumberSeen, TextSeen};

use super::seen::{Numbers, Seen};
use super::tally::Tally;
use super::texts::Texts;
use crate::Input;
use crate::path::{Key, Path, Step};
use crate::slots::Unfit;

/// Something that may stand at a place.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Thing<'s> {
    /// Nothing, or null.
    Nothing,
    /// An XML element that says it is null; it may have attributes that nobody knows.
    Nil,
    Text(&'s TextSeen),
    Number(&'s NumberSeen),
    Truth,
    Object(&'s Node),
    List(&'s ListSeen),
    /// The path ended early.
    Unfit(Unfit),
    /// What no shape tells.
    Anything,
}

/// Something that may stand at a place, and how often.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stand<'s> {
    pub(crate) thing: Thing<'s>,
    pub(crate) tally: Tally,
    /// Whether it is all that the shape saw there, so that the counts below are exact.
    pub(crate) is_all: bool,
}

/// What is looked for at the end of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Aim {
    /// A single value.
    Value,
    /// The list of a group.
    Rows,
}

/// A walk along a path.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Walk {
    pub(crate) input: Input,
    pub(crate) aim: Aim,
}

impl<'s> Stand<'s> {
    /// What may stand at a place of the shape; `at_most` where not all of it is reached.
    pub(crate) fn all(node: &'s Node, at_most: Option<u64>, input: Input) -> Vec<Self> {
        let mut stands = Vec::new();
        let mut add = |thing, count: u64, is_possible: bool| {
            if is_possible {
                let tally = match at_most {
                    Some(most) => Tally::up_to(count.min(most)),
                    None if count == 0 => Tally::up_to(0),
                    None => Tally::exactly(count),
                };
                stands.push(Stand { thing, tally, is_all: at_most.is_none() });
            }
        };
        add(Thing::Nothing, node.absent, node.absent > 0);
        let null = if input == Input::Xml { Thing::Nil } else { Thing::Nothing };
        add(null, node.null, node.null > 0);
        if let Some(text) = &node.text {
            add(Thing::Text(text), text.count, true);
        }
        if let Some(number) = &node.number {
            add(Thing::Number(number), number.count, true);
        }
        add(Thing::Truth, node.boolean, node.boolean > 0);
        let is_object = node.object > 0 || !node.members.is_empty() || node.others.is_some();
        add(Thing::Object(node), node.object, is_object);
        if let Some(list) = &node.list {
            add(Thing::List(list), list.count, true);
        }
        // A place of which nothing is said.
        if stands.is_empty() {
            stands.push(Stand::some(Thing::Anything, Tally::up_to(at_most.unwrap_or(0))));
        }
        stands
    }

    fn some(thing: Thing<'s>, tally: Tally) -> Self {
        Self { thing, tally: Tally::up_to(tally.most), is_all: false }
    }

    fn with(self, thing: Thing<'s>) -> Self {
        Self { thing, ..self }
    }

    /// The bound of what stands below.
    fn at_most(&self) -> Option<u64> {
        (!self.is_all).then_some(self.tally.most)
    }
}

impl Walk {
    /// What may stand at the end of some steps.
    pub(crate) fn along<'s>(mut self, stands: &[Stand<'s>], steps: &[Step]) -> Vec<Stand<'s>> {
        let mut here = stands.to_vec();
        for step in steps {
            if let Step::Document(format) = step {
                // A shape says nothing of what is in a text.
                self.input = *format;
                let some = here.iter().fold(Tally::NEVER, |sum, stand| sum + stand.tally);
                let anything = [Thing::Nothing, Thing::Anything];
                here = anything.map(|thing| Stand::some(thing, some)).to_vec();
                continue;
            }
            let mut next = Vec::new();
            for stand in here {
                match step {
                    Step::Name(name) => self.member(stand, name, &mut next),
                    Step::Attribute(name) => self.attribute(stand, name, &mut next),
                    Step::OwnText => self.own_text(stand, &mut next),
                    Step::Index(at) => self.element(stand, *at, &mut next),
                    Step::Where { key, value } => self.selected(stand, key, value, &mut next),
                    Step::Document(_) => {}
                }
            }
            here = next;
        }
        here
    }

    /// What a rule finds in the slot of a path.
    pub(crate) fn look(self, stands: &[Stand<'_>], path: &Path) -> Seen {
        let mut seen = Seen::default();
        let at_end = Self { input: path.format(self.input), ..self };
        for stand in self.along(stands, &path.steps) {
            at_end.value(stand, &mut seen);
        }
        seen
    }

    fn member<'s>(self, stand: Stand<'s>, name: &str, out: &mut Vec<Stand<'s>>) {
        match stand.thing {
            Thing::Nothing | Thing::Nil => out.push(stand.with(Thing::Nothing)),
            Thing::Unfit(_) => out.push(stand),
            Thing::Anything => {
                let list = if self.input == Input::Xml { Unfit::Repeated } else { Unfit::List };
                let things = [Thing::Nothing, Thing::Unfit(Unfit::Scalar), Thing::Unfit(list)];
                out.extend(things.map(|thing| Stand::some(thing, stand.tally)));
                out.push(stand);
            }
            Thing::Object(node) => {
                if self.input == Input::Xml {
                    Self::without_children(stand, node, out);
                }
                self.named(stand, node, name, out);
            }
            _ if self.input == Input::Xml => self.xml_member(stand, name, out),
            Thing::Text(text) => {
                // An empty text on the way to a list says that there is none.
                if self.aim == Aim::Rows && text.blank > 0 {
                    out.push(Stand::some(Thing::Nothing, stand.tally));
                }
                out.push(stand.with(Thing::Unfit(Unfit::Scalar)));
            }
            Thing::Number(_) | Thing::Truth => out.push(stand.with(Thing::Unfit(Unfit::Scalar))),
            Thing::List(_) => out.push(stand.with(Thing::Unfit(Unfit::List))),
        }
    }

    /// A member of an object, by the name under which the shape keeps it.
    fn named<'s>(self, stand: Stand<'s>, node: &'s Node, name: &str, out: &mut Vec<Stand<'s>>) {
        if let Some(member) = node.members.get(name) {
            out.extend(Stand::all(member, stand.at_most(), self.input));
        } else if let Some(other) = &node.others {
            out.push(Stand::some(Thing::Nothing, stand.tally));
            out.extend(Stand::all(other, Some(stand.tally.most), self.input));
        } else {
            out.push(stand.with(Thing::Nothing));
        }
    }

    fn element<'s>(self, stand: Stand<'s>, at: u32, out: &mut Vec<Stand<'s>>) {
        match stand.thing {
            Thing::Nothing | Thing::Unfit(_) => out.push(stand),
            Thing::Anything => {
                out.push(Stand::some(Thing::Nothing, stand.tally));
                out.push(stand);
            }
            Thing::List(list) => {
                if list.len_min <= at {
                    out.push(Stand::some(Thing::Nothing, stand.tally));
                }
                if list.len_max > at {
                    out.extend(self.elements(stand, list));
                }
            }
            // A single value counts as a list of one; an empty text in JSON as an empty list.
            _ if at > 0 => out.push(stand.with(Thing::Nothing)),
            Thing::Text(text) => {
                if self.input != Input::Xml && text.blank > 0 {
                    out.push(Stand::some(Thing::Nothing, stand.tally));
                }
                out.push(stand);
            }
            _ => out.push(stand),
        }
    }

    /// What one element of a list may be.
    fn elements<'s>(self, stand: Stand<'s>, list: &'s ListSeen) -> Vec<Stand<'s>> {
        // Of lists of one the elements are as many as the lists.
        let is_all = stand.is_all && (list.len_min, list.len_max) == (1, 1);
        let at_most = (!is_all).then_some(stand.tally.most);
        Stand::all(&list.element, at_most, self.input)
    }

    fn selected<'s>(self, stand: Stand<'s>, key: &Key, value: &str, out: &mut Vec<Stand<'s>>) {
        let not_there = Stand::some(Thing::Nothing, stand.tally);
        match stand.thing {
            Thing::Nothing | Thing::Unfit(_) => out.push(stand),
            Thing::Anything => {
                out.push(not_there);
                if self.aim == Aim::Value {
                    out.push(Stand::some(Thing::Unfit(Unfit::Several), stand.tally));
                }
                out.push(stand);
            }
            Thing::List(list) => {
                let elements = Stand::all(&list.element, Some(stand.tally.most), self.input);
                let mut is_certain = list.len_min > 0;
                let mut is_possible = false;
                for element in elements {
                    let is_it = self.matches(element, key, value);
                    is_certain &= is_it == Match::Always;
                    if is_it != Match::Never {
                        is_possible = true;
                        out.push(element);
                    }
                }
                if !is_certain {
                    out.push(not_there);
                }
                // Of a group's list the first one is taken.
                if is_possible && list.len_max > 1 && self.aim == Aim::Value {
                    out.push(Stand::some(Thing::Unfit(Unfit::Several), stand.tally));
                }
            }
            // One that is no list counts as a list of one.
            _ => {
                let is_it = self.matches(stand, key, value);
                if is_it != Match::Never {
                    out.push(Stand::some(stand.thing, stand.tally));
                }
                if is_it != Match::Always {
                    out.push(not_there);
                }
            }
        }
    }

    /// Whether an element has a key of a value.
    fn matches(self, element: Stand<'_>, key: &Key, value: &str) -> Match {
        let node = match element.thing {
            Thing::Object(node) => node,
            Thing::Anything => return Match::Perhaps,
            // Attributes of an element that is null are not told.
            Thing::Nil if matches!(key, Key::Attribute(_)) => return Match::Perhaps,
            _ => return Match::Never,
        };
        let mut found = Vec::new();
        match key {
            Key::Name(name) => self.named(element, node, name, &mut found),
            Key::Attribute(name) => self.named(element, node, &format!("@{name}"), &mut found),
        }
        let is_it = found.iter().map(|stand| match stand.thing {
            Thing::Text(text) => {
                let texts = Texts::of(text, None);
                let is_known = texts.known.iter().any(|(known, _)| **known == *value);
                match (texts.body.is_some() || texts.hollow.is_possible(), is_known) {
                    (false, true) if texts.known.len() == 1 => Match::Always,
                    (false, false) => Match::Never,
                    _ => Match::Perhaps,
                }
            }
            Thing::Number(number) => {
                let numbers = Numbers::of(number, None);
                let is_known = numbers.known.iter().any(|(known, _)| **known == *value);
                match (numbers.body.is_some(), is_known) {
                    (false, true) if numbers.known.len() == 1 => Match::Always,
                    (false, false) => Match::Never,
                    _ => Match::Perhaps,
                }
            }
            Thing::Truth if !matches!(value, "true" | "false") => Match::Never,
            Thing::Nothing | Thing::Nil => Match::Never,
            _ => Match::Perhaps,
        });
        let all: Vec<Match> = is_it.collect();
        match all.first() {
            Some(first) if all.iter().all(|one| one == first) => *first,
            _ => Match::Perhaps,
        }
    }

    /// What the slot at the end of a path holds.
    fn value(self, stand: Stand<'_>, seen: &mut Seen) {
        let Stand { thing, tally, .. } = stand;
        match thing {
            Thing::Nothing | Thing::Nil => seen.nothing += tally,
            Thing::Unfit(why) => seen.add_unfit(why, tally),
            Thing::Text(text) => seen.texts.add(Texts::of(text, stand.at_most())),
            Thing::Anything => seen.add(self.anything(tally)),
            Thing::Object(_) | Thing::List(_) if self.input == Input::Xml => {
                self.xml_value(stand, seen);
            }
            Thing::Object(_) => seen.add_unfit(Unfit::Object, tally),
            Thing::List(_) => seen.add_unfit(Unfit::List, tally),
            Thing::Number(_) | Thing::Truth if self.input == Input::Xml => {
                seen.add(self.anything(tally));
            }
            Thing::Number(number) => {
                let numbers = Numbers::of(number, stand.at_most());
                seen.add(Seen { numbers, ..Seen::default() });
            }
            Thing::Truth => seen.truth += tally,
        }
    }

    fn anything(self, tally: Tally) -> Seen {
        match self.input {
            Input::Xml => Seen::anything(tally, &[Unfit::Object, Unfit::Repeated], false),
            _ => Seen::anything(tally, &[Unfit::Object, Unfit::List], true),
        }
    }
}

/// Whether a list's element is the one that is picked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Match {
    Never,
    Perhaps,
    Always,
}
