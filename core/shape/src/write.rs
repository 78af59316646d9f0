//! A shape as its file: one table a place, one fact a line, so that a change is easy to see.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use crate::node::{Alphabet, ListSeen, Node, NumberSeen, TextSeen};
use crate::{Format, Shape};

impl Shape {
    /// Writes the shape as its file.
    pub fn to_toml(&self) -> String {
        let mut out = String::new();
        out.push_str("# What the items of this feed look like (docs/shapes.md). No value of a person stands here.\n\n");
        line(&mut out, "shape", &quoted(&self.mapping));
        line(&mut out, "format", &quoted(self.format.name()));
        line(&mut out, "items", &self.items.to_string());
        let limits = limits(self);
        if !limits.is_empty() {
            let limits: Vec<String> = limits.iter().map(u32::to_string).collect();
            line(&mut out, "max_chars", &format!("[{}]", limits.join(", ")));
        }
        self.each_place(|path, node| place(&mut out, path, node, &limits));
        out
    }
}

impl Format {
    /// The format of this name.
    pub(crate) fn of_name(name: &str) -> Option<Self> {
        [Self::Json, Self::Xml, Self::Row].into_iter().find(|format| format.name() == name)
    }
}

/// The limits of lengths that were asked of all texts, and that the lengths themselves answer; they
/// stand once at the head instead of at every place.
fn limits(shape: &Shape) -> Vec<u32> {
    let mut limits = BTreeSet::new();
    shape.each_place(|_, node| {
        let forms = node.text.iter().flat_map(|seen| seen.forms.keys());
        limits.extend(forms.filter_map(|form| limit_of(form)));
    });
    shape.each_place(|_, node| {
        let Some(seen) = node.text.as_ref().filter(|seen| seen.chars_max > 0) else { return };
        let is_claimed =
            |limit: &u32| seen.forms.get(limit_form(*limit).as_str()) == Some(&seen.filled());
        limits.retain(|limit| (seen.chars_max <= *limit) == is_claimed(limit));
    });
    limits.into_iter().collect()
}

/// The most characters that a form of a length allows.
fn limit_of(form: &str) -> Option<u32> {
    let digits = form.strip_prefix("max-chars:")?;
    digits.parse().ok().filter(|limit| limit_form(*limit) == form)
}

/// The form of a length.
pub(crate) fn limit_form(limit: u32) -> String {
    format!("max-chars:{limit}")
}

fn place(out: &mut String, path: &str, node: &Node, limits: &[u32]) {
    out.push_str("\n[places.");
    out.push_str(&quoted(path));
    out.push_str("]\n");
    count(out, "absent", node.absent);
    count(out, "null", node.null);
    if let Some(seen) = &node.text {
        text(out, seen, limits);
    }
    if let Some(seen) = &node.number {
        number(out, seen);
    }
    count(out, "boolean", node.boolean);
    count(out, "object", node.object);
    if let Some(ListSeen { count, len_min, len_max, .. }) = &node.list {
        line(out, "list.count", &count.to_string());
        line(out, "list.length", &format!("[{len_min}, {len_max}]"));
    }
}

fn text(out: &mut String, seen: &TextSeen, limits: &[u32]) {
    line(out, "text.count", &seen.count.to_string());
    count(out, "text.blank", seen.blank);
    if seen.chars_max > 0 {
        line(out, "text.chars", &format!("[{}, {}]", seen.chars_min, seen.chars_max));
    }
    let kinds: Vec<String> =
        KINDS.iter().filter(|(_, has)| has(&seen.alphabet)).map(|(word, _)| quoted(word)).collect();
    if !kinds.is_empty() {
        line(out, "text.characters", &format!("[{}]", kinds.join(", ")));
    }
    // What the head's limits say of a place without a filled text would not come back.
    let is_told =
        |form: &&str| seen.chars_max > 0 && limit_of(form).is_some_and(|n| limits.contains(&n));
    let always: Vec<String> = seen.claims().filter(|form| !is_told(form)).map(quoted).collect();
    if !always.is_empty() {
        line(out, "text.always", &format!("[{}]", always.join(", ")));
    }
    let filled = seen.filled();
    let rest = seen.forms.iter().filter(|(_, count)| **count != filled);
    counts(out, "text.sometimes", rest.map(|(name, count)| (&**name, *count)), Empty::LeftOut);
    told(out, "text.values", seen.values.as_ref());
}

fn number(out: &mut String, seen: &NumberSeen) {
    line(out, "number.count", &seen.count.to_string());
    count(out, "number.whole", seen.whole);
    count(out, "number.chars", u64::from(seen.chars_max));
    if let Some((least, most)) = &seen.range {
        line(out, "number.range", &format!("[{}, {}]", quoted(least), quoted(most)));
    }
    told(out, "number.values", seen.values.as_ref());
}

fn told(out: &mut String, key: &str, values: Option<&BTreeMap<Box<str>, u64>>) {
    if let Some(values) = values {
        let values = values.iter().map(|(value, count)| (&**value, *count));
        counts(out, key, values, Empty::Written);
    }
}

/// What becomes of a table of counts without any.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Empty {
    LeftOut,
    Written,
}

fn counts<'v>(
    out: &mut String,
    key: &str,
    counts: impl Iterator<Item = (&'v str, u64)>,
    empty: Empty,
) {
    let counts: Vec<String> =
        counts.map(|(name, count)| format!("{} = {count}", quoted(name))).collect();
    if counts.is_empty() {
        if empty == Empty::Written {
            line(out, key, "{}");
        }
        return;
    }
    line(out, key, &format!("{{ {} }}", counts.join(", ")));
}

fn count(out: &mut String, key: &str, count: u64) {
    if count > 0 {
        line(out, key, &count.to_string());
    }
}

fn line(out: &mut String, key: &str, value: &str) {
    // Writing to a string can't fail.
    writeln!(out, "{key} = {value}").unwrap_or_default();
}

/// A text of TOML: JSON's escapes are TOML's as well, but for the one character that JSON lets be.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string().replace('\u{7f}', "\\u007f")
}

/// A kind of characters: its word in the file, and whether an alphabet has it.
type Kind = (&'static str, fn(&Alphabet) -> bool);

const KINDS: [Kind; 6] = [
    ("beyond-ascii", |seen| seen.beyond_ascii),
    ("not-composed", |seen| seen.not_composed),
    ("invisible", |seen| seen.invisible),
    ("control", |seen| seen.control),
    ("outer-blank", |seen| seen.outer_blank),
    ("odd-blank", |seen| seen.odd_blank),
];
