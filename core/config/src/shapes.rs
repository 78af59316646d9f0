//! Shapes of feeds: files beside the mappings that read them.

use std::sync::Arc;

use lienthong_diagnostics::Problem;
use lienthong_mapping::Mapping;
use lienthong_shape::Shape;

use crate::Library;

/// What the names of shapes' files end with.
pub(crate) const ENDING: &str = ".shape.toml";

/// Where the shape of a mapping's feed lies in the data folders.
pub fn shape_path(mapping: &str) -> String {
    format!("mappings/systems/{mapping}{ENDING}")
}

/// Reads the shape of the feed that a mapping reads; none where there is no such file.
///
/// # Errors
/// All problems of the file, and that it is the shape of another mapping or of another format.
pub fn shape_of(library: &Library, mapping: &Mapping) -> Result<Option<Arc<Shape>>, Vec<Problem>> {
    let path = shape_path(mapping.name());
    let Some(text) = library.text(&path).map_err(|problem| vec![*problem])? else {
        return Ok(None);
    };
    let file = library.shown(&path);
    let shape = Shape::parse(&file, &text)?;
    let mut problems = Vec::new();
    let mut tell = |key: &str, message: String, hint: String| {
        problems.push(Problem {
            code: "LT-3060",
            message,
            label: "not the mapping's".to_owned(),
            hint: Some(hint),
            file: Arc::from(file.as_str()),
            text: Arc::clone(&text),
            span: value_of(&text, key),
        });
    };
    if *shape.mapping != *mapping.name() {
        let message = format!("the shape in this file is `{}`", shape.mapping);
        tell("shape", message, format!("write `shape = \"{}\"`, or move the file", mapping.name()));
    }
    if shape.format != mapping.format() {
        let message = format!("the mapping reads items written as {}", mapping.format().name());
        tell("format", message, "learn the shape again".to_owned());
    }
    if problems.is_empty() { Ok(Some(Arc::new(shape))) } else { Err(problems) }
}

/// The place of a key's value at the head of a shape's file, where every key begins its line.
fn value_of(text: &str, key: &str) -> std::ops::Range<usize> {
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let value = line.strip_prefix(key).and_then(|rest| rest.trim_start().strip_prefix('='));
        if let Some(value) = value {
            let from = start + line.len() - value.trim_start().len();
            return from..from + value.trim().len();
        }
        start += line.len();
    }
    0..0
}
