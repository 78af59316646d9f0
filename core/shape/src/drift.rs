//! Drift: where the items of a feed stop being what its shape says.
//!
//! Of all that can differ from a shape only five things are drift, those that a person who keeps
//! the mapping wants to hear of. That a text is longer than any before, or that an optional field is
//! missing, is no news.

use std::sync::Arc;

use crate::claims::{Claims, Members, Texts};
use crate::compare::{below, type_name};
use crate::learn::may_be_told;
use crate::node::Node;
use crate::path::{self, Step};
use crate::value::{self, Value};
use crate::{Format, Probe, Shape, personal};

/// Findings of one item.
const FINDINGS_MAX: usize = 20;
/// How often a field has to be missing before it is silent.
const SILENT_MIN: u32 = 20;
/// Stands for a value that may be a person's.
const HIDDEN: &str = "***";

/// What kind of difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DriftKind {
    /// A field that the shape does not know.
    NewField,
    /// A type of value that the shape does not know there.
    NewType,
    /// A value outside a small set of values.
    NewCode,
    /// A text without a form that every text had.
    NewForm,
    /// A field that was there in nearly all items and is in none any more.
    Silent,
}

impl DriftKind {
    /// All kinds.
    pub const ALL: [Self; 5] =
        [Self::NewField, Self::NewType, Self::NewCode, Self::NewForm, Self::Silent];

    /// The word for it: `new-field`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::NewField => "new-field",
            Self::NewType => "new-type",
            Self::NewCode => "new-code",
            Self::NewForm => "new-form",
            Self::Silent => "silent",
        }
    }
}

/// One difference between an item and its feed's shape. Holds no value of a person.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Finding {
    /// The kind.
    pub kind: DriftKind,
    /// The path of the place.
    pub path: String,
    /// What is new: the type, the code, the form before and after; nothing where the path says it
    /// all. For people of any language.
    pub what: String,
}

/// Looks at some of a feed's items, and remembers which of the usual fields it has met.
pub struct Watch {
    claims: Claims,
    /// For each place, how often it held a value, and how often it could have.
    met: Vec<(u32, u32)>,
}

impl Watch {
    /// Watches for what a shape does not know.
    pub fn new(shape: &Shape, probes: &[Arc<dyn Probe>]) -> Self {
        let claims = Claims::new(shape, probes);
        let met = vec![(0, 0); claims.places.len()];
        Self { claims, met }
    }

    /// Compares one item. An item that can't be read is the mapping's affair.
    pub fn look(&mut self, item: &[u8]) -> Vec<Finding> {
        let Ok(value) = value::read(self.claims.format, item) else { return Vec::new() };
        let Self { claims, met } = self;
        let mut look = Look { claims, met, findings: Vec::new() };
        look.value(0, &value);
        // Elements of a list tend to differ alike.
        look.findings.sort_unstable();
        look.findings.dedup();
        look.findings
    }

    /// The usual fields that none of the items had that were looked at, where these were enough;
    /// for them the count begins anew.
    pub fn silent(&mut self) -> Vec<Finding> {
        let mut findings = Vec::new();
        for (place, (met, chances)) in self.claims.places.iter().zip(&mut self.met) {
            if *chances < SILENT_MIN {
                continue;
            }
            if *met == 0 && place.is_usual {
                let path = place.path.to_string();
                findings.push(Finding { kind: DriftKind::Silent, path, what: String::new() });
            }
            (*met, *chances) = (0, 0);
        }
        findings
    }

    /// Whether a field has been met since its count began.
    pub fn has_met(&self, path: &str) -> bool {
        let mut places = self.claims.places.iter().zip(&self.met);
        places.any(|(place, (met, _))| *met > 0 && *place.path == *path)
    }
}

/// A look at one item.
struct Look<'w> {
    claims: &'w Claims,
    met: &'w mut [(u32, u32)],
    findings: Vec<Finding>,
}

impl Look<'_> {
    #[cold]
    fn find(&mut self, kind: DriftKind, path: impl Into<String>, what: impl Into<String>) {
        if self.findings.len() < FINDINGS_MAX {
            self.findings.push(Finding { kind, path: path.into(), what: what.into() });
        }
    }

    fn value(&mut self, at: usize, value: &Value<'_>) {
        let claims = self.claims;
        let Some(place) = claims.places.get(at) else { return };
        let is_there = match value {
            Value::Null => {
                // Where it was absent before, null says the same in another way.
                if !place.may_be_null && !place.may_be_absent {
                    self.find(DriftKind::NewType, &*place.path, type_name(value));
                }
                return;
            }
            Value::Text(text) => !text.trim().is_empty(),
            _ => true,
        };
        if is_there && let Some((met, _)) = self.met.get_mut(at) {
            *met += 1;
        }
        match (value, &place.text, &place.number, &place.members, &place.list) {
            (Value::Boolean, ..) if place.may_be_boolean => {}
            (Value::Text(text), Some(texts), ..) if is_there => self.text(at, texts, text),
            // An empty text says that nothing is there, whatever else there was.
            (Value::Text(_), ..) if !is_there => {}
            (Value::Number(literal), _, Some(numbers), ..) => {
                let known = numbers.values.as_ref().filter(|_| numbers.is_firm);
                if known.is_some_and(|values| !values.contains(*literal)) {
                    self.find(DriftKind::NewCode, &*place.path, shown(literal));
                }
            }
            (Value::Object(found), _, _, Some(members), _) => self.object(at, members, found),
            (Value::List(found), .., Some(list)) => {
                for element in found {
                    self.value(list.place, element);
                }
            }
            // In XML a list of one element can't be told from a value.
            (.., Some(list)) if claims.format == Format::Xml => self.value(list.place, value),
            _ => self.find(DriftKind::NewType, &*place.path, type_name(value)),
        }
    }

    fn text(&mut self, at: usize, texts: &Texts, text: &str) {
        if !texts.is_firm {
            return;
        }
        if let Some(values) = texts.values.as_ref().filter(|values| !values.is_empty()) {
            if !values.contains(text) {
                self.find(DriftKind::NewCode, self.claims.path(at), shown(text));
            }
            return;
        }
        let probes = &self.claims.probes;
        let claimed = texts.forms.iter().filter_map(|form| probes.get(*form));
        let Some(lost) = claimed
            .filter(|probe| rank(probe.name()).is_some() && !probe.holds(text))
            .min_by_key(|probe| order(probe.name()))
        else {
            return;
        };
        let holds = probes.iter().filter(|probe| rank(probe.name()).is_some() && probe.holds(text));
        let now = holds.min_by_key(|probe| order(probe.name())).map(|probe| probe.name());
        self.find(DriftKind::NewForm, self.claims.path(at), forms(lost.name(), now));
    }

    fn object(&mut self, at: usize, members: &Members, found: &[(impl AsRef<str>, Value<'_>)]) {
        for place in &members.usual {
            if let Some((_, chances)) = self.met.get_mut(*place) {
                *chances += 1;
            }
        }
        for (name, value) in found {
            let name = name.as_ref();
            if let Some(place) = members.by_name.get(name).copied().or(members.others) {
                self.value(place, value);
                continue;
            }
            let path = match self.claims.path(at) {
                "." if personal::is_map_key(name) => "*".to_owned(),
                path if personal::is_map_key(name) => format!("{path}.*"),
                path => below(path, name),
            };
            self.find(DriftKind::NewField, path, "");
        }
    }
}

/// How telling a form is. Dates, numbers and telephone numbers are written by rules that somebody
/// changes; lengths and the patterns of codes hold by chance for many texts.
fn rank(form: &str) -> Option<usize> {
    const KINDS: [&str; 6] = ["timestamp", "date", "phone", "integer", "decimal", "epoch"];
    let kind = match form.split_once(':') {
        Some(("timestamp", format)) if format.starts_with("epoch") => "epoch",
        Some((kind, _)) => kind,
        None => form,
    };
    KINDS.iter().position(|known| *known == kind)
}

/// The order in which forms are told: of two formats the stricter one.
fn order(form: &str) -> (Option<usize>, bool) {
    (rank(form), form.contains("%-"))
}

fn shown(value: &str) -> String {
    if may_be_told(value) { format!("`{value}`") } else { HIDDEN.to_owned() }
}

fn forms(lost: &str, now: Option<&str>) -> String {
    now.map_or_else(|| format!("`{lost}` → …"), |now| format!("`{lost}` → `{now}`"))
}

impl Shape {
    /// Whether the shape knows what was found against an older one, so that it is drift no more.
    pub fn knows(&self, finding: &Finding) -> bool {
        let Finding { kind, path, what } = finding;
        let Some(node) = path::parse(path).and_then(|steps| self.node(&steps)) else {
            // A silent field that the shape does not have is not missed.
            return *kind == DriftKind::Silent;
        };
        let quoted = |at: usize| what.split('`').nth(at).unwrap_or_default();
        match kind {
            DriftKind::NewField => true,
            DriftKind::NewType => node.has_type(what),
            DriftKind::NewCode => {
                let text = node.text.as_ref().and_then(|text| text.values.as_ref());
                let number = node.number.as_ref().and_then(|number| number.values.as_ref());
                let mut values = text.into_iter().chain(number).peekable();
                let is_open = values.peek().is_none();
                is_open || what == HIDDEN || values.any(|values| values.contains_key(quoted(1)))
            }
            DriftKind::NewForm => {
                let text = node.text.as_ref();
                !text.is_some_and(|text| text.claims().any(|form| form == quoted(1)))
            }
            DriftKind::Silent => !node.is_usual(),
        }
    }

    fn node(&self, steps: &[Step<String>]) -> Option<&Node> {
        steps.iter().try_fold(&self.root, |node, step| match step {
            Step::Name(name) => node.member(name),
            Step::Others => node.others.as_deref(),
            Step::Elements => node.list.as_ref().map(|list| &*list.element),
        })
    }
}

impl Node {
    fn has_type(&self, name: &str) -> bool {
        match name {
            "null" => self.null > 0 || self.absent > 0,
            "true or false" => self.boolean > 0,
            "number" => self.number.is_some(),
            "text" => self.text.is_some(),
            "object" => self.object > 0,
            _ => self.list.is_some(),
        }
    }
}

#[cfg(test)]
mod tests;
