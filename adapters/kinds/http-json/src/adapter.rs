//! The adapter: feeds built from what people wrote, read by walking their pages.

use std::collections::BTreeMap;

use async_trait::async_trait;
use lienthong_adapter_api::{
    Adapter, Blueprint, BuildError, Problem, PullError, PullFailure, SecretReader,
};
use lienthong_adapter_kit::http::{Client, ClientParts, Reply};
use lienthong_adapter_kit::paging::{
    Answer, Ask, PagedAdapter, PagedFeed, Paging, Plan, PlanParts, Protocol,
};

use crate::answer::Shape;
use crate::request::Request;
use crate::{Connection, Feed, Settings};

/// How one feed is asked.
struct HttpJson {
    request: Request,
    shape: Shape,
    has_total: bool,
    follows: Links,
}

/// Where the addresses of further pages come from.
enum Links {
    /// There are none.
    Nowhere,
    /// The body, at the place that the feed's `next` names.
    Body,
    /// The `Link` header.
    Header,
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

fn assemble(
    blueprint: &Blueprint,
    secrets: &dyn SecretReader,
) -> Result<PagedAdapter, Vec<Problem>> {
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
        let protocol = HttpJson {
            request,
            shape: Shape::new(&feed, connection.success.as_ref()),
            has_total: feed.total.is_some(),
            follows: match feed.paging {
                Paging::NextLink { next: None, .. } => Links::Header,
                Paging::NextLink { .. } => Links::Body,
                _ => Links::Nowhere,
            },
        };
        feeds.insert(name.clone(), PagedFeed::new(protocol, plan));
    }
    match client {
        Some(client) if problems.is_empty() => Ok(PagedAdapter::new(client, feeds)),
        _ => Err(problems),
    }
}

fn keep<T>(result: Result<T, Vec<Problem>>, problems: &mut Vec<Problem>) -> Option<T> {
    result.map_err(|found| problems.extend(found)).ok()
}

#[async_trait]
impl Protocol for HttpJson {
    async fn ask(&self, client: &Client, ask: &Ask) -> Result<Answer, PullError> {
        let mut call = self.request.call(&ask.values);
        if let Some(link) = &ask.link {
            call.link = Some(link.parse().map_err(|_| {
                let what = "its link is not an address".to_owned();
                PullError::new(PullFailure::BadCursor(what), "the cursor")
            })?);
            call.query.clear();
        }
        let reply = client.send(&call, ask.now).await?;
        if reply.failure().is_some() {
            return Err(self.refusal(reply));
        }
        let mut answer = self.shape.read(&reply)?;
        let link = match self.follows {
            Links::Nowhere => return Ok(answer),
            Links::Body => answer.next.take(),
            Links::Header => reply.link.as_deref().and_then(next_of),
        };
        if let Some(link) = link {
            answer.next = Some(client.resolve(&reply, &link)?.into());
        }
        Ok(answer)
    }

    fn has_total(&self) -> bool {
        self.has_total
    }

    fn needs_time(&self) -> bool {
        false
    }
}

impl HttpJson {
    /// An answer that failed, with the system's own words where the feed knows their place.
    fn refusal(&self, reply: Reply) -> PullError {
        let words = self.shape.words(&reply);
        if let (400 | 500, Some(failure)) = (reply.status, self.shape.failure(&reply)) {
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
