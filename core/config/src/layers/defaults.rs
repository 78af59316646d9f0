//! Default values out of a JSON Schema, so that the lowest layer needs no list of its own.

use figment::value::{Dict, Value};
use serde_json::Value as Json;

/// The default values that a schema states, as TOML text in figment's tree.
///
/// A table that must be written has no defaults as long as it is not there; its optional settings
/// do once it is, which is why the caller asks table by table.
pub(crate) fn defaults(schema: &schemars::Schema) -> Dict {
    of_object(schema.as_value(), schema.as_value())
}

fn of_object(object: &Json, root: &Json) -> Dict {
    let mut dict = Dict::new();
    let Some(properties) = object.get("properties").and_then(Json::as_object) else {
        return dict;
    };
    let required = object.get("required").and_then(Json::as_array);
    for (name, property) in properties {
        if required.is_some_and(|required| required.iter().any(|one| one == name)) {
            continue;
        }
        let target = resolve(property, root);
        let mut inner = of_object(target, root);
        match property.get("default").or_else(|| target.get("default")) {
            Some(Json::Object(stated)) if target.get("properties").is_some() => {
                let stated = stated.iter().filter(|(_, value)| !value.is_null());
                inner.extend(stated.map(|(key, value)| (key.clone(), of_json(value))));
                dict.insert(name.clone(), Value::from(inner));
            }
            Some(Json::Null) | None if inner.is_empty() => {}
            Some(Json::Null) | None => {
                dict.insert(name.clone(), Value::from(inner));
            }
            Some(value) => {
                dict.insert(name.clone(), of_json(value));
            }
        }
    }
    dict
}

fn of_json(value: &Json) -> Value {
    match value {
        Json::Object(object) if !object.is_empty() => {
            let entries = object.iter().filter(|(_, value)| !value.is_null());
            Value::from(entries.map(|(key, value)| (key.clone(), of_json(value))).collect::<Dict>())
        }
        value => {
            let text =
                toml::Value::try_from(value).map_or_else(|_| value.to_string(), |v| v.to_string());
            Value::from(text)
        }
    }
}

fn resolve<'a>(property: &'a Json, root: &'a Json) -> &'a Json {
    let reference = property.get("$ref").and_then(Json::as_str);
    let pointer = reference.and_then(|reference| reference.strip_prefix('#'));
    pointer.and_then(|pointer| root.pointer(pointer)).unwrap_or(property)
}
