//! Every setting with its value and where it came from, for `lienthong config show`.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use figment::value::{Dict, Value};
use figment::{Figment, Profile, Provider as _};
use lienthong_adapter_api::Section;
use serde::Serialize;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// The name of the lowest layer.
pub(crate) const DEFAULT: &str = "default";

/// One setting as it stands after all layers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Shown {
    /// The way to it: `sources.igate.schedule.every_secs`.
    pub path: String,
    /// Its value as TOML; a secret as its reference.
    pub value: String,
    /// Where it came from: `default`, `h22.toml:7:1`, `LIENTHONG_…`, `--set …`.
    pub origin: String,
}

/// Where the leaves of a text stand: line and column, by their way.
pub(crate) type Places = BTreeMap<String, (usize, usize)>;

/// A settings text as figment takes it: leaves as the TOML text that the person wrote.
pub(crate) struct Tree {
    pub(crate) values: Dict,
    pub(crate) places: Places,
}

impl Tree {
    /// Reads a section. Lists whose elements all have a `name` become tables by those names.
    pub(crate) fn read(section: &Section) -> Self {
        let text = Arc::clone(section.text());
        let mut places = Places::new();
        let values = section.with_value(|value, _| match value.get_ref() {
            DeValue::Table(table) => of_table(table, &text, "", &mut places),
            _ => Dict::new(),
        });
        Self { values, places }
    }
}

fn of_table(table: &DeTable<'_>, text: &str, way: &str, places: &mut Places) -> Dict {
    let mut dict = Dict::new();
    for (key, value) in table {
        let path = joined(way, key.get_ref());
        places.insert(path.clone(), place(text, key.span()));
        dict.insert(key.get_ref().to_string(), of_value(value, text, &path, places));
    }
    dict
}

fn of_value(value: &Spanned<DeValue<'_>>, text: &str, way: &str, places: &mut Places) -> Value {
    match value.get_ref() {
        DeValue::Table(table) => Value::from(of_table(table, text, way, places)),
        DeValue::Array(list) => {
            let named = list.iter().map(|element| {
                let table = element.get_ref().as_table()?;
                let name = table.get("name")?.get_ref().as_str()?.to_owned();
                let inner = of_table(table, text, &joined(way, &name), places);
                Some((name, Value::from(inner)))
            });
            match named.collect::<Option<Dict>>() {
                Some(named) if !named.is_empty() => Value::from(named),
                _ => Value::from(written(text, value.span())),
            }
        }
        _ => Value::from(written(text, value.span())),
    }
}

/// A value as the person wrote it, on one line.
fn written(text: &str, span: Range<usize>) -> String {
    let lines = text.get(span).unwrap_or_default().lines().map(str::trim);
    lines.collect::<Vec<_>>().join(" ")
}

fn place(text: &str, span: Range<usize>) -> (usize, usize) {
    let before = text.get(..span.start).unwrap_or_default();
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    (before.matches('\n').count() + 1, column)
}

fn joined(way: &str, key: &str) -> String {
    if way.is_empty() { key.to_owned() } else { format!("{way}.{key}") }
}

/// Lists all values of a merged figment in the order of their ways.
pub(crate) fn show(figment: &Figment, file: &str, places: &Places) -> Vec<Shown> {
    let mut rows = Vec::new();
    let mut all = figment.data().unwrap_or_default();
    let root = all.remove(&Profile::Default).unwrap_or_default();
    walk(figment, &root, "", &mut rows);
    for row in &mut rows {
        if row.origin == file
            && let Some((line, column)) = places.get(&row.path)
        {
            row.origin = format!("{file}:{line}:{column}");
        }
    }
    rows
}

fn walk(figment: &Figment, dict: &Dict, way: &str, rows: &mut Vec<Shown>) {
    for (key, value) in dict {
        let path = joined(way, key);
        if let Some(inner) = value.as_dict() {
            walk(figment, inner, &path, rows);
            continue;
        }
        let origin = figment.get_metadata(value.tag()).map_or(DEFAULT, |layer| &*layer.name);
        let text = value.as_str().unwrap_or_default().to_owned();
        rows.push(Shown { path, value: text, origin: origin.to_owned() });
    }
}
