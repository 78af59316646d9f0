use proptest::prelude::*;

use crate::{Format, Shape, sample};

const DECLARED: &str = r#"
shape = "a/b"
format = "json"

[places."."]
object = 1

[places.code]
text.chars = [1, 20]
text.always = ["integer"]

[places."fees[].amount"]
absent = 1
number.whole = 1
number.count = 1
number.chars = 9
number.range = ["0", "100"]

[places.fees]
list.length = [0, 5]

[places."fees[]"]
object = 1
"#;

fn problems(text: &str) -> Vec<String> {
    let problems = Shape::parse("x.shape.toml", text).unwrap_err();
    let shown = |problem: lienthong_diagnostics::Problem| {
        format!("{} {:?} {}", problem.code, problem.line_column(), problem.message)
    };
    problems.into_iter().map(shown).collect()
}

#[test]
fn a_declared_shape_claims_what_it_says() {
    let shape = Shape::parse("x", DECLARED).unwrap();
    let fits = |item: &str| shape.fits(item.as_bytes(), &sample::probes()).is_ok();
    assert!(fits(r#"{"code":"123","fees":[{"amount":100},{}]}"#));
    for item in [
        r#"{"fees":[]}"#,
        r#"{"code":"x","fees":[]}"#,
        r#"{"code":"1"}"#,
        r#"{"code":"1","fees":[{"amount":101}]}"#,
        r#"{"code":"1","fees":[{"amount":1.5}]}"#,
        r#"{"code":"1","fees":[],"more":1}"#,
        r#"{"code":null,"fees":[]}"#,
    ] {
        assert!(!fits(item), "{item}");
    }
}

#[test]
fn a_declared_shape_survives_its_file() {
    let shape = Shape::parse("x", DECLARED).unwrap();
    assert_eq!(Shape::parse("x", &shape.to_toml()), Ok(shape));
}

#[test]
fn all_problems_are_told_at_once() {
    let text = DECLARED
        .replace("format = \"json\"", "format = \"jsn\"")
        .replace("[1, 20]", "[20, 1]")
        .replace("[\"0\", \"100\"]", "[\"5\", \"1\"]")
        + "\n[places.\"a..b\"]\nobject = 1\n";
    let found = problems(&text);
    assert_eq!(found.len(), 4, "{found:#?}");
    assert!(found.iter().all(|problem| problem.starts_with("LT-3060")), "{found:#?}");
}

#[test]
fn unknown_keys_are_refused_with_their_place() {
    let found = problems(&DECLARED.replace("absent = 1", "missing = 1"));
    assert!(found[0].contains("(13, 1)") && found[0].contains("missing"), "{found:?}");
}

#[test]
fn places_below_nothing_are_refused() {
    let found = problems("shape = \"a\"\nformat = \"json\"\n[places.\"a.b\"]\nobject = 1\n");
    assert_eq!(found.len(), 2, "{found:?}");
}

#[test]
fn the_file_is_easy_to_read() {
    let items = [
        r#"{"code":"G1","fees":[{"amount":10}],"date":"03/06/2025","k.x":null}"#,
        r#"{"code":"G1","fees":[],"date":" ","note":"Được"}"#,
        r#"{"code":"G1","fees":[{"amount":0.5},{}],"date":"04/06/2025","note":"x"}"#,
    ];
    insta::assert_snapshot!(sample::learned(Format::Json, &items).to_toml());
}

proptest! {
    #[test]
    fn a_shape_survives_its_file(items in sample::items(0..10), names in prop_oneof![4 => 0_usize..20, 1 => 240_usize..260]) {
        let mut items = items;
        items.push(sample::wide(0..names));
        let shape = sample::learned(Format::Json, &items);
        let text = shape.to_toml();
        prop_assert_eq!(Shape::parse("x", &text), Ok(shape), "{}", text);
    }
}
