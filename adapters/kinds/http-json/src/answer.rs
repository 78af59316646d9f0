//! The answer of a system: its records as ranges of the body, and what it says about itself.

use std::ops::Range;

use bytes::Bytes;
use lienthong_adapter_api::{PullError, PullFailure};
use lienthong_adapter_kit::http::{Reply, Success, shortened};
use lienthong_adapter_kit::paging::{Answer, Digest, Paging, Record, digest};
use serde_json::value::RawValue;

use crate::Feed;
use crate::json::{Part, Path, find};

/// The deepest nesting of a record; what the JSON library bears when it builds values.
const NESTING_MAX: usize = 127;

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
        let (rule, code, message) = self.rule();
        let (total, last, more) = (self.total.as_ref(), self.last.as_ref(), self.more.as_ref());
        let paths = [Some(&self.items), code, message, total, last, more, self.next.as_ref()];
        let found = find(json, &paths).map_err(|error| unexpected(shown(&error), reply))?;
        let [items, code, message, total, last, more, next] = found.as_slice() else {
            return Err(unexpected("it can't be searched".to_owned(), reply));
        };
        let owned = |part: &Option<Part<'_>>| part.and_then(|part| Some(part.text()?.into_owned()));
        if let Some(rule) = rule
            && let Some(failure) = rule.failure(owned(code).as_deref(), owned(message).as_deref())
        {
            return Err(PullError::new(failure, reply.place.clone()));
        }
        let number = |part: Part<'_>| part.text()?.trim().parse().ok();
        answer.total = told(self.total.as_ref(), *total, number, reply)?;
        let is_more = told(self.more.as_ref(), *more, Part::flag, reply)?;
        let is_last = told(self.last.as_ref(), *last, Part::flag, reply)?;
        answer.is_last = is_last.or_else(|| is_more.map(|more| !more));
        answer.next = owned(next).filter(|next| !next.is_empty());
        let Some(Part(elements)) = *items else {
            let what = format!("there is no list at `{}`", self.items);
            return Err(unexpected(what, reply));
        };
        // Some systems write null for a list without items.
        if elements == "null" {
            return Ok(answer);
        }
        let Ok(elements) = serde_json::from_str::<Vec<&RawValue>>(elements) else {
            let what = format!("what stands at `{}` is not a list", self.items);
            return Err(unexpected(what, reply));
        };
        answer.records = elements.iter().map(|raw| self.record(raw.get(), json, start)).collect();
        Ok(answer)
    }

    /// What a failing answer tells by its code, where the rule knows more than the status says.
    pub(crate) fn failure(&self, reply: &Reply) -> Option<PullFailure> {
        let (json, _) = text(&reply.body).ok()?;
        let (rule, code, _) = self.rule();
        let code = find(json, &[code]).ok()?.pop()??.text()?;
        let failure = rule?.failure(Some(&*code), None)?;
        matches!(failure, PullFailure::Unauthorised | PullFailure::Busy { .. }).then_some(failure)
    }

    /// What a failing answer says in words, where the success rule knows the place.
    pub(crate) fn words(&self, reply: &Reply) -> Option<String> {
        let (json, _) = text(&reply.body).ok()?;
        let (_, code, message) = self.rule();
        let found = find(json, &[code, message]).ok()?;
        let words: Vec<_> = found.into_iter().flatten().filter_map(Part::text).collect();
        (!words.is_empty()).then(|| shortened(&words.join(": ")))
    }

    /// The rule of success with the places of its code and words.
    fn rule(&self) -> (Option<&Success>, Option<&Path>, Option<&Path>) {
        match &self.success {
            Some((rule, code, message)) => (Some(rule), Some(code), message.as_ref()),
            None => (None, None, None),
        }
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
        let paths: Vec<_> = self.key.iter().map(Some).collect();
        let found = find(element, &paths).ok()?;
        let values: Vec<_> = found.into_iter().map(|part| part.and_then(Part::text)).collect();
        if values.iter().all(Option::is_none) {
            return None;
        }
        Some(digest(values.iter().map(|value| value.as_deref().unwrap_or_default().as_bytes())))
    }
}

/// What an answer tells at a place of the feed's description. That it is missing there is told as
/// well: the end of a list is not guessed.
fn told<'a, T>(
    path: Option<&Path>,
    part: Option<Part<'a>>,
    read: impl Fn(Part<'a>) -> Option<T>,
    reply: &Reply,
) -> Result<Option<T>, PullError> {
    let Some(path) = path else { return Ok(None) };
    match part.and_then(read) {
        Some(value) => Ok(Some(value)),
        None => Err(unexpected(format!("there is no usable value at `{path}`"), reply)),
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
