//! Comparing an item with what a shape claims.

use std::fmt;
use std::sync::Arc;

use crate::claims::{Claims, Elements, Members, Numbers, Texts};
use crate::learn::{alphabet, is_whole};
use crate::path::{Step, Trail};
use crate::value::{self, Unreadable, Value};
use crate::{Alphabet, Probe, Shape, decimal};

/// One place where an item is not as its shape says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misfit {
    /// The path of the place.
    pub path: String,
    /// What is not so.
    pub reason: Reason,
}

/// What is not as a shape says. No value of the item is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The item can't be read.
    Unreadable(Unreadable),
    /// A member that is not known.
    Unknown,
    /// A type that did not stand there: `text`, `number`, `true or false`, `object`, `list`.
    Type(&'static str),
    /// Nothing is there, and always was.
    Absent,
    /// It is null and never was.
    Null,
    /// The text is blank and none was.
    Blank,
    /// The text has fewer or more characters than any.
    Chars(usize),
    /// The text does not have the form of this name, which all had.
    Form(String),
    /// The value is not among those that occur.
    Value,
    /// The text has characters of this kind, and none had.
    Characters(&'static str),
    /// The list has fewer or more elements than any.
    Elements(usize),
    /// The number has a fraction or an exponent, and none had.
    NotWhole,
    /// The number lies outside the range of all, or has more characters than any.
    Range,
}

impl fmt::Display for Misfit {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { path, reason } = self;
        match reason {
            Reason::Unreadable(why) => write!(out, "{why}"),
            Reason::Unknown => write!(out, "`{path}` is not known"),
            Reason::Type(name) => write!(out, "`{path}` is a {name} now"),
            Reason::Absent => write!(out, "`{path}` is not there"),
            Reason::Null => write!(out, "`{path}` is null"),
            Reason::Blank => write!(out, "`{path}` is blank"),
            Reason::Chars(chars) => write!(out, "`{path}` has {chars} characters"),
            Reason::Form(form) => write!(out, "`{path}` does not have the form `{form}`"),
            Reason::Value => write!(out, "`{path}` has a value that is not known"),
            Reason::Characters(kind) => write!(out, "`{path}` has characters that are {kind}"),
            Reason::Elements(count) => write!(out, "`{path}` has {count} elements"),
            Reason::NotWhole => write!(out, "`{path}` is not a whole number"),
            Reason::Range => write!(out, "`{path}` is a number outside the range"),
        }
    }
}

impl Shape {
    /// Whether an item is as the shape says in everything. To compare many, make [`Claims`] once.
    ///
    /// # Errors
    /// Everything that is not so.
    pub fn fits(&self, item: &[u8], probes: &[Arc<dyn Probe>]) -> Result<(), Vec<Misfit>> {
        Claims::new(self, probes).fits(item)
    }
}

impl Claims {
    /// Whether an item is as the shape says in everything.
    ///
    /// # Errors
    /// Everything that is not so.
    pub fn fits(&self, item: &[u8]) -> Result<(), Vec<Misfit>> {
        let value = value::read(self.format, item).map_err(|error| {
            vec![Misfit { path: ".".to_owned(), reason: Reason::Unreadable(error) }]
        })?;
        let mut fit = Fit { claims: self, misfits: Vec::new() };
        fit.value(0, &value);
        if fit.misfits.is_empty() { Ok(()) } else { Err(fit.misfits) }
    }

    pub(crate) fn path(&self, place: usize) -> &str {
        self.places.get(place).map_or("", |place| &place.path)
    }
}

struct Fit<'c> {
    claims: &'c Claims,
    misfits: Vec<Misfit>,
}

impl Fit<'_> {
    fn tell(&mut self, place: usize, reason: Reason) {
        self.misfits.push(Misfit { path: self.claims.path(place).to_owned(), reason });
    }

    fn value(&mut self, at: usize, value: &Value<'_>) {
        let claims = self.claims;
        let Some(place) = claims.places.get(at) else { return };
        match (value, &place.text, &place.number, &place.members, &place.list) {
            (Value::Null, ..) if place.may_be_null => {}
            (Value::Null, ..) => self.tell(at, Reason::Null),
            (Value::Boolean, ..) if place.may_be_boolean => {}
            (Value::Text(text), Some(texts), ..) => self.text(at, texts, text),
            (Value::Number(literal), _, Some(numbers), ..) => self.number(at, numbers, literal),
            (Value::Object(found), _, _, Some(members), _) => self.object(at, members, found),
            (Value::List(found), .., Some(list)) => self.list(at, list, found),
            _ => self.tell(at, Reason::Type(type_name(value))),
        }
    }

    fn text(&mut self, at: usize, texts: &Texts, text: &str) {
        if let Some(kind) = strange(texts.alphabet, alphabet(text)) {
            self.tell(at, Reason::Characters(kind));
        }
        if text.trim().is_empty() {
            if !texts.may_be_blank {
                self.tell(at, Reason::Blank);
            }
            return;
        }
        let chars = text.chars().count();
        let (fewest, most) = texts.chars;
        let length = u32::try_from(chars).unwrap_or(u32::MAX);
        if !(fewest..=most).contains(&length) {
            self.tell(at, Reason::Chars(chars));
        }
        for form in &texts.forms {
            if let Some(probe) = self.claims.probes.get(*form)
                && !probe.holds(text)
            {
                self.tell(at, Reason::Form(probe.name().to_owned()));
            }
        }
        if texts.values.as_ref().is_some_and(|values| !values.contains(text)) {
            self.tell(at, Reason::Value);
        }
    }

    fn number(&mut self, at: usize, numbers: &Numbers, literal: &str) {
        if numbers.are_whole && !is_whole(literal) {
            self.tell(at, Reason::NotWhole);
        }
        let is_within = |(least, most): &(Box<str>, Box<str>)| {
            decimal::plain(literal).is_some_and(|plain| {
                !decimal::compare(&plain, least).is_lt() && !decimal::compare(&plain, most).is_gt()
            })
        };
        let is_long = u32::try_from(literal.len()).unwrap_or(u32::MAX) > numbers.chars_max;
        if is_long || numbers.range.as_ref().is_some_and(|range| !is_within(range)) {
            self.tell(at, Reason::Range);
        }
        if numbers.values.as_ref().is_some_and(|values| !values.contains(literal)) {
            self.tell(at, Reason::Value);
        }
    }

    fn object(&mut self, at: usize, members: &Members, found: &[(impl AsRef<str>, Value<'_>)]) {
        for (name, value) in found {
            let name = name.as_ref();
            if let Some(place) = members.by_name.get(name).copied().or(members.others) {
                self.value(place, value);
                continue;
            }
            let path = below(self.claims.path(at), name);
            self.misfits.push(Misfit { path, reason: Reason::Unknown });
        }
        for (name, place) in &members.required {
            if !found.iter().any(|(known, _)| known.as_ref() == &**name) {
                self.tell(*place, Reason::Absent);
            }
        }
    }

    fn list(&mut self, at: usize, list: &Elements, found: &[Value<'_>]) {
        let (least, most) = list.length;
        let length = u32::try_from(found.len()).unwrap_or(u32::MAX);
        if !(least..=most).contains(&length) {
            self.tell(at, Reason::Elements(found.len()));
        }
        for element in found {
            self.value(list.place, element);
        }
    }
}

/// The word for a value's type.
pub(crate) const fn type_name(value: &Value<'_>) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Boolean => "true or false",
        Value::Number(_) => "number",
        Value::Text(_) => "text",
        Value::Object(_) => "object",
        Value::List(_) => "list",
    }
}

/// The path of a member of the place at a path.
pub(crate) fn below(path: &str, name: &str) -> String {
    let member = Trail::ROOT.down(Step::Name(name)).to_string();
    if path == "." { member } else { format!("{path}.{member}") }
}

/// The first kind of characters that a text has and none had.
fn strange(known: Alphabet, found: Alphabet) -> Option<&'static str> {
    let kinds = [
        (known.beyond_ascii, found.beyond_ascii, "beyond ASCII"),
        (known.not_composed, found.not_composed, "not composed"),
        (known.invisible, found.invisible, "invisible"),
        (known.control, found.control, "control characters"),
        (known.outer_blank, found.outer_blank, "blanks at an end"),
        (known.odd_blank, found.odd_blank, "odd blanks"),
    ];
    kinds.into_iter().find(|(known, found, _)| *found && !known).map(|(.., kind)| kind)
}

#[cfg(test)]
mod tests;
