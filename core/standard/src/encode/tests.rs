//! Strings against `serde_json`, at every length around the pieces in which they are copied.

use proptest::prelude::*;

use super::{Key, string};

/// What stands in the output before: the pieces must leave it alone.
const BEFORE: &[u8] = b"{\"before\":";

fn written(text: &str) -> Vec<u8> {
    let mut out = BEFORE.to_vec();
    string(text, &mut out);
    out.split_off(BEFORE.len())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn a_string_is_written_as_serde_json_writes_it(
        text in "[a-zà-ỹ]{0,70}([\"\\\\\u{0}-\u{1f}]?[a-zà-ỹ]{0,20}){0,2}",
    ) {
        let theirs = serde_json::to_string(&text).unwrap();
        // Their short forms of backspace and form feed are the only difference.
        let theirs = theirs.replace("\\b", "\\u0008").replace("\\f", "\\u000c");
        let is_same_form = !text.contains('\\');
        let ours = String::from_utf8(written(&text)).unwrap();
        if is_same_form {
            prop_assert_eq!(&ours, &theirs);
        }
        prop_assert_eq!(serde_json::from_str::<String>(&ours).unwrap(), text);
    }

    #[test]
    fn a_key_is_its_name_as_a_string_and_a_colon(name in "[a-zA-Z]{0,60}") {
        let mut out = BEFORE.to_vec();
        let key = Key::new(&name);
        key.write(&mut out);
        let expected = format!("\"{name}\":");
        prop_assert_eq!(key.as_bytes(), expected.as_bytes());
        prop_assert_eq!(out, [BEFORE, expected.as_bytes()].concat());
    }
}

#[test]
fn what_has_to_be_escaped_is_found_at_every_place_of_every_length() {
    for length in 0..50 {
        for at in 0..length {
            for stop in ['"', '\\', '\u{1f}'] {
                let text: String = (0..length).map(|n| if n == at { stop } else { 'x' }).collect();
                let ours = written(&text);
                let read: String = serde_json::from_slice(&ours).unwrap();
                assert_eq!(read, text);
            }
        }
    }
}
