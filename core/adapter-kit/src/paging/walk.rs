//! The walk from page to page: what every pull of a paged feed does.

use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use bytes::Bytes;
use jiff::Timestamp;
use lienthong_adapter_api::{
    Cursor, Fault, OriginId, Page, PageBuilder, Position as Place, PullError, PullFailure,
    PullRequest,
};

use super::position::{At, Position, Reading};
use super::{AtEnd, Digest, Paging, Plan, Values, digest};

/// How many answers without anything new one pull passes over before it gives a sign of life.
const ASKS_MAX: u32 = 16;

/// How many pages one reading may have; a system that leads further leads in circles.
const PAGES_MAX: u32 = 1_000_000;

/// How often a reading is begun again at once.
const REPEATS_MAX: u8 = 2;

/// How often a window whose records go on leaving it is read again, pull by pull. Its ends stay
/// where they are, so it empties or settles; a total that is only a guess may do neither.
const SETTLE_MAX: u8 = 100;

/// How much of a faulty record is kept.
const EXCERPT_BYTES_MAX: usize = 4096;

/// One request for a page of a system.
#[derive(Clone, Debug)]
pub struct Ask {
    /// What the templates are filled with.
    pub values: Values,
    /// The address that the system gave for this page, instead of a request of our own.
    pub link: Option<String>,
    /// The present moment, where it is known.
    pub now: Option<Timestamp>,
}

/// What a system answered.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The request, for places; no secret.
    pub origin: String,
    /// The buffer that the records lie in.
    pub body: Bytes,
    /// The records, in the order of the answer.
    pub records: Vec<Record>,
    /// How many records the system says there are, over all pages.
    pub total: Option<u64>,
    /// Whether the system says that this is the last page.
    pub is_last: Option<bool>,
    /// The token or address of the next page.
    pub next: Option<String>,
}

/// One record of an answer.
#[derive(Clone, Debug)]
pub struct Record {
    /// Its bytes, as a range of the answer's buffer.
    pub range: Range<usize>,
    /// What tells it from other records, or why it can't be read: a code and words.
    pub key: Result<Digest, (&'static str, String)>,
}

/// Asks a system for one page; what an adapter kind implements.
#[async_trait]
pub trait Asker: Send + Sync {
    /// Asks and finds the records in the answer.
    ///
    /// # Errors
    /// As for [`lienthong_adapter_api::Adapter::pull`].
    async fn ask(&self, ask: &Ask) -> Result<Answer, PullError>;
}

/// Walks through one feed.
///
/// An answer that holds more than one pull may give is kept for the next pull, so that a system
/// is not asked again for each part of it. The cursor alone is enough to go on without.
pub struct Walker {
    plan: Plan,
    held: Mutex<Option<(Cursor, Arc<Answer>)>>,
}

/// How far a page was taken.
enum Taken {
    Whole,
    /// Up to this record, which no longer fits.
    Part(usize),
}

impl Walker {
    /// Makes a walker.
    pub fn new(plan: Plan) -> Self {
        Self { plan, held: Mutex::new(None) }
    }

    /// The plan.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// Reads the next page of the feed.
    ///
    /// # Errors
    /// What the system or the cursor gives rise to; nothing has moved then.
    pub async fn pull(
        &self,
        asker: &dyn Asker,
        request: PullRequest<'_>,
    ) -> Result<Page, PullError> {
        let mut position = Position::read(request.after, self.plan.remember)?;
        let mut held = self.take_held(request.after);
        let mut builder = PageBuilder::default();
        let mut more = true;
        for _ in 0..ASKS_MAX {
            let opened = position.reading.take().or_else(|| self.plan.open(&position, request.now));
            let Some(mut reading) = opened else {
                more = false;
                break;
            };
            let answer = match held.take() {
                Some(answer) => answer,
                None => Arc::new(self.ask(asker, &reading, request.now).await?),
            };
            let Some(start) = Self::start(&mut reading, &answer) else {
                position.reading = Some(reading);
                continue;
            };
            let page = Taking { request, reading: &reading, answer: &answer };
            if let Taken::Part(end) = page.take(start, &mut builder, &mut position) {
                reading.anchor = end.checked_sub(1).and_then(|last| answer.content(last));
                position.reading = Some(reading);
                let next = position.write()?;
                self.hold(next.clone(), answer);
                return Ok(builder.finish(Some(next), true));
            }
            more = self.advance(reading, &answer, start, &mut position, &mut builder, request)?;
            if !more || !builder.is_empty() {
                break;
            }
        }
        Ok(builder.finish(Some(position.write()?), more))
    }

    async fn ask(
        &self,
        asker: &dyn Asker,
        reading: &Reading,
        now: Timestamp,
    ) -> Result<Answer, PullError> {
        let link = if let At::Link(link) = &reading.at { Some(link.clone()) } else { None };
        let values = self.plan.values(reading)?;
        asker.ask(&Ask { values, link, now: Some(now) }).await
    }

    /// The first record of an answer that was not taken yet; `None` when the list has shifted and
    /// the reading begins again.
    fn start(reading: &mut Reading, answer: &Answer) -> Option<usize> {
        let Some(anchor) = reading.anchor else { return Some(0) };
        let found = (0..answer.records.len()).rfind(|at| answer.content(*at) == Some(anchor));
        if let Some(at) = found {
            return Some(at + 1);
        }
        if reading.repeats >= REPEATS_MAX {
            return Some(0);
        }
        reading.begin_again();
        None
    }

    /// Moves behind a page that was taken whole. Returns whether there is more right now.
    fn advance(
        &self,
        mut reading: Reading,
        answer: &Answer,
        start: usize,
        position: &mut Position,
        builder: &mut PageBuilder,
        request: PullRequest<'_>,
    ) -> Result<bool, PullError> {
        let unexpected = |what: &str| {
            Err(PullError::new(PullFailure::Unexpected(what.to_owned()), answer.origin.clone()))
        };
        let page = answer.content_of_all();
        if start == 0 && !answer.records.is_empty() && reading.last_page == Some(page) {
            return unexpected("this page is the same as the page before it");
        }
        reading.last_page = Some(page);
        reading.pages = reading.pages.saturating_add(1);
        if reading.pages > PAGES_MAX {
            return unexpected("the pages never end");
        }
        reading.read += answer.records.len().saturating_sub(start) as u64;
        reading.total_max = reading.total_max.max(answer.total.unwrap_or(0));
        if let Some(at) = self.next(&reading, answer, start) {
            let reread = match self.plan.paging {
                Paging::Offset { reread, .. } => reread > 0,
                _ => false,
            };
            reading.anchor = answer.last_content().filter(|_| reread);
            reading.at = at;
            position.reading = Some(reading);
            return Ok(true);
        }
        Ok(self.end(reading, answer, position, builder, request))
    }

    /// The page behind this one; `None` when this is the last.
    fn next(&self, reading: &Reading, answer: &Answer, start: usize) -> Option<At> {
        let total_read = answer.total.is_some_and(|total| reading.read >= total);
        let is_end = match answer.is_last {
            Some(is_last) => is_last,
            None => total_read,
        };
        let found = answer.records.len();
        match &self.plan.paging {
            Paging::None => None,
            Paging::Page { .. } | Paging::Offset { .. } if is_end || found <= start => None,
            Paging::Page { first, .. } => {
                let page = if let At::Page(page) = reading.at { page } else { *first };
                Some(At::Page(page + 1))
            }
            Paging::Offset { first, reread, .. } => {
                let offset = if let At::Offset(offset) = reading.at { offset } else { *first };
                let back = u64::from(*reread).min(found as u64);
                Some(At::Offset(offset + found as u64 - back))
            }
            Paging::Cursor { .. } | Paging::NextLink { .. } if answer.is_last == Some(true) => None,
            Paging::Cursor { .. } => {
                let at = At::Token(answer.next.clone().filter(|token| !token.is_empty())?);
                (at != reading.at).then_some(at)
            }
            Paging::NextLink { .. } => {
                let at = At::Link(answer.next.clone()?);
                (at != reading.at).then_some(at)
            }
        }
    }

    /// Ends a reading. Returns whether another one is due right now.
    fn end(
        &self,
        mut reading: Reading,
        answer: &Answer,
        position: &mut Position,
        builder: &mut PageBuilder,
        request: PullRequest<'_>,
    ) -> bool {
        let Some(until) = reading.until else {
            match self.plan.at_end {
                AtEnd::Restart => position.memory.turn(),
                AtEnd::Stay => {
                    reading.anchor = answer.last_content();
                    reading.last_page = None;
                    (reading.pages, reading.repeats) = (0, 0);
                    position.reading = Some(reading);
                }
            }
            return false;
        };
        if let Some(total) = answer.total {
            let is_short = reading.read < total;
            let has_shrunk = total < reading.total_max;
            let is_unsettled = is_short && reading.repeats < REPEATS_MAX
                || has_shrunk && reading.repeats < SETTLE_MAX;
            if is_unsettled {
                reading.begin_again();
                let at_once = reading.repeats <= REPEATS_MAX;
                position.reading = Some(reading);
                return at_once;
            }
            if is_short || has_shrunk {
                missing(&reading, answer, total, position, builder);
            }
        }
        position.covered = Some(until);
        position.memory.turn();
        !self.plan.is_at_edge(until, request.now)
    }

    /// What the pull before has left over, if it was the one that this cursor comes from.
    fn take_held(&self, after: Option<&Cursor>) -> Option<Arc<Answer>> {
        let held = self.held.lock().unwrap_or_else(PoisonError::into_inner).take();
        held.filter(|(cursor, _)| after == Some(cursor)).map(|(_, answer)| answer)
    }

    fn hold(&self, cursor: Cursor, answer: Arc<Answer>) {
        *self.held.lock().unwrap_or_else(PoisonError::into_inner) = Some((cursor, answer));
    }
}

/// What is taken from one answer.
struct Taking<'a> {
    request: PullRequest<'a>,
    reading: &'a Reading,
    answer: &'a Answer,
}

impl Taking<'_> {
    /// Copies the records from `start` on that are new into the page, as many as fit.
    fn take(&self, start: usize, builder: &mut PageBuilder, position: &mut Position) -> Taken {
        let name = format!("{} ({})", self.answer.origin, self.reading.shown());
        let mut origin = None;
        for (index, record) in self.answer.records.iter().enumerate().skip(start) {
            let bytes = self.answer.bytes(record);
            let is_full = builder.len() + builder.faults_len() >= self.request.items_max
                || (!builder.is_empty() && builder.bytes() + bytes.len() > self.request.bytes_max);
            if is_full {
                return Taken::Part(index);
            }
            let content = digest([bytes]);
            let key = match &record.key {
                Ok(_) if bytes.len() > self.request.bytes_max => {
                    let limit = self.request.bytes_max;
                    Err(("LT-2076", format!("the record is larger than {limit} bytes")))
                }
                other => other.clone(),
            };
            if !position.memory.is_new(*key.as_ref().unwrap_or(&content), content) {
                continue;
            }
            let place = Place::Index(index as u64);
            match key {
                Ok(_) => {
                    let id: OriginId = *origin.get_or_insert_with(|| builder.origin(name.clone()));
                    builder.push(id, place, bytes);
                }
                Err((code, reason)) => builder.fault(Fault {
                    code,
                    reason,
                    hint: None,
                    origin: name.as_str().into(),
                    position: place,
                    excerpt: excerpt(bytes),
                    items: 1,
                }),
            }
        }
        Taken::Whole
    }
}

impl Answer {
    fn bytes(&self, record: &Record) -> &[u8] {
        self.body.get(record.range.clone()).unwrap_or_default()
    }

    fn content(&self, index: usize) -> Option<Digest> {
        self.records.get(index).map(|record| digest([self.bytes(record)]))
    }

    fn last_content(&self) -> Option<Digest> {
        self.content(self.records.len().checked_sub(1)?)
    }

    fn content_of_all(&self) -> Digest {
        digest(self.records.iter().map(|record| self.bytes(record)))
    }
}

/// Says how many records a system holds back. Said once for each number, not at every pull.
fn missing(
    reading: &Reading,
    answer: &Answer,
    total: u64,
    position: &mut Position,
    builder: &mut PageBuilder,
) {
    let items = total.saturating_sub(reading.read).max(1);
    let name: &[u8] = b"missing from the total";
    if !position.memory.is_new(digest([name]), digest([name, &items.to_le_bytes()])) {
        return;
    }
    builder.fault(Fault {
        code: "LT-2078",
        reason: format!(
            "the system tells of {total} records, gave {}, and the list does not settle",
            reading.read
        ),
        hint: Some("ask the system's owner whether its total and its list agree".to_owned()),
        origin: format!("{} ({})", answer.origin, reading.shown()).into(),
        position: Place::Index(reading.read),
        excerpt: Bytes::new(),
        items,
    });
}

fn excerpt(bytes: &[u8]) -> Bytes {
    Bytes::copy_from_slice(bytes.get(..EXCERPT_BYTES_MAX).unwrap_or(bytes))
}
