//! What the tests of several modules share: probes, random items, learned shapes.

use std::sync::Arc;

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use crate::{Format, Keep, Learner, Probe, Shape};

struct Of(&'static str, fn(&str) -> bool);

impl Probe for Of {
    fn name(&self) -> &str {
        self.0
    }

    fn holds(&self, text: &str) -> bool {
        (self.1)(text)
    }
}

fn has_picture(text: &str, picture: &str) -> bool {
    text.len() == picture.len()
        && text.bytes().zip(picture.bytes()).all(|(byte, sign)| match sign {
            b'9' => byte.is_ascii_digit(),
            sign => byte == sign,
        })
}

/// Some probes as the mapping has them.
pub(crate) fn probes() -> Vec<Arc<dyn Probe>> {
    let probes = [
        Of("timestamp:%Y-%m-%d %H:%M:%S", |text| has_picture(text, "9999-99-99 99:99:99")),
        Of("date:%d/%m/%Y", |text| has_picture(text, "99/99/9999")),
        Of("integer", |text| text.bytes().all(|byte| byte.is_ascii_digit())),
        Of("max-chars:5", |text| text.chars().count() <= 5),
    ];
    probes.into_iter().map(|probe| Arc::new(probe) as Arc<dyn Probe>).collect()
}

/// Learns a shape from items.
pub(crate) fn learned(format: Format, items: &[impl AsRef<[u8]>]) -> Shape {
    let (probes, keep) = (probes(), |_: &[&str]| Keep::Repeated);
    let mut learner = Learner::new("test/feed", format, &probes, &keep);
    for item in items {
        learner.observe(item.as_ref()).unwrap();
    }
    learner.shape()
}

fn text() -> impl Strategy<Value = Value> {
    prop_oneof![
        4 => prop::sample::select(vec!["A", "B", "12", "7", "", " ", "xin chào"]),
        2 => prop::sample::select(vec!["2025-06-02 08:12:05", "03/06/2025", "a  b", "e\u{301}"]),
        1 => prop::sample::select(vec!["a\nb", "\u{200b}x", "Nguyễn Văn Mẫu", "a\\\"<&>"]),
    ]
    .prop_map(Value::from)
}

fn value(depth: u32) -> BoxedStrategy<Value> {
    let leaf = prop_oneof![
        1 => Just(Value::Null),
        1 => any::<bool>().prop_map(Value::from),
        2 => (-3_i64..200).prop_map(Value::from),
        1 => prop::sample::select(vec![json!(0.5), json!(1.25), json!(-7.0)]),
        5 => text(),
    ];
    leaf.prop_recursive(depth, 24, 4, |inner| {
        prop_oneof![
            3 => object(inner.clone()),
            1 => prop::collection::vec(inner, 0..4).prop_map(Value::from),
        ]
    })
    .boxed()
}

fn object(inner: impl Strategy<Value = Value>) -> impl Strategy<Value = Value> {
    let names = prop::sample::select(vec!["a", "b", "c.d", "e[0]", "*", "", "Họ \"tên\"", "g"]);
    prop::collection::btree_map(names, inner, 0..5).prop_map(|members| {
        Value::Object(members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
    })
}

/// Random JSON items, as objects mostly.
pub(crate) fn items(
    count: impl Into<prop::collection::SizeRange>,
) -> impl Strategy<Value = Vec<String>> {
    let item = prop_oneof![9 => object(value(3)), 1 => value(2)];
    prop::collection::vec(item.prop_map(|item| item.to_string()), count)
}

/// An object of so many different names.
pub(crate) fn wide(names: std::ops::Range<usize>) -> String {
    let members: Map<String, Value> =
        names.map(|nth| (format!("name{nth}"), json!(nth % 3))).collect();
    Value::Object(members).to_string()
}
