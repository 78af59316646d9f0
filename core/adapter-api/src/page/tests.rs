//! Tests of pages.

use bytes::Bytes;

use super::{Page, PageBuilder};
use crate::Position;

#[test]
fn items_share_the_buffer_and_know_their_places() {
    let mut builder = PageBuilder::default();
    let (one, two) = (builder.origin("a"), builder.origin("b"));
    builder.push(one, Position::Index(0), b"first");
    builder.push(two, Position::Row(2), b"");
    builder.push(two, Position::Cell { row: 3, column: 4 }, b"third");
    let page = builder.finish(None, true);
    let items: Vec<_> = page.items().map(|item| (item.bytes, item.place.to_string())).collect();
    let expect: [(&[u8], &str); 3] =
        [(b"first", "a item 0"), (b"", "b row 2"), (b"third", "b row 3 column 4")];
    assert_eq!(items, expect.map(|(bytes, place)| (bytes, place.to_owned())));
    assert_eq!((page.len(), page.bytes(), page.more), (3, 10, true));
}

#[test]
fn a_buffer_is_taken_over_with_what_stands_between_the_items() {
    let mut builder = PageBuilder::default();
    let origin = builder.origin("a");
    let items = vec![(0..1, origin, Position::Byte(0)), (2..3, origin, Position::Byte(2))];
    let page = builder.finish_over(Bytes::from_static(b"1\n2\n"), items, None, false);
    assert_eq!(page.items().map(|item| item.bytes).collect::<Vec<_>>(), [b"1", b"2"]);
    assert_eq!(page.stretch(0, 1), b"1\n2");
    assert_eq!(page.stretch(1, 1), b"2");
    assert_eq!(page.stretch(1, 2), b"");
}

#[test]
#[should_panic(expected = "an item's range lies within the page's buffer")]
fn an_item_outside_of_the_buffer_is_a_mistake_of_the_adapter() {
    let mut builder = PageBuilder::default();
    let origin = builder.origin("a");
    let items = vec![(0..2, origin, Position::Byte(0))];
    builder.finish_over(Bytes::from_static(b"1"), items, None, false);
}

#[test]
fn an_empty_page_promises_nothing() {
    let page = Page::empty();
    assert!(page.is_empty() && !page.more && page.next.is_none());
}
