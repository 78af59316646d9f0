//! Paths of places as text: `applicant.data`, `fees[].name`, `accounts.*`, and `.` for the item.
//!
//! Names with points, brackets, stars or quotes stand in quotes, as in the mapping language.

use std::fmt;

/// One step to a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step<S> {
    /// The member of this name.
    Name(S),
    /// Every element of the list.
    Elements,
    /// Every member whose name is not told.
    Others,
}

/// The way to a place, while something walks over an item or a shape.
#[derive(Clone, Copy)]
pub(crate) struct Trail<'t> {
    up: Option<&'t Self>,
    step: Option<Step<&'t str>>,
}

impl<'t> Trail<'t> {
    /// The item itself.
    pub(crate) const ROOT: Self = Self { up: None, step: None };

    pub(crate) const fn down(&'t self, step: Step<&'t str>) -> Self {
        Self { up: Some(self), step: Some(step) }
    }

    /// The names of the members from the item down; a map's are `*`.
    pub(crate) fn names(&self) -> Vec<&'t str> {
        let mut names = self.up.map(Trail::names).unwrap_or_default();
        match self.step {
            Some(Step::Name(name)) => names.push(name),
            Some(Step::Others) => names.push("*"),
            Some(Step::Elements) | None => {}
        }
        names
    }
}

impl fmt::Display for Trail<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Some(up), Some(step)) = (self.up, self.step) else { return out.write_str(".") };
        if up.step.is_some() {
            up.fmt(out)?;
            if step != Step::Elements {
                out.write_str(".")?;
            }
        }
        match step {
            Step::Elements => out.write_str("[]"),
            Step::Others => out.write_str("*"),
            Step::Name(name) => write_name(name, out),
        }
    }
}

fn write_name(name: &str, out: &mut impl fmt::Write) -> fmt::Result {
    // `text()` and `@name` of XML are plain names here.
    let is_plain = !name.is_empty()
        && name.trim() == name
        && !name.contains(['.', '[', ']', '*', '"', '\\'])
        && !name.contains(char::is_control);
    if is_plain { out.write_str(name) } else { write!(out, "{}", serde_json::Value::from(name)) }
}

/// Reads the text of a path; `None` when it is none.
pub(crate) fn parse(text: &str) -> Option<Vec<Step<String>>> {
    if text == "." {
        return Some(Vec::new());
    }
    let mut steps = Vec::new();
    let mut rest = text;
    loop {
        if let Some(behind) = rest.strip_prefix("[]") {
            steps.push(Step::Elements);
            rest = behind;
        } else {
            // A point joins names; the first has none before it.
            let name = if steps.is_empty() { rest } else { rest.strip_prefix('.')? };
            let (step, behind) = name_at(name)?;
            steps.push(step);
            rest = behind;
        }
        if rest.is_empty() {
            return Some(steps);
        }
    }
}

fn name_at(text: &str) -> Option<(Step<String>, &str)> {
    if text.starts_with('"') {
        let mut names = serde_json::Deserializer::from_str(text).into_iter::<String>();
        let name = names.next()?.ok()?;
        return Some((Step::Name(name), text.get(names.byte_offset()..)?));
    }
    let end = text.find(['.', '[']).unwrap_or(text.len());
    let (name, behind) = text.split_at_checked(end)?;
    if name == "*" {
        return Some((Step::Others, behind));
    }
    let is_name = !name.is_empty() && !name.contains([']', '*', '"', '\\']);
    is_name.then(|| (Step::Name(name.to_owned()), behind))
}
