//! Single cases: ends of lists, shifts, overlaps, sizes, clocks.

use lienthong_adapter_api::{Cursor, PullFailure, PullRequest};

use super::super::Paging;
use super::list::{Described, List, described, page, row};
use super::{at, drain, pull, texts};

fn ids(items: &[String]) -> Vec<u32> {
    let id = |item: &String| item.split(':').next().and_then(|id| id.parse().ok());
    items.iter().filter_map(id).collect()
}

fn all(count: u32) -> Vec<u32> {
    (0..count).collect()
}

fn ways() -> Vec<(&'static str, Described)> {
    let next = String::new();
    vec![
        ("none", described(Paging::None)),
        ("page", page(4)),
        ("offset", described(Paging::Offset { first: 0, size: 4, reread: 0 })),
        ("reread", described(Paging::Offset { first: 0, size: 4, reread: 1 })),
        ("cursor", described(Paging::Cursor { next, size: Some(4) })),
        ("link", described(Paging::NextLink { next: None, size: Some(4) })),
    ]
}

#[tokio::test]
async fn every_way_of_paging_gives_every_item_once_and_in_order() {
    for (name, way) in ways() {
        for count in [0, 1, 3, 4, 5, 8, 9] {
            for (tells_total, items_max) in [(true, 100), (false, 100), (true, 3), (false, 1)] {
                let list = List::of(0..count).with(|state| state.tells_total = tells_total);
                let (items, cursor, faults) = drain(&way.walker(), &list, None, items_max, 0).await;
                assert_eq!((ids(&items), faults), (all(count), 0), "{name} {count} {items_max}");
                let (again, ..) = drain(&way.walker(), &list, cursor, items_max, 1).await;
                assert_eq!(again, Vec::<String>::new(), "{name}: nothing is new");
            }
        }
    }
}

#[tokio::test]
async fn a_page_shorter_than_asked_for_is_not_the_end() {
    for tells_total in [true, false] {
        for size_max in [1, 2, 3] {
            for reread in [0, 1, 5] {
                let list = List::of(0..10).with(|state| {
                    state.size_max = size_max;
                    state.tells_total = tells_total;
                });
                let offset = described(Paging::Offset { first: 0, size: 50, reread });
                for way in [page(50), offset] {
                    let (items, ..) = drain(&way.walker(), &list, None, 100, 0).await;
                    assert_eq!(ids(&items), all(10), "{size_max} a page, {reread} again");
                }
            }
        }
    }
}

#[tokio::test]
async fn a_page_that_does_not_fit_goes_on_where_it_stopped_even_in_a_new_process() {
    let list = List::of(0..10);
    let way = page(10);
    let walker = way.walker();
    let first = pull(&walker, &list, None, 4, 0).await.expect("a page");
    assert!(first.more);
    let cursor = first.next.expect("a cursor");
    let asked = list.change(|state| state.asked);
    let second = pull(&walker, &list, Some(&cursor), 4, 0).await.expect("a page");
    assert_eq!(list.change(|state| state.asked), asked, "the answer was kept");
    let elsewhere = pull(&way.walker(), &list, Some(&cursor), 4, 0).await.expect("a page");
    assert_eq!(texts(&second), texts(&elsewhere));
    assert_eq!(ids(&texts(&second)), [4, 5, 6, 7]);
}

#[tokio::test]
async fn a_page_is_bounded_in_bytes() {
    let list = List::new(vec![row(0, "x", 0), row(1, &"y".repeat(100), 1), row(2, "z", 2)]);
    let walker = page(10).walker();
    let request = PullRequest { feed: "f", after: None, items_max: 10, bytes_max: 50, now: at(0) };
    let page = walker.pull(&list, request).await.expect("a page");
    assert_eq!(texts(&page), ["0:x"], "the next one would not fit");
    let request = PullRequest { after: page.next.as_ref(), ..request };
    let page = walker.pull(&list, request).await.expect("a page");
    let fault = page.faults().first().expect("it never fits");
    assert_eq!((fault.code, page.faults().len()), ("LT-2076", 1));
    assert_eq!(texts(&page), ["2:z"], "the feed goes on behind it");
}

#[tokio::test]
async fn a_broken_record_is_a_fault_and_told_once() {
    let list = List::new(vec![row(0, "A", 0), row(1, "broken", 1), row(2, "A", 2)]);
    let way = page(2);
    let (items, cursor, faults) = drain(&way.walker(), &list, None, 10, 0).await;
    assert_eq!((ids(&items), faults), (vec![0, 2], 1));
    let (items, _, faults) = drain(&way.walker(), &list, cursor, 10, 0).await;
    assert_eq!((items.len(), faults), (0, 0));
}

#[tokio::test]
async fn an_overlap_passes_what_has_changed_and_nothing_else() {
    let list = List::of(0..5);
    let way = page(2).windows(100, 100);
    let (items, cursor, _) = drain(&way.walker(), &list, None, 10, 10).await;
    assert_eq!(ids(&items), all(5));
    list.change(|state| {
        state.rows[1] = row(1, "B", 1);
        state.rows.push(row(9, "late", 3));
    });
    let (items, cursor, _) = drain(&way.walker(), &list, cursor, 10, 20).await;
    assert_eq!(items, ["1:B", "9:late"]);
    // Back to what it was: the last version that was given out is another one.
    list.change(|state| state.rows[1] = row(1, "A", 1));
    let (items, cursor, _) = drain(&way.walker(), &list, cursor, 10, 30).await;
    assert_eq!(items, ["1:A"]);
    let (items, ..) = drain(&way.walker(), &list, cursor, 10, 40).await;
    assert_eq!(items, Vec::<String>::new());
}

#[tokio::test]
async fn windows_catch_up_step_by_step_and_leave_no_gap() {
    let rows = (0..50).map(|id| row(id, "A", i64::from(id) * 7)).collect();
    let list = List::new(rows);
    for overlap in [0, 3, 40] {
        let way = page(3).windows(20, overlap);
        let (items, cursor, _) = drain(&way.walker(), &list, None, 10, 400).await;
        assert_eq!(ids(&items), all(50), "overlap {overlap}");
        let page = pull(&way.walker(), &list, cursor.as_ref(), 10, 400).await.expect("a page");
        assert!(page.is_empty() && !page.more, "the same moment has nothing new");
        list.change(|state| state.asked = 0);
    }
}

#[tokio::test]
async fn a_record_that_leaves_a_window_while_it_is_paged_costs_no_other() {
    // After the first page record 0 is changed: it leaves the window and all others move up.
    let leave: fn(&mut Vec<super::list::Row>) = |rows| rows[0] = row(0, "B", 500);
    for way in [page(2), described(Paging::Offset { first: 0, size: 2, reread: 1 })] {
        let list = List::of(0..6).with(|state| {
            state.events.insert(2, leave);
        });
        let way = way.windows(1000, 5);
        let (items, cursor, faults) = drain(&way.walker(), &list, None, 10, 100).await;
        let mut found = ids(&items);
        found.sort_unstable();
        assert_eq!((found, faults), (all(6), 0));
        let (items, ..) = drain(&way.walker(), &list, cursor, 10, 600).await;
        assert_eq!(items, ["0:B"]);
    }
}

#[tokio::test]
async fn records_that_go_on_leaving_hold_a_window_back_but_lose_nothing() {
    let leave: fn(&mut Vec<super::list::Row>) = |rows| {
        if let Some(first) = rows.iter_mut().min_by_key(|row| row.updated) {
            *first = row(first.id, "B", 5000 + i64::from(first.id));
        }
    };
    let list = List::of(0..20).with(|state| {
        state.events = (2..30).step_by(2).map(|ask| (ask, leave)).collect();
    });
    let way = page(3).windows(1000, 0);
    let walker = way.walker();
    let (mut found, mut cursor) = (Vec::new(), None::<Cursor>);
    for _ in 0..20 {
        let (items, next, faults) = drain(&walker, &list, cursor, 100, 1000).await;
        assert_eq!(faults, 0);
        found.extend(ids(&items));
        cursor = next;
    }
    let (items, ..) = drain(&walker, &list, cursor, 100, 9000).await;
    found.extend(ids(&items));
    found.sort_unstable();
    found.dedup();
    assert_eq!(found, all(20));
}

#[tokio::test]
async fn records_that_enter_before_the_page_make_others_come_twice_but_none_missing() {
    let enter: fn(&mut Vec<super::list::Row>) = |rows| rows.push(row(99, "new", 0));
    let list = List::of(1..9).with(|state| {
        state.events.insert(2, enter);
    });
    let way = page(3).windows(1000, 500);
    let (items, cursor, _) = drain(&way.walker(), &list, None, 10, 100).await;
    let mut found = ids(&items);
    found.sort_unstable();
    found.dedup();
    assert_eq!(found, (1..9).collect::<Vec<_>>());
    let (items, ..) = drain(&way.walker(), &list, cursor, 10, 200).await;
    assert_eq!(items, ["99:new"], "the overlap finds it");
}

#[tokio::test]
async fn a_total_that_the_list_does_not_keep_is_told_once_with_the_number_missing() {
    let list = List::of(0..4).with(|state| state.invented = 3);
    let way = page(2).windows(1000, 1000);
    let walker = way.walker();
    let (mut cursor, mut faults) = (None::<Cursor>, Vec::new());
    for now in [100, 200] {
        let mut more = true;
        while more {
            let page = pull(&walker, &list, cursor.as_ref(), 10, now).await.expect("a page");
            faults.extend(page.faults().to_vec());
            more = page.more;
            cursor = page.next;
        }
    }
    let told: Vec<_> = faults.iter().map(|fault| (fault.code, fault.items)).collect();
    assert_eq!(told, [("LT-2078", 3)]);
}

#[tokio::test]
async fn a_first_page_that_is_taken_for_all_is_found_out_by_the_total() {
    let list = List::of(0..9).with(|state| state.size_max = 5);
    let way = described(Paging::None);
    let (items, cursor, faults) = drain(&way.walker(), &list, None, 100, 0).await;
    assert_eq!((ids(&items), faults), (all(5), 1));
    let (items, _, faults) = drain(&way.walker(), &list, cursor, 100, 1).await;
    assert_eq!((items.len(), faults), (0, 0), "told once");
}

#[tokio::test]
async fn a_system_that_gives_one_page_for_ever_is_found_out() {
    let list = List::of(0..4).with(|state| {
        state.is_stubborn = true;
        state.tells_total = false;
    });
    let walker = page(4).walker();
    let page = pull(&walker, &list, None, 10, 0).await.expect("the first page");
    let error = pull(&walker, &list, page.next.as_ref(), 10, 0).await.expect_err("the same again");
    assert!(matches!(error.failure, PullFailure::Unexpected(_)), "{error}");
}

#[tokio::test]
async fn a_token_that_no_cursor_can_keep_is_refused() {
    let list = List::of(0..9).with(|state| state.padding = 20_000);
    let walker = described(Paging::Cursor { next: String::new(), size: Some(4) }).walker();
    let error = pull(&walker, &list, None, 10, 0).await.expect_err("too long");
    assert_eq!(error.code(), "LT-2005");
}

#[tokio::test]
async fn a_list_that_only_grows_is_read_from_its_last_page_on() {
    for tells_total in [true, false] {
        let list = List::of(0..7).with(|state| {
            state.by_id = true;
            state.tells_total = tells_total;
        });
        let way = described(Paging::Offset { first: 0, size: 3, reread: 0 }).staying();
        let (items, mut cursor, _) = drain(&way.walker(), &list, None, 10, 0).await;
        assert_eq!(ids(&items), all(7));
        for (from, until, asked) in [(7, 8, 1), (8, 9, 1), (9, 9, 1), (9, 15, 3)] {
            list.change(|state| {
                state.asked = 0;
                state.rows.extend((from..until).map(|id| row(id, "A", 0)));
            });
            let (items, next, _) = drain(&way.walker(), &list, cursor, 10, 1).await;
            assert_eq!(ids(&items), (from..until).collect::<Vec<_>>());
            let extra = usize::from(!tells_total);
            let asks = list.change(|state| state.asked);
            assert!(asks <= asked + extra, "{asks} for {from} to {until}");
            cursor = next;
        }
    }
}

#[tokio::test]
async fn a_clock_far_ahead_of_the_systems_stops_a_feed_before_it_loses_anything() {
    let list = List::of(0..3).with(|state| state.date = Some(100));
    let walker = page(5).windows(100_000, 600).walker();
    let (_, cursor, _) = drain(&walker, &list, None, 10, 700).await;
    let error = pull(&walker, &list, cursor.as_ref(), 10, 701).await.expect_err("too far ahead");
    assert!(error.to_string().contains("our clock is 601 s ahead"), "{error}");
    let (_, _, faults) = drain(&page(5).walker(), &list, None, 10, 100_000).await;
    assert_eq!(faults, 0, "a list without windows has no use for a clock");
}

#[tokio::test]
async fn a_page_is_asked_for_once_however_little_of_it_fits() {
    for items_max in [1, 2, 100] {
        let list = List::of(0..9);
        let way = page(5).windows(1000, 10);
        let (items, _, faults) = drain(&way.walker(), &list, None, items_max, 100).await;
        let asked = list.change(|state| state.asked);
        assert_eq!((ids(&items), faults, asked), (all(9), 0, 2), "{items_max} items a page");
    }
}

#[tokio::test]
async fn a_clock_that_was_set_back_makes_the_overlap_longer_and_loses_nothing() {
    let list = List::of(0..3);
    let way = page(5).windows(100_000, 10);
    let (_, cursor, _) = drain(&way.walker(), &list, None, 10, 100).await;
    // A day ahead by mistake, then right again.
    let (_, cursor, _) = drain(&way.walker(), &list, cursor, 10, 86_500).await;
    list.change(|state| state.rows.push(row(7, "A", 195)));
    let (items, cursor, _) = drain(&way.walker(), &list, cursor, 10, 200).await;
    assert_eq!(ids(&items), [7]);
    list.change(|state| state.rows.push(row(8, "A", 205)));
    let (items, ..) = drain(&way.walker(), &list, cursor, 10, 210).await;
    assert_eq!(ids(&items), [8]);
}

#[tokio::test]
async fn a_memory_of_the_greatest_size_fits_into_a_cursor() {
    let count = 21_000;
    let list = List::of(0..count).with(|state| state.size_max = 1_000_000);
    let way = described(Paging::None).remembering(20_000);
    let mut cursor = None;
    for now in 0..3 {
        let (items, next, _) = drain(&way.walker(), &list, cursor, 1_000_000, now).await;
        assert!(items.len() >= 1_000, "what was forgotten comes again");
        cursor = next;
    }
    let bytes = cursor.expect("a cursor").as_text().len();
    assert!(bytes > 400_000 && bytes <= Cursor::BYTES_MAX, "{bytes}");
}

#[tokio::test]
async fn a_cursor_of_something_else_is_refused() {
    let list = List::of(0..3);
    for text in ["{}", "[]", "{\"v\":2}", "{\"v\":1,\"seen\":{\"now\":\"!\"}}", "nonsense"] {
        let cursor = Cursor::from_text(text.to_owned()).expect("short");
        let error = pull(&page(2).walker(), &list, Some(&cursor), 10, 0).await;
        assert_eq!(error.expect_err("not ours").code(), "LT-2007", "{text}");
    }
}
