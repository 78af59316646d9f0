//! Answers that are damaged at random: an error or a page, never a panic, and no invented item.

use lienthong_adapter_kit::http::Reply;
use proptest::prelude::*;
use serde_json::value::RawValue;

use crate::Feed;
use crate::answer::Shape;

fn reply(body: impl Into<Vec<u8>>) -> Reply {
    Reply::of("http://localhost/".parse().expect("a URL"), body.into())
}

fn shape() -> Shape {
    let feed = "path = \"/x\"\nitems = \"data.items\"\nkey = [\"id\", \"a.b\"]\ntotal = \"total\"\n\
                last = \"last\"\npaging = { type = \"cursor\", next = \"next\" }";
    let section = lienthong_adapter_api::Section::parse("f.toml", feed, "f").expect("TOML");
    let feed: Feed = section.read().expect("a feed");
    Shape::new(&feed, None)
}

fn json() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        "[a-zđ\"\\\\\\[\\]{},: \n]{0,8}".prop_map(Into::into),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Into::into),
            prop::collection::btree_map("[a-z\"]{1,3}", inner, 0..4)
                .prop_map(|map| serde_json::Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn every_element_comes_out_as_it_went_in(
        elements in prop::collection::vec(json(), 0..6),
        space in "[ \n\t]{0,3}",
    ) {
        let written: Vec<_> = elements.iter().map(ToString::to_string).collect();
        let list = written.join(&format!("{space},{space}"));
        let told = "\"total\":9,\"x\":[{}],\"last\":true";
        let body = format!("{space}{{{told},\"data\":{{\"items\":[{space}{list}]}}}}{space}");
        let answer = shape().read(&reply(body.clone())).expect("it is JSON");
        let found: Vec<_> =
            answer.records.iter().filter_map(|record| body.get(record.range.clone())).collect();
        prop_assert_eq!(found, written.iter().map(String::as_str).collect::<Vec<_>>());
        for (record, element) in answer.records.iter().zip(&elements) {
            prop_assert!(record.key.is_err() || element.is_object());
        }
    }

    #[test]
    fn a_damaged_answer_is_an_error_or_gives_parts_of_itself(
        elements in prop::collection::vec(json(), 1..4),
        at in any::<prop::sample::Index>(),
        byte in any::<u8>(),
        cut in any::<bool>(),
    ) {
        let list = serde_json::Value::from(elements).to_string();
        let told = "\"last\":0,\"total\":3";
        let mut body = format!("{{{told},\"data\":{{\"items\":{list}}}}}").into_bytes();
        let at = at.index(body.len());
        if cut {
            body.truncate(at);
        } else {
            body[at] = byte;
        }
        if let Ok(answer) = shape().read(&reply(body.clone())) {
            for record in answer.records {
                let part = body.get(record.range).expect("within the body");
                prop_assert!(serde_json::from_slice::<&RawValue>(part).is_ok());
            }
        }
    }
}
