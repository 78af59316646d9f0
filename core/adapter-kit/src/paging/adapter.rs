//! An adapter over feeds that are asked page by page: what the paging kinds have in common.

use std::collections::BTreeMap;

use async_trait::async_trait;
use jiff::Timestamp;
use lienthong_adapter_api::{
    Adapter, Census, CensusWindow, Checkup, Page, PullError, PullFailure, PullRequest,
};

use super::{Answer, Ask, Asker, Plan, Walker};
use crate::http::Client;

/// How one feed is asked for a page; what a kind implements.
#[async_trait]
pub trait Protocol: Send + Sync {
    /// Asks and finds the records in the answer.
    ///
    /// # Errors
    /// As for [`Adapter::pull`].
    async fn ask(&self, client: &Client, ask: &Ask) -> Result<Answer, PullError>;

    /// Whether the answers tell how many records there are over all pages.
    fn has_total(&self) -> bool;

    /// Whether a request can't be made without the present moment.
    fn needs_time(&self) -> bool;
}

/// The feeds of one system, made by a kind's build.
pub struct PagedAdapter {
    client: Client,
    feeds: BTreeMap<String, PagedFeed>,
}

/// One feed.
pub struct PagedFeed {
    protocol: Box<dyn Protocol>,
    walker: Walker,
}

/// A feed with the client that it is asked by.
struct Asking<'a> {
    client: &'a Client,
    feed: &'a PagedFeed,
}

impl PagedFeed {
    /// Makes a feed.
    pub fn new(protocol: impl Protocol + 'static, plan: Plan) -> Self {
        Self { protocol: Box::new(protocol), walker: Walker::new(plan) }
    }

    fn needs_time(&self) -> bool {
        self.walker.plan().has_window() || self.protocol.needs_time()
    }
}

impl PagedAdapter {
    /// Makes an adapter of its feeds, by their names.
    pub fn new(client: Client, feeds: BTreeMap<String, PagedFeed>) -> Self {
        Self { client, feeds }
    }

    fn feed(&self, name: &str) -> Result<Asking<'_>, PullError> {
        let missing = || PullFailure::NoSuchFeed(name.to_owned());
        let feed = self.feeds.get(name);
        let feed = feed.ok_or_else(|| PullError::new(missing(), "the source"))?;
        Ok(Asking { client: &self.client, feed })
    }
}

#[async_trait]
impl Adapter for PagedAdapter {
    async fn check(&self) -> Result<Checkup, PullError> {
        let mut checkup = Checkup::default();
        // There is no clock here: windows and requests that carry the time go by the system's own.
        let needs_time = self.feeds.values().any(PagedFeed::needs_time);
        let now = if needs_time { self.client.date().await? } else { None };
        for (name, feed) in &self.feeds {
            let window = feed.walker.plan().window_to_check(now);
            let answer = Asking { client: &self.client, feed }.first_page(window, now).await?;
            let (found, place) = (answer.records.len(), &answer.origin);
            checkup.findings.push(match answer.total {
                Some(total) => format!("`{name}`: {place}: {found} of {total} records"),
                None => format!("`{name}`: {place}: {found} records"),
            });
        }
        Ok(checkup)
    }

    async fn pull(&self, request: PullRequest<'_>) -> Result<Page, PullError> {
        let asking = self.feed(request.feed)?;
        asking.feed.walker.pull(&asking, request).await
    }

    async fn census(&self, window: CensusWindow<'_>) -> Result<Option<Census>, PullError> {
        let asking = self.feed(window.feed)?;
        let plan = asking.feed.walker.plan();
        let can_count = asking.feed.protocol.has_total() || plan.is_one_answer();
        if !can_count || !plan.has_window() {
            return Ok(None);
        }
        let needs_time = asking.feed.protocol.needs_time();
        let now = if needs_time { self.client.date().await? } else { None };
        let answer = asking.first_page((window.from, window.until), now).await?;
        // Where one answer holds everything, its records are all there are.
        let records = plan.is_one_answer().then_some(answer.records.len() as u64);
        Ok(answer.total.or(records).map(|items| Census { items }))
    }
}

impl Asking<'_> {
    async fn first_page(
        &self,
        (from, until): (Timestamp, Timestamp),
        now: Option<Timestamp>,
    ) -> Result<Answer, PullError> {
        let values = self.feed.walker.plan().values_between(from, until)?;
        self.ask(&Ask { values, link: None, now }).await
    }
}

#[async_trait]
impl Asker for Asking<'_> {
    async fn ask(&self, ask: &Ask) -> Result<Answer, PullError> {
        self.feed.protocol.ask(self.client, ask).await
    }
}
