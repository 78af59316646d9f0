//! Texts and attributes of elements: pieces gathered, references resolved, blanks kept.

use quick_xml::events::attributes::Attributes;

use super::{Stopped, Tag, Walk};
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
        tag: Tag<'a>,
        node: &Node,
        row: Row,
    ) -> Result<bool, Stopped> {
        if !tag.has_more() {
            return Ok(false);
        }
        self.some_attributes(tag, node, row)
    }

    pub(super) fn some_attributes(
        &mut self,
        tag: Tag<'a>,
        node: &Node,
        row: Row,
    ) -> Result<bool, Stopped> {
        let mut is_nil = false;
        for attribute in Attributes::new(tag.inside, tag.name.len()) {
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
    pub(super) fn gather(&mut self, text: Gathered<'a>, piece: &'a str) -> Gathered<'a> {
        if memchr::memchr(b'\r', piece.as_bytes()).is_some() {
            // Line ends are what XML says they are (section 2.11).
            let piece = piece.replace("\r\n", "\n").replace('\r', "\n");
            return self.gather_more(text, &piece);
        }
        match text {
            Gathered::Nothing => Gathered::Whole(piece),
            text => self.gather_more(text, piece),
        }
    }

    #[inline]
    pub(super) fn gather_letter(&mut self, text: Gathered<'a>, letter: char) -> Gathered<'a> {
        self.gather_more(text, letter.encode_utf8(&mut [0; 4]))
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

    /// The character that a reference stands for.
    #[inline]
    pub(super) fn resolve(&mut self, reference: &str) -> Result<char, Stopped> {
        let letter = match reference {
            "amp" => Some('&'),
            "lt" => Some('<'),
            "gt" => Some('>'),
            "quot" => Some('"'),
            "apos" => Some('\''),
            other => numbered(other),
        };
        match letter {
            Some(letter) => Ok(letter),
            None => Err(self.entity()),
        }
    }
}

/// The character of a numeric reference, if it is one that a text may hold.
#[cold]
fn numbered(reference: &str) -> Option<char> {
    let number = reference.strip_prefix('#')?;
    let (digits, radix) = match number.strip_prefix('x') {
        Some(digits) => (digits, 16),
        None => (number, 10),
    };
    // Checked here because a number may be read with a sign.
    if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let letter = u32::from_str_radix(digits, radix).ok().and_then(char::from_u32)?;
    (letter >= ' ' || matches!(letter, '\t' | '\n' | '\r')).then_some(letter)
}

/// The name without its prefix.
#[inline]
pub(super) fn local(name: &str) -> &str {
    match memchr::memchr(b':', name.as_bytes()) {
        Some(colon) => name.get(colon + 1..).unwrap_or(name),
        None => name,
    }
}
