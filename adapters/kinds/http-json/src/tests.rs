//! The kind as the runtime uses it: built from texts, against real servers on loopback.

mod answers;
mod conformance;
mod damage;
mod feeds;
mod settings;
mod systems;
mod trouble;

use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;

use axum::Router;
use jiff::Timestamp;
use lienthong_adapter_api::{
    Adapter, Blueprint, BuildError, Cursor, Page, PullError, PullRequest, Secret, SecretError,
    SecretReader, SecretRef, Section,
};
use tokio::net::TcpListener;

/// Secrets by the name of their variable.
struct Secrets(HashMap<&'static str, &'static str>);

impl SecretReader for Secrets {
    fn read(&self, reference: &SecretRef) -> Result<Secret, SecretError> {
        let SecretRef::Env { env } = reference else {
            return Err(SecretError::NoVariable("none".to_owned()));
        };
        match self.0.get(env.as_str()) {
            Some(value) => Ok(Secret::new((*value).to_owned())),
            None => Err(SecretError::NoVariable(env.clone())),
        }
    }
}

/// What an operator and an integrator write. `adapter` is a whole `adapter.toml`, its feeds named
/// below `feeds`.
fn blueprint(settings: &str, adapter: &str) -> Blueprint {
    let file = Section::parse("adapter.toml", adapter, "the system").expect("TOML");
    let feeds = file.child("feeds", "feeds");
    let read = |name: &String| feeds.child(name, "a feed").child("read", format!("feed `{name}`"));
    Blueprint {
        source: "the-source".to_owned(),
        settings: Section::parse("agency.toml", settings, "adapter `http-json`").expect("TOML"),
        connection: file.child("connection", "`connection`"),
        feeds: feeds.keys().iter().map(|name| (name.clone(), read(name))).collect(),
        system_folder: PathBuf::new(),
        settings_folder: PathBuf::new(),
    }
}

fn build(settings: &str, adapter: &str) -> Result<Box<dyn Adapter>, BuildError> {
    let secrets = Secrets(HashMap::from([
        ("IGATE", lienthong_sample_sources::credentials::IGATE_CLIENT_SECRET),
        ("GPLX", lienthong_sample_sources::credentials::GPLX_KEY),
        ("LDTBXH", lienthong_sample_sources::credentials::LDTBXH_KEY),
        ("WRONG", "wrong-s3cr3t"),
    ]));
    (crate::KIND.build)(&blueprint(settings, adapter), &secrets)
}

fn built(settings: &str, adapter: &str) -> Box<dyn Adapter> {
    build(settings, adapter).unwrap_or_else(|error| panic!("{:#?}", error.problems))
}

async fn serve(router: Router) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    #[expect(clippy::disallowed_methods, reason = "the server runs beside the test")]
    tokio::spawn(async move { axum::serve(listener, router).await });
    format!("http://{address}")
}

fn moment(text: &str) -> Timestamp {
    text.parse().expect("a moment")
}

async fn pull(
    adapter: &dyn Adapter,
    feed: &str,
    after: Option<&Cursor>,
    now: &str,
) -> Result<Page, PullError> {
    let now = moment(now);
    let request = PullRequest { feed, after, items_max: 500, bytes_max: 1 << 20, now };
    adapter.pull(request).await
}

/// Pulls until there is no more: the items, and the cursor behind them.
async fn drain(
    adapter: &dyn Adapter,
    feed: &str,
    after: Option<Cursor>,
    now: &str,
) -> (Vec<String>, Option<Cursor>) {
    let (mut items, mut cursor) = (Vec::new(), after);
    for _ in 0..1000 {
        let page = pull(adapter, feed, cursor.as_ref(), now).await.expect("a page");
        assert_eq!(page.faults().len(), 0, "{:?}", page.faults());
        items.extend(page.items().map(|item| String::from_utf8_lossy(item.bytes).into_owned()));
        cursor = page.next.or(cursor);
        if !page.more {
            return (items, cursor);
        }
    }
    panic!("the feed never ends");
}

/// Everything that a log could show of an error.
fn shown(error: &PullError) -> String {
    let mut shown = format!("{error} {error:?}");
    let mut cause = std::error::Error::source(error);
    while let Some(inner) = cause {
        shown = format!("{shown} {inner} {inner:?}");
        cause = inner.source();
    }
    shown
}

/// Names, to see at a glance which problems there are.
fn problems(settings: &str, adapter: &str) -> Vec<String> {
    let Err(error) = build(settings, adapter) else { return Vec::new() };
    let mut found: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for problem in &error.problems {
        let marked = problem.text.get(problem.span.clone()).unwrap_or_default();
        let line = format!("{} {} [{marked}]", problem.code, problem.message);
        found.entry(problem.file.to_string()).or_default().push(line);
    }
    found.into_values().flatten().collect()
}
