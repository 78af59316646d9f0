//! Merging: what two shapes claim, claimed together as far as both allow it.
//!
//! Everything is a sum, a least or a greatest, or ends for good beyond a bound, so that the order
//! and the grouping of merges make no difference.

use std::collections::BTreeMap;

use crate::learn::{VALUES_MAX, add_alphabet};
use crate::node::{ListSeen, Node, NumberSeen, TextSeen};
use crate::{Shape, decimal};

/// Names in one object; with more it is a map.
pub(crate) const MEMBERS_MAX: usize = 250;
/// Places of a shape; beyond, the object with the most names becomes a map.
const PLACES_MAX: usize = 2000;

type Range = Option<(Box<str>, Box<str>)>;
type Values = Option<BTreeMap<Box<str>, u64>>;

impl Shape {
    /// Adds what another shape of the same feed has seen: an item that fits either fits the result.
    pub fn merge(&mut self, other: &Self) {
        self.items += other.items;
        nodes(&mut self.root, &other.root);
        bound(&mut self.root);
    }
}

/// Adds one place to another, with all below.
pub(crate) fn nodes(node: &mut Node, other: &Node) {
    node.null += other.null;
    node.boolean += other.boolean;
    join(&mut node.text, other.text.as_ref(), texts);
    join(&mut node.number, other.number.as_ref(), numbers);
    join(&mut node.list, other.list.as_ref(), lists);
    members(node, other);
    node.object += other.object;
    node.absent += other.absent;
    node.occasions += other.occasions;
}

fn join<T: Clone>(seen: &mut Option<T>, other: Option<&T>, add: impl FnOnce(&mut T, &T)) {
    match (seen, other) {
        (Some(seen), Some(other)) => add(seen, other),
        (seen @ None, Some(other)) => *seen = Some(other.clone()),
        (_, None) => {}
    }
}

fn members(node: &mut Node, other: &Node) {
    if node.others.is_some() || other.others.is_some() {
        into_map(node);
        let mut other = other.clone();
        into_map(&mut other);
        join(&mut node.others, other.others.as_ref(), |one, other| nodes(one, other));
        return;
    }
    for (name, member) in &mut node.members {
        if !other.members.contains_key(name) {
            member.absent += other.object;
            member.occasions += other.object;
        }
    }
    for (name, theirs) in &other.members {
        if let Some(own) = node.members.get_mut(name) {
            nodes(own, theirs);
            continue;
        }
        let mut added = theirs.clone();
        added.absent += node.object;
        added.occasions += node.object;
        node.members.insert(name.clone(), added);
    }
    if node.members.len() > MEMBERS_MAX {
        into_map(node);
    }
}

/// Makes a map of an object: all members become one place, whose values are not told. It counts as
/// absent once in each object, because a name that is asked for may not be there.
pub(crate) fn into_map(node: &mut Node) {
    let empty = || Node { occasions: node.object, absent: node.object, ..Node::default() };
    let mut others = node.others.take().unwrap_or_else(|| Box::new(empty()));
    for member in std::mem::take(&mut node.members).values() {
        let mut member = member.clone();
        forget_values(&mut member);
        member.occasions = member.present();
        member.absent = 0;
        nodes(&mut others, &member);
    }
    node.others = Some(others);
}

fn forget_values(node: &mut Node) {
    if let Some(text) = &mut node.text {
        text.values = None;
    }
    if let Some(number) = &mut node.number {
        number.values = None;
        number.range = None;
    }
    node.members.values_mut().for_each(forget_values);
    if let Some(others) = &mut node.others {
        forget_values(others);
    }
    if let Some(list) = &mut node.list {
        forget_values(&mut list.element);
    }
}

fn texts(seen: &mut TextSeen, other: &TextSeen) {
    // No text that is not blank has 0 characters, so that 0 says there was none.
    if seen.chars_max == 0 {
        seen.chars_min = other.chars_min;
    } else if other.chars_max > 0 {
        seen.chars_min = seen.chars_min.min(other.chars_min);
    }
    seen.chars_max = seen.chars_max.max(other.chars_max);
    seen.count += other.count;
    seen.blank += other.blank;
    add_alphabet(&mut seen.alphabet, other.alphabet);
    for (name, count) in &other.forms {
        *seen.forms.entry(name.clone()).or_default() += count;
    }
    values(&mut seen.values, other.values.as_ref());
}

fn numbers(seen: &mut NumberSeen, other: &NumberSeen) {
    seen.count += other.count;
    seen.whole += other.whole;
    seen.chars_max = seen.chars_max.max(other.chars_max);
    seen.range = ranges(seen.range.take(), other.range.clone());
    values(&mut seen.values, other.values.as_ref());
}

fn lists(seen: &mut ListSeen, other: &ListSeen) {
    seen.count += other.count;
    seen.len_min = seen.len_min.min(other.len_min);
    seen.len_max = seen.len_max.max(other.len_max);
    nodes(&mut seen.element, &other.element);
}

fn values(seen: &mut Values, other: Option<&BTreeMap<Box<str>, u64>>) {
    let (Some(known), Some(other)) = (&mut *seen, other) else {
        *seen = None;
        return;
    };
    for (value, count) in other {
        *known.entry(value.clone()).or_default() += count;
    }
    if known.len() > VALUES_MAX {
        *seen = None;
    }
}

/// The range around two; untold where one of them is.
pub(crate) fn ranges(one: Range, other: Range) -> Range {
    let ((one_least, one_most), (least, most)) = (one?, other?);
    let least = if decimal::compare(&least, &one_least).is_lt() { least } else { one_least };
    let most = if decimal::compare(&most, &one_most).is_gt() { most } else { one_most };
    Some((least, most))
}

/// Counts how often each place was empty from what stood there and around it.
pub(crate) fn settle(node: &mut Node, occasions: u64) {
    node.occasions = occasions.max(node.present());
    node.absent = node.occasions - node.present();
    let object = node.object;
    for member in node.members.values_mut() {
        settle(member, object);
    }
    if let Some(others) = &mut node.others {
        let occasions = others.present() + object;
        settle(others, occasions);
    }
    if let Some(list) = &mut node.list {
        let elements = list.element.present();
        settle(&mut list.element, elements);
    }
}

/// Keeps the number of places within bounds.
pub(crate) fn bound(root: &mut Node) {
    while root.places() > PLACES_MAX {
        let widest = widest(root);
        if widest < 2 || !close(root, widest) {
            return;
        }
    }
}

/// The most names of one object.
fn widest(node: &Node) -> usize {
    let below = node.members.values().chain(node.others.as_deref());
    let below = below.chain(node.list.iter().map(|list| &*list.element)).map(widest).max();
    node.members.len().max(below.unwrap_or_default())
}

/// Makes a map of the first object with so many names.
fn close(node: &mut Node, names: usize) -> bool {
    if node.members.len() == names {
        into_map(node);
        return true;
    }
    let Node { members, others, list, .. } = node;
    let below = members.values_mut().chain(others.as_deref_mut());
    let mut below = below.chain(list.iter_mut().map(|list| &mut *list.element));
    below.any(|node| close(node, names))
}

#[cfg(test)]
mod tests;
