//! Tests of drafts.

use std::sync::Arc;

use lienthong_adapter_api::Position;
use lienthong_adapter_kit::split::{FillLimits, FlawKind};

use super::Draft;
use crate::faults;

#[test]
fn a_draft_falls_back_to_what_it_was() {
    let mut draft = Draft::new(FillLimits { items: 10, bytes: 100 });
    let origin = draft.origin(&Arc::from("a"));
    assert!(draft.append(b"kept", origin, Position::Byte(0)));
    let level = draft.level();
    assert!(draft.append(b"torn", origin, Position::Byte(5)));
    draft.fault(faults::whole("a", &FlawKind::Dtd));
    draft.fall_back(level);
    assert!(draft.append(b"other", origin, Position::Byte(5)));
    let (page, _) = draft.finish(None, false);
    let items: Vec<&[u8]> = page.items().map(|item| item.bytes).collect();
    assert_eq!(items, [b"kept".as_slice(), b"other"]);
    assert!(page.faults().is_empty());
}

#[test]
fn a_draft_takes_no_more_than_a_page_holds() {
    let mut draft = Draft::new(FillLimits { items: 2, bytes: 8 });
    let origin = draft.origin(&Arc::from("a"));
    assert!(!draft.append(b"123456789", origin, Position::Byte(0)));
    assert!(draft.append(b"12345678", origin, Position::Byte(0)));
    assert!(!draft.append(b"9", origin, Position::Byte(0)));
    assert!(draft.append(b"", origin, Position::Byte(0)));
    assert!(draft.is_full());
    assert!(!draft.append(b"", origin, Position::Byte(0)));
}
