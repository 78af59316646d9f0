//! The fields of a record or group: which have a rule, and the rule of one.

use lienthong_standard::Field;

use super::Compiler;
use super::keys::{Keys, Span, Value, word};
use super::scope::Scope;
use super::source::Written;
use crate::plan::{Number, Reading, Rule, Source, Target, WhenMissing};

/// Keys that clean or translate what was read.
const OF_SOURCES: [&str; 10] = [
    "do",
    "codes",
    "aliases",
    "fold",
    "timestamp",
    "date",
    "decimal",
    "integer",
    "boolean",
    "number",
];

/// A rule while it is compiled, for the parts that look at each other.
pub(super) struct Draft<'r> {
    pub(super) field: &'r Field,
    /// The record or group that the field is in.
    pub(super) fields: &'r [Field],
    /// The fields that have a rule.
    pub(super) names: &'r [String],
    /// Whether what reaches the target is text for certain, and never a JSON number or boolean.
    pub(super) is_text: bool,
    pub(super) has_codes: bool,
}

impl Compiler<'_> {
    /// Compiles the rules of one table; one place for each field.
    pub(super) fn fields(
        &mut self,
        keys: Option<&Keys<'_, '_>>,
        fields: &[Field],
        prefix: &str,
        around: Span,
        scope: &mut Scope,
    ) -> Vec<Option<Rule>> {
        let span = keys.map_or(around, Keys::span);
        let mut written: Vec<_> = keys.into_iter().flat_map(Keys::entries).collect();
        let names: Vec<String> = written.iter().map(|(name, _, _)| name.clone()).collect();
        let mut rules = Vec::new();
        for field in fields {
            let name = format!("{prefix}{}", field.name);
            let at = written.iter().position(|(name, _, _)| **name == *field.name);
            let Some((_, _, value)) = at.map(|at| written.swap_remove(at)) else {
                self.without_rule(field, &name, &span);
                rules.push(None);
                continue;
            };
            let before = self.problems.len();
            let (is_text, has_codes) = (false, false);
            let mut draft = Draft { field, fields, names: &names, is_text, has_codes };
            let rule = self.rule(&name, value, &mut draft, scope);
            let new = self.problems.get(before..).unwrap_or_default();
            self.marks.field(&name, Some(value.span()), new);
            rules.push(rule);
        }
        for (name, span, _) in written {
            let hint = word::nearest_or_all(&name, fields.iter().map(|field| &*field.name));
            let message = format!("the standard has no field `{prefix}{name}`");
            self.problem("LT-3004", span, message, "unknown field", Some(hint));
        }
        rules
    }

    fn without_rule(&mut self, field: &Field, name: &str, span: &Span) {
        if field.required {
            let before = self.problems.len();
            let message = format!("the required field `{name}` is not mapped");
            let hint = Some(format!("add `{} = {{ from = \"…\" }}`", field.name));
            self.problem("LT-3008", span.clone(), &message, "a field is missing", hint);
            let new = self.problems.get(before..).unwrap_or_default();
            self.marks.field(name, None, new);
        }
    }

    fn rule(
        &mut self,
        name: &str,
        value: Value<'_, '_>,
        draft: &mut Draft<'_>,
        scope: &mut Scope,
    ) -> Option<Rule> {
        let mut keys = self.table(value, &format!("the rule of `{name}`"))?;
        let source = self.source(&mut keys, draft, scope);
        let text = self.text_of(&mut keys);
        let steps = self.steps(&mut keys);
        let number = self.number(&mut keys);
        let when_missing = self.when_missing(&mut keys, draft.field);
        let is_join = source.as_ref().is_some_and(|it| matches!(it.source, Source::Join { .. }));
        let is_cleaned = !steps.is_empty() || text != Reading::AsWritten || is_join;
        let may_be_literal = source.as_ref().is_some_and(|source| source.may_be_literal);
        draft.is_text = is_cleaned || !may_be_literal;
        let codes = self.codes(&mut keys, draft);
        draft.has_codes = codes.is_some();
        let has_source = source.as_ref().is_some_and(Written::is_read);
        let target = self.target(&mut keys, draft, has_source);
        self.only_for_sources(&keys, has_source);
        self.finish(&keys);
        let Written { source, paths, .. } = source?;
        let written = self.text.text.get(value.span()).unwrap_or_default();
        let target = target?;
        let as_it_stands = match (&source, &target) {
            (Source::Slot(slot), Target::Text) => Some(*slot),
            _ => None,
        };
        let is_changed = !steps.is_empty() || text != Reading::AsWritten || codes.is_some();
        Some(Rule {
            source,
            as_it_stands: as_it_stands.filter(|_| !is_changed),
            text,
            steps: steps.into(),
            codes: codes.map(Box::new),
            target,
            when_missing,
            number,
            paths: paths.into_iter().map(Into::into).collect(),
            written: written.into(),
        })
    }

    /// A constant or a comparison has nothing to clean or to translate.
    fn only_for_sources(&mut self, keys: &Keys<'_, '_>, has_source: bool) {
        if has_source {
            return;
        }
        for (key, span, _) in keys.entries() {
            let is_comparison = keys.has("later");
            if OF_SOURCES.contains(&key.as_str()) || (key == "when_missing" && !is_comparison) {
                let message = format!("`{key}` has no meaning without a source path");
                let hint = Some("leave it out".to_owned());
                self.problem("LT-3009", span, message, "no source here", hint);
            }
        }
    }

    fn text_of(&mut self, keys: &mut Keys<'_, '_>) -> Reading {
        let own = keys.get("text").and_then(|value| self.reading(value));
        own.unwrap_or(self.reading)
    }

    fn number(&mut self, keys: &mut Keys<'_, '_>) -> Number {
        let Some((word, span)) = keys.get("number").and_then(|value| self.word(value)) else {
            return Number::Refused;
        };
        if word != "as-written" {
            let hint = Some("write `number = \"as-written\"`, or leave it out".to_owned());
            let message = format!("`{word}` is not a way to take a number as text");
            self.problem("LT-3003", span, message, "unknown word", hint);
        }
        Number::AsWritten
    }

    fn when_missing(&mut self, keys: &mut Keys<'_, '_>, field: &Field) -> WhenMissing {
        let default = if field.required { WhenMissing::Refuse } else { WhenMissing::Absent };
        let Some((word, span)) = keys.get("when_missing").and_then(|value| self.word(value)) else {
            return default;
        };
        let wrong = |what: &str| format!("`{}` {what}", field.name);
        let (fault, is_known) = match word.as_str() {
            "absent" if field.required => (Some(wrong("is required and can't be absent")), true),
            "absent" => return WhenMissing::Absent,
            "null" if !field.nullable => (Some(wrong("can't be null in the standard")), true),
            "null" => return WhenMissing::Null,
            "refuse" => return WhenMissing::Refuse,
            _ => (Some(format!("`{word}` is not known here")), false),
        };
        let hint = Some("`absent`, `null` or `refuse`".to_owned());
        let code = if is_known { "LT-3009" } else { "LT-3003" };
        self.problem(code, span, fault.unwrap_or_default(), "not possible", hint);
        default
    }
}
