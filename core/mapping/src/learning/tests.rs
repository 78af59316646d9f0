//! What a learner keeps follows from the mapping.

use lienthong_shape::Keep;

use super::Learning;
use crate::compile::tests::compile;

const BODY: &str = r#"
[fields]
code = { from = "ma", codes = { "A" = "1" } }
owner = { first_of = ["chu.ten", "nguoi[0].ten"] }
[groups.fees]
each = "le.phi"
fields.name = { from = "ten" }
"#;

#[test]
fn values_are_kept_as_the_rules_over_them_say() {
    let learning = Learning::of(&compile("json", BODY).mapping);
    for (names, keep) in [
        (&["ma"] as &[&str], Keep::Codes),
        (&["ma", "text()"], Keep::Codes),
        (&["chu", "ten"], Keep::Nothing),
        (&["chu", "ten", "inner"], Keep::Nothing),
        (&["nguoi", "ten"], Keep::Nothing),
        (&["chu"], Keep::Repeated),
        (&["le", "phi", "ten"], Keep::Repeated),
        (&[], Keep::Repeated),
    ] {
        assert_eq!(learning.keep(names), keep, "{names:?}");
    }
}
