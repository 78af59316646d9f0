//! The answer of a system: its records as ranges of the body, and what it says about itself.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use bytes::Bytes;
use lienthong_adapter_api::{PullError, PullFailure};
use lienthong_adapter_kit::http::{Reply, Success};
use lienthong_adapter_kit::paging::{Answer, Digest, Paging, Record, digest};
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::Feed;

/// The deepest nesting of a record; what the JSON library bears when it builds values.
const NESTING_MAX: usize = 127;

/// Keys on the way to a part of a JSON document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Path(Vec<String>);

/// Where the parts of a feed's answers are.
#[derive(Clone, Debug)]
pub(crate) struct Shape {
    items: Path,
    key: Vec<Path>,
    total: Option<Path>,
    last: Option<Path>,
    more: Option<Path>,
    next: Option<Path>,
    success: Option<(Success, Path, Option<Path>)>,
}

impl Path {
    pub(crate) fn parse(text: &str) -> Self {
        Self(text.split('.').filter(|key| !key.is_empty()).map(str::to_owned).collect())
    }

    /// The part of a document that the keys lead to.
    fn find<'a>(&self, json: &'a str) -> Option<&'a str> {
        let mut part = json;
        for key in &self.0 {
            let mut json = serde_json::Deserializer::from_str(part);
            part = Seek(key).deserialize(&mut json).ok()??.get();
        }
        Some(part)
    }

    /// The part as text: a string's content, or a number, word or structure as it stands. Nothing
    /// for null and for what is not there.
    fn text<'a>(&self, json: &'a str) -> Option<Cow<'a, str>> {
        let part = self.find(json)?.trim();
        match part.as_bytes().first()? {
            b'"' => serde_json::from_str::<String>(part).ok().map(Cow::Owned),
            b'n' => None,
            _ => Some(Cow::Borrowed(part)),
        }
    }

    fn flag(&self, json: &str) -> Option<bool> {
        match &*self.text(json)? {
            "true" | "1" | "True" => Some(true),
            "false" | "0" | "False" => Some(false),
            _ => None,
        }
    }
}

impl Shape {
    pub(crate) fn new(feed: &Feed, success: Option<&Success>) -> Self {
        let path = |text: &Option<String>| text.as_deref().map(Path::parse);
        let next = match &feed.paging {
            Paging::Cursor { next, .. } => Some(Path::parse(next)),
            Paging::NextLink { next, .. } => path(next),
            _ => None,
        };
        let rule = feed.success.as_ref().or(success);
        Self {
            items: Path::parse(&feed.items),
            key: feed.key.iter().map(|text| Path::parse(text)).collect(),
            total: path(&feed.total),
            last: path(&feed.last),
            more: path(&feed.more),
            next,
            success: rule.map(|rule| (rule.clone(), Path::parse(&rule.path), path(&rule.message))),
        }
    }

    /// Finds the records of a successful answer.
    ///
    /// # Errors
    /// When the body is not JSON, tells of a failure, or has no list where one should be.
    pub(crate) fn read(&self, reply: &Reply) -> Result<Answer, PullError> {
        let mut answer = Answer {
            origin: reply.place.clone(),
            body: reply.body.clone(),
            records: Vec::new(),
            total: None,
            is_last: None,
            next: None,
            date: reply.date,
        };
        if reply.body.is_empty() && reply.status == 204 {
            return Ok(answer);
        }
        let (json, start) = text(&reply.body).map_err(|what| unexpected(what, reply))?;
        // One pass over the whole body, so that what follows is known to be JSON.
        serde_json::from_str::<&RawValue>(json)
            .map_err(|error| unexpected(shown(&error), reply))?;
        if let Some((rule, path, message)) = &self.success {
            let code = path.text(json);
            let message = message.as_ref().and_then(|path| path.text(json));
            if let Some(failure) = rule.failure(code.as_deref(), message.as_deref()) {
                return Err(PullError::new(failure, reply.place.clone()));
            }
        }
        answer.total = self.total.as_ref().and_then(|path| path.text(json)?.trim().parse().ok());
        let flag = |path: &Option<Path>| path.as_ref().and_then(|path| path.flag(json));
        answer.is_last = flag(&self.last).or_else(|| flag(&self.more).map(|more| !more));
        answer.next = self
            .next
            .as_ref()
            .and_then(|path| path.text(json))
            .map(Cow::into_owned)
            .filter(|next| !next.is_empty());
        let Some(list) = self.items.find(json) else {
            let what = format!("there is no list at `{}`", self.items);
            return Err(unexpected(what, reply));
        };
        // Some systems write null for a list without items.
        if list == "null" {
            return Ok(answer);
        }
        let Ok(elements) = serde_json::from_str::<Vec<&RawValue>>(list) else {
            let what = format!("what stands at `{}` is not a list", self.items);
            return Err(unexpected(what, reply));
        };
        answer.records = elements.iter().map(|raw| self.record(raw.get(), json, start)).collect();
        Ok(answer)
    }

    /// What a failing answer tells by its code, where the rule knows more than the status says.
    pub(crate) fn failure(&self, reply: &Reply) -> Option<PullFailure> {
        let (json, _) = text(&reply.body).ok()?;
        let (rule, path, _) = self.success.as_ref()?;
        let failure = rule.failure(path.text(json).as_deref(), None)?;
        matches!(failure, PullFailure::Unauthorised | PullFailure::Busy { .. }).then_some(failure)
    }

    /// What a failing answer says in words, where the success rule knows the place.
    pub(crate) fn words(&self, reply: &Reply) -> Option<String> {
        let (json, _) = text(&reply.body).ok()?;
        let (_, path, message) = self.success.as_ref()?;
        let words: Vec<_> = [Some(path), message.as_ref()]
            .into_iter()
            .flatten()
            .filter_map(|p| p.text(json))
            .collect();
        let words = words.join(": ");
        (!words.is_empty()).then(|| lienthong_adapter_kit::http::shortened(&words))
    }

    fn record(&self, element: &str, json: &str, start: usize) -> Record {
        let range = place_of(element, json, start);
        let key = if !element.starts_with('{') {
            Err(("LT-2075", "the element is not an object".to_owned()))
        } else if is_nested_too_deep(element) {
            Err(("LT-2077", format!("the record is nested more than {NESTING_MAX} levels deep")))
        } else {
            self.key_of(element).ok_or_else(|| {
                let names = self.key.iter().map(|path| format!("`{path}`")).collect::<Vec<_>>();
                ("LT-2079", format!("the record has no {}", names.join(", ")))
            })
        };
        Record { range, key }
    }

    fn key_of(&self, element: &str) -> Option<Digest> {
        let values: Vec<_> = self.key.iter().map(|path| path.text(element)).collect();
        if values.iter().all(Option::is_none) {
            return None;
        }
        Some(digest(values.iter().map(|value| value.as_deref().unwrap_or_default().as_bytes())))
    }
}

impl fmt::Display for Path {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0.join("."))
    }
}

/// The value of one key of an object, without looking into the others. Of a key that is there
/// twice the last counts, as in most readers. Nothing when the document is no object.
struct Seek<'k>(&'k str);

impl<'de> DeserializeSeed<'de> for Seek<'_> {
    type Value = Option<&'de RawValue>;

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<Self::Value, D::Error> {
        json.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Seek<'_> {
    type Value = Option<&'de RawValue>;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut found = None;
        while let Some(key) = map.next_key::<Cow<'de, str>>()? {
            if key == self.0 {
                found = Some(map.next_value()?);
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(found)
    }
}

/// The body as text, and how many bytes before it were passed over.
fn text(body: &Bytes) -> Result<(&str, usize), String> {
    let whole = std::str::from_utf8(body)
        .map_err(|error| format!("it is not UTF-8 at byte {}", error.valid_up_to()))?;
    let json = whole.trim_start_matches('\u{feff}');
    Ok((json, whole.len() - json.len()))
}

/// The place of a part within the body. Both are slices of one buffer.
fn place_of(part: &str, json: &str, start: usize) -> Range<usize> {
    let offset = part.as_ptr() as usize - json.as_ptr() as usize + start;
    offset..offset + part.len()
}

/// Counts brackets outside of strings; the text is known to be JSON.
fn is_nested_too_deep(json: &str) -> bool {
    let (mut depth, mut in_string, mut is_escaped) = (0_usize, false, false);
    for byte in json.bytes() {
        if in_string {
            match byte {
                _ if is_escaped => is_escaped = false,
                b'\\' => is_escaped = true,
                b'"' => in_string = false,
                _ => {}
            }
            continue;
        }
        match byte {
            b'"' => in_string = true,
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > NESTING_MAX {
            return true;
        }
    }
    false
}

/// What is wrong and where. The library's own words could repeat a value.
fn shown(error: &serde_json::Error) -> String {
    let what = if error.is_eof() { "the JSON ends too early" } else { "it is not JSON" };
    format!("{what}, line {} column {}", error.line(), error.column())
}

fn unexpected(what: String, reply: &Reply) -> PullError {
    PullError::new(PullFailure::Unexpected(what), reply.place.clone())
}
