//! What a rule does, told in Vietnamese and English.

use std::sync::Arc;

use lienthong_mapping::{State, Verdict};
use lienthong_standard::Title;
use toml::Value;

/// What a rule does.
#[derive(Default)]
pub(super) struct Told {
    pub(super) source: Option<Title>,
    pub(super) steps: Vec<Title>,
}

/// A text in both languages.
pub(super) fn both(vi: impl Into<Arc<str>>, en: impl Into<Arc<str>>) -> Title {
    Title { vi: vi.into(), en: en.into() }
}

/// The name of a type.
pub(super) fn kind(name: &str) -> Title {
    let vi = match name {
        "text" => "văn bản",
        "integer" => "số nguyên",
        "decimal" => "số thập phân",
        "boolean" => "đúng/sai",
        "date" => "ngày",
        "timestamp" => "thời điểm",
        "code" => "mã",
        "identifier" => "mã định danh",
        other => other,
    };
    both(vi, name)
}

/// The word for a verdict.
pub(super) fn state(state: State) -> Title {
    both(state.name_vi(), state.name())
}

/// Why a verdict is what it is, with how many of the learned records fail.
pub(super) fn reasons(verdict: &Verdict) -> Vec<Title> {
    let told = verdict.reasons.iter().map(|why| {
        let vi = match why.fails {
            Some(fails) => format!("{} ({})", why.message_vi, fails.vietnamese()),
            None => why.message_vi.clone(),
        };
        both(vi, why.to_string())
    });
    told.collect()
}

/// Tells a rule as the mapping writes it: `{ from = "a", do = ["trim"], codes = "status" }`.
pub(super) fn told(paths: Option<&str>, written: Option<&str>) -> Told {
    let Some(written) = written else { return Told::default() };
    let table: Option<toml::Table> = format!("rule = {written}").parse().ok();
    let rule = table.as_ref().and_then(|table| table.get("rule")?.as_table());
    let Some(rule) = rule else { return Told::default() };
    let mut told = Told { source: source(rule, paths), steps: Vec::new() };
    for (key, value) in rule {
        let shown = || shown(value);
        let step = match key.as_str() {
            "text" => both(format!("giải mã {}", shown()), format!("decode {}", shown())),
            "codes" => both("tra bảng mã", "look up in the code list"),
            "fold" => both("không phân biệt hoa thường, dấu cách", "fold capitals and blanks"),
            "number" => both("giữ nguyên chữ số", "keep the digits as written"),
            "when_missing" => both(
                match value.as_str() {
                    Some("absent") => "bỏ trống khi nguồn không có",
                    Some("null") => "ghi null khi nguồn không có",
                    _ => "từ chối khi nguồn không có",
                },
                format!("when missing: {}", shown()),
            ),
            "integer" => both("đọc số nguyên", "read a whole number"),
            "decimal" => both("đọc số thập phân", "read a decimal number"),
            "boolean" => both("đọc đúng/sai", "read true or false"),
            "date" => both(format!("đọc ngày {}", shown()), format!("read a date {}", shown())),
            "timestamp" => {
                both(format!("đọc thời điểm {}", shown()), format!("read a time {}", shown()))
            }
            _ => continue,
        };
        told.steps.push(step);
    }
    // Functions come before what their result is read as.
    let functions = rule.get("do").and_then(Value::as_array).into_iter().flatten();
    let functions: Vec<Title> = functions.map(|one| both(shown(one), shown(one))).collect();
    told.steps.splice(0..0, functions);
    told
}

fn source(rule: &toml::Table, paths: Option<&str>) -> Option<Title> {
    let paths = paths.unwrap_or_default();
    let list = |key: &str| rule.get(key).and_then(Value::as_array).is_some();
    if let Some(value) = rule.get("value") {
        let value = shown(value);
        return Some(both(format!("giá trị cố định {value}"), format!("constant {value}")));
    }
    if let Some(later) = rule.get("later").and_then(Value::as_array) {
        let names: Vec<&str> = later.iter().filter_map(Value::as_str).collect();
        let [first, second] = *names else { return None };
        let vi = format!("{first} sau {second}");
        return Some(both(vi, format!("{first} is later than {second}")));
    }
    if list("first_of") {
        return Some(both(
            format!("giá trị đầu tiên có trong {paths}"),
            format!("first of {paths}"),
        ));
    }
    if list("join") {
        return Some(both(format!("nối {paths}"), format!("joined: {paths}")));
    }
    Some(both(paths, paths))
}

/// A value of the mapping's file on one line.
fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(list) => list.iter().map(shown).collect::<Vec<_>>().join(", "),
        Value::Table(table) => {
            let parts = table.iter().map(|(key, value)| format!("{key} {}", shown(value)));
            parts.collect::<Vec<_>>().join(", ")
        }
        other => other.to_string(),
    }
}
