//! Labels of rows: sections, parts, and the key by which a row is known over the years.

use crate::feed::LabelRule;
use crate::grid::{Sheet, Value};
use crate::normalise::{comparable, tidy};
use crate::pattern::{Pattern, is_in_any};

/// How far in a label stands: its column, its indentation, its leading spaces.
type Depth = (u32, u8, usize);

/// A row's label as it stands in the sheet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Written {
    /// Its texts, joined and tidy, without a part mark.
    pub(crate) text: String,
    /// Whether a part mark stood in front of it.
    pub(crate) has_mark: bool,
    depth: Depth,
}

/// A label in its place among the others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Placed {
    /// The label as a person reads it.
    pub(crate) label: String,
    /// The comparable label; with its section's in front where it bears a section's name.
    pub(crate) key: String,
    /// The section, `None` for a section's own row and above the first.
    pub(crate) section: Option<String>,
    /// The labels from the section down, the row's own last.
    pub(crate) path: Vec<String>,
}

/// Places one label after another.
#[derive(Clone, Debug, Default)]
pub(crate) struct Outline {
    opened: Vec<usize>,
    section: Option<String>,
    /// The rows that the next one may be part of, outermost first.
    above: Vec<(Depth, String)>,
    /// How many of `above` the row has whose parts are being listed.
    parts_of: Option<usize>,
}

/// Reads a row's label: the texts left of a column.
pub(crate) fn written(rule: &LabelRule, sheet: &Sheet, row: u32, first_figure: u32) -> Written {
    let mut written = Written::default();
    for (column, cell) in sheet.row(row).take_while(|(column, _)| *column < first_figure) {
        let text = match &cell.value {
            Value::Text(text) => text.clone(),
            other => other.shown(),
        };
        if written.text.is_empty() {
            let spaces = text.chars().take_while(|letter| letter.is_whitespace()).count();
            written.depth = (column, cell.indent, spaces);
        }
        let mut text = tidy(&text);
        if written.text.is_empty() && take_mark(&rule.part_marks, &mut text) {
            written.has_mark = true;
        }
        written.text = tidy(&format!("{} {text}", written.text));
    }
    written
}

impl Outline {
    /// Gives a label its place below those before it.
    pub(crate) fn place(&mut self, rule: &LabelRule, written: &Written) -> Placed {
        let label = written.text.clone();
        let key = key(rule, &label);
        if let Some(section) = self.opens(rule, &key) {
            self.opened.push(section);
            self.section = Some(label.clone());
            self.above.clear();
            self.parts_of = None;
            let key = format!("{}{key}", rule.key_prefix);
            return Placed { key, section: None, path: vec![label.clone()], label };
        }
        self.climb(written);
        let section = self.section.clone();
        let bears_section_name = is_in_any(&rule.sections, &key);
        let key = match &section {
            Some(section) if bears_section_name => {
                format!("{} / {key}", self::key(rule, section))
            }
            _ => key,
        };
        let key = format!("{}{key}", rule.key_prefix);
        let mut path: Vec<String> = section.iter().cloned().collect();
        path.extend(self.above.iter().map(|(_, label)| label.clone()));
        path.push(label.clone());
        self.above.push((written.depth, label.clone()));
        Placed { label, key, section, path }
    }

    /// Notes a part mark on a line of its own: the rows below are parts of the row above.
    pub(crate) fn begin_parts(&mut self) {
        if let Some(parent) = self.parts_of {
            self.above.truncate(parent);
        }
        self.parts_of = Some(self.above.len());
    }

    /// The number of the section that a label opens, if it opens one.
    fn opens(&self, rule: &LabelRule, key: &str) -> Option<usize> {
        let is_new = |(index, pattern): &(usize, &Pattern)| {
            pattern.is_in(key) && !self.opened.contains(index)
        };
        rule.sections.iter().enumerate().find(is_new).map(|(index, _)| index)
    }

    /// Leaves the rows that the next one is not part of.
    fn climb(&mut self, written: &Written) {
        if let Some(parent) = self.parts_of {
            let is_part = written.has_mark
                || parent
                    .checked_sub(1)
                    .and_then(|last| self.above.get(last))
                    .is_some_and(|(depth, _)| written.depth > *depth);
            if is_part {
                // Parts are siblings, even where spaces set them further in than one another.
                self.above.truncate(parent);
                return;
            }
            self.parts_of = None;
        }
        if written.has_mark {
            self.begin_parts();
            return;
        }
        while self.above.last().is_some_and(|(depth, _)| *depth >= written.depth) {
            self.above.pop();
        }
    }
}

/// The comparable form of a label, without what the rules strip.
pub(crate) fn key(rule: &LabelRule, label: &str) -> String {
    let mut key = comparable(label);
    for pattern in &rule.strip {
        key = comparable(&pattern.regex().replace_all(&key, " "));
    }
    key
}

/// Takes a part mark off the beginning of a text.
fn take_mark(marks: &[Pattern], text: &mut String) -> bool {
    for mark in marks {
        if let Some(found) = mark.regex().find(text)
            && found.start() == 0
        {
            let rest = text.get(found.end()..).unwrap_or_default().trim_start().to_owned();
            *text = rest;
            return true;
        }
    }
    false
}

/// Whether a label goes on from the row above: in small letters or with a bracket.
pub(crate) fn goes_on(label: &str) -> bool {
    label.chars().next().is_some_and(|first| first == '(' || first.is_lowercase())
}
