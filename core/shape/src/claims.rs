//! A shape made ready for comparing: what it claims of each place, without its counts.

use std::sync::Arc;

use hashbrown::{HashMap, HashSet};

use crate::node::{Alphabet, ListSeen, Node, NumberSeen, TextSeen};
use crate::path::{Step, Trail};
use crate::{Format, Probe, Shape};

/// What a shape claims of the items, ready for comparing many of them.
pub struct Claims {
    pub(crate) format: Format,
    /// The item's own place comes first.
    pub(crate) places: Vec<Place>,
    pub(crate) probes: Box<[Arc<dyn Probe>]>,
}

/// What is claimed of one place.
#[expect(clippy::struct_excessive_bools, reason = "each is a claim of its own")]
pub(crate) struct Place {
    pub(crate) path: Box<str>,
    pub(crate) may_be_absent: bool,
    pub(crate) may_be_null: bool,
    pub(crate) text: Option<Texts>,
    pub(crate) number: Option<Numbers>,
    pub(crate) may_be_boolean: bool,
    pub(crate) members: Option<Members>,
    pub(crate) list: Option<Elements>,
    /// Whether it hardly ever was without a value.
    pub(crate) is_usual: bool,
}

pub(crate) struct Texts {
    pub(crate) may_be_blank: bool,
    pub(crate) chars: (u32, u32),
    pub(crate) alphabet: Alphabet,
    /// The probes whose form every text has.
    pub(crate) forms: Vec<usize>,
    pub(crate) values: Option<HashSet<Box<str>>>,
    /// Whether enough texts were seen for a form or a value to mean something.
    pub(crate) is_firm: bool,
}

pub(crate) struct Numbers {
    pub(crate) are_whole: bool,
    pub(crate) chars_max: u32,
    pub(crate) range: Option<(Box<str>, Box<str>)>,
    pub(crate) values: Option<HashSet<Box<str>>>,
    pub(crate) is_firm: bool,
}

pub(crate) struct Members {
    pub(crate) by_name: HashMap<Box<str>, usize>,
    /// Those that are always there.
    pub(crate) required: Vec<(Box<str>, usize)>,
    /// The places of those that hardly ever are without a value.
    pub(crate) usual: Vec<usize>,
    /// The place of every other name.
    pub(crate) others: Option<usize>,
}

pub(crate) struct Elements {
    pub(crate) length: (u32, u32),
    pub(crate) place: usize,
}

/// Texts or numbers that were seen before a form or a set of values is taken for more than chance.
const FIRM: u64 = 5;

impl Claims {
    /// Makes a shape ready. Forms that are not among the probes are not compared.
    pub fn new(shape: &Shape, probes: &[Arc<dyn Probe>]) -> Self {
        let mut claims = Self {
            format: shape.format,
            places: Vec::new(),
            probes: probes.iter().cloned().collect(),
        };
        claims.add(&shape.root, &Trail::ROOT);
        claims
    }

    fn add(&mut self, node: &Node, trail: &Trail<'_>) -> usize {
        let at = self.places.len();
        self.places.push(Place {
            path: trail.to_string().into(),
            may_be_absent: node.absent > 0,
            may_be_null: node.null > 0,
            text: node.text.as_ref().map(|seen| self.texts(seen)),
            number: node.number.as_ref().map(numbers),
            may_be_boolean: node.boolean > 0,
            members: None,
            list: None,
            is_usual: node.is_usual(),
        });
        let members = (node.object > 0).then(|| self.members(node, trail));
        let list = node.list.as_ref().map(|ListSeen { len_min, len_max, element, .. }| {
            let place = self.add(element, &trail.down(Step::Elements));
            Elements { length: (*len_min, *len_max), place }
        });
        if let Some(place) = self.places.get_mut(at) {
            (place.members, place.list) = (members, list);
        }
        at
    }

    fn members(&mut self, node: &Node, trail: &Trail<'_>) -> Members {
        let mut members = Members {
            by_name: HashMap::new(),
            required: Vec::new(),
            usual: Vec::new(),
            others: None,
        };
        for (name, member) in &node.members {
            let place = self.add(member, &trail.down(Step::Name(name)));
            members.by_name.insert(name.clone(), place);
            if member.is_usual() {
                members.usual.push(place);
            }
            if member.absent == 0 {
                members.required.push((name.clone(), place));
            }
        }
        let others = node.others.as_ref();
        members.others = others.map(|others| self.add(others, &trail.down(Step::Others)));
        members
    }

    fn texts(&self, seen: &TextSeen) -> Texts {
        let probe = |form: &str| self.probes.iter().position(|probe| probe.name() == form);
        Texts {
            may_be_blank: seen.blank > 0,
            chars: (seen.chars_min, seen.chars_max),
            alphabet: seen.alphabet,
            forms: seen.claims().filter_map(probe).collect(),
            values: seen.values.as_ref().map(|values| values.keys().cloned().collect()),
            is_firm: seen.count == 0 || seen.filled() >= FIRM,
        }
    }
}

fn numbers(seen: &NumberSeen) -> Numbers {
    Numbers {
        are_whole: seen.whole == seen.count,
        chars_max: seen.chars_max,
        range: seen.range.clone(),
        values: seen.values.as_ref().map(|values| values.keys().cloned().collect()),
        is_firm: seen.count == 0 || seen.count >= FIRM,
    }
}
