//! A whole shape, and the questions that it asks of texts.

use std::sync::Arc;

use crate::Node;
use crate::path::{Step, Trail};

/// How the items of a feed are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// One JSON value.
    Json,
    /// One XML element with its subtree.
    Xml,
    /// A JSON object of one table row: column name to text or null.
    Row,
}

impl Format {
    /// The word for it in a file.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Xml => "xml",
            Self::Row => "row",
        }
    }
}

/// What the items of one feed look like.
#[derive(Clone, Debug, PartialEq)]
pub struct Shape {
    /// The mapping that reads the feed: `igate/dossiers`.
    pub mapping: Arc<str>,
    /// How the items are written.
    pub format: Format,
    /// How many items it was learned from; none where a person declared it.
    pub items: u64,
    /// The item itself.
    pub root: Node,
}

impl Shape {
    /// Calls with the path and the node of every place, the item first, members by name.
    pub fn each_place(&self, mut call: impl FnMut(&str, &Node)) {
        visit(&self.root, &Trail::ROOT, &mut call);
    }
}

fn visit(node: &Node, trail: &Trail<'_>, call: &mut impl FnMut(&str, &Node)) {
    call(&trail.to_string(), node);
    for (name, member) in &node.members {
        visit(member, &trail.down(Step::Name(name)), call);
    }
    if let Some(others) = &node.others {
        visit(others, &trail.down(Step::Others), call);
    }
    if let Some(list) = &node.list
        && *list.element != Node::default()
    {
        visit(&list.element, &trail.down(Step::Elements), call);
    }
}

/// A question that a shape asks of every text: does it have this form?
///
/// The learner counts how many of the non-blank texts of a place say yes. Whoever converts texts
/// (the mapping, the standard) hands its own conversions in, so that `timestamp:%d/%m/%Y` in a shape
/// means exactly what the mapping's conversion does with that format. Names are stable, because
/// shapes keep them as data: `timestamp:<format>`, `date:<format>`, `decimal:<notation>`,
/// `whole-decimal:<notation>`, `integer`, `pattern:<name of the standard's pattern>`,
/// `identifier:<kind>`, `phone:vn`, `phone:e164`, `max-chars:200`. A notation is its point and,
/// where it has one, its mark of thousands: `decimal:,.`.
pub trait Probe: Send + Sync {
    /// The name under which the answer is kept.
    fn name(&self) -> &str;
    /// Whether the text has the form.
    fn holds(&self, text: &str) -> bool;
}
