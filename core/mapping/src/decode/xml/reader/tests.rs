//! The reader beside quick-xml: the same pieces of the same texts, and the same texts refused.

use proptest::prelude::*;
use quick_xml::events::{BytesStart, Event};

use super::{Broken, Piece, Reader, Tag};

/// What quick-xml reads next, as a piece.
fn by_quick_xml<'a>(reader: &mut quick_xml::Reader<&'a [u8]>) -> Option<Piece<'a>> {
    Some(match reader.read_event().ok()? {
        Event::Start(start) => Piece::Start(tag(&start)),
        Event::Empty(start) => Piece::Empty(tag(&start)),
        Event::End(end) => Piece::End(end.name().into_inner().to_owned().leak()),
        Event::Text(text) => Piece::Text(text.into_inner().into_owned().leak()),
        Event::CData(text) => Piece::CData(text.into_inner().into_owned().leak()),
        Event::GeneralRef(reference) => Piece::Reference(reference.to_string().leak()),
        Event::Comment(_) | Event::PI(_) => Piece::Aside,
        Event::Decl(_) => Piece::Declaration,
        Event::DocType(_) => Piece::DocumentType,
        Event::Eof => Piece::Over,
    })
}

fn tag<'a>(start: &BytesStart<'_>) -> Tag<'a> {
    let inside: &'a str = start.to_string().leak();
    let (name, _) = inside.split_at(start.name().into_inner().len());
    Tag { name, inside }
}

fn check(text: &str) -> Result<(), TestCaseError> {
    let mut ours = Reader::new(text);
    let mark = ours.at;
    let mut theirs = quick_xml::Reader::from_reader(text.as_bytes());
    // Which end tag belongs where is the walk's to say.
    theirs.config_mut().check_end_names = false;
    theirs.config_mut().allow_unmatched_ends = true;
    loop {
        let piece = ours.next().ok();
        let wanted = by_quick_xml(&mut theirs);
        if piece == Some(Piece::DocumentType) {
            // Nothing of a document type is read, not even whether it has an end.
            prop_assert!(matches!(wanted, None | Some(Piece::DocumentType)), "{text:?}");
            return Ok(());
        }
        prop_assert_eq!(piece, wanted, "{:?}", text);
        if matches!(piece, None | Some(Piece::Over)) {
            return Ok(());
        }
        let at = usize::try_from(theirs.buffer_position()).unwrap();
        prop_assert_eq!(ours.at - mark, at);
    }
}

fn token() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "<a>",
        "</a>",
        "<a/>",
        "<b c=\"d>\">",
        "<b c='/'/>",
        "</b c=\">\" >",
        "<!--",
        "-->",
        "--",
        "<![CDATA[",
        "]]>",
        "]]",
        "<?",
        "?>",
        "<?xml",
        " ",
        "&amp;",
        "&#1;",
        "&",
        ";",
        "text",
        "\"",
        "'",
        ">",
        "<",
        "/",
        "\r\n",
        "\r",
        "ế",
        "<!DOCTYPE a>",
        "<!d",
        "<!",
        "=",
        "\u{feff}",
    ])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(5_000))]

    #[test]
    fn any_text_is_read_as_by_quick_xml(text in "[<>/a!\\[\\]&;#?x\"'= DC\r\n-]{0,40}") {
        check(&text)?;
    }

    #[test]
    fn any_row_of_tokens_is_read_as_by_quick_xml(
        tokens in proptest::collection::vec(token(), 0..16),
    ) {
        check(&tokens.concat())?;
    }

    #[test]
    fn the_short_way_to_a_text_reads_what_the_long_way_reads(
        text in "[a<&ế\r>/ ]{0,20}",
        name in prop::sample::select(vec!["a", "abcdefghij"]),
        tail in prop::sample::select(vec!["</a>x", "</abcdefghij>", "</a >", "</b>", "", "</a"]),
    ) {
        let text = format!("{text}{tail}");
        let mut short = Reader::new(&text);
        if let Some(found) = short.text_and_end(name) {
            let mut long = Reader::new(&text);
            if !found.is_empty() {
                prop_assert_eq!(long.next(), Ok(Piece::Text(found)));
            }
            prop_assert_eq!(long.next(), Ok(Piece::End(name)));
            prop_assert_eq!(short.at, long.at);
            prop_assert!(!found.contains('\r'));
        } else {
            prop_assert_eq!(short.at, 0);
        }
    }
}

#[test]
fn what_is_broken_has_its_place() {
    let cases =
        [("ab<c", 2), ("ab<c d='", 2), ("&a", 0), ("x&a&b;", 1), ("a<!x>", 1), ("a<!--", 1)];
    for (text, at) in cases {
        let mut reader = Reader::new(text);
        let broken = loop {
            match reader.next() {
                Ok(Piece::Over) => panic!("{text} is read"),
                Ok(_) => {}
                Err(Broken { at, .. }) => break at,
            }
        };
        assert_eq!(broken, at, "{text}");
    }
}
