//! Scopes: the wanted paths of a record's own fields, or of the rows of one group.
//!
//! A path that goes into a document is wanted in two places: the text among the values of the scope,
//! and the rest of the path in the document, whose slots are those of the same rows.

use super::Compiler;
use super::keys::Span;
use super::split::Columns;
use crate::Input;
use crate::path::{Crossing, Fault, Path};
use crate::trie::{Document, Node, Use};

/// The wanted paths of one scope while they are gathered.
#[derive(Default)]
pub(super) struct Scope {
    node: Node,
    pub(super) width: usize,
    documents: Vec<Draught>,
    /// The slots that are read as values.
    values: Vec<u32>,
    /// The path of the rows, as a person reads it, with a point behind it: `fees[].`.
    rows: String,
    /// Whether the rows lie in a document.
    is_in_document: bool,
    /// The texts whose parts the rows are made of, and nothing else can be read from.
    columns: Option<Vec<Box<str>>>,
}

/// A document in a text while its wanted paths are gathered.
struct Draught {
    slot: u32,
    /// The way to the text.
    outside: Path,
    format: Input,
    root: Node,
    /// The path that asked first.
    span: Span,
}

/// Where the paths in a document are gathered.
struct Inside<'s> {
    root: &'s mut Node,
    /// The slots of the rows that the document's text lies in.
    width: &'s mut usize,
}

impl Scope {
    /// A scope for the rows of a group in this one: of a list at a path, or of parts of texts.
    pub(super) fn of_rows(&self, list: Option<&Path>, columns: Option<&Columns>) -> Self {
        let crosses = list.is_some_and(|path| path.crossing().is_some());
        let rows = list.map(|path| format!("{}[].", self.shown(path)));
        let columns = columns.map(Columns::names);
        Self {
            width: columns.as_ref().map_or(0, Vec::len),
            rows: rows.unwrap_or_else(|| self.rows.clone()),
            is_in_document: self.is_in_document || crosses,
            columns,
            ..Self::default()
        }
    }

    /// Whether the rows are made of parts of texts.
    pub(super) const fn is_of_parts(&self) -> bool {
        self.columns.is_some()
    }

    /// A path of this scope from the item down, as a person reads it.
    pub(super) fn shown(&self, path: &Path) -> String {
        let rows = self.rows.as_str();
        match path.steps.as_slice() {
            [] => rows.strip_suffix('.').unwrap_or(".").to_owned(),
            _ => format!("{rows}{path}"),
        }
    }

    /// The slot of a text whose parts the rows are made of.
    fn part(columns: &[Box<str>], text: &str) -> Result<u32, Fault> {
        let place = columns.iter().position(|column| **column == *text);
        let slot = place.and_then(|place| u32::try_from(place).ok());
        slot.ok_or_else(|| {
            let known = columns.join("`, `");
            let hint = format!("the rows are parts of `{known}`, and have nothing else");
            Fault { message: "it is not one of `split`".to_owned(), hint: Some(hint) }
        })
    }

    /// The document that a path goes into, new or asked for before.
    fn document(&mut self, crossing: &Crossing, span: Span) -> Result<Inside<'_>, Fault> {
        if self.is_in_document {
            return Err(Fault::nested());
        }
        let Crossing { outside, format, .. } = crossing;
        let slot = self.node.want(outside, &mut self.width);
        if self.values.contains(&slot) {
            return Err(both(outside, *format));
        }
        let place = self.documents.iter().position(|document| document.slot == slot);
        let place = place.unwrap_or_else(|| {
            let (outside, format) = (outside.clone(), *format);
            let root = Node::default();
            self.documents.push(Draught { slot, outside, format, root, span });
            self.documents.len() - 1
        });
        let Some(document) = self.documents.get_mut(place) else {
            unreachable!("the document at {place} was just found or added")
        };
        if document.format != *format {
            let message = format!("`{outside}` is read as JSON and as XML");
            return Err(Fault { message, hint: Some("it can only be one of them".to_owned()) });
        }
        Ok(Inside { root: &mut document.root, width: &mut self.width })
    }

    fn want(&mut self, path: &Path, span: Span) -> Result<u32, Fault> {
        let Some(crossing) = path.crossing() else {
            let slot = self.node.want(path, &mut self.width);
            let document = self.documents.iter().find(|document| document.slot == slot);
            if let Some(document) = document {
                return Err(both(path, document.format));
            }
            self.values.push(slot);
            return Ok(slot);
        };
        let Inside { root, width } = self.document(&crossing, span)?;
        Ok(root.want(&crossing.inside, width))
    }

    fn want_each(&mut self, path: &Path, span: Span, each: Use) -> Result<(), Fault> {
        let shown = self.shown(path);
        let Some(crossing) = path.crossing() else {
            self.node.want_each(path, &shown, &mut self.width, each);
            return Ok(());
        };
        let Inside { root, width } = self.document(&crossing, span)?;
        root.want_each(&crossing.inside, &shown, width, each);
        Ok(())
    }
}

/// A text is one value, or a document with many.
fn both(path: &Path, format: Input) -> Fault {
    let message = format!("`{path}` is read both as a value and as a document");
    let hint = format!("write `{path}<{}>` everywhere, or nowhere", format.name());
    Fault { message, hint: Some(hint) }
}

impl Compiler<'_> {
    /// Asks for the value at a path; gives its slot, and whether a JSON number or true/false may
    /// stand there.
    pub(super) fn want(
        &mut self,
        text: &str,
        span: Span,
        scope: &mut Scope,
    ) -> Option<(u32, bool)> {
        if let Some(columns) = &scope.columns {
            let slot = Scope::part(columns, text);
            return Some((self.fit(text, span, slot)?, false));
        }
        let path = self.path(text, span.clone())?;
        let slot = scope.want(&path, span.clone());
        Some((self.fit(text, span, slot)?, path.format(self.input) == Input::Json))
    }

    /// Asks for a text that holds a list; gives its slot, and its path as a person reads it.
    pub(super) fn column(
        &mut self,
        text: &str,
        span: Span,
        scope: &mut Scope,
    ) -> Option<(u32, String)> {
        if let Some(columns) = &scope.columns {
            let shown = format!("{}{text}", scope.rows);
            return Some((self.fit(text, span, Scope::part(columns, text))?, shown));
        }
        let path = self.path(text, span.clone())?;
        let shown = scope.shown(&path);
        let slot = scope.want(&path, span.clone());
        Some((self.fit(text, span, slot)?, shown))
    }

    /// Asks for every element of a list, as rows.
    pub(super) fn want_each(&mut self, scope: &mut Scope, path: &Path, span: Span, each: Use) {
        let wanted = scope.want_each(path, span.clone(), each);
        self.fit(&path.to_string(), span, wanted);
    }

    /// Notes why a path does not fit the others.
    fn fit<T>(&mut self, text: &str, span: Span, wanted: Result<T, Fault>) -> Option<T> {
        let fault = match wanted {
            Ok(wanted) => return Some(wanted),
            Err(fault) => fault,
        };
        let message = format!("the path `{text}` can't be followed: {}", fault.message);
        self.problem("LT-3005", span, message, "not possible", fault.hint);
        None
    }

    /// Ends a scope, once all its paths are in: its documents go to the others.
    pub(super) fn close(&mut self, scope: Scope, id: usize) -> Node {
        for document in scope.documents {
            let Draught { slot, outside, format, root, span } = document;
            if scope.node.wants_more_at(&outside.steps) {
                let Fault { message, hint } = both(&outside, format);
                self.problem("LT-3005", span, message, "a document here", hint);
            }
            let text = scope.rows.strip_suffix('.').filter(|_| outside.steps.is_empty());
            let text = text.map_or_else(|| format!("{}{outside}", scope.rows), str::to_owned);
            let shown = format!("{text}<{}>", format.name()).into();
            self.documents.push(Document { scope: id, slot, format, root, shown });
        }
        scope.node
    }
}
