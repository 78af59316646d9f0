//! Request templates: text with holes in braces.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A text with holes, made by [`Template::parse`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    parts: Vec<Part>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Literal(String),
    Hole(Hole),
}

/// What a hole is filled with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hole {
    /// `{page}`: the number of the page.
    Page,
    /// `{offset}`: the number of the first item.
    Offset,
    /// `{size}`: the items a page.
    Size,
    /// `{cursor}`: the token of the last answer.
    Cursor,
    /// `{from}`: the beginning of the window.
    From,
    /// `{until}`: the end of the window.
    Until,
    /// `{param:NAME}`: one of the operator's `parameters`.
    Param(String),
    /// `{security}`: the security header of a SOAP request.
    Security,
}

/// A hole that means nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    /// A secret was asked for.
    #[error("a secret can't stand in a template")]
    Secret,
    /// The name is none of the known ones.
    #[error("there is no placeholder {{{0}}}")]
    Unknown(String),
}

/// How a value is written into the text around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Escape {
    /// As it is.
    Plain,
    /// As part of a JSON string.
    Json,
    /// As XML text or attribute value.
    Xml,
    /// As one segment of a path.
    Path,
}

/// The values that holes are filled with.
#[derive(Clone, Debug, Default)]
pub struct Values {
    /// For `{page}`.
    pub page: Option<u64>,
    /// For `{offset}`.
    pub offset: Option<u64>,
    /// For `{size}`.
    pub size: Option<u32>,
    /// For `{cursor}`.
    pub cursor: Option<String>,
    /// For `{from}`.
    pub from: Option<String>,
    /// For `{until}`.
    pub until: Option<String>,
    /// For `{param:NAME}`.
    pub parameters: Arc<BTreeMap<String, String>>,
    /// For `{security}`; it is XML already and written as it is.
    pub security: Option<String>,
}

impl Hole {
    fn parse(name: &str) -> Result<Self, TemplateError> {
        if let Some(parameter) = name.strip_prefix("param:") {
            return Ok(Self::Param(parameter.to_owned()));
        }
        Ok(match name {
            "page" => Self::Page,
            "offset" => Self::Offset,
            "size" => Self::Size,
            "cursor" => Self::Cursor,
            "from" => Self::From,
            "until" => Self::Until,
            "security" => Self::Security,
            _ if name == "secret" || name.starts_with("secret:") => {
                return Err(TemplateError::Secret);
            }
            _ => return Err(TemplateError::Unknown(name.to_owned())),
        })
    }
}

impl Template {
    /// Reads a template. Braces around anything but a name, as in JSON, are text.
    ///
    /// # Errors
    /// A placeholder that is none, or that asks for a secret.
    pub fn parse(text: &str) -> Result<Self, TemplateError> {
        let mut parts = Vec::new();
        let mut literal = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            literal.push_str(before);
            let named = after.split_once('}').filter(|(name, _)| is_name(name));
            let Some((name, behind)) = named else {
                literal.push('{');
                rest = after;
                continue;
            };
            let hole = Hole::parse(name)?;
            if !literal.is_empty() {
                parts.push(Part::Literal(std::mem::take(&mut literal)));
            }
            parts.push(Part::Hole(hole));
            rest = behind;
        }
        literal.push_str(rest);
        if !literal.is_empty() {
            parts.push(Part::Literal(literal));
        }
        Ok(Self { parts })
    }

    /// The holes, in the order of the text.
    pub fn holes(&self) -> impl Iterator<Item = &Hole> {
        self.parts.iter().filter_map(|part| match part {
            Part::Hole(hole) => Some(hole),
            Part::Literal(_) => None,
        })
    }

    /// Fills the holes; one without a value is left empty.
    pub fn fill(&self, values: &Values, escape: Escape) -> String {
        let mut text = String::new();
        for part in &self.parts {
            match part {
                Part::Literal(literal) => text.push_str(literal),
                Part::Hole(Hole::Security) => {
                    text.push_str(values.security.as_deref().unwrap_or_default());
                }
                Part::Hole(hole) => {
                    let value = values.get(hole).unwrap_or_default();
                    text.push_str(&escaped(&value, escape));
                }
            }
        }
        text
    }

    /// Fills the holes; `None` when a hole has no value, so that a query parameter can be left out.
    pub fn fill_whole(&self, values: &Values) -> Option<String> {
        let is_whole = self.holes().all(|hole| values.get(hole).is_some());
        is_whole.then(|| self.fill(values, Escape::Plain))
    }
}

impl Values {
    fn get(&self, hole: &Hole) -> Option<Cow<'_, str>> {
        let number = |value: Option<u64>| value.map(|value| Cow::Owned(value.to_string()));
        match hole {
            Hole::Page => number(self.page),
            Hole::Offset => number(self.offset),
            Hole::Size => number(self.size.map(u64::from)),
            Hole::Cursor => self.cursor.as_deref().map(Cow::Borrowed),
            Hole::From => self.from.as_deref().map(Cow::Borrowed),
            Hole::Until => self.until.as_deref().map(Cow::Borrowed),
            Hole::Param(name) => self.parameters.get(name).map(|value| Cow::Borrowed(&**value)),
            Hole::Security => self.security.as_deref().map(Cow::Borrowed),
        }
    }
}

fn is_name(name: &str) -> bool {
    let is_part = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b':');
    name.starts_with(|first: char| first.is_ascii_alphabetic()) && name.bytes().all(is_part)
}

fn escaped(value: &str, escape: Escape) -> Cow<'_, str> {
    match escape {
        Escape::Plain => Cow::Borrowed(value),
        Escape::Json => {
            let quoted = serde_json::Value::from(value).to_string();
            let inner = quoted.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
            Cow::Owned(inner.unwrap_or_default().to_owned())
        }
        Escape::Xml => Cow::Owned(xml_escaped(value)),
        Escape::Path => Cow::Owned(value.bytes().map(percent_encoded).collect()),
    }
}

/// A byte as it stands in a segment of a path (RFC 3986, section 2.1).
fn percent_encoded(byte: u8) -> String {
    if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
        char::from(byte).to_string()
    } else {
        format!("%{byte:02X}")
    }
}

/// Writes a text as XML text or attribute value.
pub fn xml_escaped(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    for letter in value.chars() {
        match letter {
            '&' => text.push_str("&amp;"),
            '<' => text.push_str("&lt;"),
            '>' => text.push_str("&gt;"),
            '"' => text.push_str("&quot;"),
            '\'' => text.push_str("&apos;"),
            other => text.push(other),
        }
    }
    text
}
