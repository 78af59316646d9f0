//! The adapter: pages out of the folder's workbooks.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use bytes::Bytes;
use lienthong_adapter_api::{
    Adapter, Blueprint, BuildError, Checkup, CursorError, Fault, OriginId, Page, PageBuilder,
    Problem, PullError, PullFailure, PullRequest, SecretReader, Section,
};

use crate::book::Book;
use crate::extract::{Found, damaged, extract};
use crate::feed::Feed;
use crate::folder::{self, Contents, File};
use crate::position::Position;
use crate::settings::{Connection, Settings};
use crate::survey;

/// An item that does not fit into a page.
const TOO_LONG: &str = "LT-2058";

/// Reads one folder of workbooks.
pub(crate) struct TableAdapter {
    settings: Settings,
    folder: PathBuf,
    feeds: BTreeMap<String, Feed>,
    /// The workbook read last: a page often ends inside one.
    last: Mutex<Option<Extracted>>,
}

#[derive(Clone)]
struct Extracted {
    feed: String,
    file: String,
    digest: String,
    found: Arc<[Found]>,
}

/// Builds the adapter from what people wrote.
pub(crate) fn build(
    blueprint: &Blueprint,
    _secrets: &dyn SecretReader,
) -> Result<Box<dyn Adapter>, BuildError> {
    let mut problems = Vec::new();
    let settings: Option<Settings> = read(&blueprint.settings, &mut problems);
    let _: Option<Connection> = read(&blueprint.connection, &mut problems);
    let mut feeds = BTreeMap::new();
    for (name, section) in &blueprint.feeds {
        if let Some(feed) = read::<Feed>(section, &mut problems) {
            let feed = feed.complete();
            problems.extend(feed_problems(section, &feed));
            feeds.insert(name.clone(), feed);
        }
    }
    match settings {
        Some(settings) if problems.is_empty() => {
            let folder = blueprint.settings_folder.join(&settings.folder);
            Ok(Box::new(TableAdapter { settings, folder, feeds, last: Mutex::default() }))
        }
        _ => Err(BuildError { origin: blueprint.source.clone(), problems }),
    }
}

fn read<T: serde::de::DeserializeOwned>(
    section: &Section,
    problems: &mut Vec<Problem>,
) -> Option<T> {
    match section.read() {
        Ok(value) => Some(value),
        Err(found) => {
            problems.extend(found);
            None
        }
    }
}

/// What types can't say: rules that could never fit anything.
fn feed_problems(section: &Section, feed: &Feed) -> Vec<Problem> {
    let empty = |span, what: &str| {
        let text = format!("{what} is empty, so that the feed could never read anything");
        section.problem_at(span, "LT-1003", text, "no rule", None)
    };
    let mut problems = Vec::new();
    if feed.sheet.title.any_of.is_empty() {
        problems.push(empty(section.span_of("sheet"), "`sheet.title.any_of`"));
    }
    if feed.layouts.is_empty() {
        problems.push(empty(section.span_of("layouts"), "`layouts`"));
    }
    let layouts = section.child("layouts", section.owner());
    for (index, layout) in feed.layouts.iter().enumerate() {
        let place = layouts.element(index, section.owner());
        if layout.columns.is_empty() {
            problems.push(empty(place.span_of("columns"), "`columns`"));
        }
        if layout.period.is_empty() {
            problems.push(empty(place.span_of("period"), "`period`"));
        }
    }
    problems
}

#[async_trait]
impl Adapter for TableAdapter {
    async fn check(&self) -> Result<Checkup, PullError> {
        let findings = survey::survey(&self.folder, &self.settings, &self.feeds)?;
        Ok(Checkup { findings })
    }

    async fn pull(&self, request: PullRequest<'_>) -> Result<Page, PullError> {
        let Some(feed) = self.feeds.get(request.feed) else {
            let failure = PullFailure::NoSuchFeed(request.feed.to_owned());
            return Err(PullError::new(failure, request.feed));
        };
        let place = self.folder.display().to_string();
        let bad_cursor = |error: CursorError| {
            PullError::new(PullFailure::BadCursor(error.to_string()), place.clone())
        };
        let before = Position::read(request.after).map_err(bad_cursor)?;
        let mut position = before.clone();
        let files = folder::list(&self.folder)?;
        let mut page = Filling::default();
        let mut more = false;
        for file in &files {
            if position.is_untouched(file) || !self.is_settled(file, &request) {
                continue;
            }
            if page.is_full(&request, 0) {
                more = true;
                break;
            }
            if !self.pull_file(feed, file, &request, &mut position, &mut page)? {
                more = true;
                break;
            }
        }
        position.forget_gone(&files);
        let next =
            if position == before { None } else { Some(position.write().map_err(bad_cursor)?) };
        Ok(page.builder.finish(next, more))
    }
}

impl TableAdapter {
    /// Whether a file has been left alone long enough to be a whole one.
    fn is_settled(&self, file: &File, request: &PullRequest<'_>) -> bool {
        let age_ms = request.now.as_millisecond().saturating_sub(file.written_ms);
        // Where nothing is to be waited for, a clock that was set back is no reason to wait either.
        self.settings.settle_secs == 0 || age_ms >= i64::from(self.settings.settle_secs) * 1000
    }

    /// Puts a workbook on the page; false when the page is full before its end.
    fn pull_file(
        &self,
        feed: &Feed,
        file: &File,
        request: &PullRequest<'_>,
        position: &mut Position,
        page: &mut Filling,
    ) -> Result<bool, PullError> {
        let (bytes, digest) = match folder::read(file, self.settings.file_bytes_max())? {
            Contents::Bytes(bytes, digest) => (bytes, digest),
            Contents::Gone => return Ok(true),
            Contents::TooLarge => {
                let limit = self.settings.file_mb_max;
                let reason = format!("it is larger than {limit} MB (`file_mb_max`)");
                page.push(&Found::Fault(damaged(&file.name, &reason)), request);
                position.finish(file, "");
                return Ok(true);
            }
        };
        if position.has_read(&digest) {
            position.finish(file, &digest);
            return Ok(true);
        }
        let found = self.found(feed, file, request.feed, bytes, &digest);
        let behind = position.behind(file, &digest);
        for (index, one) in found.iter().enumerate().skip(behind) {
            let length = match one {
                Found::Item { json, .. } if json.len() <= request.bytes_max => json.len(),
                Found::Item { .. } | Found::Fault(_) | Found::Note(_) => 0,
            };
            if page.is_full(request, length) {
                position.stop_at(file, &digest, index);
                return Ok(false);
            }
            page.push(one, request);
        }
        position.finish(file, &digest);
        Ok(true)
    }

    /// What a workbook holds for a feed, from memory where it was the last one read.
    fn found(
        &self,
        feed: &Feed,
        file: &File,
        feed_name: &str,
        bytes: Vec<u8>,
        digest: &str,
    ) -> Arc<[Found]> {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(last) = &*last
            && (last.feed.as_str(), last.file.as_str(), last.digest.as_str())
                == (feed_name, file.name.as_str(), digest)
        {
            return Arc::clone(&last.found);
        }
        let found: Arc<[Found]> = match Book::open(bytes, self.settings.limits(), feed.text) {
            Ok(mut book) => extract(feed, &mut book, &file.name).into(),
            Err(error) => [Found::Fault(damaged(&file.name, &reasons(&error)))].into(),
        };
        *last = Some(Extracted {
            feed: feed_name.to_owned(),
            file: file.name.clone(),
            digest: digest.to_owned(),
            found: Arc::clone(&found),
        });
        found
    }
}

/// An error with all that lies behind it.
pub(crate) fn reasons(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}

/// A page being filled.
#[derive(Default)]
struct Filling {
    builder: PageBuilder,
    /// The sheet of the last item: many items in a row are of one.
    origin: Option<(String, OriginId)>,
}

impl Filling {
    /// Whether nothing more fits. A page takes at least one find, so that it gets on.
    fn is_full(&self, request: &PullRequest<'_>, length: usize) -> bool {
        let page = &self.builder;
        !page.is_empty()
            && (page.len() + page.faults_len() >= request.items_max
                || page.bytes().saturating_add(length) > request.bytes_max)
    }

    fn push(&mut self, found: &Found, request: &PullRequest<'_>) {
        match found {
            Found::Item { origin, position, json } if json.len() <= request.bytes_max => {
                let origin = self.origin(origin);
                self.builder.push(origin, *position, json.as_bytes());
            }
            Found::Item { origin, position, json } => self.builder.fault(Fault {
                code: TOO_LONG,
                reason: format!("the item takes {} bytes, more than a page may hold", json.len()),
                hint: None,
                origin: origin.as_str().into(),
                position: *position,
                excerpt: Bytes::new(),
                items: 1,
            }),
            Found::Note(note) => self.builder.note(note.clone()),
            Found::Fault(flaw) => self.builder.fault(Fault {
                code: flaw.code,
                reason: flaw.reason.clone(),
                hint: Some(flaw.hint.to_owned()),
                origin: flaw.origin.as_str().into(),
                position: flaw.position,
                excerpt: flaw.excerpt.clone(),
                items: flaw.items,
            }),
        }
    }

    fn origin(&mut self, name: &str) -> OriginId {
        match &self.origin {
            Some((last, id)) if last == name => *id,
            _ => {
                let id = self.builder.origin(name);
                self.origin = Some((name.to_owned(), id));
                id
            }
        }
    }
}
