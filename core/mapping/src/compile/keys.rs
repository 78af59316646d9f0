//! The keys of a TOML table with their places, read one by one so that unknown ones are left over.

use std::ops::Range;
use std::sync::Arc;

use lienthong_diagnostics::Problem;
use lienthong_text::Encoding;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::Compiler;
use crate::path::Path;
use crate::plan::Reading;

pub(super) type Value<'t, 'i> = &'t Spanned<DeValue<'i>>;
pub(super) type Span = Range<usize>;

/// A file that a person wrote.
#[derive(Clone, Debug)]
pub(crate) struct Text {
    pub(crate) file: Arc<str>,
    pub(crate) text: Arc<str>,
}

impl Text {
    pub(super) fn problem(
        &self,
        code: &'static str,
        span: Span,
        message: impl Into<String>,
        label: &str,
        hint: Option<String>,
    ) -> Problem {
        Problem {
            code,
            message: message.into(),
            label: label.to_owned(),
            hint,
            file: Arc::clone(&self.file),
            text: Arc::clone(&self.text),
            span,
        }
    }

    pub(super) fn not_toml(&self, error: &toml::de::Error) -> Problem {
        let span = error.span().unwrap_or(0..0);
        self.problem("LT-3001", span, error.message(), "not TOML", None)
    }
}

/// A table that is being read: what was asked for is known, the rest is not.
pub(super) struct Keys<'t, 'i> {
    table: &'t DeTable<'i>,
    span: Span,
    owner: String,
    known: Vec<&'static str>,
}

impl<'t, 'i> Keys<'t, 'i> {
    pub(super) fn new(table: &'t DeTable<'i>, span: Span, owner: impl Into<String>) -> Self {
        Self { table, span, owner: owner.into(), known: Vec::new() }
    }

    pub(super) fn span(&self) -> Span {
        self.span.clone()
    }

    pub(super) fn has(&self, key: &str) -> bool {
        self.table.get(key).is_some()
    }

    /// Makes keys known without reading them.
    pub(super) fn know(&mut self, keys: &[&'static str]) {
        self.known.extend(keys);
    }

    /// The value of a key, which is known from now on.
    pub(super) fn get(&mut self, key: &'static str) -> Option<Value<'t, 'i>> {
        self.known.push(key);
        self.table.get(key)
    }

    /// The same; a table without it is a problem.
    pub(super) fn required(
        &mut self,
        key: &'static str,
        compiler: &mut Compiler<'_>,
    ) -> Option<Value<'t, 'i>> {
        let value = self.get(key);
        if value.is_none() {
            let message = format!("{} needs `{key}`", self.owner);
            let hint = Some(format!("add `{key}` here"));
            compiler.problem("LT-3003", self.span(), message, "a key is missing", hint);
        }
        value
    }

    /// All entries in the order of the text, for tables whose keys are names.
    pub(super) fn entries(&self) -> Vec<(String, Span, Value<'t, 'i>)> {
        let entries = self.table.iter();
        let mut entries: Vec<_> =
            entries.map(|(key, value)| (key.get_ref().to_string(), key.span(), value)).collect();
        entries.sort_by_key(|(_, span, _)| span.start);
        entries
    }
}

impl Compiler<'_> {
    /// Notes a problem in the mapping's own file.
    pub(super) fn problem(
        &mut self,
        code: &'static str,
        span: Span,
        message: impl Into<String>,
        label: &str,
        hint: Option<String>,
    ) {
        self.problems.push(self.text.problem(code, span, message, label, hint));
    }

    /// Notes the keys that nothing asked for.
    pub(super) fn finish(&mut self, keys: &Keys<'_, '_>) {
        for (key, span, _) in keys.entries() {
            if keys.known.contains(&key.as_str()) {
                continue;
            }
            let hint = word::nearest_or_all(&key, keys.known.iter().copied());
            let message = format!("`{key}` is not a key of {}", keys.owner);
            self.problem("LT-3002", span, message, "unknown key", Some(hint));
        }
    }

    /// Notes that a value is of the wrong kind.
    pub(super) fn wrong_kind(&mut self, value: Value<'_, '_>, wanted: &str) {
        let message = format!("this is {}, not {wanted}", kind(value.get_ref()));
        let hint = Some(format!("write {wanted}"));
        self.problem("LT-3003", value.span(), message, "the wrong kind", hint);
    }

    /// A text and its place.
    pub(super) fn word(&mut self, value: Value<'_, '_>) -> Option<(String, Span)> {
        let DeValue::String(text) = value.get_ref() else {
            self.wrong_kind(value, "a text in quotes");
            return None;
        };
        Some((text.to_string(), value.span()))
    }

    /// A table.
    pub(super) fn table<'t, 'i>(
        &mut self,
        value: Value<'t, 'i>,
        owner: &str,
    ) -> Option<Keys<'t, 'i>> {
        let DeValue::Table(table) = value.get_ref() else {
            self.wrong_kind(value, "a table `{ … }`");
            return None;
        };
        Some(Keys::new(table, value.span(), owner))
    }

    /// A list of texts.
    pub(super) fn texts(&mut self, value: Value<'_, '_>, owner: &str) -> Vec<(String, Span)> {
        let DeValue::Array(array) = value.get_ref() else {
            self.wrong_kind(value, &format!("a list of texts for {owner}"));
            return Vec::new();
        };
        array.iter().filter_map(|element| self.word(element)).collect()
    }

    /// A whole number that is not negative.
    pub(super) fn count(&mut self, value: Value<'_, '_>) -> Option<usize> {
        let number = match value.get_ref() {
            DeValue::Integer(number) if number.radix() == 10 => number.as_str().parse().ok(),
            _ => None,
        };
        if number.is_none() {
            self.wrong_kind(value, "a whole number");
        }
        number
    }

    /// A path.
    pub(super) fn path(&mut self, text: &str, span: Span) -> Option<Path> {
        match Path::parse(text, self.input) {
            Ok(path) => Some(path),
            Err(fault) => {
                let message = format!("the path `{text}` can't be read: {}", fault.message);
                self.problem("LT-3005", span, message, "not a path", fault.hint);
                None
            }
        }
    }

    /// An encoding whose bytes may stand in an item's text.
    pub(super) fn reading(&mut self, value: Value<'_, '_>) -> Option<Reading> {
        let (name, span) = self.word(value)?;
        let legacy = Encoding::LEGACY.map(|encoding| (encoding.name(), Reading::In(encoding)));
        let others = [(Encoding::Utf8.name(), Reading::AsWritten), ("auto", Reading::Detected)];
        let known = [others.as_slice(), &legacy].concat();
        let found = known.iter().find(|(known, _)| *known == name).map(|(_, reading)| *reading);
        if found.is_none() {
            let hint = word::nearest_or_all(&name, known.iter().map(|(name, _)| *name));
            let message = format!("`{name}` is not an encoding that is known here");
            self.problem("LT-3003", span.clone(), message, "unknown encoding", Some(hint));
        }
        if found == Some(Reading::Detected) {
            let message = "the encoding is found out for every value by its looks".to_owned();
            let hint = "what is not clear goes to quarantine; name the encoding where it is known";
            let hint = Some(hint.to_owned());
            let warning = self.text.problem("LT-3019", span, message, "detection", hint);
            self.warnings.push(warning);
        }
        found
    }
}

fn kind(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date without quotes",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}

/// Hints that name what is known.
pub(super) mod word {
    use lienthong_diagnostics::nearest;

    /// "did you mean …?", or all that is known.
    pub(in crate::compile) fn nearest_or_all<'a>(
        written: &str,
        known: impl Iterator<Item = &'a str>,
    ) -> String {
        let known: Vec<&str> = known.collect();
        match nearest(written, known.iter().copied()) {
            Some(name) => format!("did you mean `{name}`?"),
            None if known.is_empty() => "nothing is known here".to_owned(),
            None => format!("known are: {}", known.join(", ")),
        }
    }
}
