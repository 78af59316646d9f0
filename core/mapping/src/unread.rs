//! Source fields that no rule reads and that were not left out on purpose.

use std::collections::BTreeSet;

use quick_xml::events::Event;
use quick_xml::reader::Reader;
use serde_json::Value;

use crate::path::{Path, Step};
use crate::trie::{Node, Use};
use crate::{Input, Mapping};

impl Mapping {
    /// The paths of an item that hold a value, that no rule reads and that `unmapped` does not
    /// name, sorted; elements of lists are written `list[]`. An item that can't be read has none.
    pub fn unread(&self, item: &[u8]) -> Vec<String> {
        let mut found = Found { mapping: self, paths: BTreeSet::new() };
        // An item that can't be decoded is told by `apply`, and its nesting is not safe to walk.
        if self.trace(item).rows.is_empty() {
            return Vec::new();
        }
        let start =
            Near { nodes: vec![&self.plan.trie.root], steps: Vec::new(), shown: String::new() };
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

struct Found<'m> {
    mapping: &'m Mapping,
    paths: BTreeSet<String>,
}

/// A place in an item, and the nodes of the trie that stand for it.
#[derive(Clone)]
struct Near<'m> {
    nodes: Vec<&'m Node>,
    steps: Vec<String>,
    shown: String,
}

impl Near<'_> {
    fn child(&self, name: &str) -> Self {
        let nodes = self.nodes.iter().filter_map(|node| node.child(name));
        let nodes = nodes.flat_map(|child| with_elements(&child.node)).collect();
        let mut steps = self.steps.clone();
        steps.push(name.to_owned());
        let point = if self.shown.is_empty() { "" } else { "." };
        Self { nodes, steps, shown: format!("{}{point}{name}", self.shown) }
    }

    fn is_read(&self) -> bool {
        self.nodes.iter().any(|node| node.leaf.is_some() || node.own_text.is_some())
    }
}

/// A node and the nodes for the elements of the list that it may be.
fn with_elements(node: &Node) -> Vec<&Node> {
    let mut nodes = vec![node];
    for each in &node.uses {
        match each {
            Use::Index { node, .. } => nodes.extend(with_elements(node)),
            Use::Where(it) => {
                nodes.push(&it.probe);
                nodes.extend(with_elements(&it.node));
            }
            Use::Each { root, .. } => nodes.extend(with_elements(root)),
        }
    }
    nodes
}

impl Found<'_> {
    fn is_left_out(&self, steps: &[String]) -> bool {
        self.mapping.unmapped.iter().any(|path: &Path| {
            path.steps.len() <= steps.len()
                && path.steps.iter().zip(steps).all(|(step, name)| match step {
                    Step::Name(wanted) => **wanted == **name,
                    Step::Attribute(wanted) => name.strip_prefix('@') == Some(wanted),
                    _ => false,
                })
        })
    }

    fn note(&mut self, near: &Near<'_>) {
        if !near.is_read() && !self.is_left_out(&near.steps) {
            self.paths.insert(near.shown.clone());
        }
    }

    fn json(&mut self, value: &Value, near: &Near<'_>) {
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
            _ => self.note(near),
        }
    }

    fn xml(&mut self, item: &[u8], start: &Near<'_>) {
        let mut reader = Reader::from_reader(item);
        // Below the one element; the first entry stands for that element itself.
        let mut stack: Vec<Near<'_>> = Vec::new();
        loop {
            match reader.read_event() {
                Ok(Event::Start(tag)) => {
                    let near = match stack.last() {
                        None => start.clone(),
                        Some(parent) => parent.child(tag.local_name().into_inner()),
                    };
                    self.attributes(&tag, &near);
                    stack.push(near);
                }
                Ok(Event::Empty(tag)) => {
                    if let Some(parent) = stack.last() {
                        self.attributes(&tag, &parent.child(tag.local_name().into_inner()));
                    }
                }
                Ok(Event::End(_)) => {
                    stack.pop();
                }
                Ok(Event::Text(text)) if text.trim().is_empty() => {}
                Ok(Event::Text(_) | Event::CData(_) | Event::GeneralRef(_)) => {
                    if let Some(near) = stack.last() {
                        self.note(near);
                    }
                }
                Ok(Event::Eof) | Err(_) => return,
                Ok(_) => {}
            }
        }
    }

    fn attributes(&mut self, tag: &quick_xml::events::BytesStart<'_>, near: &Near<'_>) {
        for attribute in tag.attributes().flatten() {
            let name = attribute.key.into_inner();
            if name.starts_with("xmlns") || name.ends_with(":nil") {
                continue;
            }
            let local = attribute.key.local_name().into_inner();
            let is_read = near
                .nodes
                .iter()
                .any(|node| node.attributes.iter().any(|(known, _)| &**known == local));
            let mut steps = near.steps.clone();
            steps.push(format!("@{local}"));
            if !is_read && !self.is_left_out(&steps) {
                self.paths.insert(format!("{}.@{local}", near.shown));
            }
        }
    }
}
