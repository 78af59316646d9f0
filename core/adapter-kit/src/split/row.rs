//! Rows: a record of delimited text as a JSON object of column name and text.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::FlawKind;
use super::records::behind_quoted;

/// The columns of a delimited text, by the names in its heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Columns {
    delimiter: u8,
    names: Vec<String>,
    /// Each name as it stands in the object: quoted, escaped, with its colon.
    keys: Vec<String>,
}

impl Columns {
    /// Takes the names from a heading. A column without a name gets one by its number:
    /// `column_3`.
    ///
    /// # Errors
    /// [`FlawKind::Heading`] when two columns have one name: a row could not hold both.
    pub fn of_heading(record: &str, delimiter: u8) -> Result<Self, FlawKind> {
        let mut names = Vec::new();
        for (index, cell) in cells(record, delimiter).enumerate() {
            let name = cell.trim();
            let unnamed = || format!("column_{}", index + 1);
            names.push(if name.is_empty() { unnamed() } else { name.to_owned() });
        }
        Self::named(names, delimiter)
    }

    /// Names the columns of a text without a heading.
    ///
    /// # Errors
    /// As for [`Columns::of_heading`].
    pub fn named(names: Vec<String>, delimiter: u8) -> Result<Self, FlawKind> {
        let mut seen = BTreeSet::new();
        if let Some(twice) = names.iter().find(|name| !seen.insert(name.as_str())) {
            return Err(FlawKind::Heading(format!("two columns are named `{twice}`")));
        }
        let key = |name: &String| format!("{}:", serde_json::Value::from(name.as_str()));
        let keys = names.iter().map(key).collect();
        Ok(Self { delimiter, names, keys })
    }

    /// The names in order.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Appends a record as a JSON object. Every value is the cell's text as it stands.
    ///
    /// # Errors
    /// [`FlawKind::Misfit`] when the record has more or fewer cells than there are columns;
    /// nothing is appended then.
    pub fn write_row(&self, record: &str, out: &mut Vec<u8>) -> Result<(), FlawKind> {
        let start = out.len();
        let mut count = 0;
        for cell in cells(record, self.delimiter) {
            if let Some(key) = self.keys.get(count) {
                out.push(if count == 0 { b'{' } else { b',' });
                out.extend_from_slice(key.as_bytes());
                write_text(&cell, out);
            }
            count += 1;
        }
        if count != self.keys.len() {
            out.truncate(start);
            return Err(FlawKind::Misfit { cells: count, columns: self.keys.len() });
        }
        out.push(b'}');
        Ok(())
    }
}

/// Appends a JSON string.
fn write_text(text: &str, out: &mut Vec<u8>) {
    let is_plain = |byte: u8| byte >= b' ' && byte != b'"' && byte != b'\\';
    if text.bytes().all(is_plain) {
        out.push(b'"');
        out.extend_from_slice(text.as_bytes());
        out.push(b'"');
    } else {
        let quoted = serde_json::Value::from(text).to_string();
        out.extend_from_slice(quoted.as_bytes());
    }
}

/// The cells of a record that a splitter found whole.
fn cells(record: &str, delimiter: u8) -> impl Iterator<Item = Cow<'_, str>> {
    let mut rest = Some(record);
    std::iter::from_fn(move || {
        let text = rest?;
        let (cell, end) = if text.starts_with('"') {
            let end = behind_quoted(text.as_bytes(), 0).unwrap_or(text.len());
            let inner = text.get(1..end.saturating_sub(1)).unwrap_or_default();
            let cell = if inner.contains('"') {
                Cow::Owned(inner.replace("\"\"", "\""))
            } else {
                Cow::Borrowed(inner)
            };
            (cell, end)
        } else {
            let end = memchr::memchr(delimiter, text.as_bytes()).unwrap_or(text.len());
            (Cow::Borrowed(text.get(..end).unwrap_or_default()), end)
        };
        // What follows is the delimiter, one ASCII character, or nothing.
        rest = text.get(end + 1..);
        Some(cell)
    })
}
