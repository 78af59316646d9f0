//! The system `gso-monthly`: its samples, and the published workbooks where they are at hand.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use lienthong_adapter_api::{Adapter, Blueprint, PullRequest, Section};
use serde_json::Value;

use crate::KIND;
use crate::normalise::comparable;

use super::{NOW, NoSecrets};

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..").canonicalize().unwrap()
}

/// The adapter of the system over a folder.
fn adapter(folder: &Path) -> Box<dyn Adapter> {
    let system = repository().join("adapters/systems/gso-monthly");
    let text = std::fs::read_to_string(system.join("adapter.toml")).unwrap();
    let whole = Section::parse("adapter.toml", text, "the system").unwrap();
    let settings = format!("folder = {:?}\nsettle_secs = 0", folder.to_str().unwrap());
    let feeds = whole.child("feeds", "feeds");
    let read = |name: String| {
        let read = feeds.child(&name, "feed").child("read", "adapter `table`");
        (name, read)
    };
    let blueprint = Blueprint {
        source: "gso".to_owned(),
        settings: Section::parse("settings.toml", settings, "adapter `table`").unwrap(),
        connection: whole.child("connection", "adapter `table`"),
        feeds: feeds.keys().into_iter().map(read).collect(),
        system_folder: system.clone(),
        settings_folder: system,
    };
    match (KIND.build)(&blueprint, &NoSecrets) {
        Ok(adapter) => adapter,
        Err(error) => panic!("{:#?}", error.problems),
    }
}

/// Everything of a feed: items, and faults as lines.
async fn all(adapter: &dyn Adapter, feed: &str) -> (Vec<BTreeMap<String, Value>>, Vec<String>) {
    let now = NOW.parse().unwrap();
    let request = PullRequest { feed, after: None, items_max: 100_000, bytes_max: 1 << 30, now };
    let page = adapter.pull(request).await.unwrap();
    assert!(!page.more);
    let items = page.items().map(|item| serde_json::from_slice(item.bytes).unwrap()).collect();
    let faults = page.faults().iter();
    let faults =
        faults.map(|fault| format!("{} {} {}", fault.code, fault.origin, fault.reason)).collect();
    (items, faults)
}

fn text<'a>(item: &'a BTreeMap<String, Value>, name: &str) -> &'a str {
    item[name].as_str().unwrap_or_default()
}

/// The lines of a CSV file as maps.
fn table(path: &Path) -> Vec<BTreeMap<String, String>> {
    csv::Reader::from_path(path).unwrap().deserialize().map(Result::unwrap).collect()
}

/// The code lists of the system's mappings, by feed.
fn codes(feed: &str) -> BTreeMap<String, String> {
    let name = if feed == "price-index" { "price-groups" } else { "industries" };
    let folder = repository().join("mappings/systems/gso-monthly/codes");
    let lines = table(&folder.join(name).with_extension("csv"));
    lines.into_iter().map(|line| (line["source"].clone(), line["national"].clone())).collect()
}

#[test]
fn code_lists_are_written_as_keys_are() {
    for feed in ["price-index", "production-index"] {
        for source in codes(feed).keys() {
            assert_eq!(*source, comparable(source));
        }
    }
}

#[tokio::test]
async fn the_samples_are_read_as_their_readme_says() {
    let adapter = adapter(&repository().join("adapters/systems/gso-monthly/samples"));
    let (prices, faults) = all(&*adapter, "price-index").await;
    assert_eq!(prices.len(), 113);
    let (first, last) = (&prices[0], prices.last().unwrap());
    assert_eq!(text(first, "row_label"), "CHỈ SỐ GIÁ TIÊU DÙNG");
    assert_eq!((text(first, "value"), text(first, "base_year")), ("133.04", "2005"));
    assert_eq!((text(last, "row_label"), text(last, "value")), ("LẠM PHÁT CƠ BẢN", "2.752885"));
    let food = prices.iter().find(|item| text(item, "row_label") == "Thực phẩm").unwrap();
    assert_eq!(
        text(food, "label_path"),
        "CHỈ SỐ GIÁ TIÊU DÙNG / Hàng ăn và dịch vụ ăn uống / Thực phẩm"
    );
    let unexplained = "LT-2054 Bieu-T6.2024.xlsx [32.CPI] no rule explains the column `Quyền số`, \
                       or a second one means the same";
    assert_eq!(faults, [unexplained]);

    let (industries, faults) = all(&*adapter, "production-index").await;
    let known = codes("production-index");
    let unknown: BTreeSet<&str> = industries
        .iter()
        .map(|item| text(item, "row_key"))
        .filter(|key| !known.contains_key(*key))
        .collect();
    assert_eq!(industries.len(), 55);
    assert_eq!(unknown.into_iter().collect::<Vec<_>>(), ["san xuat trang phuc"]);
    let no_figure = "LT-2056 Bieu-T6.2024.xlsx [9.IIPthang] a cell of column `since-january` holds \
                     no figure";
    assert_eq!(faults, [no_figure]);
}

/// The published workbooks and what somebody else read out of them, where they are at hand.
fn published() -> Option<PathBuf> {
    let folder = repository().join("../shared/data/gso");
    folder.join("workbooks").is_dir().then_some(folder)
}

#[tokio::test]
async fn the_published_workbooks_are_read_whole() {
    let Some(folder) = published() else { return };
    let adapter = adapter(&folder.join("workbooks"));
    for (feed, items_least) in [("price-index", 2293), ("production-index", 2389)] {
        let (items, faults) = all(&*adapter, feed).await;
        assert_eq!(faults, Vec::<String>::new());
        assert!(items.len() >= items_least, "{feed}: {}", items.len());
        let known = codes(feed);
        for item in &items {
            let key = text(item, "row_key");
            assert!(known.contains_key(key), "`{key}` of {}", text(item, "workbook"));
            assert_eq!(text(item, "unit"), "%");
        }
    }
}

/// A column of the reference, and the columns of ours that it may have been read from.
type Pair = (&'static str, &'static [&'static str]);

/// The columns of the reference and those of ours that they were read from. What comes first was
/// read from the sum since January where the sheet has no month before.
const COLUMNS: [(&str, &str, &[Pair]); 2] = [
    (
        "price-index",
        "cpi.csv",
        &[
            ("YOY", &["same-month-last-year"]),
            ("MOM", &["previous-month"]),
            ("YTD-YOY", &["average-since-january"]),
        ],
    ),
    (
        "production-index",
        "iip.csv",
        &[
            ("YOY-Pre-Month", &["month-on-year-actual", "since-january-actual"]),
            ("MOM", &["month-on-month"]),
            ("E-YOY", &["month-on-year"]),
            ("YTD-YOY", &["since-january"]),
        ],
    ),
];

#[tokio::test]
async fn figures_equal_those_that_others_read_out_of_the_workbooks() {
    let Some(folder) = published() else { return };
    let adapter = adapter(&folder.join("workbooks"));
    for (feed, file, columns) in COLUMNS {
        let known = codes(feed);
        let (items, _) = all(&*adapter, feed).await;
        let mut read = BTreeMap::new();
        for item in &items {
            let place = (text(item, "report_period"), known[text(item, "row_key")].as_str());
            read.insert((place, text(item, "column")), text(item, "value"));
        }
        let (mut equal, mut missing, mut wrong) = (0, Vec::new(), Vec::new());
        for line in table(&folder.join("reference").join(file)) {
            let label = line.get("Hàng hóa").or_else(|| line.get("Ngành")).unwrap();
            let Some(code) = known.get(&comparable(label)) else {
                missing.push(label.clone());
                continue;
            };
            // The core inflation is a change already.
            let base = if code == "CORE-INFLATION" { 0.0 } else { 100.0 };
            let period = line["Date"].get(..7).unwrap();
            let mut differs = Vec::new();
            for (theirs, ours) in columns {
                let mut values =
                    ours.iter().filter_map(|column| read.get(&((period, code), *column)));
                let value: f64 = values.next().map_or(f64::NAN, |value| value.parse().unwrap());
                let expected: f64 = line[*theirs].parse().unwrap();
                if (value - base - expected).abs() > 1e-9 || value.is_nan() {
                    differs.push(format!("{period} {label} {theirs}: {value} {expected}"));
                }
            }
            if differs.is_empty() { equal += 1 } else { wrong.extend(differs) }
        }
        println!("{feed}: {equal} equal, {} wrong, {} missing", wrong.len(), missing.len());
        assert!(wrong.is_empty() && missing.is_empty() && equal > 0, "{wrong:#?} {missing:#?}");
    }
}
