//! Texts and attributes of elements: pieces gathered, references resolved, blanks kept.

use std::borrow::Cow;

use quick_xml::events::{BytesRef, BytesStart};

use super::{Stopped, Walk};
use crate::slots::{Row, Slot, Span};
use crate::trie::Node;

/// The text of one element, gathered from its pieces.
#[derive(Clone, Copy)]
pub(super) enum Gathered<'a> {
    Nothing,
    Whole(&'a str),
    Scratch(Span),
}

impl<'a> Gathered<'a> {
    #[inline]
    pub(super) const fn slot(self) -> Slot<'a> {
        match self {
            Self::Nothing => Slot::Text(""),
            Self::Whole(text) => Slot::Text(text),
            Self::Scratch(span) => Slot::Scratch(span),
        }
    }
}

impl<'a> Walk<'_, 'a> {
    /// Takes the wanted attributes into scratch text; answers whether the element says it is null.
    #[inline]
    pub(super) fn attributes(
        &mut self,
        start: &BytesStart<'a>,
        node: &Node,
        row: Row,
    ) -> Result<bool, Stopped> {
        if start.attributes_raw().is_empty() {
            return Ok(false);
        }
        self.some_attributes(start, node, row)
    }

    pub(super) fn some_attributes(
        &mut self,
        start: &BytesStart<'a>,
        node: &Node,
        row: Row,
    ) -> Result<bool, Stopped> {
        let mut is_nil = false;
        for attribute in start.attributes() {
            let attribute = match attribute {
                Ok(attribute) => attribute,
                Err(error) => return Err(self.malformed(&error.to_string())),
            };
            let name = attribute.key.into_inner();
            if name.starts_with("xmlns") {
                continue;
            }
            let wanted = node.attributes.iter().find(|(wanted, _)| &**wanted == local(name));
            let is_nil_mark = name.ends_with(":nil");
            if wanted.is_none() && !is_nil_mark {
                continue;
            }
            let version = quick_xml::XmlVersion::Implicit1_0;
            let Ok(value) = attribute.normalized_value(version) else {
                return Err(self.entity());
            };
            is_nil |= is_nil_mark && matches!(&*value, "true" | "1");
            if let Some((_, slot)) = wanted {
                let begin = self.slots.scratch.len();
                self.slots.scratch.push_str(&value);
                let span = Span::new(begin, self.slots.scratch.len());
                self.slots.set(row, *slot, Slot::Scratch(span));
            }
        }
        Ok(is_nil)
    }

    #[inline]
    pub(super) fn gather(&mut self, text: Gathered<'a>, piece: Cow<'a, str>) -> Gathered<'a> {
        match (text, piece) {
            (Gathered::Nothing, Cow::Borrowed(piece)) => Gathered::Whole(piece),
            (text, piece) => self.gather_more(text, &piece),
        }
    }

    /// Joins pieces in the scratch string; child elements may have written behind the last piece.
    fn gather_more(&mut self, text: Gathered<'a>, piece: &str) -> Gathered<'a> {
        let scratch = &mut self.slots.scratch;
        let mut start = scratch.len();
        match text {
            Gathered::Nothing => {}
            Gathered::Whole(text) => scratch.push_str(text),
            Gathered::Scratch(span) if span.range().end == start => start = span.range().start,
            Gathered::Scratch(span) => scratch.extend_from_within(span.range()),
        }
        scratch.push_str(piece);
        Gathered::Scratch(Span::new(start, scratch.len()))
    }

    #[cold]
    pub(super) fn resolve(&mut self, reference: &BytesRef<'a>) -> Result<char, Stopped> {
        let letter = match reference.resolve_char_ref() {
            Ok(Some(letter)) => Some(letter),
            Ok(None) => match &**reference {
                "lt" => Some('<'),
                "gt" => Some('>'),
                "amp" => Some('&'),
                "quot" => Some('"'),
                "apos" => Some('\''),
                _ => None,
            },
            Err(_) => None,
        };
        let is_text = |letter: &char| *letter >= ' ' || matches!(letter, '\t' | '\n' | '\r');
        match letter.filter(is_text) {
            Some(letter) => Ok(letter),
            None => Err(self.entity()),
        }
    }
}

/// The name without its prefix.
#[inline]
pub(super) fn local(name: &str) -> &str {
    match memchr::memchr(b':', name.as_bytes()) {
        Some(colon) => name.get(colon + 1..).unwrap_or(name),
        None => name,
    }
}
