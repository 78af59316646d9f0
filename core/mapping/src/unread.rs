//! Source fields that no rule reads and that were not left out on purpose.

use std::collections::BTreeSet;

use lienthong_shape::{Node as Shaped, Shape};
use quick_xml::events::{BytesRef, Event};
use quick_xml::reader::Reader;
use serde_json::Value;

use crate::path::{Path, Step};
use crate::trie::{Document, Node, Use};
use crate::{Input, Mapping};

impl Mapping {
    /// The paths of an item that hold a value, that no rule reads and that `unmapped` does not
    /// name, sorted; elements of lists are written `list[]`, and what lies in a document that a text
    /// is `text<xml>.name`. An item that can't be read has none.
    pub fn unread(&self, item: &[u8]) -> Vec<String> {
        let mut found = Found { mapping: self, paths: BTreeSet::new() };
        // An item that can't be decoded is told by `apply`, and its nesting is not safe to walk.
        if self.trace(item).rows.is_empty() {
            return Vec::new();
        }
        let nodes = with_elements(0, &self.plan.trie.root);
        let start = Near { nodes, steps: Vec::new(), shown: String::new() };
        match self.input {
            Input::Json | Input::Row => {
                if let Ok(value) = serde_json::from_slice::<Value>(item) {
                    found.json(&value, &start);
                }
            }
            Input::Xml => found.xml(item, &start),
        }
        found.paths.into_iter().collect()
    }
}

impl Mapping {
    /// The places of a shape that hold a value, that no rule reads and that `unmapped` does not
    /// name, sorted; elements of lists are written `list[]`, members of a map `map.*`. Of a document
    /// that a text is, a shape tells nothing.
    pub fn unread_of(&self, shape: &Shape) -> Vec<String> {
        let mut found = Found { mapping: self, paths: BTreeSet::new() };
        let nodes = with_elements(0, &self.plan.trie.root);
        found.shape(&shape.root, &Near { nodes, steps: Vec::new(), shown: String::new() });
        found.paths.into_iter().collect()
    }
}

struct Found<'m> {
    mapping: &'m Mapping,
    paths: BTreeSet<String>,
}

/// A place in an item, and the nodes of the trie that stand for it.
#[derive(Clone)]
struct Near<'m> {
    /// Each with the scope that its slots belong to.
    nodes: Vec<(usize, &'m Node)>,
    steps: Vec<String>,
    shown: String,
}

impl Near<'_> {
    fn child(&self, name: &str) -> Self {
        let nodes = self.nodes.iter();
        let nodes = nodes.filter_map(|(scope, node)| Some((*scope, node.child(name)?)));
        let nodes = nodes.flat_map(|(scope, child)| with_elements(scope, &child.node)).collect();
        let mut steps = self.steps.clone();
        steps.push(name.to_owned());
        let point = if self.shown.is_empty() { "" } else { "." };
        Self { nodes, steps, shown: format!("{}{point}{name}", self.shown) }
    }

    fn is_read(&self) -> bool {
        self.nodes.iter().any(|(_, node)| node.leaf.is_some() || node.own_text.is_some())
    }

    /// The place of the document that a text here is, or an attribute of this name.
    fn document<'m>(&self, mapping: &'m Mapping, attribute: Option<&str>) -> Option<Inside<'m>> {
        let slots = self.nodes.iter().flat_map(|(scope, node)| {
            let texts = [node.leaf, node.own_text].into_iter().flatten();
            let texts = texts.filter(|_| attribute.is_none());
            let named = node.attributes.iter().filter(move |(name, _)| Some(&**name) == attribute);
            texts.chain(named.map(|(_, slot)| *slot)).map(|slot| (*scope, slot))
        });
        let slots: Vec<_> = slots.collect();
        let mut documents = mapping.plan.trie.documents.iter();
        let document = documents.find(|it| slots.contains(&(it.scope, it.slot)))?;
        let (mut steps, mut shown) = (self.steps.clone(), self.shown.clone());
        if let Some(name) = attribute {
            steps.push(format!("@{name}"));
            shown = format!("{shown}.@{name}");
        }
        let mark = format!("<{}>", document.format.name());
        steps.push(mark.clone());
        let nodes = with_elements(document.scope, &document.root);
        Some((document, Near { nodes, steps, shown: shown + &mark }))
    }
}

/// A document and the place where it begins.
type Inside<'m> = (&'m Document, Near<'m>);

/// A node and the nodes for the elements of the list that it may be.
fn with_elements(scope: usize, node: &Node) -> Vec<(usize, &Node)> {
    let mut nodes = vec![(scope, node)];
    for each in &node.uses {
        match each {
            Use::Index { node, .. } => nodes.extend(with_elements(scope, node)),
            Use::Where(it) => {
                nodes.push((scope, &it.probe));
                nodes.extend(with_elements(scope, &it.node));
            }
            Use::Each { scope, root, .. } => nodes.extend(with_elements(*scope, root)),
        }
    }
    nodes
}

impl<'m> Found<'m> {
    fn is_left_out(&self, steps: &[String]) -> bool {
        self.mapping.unmapped.iter().any(|path: &Path| {
            path.steps.len() <= steps.len()
                && path.steps.iter().zip(steps).all(|(step, name)| match step {
                    Step::Name(wanted) => **wanted == **name,
                    Step::Attribute(wanted) => name.strip_prefix('@') == Some(wanted),
                    Step::Document(format) => *name == format!("<{}>", format.name()),
                    _ => false,
                })
        })
    }

    /// Looks into the document that a text is, if it is one and can be read.
    fn document(&mut self, text: &str, (document, near): &Inside<'m>) {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        match document.format {
            Input::Json | Input::Row => {
                if let Ok(value) = serde_json::from_str::<Value>(text) {
                    self.json(&value, near);
                }
            }
            Input::Xml => self.xml(text.as_bytes(), near),
        }
    }

    fn note(&mut self, near: &Near<'_>) {
        if !near.is_read() && !self.is_left_out(&near.steps) {
            self.paths.insert(near.shown.clone());
        }
    }

    fn shape(&mut self, node: &Shaped, near: &Near<'m>) {
        let has_text = |node: &Shaped| node.text.as_ref().is_some_and(|text| text.filled() > 0);
        let has_value = has_text(node) || node.number.is_some() || node.boolean > 0;
        if has_value && near.document(self.mapping, None).is_none() {
            self.note(near);
        }
        for (name, member) in &node.members {
            match (self.mapping.input, &**name, name.strip_prefix('@')) {
                (Input::Xml, _, Some(attribute)) => {
                    if near.document(self.mapping, Some(attribute)).is_none() {
                        self.attribute(attribute, near);
                    }
                }
                (Input::Xml, "text()", _) if has_text(member) => self.note(near),
                (Input::Xml, "text()", _) => {}
                _ => self.shape(member, &near.child(name)),
            }
        }
        if let Some(others) = &node.others {
            self.shape(others, &near.child("*"));
        }
        if let Some(list) = &node.list {
            let mut inner = near.clone();
            inner.shown.push_str("[]");
            self.shape(&list.element, &inner);
        }
    }

    fn json(&mut self, value: &Value, near: &Near<'m>) {
        match value {
            Value::Object(members) => {
                for (name, value) in members {
                    self.json(value, &near.child(name));
                }
            }
            Value::Array(elements) => {
                let mut inner = near.clone();
                inner.shown.push_str("[]");
                for element in elements {
                    self.json(element, &inner);
                }
            }
            Value::Null => {}
            Value::String(text) if text.is_empty() => {}
            Value::String(text) => match near.document(self.mapping, None) {
                Some(inside) => self.document(text, &inside),
                None => self.note(near),
            },
            Value::Bool(_) | Value::Number(_) => self.note(near),
        }
    }

    fn xml(&mut self, item: &[u8], start: &Near<'m>) {
        let mut reader = Reader::from_reader(item);
        // Below the one element; the first entry stands for that element itself.
        let mut stack: Vec<(Near<'m>, String)> = Vec::new();
        loop {
            match reader.read_event() {
                Ok(Event::Start(tag)) => {
                    let near = match stack.last() {
                        None => start.clone(),
                        Some((parent, _)) => parent.child(tag.local_name().into_inner()),
                    };
                    self.attributes(&tag, &near);
                    stack.push((near, String::new()));
                }
                Ok(Event::Empty(tag)) => {
                    if let Some((parent, _)) = stack.last() {
                        self.attributes(&tag, &parent.child(tag.local_name().into_inner()));
                    }
                }
                Ok(Event::End(_)) => self.end(stack.pop()),
                Ok(Event::Text(piece)) => push(&mut stack, &piece),
                Ok(Event::CData(piece)) => push(&mut stack, &piece),
                Ok(Event::GeneralRef(name)) => push(&mut stack, &unreferred(&name)),
                Ok(Event::Eof) | Err(_) => return,
                Ok(_) => {}
            }
        }
    }

    /// The end of an element with the text that was gathered in it.
    fn end(&mut self, element: Option<(Near<'m>, String)>) {
        let Some((near, text)) = element.filter(|(_, text)| !text.trim().is_empty()) else {
            return;
        };
        match near.document(self.mapping, None) {
            Some(inside) => self.document(&text, &inside),
            None => self.note(&near),
        }
    }

    fn attributes(&mut self, tag: &quick_xml::events::BytesStart<'_>, near: &Near<'m>) {
        for attribute in tag.attributes().flatten() {
            let name = attribute.key.into_inner();
            if name.starts_with("xmlns") || name.ends_with(":nil") {
                continue;
            }
            let local = attribute.key.local_name().into_inner();
            if let Some(inside) = near.document(self.mapping, Some(local)) {
                let version = quick_xml::XmlVersion::Implicit1_0;
                if let Ok(text) = attribute.normalized_value(version) {
                    self.document(&text, &inside);
                }
                continue;
            }
            self.attribute(local, near);
        }
    }

    fn attribute(&mut self, local: &str, near: &Near<'_>) {
        let has = |node: &Node| node.attributes.iter().any(|(known, _)| **known == *local);
        let is_read = near.nodes.iter().any(|(_, node)| has(node));
        let mut steps = near.steps.clone();
        steps.push(format!("@{local}"));
        if !is_read && !self.is_left_out(&steps) {
            self.paths.insert(format!("{}.@{local}", near.shown));
        }
    }
}

/// Adds a piece of text to the element that it stands in.
fn push(stack: &mut [(Near<'_>, String)], piece: &str) {
    if let Some((_, text)) = stack.last_mut() {
        text.push_str(piece);
    }
}

/// The character that a reference of plain XML stands for.
fn unreferred(reference: &BytesRef<'_>) -> String {
    match (reference.resolve_char_ref(), &**reference) {
        (Ok(Some(letter)), _) => letter.to_string(),
        (_, "lt") => "<".to_owned(),
        (_, "amp") => "&".to_owned(),
        (_, "quot") => "\"".to_owned(),
        (_, "apos") => "'".to_owned(),
        _ => ">".to_owned(),
    }
}
