//! The adapter: feeds built from what people wrote, read by walking their pages.

use std::collections::BTreeMap;

use async_trait::async_trait;
use jiff::Timestamp;
use lienthong_adapter_api::{
    Adapter, Blueprint, BuildError, Census, CensusWindow, Checkup, Page, Problem, PullError,
    PullFailure, PullRequest, SecretReader, Section,
};
use lienthong_adapter_kit::http::{Client, ClientParts};
use lienthong_adapter_kit::paging::{Answer, Ask, Asker, Paging, Plan, PlanParts, Walker};

use crate::answer::Shape;
use crate::request::Request;
use crate::security::Signer;
use crate::{Connection, Feed, Settings};

/// One system, as configured.
struct SoapXml {
    client: Client,
    signer: Option<Signer>,
    feeds: BTreeMap<String, Reader>,
}

/// One feed.
struct Reader {
    request: Request,
    shape: Shape,
    has_total: bool,
    walker: Walker,
}

/// Asks for pages of one feed.
struct FeedAsker<'a> {
    adapter: &'a SoapXml,
    reader: &'a Reader,
}

/// Builds the adapter of one source.
pub(crate) fn build(
    blueprint: &Blueprint,
    secrets: &dyn SecretReader,
) -> Result<Box<dyn Adapter>, BuildError> {
    assemble(blueprint, secrets)
        .map(|adapter| Box::new(adapter) as Box<dyn Adapter>)
        .map_err(|problems| BuildError { origin: blueprint.source.clone(), problems })
}

fn assemble(blueprint: &Blueprint, secrets: &dyn SecretReader) -> Result<SoapXml, Vec<Problem>> {
    let mut problems = Vec::new();
    let settings = keep(blueprint.settings.read::<Settings>(), &mut problems);
    let connection = keep(blueprint.connection.read::<Connection>(), &mut problems);
    let written: BTreeMap<_, _> = blueprint
        .feeds
        .iter()
        .filter_map(|(name, section)| {
            Some((name, (section, keep(section.read::<Feed>(), &mut problems)?)))
        })
        .collect();
    let (Some(settings), Some(connection)) = (settings, connection) else { return Err(problems) };
    let parts = ClientParts {
        settings: &blueprint.settings,
        settings_folder: &blueprint.settings_folder,
        base_url: &settings.base_url,
        auth: &settings.auth,
        key: &connection.key,
        token_path: connection.token_path.as_deref(),
        transport: &settings.http,
    };
    let client = keep(Client::build(parts, secrets), &mut problems);
    let signer = settings.security.as_ref().and_then(|security| {
        let section = blueprint.settings.child("security", "`security`");
        keep(Signer::build(&blueprint.source, security, &section, secrets), &mut problems)
    });
    let mut feeds = BTreeMap::new();
    for (name, (section, feed)) in written {
        let built = reader(&feed, section, blueprint, &settings, &connection);
        if let Some(reader) = keep(built, &mut problems) {
            feeds.insert(name.clone(), reader);
        }
    }
    match client {
        Some(client) if problems.is_empty() => Ok(SoapXml { client, signer, feeds }),
        _ => Err(problems),
    }
}

fn reader(
    feed: &Feed,
    section: &Section,
    blueprint: &Blueprint,
    settings: &Settings,
    connection: &Connection,
) -> Result<Reader, Vec<Problem>> {
    let mut problems = Vec::new();
    let mut problem = |key: &str, text: &str, label: &str| {
        let span = section.span_of(key);
        problems.push(section.problem_at(span, "LT-1071", text, label, None));
    };
    if feed.key.is_empty() {
        problem("key", "a feed needs a `key` that tells its records apart", "names no place");
    }
    if matches!(feed.paging, Paging::NextLink { .. }) {
        problem("paging", "SOAP services give no addresses of pages", "not for this kind");
    }
    let request = Request::build(feed, connection, &blueprint.system_folder, section);
    let Some(request) = keep(request, &mut problems) else { return Err(problems) };
    if request.wants_security() != settings.security.is_some() {
        let text = if settings.security.is_some() {
            "`security` is set, but the system's request has no place for it"
        } else {
            "the system needs the setting `security`"
        };
        let place = &blueprint.settings;
        let span = place.span_of("security");
        let hint = Some("see the system's README".to_owned());
        problems.push(place.problem_at(span, "LT-1072", text, "credentials", hint));
    }
    let plan = Plan::build(&PlanParts {
        paging: &feed.paging,
        window: feed.window.as_ref(),
        at_end: feed.at_end,
        remember: feed.remember,
        since: settings.since.as_deref(),
        parameters: &settings.parameters,
        holes: request.holes(),
        feed: section,
        settings: &blueprint.settings,
    });
    match keep(plan, &mut problems) {
        Some(plan) if problems.is_empty() => Ok(Reader {
            request,
            shape: Shape::new(feed, connection),
            has_total: feed.total.is_some(),
            walker: Walker::new(plan),
        }),
        _ => Err(problems),
    }
}

fn keep<T>(result: Result<T, Vec<Problem>>, problems: &mut Vec<Problem>) -> Option<T> {
    result.map_err(|found| problems.extend(found)).ok()
}

impl SoapXml {
    fn reader(&self, feed: &str) -> Result<&Reader, PullError> {
        let missing = || PullFailure::NoSuchFeed(feed.to_owned());
        self.feeds.get(feed).ok_or_else(|| PullError::new(missing(), "the source"))
    }

    async fn first_page(
        &self,
        reader: &Reader,
        (from, until): (Timestamp, Timestamp),
        now: Option<Timestamp>,
    ) -> Result<Answer, PullError> {
        let values = reader.walker.plan().values_between(from, until)?;
        FeedAsker { adapter: self, reader }.ask(&Ask { values, link: None, now }).await
    }
}

#[async_trait]
impl Adapter for SoapXml {
    async fn check(&self) -> Result<Checkup, PullError> {
        let mut checkup = Checkup::default();
        // There is no clock here: windows and security headers go by the system's own.
        let now = self.client.date().await?;
        for (name, reader) in &self.feeds {
            let window = reader.walker.plan().window_to_check(now);
            let answer = self.first_page(reader, window, now).await?;
            let (found, place) = (answer.records.len(), &answer.origin);
            checkup.findings.push(match answer.total {
                Some(total) => format!("`{name}`: {place}: {found} of {total} records"),
                None => format!("`{name}`: {place}: {found} records"),
            });
        }
        Ok(checkup)
    }

    async fn pull(&self, request: PullRequest<'_>) -> Result<Page, PullError> {
        let reader = self.reader(request.feed)?;
        reader.walker.pull(&FeedAsker { adapter: self, reader }, request).await
    }

    async fn census(&self, window: CensusWindow<'_>) -> Result<Option<Census>, PullError> {
        let reader = self.reader(window.feed)?;
        if !reader.has_total || !reader.walker.plan().has_window() {
            return Ok(None);
        }
        let answer = self.first_page(reader, (window.from, window.until), None).await?;
        Ok(answer.total.map(|items| Census { items }))
    }
}

#[async_trait]
impl Asker for FeedAsker<'_> {
    async fn ask(&self, ask: &Ask) -> Result<Answer, PullError> {
        let mut values = ask.values.clone();
        let client = &self.adapter.client;
        if let Some(signer) = &self.adapter.signer {
            let now = match ask.now {
                Some(now) => Some(now),
                None => client.date().await?,
            };
            let Some(now) = now else {
                let what = "it tells no `Date`, which a security header is made from".to_owned();
                return Err(PullError::new(PullFailure::Unexpected(what), "the service"));
            };
            values.security = Some(signer.header(now));
        }
        let reply = client.send(&self.reader.request.call(&values), ask.now).await?;
        self.reader.shape.read(reply)
    }
}
