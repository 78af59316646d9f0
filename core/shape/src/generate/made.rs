//! A made value, and its text in the feed's format.

use crate::Format;

/// A value that was made.
pub(super) enum Made {
    Null,
    Text(String),
    /// A number, true or false.
    Raw(String),
    Object(Vec<(String, Self)>),
    List(Vec<Self>),
}

impl Made {
    /// Writes the value as an item.
    pub(super) fn write(&self, format: Format) -> Vec<u8> {
        let mut out = String::new();
        match format {
            Format::Json | Format::Row => self.json(&mut out),
            Format::Xml => self.element("item", &mut out),
        }
        out.into_bytes()
    }

    fn json(&self, out: &mut String) {
        match self {
            Self::Null => out.push_str("null"),
            Self::Text(text) => out.push_str(&serde_json::Value::from(text.as_str()).to_string()),
            Self::Raw(text) => out.push_str(text),
            Self::Object(members) => {
                let mut sign = '{';
                for (name, value) in members {
                    out.push(sign);
                    out.push_str(&serde_json::Value::from(name.as_str()).to_string());
                    out.push(':');
                    value.json(out);
                    sign = ',';
                }
                out.push_str(if members.is_empty() { "{}" } else { "}" });
            }
            Self::List(elements) => {
                out.push('[');
                for (nth, value) in elements.iter().enumerate() {
                    if nth > 0 {
                        out.push(',');
                    }
                    value.json(out);
                }
                out.push(']');
            }
        }
    }

    fn element(&self, name: &str, out: &mut String) {
        match self {
            Self::Null => {
                let space = "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"";
                put(out, &["<", name, " ", space, " xsi:nil=\"true\"/>"]);
            }
            Self::Text(text) | Self::Raw(text) => {
                put(out, &["<", name, ">", &escaped(text), "</", name, ">"]);
            }
            Self::List(elements) => elements.iter().for_each(|value| value.element(name, out)),
            Self::Object(members) => {
                put(out, &["<", name]);
                for (member, value) in members {
                    if let (Some(attribute), Self::Text(text)) = (member.strip_prefix('@'), value) {
                        put(out, &[" ", attribute, "=\"", &escaped(text), "\""]);
                    }
                }
                out.push('>');
                for (member, value) in members {
                    match value {
                        _ if member.starts_with('@') => {}
                        Self::Text(text) if member == "text()" => out.push_str(&escaped(text)),
                        value => value.element(member, out),
                    }
                }
                put(out, &["</", name, ">"]);
            }
        }
    }
}

fn put(out: &mut String, parts: &[&str]) {
    for part in parts {
        out.push_str(part);
    }
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            // Otherwise a line end would be read as another.
            '\t' => out.push_str("&#9;"),
            '\n' => out.push_str("&#10;"),
            '\r' => out.push_str("&#13;"),
            letter => out.push(letter),
        }
    }
    out
}
