//! Walks through lists that change while they are read.

mod list;
mod memory;
mod model;
mod shifts;
mod templates;

use jiff::Timestamp;
use lienthong_adapter_api::{Cursor, Page, PullError, PullRequest};

use self::list::List;
use super::Walker;

/// A moment of the tests' time, in seconds.
fn at(secs: i64) -> Timestamp {
    Timestamp::from_second(1_750_000_000 + secs).expect("a moment")
}

async fn pull(
    walker: &Walker,
    list: &List,
    after: Option<&Cursor>,
    items_max: usize,
    now: i64,
) -> Result<Page, PullError> {
    let request = PullRequest { feed: "f", after, items_max, bytes_max: 1 << 20, now: at(now) };
    walker.pull(list, request).await
}

fn texts(page: &Page) -> Vec<String> {
    page.items().map(|item| String::from_utf8_lossy(item.bytes).into_owned()).collect()
}

/// Pulls until there is no more. Gives the items, the last cursor, and how many faults there were.
async fn drain(
    walker: &Walker,
    list: &List,
    after: Option<Cursor>,
    items_max: usize,
    now: i64,
) -> (Vec<String>, Option<Cursor>, usize) {
    let (mut items, mut cursor, mut faults) = (Vec::new(), after, 0);
    for _ in 0..10_000 {
        let page = pull(walker, list, cursor.as_ref(), items_max, now).await.expect("a page");
        assert!(page.len() + page.faults().len() <= items_max, "a page holds what it may");
        items.extend(texts(&page));
        faults += page.faults().len();
        cursor = page.next.or(cursor);
        if !page.more {
            return (items, cursor, faults);
        }
    }
    panic!("the feed never ends");
}
