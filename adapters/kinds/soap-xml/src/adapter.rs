//! The adapter: feeds built from what people wrote, read by walking their pages.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use lienthong_adapter_api::{
    Adapter, Blueprint, BuildError, Problem, PullError, PullFailure, SecretReader, Section,
};
use lienthong_adapter_kit::http::{Client, ClientParts};
use lienthong_adapter_kit::paging::{
    Answer, Ask, PagedAdapter, PagedFeed, Paging, Plan, PlanParts, Protocol,
};

use crate::answer::Shape;
use crate::request::Request;
use crate::security::Signer;
use crate::{Connection, Feed, Settings};

/// How one feed is asked.
struct SoapXml {
    request: Request,
    shape: Shape,
    has_total: bool,
    /// Makes the security headers, for all feeds together.
    signer: Option<Arc<Signer>>,
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
    let signer = settings.security.as_ref().and_then(|security| {
        let section = blueprint.settings.child("security", "`security`");
        let signer = Signer::build(&blueprint.source, security, &section, secrets);
        keep(signer, &mut problems).map(Arc::new)
    });
    let mut feeds = BTreeMap::new();
    for (name, (section, feed)) in written {
        let parts = Parts { blueprint, settings: &settings, connection: &connection };
        let built = parts.feed(&feed, section, signer.clone());
        if let Some(feed) = keep(built, &mut problems) {
            feeds.insert(name.clone(), feed);
        }
    }
    match client {
        Some(client) if problems.is_empty() => Ok(PagedAdapter::new(client, feeds)),
        _ => Err(problems),
    }
}

/// What all feeds of a system are built from.
struct Parts<'a> {
    blueprint: &'a Blueprint,
    settings: &'a Settings,
    connection: &'a Connection,
}

impl Parts<'_> {
    fn feed(
        &self,
        feed: &Feed,
        section: &Section,
        signer: Option<Arc<Signer>>,
    ) -> Result<PagedFeed, Vec<Problem>> {
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
        let folder = &self.blueprint.system_folder;
        let request = Request::build(feed, self.connection, folder, section);
        let Some(request) = keep(request, &mut problems) else { return Err(problems) };
        problems.extend(self.security_problem(&request));
        let plan = Plan::build(&PlanParts {
            paging: &feed.paging,
            window: feed.window.as_ref(),
            at_end: feed.at_end,
            remember: feed.remember,
            since: self.settings.since.as_deref(),
            parameters: &self.settings.parameters,
            holes: request.holes(),
            feed: section,
            settings: &self.blueprint.settings,
        });
        let Some(plan) = keep(plan, &mut problems) else { return Err(problems) };
        if !problems.is_empty() {
            return Err(problems);
        }
        let shape = Shape::new(feed, self.connection);
        let protocol = SoapXml { request, shape, has_total: feed.total.is_some(), signer };
        Ok(PagedFeed::new(protocol, plan))
    }

    /// Credentials without a place for them, or a place without credentials.
    fn security_problem(&self, request: &Request) -> Option<Problem> {
        let text = match (request.wants_security(), &self.settings.security) {
            (false, Some(_)) => "`security` is set, but the system's request has no place for it",
            (true, None) => "the system needs the setting `security`",
            _ => return None,
        };
        let place = &self.blueprint.settings;
        let span = place.span_of("security");
        let hint = if self.settings.security.is_some() {
            "leave it out, or use `auth` for the credentials of the connection"
        } else {
            "add `security` with `type = \"username-token\"`, `username` and `password`"
        };
        let hint = Some(hint.to_owned());
        Some(place.problem_at(span, "LT-1072", text, "credentials", hint))
    }
}

fn keep<T>(result: Result<T, Vec<Problem>>, problems: &mut Vec<Problem>) -> Option<T> {
    result.map_err(|found| problems.extend(found)).ok()
}

#[async_trait]
impl Protocol for SoapXml {
    async fn ask(&self, client: &Client, ask: &Ask) -> Result<Answer, PullError> {
        let mut values = ask.values.clone();
        if let Some(signer) = &self.signer {
            let Some(now) = ask.now else {
                let what = "it tells no `Date`, which a security header is made from".to_owned();
                return Err(PullError::new(PullFailure::Unexpected(what), "the service"));
            };
            values.security = Some(signer.header(now));
        }
        let reply = client.send(&self.request.call(&values), ask.now).await?;
        self.shape.read(reply)
    }

    fn has_total(&self) -> bool {
        self.has_total
    }

    fn needs_time(&self) -> bool {
        self.signer.is_some()
    }
}
