//! The settings reference: JSON Schemas for editors and a page for people, from the types.

mod page;

use lienthong_adapter_api::Kind;
use schemars::{Schema, schema_for};
use serde_json::{Value, json};

use crate::hub::HubSettings;
use crate::load::SystemFile;
use crate::settings::Settings;

/// How the definitions of the kinds' settings begin.
const KIND_PREFIX: &str = "kind-";

/// One generated file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReferenceFile {
    /// Its path from the project's root.
    pub path: &'static str,
    /// What stands in it.
    pub text: String,
}

/// Writes the settings reference with these adapter kinds. The same input gives the same bytes.
pub fn reference(kinds: &[Kind]) -> Vec<ReferenceFile> {
    let connector = with_kinds(&schema_for!(Settings), kinds);
    let hub = schema_for!(HubSettings);
    let system = schema_for!(SystemFile);
    let page = page::page(&connector, &hub, &system, kinds);
    vec![
        ReferenceFile {
            path: "connector-config/settings.schema.json",
            text: pretty(connector.as_value()),
        },
        ReferenceFile { path: "connector-config/hub.schema.json", text: pretty(hub.as_value()) },
        ReferenceFile {
            path: "connector-config/system.schema.json",
            text: pretty(system.as_value()),
        },
        ReferenceFile { path: "docs/settings.md", text: page },
    ]
}

/// Lets the schema of a source's settings be any of the kinds': which one it is follows from the
/// system, which a schema can't know.
fn with_kinds(schema: &Schema, kinds: &[Kind]) -> Schema {
    let mut schema = schema.clone();
    let mut choices = Vec::new();
    for kind in kinds {
        let name = format!("{KIND_PREFIX}{}", kind.name);
        let own = embedded((kind.schemas)().settings.as_value(), &name);
        choices.push(json!({ "$ref": format!("#/$defs/{name}") }));
        if let Some(defs) = schema.get_mut("$defs").and_then(Value::as_object_mut) {
            defs.insert(name, own);
        }
    }
    let place = "/$defs/source/properties/settings";
    if let Some(settings) = schema.pointer_mut(place).and_then(Value::as_object_mut) {
        settings.remove("type");
        settings.remove("additionalProperties");
        settings.insert("anyOf".to_owned(), Value::Array(choices));
    }
    schema
}

/// Makes a schema part of another: its references then begin at its new place.
fn embedded(schema: &Value, name: &str) -> Value {
    let mut own = schema.clone();
    if let Some(object) = own.as_object_mut() {
        object.remove("$schema");
    }
    moved(&mut own, &format!("#/$defs/{name}/$defs/"));
    own
}

fn moved(value: &mut Value, root: &str) {
    match value {
        Value::Object(object) => {
            for (key, inner) in object {
                match inner {
                    Value::String(reference) if key == "$ref" => {
                        *reference = reference.replacen("#/$defs/", root, 1);
                    }
                    inner => moved(inner, root),
                }
            }
        }
        Value::Array(list) => list.iter_mut().for_each(|inner| moved(inner, root)),
        _ => {}
    }
}

fn pretty(schema: &Value) -> String {
    let mut text = serde_json::to_string_pretty(schema).unwrap_or_default();
    text.push('\n');
    text
}
