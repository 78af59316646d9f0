//! Whether what stands at a place can become a national field, and how.

use std::collections::BTreeMap;

use lienthong_shape::{Node, TextSeen};
use lienthong_standard::{CodeList, Field, FieldType, Standard};

use super::names::words;

/// How values of a place become a national field.
pub(super) struct Fit {
    /// How much speaks for it besides the name, from 0 to 1.
    pub(super) weight: f32,
    /// More keys of the rule, as TOML: `timestamp = "%d/%m/%Y"`.
    pub(super) keys: Vec<String>,
    /// What speaks for it, in words.
    pub(super) why: Vec<String>,
    /// Source values for which no national code was found, with their counts.
    pub(super) unmapped: Vec<(String, u64)>,
}

impl Fit {
    fn new(weight: f32, why: impl Into<String>) -> Self {
        Self { weight, keys: Vec::new(), why: vec![why.into()], unmapped: Vec::new() }
    }

    fn with(mut self, key: String) -> Self {
        self.keys.push(key);
        self
    }
}

/// How the values of a place could become the field's; none where they can't.
pub(super) fn of(standard: &Standard, field: &Field, node: &Node) -> Option<Fit> {
    let text = node.text.as_ref().filter(|text| text.count > text.blank);
    match field.kind {
        FieldType::Timestamp => time(text?, "timestamp"),
        FieldType::Date => time(text?, "date"),
        FieldType::Integer => whole(node, text),
        FieldType::Decimal => decimal(node, text),
        FieldType::Boolean => boolean(node, text),
        FieldType::Code(list) => code(standard.list(list)?, node, text),
        FieldType::Text | FieldType::Identifier(_) => Some(plain(field, node, text)),
    }
}

/// The forms that every text has.
fn forms<'t>(text: &'t TextSeen, prefix: &str) -> Vec<&'t str> {
    let all = text.count - text.blank;
    let forms = text.forms.iter().filter(|(_, count)| **count == all);
    forms.filter_map(|(name, _)| name.strip_prefix(prefix)).collect()
}

fn time(text: &TextSeen, key: &str) -> Option<Fit> {
    let own = forms(text, &format!("{key}:"));
    // Of formats that read the same texts the strictest: `%-d` takes one digit as well as two.
    if let Some(format) = own.iter().min_by_key(|format| format.matches("%-").count()) {
        let fit = Fit::new(1.0, format!("every value is {key} `{format}`"));
        return Some(fit.with(format!("{key} = {}", quoted(format))));
    }
    let of_timestamp = forms(text, "timestamp:");
    let format = of_timestamp.first().filter(|_| key == "date")?;
    let fit = Fit::new(0.7, format!("every value is a time `{format}`"));
    Some(fit.with(format!("date = {{ of_timestamp = {} }}", quoted(format))))
}

fn whole(node: &Node, text: Option<&TextSeen>) -> Option<Fit> {
    match (&node.number, text) {
        (Some(number), None) if number.whole == number.count => {
            Some(Fit::new(1.0, "whole numbers"))
        }
        (None, Some(text)) if !forms(text, "integer").is_empty() => {
            Some(Fit::new(1.0, "digits").with("integer = true".to_owned()))
        }
        _ => None,
    }
}

fn decimal(node: &Node, text: Option<&TextSeen>) -> Option<Fit> {
    if node.number.is_some() && text.is_none() {
        return Some(Fit::new(1.0, "numbers"));
    }
    let notations = forms(text?, "decimal:");
    let marks = notations.iter().min_by_key(|marks| marks.len())?;
    let mut letters = marks.chars();
    let point = letters.next()?;
    let thousands = letters.next().map(|mark| format!("thousands = \"{mark}\", "));
    let notation = format!("{{ {}point = \"{point}\" }}", thousands.unwrap_or_default());
    let fit = Fit::new(1.0, format!("every value is a number with `{point}`"));
    let fit = if notations.len() > 1 {
        Fit { weight: 0.7, why: vec!["numbers that several notations read".to_owned()], ..fit }
    } else {
        fit
    };
    Some(fit.with(format!("decimal = {notation}")))
}

fn boolean(node: &Node, text: Option<&TextSeen>) -> Option<Fit> {
    if node.boolean > 0 && text.is_none() && node.number.is_none() {
        return Some(Fit::new(1.0, "true and false"));
    }
    let values = values(node, text)?;
    let (mut yes, mut no) = (Vec::new(), Vec::new());
    for value in values.keys() {
        match words(value).concat().as_str() {
            "true" | "1" | "co" | "yes" | "y" => yes.push(quoted(value)),
            "false" | "0" | "khong" | "no" | "n" => no.push(quoted(value)),
            _ => return None,
        }
    }
    let key = format!("boolean = {{ true = [{}], false = [{}] }}", yes.join(", "), no.join(", "));
    Some(Fit::new(0.9, "words of true and false").with(key))
}

/// The values of a place, where all are known: texts, or the literals of numbers.
fn values(node: &Node, text: Option<&TextSeen>) -> Option<BTreeMap<String, u64>> {
    let mut all = BTreeMap::new();
    if let Some(text) = text {
        all.extend(text.values.as_ref()?.iter().map(|(value, n)| (value.to_string(), *n)));
    }
    if let Some(number) = &node.number {
        all.extend(number.values.as_ref()?.iter().map(|(value, n)| (value.to_string(), *n)));
    }
    (!all.is_empty()).then_some(all)
}

fn code(list: &CodeList, node: &Node, text: Option<&TextSeen>) -> Option<Fit> {
    let Some(values) = values(node, text) else {
        return text.map(|_| Fit::new(0.3, "its values are not known"));
    };
    let is_own = values.keys().all(|value| list.contains(value)) && node.number.is_none();
    let total = values.len();
    if is_own {
        return Some(Fit::new(0.9, format!("its {total} values are codes of the list")));
    }
    let (mut pairs, mut unmapped) = (Vec::new(), Vec::new());
    for (value, count) in &values {
        match national(list, value) {
            Some(code) => pairs.push(format!("{} = {}", quoted(value), quoted(code))),
            None => unmapped.push((value.clone(), *count)),
        }
    }
    if pairs.is_empty() {
        let mut fit = Fit::new(0.2, format!("none of its {total} values is known"));
        fit.unmapped = unmapped;
        return Some(fit);
    }
    #[expect(clippy::cast_precision_loss, reason = "at most 64 values")]
    let share = pairs.len() as f32 / total as f32;
    let why = format!("{} of its {total} values are spelt like a code or its name", pairs.len());
    let mut fit = Fit::new(share, why).with(format!("codes = {{ {} }}", pairs.join(", ")));
    fit.unmapped = unmapped;
    Some(fit)
}

/// The national code of a source value: the same code, or the name of one.
fn national<'l>(list: &'l CodeList, value: &str) -> Option<&'l str> {
    let folded = words(value).concat();
    let by_name = |name: &str| words(name).concat() == folded;
    let mut named =
        list.codes().iter().filter(|code| by_name(&code.name.vi) || by_name(&code.name.en));
    match (named.next(), named.next()) {
        (Some(code), None) => Some(&code.code),
        _ => list.codes().iter().find(|code| *code.code == *value).map(|code| &*code.code),
    }
}

fn plain(field: &Field, node: &Node, text: Option<&TextSeen>) -> Fit {
    let Some(text) = text else {
        let key = "number = \"as-written\"".to_owned();
        return Fit::new(0.3, "numbers, taken as they are written").with(key);
    };
    let mut fit = Fit::new(0.6, "texts");
    let pattern = field.pattern.as_ref().map(|pattern| format!("pattern:{}", pattern.name));
    if let Some(pattern) = pattern {
        let has_form = !forms(text, &pattern).is_empty();
        fit = Fit::new(if has_form { 1.0 } else { 0.2 }, {
            let words = if has_form { "every value has" } else { "not every value has" };
            format!("{words} the form `{pattern}`")
        });
    }
    let mut functions = Vec::new();
    if text.alphabet.not_composed {
        functions.push("\"nfc\"");
    }
    if text.alphabet.invisible {
        functions.push("\"strip-invisible\"");
    }
    if text.alphabet.odd_blank {
        functions.push("\"collapse-spaces\"");
    }
    if text.alphabet.outer_blank {
        functions.push("\"trim\"");
    }
    if !functions.is_empty() {
        fit.keys.push(format!("do = [{}]", functions.join(", ")));
    }
    if node.number.is_some() {
        fit.keys.push("number = \"as-written\"".to_owned());
    }
    fit
}

/// A text as TOML writes it.
pub(super) fn quoted(text: &str) -> String {
    toml::Value::from(text).to_string()
}
