//! Tests of the nesting bound.

use super::exceeds;

#[test]
fn bound_counts_levels_and_not_brackets() {
    let nested = |levels: usize| "[".repeat(levels) + &"]".repeat(levels);
    let wide = format!("[{}]", vec!["{}"; 500].join(","));
    let in_text = format!(r#"{{"a":"{}\"{}"}}"#, "[".repeat(200), "{".repeat(200));
    let cases: [(&str, bool); 6] = [
        ("null", false),
        (&nested(64), false),
        (&nested(65), true),
        (&nested(10_000), true),
        (&wide, false),
        (&in_text, false),
    ];
    for (text, expected) in cases {
        assert_eq!(exceeds(text.as_bytes(), 64), expected, "{text:.60}");
    }
}
