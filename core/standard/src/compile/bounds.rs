//! Types of fields, and the bounds and other attributes that fit them.

use std::sync::Arc;

use lienthong_adapter_api::Section;
use lienthong_diagnostics::Problem;
use toml::Spanned;

use super::raw::{self, Kind, Number};
use super::{Parts, unknown};
use crate::pattern::Pattern;
use crate::{Bound, CodeListId, Date, FieldType, IdentifierKind, Timestamp, decimal};

/// The type of a field, with its code list or identifier kind.
pub(super) fn field_type(
    section: &Section,
    written: &raw::Field,
    parts: Parts<'_>,
    problems: &mut Vec<Problem>,
) -> FieldType {
    let kind = *written.kind.get_ref();
    if let Some(list) = written.code_list.as_ref().filter(|_| kind != Kind::Code) {
        problems.push(misplaced(section, list, "`code_list` belongs to fields of type code"));
    }
    if let Some(what) = written.identifier.as_ref().filter(|_| kind != Kind::Identifier) {
        problems.push(misplaced(section, what, "`identifier` belongs to the type identifier"));
    }
    match (kind, &written.code_list, &written.identifier) {
        (Kind::Text, ..) => FieldType::Text,
        (Kind::Integer, ..) => FieldType::Integer,
        (Kind::Decimal, ..) => FieldType::Decimal,
        (Kind::Boolean, ..) => FieldType::Boolean,
        (Kind::Date, ..) => FieldType::Date,
        (Kind::Timestamp, ..) => FieldType::Timestamp,
        (Kind::Identifier, _, Some(what)) => FieldType::Identifier(*what.get_ref()),
        (Kind::Identifier, _, None) => {
            let text = "an identifier says what it names: identifier = \"agency\"";
            problems.push(misplaced(section, &written.kind, text));
            FieldType::Text
        }
        (Kind::Code, None, _) => {
            let text = "a code belongs to a list: code_list = \"…\"";
            problems.push(misplaced(section, &written.kind, text));
            FieldType::Text
        }
        (Kind::Code, Some(list), _) => {
            if let Some(id) = parts.list(list.get_ref()) {
                return FieldType::Code(id);
            }
            let known = parts.list_names();
            problems.push(unknown(section, list.span(), "code list", list.get_ref(), known));
            FieldType::Text
        }
    }
}

/// The pattern of a text.
pub(super) fn pattern(
    section: &Section,
    written: &raw::Field,
    parts: Parts<'_>,
    problems: &mut Vec<Problem>,
) -> Option<Arc<Pattern>> {
    let name = written.pattern.as_ref()?;
    if *written.kind.get_ref() != Kind::Text {
        problems.push(misplaced(section, name, "`pattern` belongs to fields of type text"));
    }
    let found = parts.patterns.get(name.get_ref().as_str());
    if found.is_none() {
        let known = parts.patterns.keys().map(|name| &**name);
        problems.push(unknown(section, name.span(), "pattern", name.get_ref(), known));
    }
    found.map(Arc::clone)
}

/// The register that an agency identifier is looked up in.
pub(super) fn register(
    section: &Section,
    written: &raw::Field,
    parts: Parts<'_>,
    problems: &mut Vec<Problem>,
) -> Option<CodeListId> {
    let name = written.register.as_ref()?;
    let names = written.identifier.as_ref().map(|kind| *kind.get_ref());
    if names != Some(IdentifierKind::Agency) {
        problems.push(misplaced(section, name, "`register` belongs to agency identifiers"));
    }
    let found = parts.list(name.get_ref());
    if found.is_none() {
        let known = parts.list_names();
        problems.push(unknown(section, name.span(), "code list", name.get_ref(), known));
    }
    found
}

/// The greatest length of a text.
pub(super) fn max_chars(
    section: &Section,
    written: &raw::Field,
    problems: &mut Vec<Problem>,
) -> Option<u32> {
    let max = written.max_chars.as_ref()?;
    if !matches!(written.kind.get_ref(), Kind::Text | Kind::Identifier) {
        problems.push(misplaced(section, max, "`max_chars` belongs to fields of text"));
    }
    Some(*max.get_ref())
}

/// A least or greatest value, which must be written in the field's own type.
pub(super) fn bound(
    section: &Section,
    kind: FieldType,
    written: Option<&Spanned<Number>>,
    problems: &mut Vec<Problem>,
) -> Option<Bound> {
    let written = written?;
    let bound = match (kind, written.get_ref()) {
        (FieldType::Integer, Number::Integer(number)) => Some(Bound::Integer(*number)),
        (FieldType::Decimal, Number::Integer(number)) => {
            Some(Bound::Decimal(number.to_string().into()))
        }
        (FieldType::Decimal, Number::Text(text)) => {
            decimal::is_canonical(text).then(|| Bound::Decimal(text.as_str().into()))
        }
        (FieldType::Date, Number::Text(text)) => Date::parse_iso(text).map(Bound::Date),
        (FieldType::Timestamp, Number::Text(text)) => {
            Timestamp::parse_canonical(text).map(Bound::Timestamp)
        }
        _ => None,
    };
    if bound.is_none() {
        let text = format!("this is no bound for a field of type {}", kind.name());
        problems.push(misplaced(section, written, &text));
    }
    bound
}

fn misplaced<T>(section: &Section, at: &Spanned<T>, text: &str) -> Problem {
    section.problem_at(at.span(), "LT-4002", text, "does not fit the type", None)
}
