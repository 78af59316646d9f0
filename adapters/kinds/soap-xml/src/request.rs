//! The request of one feed: an envelope template from the system's folder.

use std::path::{Component, Path};

use lienthong_adapter_api::{Problem, Section};
use lienthong_adapter_kit::http::{Call, CallBody, Method};
use lienthong_adapter_kit::paging::{Escape, Hole, Template, Values};
use quick_xml::Reader;
use quick_xml::events::Event;

use crate::{Connection, Feed, SoapVersion};

/// The largest envelope template.
const FILE_BYTES_MAX: u64 = 1 << 20;

/// The request of one feed, made by [`Request::build`].
#[derive(Debug)]
pub(crate) struct Request {
    envelope: Template,
    path: String,
    version: SoapVersion,
    action: String,
}

impl Request {
    /// Reads the template file.
    pub(crate) fn build(
        feed: &Feed,
        connection: &Connection,
        folder: &Path,
        section: &Section,
    ) -> Result<Self, Vec<Problem>> {
        let problem = |code, text: String, label: &str| {
            vec![section.problem_at(section.span_of("request"), code, text, label, None)]
        };
        let text = envelope(&feed.request, folder)
            .map_err(|why| problem("LT-1073", why, "the request's envelope"))?;
        let envelope = Template::parse(&text).map_err(|error| {
            problem("LT-1072", format!("the template can't be used: {error}"), "the envelope")
        })?;
        Ok(Self {
            envelope,
            path: connection.path.clone(),
            version: connection.soap,
            action: feed.action.clone(),
        })
    }

    /// All holes of the envelope.
    pub(crate) fn holes(&self) -> Vec<Hole> {
        self.envelope.holes().cloned().collect()
    }

    /// Whether the envelope has a place for a security header.
    pub(crate) fn wants_security(&self) -> bool {
        self.envelope.holes().any(|hole| *hole == Hole::Security)
    }

    /// Fills the envelope.
    pub(crate) fn call(&self, values: &Values) -> Call {
        let action = self.action.replace('"', "%22");
        let (content_type, headers) = match self.version {
            SoapVersion::Soap11 => (
                "text/xml; charset=utf-8".to_owned(),
                vec![("soapaction".to_owned(), format!("\"{action}\""))],
            ),
            SoapVersion::Soap12 if action.is_empty() => {
                ("application/soap+xml; charset=utf-8".to_owned(), Vec::new())
            }
            SoapVersion::Soap12 => {
                (format!("application/soap+xml; charset=utf-8; action=\"{action}\""), Vec::new())
            }
        };
        Call {
            method: Method::Post,
            path: self.path.clone(),
            headers,
            body: Some(CallBody {
                content_type,
                bytes: self.envelope.fill(values, Escape::Xml).into(),
            }),
            ..Call::default()
        }
    }
}

/// Reads a template file and makes sure that it is XML without a document type.
fn envelope(file: &Path, folder: &Path) -> Result<String, String> {
    let is_inside = file.components().all(|part| matches!(part, Component::Normal(_)));
    if !is_inside {
        return Err("the file must lie in the system's folder".to_owned());
    }
    let path = folder.join(file);
    let unreadable = |error: std::io::Error| format!("the file can't be read: {error}");
    if std::fs::metadata(&path).map_err(unreadable)?.len() > FILE_BYTES_MAX {
        return Err(format!("the file is larger than {FILE_BYTES_MAX} bytes"));
    }
    let text = std::fs::read_to_string(&path).map_err(unreadable)?;
    let mut reader = Reader::from_str(&text);
    let mut depth = 0_usize;
    loop {
        match reader.read_event() {
            Ok(Event::Eof) if depth == 0 => return Ok(text),
            Ok(Event::Eof) => return Err("the file is not XML: it ends too early".to_owned()),
            Ok(Event::DocType(_)) => return Err("the file has a document type".to_owned()),
            Ok(Event::Start(_)) => depth += 1,
            Ok(Event::End(_)) => depth = depth.saturating_sub(1),
            Ok(_) => {}
            Err(error) => {
                let place = reader.error_position();
                return Err(format!("the file is not XML at byte {place}: {error}"));
            }
        }
    }
}
