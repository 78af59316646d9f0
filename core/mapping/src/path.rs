//! Paths: where in an item a value lies.
//!
//! `a.b` goes into objects or elements, `[0]` and `[key=value]` pick one element of a list, `@name`
//! is an attribute and `text()` the own text of an XML element; `.` is the whole item or row. A
//! name with points or brackets stands in quotes: `"Số (1.2)".value`. In a row the whole path is
//! one column name, quoted or not. `a<xml>.b` and `a<json>.b` go on in the document that the text at
//! `a` is; in a row the column name before it stands in quotes.

use std::fmt;

use crate::Input;

/// Steps of one path; more are refused, which also bounds the depth of the decoders.
const STEPS_MAX: usize = 16;

/// A parsed path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Path {
    pub(crate) steps: Vec<Step>,
}

/// One step of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// Into the member or child element of this name.
    Name(Box<str>),
    /// To the element of a list at this place.
    Index(u32),
    /// To the one element of a list whose key has this value.
    Where { key: Key, value: Box<str> },
    /// To an attribute.
    Attribute(Box<str>),
    /// To the own text of an element, whatever else it holds.
    OwnText,
    /// Into the document, JSON or XML, that a text is.
    Document(Input),
}

/// A path that goes into a document, cut in two.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Crossing {
    /// The way to the text.
    pub(crate) outside: Path,
    /// What the text is.
    pub(crate) format: Input,
    /// The way in the document.
    pub(crate) inside: Path,
}

/// The key by which a list element is picked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Key {
    Name(Box<str>),
    Attribute(Box<str>),
}

/// What is wrong with a path, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) message: String,
    pub(crate) hint: Option<String>,
}

impl Fault {
    fn new(message: impl Into<String>, hint: &str) -> Self {
        Self { message: message.into(), hint: Some(hint.to_owned()) }
    }

    /// A document in the text of a document.
    pub(crate) fn nested() -> Self {
        let hint = "one document in a text is read; what lies deeper belongs in an adapter";
        Self::new("a document in a document is not read", hint)
    }
}

impl Path {
    /// Reads a path for an input format.
    pub(crate) fn parse(text: &str, input: Input) -> Result<Self, Fault> {
        if text == "." {
            return Ok(Self { steps: Vec::new() });
        }
        if text.is_empty() {
            return Err(Fault::new("a path is empty", "the whole item is `.`"));
        }
        if input == Input::Row && !text.starts_with('"') {
            if DOCUMENTS.iter().any(|(mark, _)| text.contains(mark)) {
                let hint = "the column name before it stands in quotes: `\"column\"<xml>.a`";
                return Err(Fault::new("a document in a column looks otherwise", hint));
            }
            return Ok(Self { steps: vec![Step::Name(text.into())] });
        }
        let whole = text.strip_prefix('.').filter(|rest| rest.starts_with('<'));
        let mut reader = Reader { rest: whole.unwrap_or(text), steps: Vec::new() };
        let mut input = input;
        loop {
            if whole.is_none() || !reader.steps.is_empty() {
                reader.step(input)?;
                reader.selectors()?;
            }
            input = reader.document(input)?;
            if reader.rest.is_empty() {
                break;
            }
            let Some(rest) = reader.rest.strip_prefix('.') else {
                let message = format!("`{}` can't follow here", reader.rest);
                return Err(Fault::new(message, "steps are joined by points"));
            };
            reader.rest = rest;
        }
        check(&reader.steps, input)?;
        Ok(Self { steps: reader.steps })
    }

    /// The path cut where it goes into a document; none where it does not.
    pub(crate) fn crossing(&self) -> Option<Crossing> {
        let is_document = |step: &Step| matches!(step, Step::Document(_));
        let at = self.steps.iter().position(is_document)?;
        let (outside, rest) = self.steps.split_at_checked(at)?;
        let Some((Step::Document(format), inside)) = rest.split_first() else { return None };
        let path = |steps: &[Step]| Self { steps: steps.to_vec() };
        Some(Crossing { outside: path(outside), format: *format, inside: path(inside) })
    }

    /// The format of what the path ends in.
    pub(crate) fn format(&self, input: Input) -> Input {
        self.crossing().map_or(input, |crossing| crossing.format)
    }
}

/// How a path says that a text is a document.
const DOCUMENTS: [(&str, Input); 2] = [("<json>", Input::Json), ("<xml>", Input::Xml)];

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.steps.is_empty() {
            return f.write_str(".");
        }
        if let Some(Step::Document(_)) = self.steps.first() {
            f.write_str(".")?;
        }
        for (place, step) in self.steps.iter().enumerate() {
            if place > 0 && matches!(step, Step::Name(_) | Step::Attribute(_) | Step::OwnText) {
                f.write_str(".")?;
            }
            match step {
                Step::Name(name) => f.write_str(&quoted(name))?,
                Step::Index(at) => write!(f, "[{at}]")?,
                Step::Where { key: Key::Name(key), value } => {
                    write!(f, "[{}={}]", quoted(key), quoted(value))?;
                }
                Step::Where { key: Key::Attribute(key), value } => {
                    write!(f, "[@{key}={}]", quoted(value))?;
                }
                Step::Attribute(name) => write!(f, "@{name}")?,
                Step::OwnText => f.write_str("text()")?,
                Step::Document(format) => write!(f, "<{}>", format.name())?,
            }
        }
        Ok(())
    }
}

/// A name as a path writes it.
fn quoted(name: &str) -> String {
    let is_plain = |letter: char| !matches!(letter, '.' | '[' | ']' | '"' | '<' | '=');
    if name.chars().all(is_plain) { name.to_owned() } else { format!("\"{name}\"") }
}

/// What no single step shows.
fn check(steps: &[Step], input: Input) -> Result<(), Fault> {
    if steps.len() > STEPS_MAX {
        let message = format!("a path has at most {STEPS_MAX} steps");
        return Err(Fault { message, hint: None });
    }
    if input == Input::Row && steps.len() > 1 {
        let hint = "quote the whole column name";
        return Err(Fault::new("a row has columns and nothing below them", hint));
    }
    let is_below_end = |pair: &[Step]| matches!(pair, [Step::Attribute(_) | Step::OwnText, next] if !matches!(next, Step::Document(_)));
    if steps.windows(2).any(is_below_end) {
        let hint = "`@name` and `text()` are the last step of a path";
        return Err(Fault::new("nothing lies below an attribute or a text", hint));
    }
    Ok(())
}

struct Reader<'t> {
    rest: &'t str,
    steps: Vec<Step>,
}

impl<'t> Reader<'t> {
    fn step(&mut self, input: Input) -> Result<(), Fault> {
        if self.rest.starts_with('"') {
            let name = self.quoted()?;
            self.steps.push(Step::Name(name.into()));
            return Ok(());
        }
        let name = self.name();
        if name.is_empty() {
            return Err(Fault::new("a step of the path has no name", "write `a.b`, without `..`"));
        }
        let only_xml = |step: Step| match input {
            Input::Xml => Ok(step),
            Input::Json | Input::Row => {
                let message = format!("`{name}` is for XML");
                Err(Fault::new(message, "a member of this name stands in quotes: `\"@id\"`"))
            }
        };
        let step = if name == "text()" {
            only_xml(Step::OwnText)?
        } else if let Some(attribute) = name.strip_prefix('@') {
            only_xml(Step::Attribute(attribute.into()))?
        } else {
            Step::Name(local(name, input)?.into())
        };
        self.steps.push(step);
        Ok(())
    }

    /// Reads `<xml>` or `<json>`, where it stands; gives the format from here on.
    fn document(&mut self, input: Input) -> Result<Input, Fault> {
        let Some(inside) = self.rest.strip_prefix('<') else { return Ok(input) };
        let known = DOCUMENTS.iter().find(|(mark, _)| self.rest.starts_with(mark));
        let Some((mark, format)) = known else {
            let hint = "`<xml>` or `<json>`; a name with `<` stands in quotes";
            let Some((word, _)) = inside.split_once('>') else {
                return Err(Fault::new("a `<` is not closed", hint));
            };
            let message = format!("`<{word}>` is not the format of a document in a text");
            return Err(Fault::new(message, hint));
        };
        if self.steps.iter().any(|step| matches!(step, Step::Document(_))) {
            return Err(Fault::nested());
        }
        check(&self.steps, input)?;
        self.steps.push(Step::Document(*format));
        self.rest = self.rest.get(mark.len()..).unwrap_or_default();
        self.selectors()?;
        if self.rest.starts_with('<') {
            return Err(Fault::nested());
        }
        Ok(*format)
    }

    fn selectors(&mut self) -> Result<(), Fault> {
        while let Some(rest) = self.rest.strip_prefix('[') {
            self.rest = rest;
            let step = self.selector()?;
            let Some(rest) = self.rest.strip_prefix(']') else {
                return Err(Fault::new("a `[` is not closed", "write `[0]` or `[key=value]`"));
            };
            self.rest = rest;
            self.steps.push(step);
        }
        Ok(())
    }

    fn selector(&mut self) -> Result<Step, Fault> {
        let hint = "write `[0]` or `[key=value]`; a whole list is mapped by a group with `each`";
        let digits = self.take(|letter| letter.is_ascii_digit());
        if !digits.is_empty() && self.rest.starts_with(']') {
            let index = digits.parse();
            return index.map(Step::Index).map_err(|_| Fault::new("the index is too big", hint));
        }
        let key = if self.rest.starts_with('"') {
            Key::Name(self.quoted()?.into())
        } else {
            let rest = self.take(|letter| !matches!(letter, '=' | ']' | '['));
            let name = format!("{digits}{rest}");
            match name.strip_prefix('@') {
                Some(attribute) => Key::Attribute(attribute.into()),
                None => Key::Name(name.into()),
            }
        };
        let Some(rest) = self.rest.strip_prefix('=') else {
            return Err(Fault::new("this selects nothing from a list", hint));
        };
        self.rest = rest;
        let value = if rest.starts_with('"') {
            self.quoted()?
        } else {
            self.take(|letter| !matches!(letter, ']' | '['))
        };
        Ok(Step::Where { key, value: value.into() })
    }

    fn name(&mut self) -> &'t str {
        self.take(|letter| !matches!(letter, '.' | '[' | ']' | '"' | '<'))
    }

    fn take(&mut self, is_part: impl Fn(char) -> bool) -> &'t str {
        let end = self.rest.find(|letter| !is_part(letter)).unwrap_or(self.rest.len());
        let (taken, rest) = self.rest.split_at_checked(end).unwrap_or((self.rest, ""));
        self.rest = rest;
        taken
    }

    fn quoted(&mut self) -> Result<&'t str, Fault> {
        let inner = self.rest.strip_prefix('"').unwrap_or(self.rest);
        let Some((name, rest)) = inner.split_once('"') else {
            return Err(Fault::new("a quote is not closed", "a quoted name ends with `\"`"));
        };
        self.rest = rest;
        Ok(name)
    }
}

/// The name as the decoder compares it: XML names without their prefix are the local names.
fn local(name: &str, input: Input) -> Result<&str, Fault> {
    match name.split_once(':') {
        Some((_, local)) if input == Input::Xml => {
            let hint = format!("namespaces are ignored: write `{local}`");
            Err(Fault { message: format!("`{name}` has a prefix"), hint: Some(hint) })
        }
        _ => Ok(name),
    }
}

#[cfg(test)]
mod tests;
