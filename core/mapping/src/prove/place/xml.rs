//! The steps that XML does in its own way: attributes, own text, repeated elements.

use lienthong_shape::{ListSeen, Node};

use super::{Stand, Thing, Walk};
use crate::prove::seen::Seen;
use crate::prove::tally::Tally;
use crate::prove::texts::Texts;
use crate::slots::Unfit;

impl Walk {
    /// A child of an element that has none, or that is repeated.
    pub(super) fn xml_member<'s>(self, stand: Stand<'s>, name: &str, out: &mut Vec<Stand<'s>>) {
        match stand.thing {
            Thing::Text(text) => {
                let filled = text.count.saturating_sub(text.blank);
                if text.blank > 0 {
                    out.push(Stand::some(Thing::Nothing, Tally::up_to(text.blank)));
                }
                if filled > 0 || text.chars_max > 0 {
                    let tally = Tally::up_to(filled.min(stand.tally.most));
                    out.push(Stand::some(Thing::Unfit(Unfit::Scalar), tally));
                }
            }
            Thing::List(list) => {
                self.repeated(stand, list, out, |walk, one, out| walk.member(one, name, out));
            }
            _ => self.member(stand.with(Thing::Anything), name, out),
        }
    }

    /// An element that may have attributes and text and no children, where a child is meant.
    pub(super) fn without_children<'s>(stand: Stand<'s>, node: &'s Node, out: &mut Vec<Stand<'s>>) {
        let has_text = node.members.get("text()").and_then(|own| own.text.as_ref());
        let has_text = has_text.is_some_and(|text| text.count > text.blank || text.chars_max > 0);
        if may_be_childless(node) && (has_text || node.others.is_some()) {
            out.push(Stand::some(Thing::Unfit(Unfit::Scalar), stand.tally));
        }
    }

    pub(super) fn attribute<'s>(self, stand: Stand<'s>, name: &str, out: &mut Vec<Stand<'s>>) {
        match stand.thing {
            Thing::Nothing | Thing::Text(_) => out.push(stand.with(Thing::Nothing)),
            Thing::Unfit(_) => out.push(stand),
            Thing::Object(node) => {
                let before = out.len();
                self.named(stand, node, &format!("@{name}"), out);
                // An attribute is a single text, whatever a shape says.
                for found in out.iter_mut().skip(before) {
                    if !matches!(found.thing, Thing::Nothing | Thing::Text(_)) {
                        *found = Stand::some(Thing::Anything, found.tally);
                    }
                }
            }
            Thing::List(list) => {
                self.repeated(stand, list, out, |walk, one, out| walk.attribute(one, name, out));
            }
            Thing::Nil | Thing::Number(_) | Thing::Truth | Thing::Anything => {
                out.push(Stand::some(Thing::Unfit(Unfit::Repeated), stand.tally));
                out.push(Stand::some(Thing::Nothing, stand.tally));
                out.push(Stand::some(Thing::Anything, stand.tally));
            }
        }
    }

    pub(super) fn own_text<'s>(self, stand: Stand<'s>, out: &mut Vec<Stand<'s>>) {
        match stand.thing {
            Thing::Nothing | Thing::Unfit(_) | Thing::Text(_) => out.push(stand),
            Thing::Object(node) => match node.members.get("text()") {
                Some(own) if own.absent == 0 && own.text.is_some() && node.others.is_none() => {
                    out.extend(Stand::all(own, stand.at_most(), self.input));
                }
                // Between child elements there is mostly white space.
                _ => out.push(Stand::some(Thing::Anything, stand.tally)),
            },
            Thing::List(list) => {
                self.repeated(stand, list, out, |walk, one, out| walk.own_text(one, out));
            }
            Thing::Nil | Thing::Number(_) | Thing::Truth | Thing::Anything => {
                out.push(Stand::some(Thing::Anything, stand.tally));
            }
        }
    }

    /// An element that is repeated can't be entered; one that only may be is taken as it is.
    fn repeated<'s>(
        self,
        stand: Stand<'s>,
        list: &'s ListSeen,
        out: &mut Vec<Stand<'s>>,
        enter: impl Fn(Self, Stand<'s>, &mut Vec<Stand<'s>>),
    ) {
        if list.len_min == 0 {
            out.push(Stand::some(Thing::Nothing, stand.tally));
        }
        if list.len_min <= 1 && list.len_max >= 1 {
            for element in Stand::all(&list.element, Some(stand.tally.most), self.input) {
                match element.thing {
                    // A list in a list is the same elements again.
                    Thing::List(_) => out.push(Stand::some(Thing::Anything, stand.tally)),
                    _ => enter(self, element, out),
                }
            }
        }
        if list.len_max > 1 {
            let is_always = list.len_min > 1;
            let thing = Thing::Unfit(Unfit::Repeated);
            let repeated =
                if is_always { stand.with(thing) } else { Stand::some(thing, stand.tally) };
            out.push(repeated);
        }
    }

    /// What the slot for an element holds that has attributes or children, or that is repeated.
    pub(super) fn xml_value(self, stand: Stand<'_>, seen: &mut Seen) {
        match stand.thing {
            Thing::Object(node) => {
                let children = children(node);
                let has_children = children.clone().any(|child| child.absent < child.occasions);
                let has_more = node.others.is_some() || children.clone().any(|c| c.occasions == 0);
                let is_childless = may_be_childless(node);
                if has_children || has_more || !is_childless {
                    let tally = Tally::up_to(stand.tally.most);
                    let is_all = !is_childless;
                    seen.add_unfit(Unfit::Object, if is_all { stand.tally } else { tally });
                }
                if is_childless {
                    let own = node.members.get("text()").and_then(|own| own.text.as_ref());
                    match own.filter(|_| node.others.is_none()) {
                        Some(text) if !has_children && !has_more && stand.is_all => {
                            seen.texts.add(Texts::of(text, None));
                        }
                        Some(text) => seen.texts.add(Texts::of(text, Some(stand.tally.most))),
                        None => seen.texts.add(Texts::anything(stand.tally)),
                    }
                }
            }
            Thing::List(list) => {
                let mut found = Vec::new();
                self.repeated(stand, list, &mut found, |_, one, out| out.push(one));
                for one in found {
                    self.value(one, seen);
                }
            }
            _ => seen.add(self.anything(stand.tally)),
        }
    }
}

/// The child elements among the members of an element.
fn children(node: &Node) -> impl Iterator<Item = &Node> + Clone {
    let is_child = |name: &str| !name.starts_with('@') && name != "text()";
    node.members.iter().filter(move |(name, _)| is_child(name)).map(|(_, child)| child)
}

/// Whether an element may have no child.
fn may_be_childless(node: &Node) -> bool {
    children(node).all(|child| child.absent > 0)
}
