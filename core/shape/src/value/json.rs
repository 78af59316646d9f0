//! JSON as a tree, with the exact text of numbers.
//!
//! The parser of `serde_json` judges whether it is JSON at all; the walk then only finds where each
//! value ends.

use std::borrow::Cow;

use serde_json::value::RawValue;

use super::{DEPTH_MAX, Unreadable, VALUES_MAX, Value, are_distinct};
use crate::Format;

pub(super) fn read(format: Format, item: &[u8]) -> Result<Value<'_>, Unreadable> {
    let malformed = Unreadable::Malformed { format };
    let raw: &RawValue = serde_json::from_slice(item).map_err(|_| malformed)?;
    let mut walk = Walk { text: raw.get(), at: 0, depth: 0, left: VALUES_MAX, malformed };
    walk.value()
}

struct Walk<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
    /// How many values may still come.
    left: usize,
    malformed: Unreadable,
}

impl<'a> Walk<'a> {
    fn peek(&self) -> u8 {
        self.text.as_bytes().get(self.at).copied().unwrap_or_default()
    }

    /// Passes blanks, and gives the byte behind them.
    fn next(&mut self) -> u8 {
        while matches!(self.peek(), b' ' | b'\t' | b'\n' | b'\r') {
            self.at += 1;
        }
        self.peek()
    }

    /// The text from a place to where the walk stands.
    fn since(&self, start: usize) -> &'a str {
        self.text.get(start..self.at).unwrap_or_default()
    }

    fn value(&mut self) -> Result<Value<'a>, Unreadable> {
        self.left = self.left.checked_sub(1).ok_or(Unreadable::TooBig)?;
        match self.next() {
            b'"' => Ok(Value::Text(self.string()?)),
            b'{' => self.nested(Self::object),
            b'[' => self.nested(Self::list),
            b'n' => Ok(self.word(4, Value::Null)),
            b't' => Ok(self.word(4, Value::Boolean)),
            b'f' => Ok(self.word(5, Value::Boolean)),
            _ => {
                let start = self.at;
                while matches!(self.peek(), b'+' | b'-' | b'.' | b'0'..=b'9' | b'e' | b'E') {
                    self.at += 1;
                }
                Ok(Value::Number(self.since(start)))
            }
        }
    }

    fn word(&mut self, length: usize, value: Value<'a>) -> Value<'a> {
        self.at += length;
        value
    }

    fn nested(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<Value<'a>, Unreadable>,
    ) -> Result<Value<'a>, Unreadable> {
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            return Err(Unreadable::TooBig);
        }
        self.at += 1;
        let value = read(self)?;
        self.at += 1;
        self.depth -= 1;
        Ok(value)
    }

    fn object(&mut self) -> Result<Value<'a>, Unreadable> {
        let mut members = Vec::new();
        while self.next() != b'}' {
            let name = self.string()?;
            self.next();
            self.at += 1;
            members.push((name, self.value()?));
            if self.next() == b',' {
                self.at += 1;
            }
        }
        if are_distinct(&members) { Ok(Value::Object(members)) } else { Err(Unreadable::Duplicate) }
    }

    fn list(&mut self) -> Result<Value<'a>, Unreadable> {
        let mut elements = Vec::new();
        while self.next() != b']' {
            elements.push(self.value()?);
            if self.next() == b',' {
                self.at += 1;
            }
        }
        Ok(Value::List(elements))
    }

    fn string(&mut self) -> Result<Cow<'a, str>, Unreadable> {
        let start = self.at;
        let mut has_escapes = false;
        loop {
            self.at += 1;
            match self.peek() {
                b'"' => break,
                b'\\' => {
                    has_escapes = true;
                    self.at += 1;
                }
                // Never in what was judged to be JSON; without it, the end would be passed.
                0 if self.at >= self.text.len() => return Err(self.malformed),
                _ => {}
            }
        }
        self.at += 1;
        let quoted = self.since(start);
        if has_escapes {
            // Half of a surrogate pair is JSON and no text.
            let text: String = serde_json::from_str(quoted).map_err(|_| self.malformed)?;
            return Ok(Cow::Owned(text));
        }
        Ok(Cow::Borrowed(quoted.get(1..quoted.len() - 1).unwrap_or_default()))
    }
}
