//! The page of the settings reference.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use lienthong_adapter_api::Kind;
use schemars::Schema;
use serde_json::Value;

use super::KIND_PREFIX;

const HEAD: &str = include_str!("head.md");

/// Writes the page.
pub(super) fn page(connector: &Schema, hub: &Schema, system: &Schema, kinds: &[Kind]) -> String {
    let mut out = HEAD.to_owned();
    let intro = "For operators: `connector-config/agencies/<agency>.toml`.";
    chapter(&mut out, "The connector", intro, connector.as_value());
    for kind in kinds {
        let title = format!("`[sources.settings]` of `{}`", kind.name);
        let intro = format!("For operators: {}.", lower_first(kind.summary.trim_end_matches('.')));
        chapter(&mut out, &title, &intro, (kind.schemas)().settings.as_value());
    }
    chapter(&mut out, "The hub", "For the Government Office.", hub.as_value());
    let intro = "For integrators: `adapters/systems/<system>/adapter.toml`.";
    chapter(&mut out, "A system", intro, system.as_value());
    for kind in kinds {
        let schemas = (kind.schemas)();
        let title = format!("`[connection]` of `{}`", kind.name);
        chapter(&mut out, &title, "For integrators.", schemas.connection.as_value());
        let title = format!("`[feeds.<name>.read]` of `{}`", kind.name);
        chapter(&mut out, &title, "For integrators.", schemas.feed.as_value());
    }
    out
}

fn lower_first(text: &str) -> String {
    // A summary that begins with an acronym keeps it.
    let is_word = text.chars().nth(1).is_some_and(|c| c.is_lowercase() || c == ' ');
    let mut letters = text.chars();
    match letters.next() {
        Some(first) if is_word => first.to_lowercase().chain(letters).collect(),
        _ => text.to_owned(),
    }
}

fn chapter(out: &mut String, title: &str, intro: &str, root: &Value) {
    push(out, format_args!("\n## {title}\n\n{intro}\n"));
    if let Some(text) = description(root) {
        push(out, format_args!("\n{text}\n"));
    }
    let mut seen = BTreeSet::new();
    let mut queue = vec![("", root)];
    while let Some((name, schema)) = queue.pop() {
        if !name.is_empty() {
            push(out, format_args!("\n### `{name}`\n\n"));
            push(out, format_args!("{}\n", description(schema).unwrap_or_default()));
        }
        table(out, schema, root);
        let mut found: Vec<&str> = Vec::new();
        references(schema, name.is_empty(), &mut found);
        for name in found.into_iter().rev() {
            if let Some(target) = root.pointer(&format!("/$defs/{name}"))
                && is_shown(target)
                // A secret is explained once, at the head of the page.
                && name != "SecretRef"
                && seen.insert(name)
            {
                queue.push((name, target));
            }
        }
    }
}

/// Whether a definition is worth a heading: a table, or a choice of tables.
fn is_shown(schema: &Value) -> bool {
    schema.get("properties").is_some() || tables_of(schema).next().is_some()
}

fn tables_of(schema: &Value) -> impl Iterator<Item = &Value> {
    let choices = schema.get("oneOf").or_else(|| schema.get("anyOf"));
    let choices = choices.and_then(Value::as_array).into_iter().flatten();
    choices.filter(|choice| choice.get("properties").is_some())
}

/// The definitions that a schema names, in the order of its settings. Those of the kinds have
/// chapters of their own.
fn references<'a>(schema: &'a Value, is_root: bool, found: &mut Vec<&'a str>) {
    match schema {
        Value::Object(object) => {
            for (key, inner) in object {
                match inner {
                    Value::String(name) if key == "$ref" => {
                        let name = name.strip_prefix("#/$defs/").unwrap_or_default();
                        if !name.starts_with(KIND_PREFIX) {
                            found.push(name);
                        }
                    }
                    _ if is_root && key == "$defs" => {}
                    inner => references(inner, false, found),
                }
            }
        }
        Value::Array(list) => list.iter().for_each(|inner| references(inner, false, found)),
        _ => {}
    }
}

fn table(out: &mut String, schema: &Value, root: &Value) {
    if schema.get("properties").is_some() {
        rows(out, schema, root);
    }
    for choice in tables_of(schema) {
        let text = description(choice).unwrap_or_default();
        let kind = choice.pointer("/properties/type/const").and_then(Value::as_str);
        match kind {
            Some(kind) => push(out, format_args!("\n`type = \"{kind}\"`: {text}\n")),
            None => push(out, format_args!("\n{text}\n")),
        }
        rows(out, choice, root);
    }
}

fn rows(out: &mut String, schema: &Value, root: &Value) {
    let Some(properties) = schema.get("properties").and_then(Value::as_object) else { return };
    let required = schema.get("required").and_then(Value::as_array);
    out.push_str("\n| setting | type | default | meaning |\n| --- | --- | --- | --- |\n");
    for (name, property) in properties {
        let must = required.is_some_and(|required| required.iter().any(|one| one == name));
        let default = match property.get("default") {
            _ if must => "**required**".to_owned(),
            Some(Value::Null) | None => String::new(),
            Some(Value::Object(table)) if table.is_empty() => String::new(),
            Some(Value::Object(_)) => "as below".to_owned(),
            Some(value) => format!("`{value}`"),
        };
        let text = description(property).or_else(|| description(target(property, root)));
        let text = text.unwrap_or_default().replace('|', "\\|");
        push(out, format_args!("| `{name}` | {} | {default} | {text} |\n", kind(property, root)));
    }
}

fn description(schema: &Value) -> Option<String> {
    let text = schema.get("description")?.as_str()?;
    Some(text.split_whitespace().collect::<Vec<_>>().join(" "))
}

fn target<'a>(property: &'a Value, root: &'a Value) -> &'a Value {
    let reference = property.get("$ref").and_then(Value::as_str);
    let pointer = reference.and_then(|reference| reference.strip_prefix('#'));
    pointer.and_then(|pointer| root.pointer(pointer)).unwrap_or(property)
}

/// The type of a setting in a few words.
fn kind(property: &Value, root: &Value) -> String {
    if let Some(name) = property.get("$ref").and_then(Value::as_str) {
        let name = name.strip_prefix("#/$defs/").unwrap_or(name);
        let target = target(property, root);
        if name.starts_with(KIND_PREFIX) || std::ptr::eq(target, property) {
            return "table".to_owned();
        }
        return match name {
            "SecretRef" => "secret".to_owned(),
            _ if is_shown(target) => format!("table [`{name}`](#{})", name.to_lowercase()),
            _ => kind(target, root),
        };
    }
    if let Some(values) = property.get("enum").and_then(Value::as_array) {
        let values: Vec<String> = values.iter().map(|value| format!("`{value}`")).collect();
        return values.join(", ");
    }
    if let Some(value) = property.get("const") {
        return format!("`{value}`");
    }
    if let Some(choices) = property.get("anyOf").or_else(|| property.get("oneOf")) {
        let choices = choices.as_array().into_iter().flatten();
        let mut kinds: Vec<String> = choices
            .filter(|choice| choice.get("type").is_none_or(|kind| kind != "null"))
            .map(|choice| kind(choice, root))
            .collect();
        kinds.dedup();
        return kinds.join(" or ");
    }
    let name = match property.get("type") {
        Some(Value::String(name)) => name.as_str(),
        Some(Value::Array(names)) => {
            names.iter().filter_map(Value::as_str).find(|name| *name != "null").unwrap_or("any")
        }
        _ => "any",
    };
    match name {
        "array" => match property.get("items") {
            Some(items) => format!("list of {}", kind(items, root)),
            None => "list".to_owned(),
        },
        "object" => match property.get("additionalProperties") {
            Some(inner @ Value::Object(_)) => format!("table of {}", kind(inner, root)),
            _ => "table".to_owned(),
        },
        "string" => "text".to_owned(),
        other => other.to_owned(),
    }
}

fn push(out: &mut String, text: std::fmt::Arguments<'_>) {
    // Writing into a String has no way to fail.
    let written = out.write_fmt(text);
    debug_assert!(written.is_ok(), "a String takes any text");
}
