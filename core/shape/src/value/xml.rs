//! XML as a tree, seen as the mapping sees it.

use std::borrow::Cow;

use quick_xml::XmlVersion;
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::reader::Reader;

use super::{DEPTH_MAX, Unreadable, VALUES_MAX, Value};
use crate::Format;

const MALFORMED: Unreadable = Unreadable::Malformed { format: Format::Xml };

/// Different names in one element: each new one is compared with all before it.
const NAMES_MAX: usize = 2000;

/// Reads one element with its subtree, and what may stand around it.
pub(super) fn read(item: &[u8]) -> Result<Value<'_>, Unreadable> {
    let mut walk = Walk { reader: Reader::from_reader(item), left: VALUES_MAX };
    let mut value = None;
    loop {
        match walk.reader.read_event().map_err(|_| MALFORMED)? {
            Event::Start(start) if value.is_none() => value = Some(walk.element(&start, 1)?),
            Event::Empty(start) if value.is_none() => value = Some(walk.empty(&start)?),
            Event::Eof => return value.ok_or(MALFORMED),
            Event::Text(text) if text.trim().is_empty() => {}
            Event::Decl(_) | Event::Comment(_) | Event::PI(_) => {}
            _ => return Err(MALFORMED),
        }
    }
}

struct Walk<'a> {
    reader: Reader<&'a [u8]>,
    /// How many values may still come.
    left: usize,
}

/// An element's members as far as they have come.
#[derive(Default)]
struct Members<'a> {
    list: Vec<(Cow<'a, str>, Value<'a>)>,
    /// Which of them are lists of repeated elements.
    repeated: Vec<bool>,
}

impl<'a> Members<'a> {
    fn add(&mut self, name: Cow<'a, str>, value: Value<'a>) {
        let Some(at) = self.list.iter().position(|(known, _)| *known == name) else {
            self.list.push((name, value));
            self.repeated.push(false);
            return;
        };
        let (Some((_, known)), Some(is_repeated)) =
            (self.list.get_mut(at), self.repeated.get_mut(at))
        else {
            return;
        };
        if !std::mem::replace(is_repeated, true) {
            *known = Value::List(vec![std::mem::replace(known, Value::Null)]);
        }
        if let Value::List(elements) = known {
            elements.push(value);
        }
    }
}

impl<'a> Walk<'a> {
    /// Reads an element behind its start tag, up to its end tag.
    fn element(&mut self, start: &BytesStart<'a>, depth: usize) -> Result<Value<'a>, Unreadable> {
        if depth > DEPTH_MAX {
            return Err(Unreadable::TooBig);
        }
        self.left = self.left.checked_sub(1).ok_or(Unreadable::TooBig)?;
        let mut members = Members::default();
        let is_nil = attributes(start, &mut members)?;
        let mut text: Cow<'a, str> = Cow::Borrowed("");
        let mut has_children = false;
        loop {
            if members.list.len() > NAMES_MAX {
                return Err(Unreadable::TooBig);
            }
            match self.reader.read_event().map_err(|_| MALFORMED)? {
                Event::Start(child) => {
                    has_children = true;
                    let value = self.element(&child, depth + 1)?;
                    members.add(local(&child), value);
                }
                Event::Empty(child) => {
                    has_children = true;
                    let value = self.empty(&child)?;
                    members.add(local(&child), value);
                }
                Event::Text(piece) => gather(&mut text, piece.xml10_content()),
                Event::CData(piece) => gather(&mut text, piece.xml10_content()),
                Event::GeneralRef(reference) => {
                    gather(&mut text, Cow::Owned(resolve(&reference)?.to_string()));
                }
                Event::End(_) => break,
                Event::Comment(_) | Event::PI(_) => {}
                _ => return Err(MALFORMED),
            }
        }
        Ok(value_of(members, text, has_children, is_nil))
    }

    fn empty(&mut self, start: &BytesStart<'a>) -> Result<Value<'a>, Unreadable> {
        self.left = self.left.checked_sub(1).ok_or(Unreadable::TooBig)?;
        let mut members = Members::default();
        let is_nil = attributes(start, &mut members)?;
        Ok(value_of(members, Cow::Borrowed(""), false, is_nil))
    }
}

fn value_of<'a>(
    mut members: Members<'a>,
    text: Cow<'a, str>,
    has_children: bool,
    is_nil: bool,
) -> Value<'a> {
    if is_nil && !has_children {
        return Value::Null;
    }
    if members.list.is_empty() {
        return Value::Text(text);
    }
    // Between child elements there are mostly line ends.
    if !has_children || !text.trim().is_empty() {
        members.list.push((Cow::Borrowed("text()"), Value::Text(text)));
    }
    Value::Object(members.list)
}

fn gather<'a>(text: &mut Cow<'a, str>, piece: Cow<'a, str>) {
    if text.is_empty() {
        *text = piece;
    } else {
        text.to_mut().push_str(&piece);
    }
}

fn local<'a>(start: &BytesStart<'a>) -> Cow<'a, str> {
    Cow::Owned(start.local_name().into_inner().to_owned())
}

/// Takes the attributes in; answers whether the element says it is null.
fn attributes<'a>(start: &BytesStart<'a>, members: &mut Members<'a>) -> Result<bool, Unreadable> {
    let mut is_nil = false;
    for attribute in start.attributes() {
        let attribute = attribute.map_err(|_| MALFORMED)?;
        let name = attribute.key.into_inner();
        if name.starts_with("xmlns") {
            continue;
        }
        let value = attribute.normalized_value(XmlVersion::Implicit1_0).map_err(|_| MALFORMED)?;
        if name.ends_with(":nil") {
            is_nil |= matches!(&*value, "true" | "1");
            continue;
        }
        let name = format!("@{}", attribute.key.local_name().into_inner());
        members.add(Cow::Owned(name), Value::Text(Cow::Owned(value.into_owned())));
    }
    Ok(is_nil)
}

fn resolve(reference: &BytesRef<'_>) -> Result<char, Unreadable> {
    let letter = match reference.resolve_char_ref().map_err(|_| MALFORMED)? {
        Some(letter) => letter,
        None => match &**reference {
            "lt" => '<',
            "gt" => '>',
            "amp" => '&',
            "quot" => '"',
            "apos" => '\'',
            _ => return Err(MALFORMED),
        },
    };
    let is_text = letter >= ' ' || matches!(letter, '\t' | '\n' | '\r');
    if is_text { Ok(letter) } else { Err(MALFORMED) }
}
