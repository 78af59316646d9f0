//! Reading a shape's file, learned or written by hand: everything is checked, all problems told.

use std::collections::BTreeMap;
use std::sync::Arc;

use lienthong_adapter_api::Section;
use lienthong_diagnostics::Problem;
use serde::Deserialize;

use crate::node::{Alphabet, Node, NumberSeen, TextSeen};
use crate::path::{self, Step};
use crate::write::limit_form;
use crate::{Format, Shape, decimal};

/// The code of what is wrong with a shape's file but its TOML.
const CODE: &str = "LT-3060";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    shape: String,
    format: String,
    #[serde(default)]
    items: u64,
    #[serde(default)]
    max_chars: Vec<u32>,
    places: BTreeMap<String, Place>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Place {
    #[serde(default)]
    absent: u64,
    #[serde(default)]
    null: u64,
    text: Option<Text>,
    number: Option<Number>,
    #[serde(default)]
    boolean: u64,
    #[serde(default)]
    object: u64,
    list: Option<List>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Text {
    #[serde(default)]
    count: u64,
    #[serde(default)]
    blank: u64,
    #[serde(default)]
    chars: (u32, u32),
    #[serde(default)]
    characters: Vec<Kind>,
    #[serde(default)]
    always: Vec<Box<str>>,
    #[serde(default)]
    sometimes: BTreeMap<Box<str>, u64>,
    values: Option<BTreeMap<Box<str>, u64>>,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Kind {
    BeyondAscii,
    NotComposed,
    Invisible,
    Control,
    OuterBlank,
    OddBlank,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Number {
    #[serde(default)]
    count: u64,
    #[serde(default)]
    whole: u64,
    #[serde(default)]
    chars: u32,
    range: Option<(Box<str>, Box<str>)>,
    values: Option<BTreeMap<Box<str>, u64>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct List {
    #[serde(default)]
    count: u64,
    #[serde(default)]
    length: (u32, u32),
}

impl Shape {
    /// Reads a shape's file. `file` is its name as the person knows it.
    ///
    /// # Errors
    /// Every problem of the file.
    pub fn parse(file: &str, text: &str) -> Result<Self, Vec<Problem>> {
        let section = Section::parse(file, text, "a shape")?;
        let read: File = section.read()?;
        let mut problems = Vec::new();
        let format = Format::of_name(&read.format).unwrap_or_else(|| {
            let message = format!("`{}` is not the format of an item", read.format);
            let hint = "write `json`, `xml` or `row`".to_owned();
            let span = section.span_of("format");
            problems.push(section.problem_at(span, CODE, message, "unknown format", Some(hint)));
            Format::Json
        });
        let places = section.child("places", "the places of a shape");
        let mut root = Node::default();
        for (name, place) in read.places {
            if let Err(wrong) = add(&mut root, &name, place, &read.max_chars) {
                let span = places.span_of(&name);
                let Wrong { message, hint } = wrong;
                problems.push(places.problem_at(span, CODE, message, "this place", Some(hint)));
            }
        }
        if problems.is_empty() {
            complete(&root, &path::Trail::ROOT, &mut |message, hint| {
                let span = places.span();
                problems.push(places.problem_at(span, CODE, message, "not described", Some(hint)));
            });
        }
        if !problems.is_empty() {
            problems.sort_by_key(|problem| problem.span.start);
            return Err(problems);
        }
        Ok(Self { mapping: Arc::from(read.shape), format, items: read.items, root })
    }
}

/// What is wrong with a place, and what to do about it.
struct Wrong {
    message: String,
    hint: String,
}

fn wrong<T>(message: impl Into<String>, hint: &str) -> Result<T, Wrong> {
    Err(Wrong { message: message.into(), hint: hint.to_owned() })
}

fn add(root: &mut Node, name: &str, place: Place, limits: &[u32]) -> Result<(), Wrong> {
    let Some(steps) = path::parse(name) else {
        let hint = "write `a.b`, `list[].name`, `map.*`, or `.` for the item; a name with points or \
                    brackets stands in quotes";
        return wrong(format!("`{name}` is no path of a shape"), hint);
    };
    let mut node = root;
    for step in steps {
        node = match step {
            Step::Name(name) => node.members.entry(name.into()).or_default(),
            Step::Others => node.others.get_or_insert_default(),
            Step::Elements => &mut node.list.get_or_insert_default().element,
        };
    }
    node.absent = place.absent;
    node.null = place.null;
    node.boolean = place.boolean;
    node.object = place.object;
    node.text = place.text.map(|read| text(read, limits)).transpose()?;
    node.number = place.number.map(number).transpose()?;
    if let Some(List { count, length: (len_min, len_max) }) = place.list {
        if len_min > len_max {
            return wrong("the least length is above the greatest", "write `[least, greatest]`");
        }
        let list = node.list.get_or_insert_default();
        (list.count, list.len_min, list.len_max) = (count, len_min, len_max);
    }
    node.occasions = node.absent + node.present();
    Ok(())
}

fn text(read: Text, limits: &[u32]) -> Result<TextSeen, Wrong> {
    let Text { count, blank, chars: (chars_min, chars_max), .. } = read;
    if chars_min > chars_max {
        return wrong("the fewest characters are above the most", "write `[fewest, most]`");
    }
    if blank > count {
        return wrong("more texts are blank than there are", "`text.count` counts blank ones too");
    }
    let has = |kind: Kind| read.characters.contains(&kind);
    let alphabet = Alphabet {
        beyond_ascii: has(Kind::BeyondAscii),
        not_composed: has(Kind::NotComposed),
        invisible: has(Kind::Invisible),
        control: has(Kind::Control),
        outer_blank: has(Kind::OuterBlank),
        odd_blank: has(Kind::OddBlank),
    };
    let mut seen = TextSeen { count, blank, chars_min, chars_max, alphabet, ..TextSeen::default() };
    let filled = seen.filled();
    if read.sometimes.values().any(|count| *count >= filled) {
        let hint = "forms that every text has stand in `text.always`";
        return wrong("`text.sometimes` counts as many as there are texts", hint);
    }
    seen.forms = read.sometimes;
    seen.forms.extend(read.always.into_iter().map(|form| (form, filled)));
    if chars_max > 0 {
        let limits = limits.iter().filter(|limit| chars_max <= **limit);
        seen.forms.extend(limits.map(|limit| (limit_form(*limit).into(), filled)));
    }
    seen.values = read.values;
    Ok(seen)
}

fn number(read: Number) -> Result<NumberSeen, Wrong> {
    let Number { count, whole, chars: chars_max, range, values } = read;
    if whole > count {
        return wrong("more numbers are whole than there are", "lower `number.whole`");
    }
    if let Some((least, most)) = &range {
        let is_plain = |text: &str| decimal::plain(text).is_some_and(|plain| plain == text);
        if !is_plain(least) || !is_plain(most) || decimal::compare(least, most).is_gt() {
            let hint = "write two decimals like `[\"0\", \"12.5\"]`, the least first";
            return wrong("`number.range` is no range of decimals", hint);
        }
    }
    Ok(NumberSeen { count, whole, chars_max, range, values })
}

/// Looks for places that stand below something that is not said to hold them.
fn complete(node: &Node, trail: &path::Trail<'_>, tell: &mut impl FnMut(String, String)) {
    let has_members = !node.members.is_empty() || node.others.is_some();
    if has_members && node.object == 0 {
        let hint = format!("write `object = 1` below `[places.\"{trail}\"]`");
        tell(format!("`{trail}` has members and is not said to be an object"), hint);
    }
    if let Some(list) = &node.list {
        let is_told = list.count > 0 || list.len_max > 0;
        if !is_told && *list.element != Node::default() {
            let hint = format!("write `list.length` below `[places.\"{trail}\"]`");
            tell(format!("`{trail}` has elements and is not said to be a list"), hint);
        }
        complete(&list.element, &trail.down(Step::Elements), tell);
    }
    for (name, member) in &node.members {
        complete(member, &trail.down(Step::Name(name)), tell);
    }
    if let Some(others) = &node.others {
        complete(others, &trail.down(Step::Others), tell);
    }
}

#[cfg(test)]
mod tests;
