use proptest::prelude::*;

use crate::{Format, sample};

fn check(item: &str, expect: &[&str]) {
    let items = [
        r#"{"code":"G1","n":5,"l":[1],"d":"2025-06-02 08:12:05","s":"A"}"#,
        r#"{"code":"G2","n":7,"l":[1,2],"d":"2025-06-03 08:12:05","s":"B","o":true}"#,
        r#"{"code":"G3","n":9,"l":[1],"d":"2025-06-03 08:12:05","s":"A"}"#,
        r#"{"code":"G4","n":9,"l":[1],"d":"2025-06-03 08:12:05","s":"A"}"#,
        r#"{"code":"G5","n":9,"l":[1],"d":"2025-06-03 08:12:05","s":"B"}"#,
        r#"{"code":"G6","n":9,"l":[1],"d":"2025-06-03 08:12:05","s":"A"}"#,
    ];
    let shape = sample::learned(Format::Json, &items.repeat(4));
    let misfits = shape.fits(item.as_bytes(), &sample::probes()).err().unwrap_or_default();
    let shown: Vec<String> = misfits.iter().map(ToString::to_string).collect();
    assert_eq!(shown, expect, "{item}");
}

#[test]
fn every_broken_claim_is_told() {
    check(r#"{"code":"G1","n":9,"l":[2],"d":"2025-06-03 08:12:05","s":"A"}"#, &[]);
    check(
        r#"{"code":"G1000","n":6.5,"l":[1,1,3],"d":"03/06/2025","s":"C"}"#,
        &[
            "`code` has 5 characters",
            "`code` has a value that is not known",
            "`n` is not a whole number",
            "`n` is a number outside the range",
            "`n` has a value that is not known",
            "`l` has 3 elements",
            "`l[]` is a number outside the range",
            "`l[]` has a value that is not known",
            "`d` has 10 characters",
            "`d` does not have the form `timestamp:%Y-%m-%d %H:%M:%S`",
            "`s` has a value that is not known",
        ],
    );
    check(
        r#"{"code":"","n":"5","l":[1],"d":null,"x.y":1,"o":"true"}"#,
        &[
            "`code` is blank",
            "`n` is a text now",
            "`d` is null",
            "`\"x.y\"` is not known",
            "`o` is a text now",
            "`s` is not there",
        ],
    );
    check("[", &["the item is not json"]);
}

proptest! {
    #[test]
    fn what_was_learned_from_fits(items in sample::items(1..12)) {
        let shape = sample::learned(Format::Json, &items);
        for item in &items {
            prop_assert_eq!(shape.fits(item.as_bytes(), &sample::probes()), Ok(()), "{}", item);
        }
    }
}
