//! A list that pages, filters by change date and can be changed between two answers.

use std::collections::BTreeMap;
use std::sync::Mutex;

use async_trait::async_trait;
use bytes::Bytes;
use lienthong_adapter_api::{PullError, Section};

use super::super::{
    Answer, Ask, Asker, AtEnd, Bound, Hole, Paging, Plan, PlanParts, Record, Walker, Window, digest,
};

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) id: u32,
    pub(super) content: String,
    pub(super) updated: i64,
}

/// What the list is like and what happens to it.
pub(super) struct List {
    pub(super) state: Mutex<State>,
}

#[derive(Default)]
pub(super) struct State {
    pub(super) rows: Vec<Row>,
    pub(super) tells_total: bool,
    /// The list never gives more than this.
    pub(super) size_max: usize,
    /// Ignores the page that it is asked for.
    pub(super) is_stubborn: bool,
    /// Tells this many more than there are.
    pub(super) invented: u64,
    pub(super) asked: usize,
    /// Makes tokens and addresses this much longer.
    pub(super) padding: usize,
    /// What happens just before the answer of this number, from 1.
    pub(super) events: BTreeMap<usize, fn(&mut Vec<Row>)>,
    /// What time it is for the system.
    pub(super) date: Option<i64>,
    /// Sorted by id instead of by change date.
    pub(super) by_id: bool,
}

impl List {
    pub(super) fn new(rows: Vec<Row>) -> Self {
        let state = State { rows, tells_total: true, size_max: 100, ..State::default() };
        Self { state: Mutex::new(state) }
    }

    pub(super) fn of(ids: std::ops::Range<u32>) -> Self {
        Self::new(ids.map(|id| row(id, "A", i64::from(id))).collect())
    }

    pub(super) fn with(self, change: impl FnOnce(&mut State)) -> Self {
        self.change(change);
        self
    }

    pub(super) fn change<R>(&self, change: impl FnOnce(&mut State) -> R) -> R {
        change(&mut self.state.lock().expect("no panic elsewhere"))
    }
}

pub(super) fn row(id: u32, content: &str, updated: i64) -> Row {
    Row { id, content: content.to_owned(), updated }
}

#[async_trait]
impl Asker for List {
    async fn ask(&self, ask: &Ask) -> Result<Answer, PullError> {
        self.change(|state| {
            state.asked += 1;
            if let Some(event) = state.events.get(&state.asked).copied() {
                event(&mut state.rows);
            }
            Ok(answer(state, ask))
        })
    }
}

fn answer(state: &State, ask: &Ask) -> Answer {
    let secs = |text: &Option<String>, other| {
        text.as_ref().map_or(other, |text| text.parse::<i64>().expect("epoch") - 1_750_000_000)
    };
    let from = secs(&ask.values.from, i64::MIN);
    let until = secs(&ask.values.until, i64::MAX);
    let mut rows: Vec<_> =
        state.rows.iter().filter(|row| from <= row.updated && row.updated < until).collect();
    rows.sort_by_key(|row| if state.by_id { (0, row.id) } else { (row.updated, row.id) });
    let size = ask.values.size.map_or(usize::MAX, |size| size as usize).min(state.size_max);
    let token = ask.values.cursor.as_deref().or(ask.link.as_deref());
    let after = token.and_then(|token| {
        let mut parts = token.split('-');
        Some((parts.next()?.parse::<i64>().ok()?, parts.next()?.parse::<u32>().ok()?))
    });
    let skip = match (ask.values.page, ask.values.offset, after) {
        _ if state.is_stubborn => 0,
        (Some(page), _, _) => usize::try_from(page).expect("small") * size,
        (_, Some(offset), _) => usize::try_from(offset).expect("small"),
        (_, _, Some(after)) => rows.iter().filter(|row| (row.updated, row.id) <= after).count(),
        _ => 0,
    };
    let page: Vec<_> = rows.iter().skip(skip).take(size).collect();
    let mut body = Vec::new();
    let mut records = Vec::new();
    for row in &page {
        let start = body.len();
        body.extend_from_slice(format!("{}:{}", row.id, row.content).as_bytes());
        let key = if row.content == "broken" {
            Err(("LT-2075", "it is broken".to_owned()))
        } else {
            Ok(digest([row.id.to_string().as_bytes()]))
        };
        records.push(Record { range: start..body.len(), key });
    }
    let is_more = skip + page.len() < rows.len();
    Answer {
        origin: "the list".to_owned(),
        body: Bytes::from(body),
        records,
        total: state.tells_total.then_some(rows.len() as u64 + state.invented),
        is_last: None,
        date: state.date.map(super::at),
        next: page
            .last()
            .filter(|_| is_more)
            .map(|row| format!("{}-{}-{}", row.updated, row.id, "x".repeat(state.padding))),
    }
}

/// How a test's feed is described.
pub(super) struct Described {
    pub(super) paging: Paging,
    pub(super) window: Option<Window>,
    pub(super) at_end: AtEnd,
    pub(super) remember: usize,
}

pub(super) fn page(size: u32) -> Described {
    described(Paging::Page { first: 0, size })
}

pub(super) fn described(paging: Paging) -> Described {
    Described { paging, window: None, at_end: AtEnd::Restart, remember: 1000 }
}

impl Described {
    pub(super) fn windows(mut self, step_secs: u64, overlap_secs: u64) -> Self {
        self.window = Some(Window {
            start: super::at(0).to_string(),
            step_secs,
            overlap_secs,
            lag_secs: 0,
            format: "epoch-s".to_owned(),
            timezone: "UTC".to_owned(),
            until: Bound::Exclusive,
        });
        self
    }

    pub(super) fn staying(mut self) -> Self {
        self.at_end = AtEnd::Stay;
        self
    }

    pub(super) fn remembering(mut self, remember: usize) -> Self {
        self.remember = remember;
        self
    }

    pub(super) fn walker(&self) -> Walker {
        let section = Section::parse("feed.toml", "", "the feed").expect("TOML");
        let mut holes = match self.paging {
            Paging::Page { .. } => vec![Hole::Page],
            Paging::Offset { .. } => vec![Hole::Offset],
            Paging::Cursor { .. } => vec![Hole::Cursor],
            Paging::None | Paging::NextLink { .. } => Vec::new(),
        };
        if self.window.is_some() {
            holes.push(Hole::From);
        }
        let plan = Plan::build(&PlanParts {
            paging: &self.paging,
            window: self.window.as_ref(),
            at_end: self.at_end,
            remember: self.remember,
            since: None,
            parameters: &BTreeMap::new(),
            holes,
            feed: &section,
            settings: &section,
        });
        Walker::new(plan.expect("a plan"))
    }
}
