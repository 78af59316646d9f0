//! The entries of `do`: functions by their names, with their arguments.

use lienthong_text::clean::TonePlacement;
use toml::de::DeValue;

use super::Compiler;
use super::keys::{Keys, Span, Value, word};
use crate::functions::{Argument, Pad, Step, functions};

/// Steps of one rule.
const STEPS_MAX: usize = 16;

impl Compiler<'_> {
    /// Reads the functions of a rule.
    pub(super) fn steps(&mut self, keys: &mut Keys<'_, '_>) -> Vec<Step> {
        let Some(value) = keys.get("do") else { return Vec::new() };
        let DeValue::Array(array) = value.get_ref() else {
            self.wrong_kind(value, "a list of functions, `[\"trim\"]`");
            return Vec::new();
        };
        if array.len() > STEPS_MAX {
            let message = format!("a rule has at most {STEPS_MAX} functions");
            self.problem("LT-3020", value.span(), message, "too many", None);
        }
        array.iter().filter_map(|entry| self.step(entry)).collect()
    }

    fn step(&mut self, value: Value<'_, '_>) -> Option<Step> {
        let (name, span, argument) = match value.get_ref() {
            DeValue::String(name) => (name.to_string(), value.span(), None),
            DeValue::Table(table) if table.len() == 1 => {
                let keys = self.table(value, "a function")?;
                let (name, span, argument) = keys.entries().into_iter().next()?;
                (name, span, Some(argument))
            }
            _ => {
                self.wrong_kind(value, "a function: `\"trim\"` or `{ strip-prefix = \"x\" }`");
                return None;
            }
        };
        let Some(function) = functions().iter().find(|function| function.name == name) else {
            let hint = word::nearest_or_all(&name, functions().iter().map(|known| known.name));
            let message = format!("there is no function `{name}`");
            self.problem("LT-3020", span, message, "unknown function", Some(hint));
            return None;
        };
        match (function.argument, argument) {
            (Argument::None, None) => Some(plain(&name)?),
            (Argument::None, Some(_)) => {
                let message = format!("`{name}` takes no argument");
                let hint = Some(format!("write `\"{name}\"`"));
                self.problem("LT-3020", span, message, "an argument", hint);
                None
            }
            (_, None) => {
                let example = function.examples.first().map_or("", |example| example.written);
                let message = format!("`{name}` needs an argument");
                let hint = Some(format!("write it like {example}"));
                self.problem("LT-3020", span, message, "no argument", hint);
                None
            }
            (Argument::Text, Some(argument)) => self.with_text(&name, argument),
            (Argument::FromTo, Some(argument)) => self.replace(argument),
            (Argument::MaxChars, Some(argument)) => self.cut(argument),
            (Argument::Pad, Some(argument)) => self.pad(argument),
            (Argument::TonePlacement, Some(argument)) => self.tone_placement(argument),
        }
    }

    fn with_text(&mut self, name: &str, argument: Value<'_, '_>) -> Option<Step> {
        let text = self.not_empty_text(argument)?.into();
        Some(match name {
            "after-first" => Step::AfterFirst(text),
            "before-first" => Step::BeforeFirst(text),
            "strip-prefix" => Step::StripPrefix(text),
            _ => Step::StripSuffix(text),
        })
    }

    fn not_empty_text(&mut self, argument: Value<'_, '_>) -> Option<String> {
        let (text, span) = self.word(argument)?;
        if text.is_empty() {
            self.problem("LT-3020", span, "the text is empty", "empty", None);
            return None;
        }
        Some(text)
    }

    fn replace(&mut self, argument: Value<'_, '_>) -> Option<Step> {
        let mut keys = self.table(argument, "`replace`")?;
        let from = keys.required("from", self).and_then(|value| self.not_empty_text(value));
        let to = keys.required("to", self).and_then(|value| self.word(value));
        self.finish(&keys);
        Some(Step::Replace { from: from?.into(), to: to?.0.into() })
    }

    fn cut(&mut self, argument: Value<'_, '_>) -> Option<Step> {
        let mut keys = self.table(argument, "`cut`")?;
        let chars = keys.required("max_chars", self).and_then(|value| self.count(value));
        self.finish(&keys);
        let chars = self.positive(chars?, argument.span())?;
        Some(Step::Cut(chars))
    }

    fn tone_placement(&mut self, argument: Value<'_, '_>) -> Option<Step> {
        let (word, span) = self.word(argument)?;
        match word.as_str() {
            "old" => Some(Step::TonePlacement(TonePlacement::Old)),
            "new" => Some(Step::TonePlacement(TonePlacement::New)),
            _ => {
                let message = format!("`{word}` is no habit of placing tone marks");
                let hint = Some("`old` for hòa, `new` for hoà".to_owned());
                self.problem("LT-3020", span, message, "unknown word", hint);
                None
            }
        }
    }

    fn pad(&mut self, argument: Value<'_, '_>) -> Option<Step> {
        let mut keys = self.table(argument, "`pad-left`")?;
        let to = keys.required("to", self).and_then(|value| self.count(value));
        let with = keys.required("with", self).and_then(|value| self.not_empty_text(value));
        self.finish(&keys);
        let to = self.positive(to?, argument.span())?;
        let with = with?;
        let mut letters = with.chars();
        let (Some(with), None) = (letters.next(), letters.next()) else {
            let message = "`with` is one character";
            self.problem("LT-3020", argument.span(), message, "not one", None);
            return None;
        };
        Some(Step::PadLeft(Pad { to, with }))
    }

    fn positive(&mut self, number: usize, span: Span) -> Option<usize> {
        if !(1..=100_000).contains(&number) {
            let message = "the number is from 1 to 100000";
            self.problem("LT-3020", span, message, "out of range", None);
            return None;
        }
        Some(number)
    }
}

fn plain(name: &str) -> Option<Step> {
    Some(match name {
        "agency-code" => Step::AgencyCode,
        "agency-code-generation-2" => Step::AgencyCodeGeneration2,
        "collapse-spaces" => Step::CollapseSpaces,
        "digits-only" => Step::DigitsOnly,
        "dossier-code" => Step::DossierCode,
        "lower" => Step::Lower,
        "nfc" => Step::Nfc,
        "phone-e164" => Step::PhoneE164,
        "phone-vn" => Step::PhoneVn,
        "procedure-code" => Step::ProcedureCode,
        "procedure-number" => Step::ProcedureNumber,
        "strip-invisible" => Step::StripInvisible,
        "trim" => Step::Trim,
        "upper" => Step::Upper,
        _ => return None,
    })
}

/// Reads one entry of `do`, for the examples of the functions.
#[cfg(test)]
pub(crate) fn from_toml(entry: &str) -> Option<Step> {
    let text = format!("do = [{entry}]");
    let table = toml::de::DeTable::parse(&text).ok()?;
    let files = lienthong_standard::Files::default();
    let standard = super::tests::standard();
    let mut compiler = super::tests::compiler(&files, &standard, &text);
    let mut keys = Keys::new(table.get_ref(), table.span(), "a rule");
    let mut steps = compiler.steps(&mut keys);
    assert!(compiler.problems.is_empty(), "{:?}", compiler.problems);
    steps.pop()
}
