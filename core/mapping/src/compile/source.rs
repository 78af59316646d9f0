//! The source of a rule: a path, several paths, a constant, or a comparison of two fields.

use lienthong_standard::{Date, Field, FieldType, Timestamp};
use toml::de::DeValue;

use super::Compiler;
use super::fields::Draft;
use super::keys::{Keys, Span, Value, word};
use super::scope::Scope;
use crate::convert::number::{self, Notation};
use crate::plan::{Constant, Source};

/// A compiled source with its paths as they are written.
pub(super) struct Written {
    pub(super) source: Source,
    pub(super) paths: Vec<String>,
    /// Whether a JSON number or true/false may stand there.
    pub(super) may_be_literal: bool,
}

impl Written {
    /// Whether it reads the item.
    pub(super) const fn is_read(&self) -> bool {
        !matches!(self.source, Source::Value(_) | Source::Later { .. })
    }

    const fn without_paths(source: Source) -> Self {
        Self { source, paths: Vec::new(), may_be_literal: false }
    }
}

const KINDS: &str = "a rule has one of `from`, `first_of`, `join`, `value`, `later`";

impl Compiler<'_> {
    /// Reads the one source that a rule has.
    pub(super) fn source(
        &mut self,
        keys: &mut Keys<'_, '_>,
        draft: &Draft<'_>,
        scope: &mut Scope,
    ) -> Option<Written> {
        let found = ["from", "first_of", "join", "value", "later"]
            .map(|key| keys.get(key).map(|value| (key, value)));
        let with = keys.get("with");
        let mut found = found.into_iter().flatten();
        let Some((key, value)) = found.next() else {
            let hint = Some(KINDS.to_owned());
            self.problem("LT-3003", keys.span(), "the rule has no source", "no source", hint);
            return None;
        };
        if let Some((other, value)) = found.next() {
            let message = format!("the rule has both `{key}` and `{other}`");
            self.problem(
                "LT-3003",
                value.span(),
                message,
                "a second source",
                Some(KINDS.to_owned()),
            );
            return None;
        }
        if let Some(with) = with.filter(|_| key != "join") {
            let message = "`with` is for `join` alone";
            self.problem("LT-3003", with.span(), message, "not a join", None);
        }
        match key {
            "from" => {
                let (text, span) = self.word(value)?;
                let (slot, may_be_literal) = self.want(&text, span, scope)?;
                Some(Written { source: Source::Slot(slot), paths: vec![text], may_be_literal })
            }
            "first_of" => {
                let (slots, paths, may_be_literal) = self.several(value, "`first_of`", scope)?;
                Some(Written { source: Source::FirstOf(slots.into()), paths, may_be_literal })
            }
            "join" => {
                let with = with.and_then(|value| self.word(value)).map(|(with, _)| with);
                if with.is_none() {
                    let hint = Some("add `with = \"; \"`".to_owned());
                    self.problem("LT-3003", value.span(), "`join` needs `with`", "how?", hint);
                }
                let (slots, paths, may_be_literal) = self.several(value, "`join`", scope)?;
                let source = Source::Join { slots: slots.into(), with: with?.into() };
                Some(Written { source, paths, may_be_literal })
            }
            "value" => {
                let constant = self.constant(value, draft.field)?;
                self.fits(&constant, value.span(), draft.field);
                Some(Written::without_paths(Source::Value(constant)))
            }
            _ => self.later(value, draft).map(Written::without_paths),
        }
    }

    fn several(
        &mut self,
        value: Value<'_, '_>,
        owner: &str,
        scope: &mut Scope,
    ) -> Option<(Vec<u32>, Vec<String>, bool)> {
        let before = self.problems.len();
        let texts = self.texts(value, owner);
        if texts.len() < 2 && self.problems.len() == before {
            let hint = Some("for one path write `from`".to_owned());
            let message = format!("{owner} has fewer than two paths");
            self.problem("LT-3003", value.span(), message, "too few", hint);
        }
        let mut slots = Vec::new();
        let mut paths = Vec::new();
        let mut may_be_literal = false;
        for (text, span) in texts {
            if let Some((slot, is_literal)) = self.want(&text, span, scope) {
                slots.push(slot);
                may_be_literal |= is_literal;
            }
            paths.push(text);
        }
        (self.problems.len() == before).then_some((slots, paths, may_be_literal))
    }

    /// A constant in the type of its field.
    fn constant(&mut self, value: Value<'_, '_>, field: &Field) -> Option<Constant> {
        let text = match value.get_ref() {
            DeValue::String(text) => Some(&**text),
            _ => None,
        };
        let constant = match (field.kind, value.get_ref(), text) {
            (FieldType::Text | FieldType::Code(_) | FieldType::Identifier(_), _, Some(text)) => {
                (!text.is_empty()).then(|| Constant::Text(text.into()))
            }
            (FieldType::Integer, DeValue::Integer(number), _) if number.radix() == 10 => {
                number::integer(number.as_str()).map(Constant::Integer)
            }
            (FieldType::Boolean, DeValue::Boolean(is), _) => Some(Constant::Boolean(*is)),
            (FieldType::Decimal, _, Some(text)) => {
                let kept = number::decimal(text, Notation::PLAIN, &mut String::new());
                let is_canonical = matches!(kept, Some(number::Canonical::Kept(_)));
                is_canonical.then(|| Constant::Decimal(text.into()))
            }
            (FieldType::Date, _, Some(text)) => Date::parse_iso(text).map(Constant::Date),
            (FieldType::Timestamp, _, Some(text)) => {
                Timestamp::parse_canonical(text).map(Constant::Timestamp)
            }
            _ => None,
        };
        if constant.is_none() {
            let wanted = match field.kind {
                FieldType::Integer => "a whole number: `value = 1`",
                FieldType::Boolean => "`value = true` or `value = false`",
                FieldType::Decimal => "a decimal in quotes: `value = \"1.50\"`",
                FieldType::Date => "a date in quotes: `value = \"2025-06-20\"`",
                FieldType::Timestamp => "`value = \"2025-06-20T01:35:00+07:00\"`",
                _ => "a text in quotes that is not empty",
            };
            let message = format!("this is no value of `{}` ({})", field.name, field.kind.name());
            let hint = Some(format!("write {wanted}"));
            self.problem("LT-3009", value.span(), message, "the wrong type", hint);
        }
        constant
    }

    fn fits(&mut self, constant: &Constant, span: Span, field: &Field) {
        if let Constant::Text(text) = constant
            && let Err((code, message, hint)) = self.fits_text(text, field)
        {
            self.problem(code, span, message, "not in the standard", hint);
        }
    }

    /// Whether a text can be a value of the field: of its code list, not too long, in its form.
    pub(super) fn fits_text(
        &self,
        text: &str,
        field: &Field,
    ) -> Result<(), (&'static str, String, Option<String>)> {
        if let FieldType::Code(id) = field.kind {
            let Some(list) = self.standard.list(id).filter(|list| !list.contains(text)) else {
                return Ok(());
            };
            let alias = list.by_alias(text).map(|code| &*code.code);
            let near = list.candidates(text, None, 1);
            let hint = alias.or_else(|| near.first().map(|code| &*code.code));
            let hint = hint.map(|name| format!("did you mean `{name}`?"));
            let message = format!("`{text}` is not in the standard's list `{}`", list.name);
            return Err(("LT-3007", message, hint));
        }
        if let Some(max) = field.max_chars
            && text.chars().count() > max as usize
        {
            let message = format!("`{text}` is longer than {max} characters");
            return Err(("LT-3009", message, None));
        }
        if let Some(pattern) = &field.pattern
            && !pattern.is_match(text)
        {
            let message = format!("`{text}` has not the form that `{}` needs", field.name);
            return Err(("LT-3009", message, None));
        }
        Ok(())
    }

    fn later(&mut self, value: Value<'_, '_>, draft: &Draft<'_>) -> Option<Source> {
        if draft.field.kind != FieldType::Boolean {
            let message = format!("`later` gives true or false, `{}` is not", draft.field.name);
            self.problem("LT-3009", value.span(), message, "the wrong type", None);
            return None;
        }
        let before = self.problems.len();
        let names = self.texts(value, "`later`");
        let [(first, first_span), (second, second_span)] = names.as_slice() else {
            if self.problems.len() == before {
                let hint = Some("write `later = [\"NgayTra\", \"NgayHenTra\"]`".to_owned());
                let message = "`later` compares two national fields";
                self.problem("LT-3003", value.span(), message, "not two", hint);
            }
            return None;
        };
        let (one, two) = (
            self.moment(first, first_span.clone(), draft),
            self.moment(second, second_span.clone(), draft),
        );
        let ((first, one), (second, two)) = (one?, two?);
        if one != two {
            let message = "a date and a timestamp can't be compared";
            self.problem("LT-3009", value.span(), message, "two types", None);
            return None;
        }
        Some(Source::Later { first, second })
    }

    /// A national field that a comparison names.
    fn moment(&mut self, name: &str, span: Span, draft: &Draft<'_>) -> Option<(usize, FieldType)> {
        let fields = draft.fields;
        let is_moment =
            |field: &&Field| matches!(field.kind, FieldType::Date | FieldType::Timestamp);
        let Some(index) = fields.iter().position(|field| *field.name == *name) else {
            let known = fields.iter().filter(is_moment).map(|field| &*field.name);
            let hint = word::nearest_or_all(name, known);
            let message = format!("there is no national field `{name}` beside this one");
            self.problem("LT-3004", span, message, "unknown field", Some(hint));
            return None;
        };
        let field = fields.get(index)?;
        if !is_moment(&field) {
            let message = format!("`{name}` is no date or timestamp");
            self.problem("LT-3009", span, message, "the wrong type", None);
            return None;
        }
        if !draft.names.iter().any(|written| written == name) {
            let message = format!("`{name}` has no rule, so there is nothing to compare");
            self.problem("LT-3009", span, message, "always missing", None);
            return None;
        }
        Some((index, field.kind))
    }
}
