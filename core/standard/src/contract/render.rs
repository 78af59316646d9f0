//! A canonical record as an endpoint wants it, with notes of everything that is lost on the way.

use serde_json::{Map, Value};

use super::{
    EndpointContract, FieldForm, FollowUp, Limit, Member, MemberKind, Missing, OnlyWhen, Recoded,
    RecordContract, WriteAs, Written,
};
use crate::{Date, Severity, Timestamp};

/// A record as the endpoint wants it.
#[derive(Clone, Debug, PartialEq)]
pub struct Rendered {
    /// The record.
    pub body: Value,
    /// What of the record does not reach the endpoint as it is.
    pub notes: Vec<Note>,
}

impl Rendered {
    /// Whether the contract forbids to send the record.
    pub fn is_refused(&self) -> bool {
        self.notes.iter().any(|note| note.severity == Severity::Refuse)
    }
}

/// One thing of a record that does not reach the endpoint as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// The field of the standard, with its row: `TaiLieuNop[0].TenTepDinhKem`.
    pub field: String,
    /// What happens to it.
    pub kind: NoteKind,
    /// Whether the record may be sent all the same.
    pub severity: Severity,
}

/// What happens to a field on the way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoteKind {
    /// The text is cut.
    Cut {
        /// The characters that it has.
        chars: usize,
        /// The characters that the endpoint takes.
        max: u32,
    },
    /// The endpoint has no member for it.
    LeftOut,
    /// Its code becomes one that others become too.
    Merged {
        /// Our code.
        from: String,
        /// The endpoint's.
        to: String,
    },
    /// The endpoint has no code for ours.
    NoCode {
        /// Our code.
        code: String,
    },
    /// The endpoint takes a whole number, and it is none.
    NotWhole,
    /// The endpoint takes it with other values of the record only.
    NotNow,
    /// The value is not of the canonical form, so it can't be written.
    NotCanonical,
}

impl std::fmt::Display for Note {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "`{}` ", self.field)?;
        match &self.kind {
            NoteKind::Cut { chars, max } if self.severity == Severity::Refuse => {
                write!(f, "has {chars} characters, the endpoint takes {max}")
            }
            NoteKind::Cut { chars, max } => write!(f, "is cut from {chars} to {max} characters"),
            NoteKind::LeftOut => f.write_str("is not sent: the endpoint has no member for it"),
            NoteKind::Merged { from, to } => {
                write!(f, "is sent as `{to}` for `{from}`, as other codes are")
            }
            NoteKind::NoCode { code } => {
                write!(f, "is `{code}`, for which the endpoint has no code")
            }
            NoteKind::NotWhole => f.write_str("is no whole number, which the endpoint wants"),
            NoteKind::NotNow => f.write_str("is not sent: the endpoint takes it at another state"),
            NoteKind::NotCanonical => f.write_str("is not in canonical form"),
        }
    }
}

impl EndpointContract {
    /// Writes a canonical record for the endpoint; none if it does not take the record type.
    pub fn render(&self, record_type: &str, record: &Map<String, Value>) -> Option<Rendered> {
        Some(self.record(record_type)?.render(record))
    }
}

impl RecordContract {
    /// Writes a canonical record for the endpoint.
    pub fn render(&self, record: &Map<String, Value>) -> Rendered {
        rendered(self.missing, &self.members, &self.left_out, record)
    }
}

impl FollowUp {
    /// Writes the part of a canonical record that follows its creation.
    pub fn render(&self, record: &Map<String, Value>) -> Rendered {
        rendered(self.missing, &self.members, &[], record)
    }
}

fn rendered(
    missing: Missing,
    members: &[Member],
    left_out: &[std::sync::Arc<str>],
    record: &Map<String, Value>,
) -> Rendered {
    let mut notes = Vec::new();
    let body = Rendering { missing, notes: &mut notes }.object(members, left_out, record, "");
    Rendered { body: Value::Object(body), notes }
}

struct Rendering<'a> {
    missing: Missing,
    notes: &'a mut Vec<Note>,
}

impl Rendering<'_> {
    fn object(
        &mut self,
        members: &[Member],
        left_out: &[std::sync::Arc<str>],
        record: &Map<String, Value>,
        prefix: &str,
    ) -> Map<String, Value> {
        let mut body = Map::new();
        for member in members {
            let name = || member.name.to_string();
            let field = format!("{prefix}{}", member.from);
            let value = record.get(&*member.from);
            if !member.only_when.as_ref().is_none_or(|only| only.holds(record)) {
                if value.is_some_and(|value| !value.is_null()) {
                    self.note(&field, NoteKind::NotNow, Severity::Warn);
                }
                continue;
            }
            if let MemberKind::Object(inner) = &member.kind {
                let object = self.object(inner, &[], record, prefix);
                if !object.is_empty() || self.missing == Missing::Empty {
                    body.insert(name(), Value::Object(object));
                }
                continue;
            }
            if let Some(value) = self.member(&member.kind, value, &field) {
                body.insert(name(), value);
            }
        }
        for name in left_out {
            if record.get(&**name).is_some_and(|value| !value.is_null()) {
                self.note(&format!("{prefix}{name}"), NoteKind::LeftOut, Severity::Warn);
            }
        }
        body
    }

    fn member(&mut self, kind: &MemberKind, value: Option<&Value>, field: &str) -> Option<Value> {
        let is_empty = self.missing == Missing::Empty;
        match (kind, value) {
            (MemberKind::Field(_), None | Some(Value::Null)) => {
                is_empty.then(|| Value::String(String::new()))
            }
            (MemberKind::Field(form), Some(value)) => Some(self.field(form, value, field)),
            (MemberKind::Group { members, left_out, single: true }, Some(Value::Object(row))) => {
                let prefix = format!("{field}.");
                Some(Value::Object(self.object(members, left_out, row, &prefix)))
            }
            (MemberKind::Group { members, left_out, .. }, Some(Value::Array(rows))) => {
                let mut list = Vec::with_capacity(rows.len());
                for (row, value) in rows.iter().enumerate() {
                    let prefix = format!("{field}[{row}].");
                    match value {
                        Value::Object(row) => {
                            list.push(Value::Object(self.object(members, left_out, row, &prefix)));
                        }
                        _ => self.note(&prefix, NoteKind::NotCanonical, Severity::Refuse),
                    }
                }
                Some(Value::Array(list))
            }
            (MemberKind::Group { single, .. }, None) => {
                (is_empty && !single).then(|| Value::Array(Vec::new()))
            }
            (MemberKind::Group { .. }, Some(_)) | (MemberKind::Object(_), _) => {
                self.note(field, NoteKind::NotCanonical, Severity::Refuse);
                None
            }
        }
    }

    fn field(&mut self, form: &FieldForm, value: &Value, field: &str) -> Value {
        let FieldForm { written, write_as, limit, codes, refuses_others, booleans } = form;
        let text = match value {
            Value::String(text) => self.text(text, written, field),
            Value::Bool(flag) => {
                let [no, yes] = booleans;
                (if *flag { yes } else { no }).to_string()
            }
            other => other.to_string(),
        };
        let text = match codes.get(text.as_str()) {
            Some(recoded) => self.recoded(&text, recoded, field),
            None if *refuses_others => {
                self.note(field, NoteKind::NoCode { code: text.clone() }, Severity::Refuse);
                text
            }
            None => text,
        };
        match write_as {
            WriteAs::Text => Value::String(self.limited(text, *limit, field)),
            WriteAs::Integer => text.parse::<i64>().map_or_else(
                |_| {
                    self.note(field, NoteKind::NotWhole, Severity::Refuse);
                    Value::Null
                },
                Value::from,
            ),
        }
    }

    fn text(&mut self, text: &str, written: &Written, field: &str) -> String {
        let written = match written {
            Written::AsIs => return text.to_owned(),
            Written::Date(format) => {
                Date::parse_iso(text).map(|date| format_civil(format, date, (0, 0, 0)))
            }
            Written::Timestamp(format) => Timestamp::parse_canonical(text).map(|instant| {
                let civil = instant.civil();
                let time = (civil.hour, civil.minute, civil.second);
                format_civil(format, civil.date, time)
            }),
        };
        written.unwrap_or_else(|| {
            self.note(field, NoteKind::NotCanonical, Severity::Refuse);
            String::new()
        })
    }

    fn recoded(&mut self, ours: &str, recoded: &Recoded, field: &str) -> String {
        let to = recoded.code.to_string();
        if recoded.is_lossy {
            let kind = NoteKind::Merged { from: ours.to_owned(), to: to.clone() };
            self.note(field, kind, Severity::Warn);
        }
        to
    }

    fn limited(&mut self, text: String, limit: Option<Limit>, field: &str) -> String {
        let Some(Limit { chars: max, severity }) = limit else { return text };
        let Some((end, _)) = text.char_indices().nth(max as usize) else { return text };
        let chars = text.chars().count();
        self.note(field, NoteKind::Cut { chars, max }, severity);
        text.get(..end).unwrap_or_default().to_owned()
    }

    fn note(&mut self, field: &str, kind: NoteKind, severity: Severity) {
        self.notes.push(Note { field: field.to_owned(), kind, severity });
    }
}

impl OnlyWhen {
    fn holds(&self, record: &Map<String, Value>) -> bool {
        let value = record.get(&self.field).and_then(Value::as_str);
        value.is_some_and(|value| self.is.iter().any(|is| is == value))
    }
}

/// Whether a format has only known parts, and any at all.
pub(super) fn is_format(format: &str) -> bool {
    let mut parts = format.split('%').skip(1).peekable();
    parts.peek().is_some() && parts.all(|part| part.starts_with(['Y', 'm', 'd', 'H', 'M', 'S']))
}

fn format_civil(format: &str, date: Date, (hour, minute, second): (u8, u8, u8)) -> String {
    let mut parts = format.split('%');
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let mut rest = part.chars();
        let number = match rest.next() {
            Some('Y') => format!("{:04}", date.year()),
            Some('m') => format!("{:02}", date.month()),
            Some('d') => format!("{:02}", date.day()),
            Some('H') => format!("{hour:02}"),
            Some('M') => format!("{minute:02}"),
            Some('S') => format!("{second:02}"),
            _ => String::new(),
        };
        out.push_str(&number);
        out.push_str(rest.as_str());
    }
    out
}
