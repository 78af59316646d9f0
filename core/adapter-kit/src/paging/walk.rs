//! The walk from page to page: what every pull of a paged feed does.

use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;
use lienthong_adapter_api::{Cursor, Page, PageBuilder, PullError, PullFailure, PullRequest};

use super::answer::Told;
use super::position::{At, Position, Reading};
use super::take::{Taken, Taking};
use super::{Ask, Asker, AtEnd, Paging, Plan};

/// How many answers without anything new one pull passes over before it gives a sign of life.
const ASKS_MAX: u32 = 16;

/// How many pages one reading may have; a system that leads further leads in circles.
const PAGES_MAX: u32 = 1_000_000;

/// The longest token or address of a page: it is kept in the cursor.
const NEXT_BYTES_MAX: usize = 16 << 10;

/// How often a reading is begun again at once.
const REPEATS_MAX: u8 = 2;

/// How often a window whose records go on leaving it is read again, pull by pull. Its ends stay
/// where they are, so it empties or settles; a total that is only a guess may do neither.
const SETTLE_MAX: u8 = 100;

/// Walks through one feed.
///
/// An answer that holds more than one pull may give is kept for the next pull, so that a system
/// is not asked again for each part of it. The cursor alone is enough to go on without.
pub struct Walker {
    plan: Plan,
    held: Mutex<Option<(Cursor, Arc<Told>)>>,
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
            let told = match held.take() {
                Some(told) => told,
                None => Arc::new(self.ask(asker, &reading, request.now).await?),
            };
            let Some(start) = start(&mut reading, &told) else {
                position.reading = Some(reading);
                continue;
            };
            let page = Taking { request, reading: &reading, told: &told };
            let taken = page.take(start, &mut builder, &mut position);
            let end = if let Taken::Part(end) = taken { end } else { told.len() };
            reading.count(end.saturating_sub(start));
            if let Taken::Part(_) = taken {
                reading.anchor = end.checked_sub(1).and_then(|last| told.content(last));
                position.reading = Some(reading);
                let next = position.write()?;
                self.hold(next.clone(), told);
                return Ok(builder.finish(Some(next), true));
            }
            let behind = Behind { request, told: &told, start };
            more = self.advance(reading, &behind, &mut position, &mut builder)?;
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
    ) -> Result<Told, PullError> {
        let link = if let At::Link(link) = &reading.at { Some(link.clone()) } else { None };
        let values = self.plan.values(reading)?;
        let answer = asker.ask(&Ask { values, link, now: Some(now) }).await?;
        if let Some(ahead) = answer.date.and_then(|date| self.plan.ahead(now, date)) {
            // What the system is going to write down now would lie before the next window.
            let what = format!(
                "our clock is {} s ahead of the system's, more than its windows overlap",
                ahead.as_secs()
            );
            return Err(PullError::new(PullFailure::Unexpected(what), answer.origin));
        }
        Ok(Told::new(answer))
    }

    /// Moves behind a page that was taken whole. Returns whether there is more right now.
    fn advance(
        &self,
        mut reading: Reading,
        behind: &Behind<'_>,
        position: &mut Position,
        builder: &mut PageBuilder,
    ) -> Result<bool, PullError> {
        let (told, answer) = (behind.told, &behind.told.answer);
        let unexpected = |what: &str| {
            Err(PullError::new(PullFailure::Unexpected(what.to_owned()), answer.origin.clone()))
        };
        let page = told.content_of_all();
        if behind.start == 0 && told.len() > 0 && reading.last_page == Some(page) {
            return unexpected("this page is the same as the page before it");
        }
        reading.last_page = Some(page);
        reading.pages = reading.pages.saturating_add(1);
        if reading.pages > PAGES_MAX {
            return unexpected("the pages never end");
        }
        reading.total_max = reading.total_max.max(answer.total.unwrap_or(0));
        if let Some(at) = self.next(&reading, behind) {
            if let At::Token(text) | At::Link(text) = &at
                && text.len() > NEXT_BYTES_MAX
            {
                return unexpected("the token or address of the next page is too long");
            }
            let steps_back = self.steps_back(told.len()) > 0;
            reading.anchor = told.last_content().filter(|_| steps_back);
            reading.at = at;
            reading.taken = 0;
            position.reading = Some(reading);
            return Ok(true);
        }
        Ok(self.end(reading, behind, position, builder))
    }

    /// The page behind this one; `None` when this is the last.
    fn next(&self, reading: &Reading, behind: &Behind<'_>) -> Option<At> {
        let answer = &behind.told.answer;
        let total_read = answer.total.is_some_and(|total| reading.read >= total);
        let is_end = match answer.is_last {
            Some(is_last) => is_last,
            None => total_read,
        };
        let found = behind.told.len();
        match &self.plan.paging {
            Paging::None => None,
            Paging::Page { .. } | Paging::Offset { .. } if is_end || found == 0 => None,
            Paging::Page { first, .. } => {
                let page = if let At::Page(page) = reading.at { page } else { *first };
                Some(At::Page(page + 1))
            }
            Paging::Offset { first, reread, .. } => {
                let offset = if let At::Offset(offset) = reading.at { offset } else { *first };
                if behind.start >= found && found as u64 <= u64::from(*reread) {
                    // Nothing but what was read again: the list ends here.
                    return None;
                }
                Some(At::Offset(offset + found as u64 - self.steps_back(found)))
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

    /// How many of a page's records the next page reads again; never all, so that it moves on even
    /// where the system gives fewer than it is asked for.
    fn steps_back(&self, found: usize) -> u64 {
        match self.plan.paging {
            Paging::Offset { reread, .. } => {
                u64::from(reread).min((found as u64).saturating_sub(1))
            }
            _ => 0,
        }
    }

    /// Ends a reading. Returns whether another one is due right now.
    fn end(
        &self,
        mut reading: Reading,
        behind: &Behind<'_>,
        position: &mut Position,
        builder: &mut PageBuilder,
    ) -> bool {
        if let Some(total) = behind.told.answer.total {
            let is_short = reading.read < total;
            // A whole list is read again anyway; a window is not.
            let has_shrunk = reading.until.is_some() && total < reading.total_max;
            let is_unsettled = is_short && reading.repeats < REPEATS_MAX
                || has_shrunk && reading.repeats < SETTLE_MAX;
            if is_unsettled {
                reading.begin_again();
                let at_once = reading.repeats <= REPEATS_MAX;
                position.reading = Some(reading);
                return at_once;
            }
            if is_short || has_shrunk {
                let Behind { request, told, .. } = *behind;
                let page = Taking { request, reading: &reading, told };
                page.tell_missing(total, builder, position);
            }
        }
        let Some(until) = reading.until else {
            match self.plan.at_end {
                AtEnd::Restart => position.memory.turn(),
                AtEnd::Stay => {
                    reading.wait_behind(behind.told.last_content());
                    position.reading = Some(reading);
                }
            }
            return false;
        };
        position.covered = Some(until);
        position.memory.turn();
        !self.plan.is_at_edge(until, behind.request.now)
    }

    /// What the pull before has left over, if it was the one that this cursor comes from.
    fn take_held(&self, after: Option<&Cursor>) -> Option<Arc<Told>> {
        let held = self.held.lock().unwrap_or_else(PoisonError::into_inner).take();
        held.filter(|(cursor, _)| after == Some(cursor)).map(|(_, told)| told)
    }

    fn hold(&self, cursor: Cursor, told: Arc<Told>) {
        *self.held.lock().unwrap_or_else(PoisonError::into_inner) = Some((cursor, told));
    }
}

/// A page that was taken whole, from one record on.
struct Behind<'a> {
    request: PullRequest<'a>,
    told: &'a Told,
    start: usize,
}

/// The first record of an answer that was not taken yet; `None` when the list has shifted and the
/// reading begins again.
fn start(reading: &mut Reading, told: &Told) -> Option<usize> {
    let Some(anchor) = reading.anchor else { return Some(0) };
    if let Some(at) = told.find(anchor) {
        return Some(at + 1);
    }
    if reading.repeats >= REPEATS_MAX {
        reading.forget_page();
        return Some(0);
    }
    reading.begin_again();
    None
}
