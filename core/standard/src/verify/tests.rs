//! The canonical form and nothing else is verified; whatever is accepted is verified.

use std::sync::LazyLock;

use proptest::prelude::*;

use crate::compile::tests::{national, small};
use crate::{Candidate, Date, Rows, Standard, Timestamp, Value, VerifyScratch};

const THING: &str = "key = [\"id\", \"day\"]\nhistory = \"latest\"\nrevision = \"count\"\n[fields]\n\
    id = { title.vi = \"id\", type = \"text\", required = true }\n\
    note = { title.vi = \"n\", type = \"text\", nullable = true }\n\
    count = { title.vi = \"c\", type = \"integer\" }\n\
    price = { title.vi = \"p\", type = \"decimal\" }\n\
    done = { title.vi = \"d\", type = \"boolean\", nullable = true }\n\
    day = { title.vi = \"d\", type = \"date\" }\n\
    begun = { title.vi = \"b\", type = \"timestamp\" }\n\
    colour = { title.vi = \"c\", type = \"code\", code_list = \"colour\" }\n\
    [groups.parts]\ntitle.vi = \"p\"\n\
    fields.name = { title.vi = \"n\", type = \"text\", required = true }\n\
    fields.weight = { title.vi = \"w\", type = \"decimal\" }\n\
    groups.marks = { title.vi = \"m\", fields.text = { title.vi = \"t\", type = \"text\" } }\n\
    groups.maker = { title.vi = \"m\", single = true, fields.name = { title.vi = \"t\", type = \"text\" } }\n";

fn thing() -> &'static Standard {
    static STANDARD: LazyLock<Standard> = LazyLock::new(|| {
        small(THING)
            .unwrap_or_else(|problems| panic!("{}", crate::compile::tests::shown(&problems)))
    });
    &STANDARD
}

/// Verifies a record of `thing`: its key, or the code and words of each fault.
fn verify(standard: &Standard, json: &[u8]) -> Result<String, Vec<String>> {
    let thing = standard.record_type("thing").unwrap();
    thing
        .verify(standard, json, &mut VerifyScratch::default())
        .map(|verified| verified.key)
        .map_err(|faults| faults.iter().map(|f| format!("{} {}", f.code, f.reason)).collect())
}

#[test]
fn only_the_canonical_form_is_verified() {
    let standard = thing();
    let refused = [
        ("", "at byte 0: want `{`"),
        ("{}", "LT-4101"),
        ("{\"id\":\"1\"} ", "the end of the record"),
        (" {\"id\":\"1\"}", "at byte 0: want `{`"),
        ("{ \"id\":\"1\"}", "want `,` or `}`"),
        ("{\"id\": \"1\"}", "want a value"),
        ("{\"id\":\"1\"", "want `,` or `}`"),
        ("{\"id\":\"1\",}", "want `,` or `}`"),
        ("{\"id\":\"1", "the end of a string"),
        ("{\"id\":\"a\nb\"}", "the end of a string"),
        ("{\"id\":\"\\u0061\"}", "a canonical escape"),
        ("{\"id\":\"\\/\"}", "a canonical escape"),
        ("{\"id\":\"1\",\"id\":\"1\"}", "another field"),
        ("{\"note\":\"x\",\"id\":\"1\"}", "another field"),
        ("{\"id\":\"1\",\"colour\":\"red\",\"count\":1}", "another field"),
        ("{\"id\":\"1\",\"nte\":\"x\"}", "LT-4115 `nte` is not a field of `thing`"),
        ("{\"id\":\"1\",\"count\":01}", "a whole number"),
        ("{\"id\":\"1\",\"count\":1.0}", "a whole number"),
        ("{\"id\":\"1\",\"count\":-0}", "a whole number"),
        ("{\"id\":\"1\",\"count\":1e3}", "a whole number"),
        ("{\"id\":\"1\",\"count\":9223372036854775808}", "a whole number"),
        ("{\"id\":\"1\",\"count\":\"1\"}", "LT-4103 the field holds a whole number, not text"),
        ("{\"id\":\"1\",\"price\":1}", "LT-4103 the field holds a decimal number, not a whole"),
        ("{\"id\":\"1\",\"price\":\"1e3\"}", "LT-4103 the number `1e3` is not in canonical form"),
        ("{\"id\":\"1\",\"day\":\"2025-02-30\"}", "LT-4103 the field holds a date, not text"),
        (
            "{\"id\":\"1\",\"begun\":\"2025-06-20T01:35:00Z\"}",
            "LT-4103 the field holds a timestamp",
        ),
        ("{\"id\":\"1\",\"done\":tru}", "want a value"),
        ("{\"id\":\"1\",\"parts\":[]}", "want `{`"),
        ("{\"id\":\"1\",\"parts\":{\"name\":\"x\"}}", "want `[`"),
        ("{\"id\":\"1\",\"parts\":[{\"name\":\"x\"},]}", "want `{`"),
        ("{\"id\":\"1\",\"parts\":[{\"name\":\"x\",\"maker\":[{}]}]}", "want `{`"),
        ("{\"id\":{}}", "want a value"),
        ("null", "want `{`"),
    ];
    for (json, expected) in refused {
        let faults = verify(standard, json.as_bytes()).expect_err(json).join("; ");
        assert!(faults.contains(expected), "{json}: {faults}");
    }
    let broken = verify(standard, b"{\"id\":\"\xff\"}").unwrap_err().join("; ");
    assert!(broken.contains("not UTF-8 at byte 7"), "{broken}");
}

#[test]
fn a_record_with_everything_is_verified() {
    let json = concat!(
        r#"{"id":"a\"b\\c\nd","note":null,"count":-7,"price":"-0.50","done":false,"#,
        r#""day":"2025-06-20","begun":"2025-06-20T01:35:00.5+07:00","colour":"red","#,
        r#""parts":[{"name":"x","weight":"1","marks":[{"text":"m"},{}],"maker":{"name":"y"}},"#,
        r#"{"name":"z","maker":{}}]}"#,
    );
    let standard = thing();
    let record = standard.record_type("thing").unwrap();
    let mut scratch = VerifyScratch::default();
    for _ in 0..2 {
        let verified = record.verify(standard, json.as_bytes(), &mut scratch).unwrap();
        assert_eq!(verified.key, "a\"b\\c\nd\u{1f}2025-06-20");
        assert_eq!(verified.revision, -7);
        assert_eq!(verified.own_date, None);
    }
}

#[test]
fn depth_and_size_do_no_harm() {
    let standard = thing();
    let deep = format!("{{\"id\":{}", "[".repeat(100_000));
    assert!(verify(standard, deep.as_bytes()).is_err());
    let rows = vec!["{\"name\":\"x\"}"; 10_001].join(",");
    let faults = verify(standard, format!("{{\"id\":\"1\",\"parts\":[{rows}]}}").as_bytes());
    assert!(faults.unwrap_err().join("").contains("LT-4113"));
}

fn texts() -> impl Strategy<Value = String> {
    prop_oneof!["[a-zà-ỹ\"\\\\\n\t ]{1,12}", "\\PC{1,8}", Just("abc".to_owned())]
}

fn decimals() -> impl Strategy<Value = String> {
    "-?(0|[1-9][0-9]{0,20})(\\.[0-9]{1,6})?"
}

type Row = (Option<String>, Option<String>, Vec<Option<String>>, Option<Option<String>>);

fn rows() -> impl Strategy<Value = Vec<Row>> {
    let marks = prop::collection::vec(prop::option::of(texts()), 0..3);
    let maker = prop::option::of(prop::option::of(texts()));
    let row = (prop::option::of(texts()), prop::option::of(decimals()), marks, maker);
    prop::collection::vec(row, 0..4)
}

fn text(text: Option<&String>) -> Value<'_> {
    text.map_or(Value::Missing, |text| Value::Text(text))
}

proptest! {
    #[test]
    fn whatever_is_accepted_is_verified_with_the_same_key(
        id in texts(),
        note in prop::option::of(prop::option::of(texts())),
        count in prop::option::of(any::<i64>()),
        price in prop::option::of(decimals()),
        done in prop::option::of(any::<bool>()),
        days in prop::option::of(-700_000_i64..2_900_000),
        begun in prop::option::of((-60_000_000_000_i64..253_000_000_000, 0_u32..1_000_000_000)),
        rows in rows(),
    ) {
        let standard = thing();
        let record = standard.record_type("thing").unwrap();
        let values = [
            Value::Text(&id),
            match &note {
                None => Value::Missing,
                Some(None) => Value::Null,
                Some(Some(note)) => Value::Text(note),
            },
            count.map_or(Value::Missing, Value::Integer),
            price.as_deref().map_or(Value::Missing, Value::Decimal),
            done.map_or(Value::Null, Value::Boolean),
            days.and_then(Date::from_days).map_or(Value::Missing, Value::Date),
            begun.and_then(|(s, n)| Timestamp::from_unix(s, n)).map_or(Value::Missing, Value::Timestamp),
            Value::Missing,
        ];
        let (mut parts, mut marks, mut of_mark) = (Vec::new(), Vec::new(), Vec::new());
        let (mut makers, mut of_maker) = (Vec::new(), Vec::new());
        for (row, (name, weight, texts, maker)) in (0_u32..).zip(&rows) {
            parts.push(text(name.as_ref()));
            parts.push(weight.as_deref().map_or(Value::Missing, Value::Decimal));
            for mark in texts {
                marks.push(text(mark.as_ref()));
                of_mark.push(row);
            }
            if let Some(maker) = maker {
                makers.push(text(maker.as_ref()));
                of_maker.push(row);
            }
        }
        let group = |path| record.group_index(path).unwrap();
        let mut groups = [Rows::EMPTY; 3];
        groups[group("parts")] = Rows { values: &parts, parents: &[] };
        groups[group("parts.marks")] = Rows { values: &marks, parents: &of_mark };
        groups[group("parts.maker")] = Rows { values: &makers, parents: &of_maker };
        let candidate = Candidate { values: &values, groups: &groups };
        let (mut faults, mut breaches) = (Vec::new(), Vec::new());
        let accepted = record.accept(standard, candidate, &mut faults, &mut breaches);
        let Some(submission) = accepted else {
            prop_assert!(!faults.is_empty());
            return Ok(());
        };
        prop_assert!(faults.is_empty());
        let (mut json, mut key) = (Vec::new(), String::new());
        submission.write_json(&mut json);
        submission.write_key(&mut key);
        serde_json::from_slice::<serde_json::Value>(&json).unwrap();
        let mut scratch = VerifyScratch::default();
        let verified = record.verify(standard, &json, &mut scratch);
        let verified = verified.unwrap_or_else(|faults| {
            panic!("{faults:?}: {}", String::from_utf8_lossy(&json))
        });
        prop_assert_eq!(verified.key, key);
        prop_assert_eq!(scratch.breaches(), breaches);
    }

    #[test]
    fn garbage_never_panics(json in prop_oneof![
        prop::collection::vec(any::<u8>(), 0..60),
        "[{}\\[\\]\",:\\\\a-e0-9.idprtsname-]{0,60}".prop_map(String::into_bytes),
    ]) {
        let standard = thing();
        if verify(standard, &json).is_ok() {
            serde_json::from_slice::<serde_json::Value>(&json).unwrap();
        }
    }

    #[test]
    fn a_torn_or_changed_record_never_panics(cut in 0_usize..400, byte in any::<u8>()) {
        let standard = national();
        let dossier = standard.record_type("dossier").unwrap();
        let json = concat!(
            r#"{"MaHoSo":"000.00.53.H48-220921-0099","MaTTHC":"1.015045","TenTTHC":"Cấp lại","#,
            r#""NgayTiepNhan":"2022-09-21T08:00:00+07:00","GhiChu":"nói \"gấp\"","#,
            r#""DanhSachLePhi":[{"TenPhiLePhi":"Phí","Gia":"150000.00"}],"#,
            r#""DanhSachHoSoBoSung":[{"DanhSachGiayToBoSung":[{"TenGiayTo":"Đơn"}]}]}"#,
        );
        let mut bytes = json.as_bytes().to_vec();
        let mut scratch = VerifyScratch::default();
        let torn = bytes.get(..cut).unwrap_or(&[]);
        prop_assert!(dossier.verify(standard, torn, &mut scratch).is_err());
        if let Some(place) = bytes.get_mut(cut) {
            *place = byte;
        }
        if dossier.verify(standard, &bytes, &mut scratch).is_ok() {
            serde_json::from_slice::<serde_json::Value>(&bytes).unwrap();
        }
    }
}
