//! The system `gso-monthly`: its samples, and the published workbooks where they are at hand.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use lienthong_adapter_api::{Adapter, Blueprint, PullRequest, Section};
use serde_json::Value;

use crate::KIND;
use crate::normalise::comparable;
use crate::samples::{sheet_xml, xlsx};

use super::{NOW, NoSecrets, OLD, put};

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

/// How many figures the published tables have; more workbooks may come, fewer must not be read.
const FIGURES: [usize; 2] = [2293, 2389];

#[tokio::test]
async fn the_published_workbooks_are_read_whole_and_as_others_read_them() {
    let Some(folder) = published() else { return };
    let adapter = adapter(&folder.join("workbooks"));
    for ((feed, file, columns), figures) in COLUMNS.into_iter().zip(FIGURES) {
        let known = codes(feed);
        let (items, faults) = all(&*adapter, feed).await;
        assert_eq!(faults, Vec::<String>::new());
        assert!(items.len() >= figures, "{feed}: {}", items.len());
        let mut read = BTreeMap::new();
        for item in &items {
            let key = text(item, "row_key");
            assert!(known.contains_key(key), "`{key}` of {}", text(item, "workbook"));
            assert_eq!(text(item, "unit"), "%");
            let place = (text(item, "report_period"), known[key].as_str());
            read.insert((place, text(item, "column")), text(item, "value"));
        }
        let (mut equal, mut differs) = (0, Vec::new());
        for line in table(&folder.join("reference").join(file)) {
            let label = line.get("Hàng hóa").or_else(|| line.get("Ngành")).unwrap();
            let code = known.get(&comparable(label)).unwrap_or_else(|| panic!("{label}"));
            // The core inflation is a change already.
            let base = if code == "CORE-INFLATION" { 0.0 } else { 100.0 };
            let period = line["Date"].get(..7).unwrap();
            for (theirs, ours) in columns {
                let mut values =
                    ours.iter().filter_map(|column| read.get(&((period, code), *column)));
                let value: f64 = values.next().map_or(f64::NAN, |value| value.parse().unwrap());
                let expected: f64 = line[*theirs].parse().unwrap();
                if (value - base - expected).abs() <= 1e-9 {
                    equal += 1;
                } else {
                    differs.push(format!("{period} {label} {theirs}: {value} {expected}"));
                }
            }
        }
        println!("{feed}: {equal} figures equal, {} not", differs.len());
        assert!(differs.is_empty() && equal > 0, "{differs:#?}");
    }
}

/// A sheet of one row and one column, as some month's workbook may have it; gives the column's name
/// and period, or the fault.
async fn column(feed: &str, title: &str, heading: &str) -> String {
    let label = if feed == "price-index" {
        "CHỈ SỐ GIÁ TIÊU DÙNG"
    } else {
        "Toàn ngành công nghiệp"
    };
    let lines: Vec<String> = heading.split('|').map(|line| format!("|{line}\n")).collect();
    let sheet = sheet_xml(&format!("{title}\n{}{label}|104.4", lines.concat()));
    let folder = tempfile::tempdir().unwrap();
    put(folder.path(), "some.xlsx", &xlsx(&[("Bieu", &sheet)]), OLD);
    let (items, faults) = all(&*adapter(folder.path()), feed).await;
    match items.as_slice() {
        [item] => format!("{} {}", text(item, "column"), text(item, "period")),
        _ => faults.join(" "),
    }
}

#[tokio::test]
async fn headings_of_months_not_seen_mean_what_they_say() {
    let price = "16. Chỉ số giá tiêu dùng, chỉ số giá vàng và đô la Mỹ";
    let industry = "2. Chỉ số sản xuất công nghiệp";
    let cases = [
        (
            price,
            "tháng 1 năm 2025",
            "Tháng 1 năm 2025 so với:|Tháng 12|năm 2024",
            "previous-month 2025-01",
        ),
        (
            price,
            "tháng 01/2025",
            "Tháng 01/2025 so với:|Tháng 01/2024",
            "same-month-last-year 2025-01",
        ),
        (
            price,
            "tháng Mười hai năm 2019",
            "Tháng 12 năm 2019 so với|Tháng 12|năm 2018",
            "same-month-last-year 2019-12",
        ),
        (
            price,
            "tháng 12 năm 2023",
            "Bình quân năm 2023|so với năm 2022",
            "average-since-january 2023-12",
        ),
        (
            price,
            "tháng 12 năm 2023",
            "Bình quân|quý IV|năm 2023|so với|cùng kỳ|năm trước",
            "quarter-average 2023-Q4",
        ),
        (
            price,
            "tháng 9 năm 2024",
            "Bình quân|9 tháng|năm 2024|so với|cùng kỳ|năm trước",
            "average-since-january 2024-09",
        ),
        (
            price,
            "tháng 3 năm 2005",
            "Chỉ số giá quí I|năm 2005 so với|cùng kỳ năm 2004",
            "average-since-january 2005-03",
        ),
        (
            price,
            "tháng 7 năm 2005",
            "Tháng 7 năm 2005 so với (%):|Kỳ gốc|năm 2000",
            "base-period 2005-07",
        ),
        (
            industry,
            "tháng 1 năm 2025",
            "Tháng 12|năm 2024|so với|cùng kỳ|năm trước",
            "month-on-year-actual 2024-12",
        ),
        (
            industry,
            "tháng 12 và năm 2023",
            "Tháng 12|năm 2023|so với|tháng|trước",
            "month-on-month 2023-12",
        ),
        (industry, "tháng 12 và năm 2023", "Năm 2023|so với|năm trước", "since-january 2023-12"),
        (
            industry,
            "tháng 9 và quý III năm 2024",
            "Quý III|năm 2024|so với cùng kỳ|năm trước",
            "quarter-on-year 2024-Q3",
        ),
        (
            industry,
            "tháng 9 và quý III năm 2024",
            "9 tháng|năm 2024|so với|cùng kỳ|năm trước",
            "since-january 2024-09",
        ),
        (
            industry,
            "tháng 4 năm 2024",
            "Quý I|năm 2024|so với|cùng kỳ|năm trước",
            "since-january-actual 2024-03",
        ),
        (industry, "", "Tháng 8 năm|2016 so với|cùng kỳ|năm 2015", "month-on-year 2016-08"),
        (
            industry,
            "các quý năm 2025",
            "Ước tính quý III|năm 2025|so với cùng kỳ|năm trước",
            "quarter-on-year 2025-Q3",
        ),
    ];
    for (title, of, heading, expected) in cases {
        let feed = if title == price { "price-index" } else { "production-index" };
        let found = column(feed, &format!("{title} {of}"), heading).await;
        assert_eq!(found, expected, "{title} {of}: {heading}");
    }
}

#[tokio::test]
async fn headings_that_say_another_date_are_reported() {
    let cases = [
        // The heading of last month, left in this month's sheet.
        "Tháng 5 năm 2024 so với:|Tháng 4|năm 2024",
        "Tháng 6 năm 2024 so với:|Tháng 4|năm 2024",
        "Bình quân 5 tháng|năm 2024 so với|cùng kỳ năm 2023",
        "Tháng 6 năm 2024 so với:|Tháng 6|năm 2022",
    ];
    for heading in cases {
        let title = "16. Chỉ số giá tiêu dùng tháng 6 năm 2024";
        let found = column("price-index", title, heading).await;
        assert!(found.starts_with("LT-2054 "), "{heading}: {found}");
    }
}
