//! The words for each fault of a field, in English and Vietnamese.

use crate::record_type::Group;
use crate::{
    Bound, Code, CodeList, Date, Field, FieldFault, FieldType, IdentifierKind, Pattern, Value,
};

/// A value in a message is cut after this many characters.
const SHOWN_CHARS_MAX: usize = 60;

/// A fault without its place.
pub(super) struct Words {
    code: &'static str,
    reason: String,
    reason_vi: String,
    hint: Option<String>,
}

impl Words {
    fn new(code: &'static str, reason: impl Into<String>, reason_vi: impl Into<String>) -> Self {
        Self { code, reason: reason.into(), reason_vi: reason_vi.into(), hint: None }
    }

    fn hint(self, hint: impl Into<String>) -> Self {
        Self { hint: Some(hint.into()), ..self }
    }

    pub(super) fn at(self, field: String) -> FieldFault {
        let Self { code, reason, reason_vi, hint } = self;
        FieldFault { code, field, reason, reason_vi, hint }
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
    let dotted = text.replace('-', ".");
    let hint = if kind == IdentifierKind::Agency && super::shape_of(kind).is_match(&dotted) {
        format!("write it with dots: `{dotted}`")
    } else {
        format!("for example `{example}`")
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

pub(super) fn unknown_code(field: &Field, list: &CodeList, code: &str) -> Words {
    let words = Words::new(
        "LT-4107",
        format!("the code{} is not in the list `{}`", shown(field, code), list.name),
        format!("mã{} không có trong danh mục {}", shown(field, code), list.title.vi),
    );
    if field.personal.is_some() {
        return words;
    }
    match (list.by_alias(code), list.nearest(code)) {
        (Some(entry), _) => words.hint(format!("it is another spelling of `{}`", entry.code)),
        (None, Some(near)) => words.hint(format!("the nearest known code is `{near}`")),
        (None, None) => words,
    }
}

pub(super) fn out_of_force(
    field: &Field,
    list: &CodeList,
    entry: &Code,
    on: Option<Date>,
) -> Words {
    let date = |date: Option<Date>| date.map_or_else(|| "…".to_owned(), |date| date.to_string());
    let (from, to, on) = (date(entry.valid_from), date(entry.valid_to), date(on));
    let (code, list_name) = (shown(field, &entry.code), &list.name);
    let words = Words::new(
        "LT-4108",
        format!("the code{code} of `{list_name}` is in force {from} to {to}, not on {on}"),
        format!(
            "mã{code} của danh mục {} có hiệu lực {from} đến {to}, không có hiệu lực ngày {on}",
            list.title.vi
        ),
    );
    match &entry.successor {
        Some(successor) => words.hint(format!("its successor is `{successor}`")),
        None => words,
    }
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

pub(super) fn invisible(_field: &Field) -> Words {
    Words::new(
        "LT-4112",
        "the text holds an invisible character (U+200B or U+FEFF)",
        "văn bản chứa ký tự vô hình (U+200B hoặc U+FEFF)",
    )
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
