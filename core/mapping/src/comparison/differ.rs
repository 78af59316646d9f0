//! Which fields of two canonical records differ, and how their values are shown.

use std::collections::{BTreeMap, BTreeSet};

use lienthong_standard::RecordType;
use serde_json::value::RawValue;

use super::{FieldChange, Values};
use crate::Mapped;

/// What stands in the place of a personal value.
const MASK: &str = "•••";

/// The fields that differ, by their names without rows, with their values.
pub(super) fn fields(
    record_type: &RecordType,
    (before, after): (Option<&Mapped>, Option<&Mapped>),
    values: Values,
) -> Vec<(String, FieldChange)> {
    let (mut old, mut new) = (BTreeMap::new(), BTreeMap::new());
    for (mapped, flat) in [(before, &mut old), (after, &mut new)] {
        if let Some(text) = mapped.and_then(|mapped| std::str::from_utf8(&mapped.record).ok()) {
            flatten(text, "", flat);
        }
    }
    let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let differing = names.into_iter().filter(|name| old.get(*name) != new.get(*name));
    let changes = differing.map(|name| {
        let field = without_rows(name);
        let is_masked = values == Values::Masked && is_personal(record_type, &field);
        let shown = |value: Option<&String>| match value {
            Some(_) if is_masked => Some(MASK.to_owned()),
            value => value.cloned(),
        };
        let (before, after) = (shown(old.get(name)), shown(new.get(name)));
        (field, FieldChange { field: name.clone(), before, after })
    });
    changes.collect()
}

/// A key for people: its parts, personal ones masked.
pub(super) fn key(
    record_type: &RecordType,
    key: Option<&String>,
    values: Values,
) -> Option<String> {
    let parts = key?.split('\u{1f}').zip(&record_type.key).map(|(part, index)| {
        let field = record_type.fields.get(*index);
        let is_personal = field.is_some_and(|field| field.personal.is_some());
        if is_personal && values == Values::Masked { MASK } else { part }
    });
    Some(parts.collect::<Vec<_>>().join(" · "))
}

/// The name of a field without the rows of its groups: `DanhSachLePhi.Gia`.
pub(super) fn without_rows(name: &str) -> String {
    let mut plain = String::with_capacity(name.len());
    let mut is_row = false;
    for letter in name.chars() {
        match letter {
            '[' => is_row = true,
            ']' => is_row = false,
            letter if !is_row => plain.push(letter),
            _ => {}
        }
    }
    plain
}

fn is_personal(record_type: &RecordType, name: &str) -> bool {
    let (fields, name) = match name.rsplit_once('.') {
        Some((group, name)) => {
            let group = record_type.group_index(group);
            let group = group.and_then(|index| record_type.groups.get(index));
            (group.map(|group| &group.fields), name)
        }
        None => (Some(&record_type.fields), name),
    };
    let field = fields.and_then(|fields| fields.iter().find(|field| &*field.name == name));
    // What is no field of the standard is not known to be harmless.
    field.is_none_or(|field| field.personal.is_some())
}

/// Takes a canonical record apart. Numbers keep their digits: they stay text.
fn flatten(text: &str, at: &str, out: &mut BTreeMap<String, String>) {
    if let Ok(object) = serde_json::from_str::<BTreeMap<String, &RawValue>>(text) {
        for (name, value) in object {
            let inner = if at.is_empty() { name } else { format!("{at}.{name}") };
            flatten(value.get(), &inner, out);
        }
    } else if let Ok(list) = serde_json::from_str::<Vec<&RawValue>>(text) {
        for (index, value) in list.iter().enumerate() {
            flatten(value.get(), &format!("{at}[{index}]"), out);
        }
    } else {
        let value = serde_json::from_str::<String>(text).unwrap_or_else(|_| text.to_owned());
        out.insert(at.to_owned(), value);
    }
}
