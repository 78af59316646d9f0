//! Tests of the suite itself: a sound adapter keeps every rule, and each fault is found.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use jiff::Timestamp;
use lienthong_adapter_api::{
    Adapter, Blueprint, BuildError, Checkup, Cursor, Fault, Kind, Page, PageBuilder, Position,
    PullError, PullFailure, PullRequest, Schemas, Secret, SecretReader, SecretRef,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Conformance, MemorySecrets, Outcome};

/// Counts to ten, or does one thing wrong.
const NUMBERS: Kind =
    Kind { name: "numbers", summary: "Counts to ten.", can_census: false, build, schemas };

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum Quirk {
    None,
    Forgetful,
    Stuttering,
    Lossy,
    Greedy,
    Bulky,
    Credulous,
    Hospitable,
    Talkative,
    Vague,
    Restless,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Settings {
    quirk: Quirk,
    password: SecretRef,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Nothing {}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct At {
    kind: String,
    next: usize,
}

struct Numbers {
    quirk: Quirk,
    password: Secret,
    pulls: AtomicUsize,
}

fn build(
    blueprint: &Blueprint,
    secrets: &dyn SecretReader,
) -> Result<Box<dyn Adapter>, BuildError> {
    let origin = blueprint.source.clone();
    let mut problems = Vec::new();
    let settings: Option<Settings> =
        blueprint.settings.read().map_err(|found| problems.extend(found)).ok();
    for section in std::iter::once(&blueprint.connection).chain(blueprint.feeds.values()) {
        if let Err(found) = section.read::<Nothing>() {
            problems.extend(found);
        }
    }
    let Some(settings) = settings.filter(|_| problems.is_empty()) else {
        return Err(BuildError { origin, problems });
    };
    let password = secrets.read(&settings.password).map_err(|error| {
        let span = blueprint.settings.span_of("password");
        let text = error.to_string();
        let problem = blueprint.settings.problem_at(span, "LT-1007", text, "no secret", None);
        BuildError { origin, problems: vec![problem] }
    })?;
    Ok(Box::new(Numbers { quirk: settings.quirk, password, pulls: AtomicUsize::new(0) }))
}

fn schemas() -> Schemas {
    Schemas {
        settings: schemars::schema_for!(Settings),
        connection: schemars::schema_for!(Nothing),
        feed: schemars::schema_for!(Nothing),
    }
}

#[async_trait]
impl Adapter for Numbers {
    async fn check(&self) -> Result<Checkup, PullError> {
        if self.quirk == Quirk::Restless {
            self.pulls.store(1000, Ordering::SeqCst);
        }
        let word = if self.quirk == Quirk::Talkative { self.password.expose() } else { "fine" };
        Ok(Checkup { findings: vec![word.to_owned()] })
    }

    async fn pull(&self, request: PullRequest<'_>) -> Result<Page, PullError> {
        let pulls = self.pulls.fetch_add(1, Ordering::SeqCst);
        if request.feed != "numbers" && self.quirk != Quirk::Hospitable {
            let failure = PullFailure::NoSuchFeed(request.feed.to_owned());
            return Err(PullError::new(failure, "numbers"));
        }
        let mut next = match request.after.map(Cursor::read::<At>) {
            None => 0,
            Some(Ok(at)) if at.kind == "numbers" => at.next,
            Some(_) if self.quirk == Quirk::Credulous => 0,
            Some(_) => {
                let failure = PullFailure::BadCursor("not of numbers".to_owned());
                return Err(PullError::new(failure, "numbers"));
            }
        };
        if self.quirk == Quirk::Forgetful && pulls == 0 {
            next = 0;
        }
        let items_max = request.items_max + usize::from(self.quirk == Quirk::Greedy);
        let bytes_max = if self.quirk == Quirk::Bulky { usize::MAX } else { request.bytes_max };
        let mut page = PageBuilder::default();
        let origin = page.origin("numbers");
        while next < 10 && page.len() < items_max && page.bytes() + 32 <= bytes_max {
            if next == 4 {
                page.fault(fault(if self.quirk == Quirk::Vague { "" } else { "four" }));
            }
            if !(self.quirk == Quirk::Lossy && next == 7) {
                page.push(origin, Position::Index(next as u64), &number(next));
            }
            next += 1;
        }
        if self.quirk == Quirk::Stuttering && next == 6 {
            next = 5;
        }
        if self.quirk == Quirk::Restless && pulls >= 1000 {
            next = 10;
        }
        let more = next < 10;
        let at = At { kind: "numbers".to_owned(), next };
        let cursor = Cursor::write(&at).expect("it is short");
        Ok(page.finish(Some(cursor), more))
    }
}

fn number(n: usize) -> Vec<u8> {
    format!("{{\"n\":{n},\"of\":\"{:016}\"}}", 10).into_bytes()
}

fn fault(reason: &str) -> Fault {
    Fault {
        code: "LT-2012",
        reason: reason.to_owned(),
        hint: None,
        origin: "numbers".into(),
        position: Position::Index(4),
        excerpt: bytes::Bytes::new(),
        items: 1,
    }
}

fn suite(quirk: &str) -> Conformance {
    Conformance {
        kind: NUMBERS,
        settings: format!("quirk = \"{quirk}\"\npassword = {{ env = \"PASSWORD\" }}\n"),
        connection: String::new(),
        feeds: BTreeMap::from([("numbers".to_owned(), String::new())]),
        system_folder: PathBuf::new(),
        settings_folder: PathBuf::new(),
        secrets: MemorySecrets(BTreeMap::from([("PASSWORD".to_owned(), "hunter2".to_owned())])),
        feed: "numbers".to_owned(),
        items: (0..10).map(number).collect(),
        faults: vec!["LT-2012"],
        now: Timestamp::UNIX_EPOCH,
        fingerprint: |_| String::new(),
    }
}

#[tokio::test]
async fn a_sound_adapter_keeps_every_rule() {
    let report = suite("none").run().await;
    report.assert_kept();
    assert!(report.lines.iter().all(|line| line.outcome == Outcome::Kept), "{report}");
}

#[tokio::test]
async fn each_quirk_breaks_its_rule() {
    let cases = [
        ("forgetful", "a restart loses and doubles nothing"),
        ("stuttering", "the pages chain to the end exactly once"),
        ("lossy", "the pages chain to the end exactly once"),
        ("greedy", "a page holds no more items than asked for"),
        ("bulky", "a page holds no more bytes than asked for"),
        ("credulous", "a foreign cursor is refused"),
        ("hospitable", "an unknown feed is refused"),
        ("talkative", "no secret is ever shown"),
        ("vague", "a fault has its code and place"),
        ("restless", "a check changes nothing"),
    ];
    for (quirk, rule) in cases {
        let report = suite(quirk).run().await;
        let line = report.lines.iter().find(|line| line.rule == rule).expect("the rule exists");
        assert!(matches!(line.outcome, Outcome::Broken(_)), "{quirk} breaks `{rule}`:\n{report}");
    }
}

#[tokio::test]
async fn the_report_names_what_was_seen() {
    let report = suite("lossy").run().await;
    assert!(!report.is_kept());
    let text = report.to_string();
    assert!(text.contains("item 7 is {\"n\":8"), "{text}");
}

#[tokio::test]
async fn a_source_without_secrets_tries_no_secret_rule() {
    let mut suite = suite("none");
    suite.secrets = MemorySecrets::default();
    let report = suite.run().await;
    let tried = |line: &&super::Line| matches!(line.outcome, Outcome::NotTried(_));
    assert_eq!(report.lines.iter().filter(tried).count(), 2);
}
