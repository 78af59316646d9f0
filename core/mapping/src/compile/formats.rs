//! Formats of dates, times and numbers as they are written in a rule.

use lienthong_standard::{Date, FieldType};
use toml::de::DeValue;

use super::Compiler;
use super::keys::{Keys, Span, Value};
use crate::convert::boolean::Words;
use crate::convert::format::{Format, Holds};
use crate::convert::moment::{Dates, Instants};
use crate::convert::number::{self, Notation};
use crate::plan::{Constant, DecimalAs, IntegerAs, Target};

const KNOWN: &str = "known are `rfc3339`, `iso-basic-offset`, `iso-local`, `epoch-s`, `epoch-ms`, \
                     and pieces: %Y %m %d %-m %-d %H %-H %M %S %.f %z %:z %F %T";

impl Compiler<'_> {
    /// `date = …`: formats of a date, or of a timestamp whose time is given up.
    pub(super) fn dates(&mut self, value: Value<'_, '_>) -> Option<Dates> {
        if let DeValue::Table(_) = value.get_ref() {
            let mut inner = self.table(value, "`date`")?;
            let formats = inner.required("of_timestamp", self).map(|value| {
                let (formats, span) = (self.formats(value), value.span());
                self.hold(&formats, &[Holds::DateTime, Holds::Instant], span, |_| {
                    ("LT-3009", "the format has no time of day", "write `date = …` itself")
                });
                formats
            });
            self.finish(&inner);
            return Some(Dates::OfInstant(Instants { formats: formats?.into(), zone: self.zone }));
        }
        let formats = self.formats(value);
        self.hold(&formats, &[Holds::Date], value.span(), |_| {
            let hint = "spell it out: `date = { of_timestamp = … }`";
            ("LT-3023", "the format has a time of day, which a date loses", hint)
        });
        Some(Dates::Plain(formats.into()))
    }

    /// `timestamp = …`: formats of a timestamp, or of a date with a time of day spelled out.
    pub(super) fn instants_target(&mut self, value: Value<'_, '_>) -> Option<Target> {
        if let DeValue::Table(_) = value.get_ref() {
            let mut inner = self.table(value, "`timestamp`")?;
            let formats = inner.required("of_date", self).map(|value| {
                let (formats, span) = (self.formats(value), value.span());
                self.hold(&formats, &[Holds::Date], span, |_| {
                    ("LT-3009", "the format has a time of day", "write `timestamp = …` itself")
                });
                formats
            });
            let at = inner.required("at", self).and_then(|value| self.time_of_day(value));
            self.finish(&inner);
            return Some(Target::TimestampOfDate { formats: formats?.into(), at: at? });
        }
        let formats = self.formats(value);
        self.hold(&formats, &[Holds::DateTime, Holds::Instant], value.span(), |_| {
            let hint = "say which: `timestamp = { of_date = …, at = \"00:00:00\" }`";
            ("LT-3009", "the format has no time of day", hint)
        });
        Some(Target::Timestamp(Instants { formats: formats.into(), zone: self.zone }))
    }

    fn time_of_day(&mut self, value: Value<'_, '_>) -> Option<(u8, u8, u8)> {
        let (text, span) = self.word(value)?;
        let format = Format::compile("%F %T").ok()?;
        let read = format.timestamp(&format!("2000-01-01 {text}"), super::Zone::HoChiMinh);
        let Some(civil) = read.map(lienthong_standard::Timestamp::civil) else {
            let hint = Some("write hours, minutes and seconds: `at = \"00:00:00\"`".to_owned());
            self.problem("LT-3021", span, "this is no time of day", "not a time", hint);
            return None;
        };
        Some((civil.hour, civil.minute, civil.second))
    }

    /// One format or a list of formats that are tried in order.
    fn formats(&mut self, value: Value<'_, '_>) -> Vec<Format> {
        let texts = match value.get_ref() {
            DeValue::Array(array) if array.is_empty() => {
                self.problem("LT-3021", value.span(), "there is no format", "empty", None);
                Vec::new()
            }
            DeValue::Array(_) => self.texts(value, "formats"),
            _ => self.word(value).into_iter().collect(),
        };
        let mut formats: Vec<Format> = Vec::new();
        for (text, span) in texts {
            match Format::compile(&text) {
                Ok(format) => {
                    if formats.iter().any(|other| other.is_confused_with(&format)) {
                        let message = format!("`{text}` reads the same texts as another format");
                        let hint = Some("one text would have two meanings".to_owned());
                        self.problem("LT-3021", span, message, "ambiguous", hint);
                    }
                    formats.push(format);
                }
                Err(words) => {
                    let message = format!("`{text}` is no format: {words}");
                    self.problem("LT-3021", span, message, "no format", Some(KNOWN.to_owned()));
                }
            }
        }
        formats
    }

    /// Checks what every format holds.
    fn hold(
        &mut self,
        formats: &[Format],
        wanted: &[Holds],
        span: Span,
        words: impl Fn(Holds) -> (&'static str, &'static str, &'static str),
    ) {
        let wrong = formats.iter().map(Format::holds).find(|holds| !wanted.contains(holds));
        if let Some(holds) = wrong {
            let (code, message, hint) = words(holds);
            self.problem(code, span, message, "does not fit", Some(hint.to_owned()));
        }
    }

    /// The point and the mark of thousands; a point without either.
    pub(super) fn notation(&mut self, keys: &mut Keys<'_, '_>) -> Option<Notation> {
        let before = self.problems.len();
        let point = keys.get("point").and_then(|value| self.mark(value));
        let thousands = keys.get("thousands").and_then(|value| self.mark(value));
        if self.problems.len() > before {
            return None;
        }
        let notation = Notation { point: point.unwrap_or('.'), thousands };
        if notation.thousands == Some(notation.point) {
            let message = format!("`{}` is the point and the mark of thousands", notation.point);
            let hint = Some("say `point` as well".to_owned());
            self.problem("LT-3021", keys.span(), message, "ambiguous", hint);
            return None;
        }
        Some(notation)
    }

    fn mark(&mut self, value: Value<'_, '_>) -> Option<char> {
        let (text, span) = self.word(value)?;
        let mut letters = text.chars();
        match (letters.next(), letters.next()) {
            (Some(mark), None) if !mark.is_alphanumeric() && mark != '-' => Some(mark),
            _ => {
                let message = format!("`{text}` is no mark in a number");
                let hint = Some("one character that is no letter, digit or sign".to_owned());
                self.problem("LT-3021", span, message, "not a mark", hint);
                None
            }
        }
    }
}

/// The target for values that a code list gives, as the standard writes them.
pub(super) fn national(kind: FieldType) -> Option<Target> {
    Some(match kind {
        FieldType::Text | FieldType::Code(_) | FieldType::Identifier(_) => Target::Text,
        FieldType::Integer => Target::Integer(IntegerAs::Digits),
        FieldType::Decimal => Target::Decimal(DecimalAs::Text(Notation::PLAIN)),
        FieldType::Boolean => {
            Target::Boolean(Some(Words { yes: vec!["true".into()], no: vec!["false".into()] }))
        }
        FieldType::Date => Target::Date(Dates::Plain(Box::new([Format::compile("%F").ok()?]))),
        FieldType::Timestamp => return None,
    })
}

/// A national value of a code list as the type of its field, if it is one.
pub(super) fn read_national(kind: FieldType, text: &str) -> Option<Constant> {
    match kind {
        FieldType::Text | FieldType::Code(_) | FieldType::Identifier(_) => {
            Some(Constant::Text(text.into()))
        }
        FieldType::Integer => number::integer(text).map(Constant::Integer),
        FieldType::Decimal => {
            let kept = number::decimal(text, Notation::PLAIN, &mut String::new());
            let is_canonical = matches!(kept, Some(number::Canonical::Kept(_)));
            is_canonical.then(|| Constant::Decimal(text.into()))
        }
        FieldType::Boolean => text.parse().ok().map(Constant::Boolean),
        FieldType::Date => Date::parse_iso(text).map(Constant::Date),
        FieldType::Timestamp => None,
    }
}
