//! Sample files: their records as they stand there, and moments to filter them by.

use std::ops::Range;

use quick_xml::Reader;
use quick_xml::events::Event;
use serde_json::value::RawValue;

/// Why the samples can't be served.
#[derive(Debug, thiserror::Error)]
pub enum SampleError {
    /// A file is not there.
    #[error("the sample file `{0}` is missing")]
    Missing(String),
    /// A file is not what its system serves.
    #[error("the sample file `{path}` can't be served: {what}")]
    Unusable {
        /// Its path.
        path: String,
        /// What is wrong.
        what: String,
    },
    /// No port could be had, or serving broke.
    #[error("the sample systems can't be served")]
    NoPort(#[source] std::io::Error),
}

/// Reads a sample file as text.
pub(crate) fn text(
    file: &impl Fn(&str) -> Option<Vec<u8>>,
    path: &str,
) -> Result<String, SampleError> {
    let bytes = file(path).ok_or_else(|| SampleError::Missing(path.to_owned()))?;
    String::from_utf8(bytes).map_err(|_| unusable(path, "it is not UTF-8"))
}

pub(crate) fn unusable(path: &str, what: impl Into<String>) -> SampleError {
    SampleError::Unusable { path: path.to_owned(), what: what.into() }
}

/// The elements of a list of a JSON answer, at keys joined by points, each with the value of one of its keys.
pub(crate) fn json_records(
    text: &str,
    path: &str,
    list: &str,
    date_key: &str,
) -> Result<Vec<(String, Box<RawValue>)>, SampleError> {
    let wrong = |error: serde_json::Error| unusable(path, error.to_string());
    let mut text = text;
    for key in list.split('.') {
        let members: std::collections::BTreeMap<&str, &RawValue> =
            serde_json::from_str(text).map_err(wrong)?;
        let member = members.get(key).copied();
        text = member.ok_or_else(|| unusable(path, format!("it has no `{list}`")))?.get();
    }
    let elements: Vec<&RawValue> = serde_json::from_str(text).map_err(wrong)?;
    let dated = |element: &&RawValue| {
        let value: serde_json::Value = serde_json::from_str(element.get()).map_err(wrong)?;
        let date = value.get(date_key).and_then(|date| date.as_str()).unwrap_or_default();
        Ok((date.to_owned(), (*element).to_owned()))
    };
    elements.iter().map(dated).collect()
}

/// The elements of one name in an XML document, with their places.
pub(crate) fn xml_elements(xml: &str, name: &str) -> Result<Vec<Range<usize>>, String> {
    let mut reader = Reader::from_str(xml);
    let mut found = Vec::new();
    let (mut depth, mut since): (usize, Option<(usize, usize)>) = (0, None);
    loop {
        let start = offset(reader.buffer_position());
        let event = reader.read_event().map_err(|error| error.to_string())?;
        match event {
            Event::Start(element) => {
                depth += 1;
                if since.is_none() && element.local_name().as_ref() == name {
                    since = Some((depth, start));
                }
            }
            Event::Empty(element) if since.is_none() && element.local_name().as_ref() == name => {
                found.push(start..offset(reader.buffer_position()));
            }
            Event::End(_) => {
                if let Some((_, start)) = since.take_if(|(opened, _)| *opened == depth) {
                    found.push(start..offset(reader.buffer_position()));
                }
                depth = depth.saturating_sub(1);
            }
            Event::DocType(_) => return Err("it has a document type".to_owned()),
            Event::Eof => return Ok(found),
            _ => {}
        }
    }
}

/// The text of the first element of a name, with its entities resolved.
pub(crate) fn xml_text(xml: &str, name: &str) -> Option<String> {
    let place = xml_elements(xml, name).ok()?.into_iter().next()?;
    let element = xml.get(place)?;
    let inner = element.split_once('>')?.1.rsplit_once("</")?.0;
    quick_xml::escape::unescape(inner).ok().map(|text| text.trim().to_owned())
}

/// The value of an attribute of the first element of a name.
pub(crate) fn xml_attribute(xml: &str, name: &str, attribute: &str) -> Option<String> {
    let place = xml_elements(xml, name).ok()?.into_iter().next()?;
    let tag = xml.get(place)?.split_once('>')?.0;
    let (_, after) = tag.split_once(&format!("{attribute}=\""))?;
    Some(after.split_once('"')?.0.to_owned())
}

fn offset(position: u64) -> usize {
    usize::try_from(position).unwrap_or(usize::MAX)
}
