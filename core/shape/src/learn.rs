//! Learning: items are counted into a shape, one by one.

mod keep;

use std::collections::BTreeMap;
use std::sync::Arc;

use lienthong_text::clean;

use crate::node::{Alphabet, ListSeen, Node, NumberSeen, TextSeen};
use crate::path::{Step, Trail};
use crate::value::{self, Unreadable, Value};
use crate::{Format, Probe, Shape, decimal, merge, personal};

pub use keep::Keep;
pub(crate) use keep::{VALUES_MAX, may_be_told};

/// Learns a shape from items.
///
/// Counts whatever the items bring within bounds: an object with too many names becomes a map, a
/// place with too many values keeps none.
pub struct Learner<'p> {
    shape: Shape,
    probes: &'p [Arc<dyn Probe>],
    keep: &'p dyn Fn(&[&str]) -> Keep,
}

impl<'p> Learner<'p> {
    /// Begins without any item. `probes` are asked of every text; `keep` says of a place which of
    /// its values the shape may tell; it is given the names of the members from the item down, a
    /// list's elements having none of their own. Names that stand for a person's data need not be said.
    pub fn new(
        mapping: &str,
        format: Format,
        probes: &'p [Arc<dyn Probe>],
        keep: &'p dyn Fn(&[&str]) -> Keep,
    ) -> Self {
        let shape = Shape { mapping: Arc::from(mapping), format, items: 0, root: Node::default() };
        Self { shape, probes, keep }
    }

    /// Counts an item in.
    ///
    /// # Errors
    /// When it can't be read; nothing is counted then.
    pub fn observe(&mut self, item: &[u8]) -> Result<(), Unreadable> {
        let value = value::read(self.shape.format, item)?;
        self.shape.items += 1;
        self.node(&Trail::ROOT, &value, Known::Ordinary);
        merge::bound(&mut self.shape.root);
        Ok(())
    }

    /// How many items were counted.
    pub const fn items(&self) -> u64 {
        self.shape.items
    }

    /// Adds what another learner of the same feed has counted.
    pub fn merge(&mut self, other: &Self) {
        merge::nodes(&mut self.shape.root, &other.shape.root);
        merge::bound(&mut self.shape.root);
        self.shape.items += other.shape.items;
    }

    /// The shape so far: only values that repeat like codes are told.
    pub fn shape(&self) -> Shape {
        let mut shape = self.shape.clone();
        merge::settle(&mut shape.root, shape.items);
        keep::settle(&mut shape.root, &Trail::ROOT, self.keep);
        shape
    }

    fn node(&mut self, trail: &Trail<'_>, value: &Value<'_>, known: Known) {
        let mut root = std::mem::take(&mut self.shape.root);
        self.observe_into(&mut root, trail, value, known);
        self.shape.root = root;
    }

    fn observe_into(&self, node: &mut Node, trail: &Trail<'_>, value: &Value<'_>, known: Known) {
        match value {
            Value::Null => node.null += 1,
            Value::Boolean => node.boolean += 1,
            Value::Number(literal) => {
                let seen = node.number.get_or_insert_with(|| {
                    let tells = self.tells(trail, known);
                    let values = tells.then(BTreeMap::new);
                    NumberSeen { values, ..NumberSeen::default() }
                });
                number(seen, literal);
            }
            Value::Text(text) => {
                let seen = node.text.get_or_insert_with(|| {
                    let values = self.tells(trail, known).then(BTreeMap::new);
                    TextSeen { values, ..TextSeen::default() }
                });
                self.text(seen, text);
            }
            Value::Object(members) => {
                node.object += 1;
                let is_map = members.iter().any(|(name, _)| personal::is_map_key(name));
                if is_map && node.others.is_none() {
                    merge::into_map(node);
                }
                for (name, value) in members {
                    self.member(node, trail, name, value, known);
                }
                if node.members.len() > merge::MEMBERS_MAX {
                    merge::into_map(node);
                }
            }
            Value::List(elements) => {
                let length = u32::try_from(elements.len()).unwrap_or(u32::MAX);
                let seen = node
                    .list
                    .get_or_insert_with(|| ListSeen { len_min: length, ..ListSeen::default() });
                seen.count += 1;
                seen.len_min = seen.len_min.min(length);
                seen.len_max = seen.len_max.max(length);
                let trail = trail.down(Step::Elements);
                for element in elements {
                    self.observe_into(&mut seen.element, &trail, element, known);
                }
            }
        }
    }

    fn member(
        &self,
        node: &mut Node,
        trail: &Trail<'_>,
        name: &str,
        value: &Value<'_>,
        known: Known,
    ) {
        if let Some(others) = &mut node.others {
            let trail = trail.down(Step::Others);
            self.observe_into(others, &trail, value, Known::Personal);
            return;
        }
        let trail = trail.down(Step::Name(name));
        let known = if personal::is_personal_name(name) { Known::Personal } else { known };
        if let Some(member) = node.members.get_mut(name) {
            self.observe_into(member, &trail, value, known);
        } else {
            let mut member = Node::default();
            self.observe_into(&mut member, &trail, value, known);
            node.members.insert(name.into(), member);
        }
    }

    /// Whether the values of a place may be told at all.
    fn tells(&self, trail: &Trail<'_>, known: Known) -> bool {
        known == Known::Ordinary && (self.keep)(&trail.names()) != Keep::Nothing
    }

    fn text(&self, seen: &mut TextSeen, text: &str) {
        seen.count += 1;
        add_alphabet(&mut seen.alphabet, alphabet(text));
        if text.trim().is_empty() {
            seen.blank += 1;
            return;
        }
        let chars = u32::try_from(text.chars().count()).unwrap_or(u32::MAX);
        let is_first = seen.chars_max == 0;
        seen.chars_min = if is_first { chars } else { seen.chars_min.min(chars) };
        seen.chars_max = seen.chars_max.max(chars);
        for probe in self.probes {
            if probe.holds(text) {
                match seen.forms.get_mut(probe.name()) {
                    Some(count) => *count += 1,
                    None => drop(seen.forms.insert(probe.name().into(), 1)),
                }
            }
        }
        keep::count(&mut seen.values, text);
    }
}

/// What is known of a place from the names on the way to it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Known {
    Ordinary,
    Personal,
}

fn number(seen: &mut NumberSeen, literal: &str) {
    seen.count += 1;
    seen.whole += u64::from(is_whole(literal));
    let chars = u32::try_from(literal.len()).unwrap_or(u32::MAX);
    seen.chars_max = seen.chars_max.max(chars);
    let may_tell = seen.values.is_some() || seen.range.is_some();
    keep::count(&mut seen.values, literal);
    let plain = decimal::plain(literal).filter(|_| may_tell && !personal::looks_personal(literal));
    let own = plain.map(|plain| (Box::from(plain.as_str()), Box::from(plain.as_str())));
    seen.range = match (seen.count, seen.range.take()) {
        (1, _) => own,
        (_, range) => merge::ranges(range, own),
    };
}

/// Whether a number is written without fraction and exponent.
pub(crate) fn is_whole(literal: &str) -> bool {
    // A zero with a sign is read as no whole number by anybody.
    literal != "-0" && !literal.contains(['.', 'e', 'E'])
}

/// What kinds of characters a text has.
pub(crate) fn alphabet(text: &str) -> Alphabet {
    let is_plain = |byte: u8| byte == b' ' || byte.is_ascii_graphic();
    let outer_blank = text.trim() != text;
    if text.bytes().all(is_plain) {
        let odd_blank = text.contains("  ");
        return Alphabet { outer_blank, odd_blank, ..Alphabet::default() };
    }
    let is_odd = |letter: char| letter != ' ' && letter.is_whitespace();
    let composed = clean::nfc(text);
    Alphabet {
        beyond_ascii: !text.is_ascii(),
        not_composed: composed != text,
        invisible: clean::strip_invisible(text).len() != text.len(),
        control: text.contains(char::is_control),
        outer_blank,
        odd_blank: text.contains("  ") || text.contains(is_odd),
    }
}

/// Adds the kinds of characters of another text.
pub(crate) fn add_alphabet(seen: &mut Alphabet, other: Alphabet) {
    seen.beyond_ascii |= other.beyond_ascii;
    seen.not_composed |= other.not_composed;
    seen.invisible |= other.invisible;
    seen.control |= other.control;
    seen.outer_blank |= other.outer_blank;
    seen.odd_blank |= other.odd_blank;
}

#[cfg(test)]
mod tests;
