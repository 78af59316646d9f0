//! The published schema says what acceptance asks for.

use proptest::prelude::*;
use regex::Regex;
use serde_json::json;

use super::*;
use crate::compile::tests::{compiled, national};
use crate::{Timestamp, decimal};

#[test]
fn the_schema_of_a_dossier_names_all_it_can_show() {
    let standard = national();
    let schema = standard.json_schema("dossier").unwrap();
    let properties = &schema["properties"];
    assert_eq!(schema["$id"], "urn:lienthong:standard:v1:dossier");
    assert_eq!(schema["additionalProperties"], false);
    assert_eq!(properties["TrichYeuHoSo"]["maxLength"], 1000);
    assert_eq!(properties["TrangThaiHoSo"]["enum"].as_array().unwrap().len(), 10);
    assert_eq!(properties["Email"]["x-personal"], true);
    assert_eq!(properties["DinhDanhCHS"]["type"], "object");
    let nested = &properties["DanhSachHoSoBoSung"]["items"]["properties"]["DanhSachLePhiBoSung"];
    assert_eq!(nested["items"]["required"], json!(["TenPhiLePhi", "Gia"]));
    assert!(schema["required"].as_array().unwrap().contains(&json!("MaHoSo")));
    assert!(!schema["required"].as_array().unwrap().contains(&json!("Email")));
    assert_eq!(standard.json_schema("dosier"), None);
}

#[test]
fn what_may_be_null_may_be_null_in_the_schema() {
    let schema = compiled("examples/peers/mappings/standard/peers").json_schema("dossier").unwrap();
    assert_eq!(schema["properties"]["overdue"]["type"], json!(["boolean", "null"]));
    assert_eq!(schema["properties"]["dueAt"]["type"], json!(["string", "null"]));
    assert_eq!(schema["properties"]["serviceLevel"]["maximum"], 4);
}

#[test]
fn every_pattern_of_a_schema_is_a_regular_expression() {
    fn check(value: &Value) {
        match value {
            Value::Object(members) => {
                if let Some(Value::String(pattern)) = members.get("pattern") {
                    Regex::new(pattern).unwrap();
                }
                members.values().for_each(check);
            }
            Value::Array(items) => items.iter().for_each(check),
            _ => {}
        }
    }
    let standard = national();
    for record in standard.record_types() {
        check(&standard.json_schema(&record.name).unwrap());
    }
}

proptest! {
    #[test]
    fn decimals_of_the_schema_are_canonical(text in "-?[0-9]{1,3}(\\.[0-9]{0,3})?") {
        let is_match = Regex::new(DECIMAL).unwrap().is_match(&text);
        prop_assert_eq!(is_match, decimal::is_canonical(&text), "{}", text);
    }

    #[test]
    fn timestamps_of_the_schema_are_canonical(seconds in -60_000_000_000_i64..250_000_000_000, nanos in 0_u32..1_000_000_000) {
        let text = Timestamp::from_unix(seconds, nanos).unwrap().to_string();
        prop_assert!(Regex::new(TIMESTAMP).unwrap().is_match(&text), "{}", text);
    }
}
