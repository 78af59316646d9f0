//! A settings text with values from the environment and the command line written into it.
//!
//! Adapters read their settings from text, so that every problem has a place. Values of higher
//! layers are therefore written into the text, and [`Overlay::restore`] moves each problem back: to
//! the file as the person wrote it, or to the variable or option that holds the value.

use std::ops::Range;
use std::sync::Arc;

use lienthong_diagnostics::Problem;
use toml_edit::{DocumentMut, Item, Table, TableLike, Value};

#[cfg(test)]
mod tests;

/// A value from above the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Override {
    /// Its way: `["sources", "igate", "settings", "address"]`; elements of lists by their name.
    pub(crate) path: Vec<String>,
    /// The value as written: TOML, or plain text.
    pub(crate) value: String,
    /// Where it was written: `LIENTHONG_AGENCY`, `--set agency`.
    pub(crate) origin: Arc<str>,
}

/// A settings text and what was written into it.
#[derive(Clone, Debug)]
pub(crate) struct Overlay {
    original: Arc<str>,
    merged: Arc<str>,
    edits: Vec<Edit>,
}

/// One stretch of text that took another's place.
#[derive(Clone, Debug)]
struct Edit {
    before: Range<usize>,
    after: Range<usize>,
    origin: Arc<str>,
    value: Arc<str>,
}

impl Override {
    /// The value as TOML where it is TOML, else as a string: `60`, `true`, `["a"]`, `H22`.
    pub(crate) fn parsed(&self) -> Value {
        let parsed = self.value.parse::<Value>();
        parsed.unwrap_or_else(|_| Value::from(self.value.as_str()))
    }
}

impl Overlay {
    /// Takes a text that is known to be TOML.
    pub(crate) fn new(text: Arc<str>) -> Self {
        Self { merged: Arc::clone(&text), original: text, edits: Vec::new() }
    }

    /// The text with all values in it.
    pub(crate) fn merged(&self) -> &Arc<str> {
        &self.merged
    }

    /// Writes a value into the text; gives its way by the names that the text uses.
    ///
    /// # Errors
    /// Why it can't be written, in words: something on the way to it is no table.
    pub(crate) fn apply(&mut self, value: &Override) -> Result<Vec<String>, String> {
        let mut document: DocumentMut =
            self.merged.parse().map_err(|_| "the settings file is not TOML".to_owned())?;
        let mut written = Vec::new();
        write(document.as_table_mut(), &value.path, value.parsed(), &mut written)?;
        let text: Arc<str> = Arc::from(document.to_string());
        let (before, after) = changed(&self.merged, &text);
        let shown = Arc::from(value.value.as_str());
        let origin = Arc::clone(&value.origin);
        self.edits.push(Edit { before, after, origin, value: shown });
        self.merged = text;
        Ok(written)
    }

    /// Moves a problem in the merged text to where its cause was written. Problems in other texts
    /// stay as they are.
    pub(crate) fn restore(&self, mut problem: Problem) -> Problem {
        if !Arc::ptr_eq(&problem.text, &self.merged) || self.edits.is_empty() {
            return problem;
        }
        for edit in self.edits.iter().rev() {
            let at = &problem.span;
            if at.start < edit.after.end && edit.after.start < at.end.max(at.start + 1) {
                // A table that only contains the value is still the file's.
                if at.start >= edit.after.start || at.end <= edit.after.end {
                    problem.file = Arc::clone(&edit.origin);
                    problem.span = 0..edit.value.len();
                    problem.text = Arc::clone(&edit.value);
                    if problem.message.ends_with("expected a string") {
                        problem.hint = Some(format!("in quotes it is text: `\"{}\"`", edit.value));
                    }
                    return problem;
                }
            }
            problem.span = edit.back(at.start)..edit.back(at.end).max(edit.back(at.start));
        }
        problem.text = Arc::clone(&self.original);
        problem
    }
}

impl Edit {
    fn back(&self, offset: usize) -> usize {
        if offset <= self.after.start {
            return offset;
        }
        if offset >= self.after.end {
            return offset - self.after.end + self.before.end;
        }
        self.before.end
    }
}

/// Writes one value below a table, making the tables on the way, and notes the names on its way.
fn write(
    table: &mut dyn TableLike,
    path: &[String],
    value: Value,
    written: &mut Vec<String>,
) -> Result<(), String> {
    let Some((key, rest)) = path.split_first() else {
        return Err("which setting is meant is not said".to_owned());
    };
    let key = existing_key(table, key).unwrap_or_else(|| key.clone());
    written.push(key.clone());
    if rest.is_empty() {
        set(table, &key, value);
        return Ok(());
    }
    if table.get(&key).is_none() {
        let mut dotted = Table::new();
        dotted.set_dotted(true);
        dotted.set_implicit(true);
        table.insert(&key, Item::Table(dotted));
    }
    let item = table.get_mut(&key).ok_or_else(|| format!("`{key}` can't be written"))?;
    let inner = match item {
        Item::Value(Value::Array(list)) => {
            let tables = list.iter_mut().filter_map(Value::as_inline_table_mut);
            named(tables.map(|element| element as &mut dyn TableLike), &key, rest, written)?
        }
        Item::ArrayOfTables(list) => {
            let tables = list.iter_mut().map(|element| element as &mut dyn TableLike);
            named(tables, &key, rest, written)?
        }
        item => match item.as_table_like_mut() {
            Some(inner) => return write(inner, rest, value, written),
            None => return Err(format!("`{key}` is a value and holds no settings")),
        },
    };
    write(inner, rest.get(1..).unwrap_or_default(), value, written)
}

/// Picks the element of a list that has the next name of a way.
fn named<'a>(
    elements: impl Iterator<Item = &'a mut dyn TableLike>,
    list: &str,
    path: &[String],
    written: &mut Vec<String>,
) -> Result<&'a mut dyn TableLike, String> {
    let asked = path.first().map(String::as_str).unwrap_or_default();
    for element in elements {
        let name = element.get("name").and_then(Item::as_str).map(str::to_owned);
        if let Some(name) = name.filter(|name| same_name(name, asked)) {
            written.push(name);
            return Ok(element);
        }
    }
    Err(format!("nothing among `{list}` has the name `{asked}`"))
}

fn set(table: &mut dyn TableLike, key: &str, value: Value) {
    if let Some(old) = table.get_mut(key).and_then(Item::as_value_mut) {
        let decor = old.decor().clone();
        *old = value;
        *old.decor_mut() = decor;
    } else {
        table.insert(key, Item::Value(value));
    }
}

fn existing_key(table: &dyn TableLike, key: &str) -> Option<String> {
    let written = table.iter().map(|(written, _)| written);
    written.into_iter().find(|written| same_name(written, key)).map(str::to_owned)
}

/// A variable's name can't hold a hyphen, and is written in capitals.
pub(crate) fn same_name(written: &str, asked: &str) -> bool {
    let fold = |text: &str| text.to_lowercase().replace('-', "_");
    written == asked || fold(written) == fold(asked)
}

/// The one stretch in which two texts differ, widened to whole lines' tokens: back to the last
/// blank or bracket, so that a value that shares its beginning with the old one is inside.
fn changed(before: &str, after: &str) -> (Range<usize>, Range<usize>) {
    let same = |pair: &(u8, u8)| pair.0 == pair.1;
    let prefix = before.bytes().zip(after.bytes()).take_while(same).count();
    let prefix = token_start(after, prefix);
    let rest_before = before.len() - prefix;
    let rest_after = after.len() - prefix;
    let suffix = before.bytes().rev().zip(after.bytes().rev()).take_while(same).count();
    let suffix = suffix.min(rest_before).min(rest_after);
    let suffix = suffix - token_rest(after, after.len() - suffix).min(suffix);
    (prefix..before.len() - suffix, prefix..after.len() - suffix)
}

fn token_start(text: &str, at: usize) -> usize {
    let head = text.as_bytes().get(..at).unwrap_or_default();
    head.iter().rposition(|byte| matches!(byte, b'\n' | b'=' | b',' | b'{')).map_or(0, |at| at + 1)
}

fn token_rest(text: &str, at: usize) -> usize {
    let tail = text.as_bytes().get(at..).unwrap_or_default();
    tail.iter().position(|byte| matches!(byte, b'\n' | b',' | b'}')).unwrap_or(tail.len())
}
