//! The figures of the workbooks as the adapter alone finds them, each with its cell and with the
//! key that its observation must have at the hub.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use lienthong_adapter_api::{
    Adapter, Blueprint, PullRequest, Secret, SecretError, SecretReader, SecretRef, Section,
};
use lienthong_kind_table::KIND;
use serde_json::Value;

use crate::command::{TaskError, root};

/// The feeds of the system.
pub(super) const FEEDS: [&str; 2] = ["price-index", "production-index"];

/// What tells one observation of the system from another.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    pub(super) indicator: String,
    pub(super) period: String,
    pub(super) comparison: String,
    pub(super) data_type: String,
}

/// One figure of a workbook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Figure {
    pub(super) workbook: String,
    pub(super) sheet: String,
    /// Its cell as spreadsheets name it.
    pub(super) cell: String,
    /// The period of the report that it stands in.
    pub(super) report: String,
    /// The column's name in the feed's rules.
    pub(super) column: String,
    /// The label as it is written.
    pub(super) label: String,
    pub(super) value: String,
    pub(super) key: Key,
}

/// What the adapter found in a folder.
#[derive(Debug, Default)]
pub(super) struct Survey {
    pub(super) workbooks: usize,
    pub(super) figures: Vec<Figure>,
    pub(super) faults: Vec<String>,
    /// What its check says, with the sheets that no feed asks for.
    pub(super) findings: Vec<String>,
}

/// The code lists of the system's mappings, by name.
pub(super) struct Codes(BTreeMap<String, BTreeMap<String, String>>);

struct NoSecrets;

impl SecretReader for NoSecrets {
    fn read(&self, _: &SecretRef) -> Result<Secret, SecretError> {
        Err(SecretError::NoVariable("this system has no secrets".to_owned()))
    }
}

/// Reads every figure of both feeds.
pub(super) fn read(workbooks: &Path) -> Result<Survey, TaskError> {
    let adapter = adapter(workbooks)?;
    let codes = Codes::read()?;
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    runtime.block_on(async {
        let wrong = |error: lienthong_adapter_api::PullError| TaskError::Wrong(error.to_string());
        let mut survey = Survey::default();
        let mut names = BTreeSet::new();
        for feed in FEEDS {
            // Far from any settling time, so that what was copied a moment ago is read.
            let now = jiff::Timestamp::MAX;
            let (items_max, bytes_max) = (1_000_000, 1 << 30);
            let request = PullRequest { feed, after: None, items_max, bytes_max, now };
            let page = adapter.pull(request).await.map_err(wrong)?;
            for item in page.items() {
                let item: Value = serde_json::from_slice(item.bytes)
                    .map_err(|error| TaskError::Wrong(error.to_string()))?;
                let figure = codes.figure(feed, &item);
                names.insert(figure.workbook.clone());
                survey.figures.push(figure);
            }
            for fault in page.faults() {
                let place = lienthong_adapter_api::Place {
                    origin: &fault.origin,
                    position: fault.position,
                };
                survey.faults.push(format!("{} {place}: {}", fault.code, fault.reason));
            }
        }
        survey.workbooks = names.len();
        survey.findings = adapter.check().await.map_err(wrong)?.findings;
        Ok(survey)
    })
}

fn adapter(workbooks: &Path) -> Result<Box<dyn Adapter>, TaskError> {
    let folder = root().join("adapters/systems/gso-monthly");
    let problems = |problems: Vec<lienthong_adapter_api::Problem>| {
        let words: Vec<String> = problems.into_iter().map(|problem| problem.message).collect();
        TaskError::Wrong(words.join("; "))
    };
    let text = std::fs::read_to_string(folder.join("adapter.toml"))?;
    let whole = Section::parse("adapter.toml", text, "the system").map_err(problems)?;
    let shown = serde_json::to_string(&workbooks.to_string_lossy())
        .map_err(|error| TaskError::Wrong(error.to_string()))?;
    let settings = format!("folder = {shown}\nsettle_secs = 0");
    let feeds = whole.child("feeds", "feeds");
    let read = |feed: &str| feeds.child(feed, "feed").child("read", "adapter `table`");
    let blueprint = Blueprint {
        source: "gso".to_owned(),
        settings: Section::parse("settings", settings, "adapter `table`").map_err(problems)?,
        connection: whole.child("connection", "adapter `table`"),
        feeds: FEEDS.into_iter().map(|feed| (feed.to_owned(), read(feed))).collect(),
        system_folder: folder.clone(),
        settings_folder: folder,
    };
    (KIND.build)(&blueprint, &NoSecrets).map_err(|error| problems(error.problems))
}

impl Codes {
    /// Reads the lists beside the mappings.
    pub(super) fn read() -> Result<Self, TaskError> {
        let folder = root().join("mappings/systems/gso-monthly/codes");
        let mut lists = BTreeMap::new();
        for entry in std::fs::read_dir(folder)? {
            let path = entry?.path();
            let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            lists.insert(name, pairs(&path)?);
        }
        Ok(Self(lists))
    }

    /// The national code of a source code; the source code in question marks where there is none,
    /// which nothing at the hub equals.
    pub(super) fn national(&self, list: &str, source: &str) -> String {
        let found = self.0.get(list).and_then(|list| list.get(source));
        found.cloned().unwrap_or_else(|| format!("?{source}?"))
    }

    fn figure(&self, feed: &str, item: &Value) -> Figure {
        let text =
            |name: &str| item.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        let column = text("column");
        let (labels, columns) = match feed {
            "price-index" => ("price-groups", "price-columns"),
            _ => ("industries", "production-columns"),
        };
        let data_type = match feed {
            "price-index" => "official".to_owned(),
            _ => self.national("production-data-types", &column),
        };
        Figure {
            workbook: text("workbook"),
            sheet: text("sheet"),
            cell: text("cell"),
            report: text("report_period"),
            label: text("row_label"),
            value: text("value"),
            key: Key {
                indicator: self.national(labels, &text("row_key")),
                period: text("period"),
                comparison: self.national(columns, &column),
                data_type,
            },
            column,
        }
    }
}

fn pairs(path: &Path) -> Result<BTreeMap<String, String>, TaskError> {
    let wrong = |error: csv::Error| TaskError::Wrong(format!("{}: {error}", path.display()));
    let mut reader = csv::Reader::from_path(path).map_err(wrong)?;
    reader.deserialize().collect::<Result<_, _>>().map_err(wrong)
}
