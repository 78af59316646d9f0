//! A list that changes at random while it is read, against what must be true in the end: the last
//! version that was given out of every record is the version that the list holds.

use std::collections::BTreeMap;

use lienthong_adapter_api::Cursor;
use proptest::prelude::*;

use super::super::Paging;
use super::list::{Described, List, described, page, row};
use super::{pull, texts};

#[derive(Clone, Debug)]
enum Step {
    Insert,
    /// Changes the row of this number; there are two contents, so that changes go back and forth.
    Change(usize),
    Delete(usize),
    Wait(i64),
    Pull(usize),
    /// The connector is started again: only the cursor is left.
    Restart,
    /// A pull whose page is never stored.
    Lose(usize),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        3 => Just(Step::Insert),
        4 => (0_usize..40).prop_map(Step::Change),
        1 => (0_usize..40).prop_map(Step::Delete),
        2 => (1_i64..30).prop_map(Step::Wait),
        6 => (1_usize..6).prop_map(Step::Pull),
        1 => Just(Step::Restart),
        1 => (1_usize..6).prop_map(Step::Lose),
    ];
    prop::collection::vec(step, 1..80)
}

/// Lists that only grow, and are waited on where they end.
fn growing_ways() -> Vec<(&'static str, bool, Described)> {
    let cursor = described(Paging::Cursor { next: String::new(), size: Some(3) });
    let offset = |reread| described(Paging::Offset { first: 0, size: 3, reread });
    vec![
        ("one page", true, described(Paging::None).staying()),
        ("offsets", true, offset(0).staying()),
        ("offsets that read again", true, offset(2).staying()),
        ("by cursor", true, cursor.staying().remembering(0)),
    ]
}

fn ways() -> Vec<(&'static str, bool, Described)> {
    let next = String::new;
    let cursor = || described(Paging::Cursor { next: next(), size: Some(3) });
    let offset = |reread| described(Paging::Offset { first: 0, size: 3, reread });
    vec![
        ("windows of pages", false, page(3).windows(40, 5)),
        ("windows of offsets", false, offset(0).windows(25, 0)),
        ("windows of offsets that read again", false, offset(1).windows(40, 5)),
        ("windows by cursor", false, cursor().windows(40, 5)),
        ("windows that hardly remember", false, page(3).windows(40, 60).remembering(2)),
        ("windows that remember nothing", false, page(3).windows(40, 60).remembering(0)),
        ("the whole list in one", true, described(Paging::None)),
        ("the whole list in pages", true, page(3)),
        ("the whole list by offset", true, offset(1)),
    ]
}

async fn run(
    way: &Described,
    by_id: bool,
    tells_total: bool,
    steps: &[Step],
) -> Result<(), TestCaseError> {
    let list = List::new(Vec::new()).with(|state| {
        state.by_id = by_id;
        state.tells_total = tells_total;
    });
    let mut walker = way.walker();
    let (mut now, mut next_id, mut cursor) = (10, 0, None::<Cursor>);
    let mut given = BTreeMap::new();
    let mut take = |items: Vec<String>| {
        for item in items {
            let (id, content) = item.split_once(':').expect("an item");
            given.insert(id.parse::<u32>().expect("an id"), content.to_owned());
        }
    };
    for step in steps {
        match step {
            Step::Insert => {
                list.change(|state| state.rows.push(row(next_id, "A", now)));
                next_id += 1;
            }
            Step::Change(at) => list.change(|state| {
                if let Some(found) = state.rows.get_mut(*at) {
                    let content = if found.content == "A" { "B" } else { "A" };
                    *found = row(found.id, content, now);
                }
            }),
            Step::Delete(at) => list.change(|state| {
                if *at < state.rows.len() {
                    state.rows.remove(*at);
                }
            }),
            Step::Wait(secs) => now += secs,
            Step::Pull(items_max) => {
                let page = pull(&walker, &list, cursor.as_ref(), *items_max, now).await;
                let page = page.expect("a page");
                take(texts(&page));
                cursor = page.next.or(cursor);
            }
            Step::Lose(items_max) => {
                pull(&walker, &list, cursor.as_ref(), *items_max, now).await.expect("a page");
            }
            Step::Restart => walker = way.walker(),
        }
    }
    // The list is quiet now. Two rounds: one ends the reading under way, one reads it all.
    for _ in 0..3 {
        now += 30;
        for _ in 0..1000 {
            let page = pull(&walker, &list, cursor.as_ref(), 3, now).await.expect("a page");
            take(texts(&page));
            cursor = page.next.or(cursor);
            if !page.more {
                break;
            }
        }
    }
    for row in list.change(|state| state.rows.clone()) {
        prop_assert_eq!(given.get(&row.id), Some(&row.content), "record {}", row.id);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_was_given_out_last_is_what_the_list_holds(steps in steps()) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        for (name, by_id, way) in ways() {
            let result = runtime.block_on(run(&way, by_id, true, &steps));
            prop_assert!(result.is_ok(), "{}: {:?}", name, result);
        }
        // Cursors and whole lists need no total to be right.
        for (name, by_id, way) in ways() {
            let needs_total = way.window.is_some() && !matches!(way.paging, Paging::Cursor { .. });
            if !needs_total {
                let result = runtime.block_on(run(&way, by_id, false, &steps));
                prop_assert!(result.is_ok(), "{} without a total: {:?}", name, result);
            }
        }
    }

    #[test]
    fn a_list_that_grows_is_read_whole(steps in steps()) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        let grows = |step: &Step| !matches!(step, Step::Change(_) | Step::Delete(_));
        let steps: Vec<_> = steps.into_iter().filter(grows).collect();
        for (name, by_id, way) in growing_ways() {
            for tells_total in [true, false] {
                let result = runtime.block_on(run(&way, by_id, tells_total, &steps));
                prop_assert!(result.is_ok(), "{}, total {}: {:?}", name, tells_total, result);
            }
        }
    }
}
