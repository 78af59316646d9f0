//! The adapter: feeds built from what people wrote, read by walking their pages.

use std::collections::BTreeMap;

use async_trait::async_trait;
use jiff::Timestamp;
use lienthong_adapter_api::{
    Adapter, Blueprint, BuildError, Census, CensusWindow, Checkup, Page, Problem, PullError,
    PullFailure, PullRequest, SecretReader,
};
use lienthong_adapter_kit::http::{Client, ClientParts, Reply};
use lienthong_adapter_kit::paging::{Answer, Ask, Asker, Paging, Plan, PlanParts, Values, Walker};

use crate::answer::Shape;
use crate::request::Request;
use crate::{Connection, Feed, Settings};

/// One system, as configured.
struct HttpJson {
    client: Client,
    feeds: BTreeMap<String, Reader>,
}

/// One feed.
struct Reader {
    request: Request,
    shape: Shape,
    uses_link_header: bool,
    has_total: bool,
    walker: Walker,
}

/// Asks for pages of one feed.
struct FeedAsker<'a> {
    client: &'a Client,
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

fn assemble(blueprint: &Blueprint, secrets: &dyn SecretReader) -> Result<HttpJson, Vec<Problem>> {
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
    let mut feeds = BTreeMap::new();
    for (name, (section, feed)) in written {
        let request = Request::build(&feed, &connection, section, &blueprint.connection);
        let Some(request) = keep(request, &mut problems) else { continue };
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
        if feed.key.is_empty() {
            let text = "a feed needs a `key` that tells its items apart";
            let hint = Some("name at least one place, such as `key = [\"id\"]`".to_owned());
            let span = section.span_of("key");
            problems.push(section.problem_at(span, "LT-1071", text, "names no place", hint));
        }
        let Some(plan) = keep(plan, &mut problems) else { continue };
        let reader = Reader {
            request,
            shape: Shape::new(&feed, connection.success.as_ref()),
            uses_link_header: matches!(feed.paging, Paging::NextLink { next: None, .. }),
            has_total: feed.total.is_some(),
            walker: Walker::new(plan),
        };
        feeds.insert(name.clone(), reader);
    }
    match client {
        Some(client) if problems.is_empty() => Ok(HttpJson { client, feeds }),
        _ => Err(problems),
    }
}

fn keep<T>(result: Result<T, Vec<Problem>>, problems: &mut Vec<Problem>) -> Option<T> {
    result.map_err(|found| problems.extend(found)).ok()
}

impl HttpJson {
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
        let values: Values = reader.walker.plan().values_between(from, until)?;
        FeedAsker { client: &self.client, reader }.ask(&Ask { values, link: None, now }).await
    }
}

#[async_trait]
impl Adapter for HttpJson {
    async fn check(&self) -> Result<Checkup, PullError> {
        let mut checkup = Checkup::default();
        let is_windowed = self.feeds.values().any(|reader| reader.walker.plan().has_window());
        let now = if is_windowed { self.client.date().await? } else { None };
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
        let asker = FeedAsker { client: &self.client, reader };
        reader.walker.pull(&asker, request).await
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
        let mut call = self.reader.request.call(&ask.values);
        if let Some(link) = &ask.link {
            call.link = Some(link.parse().map_err(|_| {
                let what = "its link is not an address".to_owned();
                PullError::new(PullFailure::BadCursor(what), "the cursor")
            })?);
            call.query.clear();
        }
        let reply = self.client.send(&call, ask.now).await?;
        if reply.failure().is_some() {
            return Err(self.refusal(reply));
        }
        let mut answer = self.reader.shape.read(&reply)?;
        if self.reader.uses_link_header {
            answer.next = reply.link.as_deref().and_then(next_of);
        }
        if self.reader.walker.plan().follows_links()
            && let Some(next) = &answer.next
        {
            answer.next = Some(self.client.resolve(&reply, next)?.into());
        }
        Ok(answer)
    }
}

impl FeedAsker<'_> {
    /// An answer that failed, with the system's own words where the feed knows their place.
    fn refusal(&self, reply: Reply) -> PullError {
        let shape = &self.reader.shape;
        let words = shape.words(&reply);
        if let (400 | 500, Some(failure)) = (reply.status, shape.failure(&reply)) {
            return PullError::new(failure, reply.place);
        }
        match reply.into_success() {
            Err(error) => match words {
                Some(words) => error.caused_by(format!("the system says: {words}")),
                None => error,
            },
            Ok(reply) => {
                let what = format!("HTTP {}", reply.status);
                PullError::new(PullFailure::Unexpected(what), reply.place)
            }
        }
    }
}

/// The address with `rel="next"` of a `Link` header (RFC 8288).
fn next_of(header: &str) -> Option<String> {
    let mut rest = header;
    while let Some((_, after)) = rest.split_once('<') {
        let (target, parameters) = after.split_once('>')?;
        let end = parameters.find('<').unwrap_or(parameters.len());
        let (parameters, behind) = parameters.split_at_checked(end)?;
        let is_next = parameters.split([';', ',']).any(|parameter| {
            let value = parameter.trim().strip_prefix("rel=").unwrap_or_default();
            value.trim_matches('"').split(' ').any(|word| word.eq_ignore_ascii_case("next"))
        });
        if is_next {
            return Some(target.to_owned());
        }
        rest = behind;
    }
    None
}
