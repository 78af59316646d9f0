//! What holds of the kind as a whole: pages, cursors, faults, and the systems that use it.

mod conformance;
mod gso_monthly;
mod mixed;

use std::fmt::Write as _;
use std::fs::File;
use std::path::Path;
use std::time::{Duration, UNIX_EPOCH};

use jiff::Timestamp;
use lienthong_adapter_api::{
    Adapter, Blueprint, Cursor, Page, Problem, PullError, PullFailure, PullRequest, Secret,
    SecretError, SecretReader, SecretRef, Section,
};

use crate::KIND;
use crate::samples::{sheet_xml, xlsx};

/// The moment of all pulls; files are written long before it unless a test says otherwise.
const NOW: &str = "2030-01-01T00:00:00Z";

const FEED: &str = r"
sheet.title.any_of = ['^chỉ số']
layouts = [{
  name = 'one',
  begin.any_of = ['^tổng số$'],
  period = [{ from = 'title', any_of = ['tháng {month} năm {year}'] }],
  columns = [{ id = 'value', any_of = ['^chỉ số$'] }],
}]";

struct NoSecrets;

impl SecretReader for NoSecrets {
    fn read(&self, _: &SecretRef) -> Result<Secret, SecretError> {
        Err(SecretError::NoVariable("none".to_owned()))
    }
}

fn section(text: &str) -> Section {
    Section::parse("adapter.toml", text, "adapter `table`").unwrap()
}

fn build(settings: &str, feed: &str) -> Result<Box<dyn Adapter>, Vec<Problem>> {
    let blueprint = Blueprint {
        source: "reports".to_owned(),
        settings: section(settings),
        connection: section(""),
        feeds: [("prices".to_owned(), section(feed))].into(),
        system_folder: "/nowhere".into(),
        settings_folder: "/nowhere".into(),
    };
    (KIND.build)(&blueprint, &NoSecrets).map_err(|error| error.problems)
}

fn adapter(folder: &Path) -> Box<dyn Adapter> {
    build(&format!("folder = {:?}", folder.to_str().unwrap()), FEED).unwrap()
}

/// A workbook with a row for each figure.
fn workbook(figures: &[u32]) -> Vec<u8> {
    let mut lines = String::from("Chỉ số giá tháng 6 năm 2024\n|Chỉ số\n");
    for (index, figure) in figures.iter().enumerate() {
        let label = if index == 0 { "Tổng số".to_owned() } else { format!("Nhóm {index}") };
        writeln!(lines, "{label}|{figure}").unwrap();
    }
    xlsx(&[("CPI", &sheet_xml(&lines))])
}

/// Writes a file as it was last touched at a moment.
fn put(folder: &Path, name: &str, bytes: &[u8], moment: &str) {
    let path = folder.join(name);
    std::fs::write(&path, bytes).unwrap();
    let moment: Timestamp = moment.parse().unwrap();
    let since = Duration::from_millis(u64::try_from(moment.as_millisecond()).unwrap());
    File::options().write(true).open(path).unwrap().set_modified(UNIX_EPOCH + since).unwrap();
}

async fn page(
    adapter: &dyn Adapter,
    after: Option<&Cursor>,
    items_max: usize,
    bytes_max: usize,
) -> Result<Page, PullError> {
    let now = NOW.parse().unwrap();
    adapter.pull(PullRequest { feed: "prices", after, items_max, bytes_max, now }).await
}

/// The figures of a page's items.
fn figures(page: &Page) -> Vec<String> {
    let figure = |bytes: &[u8]| {
        let item: serde_json::Value = serde_json::from_slice(bytes).unwrap();
        item["value"].as_str().unwrap().to_owned()
    };
    page.items().map(|item| figure(item.bytes)).collect()
}

fn codes(page: &Page) -> Vec<&'static str> {
    page.faults().iter().map(|fault| fault.code).collect()
}

const OLD: &str = "2029-12-31T00:00:00Z";

#[tokio::test]
async fn pages_are_bounded_and_a_cursor_goes_on_inside_a_workbook() {
    let folder = tempfile::tempdir().unwrap();
    put(folder.path(), "a.xlsx", &workbook(&[1, 2, 3]), OLD);
    put(folder.path(), "b.xlsx", &workbook(&[4, 5]), OLD);
    let mut cursor = None;
    let mut pages = Vec::new();
    loop {
        // A new adapter each time: the cursor is the whole memory.
        let page = page(&*adapter(folder.path()), cursor.as_ref(), 2, 1 << 20).await.unwrap();
        pages.push(figures(&page));
        cursor = page.next.clone().or(cursor);
        if !page.more {
            break;
        }
    }
    assert_eq!(pages, [vec!["1", "2"], vec!["3", "4"], vec!["5"]]);
    let after = page(&*adapter(folder.path()), cursor.as_ref(), 2, 1 << 20).await.unwrap();
    assert!(after.is_empty() && after.next.is_none() && !after.more);
}

#[tokio::test]
async fn a_file_from_later_than_now_is_read_where_nothing_is_waited_for() {
    let folder = tempfile::tempdir().unwrap();
    // As when the clock was set back behind the writing.
    put(folder.path(), "a.xlsx", &workbook(&[1, 2]), "2030-01-01T00:00:01Z");
    let path = folder.path().to_str().unwrap();
    for (settle_secs, expected) in [(0, vec!["1", "2"]), (10, Vec::new())] {
        let settings = format!("folder = {path:?}\nsettle_secs = {settle_secs}");
        let page = page(&*build(&settings, FEED).unwrap(), None, 9, 1 << 20).await.unwrap();
        assert_eq!(figures(&page), expected, "{settle_secs}");
    }
}

#[tokio::test]
async fn the_same_request_gives_the_same_page() {
    let folder = tempfile::tempdir().unwrap();
    put(folder.path(), "a.xlsx", &workbook(&[1, 2, 3]), OLD);
    let adapter = adapter(folder.path());
    let one = page(&*adapter, None, 2, 1 << 20).await.unwrap();
    let two = page(&*adapter, None, 2, 1 << 20).await.unwrap();
    assert_eq!(figures(&one), figures(&two));
    assert_eq!(one.next, two.next);
}

#[tokio::test]
async fn bytes_bound_a_page_and_a_longer_item_is_a_fault() {
    let folder = tempfile::tempdir().unwrap();
    put(folder.path(), "a.xlsx", &workbook(&[1, 2, 3]), OLD);
    let adapter = adapter(folder.path());
    let first = page(&*adapter, None, 100, 700).await.unwrap();
    assert_eq!((figures(&first), first.more), (vec!["1".to_owned()], true));
    let refused = page(&*adapter, None, 100, 100).await.unwrap();
    assert_eq!(codes(&refused), ["LT-2058", "LT-2058", "LT-2058"]);
}

#[tokio::test]
async fn a_workbook_is_read_once_by_its_contents_and_again_when_they_change() {
    let folder = tempfile::tempdir().unwrap();
    put(folder.path(), "a.xlsx", &workbook(&[1]), OLD);
    let adapter = adapter(folder.path());
    let first = page(&*adapter, None, 100, 1 << 20).await.unwrap();
    // Copied under another name, and touched.
    put(folder.path(), "b.xlsx", &workbook(&[1]), OLD);
    put(folder.path(), "a.xlsx", &workbook(&[1]), "2029-12-31T01:00:00Z");
    let second = page(&*adapter, first.next.as_ref(), 100, 1 << 20).await.unwrap();
    assert!(second.is_empty());
    put(folder.path(), "a.xlsx", &workbook(&[7]), "2029-12-31T02:00:00Z");
    let third = page(&*adapter, second.next.as_ref(), 100, 1 << 20).await.unwrap();
    assert_eq!(figures(&third), ["7"]);
}

#[tokio::test]
async fn a_workbook_that_changes_between_pages_is_read_from_its_beginning() {
    let folder = tempfile::tempdir().unwrap();
    put(folder.path(), "a.xlsx", &workbook(&[1, 2, 3]), OLD);
    let adapter = adapter(folder.path());
    let first = page(&*adapter, None, 2, 1 << 20).await.unwrap();
    put(folder.path(), "a.xlsx", &workbook(&[8, 9]), OLD);
    let second = page(&*adapter, first.next.as_ref(), 100, 1 << 20).await.unwrap();
    assert_eq!(figures(&second), ["8", "9"]);
}

#[tokio::test]
async fn a_file_still_being_written_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    put(folder.path(), "a.xlsx", &workbook(&[1]), "2029-12-31T23:59:55Z");
    put(folder.path(), "~$b.xlsx", b"lock", OLD);
    put(folder.path(), ".c.xlsx", b"hidden", OLD);
    let adapter = adapter(folder.path());
    let page = page(&*adapter, None, 100, 1 << 20).await.unwrap();
    assert!(page.is_empty() && page.next.is_none() && !page.more);
}

#[tokio::test]
async fn a_damaged_workbook_is_one_fault_and_the_feed_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    put(folder.path(), "a.xlsx", &workbook(&[1])[..300], OLD);
    put(folder.path(), "b.xls", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 and no more", OLD);
    put(folder.path(), "c.xlsx", &workbook(&[2]), OLD);
    let text = format!("folder = {:?}\nfile_mb_max = 1", folder.path().to_str().unwrap());
    put(folder.path(), "d.xlsx", &vec![b' '; 1_000_001], OLD);
    let adapter = build(&text, FEED).unwrap();
    let page = page(&*adapter, None, 100, 1 << 20).await.unwrap();
    assert_eq!(codes(&page), ["LT-2050", "LT-2050", "LT-2050"]);
    assert_eq!(figures(&page), ["2"]);
    let lines = adapter.check().await.unwrap().findings;
    assert_eq!(lines.iter().filter(|line| line.starts_with("can't be read")).count(), 3);
}

#[tokio::test]
async fn what_stops_a_feed_is_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    let adapter = adapter(folder.path());
    let foreign = Cursor::from_text("\"page 7\"".to_owned()).unwrap();
    let refused = page(&*adapter, Some(&foreign), 1, 1 << 20).await.unwrap_err();
    assert!(matches!(refused.failure, PullFailure::BadCursor(_)));
    let now = NOW.parse().unwrap();
    let request = PullRequest { feed: "other", after: None, items_max: 1, bytes_max: 1 << 20, now };
    let refused = adapter.pull(request).await.unwrap_err();
    assert!(matches!(refused.failure, PullFailure::NoSuchFeed(_)));
    let gone = build("folder = '/nowhere/at/all'", FEED).unwrap();
    let refused = page(&*gone, None, 1, 1 << 20).await.unwrap_err();
    assert_eq!(refused.code(), "LT-2008");
}

#[test]
fn all_problems_with_the_rules_are_told_at_once() {
    let feed = r"
        sheet.title.any_of = []
        sheet.titel = 1
        layouts = [{ name = 'one', begin.any_of = ['(oops'], period = [] }]";
    let problems = build("folder = 'in'\nsettle = 3", feed).err().unwrap();
    let codes: Vec<&str> = problems.iter().map(|problem| problem.code).collect();
    assert_eq!(codes, ["LT-1004", "LT-1004", "LT-1003"]);
    let feed =
        "sheet.title.any_of = []\nlayouts = [{ name = 'one', begin.any_of = [], period = [] }]";
    let problems = build("folder = 'in'", feed).err().unwrap();
    let messages: Vec<&str> = problems.iter().map(|problem| problem.message.as_str()).collect();
    assert_eq!(messages.len(), 3, "{messages:?}");
}

#[test]
fn the_schemas_name_every_setting() {
    let schemas = (KIND.schemas)();
    let text =
        serde_json::to_string(&[schemas.settings, schemas.connection, schemas.feed]).unwrap();
    for name in ["settle_secs", "months_before_report", "part_marks", "key_prefix"] {
        assert!(text.contains(name), "{name}");
    }
}
