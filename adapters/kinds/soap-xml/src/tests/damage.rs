//! Answers that are damaged at random: an error or a page, never a panic, and no invented record.

use lienthong_adapter_kit::http::Reply;
use proptest::prelude::*;

use crate::answer::Shape;
use crate::{Connection, Feed};

fn reply(body: impl Into<Vec<u8>>) -> Reply {
    Reply::of("http://localhost/".parse().expect("a URL"), body.into())
}

fn shape() -> Shape {
    let feed = "request = \"r.xml\"\nrecords = \"A.L.R\"\nkey = [\"I\", \"N.I\"]\ntotal = \"A.T\"\n\
                paging = { type = \"none\" }";
    let read = |text: &str| lienthong_adapter_api::Section::parse("f.toml", text, "f");
    let feed: Feed = read(feed).expect("TOML").read().expect("a feed");
    let connection: Connection = read("path = \"/s\"").expect("TOML").read().expect("a connection");
    Shape::new(&feed, &connection)
}

/// An element with others in it; `R` may stand within `R`.
fn element() -> impl Strategy<Value = String> {
    let name = "(n:)?[IRNLx]";
    let text = "[a-zđ \n]{0,6}|&amp;|&#272;|<!-- <R> -->|<!\\[CDATA\\[</R>\\]\\]>";
    let leaf = (name, text).prop_map(|(name, text)| format!("<{name}>{text}</{name}>"));
    leaf.prop_recursive(3, 12, 3, move |inner| {
        (name, prop::collection::vec(inner, 0..3))
            .prop_map(|(name, inner)| format!("<{name} a='>'>{}</{name}>", inner.concat()))
    })
}

fn record(inner: &String) -> String {
    format!("<n:R><I>1</I>{inner}</n:R>")
}

fn envelope(records: &[String]) -> String {
    let list = records.iter().map(record).collect::<Vec<_>>().join("\n");
    format!("<S:Envelope><S:Body><A><T>9</T><R/><n:L>{list}</n:L></A></S:Body></S:Envelope>")
}

proptest! {
    #[test]
    fn every_record_comes_out_as_it_went_in(records in prop::collection::vec(element(), 0..5)) {
        let body = envelope(&records);
        let answer = shape().read(reply(body.clone())).expect("it is an answer");
        let found: Vec<_> =
            answer.records.iter().filter_map(|record| body.get(record.range.clone())).collect();
        let expected: Vec<_> = records.iter().map(record).collect();
        prop_assert_eq!(found, expected);
        prop_assert_eq!(answer.total, Some(9));
        prop_assert!(answer.records.iter().all(|record| record.key.is_ok()));
    }

    #[test]
    fn a_damaged_answer_is_an_error_or_gives_parts_of_itself(
        records in prop::collection::vec(element(), 1..4),
        at in any::<prop::sample::Index>(),
        byte in any::<u8>(),
        cut in any::<bool>(),
    ) {
        let mut body = envelope(&records).into_bytes();
        let at = at.index(body.len());
        if cut {
            body.truncate(at);
        } else {
            body[at] = byte;
        }
        if let Ok(answer) = shape().read(reply(body.clone())) {
            for record in answer.records {
                let part = body.get(record.range).expect("within the body");
                prop_assert!(part.starts_with(b"<") && part.ends_with(b">"));
            }
        }
    }
}
