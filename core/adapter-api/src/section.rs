//! A part of a TOML file that keeps its places, read into a settings type with all problems at once.

use std::ops::Range;
use std::sync::Arc;

use serde::de::{DeserializeOwned, IntoDeserializer as _};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use lienthong_diagnostics::{Problem, nearest};

use crate::SecretRef;

/// A table of a file that a person wrote: the file's text and the way to the table.
///
/// Made by the config crate, or with [`Section::parse`] where a file is one section. The text is
/// known to be TOML; it is parsed again at every read, which settings are small enough for.
#[derive(Clone, Debug)]
pub struct Section {
    file: Arc<str>,
    text: Arc<str>,
    path: Vec<Step>,
    owner: String,
}

/// One step from a table or list to a part of it.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Step {
    Key(String),
    Index(usize),
}

impl Section {
    /// Reads a whole text as one section. `owner` says what it configures, for messages: "adapter
    /// `http-json`".
    ///
    /// # Errors
    /// Every place that keeps the text from being TOML.
    pub fn parse(
        file: impl Into<Arc<str>>,
        text: impl Into<Arc<str>>,
        owner: impl Into<String>,
    ) -> Result<Self, Vec<Problem>> {
        let (file, text) = (file.into(), text.into());
        let (_, errors) = DeTable::parse_recoverable(&text);
        if errors.is_empty() {
            return Ok(Self { file, text, path: Vec::new(), owner: owner.into() });
        }
        let problem = |error: &toml::de::Error| Problem {
            code: "LT-1001",
            message: error.message().to_owned(),
            label: "not TOML".to_owned(),
            hint: None,
            file: Arc::clone(&file),
            text: Arc::clone(&text),
            span: error.span().unwrap_or(0..0),
        };
        let mut problems: Vec<Problem> = errors.iter().map(problem).collect();
        problems.sort_by_key(|problem| problem.span.start);
        Err(problems)
    }

    /// The file's name.
    pub fn file(&self) -> &Arc<str> {
        &self.file
    }

    /// The whole text of the file.
    pub fn text(&self) -> &Arc<str> {
        &self.text
    }

    /// What it configures, for messages.
    pub fn owner(&self) -> &str {
        &self.owner
    }

    /// The table below a key, as a section of its own; an empty one when the key is not there.
    #[must_use]
    pub fn child(&self, key: &str, owner: impl Into<String>) -> Self {
        self.step(Step::Key(key.to_owned()), owner)
    }

    /// The element of a list, as a section of its own.
    #[must_use]
    pub fn element(&self, index: usize, owner: impl Into<String>) -> Self {
        self.step(Step::Index(index), owner)
    }

    /// Whether the file has this section at all.
    pub fn is_present(&self) -> bool {
        self.with_value(|_, present| present)
    }

    /// The names of the keys of this table, in the order of the text.
    pub fn keys(&self) -> Vec<String> {
        self.with_value(|value, _| {
            let DeValue::Table(table) = value.get_ref() else { return Vec::new() };
            let mut keys: Vec<_> = table.keys().map(|key| (key.span().start, key)).collect();
            keys.sort_by_key(|(start, _)| *start);
            keys.into_iter().map(|(_, key)| key.get_ref().to_string()).collect()
        })
    }

    /// How many elements the list at this place has; 0 where it is no list.
    pub fn len(&self) -> usize {
        self.with_value(|value, _| match value.get_ref() {
            DeValue::Array(array) => array.len(),
            _ => 0,
        })
    }

    /// Whether the list at this place has no element.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Calls with the value and its place; with an empty table, and the place of the nearest thing
    /// around it, where the file leaves this section out (then the flag is false).
    pub fn with_value<R>(&self, call: impl FnOnce(&Spanned<DeValue<'_>>, bool) -> R) -> R {
        let (table, _) = DeTable::parse_recoverable(&self.text);
        let span = table.span();
        let root = Spanned::new(span, DeValue::Table(table.into_inner()));
        let mut at = &root;
        for step in &self.path {
            let next = match (step, at.get_ref()) {
                (Step::Key(key), DeValue::Table(table)) => table.get(key.as_str()),
                (Step::Index(index), DeValue::Array(array)) => array.get(*index),
                _ => None,
            };
            let Some(next) = next else {
                return call(&Spanned::new(at.span(), DeValue::Table(DeTable::new())), false);
            };
            at = next;
        }
        call(at, true)
    }

    /// Reads the section into a type. After a problem with one entry that entry is set aside and
    /// reading goes on, so that all problems are found at once.
    ///
    /// # Errors
    /// Every problem, in the order of the text.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, Vec<Problem>> {
        self.with_value(|value, _| self.read_value(value.clone()))
    }

    /// A problem at a place of this section that a reader found by itself.
    pub fn problem_at(
        &self,
        span: Range<usize>,
        code: &'static str,
        message: impl Into<String>,
        label: impl Into<String>,
        hint: Option<String>,
    ) -> Problem {
        Problem {
            code,
            message: message.into(),
            label: label.into(),
            hint,
            file: Arc::clone(&self.file),
            text: Arc::clone(&self.text),
            span,
        }
    }

    /// The place of this section.
    pub fn span(&self) -> Range<usize> {
        self.with_value(|value, _| value.span())
    }

    /// The place of a key's value, or of the whole section when the key is not there.
    pub fn span_of(&self, key: &str) -> Range<usize> {
        self.child(key, "").span()
    }

    fn step(&self, step: Step, owner: impl Into<String>) -> Self {
        let mut path = self.path.clone();
        path.push(step);
        Self {
            file: Arc::clone(&self.file),
            text: Arc::clone(&self.text),
            path,
            owner: owner.into(),
        }
    }

    fn read_value<T: DeserializeOwned>(
        &self,
        mut value: Spanned<DeValue<'_>>,
    ) -> Result<T, Vec<Problem>> {
        let whole = value.span();
        let mut problems: Vec<Problem> = Vec::new();
        let mut removed: Vec<String> = Vec::new();
        loop {
            let error = match T::deserialize(value.clone().into_deserializer()) {
                Ok(read) if problems.is_empty() => return Ok(read),
                Ok(_) => break,
                Err(error) => error,
            };
            let span = error.span().unwrap_or_else(|| whole.clone());
            // What is missing only because it was set aside is no problem of its own, but the table
            // around it can't be read either: it is set aside too, and reading goes on behind it.
            let is_consequence =
                removed.iter().any(|key| error.message() == format!("missing field `{key}`"));
            if !is_consequence {
                problems.push(self.problem(error.message(), span.clone()));
            }
            // What is said of the section as a whole lies in none of its entries, even where the
            // place of a section is empty and so lies within anything that begins there.
            if span == whole {
                break;
            }
            match set_aside(value.get_mut(), &span) {
                Some(key) => removed.push(key),
                None => break,
            }
        }
        problems.sort_by_key(|problem| problem.span.start);
        Err(problems)
    }

    fn problem(&self, message: &str, span: Range<usize>) -> Problem {
        if let Some((unknown, known)) = unknown_field(message) {
            let nearest = nearest(&unknown, known.iter().map(String::as_str));
            let hint = match (nearest, known.is_empty()) {
                (Some(name), _) => format!("did you mean `{name}`?"),
                (None, true) => "there are no settings here".to_owned(),
                (None, false) => format!("the settings here are: {}", known.join(", ")),
            };
            let text = format!("`{unknown}` is not a setting of {}", self.owner);
            return self.problem_at(span, "LT-1004", text, "unknown setting", Some(hint));
        }
        if let Some(field) = message.strip_prefix("missing field ") {
            let text = format!("{} needs the setting {field}", self.owner);
            let hint = Some(format!("add {field} here"));
            return self.problem_at(span, "LT-1005", text, "a setting is missing", hint);
        }
        if message.contains(SecretRef::LITERAL) {
            let hint = "keep it in a file or a variable: { file = \"…\" } or { env = \"…\" }";
            return self.problem_at(
                span,
                "LT-1006",
                SecretRef::LITERAL,
                "a literal secret",
                Some(hint.to_owned()),
            );
        }
        self.problem_at(span, "LT-1003", message.to_owned(), "not a valid value", None)
    }
}

/// Serde tells an unknown field only in words: "unknown field `a`, expected one of `b`, `c`".
fn unknown_field(message: &str) -> Option<(String, Vec<String>)> {
    let rest = message.strip_prefix("unknown field `")?;
    let (unknown, rest) = rest.split_once('`')?;
    let known = rest.split('`').skip(1).step_by(2).map(str::to_owned).collect();
    Some((unknown.to_owned(), known))
}

/// Removes the entry that a problem lies in: the deepest one whose key or value covers the place.
fn set_aside(value: &mut DeValue<'_>, span: &Range<usize>) -> Option<String> {
    let covers = |range: Range<usize>| range.start <= span.start && span.end <= range.end;
    match value {
        DeValue::Table(table) => {
            for (_, inner) in table.iter_mut() {
                if inner.span() != *span
                    && let Some(key) = set_aside(inner.get_mut(), span)
                {
                    return Some(key);
                }
            }
            let key = table
                .iter()
                .find(|(key, inner)| covers(key.span()) || covers(inner.span()))
                .map(|(key, _)| key.clone())?;
            table.remove(&key);
            Some(key.get_ref().to_string())
        }
        DeValue::Array(array) => {
            array.iter_mut().find_map(|inner| set_aside(inner.get_mut(), span))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests;
