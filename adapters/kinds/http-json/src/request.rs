//! The request of one feed: templates, checked when the adapter is built.

use lienthong_adapter_api::{Problem, Section};
use lienthong_adapter_kit::http::{Call, CallBody, Method};
use lienthong_adapter_kit::paging::{Escape, Hole, Template, Values};

use crate::{Connection, Feed};

/// The request of one feed, made by [`Request::build`].
#[derive(Debug)]
pub(crate) struct Request {
    method: Method,
    path: Template,
    query: Vec<(String, Template)>,
    headers: Vec<(String, Template)>,
    body: Option<Body>,
}

#[derive(Debug)]
struct Body {
    template: Template,
    content_type: String,
    escape: Escape,
}

impl Request {
    /// Reads the templates of a feed.
    pub(crate) fn build(
        feed: &Feed,
        connection: &Connection,
        feed_section: &Section,
        connection_section: &Section,
    ) -> Result<Self, Vec<Problem>> {
        let mut problems = Vec::new();
        let mut read = |text: &str, section: &Section, key: &str| {
            Template::parse(text)
                .map_err(|error| {
                    let text = format!("the template can't be used: {error}");
                    let span = section.span_of(key);
                    let label = "a template";
                    problems.push(section.problem_at(span, "LT-1072", text, label, None));
                })
                .ok()
        };
        let path = read(&feed.path, feed_section, "path");
        let in_query = feed_section.child("query", "`query`");
        let query: Vec<_> = feed
            .query
            .iter()
            .filter_map(|(name, text)| Some((name.clone(), read(text, &in_query, name)?)))
            .collect();
        let in_headers = connection_section.child("headers", "`headers`");
        let headers: Vec<_> = connection
            .headers
            .iter()
            .filter_map(|(name, text)| Some((name.clone(), read(text, &in_headers, name)?)))
            .collect();
        let body = feed.body.as_deref().and_then(|text| {
            let template = read(text, feed_section, "body")?;
            let escape = escape_for(&feed.content_type);
            Some(Body { template, content_type: feed.content_type.clone(), escape })
        });
        if feed.body.is_some() && feed.method == Method::Get {
            let text = "a GET request has no body".to_owned();
            let span = feed_section.span_of("body");
            let hint = Some("write `method = \"POST\"`".to_owned());
            let problem = feed_section.problem_at(span, "LT-1071", text, "never sent", hint);
            problems.push(problem);
        }
        let request = path.map(|path| Self { method: feed.method, path, query, headers, body });
        match request {
            Some(request) if problems.is_empty() => {
                let is_wrong = |hole: &Hole| *hole == Hole::Security;
                if request.holes().iter().any(is_wrong) {
                    let text = "{security} belongs into SOAP requests".to_owned();
                    let span = feed_section.span();
                    let label = "in this feed";
                    return Err(vec![feed_section.problem_at(span, "LT-1072", text, label, None)]);
                }
                Ok(request)
            }
            _ => Err(problems),
        }
    }

    /// All holes of all templates.
    pub(crate) fn holes(&self) -> Vec<Hole> {
        let pairs = self.query.iter().chain(&self.headers).map(|(_, template)| template);
        let body = self.body.iter().map(|body| &body.template);
        let templates = std::iter::once(&self.path).chain(pairs).chain(body);
        templates.flat_map(Template::holes).cloned().collect()
    }

    /// Fills the templates.
    pub(crate) fn call(&self, values: &Values) -> Call {
        let filled = |(name, template): &(String, Template)| {
            Some((name.clone(), template.fill_whole(values)?))
        };
        let mut headers: Vec<_> = self.headers.iter().filter_map(filled).collect();
        headers.push(("accept".to_owned(), "application/json".to_owned()));
        Call {
            method: self.method,
            path: self.path.fill(values, Escape::Path),
            link: None,
            query: self.query.iter().filter_map(filled).collect(),
            headers,
            body: self.body.as_ref().map(|body| CallBody {
                content_type: body.content_type.clone(),
                bytes: body.template.fill(values, body.escape).into(),
            }),
        }
    }
}

fn escape_for(content_type: &str) -> Escape {
    let kind = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if kind == "application/x-www-form-urlencoded" {
        Escape::Path
    } else if kind.ends_with("json") {
        Escape::Json
    } else if kind.ends_with("xml") {
        Escape::Xml
    } else {
        Escape::Plain
    }
}
