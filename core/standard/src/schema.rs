//! JSON Schema (2020-12) of the canonical form, for tools that are not ours.
//!
//! It says what one record alone can show. The days on which a code is in force and the rules across
//! fields are beyond it; they are named in `x-` members.

use serde_json::{Map, Value, json};

use crate::accept::shape_of;
use crate::record_type::Group;
use crate::{Bound, Field, FieldType, RecordType, Standard};

const DECIMAL: &str = r"^(-?[1-9][0-9]*|0|-?0\.[0-9]*[1-9][0-9]*|0\.0+|-?[1-9][0-9]*\.[0-9]+)$";
const DATE: &str = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$";
const TIMESTAMP: &str = concat!(
    "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}",
    r"(\.[0-9]{0,8}[1-9])?\+[0-9]{2}:[0-9]{2}$"
);

impl Standard {
    /// The JSON Schema of a record type's canonical form.
    pub fn json_schema(&self, record_type: &str) -> Option<Value> {
        let record = self.record_type(record_type)?;
        let mut schema = self.object(record, &record.fields, None);
        let head = json!({
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "$id": format!("urn:lienthong:standard:{}:{}", self.name(), record.name),
            "title": &*record.title.vi,
            "description": &*record.title.en,
        });
        if let Value::Object(head) = head {
            schema.extend(head);
        }
        let rules: Vec<Value> = record
            .rules
            .iter()
            .map(|rule| {
                let group = rule.group.and_then(|group| record.groups.get(group));
                json!({
                    "code": &*rule.code,
                    "group": group.map(|group| &*group.path),
                    "holds": &*rule.holds_text,
                    "severity": rule.severity.name(),
                    "message": &*rule.message.en,
                })
            })
            .collect();
        schema.insert("x-rules".to_owned(), Value::Array(rules));
        Some(Value::Object(schema))
    }

    fn object(
        &self,
        record: &RecordType,
        fields: &[Field],
        group: Option<usize>,
    ) -> Map<String, Value> {
        let mut properties = Map::new();
        let mut required = Vec::new();
        for field in fields {
            properties.insert(field.name.to_string(), self.field(field));
            if field.required {
                required.push(json!(&*field.name));
            }
        }
        for (index, inner) in record.children(group) {
            properties.insert(inner.name.to_string(), self.group(record, index, inner));
            if inner.required {
                required.push(json!(&*inner.name));
            }
        }
        let mut schema = Map::new();
        schema.insert("type".to_owned(), json!("object"));
        schema.insert("properties".to_owned(), Value::Object(properties));
        schema.insert("required".to_owned(), Value::Array(required));
        schema.insert("additionalProperties".to_owned(), json!(false));
        schema
    }

    fn group(&self, record: &RecordType, index: usize, group: &Group) -> Value {
        let mut row = self.object(record, &group.fields, Some(index));
        let (vi, en) = (&*group.title.vi, &*group.title.en);
        if group.single {
            row.insert("title".to_owned(), json!(vi));
            row.insert("description".to_owned(), json!(en));
            return Value::Object(row);
        }
        json!({
            "type": "array",
            "title": vi,
            "description": en,
            "minItems": 1,
            "maxItems": group.rows_max,
            "items": row,
        })
    }

    fn field(&self, field: &Field) -> Value {
        let mut schema = match field.kind {
            FieldType::Text => text(field),
            FieldType::Identifier(kind) => {
                let mut schema = text(field);
                schema.insert("pattern".to_owned(), json!(shape_of(kind).regex()));
                schema
            }
            // Thousands of codes are no use to a reader of the schema.
            FieldType::Code(id) if self.is_large(id) => {
                let list = self.list(id).map_or("", |list| &*list.name);
                members([("type", json!("string")), ("x-code-list", json!(list))])
            }
            FieldType::Code(id) => {
                let mut codes: Vec<&str> = self
                    .list(id)
                    .map_or(&[][..], |list| list.codes())
                    .iter()
                    .map(|code| &*code.code)
                    .collect();
                // A code may stand in the list for several spans of days.
                codes.dedup();
                let mut codes: Vec<Value> = codes.into_iter().map(Value::from).collect();
                codes.extend(field.nullable.then_some(Value::Null));
                members([("type", json!("string")), ("enum", Value::Array(codes))])
            }
            FieldType::Integer => bounded("integer", field),
            FieldType::Decimal => members([("type", json!("string")), ("pattern", json!(DECIMAL))]),
            FieldType::Boolean => members([("type", json!("boolean"))]),
            FieldType::Date => members([
                ("type", json!("string")),
                ("format", json!("date")),
                ("pattern", json!(DATE)),
            ]),
            FieldType::Timestamp => members([
                ("type", json!("string")),
                ("format", json!("date-time")),
                ("pattern", json!(TIMESTAMP)),
            ]),
        };
        if field.nullable
            && let Some(kind) = schema.get_mut("type")
        {
            *kind = json!([kind.clone(), "null"]);
        }
        schema.insert("title".to_owned(), json!(&*field.title.vi));
        let note = field.note.as_ref().map(|note| format!(". {note}")).unwrap_or_default();
        schema.insert("description".to_owned(), json!(format!("{}{note}", field.title.en)));
        if field.personal.is_some() {
            schema.insert("x-personal".to_owned(), json!(true));
        }
        Value::Object(schema)
    }
}

fn text(field: &Field) -> Map<String, Value> {
    let mut schema = members([("type", json!("string")), ("minLength", json!(1))]);
    if let Some(max) = field.max_chars {
        schema.insert("maxLength".to_owned(), json!(max));
    }
    if let Some(pattern) = &field.pattern {
        schema.insert("pattern".to_owned(), json!(pattern.regex()));
    }
    schema
}

fn bounded(kind: &str, field: &Field) -> Map<String, Value> {
    let mut schema = members([("type", json!(kind))]);
    for (name, bound) in [("minimum", &field.min), ("maximum", &field.max)] {
        if let Some(Bound::Integer(number)) = bound {
            schema.insert(name.to_owned(), json!(number));
        }
    }
    schema
}

fn members<const N: usize>(members: [(&str, Value); N]) -> Map<String, Value> {
    members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

#[cfg(test)]
mod tests;
