//! The short way beside the long one: what it says is what following every tag says.

use proptest::prelude::*;

use super::super::subtree::{Followed, Subtree};
use super::{Census, Glance, census};

/// The end of the element that a text begins with, tag by tag.
fn followed(text: &[u8], name: &[u8]) -> Option<usize> {
    match Subtree::new(name).follow(text, name.len() + 2) {
        Followed::ToEnd(end) => Some(end),
        Followed::SoFar(_) => None,
    }
}

fn token() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "<a>",
        "</a>",
        "<a/>",
        "<r>",
        "</r>",
        "<r/>",
        "</r >",
        "<rs>",
        "</rs>",
        "text",
        "/>",
        ">",
        "=",
        "<!-- </r> -->",
        "<![CDATA[</r>]]>",
        "<b c='</r>'>",
        "<?x </r>?>",
    ])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(5_000))]

    #[test]
    fn an_end_that_is_seen_at_a_glance_is_the_end(
        tokens in proptest::collection::vec(token(), 0..12),
    ) {
        let text = format!("<r>{}</r><r></r>", tokens.concat());
        if let Some(end) = Glance::new(b"r").end_of(text.as_bytes(), 64) {
            prop_assert_eq!(followed(text.as_bytes(), b"r"), Some(end), "{}", text);
        }
    }

    #[test]
    fn ordinary_elements_are_seen_at_a_glance(
        names in proptest::collection::vec("[ab]{1,3}", 0..20),
        text in "[a-z>ế\n]{0,300}",
    ) {
        let inside = names.iter().map(|name| format!("<{name}>{text}</{name}><{name}/>"));
        let item = format!("<r>{}</r>", inside.collect::<Vec<_>>().concat());
        let found = Glance::new(b"r").end_of(format!("{item}\n<r>").as_bytes(), 64);
        prop_assert_eq!(found, Some(item.len()));
    }
}

#[test]
fn tags_are_counted_across_stretches() {
    for padding in 0..300 {
        let text = format!("<r>{}<a/></r>", "x".repeat(padding));
        let expected = Census { tags: 3, end_tags: 1, empty_tags: 1, has_others: false };
        assert_eq!(census(text.as_bytes()), expected, "{padding}");
    }
}

#[test]
fn more_elements_than_asked_for_are_left_to_the_long_way() {
    let item = b"<r><a><b></b></a></r>";
    assert_eq!(Glance::new(b"r").end_of(item, 3), Some(item.len()));
    assert_eq!(Glance::new(b"r").end_of(item, 2), None);
}
