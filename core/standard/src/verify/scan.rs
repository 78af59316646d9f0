//! A scanner that reads exactly the canonical form of one record type.

use crate::scan::find_escape;
use crate::{Date, Field, FieldFault, FieldType, RecordType, Timestamp};

use super::{GroupSlots, Slot, VerifyScratch};

/// Reads a record into the scratch; the first place that is not canonical ends it.
pub(super) fn record(
    record_type: &RecordType,
    json: &str,
    scratch: &mut VerifyScratch,
) -> Result<(), Box<FieldFault>> {
    scratch.text.clear();
    scratch.fields.clear();
    scratch.groups.resize_with(record_type.groups.len(), GroupSlots::default);
    for group in &mut scratch.groups {
        group.fields.clear();
        group.parents.clear();
    }
    let mut scanner = Scanner { record_type, json, at: 0, scratch };
    scanner.object(&record_type.fields, None, 0)?;
    if scanner.at < json.len() {
        return Err(scanner.fault("the end of the record", "hết bản ghi"));
    }
    Ok(())
}

pub(super) fn not_utf8(at: usize) -> FieldFault {
    FieldFault {
        code: "LT-4114",
        field: String::new(),
        reason: format!("the record is not UTF-8 at byte {at}"),
        reason_vi: format!("bản ghi không phải UTF-8 tại byte {at}"),
        hint: None,
        waiting_for: None,
    }
}

struct Scanner<'a, 's> {
    record_type: &'a RecordType,
    json: &'a str,
    at: usize,
    scratch: &'s mut VerifyScratch,
}

impl Scanner<'_, '_> {
    /// Reads one object: its fields in order, then the groups that lie in it.
    fn object(
        &mut self,
        fields: &[Field],
        group: Option<usize>,
        row: u32,
    ) -> Result<(), Box<FieldFault>> {
        self.expect(b'{', "`{`")?;
        let mut is_first = true;
        for field in fields {
            let slot = if self.take_member(field.json_key.as_bytes(), &mut is_first) {
                self.value(field.kind)?
            } else {
                Slot::Missing
            };
            match group {
                None => self.scratch.fields.push(slot),
                Some(index) => {
                    if let Some(group) = self.scratch.groups.get_mut(index) {
                        group.fields.push(slot);
                    }
                }
            }
        }
        for (index, inner) in self.record_type.groups.iter().enumerate() {
            if inner.parent == group && self.take_member(inner.json_key.as_bytes(), &mut is_first) {
                self.rows(index, group.map(|_| row))?;
            }
        }
        if self.peek() == Some(b'}') {
            self.at += 1;
            return Ok(());
        }
        Err(self.unexpected_member(fields, group, is_first))
    }

    /// Steps over `"name":`, with the comma before it, if exactly that comes next.
    fn take_member(&mut self, json_key: &[u8], is_first: &mut bool) -> bool {
        let rest = self.rest();
        let member = if *is_first { Some(rest) } else { rest.strip_prefix(b",") };
        let is_there = member.is_some_and(|member| member.starts_with(json_key));
        if is_there {
            self.at += json_key.len() + usize::from(!*is_first);
            *is_first = false;
        }
        is_there
    }

    fn rows(&mut self, index: usize, parent_row: Option<u32>) -> Result<(), Box<FieldFault>> {
        let record_type = self.record_type;
        let Some(group) = record_type.groups.get(index) else { return Ok(()) };
        if group.single {
            return self.row(index, &group.fields, parent_row);
        }
        self.expect(b'[', "`[`")?;
        loop {
            self.row(index, &group.fields, parent_row)?;
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b']') => {
                    self.at += 1;
                    return Ok(());
                }
                _ => return Err(self.fault("`,` or `]`", "`,` hoặc `]`")),
            }
        }
    }

    fn row(
        &mut self,
        index: usize,
        fields: &[Field],
        parent_row: Option<u32>,
    ) -> Result<(), Box<FieldFault>> {
        let Some(group) = self.scratch.groups.get_mut(index) else { return Ok(()) };
        let row = group.fields.len() / fields.len().max(1);
        group.parents.extend(parent_row);
        self.object(fields, Some(index), u32::try_from(row).unwrap_or(u32::MAX))
    }

    fn value(&mut self, kind: FieldType) -> Result<Slot, Box<FieldFault>> {
        match self.peek() {
            Some(b'"') => self.string(kind),
            Some(b'-' | b'0'..=b'9') => self.integer(),
            _ => {
                let words: [(&[u8], Slot); 3] = [
                    (b"null", Slot::Null),
                    (b"true", Slot::Boolean(true)),
                    (b"false", Slot::Boolean(false)),
                ];
                let rest = self.rest();
                let Some((word, slot)) = words.into_iter().find(|(w, _)| rest.starts_with(w))
                else {
                    return Err(self.fault("a value", "một giá trị"));
                };
                self.at += word.len();
                Ok(slot)
            }
        }
    }

    fn integer(&mut self) -> Result<Slot, Box<FieldFault>> {
        let rest = self.rest();
        let is_part = |byte: &&u8| matches!(byte, b'-' | b'+' | b'.' | b'e' | b'E' | b'0'..=b'9');
        let length = rest.iter().take_while(is_part).count();
        let text = self.json.get(self.at..self.at + length).unwrap_or_default();
        let number: Option<i64> = text.parse().ok();
        let is_canonical = number.is_some_and(|number| itoa::Buffer::new().format(number) == text);
        match number.filter(|_| is_canonical) {
            Some(number) => {
                self.at += length;
                Ok(Slot::Integer(number))
            }
            None => Err(self.fault(
                "a whole number of 64 bits (a decimal is written as a string)",
                "một số nguyên 64 bit (số thập phân viết dưới dạng chuỗi)",
            )),
        }
    }

    fn string(&mut self, kind: FieldType) -> Result<Slot, Box<FieldFault>> {
        let start = self.at + 1;
        let rest = self.json.as_bytes().get(start..).unwrap_or_default();
        let length = find_escape(rest).unwrap_or(rest.len());
        let end = start + length;
        if rest.get(length) != Some(&b'"') {
            return self.escaped(start, end);
        }
        self.at = end + 1;
        let text = self.json.get(start..end).unwrap_or_default();
        let slot = match kind {
            FieldType::Decimal => Some(Slot::Decimal(start, end)),
            FieldType::Date => Date::parse_iso(text).map(Slot::Date),
            FieldType::Timestamp => Timestamp::parse_canonical(text).map(Slot::Timestamp),
            _ => None,
        };
        Ok(slot.unwrap_or(Slot::Text(start, end)))
    }

    /// A string with escapes, from its start and the place of the first one.
    fn escaped(&mut self, start: usize, first: usize) -> Result<Slot, Box<FieldFault>> {
        let from = self.scratch.text.len();
        let mut run = start;
        self.at = first;
        loop {
            let part = self.json.get(run..self.at).unwrap_or_default();
            match self.rest() {
                [b'"', ..] => {
                    self.scratch.text.push_str(part);
                    self.at += 1;
                    return Ok(Slot::Unescaped(from, self.scratch.text.len()));
                }
                [b'\\', escape, ..] => {
                    let character = match escape {
                        b'"' => '"',
                        b'\\' => '\\',
                        b'n' => '\n',
                        b'r' => '\r',
                        b't' => '\t',
                        _ => return Err(self.fault("a canonical escape", "ký tự thoát chuẩn")),
                    };
                    self.scratch.text.push_str(part);
                    self.scratch.text.push(character);
                    self.at += 2;
                    run = self.at;
                }
                [byte, ..] if *byte >= 0x20 => self.at += 1,
                _ => return Err(self.fault("the end of a string", "hết chuỗi")),
            }
        }
    }

    fn rest(&self) -> &[u8] {
        self.json.as_bytes().get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<u8> {
        self.json.as_bytes().get(self.at).copied()
    }

    fn expect(&mut self, byte: u8, what: &str) -> Result<(), Box<FieldFault>> {
        if self.peek() == Some(byte) {
            self.at += 1;
            return Ok(());
        }
        Err(self.fault(what, what))
    }

    #[cold]
    fn fault(&self, expected: &str, expected_vi: &str) -> Box<FieldFault> {
        let at = self.at;
        Box::new(FieldFault {
            code: "LT-4114",
            field: String::new(),
            reason: format!("the record is not in canonical form at byte {at}: want {expected}"),
            reason_vi: format!("bản ghi không ở dạng chuẩn tại byte {at}: cần {expected_vi}"),
            hint: None,
            waiting_for: None,
        })
    }

    /// Says why no field fits at the place of the next member.
    #[cold]
    fn unexpected_member(
        &self,
        fields: &[Field],
        group: Option<usize>,
        is_first: bool,
    ) -> Box<FieldFault> {
        let rest = self.json.get(self.at..).unwrap_or_default();
        let member = if is_first { Some(rest) } else { rest.strip_prefix(',') };
        let name = member
            .and_then(|member| member.strip_prefix('"'))
            .and_then(|member| member.split_once("\":"))
            .map(|(name, _)| name);
        let Some(name) = name else { return self.fault("`,` or `}`", "`,` hoặc `}`") };
        let groups = self.record_type.children(group).map(|(_, inner)| &*inner.name);
        let mut known = fields.iter().map(|field| &*field.name).chain(groups);
        if known.any(|known| known == name) {
            let hint = "fields follow the order of the record type, each at most once";
            let fault = self.fault("another field", "trường khác");
            let (field, hint) = (name.to_owned(), Some(hint.to_owned()));
            return Box::new(FieldFault { field, hint, ..*fault });
        }
        let shown: String = name.chars().take(60).collect();
        Box::new(FieldFault {
            code: "LT-4115",
            field: shown.clone(),
            reason: format!("`{shown}` is not a field of `{}`", self.record_type.name),
            reason_vi: format!("`{shown}` không phải là trường của `{}`", self.record_type.name),
            hint: Some("the record may be of another version of the standard".to_owned()),
            waiting_for: None,
        })
    }
}
