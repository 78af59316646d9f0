//! The target of a rule: what the field's type wants, and whether the rule gives it without loss.

use lienthong_standard::FieldType;

use super::Compiler;
use super::fields::Draft;
use super::keys::{Keys, Value};
use crate::convert::boolean::Words;
use crate::convert::number::Notation;
use crate::plan::{DecimalAs, IntegerAs, Target};

/// The keys that say how a value is written.
const FORMATS: [&str; 5] = ["timestamp", "date", "decimal", "integer", "boolean"];

impl Compiler<'_> {
    /// Reads how the value is written, and checks that it fits the field's type.
    pub(super) fn target(
        &mut self,
        keys: &mut Keys<'_, '_>,
        draft: &mut Draft<'_>,
        has_source: bool,
    ) -> Option<Target> {
        let written: Vec<_> =
            FORMATS.iter().filter_map(|key| keys.get(key).map(|value| (*key, value))).collect();
        if !has_source {
            return Some(Target::Text);
        }
        let kind = draft.field.kind;
        let wanted = kind.name();
        let mut own = None;
        let mut has_other = false;
        for (key, value) in &written {
            if *key == wanted {
                own = Some(*value);
            } else {
                has_other = true;
                self.other_format(key, value, draft);
            }
        }
        if has_other {
            return None;
        }
        if let (Some(value), true) = (own, draft.has_codes) {
            let message = "a code list gives the value as the standard writes it";
            let hint = Some(format!("leave `{wanted}` out"));
            self.problem("LT-3009", value.span(), message, "a second translation", hint);
            return None;
        }
        match kind {
            FieldType::Text | FieldType::Code(_) | FieldType::Identifier(_) => Some(Target::Text),
            FieldType::Integer => self.integer_target(own, keys, draft),
            FieldType::Decimal => self.decimal_target(own, keys, draft),
            FieldType::Boolean => self.boolean_target(own, keys, draft),
            FieldType::Date => match own {
                Some(value) => self.dates(value).map(Target::Date),
                None => self.no_format(keys, draft, "date = \"%d/%m/%Y\""),
            },
            FieldType::Timestamp => match own {
                Some(value) => self.instants_target(value),
                None => self.no_format(keys, draft, "timestamp = \"rfc3339\""),
            },
        }
    }

    /// A format for another type than the field's: it can't fit, or it loses something.
    fn other_format(&mut self, key: &str, value: Value<'_, '_>, draft: &Draft<'_>) {
        let name = &draft.field.name;
        let kind = draft.field.kind.name();
        let (code, message, hint) = match (draft.field.kind, key) {
            (FieldType::Date, "timestamp") => (
                "LT-3023",
                format!("a timestamp loses its time in `{name}`, which is a date"),
                "spell it out: `date = { of_timestamp = … }`".to_owned(),
            ),
            (FieldType::Integer, "decimal") => (
                "LT-3023",
                format!("a decimal may lose its fraction in `{name}`, which is a whole number"),
                "spell it out: `integer = { from_decimal = \"exact\" }`".to_owned(),
            ),
            (FieldType::Timestamp, "date") => (
                "LT-3009",
                format!("a date has no time of day, and `{name}` is a timestamp"),
                "say which: `timestamp = { of_date = …, at = \"00:00:00\" }`".to_owned(),
            ),
            _ => (
                "LT-3009",
                format!("`{key}` gives no {kind}, which `{name}` is"),
                match draft.field.kind {
                    FieldType::Text | FieldType::Code(_) | FieldType::Identifier(_) => {
                        "leave it out: text stays as it is, or is translated by `codes`".to_owned()
                    }
                    _ => format!("write `{kind} = …`"),
                },
            ),
        };
        self.problem(code, value.span(), message, "does not fit", Some(hint));
    }

    fn no_format(
        &mut self,
        keys: &Keys<'_, '_>,
        draft: &Draft<'_>,
        example: &str,
    ) -> Option<Target> {
        if draft.has_codes && draft.field.kind != FieldType::Timestamp {
            // Checked against the code list where it is read; never a guess.
            return super::formats::national(draft.field.kind);
        }
        let kind = draft.field.kind.name();
        let message = format!("text is no {kind} for `{}` without a format", draft.field.name);
        let hint = Some(format!("say how it is written: `{example}`"));
        self.problem("LT-3009", keys.span(), message, "no format", hint);
        None
    }

    fn integer_target(
        &mut self,
        own: Option<Value<'_, '_>>,
        keys: &Keys<'_, '_>,
        draft: &mut Draft<'_>,
    ) -> Option<Target> {
        if draft.has_codes {
            return Some(Target::Integer(IntegerAs::Digits));
        }
        let Some(value) = own else {
            if draft.is_text {
                return self.no_format(keys, draft, "integer = true");
            }
            return Some(Target::Integer(IntegerAs::Literal));
        };
        if value.get_ref().as_bool() == Some(true) {
            return Some(Target::Integer(IntegerAs::Digits));
        }
        let mut inner = self.table(value, "`integer`")?;
        let mode = inner.required("from_decimal", self).and_then(|value| self.word(value));
        if let Some((mode, span)) = mode
            && mode != "exact"
        {
            let message = format!("`{mode}` would lose digits");
            let hint = Some("`exact` lets only a zero fraction pass".to_owned());
            self.problem("LT-3023", span, message, "loses digits", hint);
        }
        let notation = self.notation(&mut inner);
        self.finish(&inner);
        Some(Target::Integer(IntegerAs::ExactDecimal(notation?)))
    }

    fn decimal_target(
        &mut self,
        own: Option<Value<'_, '_>>,
        keys: &Keys<'_, '_>,
        draft: &mut Draft<'_>,
    ) -> Option<Target> {
        if draft.has_codes {
            return Some(Target::Decimal(DecimalAs::Text(Notation::PLAIN)));
        }
        let Some(value) = own else {
            if draft.is_text {
                return self.no_format(keys, draft, "decimal = { point = \",\" }");
            }
            return Some(Target::Decimal(DecimalAs::Literal));
        };
        if value.get_ref().as_bool() == Some(true) {
            return Some(Target::Decimal(DecimalAs::Text(Notation::PLAIN)));
        }
        let mut inner = self.table(value, "`decimal`")?;
        let notation = self.notation(&mut inner);
        self.finish(&inner);
        Some(Target::Decimal(DecimalAs::Text(notation?)))
    }

    fn boolean_target(
        &mut self,
        own: Option<Value<'_, '_>>,
        keys: &Keys<'_, '_>,
        draft: &mut Draft<'_>,
    ) -> Option<Target> {
        if draft.has_codes {
            return super::formats::national(draft.field.kind);
        }
        let Some(value) = own else {
            if draft.is_text {
                let example = "boolean = { true = [\"1\"], false = [\"0\"] }";
                return self.no_format(keys, draft, example);
            }
            return Some(Target::Boolean(None));
        };
        let mut inner = self.table(value, "`boolean`")?;
        let yes = inner.required("true", self).map(|value| self.texts(value, "`true`"));
        let no = inner.required("false", self).map(|value| self.texts(value, "`false`"));
        self.finish(&inner);
        let (yes, no) = (yes?, no?);
        for (word, span) in &no {
            if yes.iter().any(|(other, _)| other == word) {
                let message = format!("`{word}` is among the words for true as well");
                self.problem("LT-3021", span.clone(), message, "true or false?", None);
            }
        }
        for words in [&yes, &no] {
            if words.is_empty() {
                let message = "a list of words is empty";
                self.problem("LT-3021", value.span(), message, "no word", None);
            }
        }
        let words = |words: Vec<(String, _)>| words.into_iter().map(|(w, _)| w.into()).collect();
        Some(Target::Boolean(Some(Words { yes: words(yes), no: words(no) })))
    }
}
