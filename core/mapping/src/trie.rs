//! The trie of all wanted paths, which the decoders walk along with the item.
//!
//! A node stands for a place in the item. What the plan wants there is one slot for its value, or
//! something below it, or elements of the list that it is; everything else is skipped.

use crate::Input;
use crate::names::Names;
use crate::path::{Key, Path, Step};

/// All wanted paths of a mapping.
#[derive(Clone, Debug, Default)]
pub(crate) struct Trie {
    pub(crate) root: Node,
    /// The slots of the record itself.
    pub(crate) width: usize,
    /// Nodes whose elements the XML decoder counts.
    pub(crate) lists: usize,
    /// The record, every `each` and every `split`.
    pub(crate) scopes: usize,
    /// The texts that are documents, read once the item has been.
    pub(crate) documents: Vec<Document>,
    /// The lists that stand in texts, taken apart at the end; outer ones before those in their rows.
    pub(crate) splits: Vec<Split>,
}

/// A text that is a document, and what is wanted of it.
#[derive(Clone, Debug)]
pub(crate) struct Document {
    /// The rows that the text lies in.
    pub(crate) scope: usize,
    /// Where the text is found.
    pub(crate) slot: u32,
    pub(crate) format: Input,
    /// What is wanted of the document, into slots of the same rows.
    pub(crate) root: Node,
    /// The path, up to the document: `fees[].more<xml>`.
    pub(crate) shown: Box<str>,
}

/// Texts that hold lists, whose parts make the rows of a scope by their places.
#[derive(Clone, Debug)]
pub(crate) struct Split {
    pub(crate) scope: usize,
    /// The scope whose rows the texts lie in.
    pub(crate) parent: usize,
    /// The texts; a part of the first lies in slot 0 of its row, and so on.
    pub(crate) columns: Box<[Column]>,
    /// What stands between the parts.
    pub(crate) by: Box<str>,
    /// Whether a mark at the very end of a text ends its last part, rather than beginning another.
    pub(crate) is_closed: bool,
}

/// A text that holds a list.
#[derive(Clone, Debug)]
pub(crate) struct Column {
    pub(crate) slot: u32,
    /// The path, as a person reads it.
    pub(crate) shown: Box<str>,
}

/// One place in the item.
#[derive(Clone, Debug, Default)]
pub(crate) struct Node {
    /// The slot for the value itself.
    pub(crate) leaf: Option<u32>,
    /// The same slot, where nothing else is wanted of this place.
    pub(crate) only_leaf: Option<u32>,
    /// The slot for an element's own text.
    pub(crate) own_text: Option<u32>,
    /// Slots of attributes.
    pub(crate) attributes: Vec<(Box<str>, u32)>,
    /// What is wanted of the elements of a list.
    pub(crate) uses: Vec<Use>,
    names: Names<Child>,
    /// The slots of everything below the names, through selections but not into other scopes.
    pub(crate) inner: Vec<u32>,
    /// `inner` and the node's own slots.
    pub(crate) own: Vec<u32>,
    /// The path of a group's list below the names; what can't be entered would lose its rows.
    pub(crate) on_the_way: Option<Box<str>>,
    /// The place of this node among those whose elements are counted.
    pub(crate) list: usize,
    /// The counted lists among the children.
    pub(crate) counted: Vec<usize>,
}

/// A named child of a node.
#[derive(Clone, Debug)]
pub(crate) struct Child {
    /// Its place among the names of its parent, to notice a name that occurs twice.
    pub(crate) place: usize,
    pub(crate) member: Member,
    pub(crate) node: Node,
}

/// How a name begins a member in JSON where nobody has put in blanks or escapes: `"name":`.
#[derive(Clone, Debug)]
pub(crate) struct Member {
    written: Box<[u8]>,
    /// Its first sixteen bytes as a number, and which bits of them count.
    start: u128,
    mask: u128,
}

impl Member {
    fn new(name: &str) -> Self {
        let written = format!("\"{name}\":").into_bytes();
        let mut start = [0; 16];
        for (place, byte) in start.iter_mut().zip(&written) {
            *place = *byte;
        }
        let unused = 128_usize.saturating_sub(8 * written.len());
        // A name that JSON has to escape does not stand there like this.
        let is_plain = !name.contains(|c: char| c < ' ' || matches!(c, '"' | '\\'));
        let mask = if is_plain { u128::MAX >> unused } else { 0 };
        Self { written: written.into(), start: u128::from_le_bytes(start), mask }
    }

    /// How long it is, if a text begins with it and does not end soon after.
    #[inline]
    pub(crate) fn length_at(&self, text: &[u8]) -> Option<usize> {
        let start = u128::from_le_bytes(*text.first_chunk()?);
        let length = self.written.len();
        let is_there = start & self.mask == self.start;
        (is_there && (length <= 16 || text.starts_with(&self.written))).then_some(length)
    }
}

/// The selection of one list element by a key.
#[derive(Clone, Debug)]
pub(crate) struct Where {
    pub(crate) key: Key,
    pub(crate) value: Box<str>,
    /// Finds the key into `slot`.
    pub(crate) probe: Node,
    pub(crate) slot: u32,
    pub(crate) node: Node,
}

/// What is wanted of a list's elements.
#[derive(Clone, Debug)]
pub(crate) enum Use {
    /// The element at a place.
    Index { at: u32, node: Node },
    /// The one element with a key of a value.
    Where(Box<Where>),
    /// Every element, as a row of a scope.
    Each { scope: usize, width: usize, root: Node },
}

impl Node {
    #[inline]
    pub(crate) fn child(&self, name: &str) -> Option<&Child> {
        self.names.get(name)
    }

    /// The child that probably comes behind a child; see [`Names::expected`].
    #[inline]
    pub(crate) fn expected(&self, previous: usize) -> Option<&Child> {
        self.names.expected(previous).map(|(_, child)| child)
    }

    /// Remembers which child came behind which.
    #[inline]
    pub(crate) fn note(&self, previous: usize, child: &Child) {
        self.names.note(previous, child.place);
    }

    /// The same for an element: no attribute of it and no text of its own either.
    pub(crate) fn is_text_only(&self) -> bool {
        self.is_leaf_only() && self.own_text.is_none() && self.attributes.is_empty()
    }

    /// The name of a child.
    pub(crate) fn name_of(&self, is_it: impl Fn(&Child) -> bool) -> Option<&str> {
        self.names.iter().find(|(_, child)| is_it(child)).map(|(name, _)| name)
    }

    pub(crate) fn has_names(&self) -> bool {
        !self.names.is_empty()
    }

    /// Whether the value is wanted and nothing else about this place.
    pub(crate) fn is_leaf_only(&self) -> bool {
        self.only_leaf.is_some()
    }

    /// Asks for the value at a path below this node; gives the slot, new or shared.
    pub(crate) fn want(&mut self, path: &Path, width: &mut usize) -> u32 {
        let (last, inner) = match path.steps.split_last() {
            Some((last @ (Step::Attribute(_) | Step::OwnText), inner)) => (Some(last), inner),
            _ => (None, path.steps.as_slice()),
        };
        let node = self.walk(inner, width, None);
        match last {
            Some(Step::Attribute(name)) => node.attribute(name, width),
            Some(Step::OwnText) => *node.own_text.get_or_insert_with(|| allot(width)),
            _ => *node.leaf.get_or_insert_with(|| allot(width)),
        }
    }

    /// Asks for every element of the list at a path, as rows of a scope.
    pub(crate) fn want_each(&mut self, path: &Path, shown: &str, width: &mut usize, each: Use) {
        self.walk(&path.steps, width, Some(shown)).uses.push(each);
    }

    /// Whether more is wanted at a path than the value there.
    pub(crate) fn wants_more_at(&self, steps: &[Step]) -> bool {
        let Some((first, rest)) = steps.split_first() else {
            return self.has_names() || !self.uses.is_empty();
        };
        let next = match first {
            Step::Name(name) => self.child(name).map(|child| &child.node),
            Step::Index(index) => self.uses.iter().find_map(|each| match each {
                Use::Index { at, node } if at == index => Some(node),
                _ => None,
            }),
            Step::Where { key, value } => self.uses.iter().find_map(|each| match each {
                Use::Where(it) if it.key == *key && it.value == *value => Some(&it.node),
                _ => None,
            }),
            Step::Attribute(_) | Step::OwnText | Step::Document(_) => None,
        };
        next.is_some_and(|node| node.wants_more_at(rest))
    }

    /// The node at the end of some steps; `each` is the path of a group's list that goes this way.
    fn walk(&mut self, steps: &[Step], width: &mut usize, each: Option<&str>) -> &mut Self {
        let Some((first, rest)) = steps.split_first() else { return self };
        if let (Step::Name(_), Some(each)) = (first, each) {
            self.on_the_way.get_or_insert_with(|| each.into());
        }
        let next = match first {
            Step::Name(name) => self.named(name),
            Step::Index(at) => self.indexed(*at),
            Step::Where { key, value } => self.selected(key, value, width),
            // The path's reader lets these be the last step only, and a path into a document is cut
            // before it is walked.
            Step::Attribute(_) | Step::OwnText | Step::Document(_) => self,
        };
        next.walk(rest, width, each)
    }

    fn named(&mut self, name: &str) -> &mut Self {
        let place = self.names.find(name).unwrap_or_else(|| {
            let (place, member) = (self.names.len(), Member::new(name));
            let child = Child { place, member, node: Self::default() };
            self.names.add(name, child)
        });
        let Some(child) = self.names.at_mut(place) else {
            unreachable!("the name at {place} was just found or added")
        };
        &mut child.node
    }

    fn attribute(&mut self, name: &str, width: &mut usize) -> u32 {
        if let Some((_, slot)) = self.attributes.iter().find(|(known, _)| &**known == name) {
            return *slot;
        }
        let slot = allot(width);
        self.attributes.push((name.into(), slot));
        slot
    }

    fn indexed(&mut self, index: u32) -> &mut Self {
        let is_it = |each: &Use| matches!(each, Use::Index { at, .. } if *at == index);
        let place = self.uses.iter().position(is_it).unwrap_or_else(|| {
            self.uses.push(Use::Index { at: index, node: Self::default() });
            self.uses.len() - 1
        });
        self.used(place)
    }

    fn selected(&mut self, by: &Key, wanted: &str, width: &mut usize) -> &mut Self {
        let is_it =
            |each: &Use| matches!(each, Use::Where(it) if it.key == *by && *it.value == *wanted);
        let place = self.uses.iter().position(is_it).unwrap_or_else(|| {
            let mut probe = Self::default();
            let slot = match by {
                Key::Name(name) => *probe.named(name).leaf.get_or_insert_with(|| allot(width)),
                Key::Attribute(name) => probe.attribute(name, width),
            };
            let (key, value, node) = (by.clone(), wanted.into(), Self::default());
            self.uses.push(Use::Where(Box::new(Where { key, value, probe, slot, node })));
            self.uses.len() - 1
        });
        self.used(place)
    }

    /// The node of a use that was found or made.
    fn used(&mut self, place: usize) -> &mut Self {
        match self.uses.get_mut(place) {
            Some(Use::Index { node, .. }) => node,
            Some(Use::Where(it)) => &mut it.node,
            _ => unreachable!("the use at {place} was just found or made"),
        }
    }

    /// Works out, once all paths are in, what the decoders want to know of each node.
    pub(crate) fn finish(&mut self, lists: &mut usize) {
        self.only_leaf = self.leaf.filter(|_| self.names.is_empty() && self.uses.is_empty());
        self.list = *lists;
        *lists += usize::from(!self.uses.is_empty());
        for child in self.names.values_mut() {
            child.node.finish(lists);
        }
        for each in &mut self.uses {
            match each {
                Use::Index { node, .. } => node.finish(lists),
                Use::Where(it) => {
                    it.probe.finish(lists);
                    it.node.finish(lists);
                }
                Use::Each { root, .. } => root.finish(lists),
            }
        }
        let children = || self.names.iter().map(|(_, child)| &child.node);
        self.counted = children().filter(|node| !node.uses.is_empty()).map(|n| n.list).collect();
        self.inner = children().flat_map(Self::all).collect();
        let own = self.leaf.into_iter().chain(self.own_text);
        let own = own.chain(self.attributes.iter().map(|(_, slot)| *slot));
        self.own = own.chain(self.inner.iter().copied()).collect();
    }

    /// Every slot of this node and below, but not of other scopes.
    pub(crate) fn all(&self) -> Vec<u32> {
        let mut all = self.own.clone();
        for each in &self.uses {
            match each {
                Use::Index { node, .. } => all.extend(node.all()),
                Use::Where(it) => {
                    all.push(it.slot);
                    all.extend(it.node.all());
                }
                Use::Each { .. } => {}
            }
        }
        all
    }
}

fn allot(width: &mut usize) -> u32 {
    let slot = *width;
    *width += 1;
    u32::try_from(slot).unwrap_or(u32::MAX)
}
