//! The scanner against byte-by-byte readings and `serde_json`.

use proptest::prelude::*;

use super::{Stops, number_end, string_end};

fn stops(bytes: &[u8]) -> Stops {
    let mut stops = Stops::default();
    // What was there before is of no interest.
    stops.find(&[b'"'; 200]);
    stops.find(bytes);
    stops
}

/// Bytes in which those that stop a string are as frequent as their neighbours and the others.
fn any_bytes() -> impl Strategy<Value = Vec<u8>> {
    let near = prop_oneof![
        Just(b'"'),
        Just(b'\\'),
        0x1e_u8..=0x23,
        0x5b_u8..=0x5d,
        0x7f_u8..=0x81,
        Just(0xa2),
        Just(0xdc),
        Just(0xff),
    ];
    proptest::collection::vec(prop_oneof![6 => b'a'..=b'z', 1 => near, 1 => any::<u8>()], 0..200)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    #[test]
    fn many_bytes_at_once_stop_where_one_at_a_time_does(bytes in any_bytes(), from in 0_usize..210) {
        let rest = bytes.get(from..).unwrap_or_default();
        let stop = rest.iter().position(|byte| matches!(byte, 0..0x20 | b'"' | b'\\'));
        prop_assert_eq!(stops(&bytes).next(from), stop.map(|at| from + at));
    }

    #[test]
    fn strings_end_where_serde_json_ends_them(
        inside in "(\\\\[\"\\\\/bfnrtux]|[a-f0-9]{1,9}|[é\"\u{1}\u{7f}]){0,12}",
    ) {
        let text = format!("{inside}\"");
        let ours = string_end(text.as_bytes(), &stops(text.as_bytes()), 0);
        let whole = format!("\"{text}");
        let mut theirs = serde_json::Deserializer::from_str(&whole).into_iter::<serde::de::IgnoredAny>();
        match (ours, theirs.next()) {
            (Ok((end, _)), Some(Ok(_))) => prop_assert_eq!(end + 2, theirs.byte_offset()),
            (Err(_), Some(Err(_))) => {}
            (ours, theirs) => prop_assert!(false, "{:?} {:?} in {}", ours, theirs.is_some(), whole),
        }
    }

    #[test]
    fn numbers_are_those_of_serde_json(text in "[-+]?[0-9.eE+-]{0,8}") {
        let is_number = number_end(text.as_bytes(), 0) == Ok(text.len());
        let theirs = serde_json::from_str::<serde::de::IgnoredAny>(&text);
        prop_assert_eq!(is_number, theirs.is_ok(), "{}", text);
    }
}
