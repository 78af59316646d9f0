//! The words for each fault of a field, in English and Vietnamese.

use crate::record_type::Group;
use crate::{
    AgencyCode, Bound, Code, CodeList, Date, DossierCode, Field, FieldFault, FieldType,
    IdentifierKind, Lookup, Pattern, ProcedureCode, Value,
};

/// Near codes, or successors, that a hint names.
const NAMED_MAX: usize = 5;

/// A value in a message is cut after this many characters.
const SHOWN_CHARS_MAX: usize = 60;

/// A fault without its place.
pub(crate) struct Words {
    code: &'static str,
    reason: String,
    reason_vi: String,
    hint: Option<String>,
    waiting_for: Option<String>,
}

impl Words {
    fn new(code: &'static str, reason: impl Into<String>, reason_vi: impl Into<String>) -> Self {
        let (reason, reason_vi) = (reason.into(), reason_vi.into());
        Self { code, reason, reason_vi, hint: None, waiting_for: None }
    }

    fn hint(self, hint: impl Into<String>) -> Self {
        Self { hint: Some(hint.into()), ..self }
    }

    /// Whoever has the same unknown code waits for the same thing.
    fn waits_for(self, list: &CodeList, code: Option<&str>) -> Self {
        let list = &list.name;
        let waiting_for = match code {
            Some(code) => {
                let cut: String = code.chars().take(SHOWN_CHARS_MAX).collect();
                format!("standard/{list}:{cut}")
            }
            None => format!("standard/{list}"),
        };
        Self { waiting_for: Some(waiting_for), ..self }
    }

    pub(crate) fn at(self, field: String) -> FieldFault {
        let Self { code, reason, reason_vi, hint, waiting_for } = self;
        FieldFault { code, field, reason, reason_vi, hint, waiting_for }
    }
}

/// The value in quotes, or nothing where it is personal.
fn shown(field: &Field, text: &str) -> String {
    if field.personal.is_some() {
        return String::new();
    }
    let cut: String = text.chars().take(SHOWN_CHARS_MAX).collect();
    let end = if cut.len() < text.len() { "…" } else { "" };
    format!(" `{cut}{end}`")
}

pub(super) fn missing(field: &Field) -> Words {
    Words::new(
        "LT-4101",
        format!("the field is required ({})", field.title.en),
        format!("thiếu trường bắt buộc ({})", field.title.vi),
    )
}

pub(super) fn null(field: &Field) -> Words {
    Words::new("LT-4102", "the field can't be null", "trường không được để null")
        .hint(format!("leave `{}` out when the source has no value", field.name))
}

pub(super) fn wrong_type(field: &Field, value: Value<'_>) -> Words {
    let (want, want_vi) = type_words(field.kind);
    let (have, have_vi) = match value {
        Value::Missing | Value::Null => ("nothing", "không có giá trị"),
        Value::Text(_) => ("text", "văn bản"),
        Value::Integer(_) => ("a whole number", "số nguyên"),
        Value::Decimal(_) => ("a decimal number", "số thập phân"),
        Value::Boolean(_) => ("true or false", "đúng hoặc sai"),
        Value::Date(_) => ("a date", "ngày"),
        Value::Timestamp(_) => ("a timestamp", "thời điểm"),
    };
    let reason = format!("the field holds {want}, not {have}");
    Words::new("LT-4103", reason, format!("trường phải là {want_vi}, không phải {have_vi}"))
}

const fn type_words(kind: FieldType) -> (&'static str, &'static str) {
    match kind {
        FieldType::Text => ("text", "văn bản"),
        FieldType::Integer => ("a whole number", "số nguyên"),
        FieldType::Decimal => ("a decimal number", "số thập phân"),
        FieldType::Boolean => ("true or false", "đúng hoặc sai"),
        FieldType::Date => ("a date", "ngày"),
        FieldType::Timestamp => ("a timestamp", "thời điểm"),
        FieldType::Code(_) => ("a code", "mã"),
        FieldType::Identifier(_) => ("an identifier", "mã định danh"),
    }
}

pub(super) fn empty(_field: &Field) -> Words {
    Words::new("LT-4103", "the text is empty", "văn bản rỗng")
        .hint("an empty text counts as missing: leave the field out")
}

pub(super) fn not_canonical(field: &Field, number: &str) -> Words {
    Words::new(
        "LT-4103",
        format!("the number{} is not in canonical form", shown(field, number)),
        format!("số{} không ở dạng chuẩn", shown(field, number)),
    )
    .hint("write -123.4500: no exponent, no leading zeros, no sign on zero")
}

pub(super) fn too_long(_field: &Field, chars: usize, max: u32) -> Words {
    Words::new(
        "LT-4104",
        format!("the text has {chars} characters, at most {max} are allowed"),
        format!("văn bản dài {chars} ký tự, tối đa {max}"),
    )
}

pub(super) fn pattern(field: &Field, pattern: &Pattern, text: &str) -> Words {
    let words = Words::new(
        "LT-4105",
        format!("the text{} is not a {}", shown(field, text), pattern.title.en),
        format!("văn bản{} không đúng dạng {}", shown(field, text), pattern.title.vi),
    );
    match &pattern.example {
        Some(example) => words.hint(format!("for example `{example}`")),
        None => words,
    }
}

pub(super) fn identifier(field: &Field, kind: IdentifierKind, text: &str) -> Words {
    let (what, what_vi, example) = match kind {
        IdentifierKind::Agency => ("an agency code", "mã cơ quan", "000.00.18.G12` or `G12.18"),
        IdentifierKind::Procedure => ("a procedure code", "mã thủ tục hành chính", "1.015045"),
        IdentifierKind::Dossier => ("a dossier code", "mã hồ sơ", "000.00.53.H48-220921-0099"),
    };
    let (canonical, function) = match kind {
        IdentifierKind::Agency => (AgencyCode::read(text).map(|c| c.to_string()), "agency-code"),
        IdentifierKind::Procedure => {
            (ProcedureCode::read(text).map(|c| c.to_string()), "procedure-code")
        }
        IdentifierKind::Dossier => (DossierCode::read(text).map(|c| c.to_string()), "dossier-code"),
    };
    let hint = match canonical.filter(|_| field.personal.is_none()) {
        Some(canonical) => format!("it reads as `{canonical}`: let the mapping do `{function}`"),
        None => format!("for example `{example}`"),
    };
    Words::new(
        "LT-4105",
        format!("the text{} is not {what}", shown(field, text)),
        format!("văn bản{} không phải là {what_vi}", shown(field, text)),
    )
    .hint(hint)
}

pub(super) fn out_of_range(field: &Field, value: Value<'_>) -> Words {
    let mut text = Vec::new();
    crate::encode::value(value, &mut text);
    let text = String::from_utf8_lossy(&text).replace('"', "");
    let bound = |bound: &Option<Bound>| {
        let mut text = Vec::new();
        if let Some(bound) = bound {
            crate::encode::value(bound.value(), &mut text);
        }
        String::from_utf8_lossy(&text).replace('"', "")
    };
    let range = match (&field.min, &field.max) {
        (Some(_), Some(_)) => format!("{} … {}", bound(&field.min), bound(&field.max)),
        (Some(_), None) => format!("≥ {}", bound(&field.min)),
        _ => format!("≤ {}", bound(&field.max)),
    };
    Words::new(
        "LT-4106",
        format!("the value{} is outside {range}", shown(field, &text)),
        format!("giá trị{} nằm ngoài khoảng {range}", shown(field, &text)),
    )
}

pub(super) fn unknown_code(field: &Field, list: &CodeList, code: &str, on: Option<Date>) -> Words {
    let words = Words::new(
        "LT-4107",
        format!("the code{} is not in the list `{}`", shown(field, code), list.name),
        format!("mã{} không có trong danh mục {}", shown(field, code), list.title.vi),
    );
    if field.personal.is_some() {
        return words.waits_for(list, None);
    }
    let words = words.waits_for(list, Some(code));
    if let Some(entry) = list.by_alias(code) {
        let hint = "it is another spelling of";
        return words.hint(format!("{hint} `{}`: `aliases = true` in the mapping", entry.code));
    }
    let near = list.candidates(code, on, NAMED_MAX);
    if near.is_empty() {
        return words;
    }
    words.hint(format!("the nearest known codes are {}", named(&near)))
}

/// Codes with their names: `08` (Tỉnh Tuyên Quang), `15` (Tỉnh Lào Cai).
fn named(codes: &[&Code]) -> String {
    let shown = codes.iter().take(NAMED_MAX);
    let shown: Vec<String> =
        shown.map(|entry| format!("`{}` ({})", entry.code, entry.name.vi)).collect();
    let more = if codes.len() > shown.len() { " …" } else { "" };
    format!("{}{more}", shown.join(", "))
}

/// From when to when an entry is in force, in both languages.
fn in_force(entry: &Code) -> (String, String) {
    match (entry.valid_from, entry.valid_to) {
        (Some(from), Some(to)) => (format!("from {from} to {to}"), format!("từ {from} đến {to}")),
        (Some(from), None) => (format!("from {from}"), format!("từ {from}")),
        (None, Some(to)) => (format!("until {to}"), format!("đến hết {to}")),
        (None, None) => ("always".to_owned(), "luôn luôn".to_owned()),
    }
}

/// What took the place of an entry: the hint, and the same in Vietnamese.
fn replaced(list: &CodeList, entry: &Code, on: Date) -> Option<(String, String)> {
    if entry.valid_from.is_some_and(|first| on < first) {
        return None;
    }
    let successors = list.successors(entry, Some(on));
    let names = named(&successors);
    Some(match successors.as_slice() {
        [] if entry.successors.is_empty() => {
            ("the list knows no successor".to_owned(), "danh mục không có mã thay thế".to_owned())
        }
        [] => return None,
        [_] => (format!("its successor is {names}"), format!("mã thay thế: {names}")),
        _ => (
            format!("it was divided among {names}: only the source can say which one is meant"),
            format!("đã chia tách thành {names}"),
        ),
    })
}

pub(super) fn out_of_force(field: &Field, list: &CodeList, entry: &Code, on: Date) -> Words {
    let (when, when_vi) = in_force(entry);
    let code = shown(field, &entry.code);
    let reason = format!("the code{code} of `{}` is in force {when}, not on {on}", list.name);
    let mut reason_vi = format!(
        "mã{code} của danh mục {} có hiệu lực {when_vi}, không có hiệu lực ngày {on}",
        list.title.vi
    );
    let replaced = replaced(list, entry, on).filter(|_| field.personal.is_none());
    if let Some((_, vi)) = &replaced {
        reason_vi = format!("{reason_vi}; {vi}");
    }
    let code = field.personal.is_none().then_some(&*entry.code);
    let words = Words::new("LT-4108", reason, reason_vi).waits_for(list, code);
    match replaced {
        Some((hint, _)) => words.hint(hint),
        None => words,
    }
}

/// A state body that was not there on the record's own date.
pub(super) fn body_gone(
    field: &Field,
    list: &CodeList,
    entry: &Code,
    (text, on): (&str, Date),
) -> Words {
    let (when, when_vi) = in_force(entry);
    let (code, name) = (shown(field, text), &entry.name.vi);
    let mut reason_vi = format!("cơ quan{code} ({name}) tồn tại {when_vi}, không có ngày {on}");
    let replaced = replaced(list, entry, on);
    if let Some((_, vi)) = &replaced {
        reason_vi = format!("{reason_vi}; {vi}");
    }
    let reason = format!("the body{code} ({name}) was there {when}, not on {on}");
    let words = Words::new("LT-4121", reason, reason_vi);
    match replaced {
        Some((hint, _)) => words.hint(hint),
        None => words,
    }
}

/// A code that lies in another one than the record says.
pub(super) fn lies_elsewhere(
    (field, code): (&Field, &str),
    (above, expected): (&Field, &str),
    found: &str,
    (list, above_list): (Option<&CodeList>, Option<&CodeList>),
    on: Date,
) -> Words {
    let name = |list: Option<&CodeList>, code: &str| match list.map(|l| l.lookup(code, Some(on))) {
        Some(Lookup::InForce(entry)) => format!("`{code}` ({})", entry.name.vi),
        _ => format!("`{code}`"),
    };
    if field.personal.is_some() || above.personal.is_some() {
        let reason = format!("the code does not lie in that of `{}`", above.name);
        return Words::new("LT-4120", reason, format!("mã không thuộc {}", above.title.vi));
    }
    let (code, found) = (name(list, code), name(above_list, found));
    let expected = name(above_list, expected);
    Words::new(
        "LT-4120",
        format!("{code} lies in {found} on {on}, not in {expected} as `{}` says", above.name),
        format!("{code} thuộc {found} vào ngày {on}, không thuộc {expected} ({})", above.title.vi),
    )
}

pub(super) fn control(_field: &Field) -> Words {
    Words::new("LT-4109", "the text holds a control character", "văn bản chứa ký tự điều khiển")
        .hint("clean it in the mapping, or find out which legacy encoding the source uses")
}

pub(super) fn not_composed(_field: &Field) -> Words {
    Words::new(
        "LT-4109",
        "the text is not in Unicode's composed form (NFC)",
        "văn bản không ở dạng Unicode dựng sẵn (NFC)",
    )
    .hint("add `nfc` to the field's functions in the mapping")
}

pub(super) fn no_rows(group: &Group) -> Words {
    Words::new(
        "LT-4113",
        format!("the list is required ({})", group.title.en),
        format!("thiếu danh sách bắt buộc ({})", group.title.vi),
    )
}

pub(super) fn several(_group: &Group, count: usize) -> Words {
    Words::new(
        "LT-4113",
        format!("there can be one row only, not {count}"),
        format!("chỉ được có một dòng, không phải {count}"),
    )
}

pub(super) fn too_many_rows(group: &Group, count: usize) -> Words {
    let max = group.rows_max;
    Words::new(
        "LT-4113",
        format!("the list has {count} rows, at most {max} are allowed"),
        format!("danh sách có {count} dòng, tối đa {max}"),
    )
}
