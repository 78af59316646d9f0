//! What is said of a mapping over a shape that was learned from a few items.

use lienthong_shape::{Format, Keep, Learner, Shape};

use super::{all_probes, review, verdict};
use crate::{Fails, State};

fn learned(items: &[&str]) -> Shape {
    let (probes, keep) = (all_probes(None), |_: &[&str]| Keep::Codes);
    let mut learner = Learner::new("sys/things", Format::Json, &probes, &keep);
    for item in items {
        learner.observe(item.as_bytes()).unwrap();
    }
    learner.shape()
}

const ITEMS: &[&str] = &[
    r#"{"m":"A1","s":"NEW","d":"01/07/2025 08:00:00","n":"Nguyễn Văn An","w":"abc","l":[{"t":"x"}]}"#,
    r#"{"m":"A2","s":"DONE","d":"02/07/2025 08:00:00","n":"Lê Thị Bình","w":"abc","l":[{"t":"y"}]}"#,
    r#"{"m":"A3","s":"LOST","d":"03/07/2025 08:00:00","n":"","w":null,"l":[{"t":"z"},{"t":"z"}]}"#,
];

const BODY: &str = r#"
[fields]
id = { from = "m" }
word = { from = "w" }
note = { from = "n" }
state = { from = "s", codes = "state" }
done = { value = true }
due = { from = "d", timestamp = "%d/%m/%Y %H:%M:%S" }
count = { value = 7 }
[groups.tags]
each = "l"
fields.tag = { value = "red" }
"#;

#[test]
fn every_field_group_and_rule_has_a_verdict_with_its_reasons_and_counts() {
    let review = review("json", BODY, Some(&learned(ITEMS)));
    assert!(review.mapping.is_some());
    let of = |name: &str| verdict(&review.verdicts, name);
    for (name, state, words, fails) in [
        ("id", State::Proven, "each of the values that can come (3) is valid", None),
        ("word", State::Proven, "it may be absent", None),
        ("note", State::Checked, "may exceed 8 characters (2 of 3)", Some((2, 2))),
        ("state", State::Checked, "outside `codes/state` (4 codes): “LOST” (1 of 3)", Some((1, 1))),
        ("done", State::Proven, "a constant", None),
        ("due", State::Proven, "fits the shape", None),
        ("money", State::Proven, "not mapped", None),
        ("fees", State::Proven, "not mapped", None),
        ("fees.name", State::Proven, "not mapped", None),
        ("tags", State::Proven, "1 to 2 rows", None),
        ("tags.tag", State::Proven, "a constant", None),
        ("due-after-at", State::Proven, "or does not apply", None),
        ("one-number", State::Proven, "", None),
        ("price-is-low", State::Proven, "never a row", None),
    ] {
        let verdict = of(name);
        let told: Vec<String> = verdict.reasons.iter().map(ToString::to_string).collect();
        assert_eq!(verdict.state, state, "{name}: {told:?}");
        assert!(told.iter().any(|why| why.contains(words)), "{name}: {told:?}");
        assert!(verdict.reasons.iter().all(|why| !why.message_vi.is_empty()), "{name}");
        let fails = fails.map(|(at_least, at_most)| Fails { at_least, at_most, of: 3 });
        assert_eq!(verdict.fails, fails, "{name}");
    }
}

#[test]
fn what_no_item_can_pass_does_not_load() {
    for (rule, words) in [
        ("id = { from = \"x\" }", "`x` may be missing"),
        ("id = { from = \"l\" }", "a list in place of a single value"),
        ("state = { from = \"m\", codes = \"state\" }", "outside `codes/state`"),
        ("due = { from = \"m\", timestamp = \"rfc3339\" }", "no date and time of the format"),
    ] {
        let name = rule.split(' ').next().unwrap();
        let is_other = |line: &&str| !line.starts_with(&format!("{name} = "));
        let body = BODY.lines().filter(is_other).collect::<Vec<_>>().join("\n");
        let body = body.replace("[fields]", &format!("[fields]\n{rule}"));
        assert!(review("json", &body, None).mapping.is_some(), "{body}");
        let over = review("json", &body, Some(&learned(ITEMS)));
        assert!(over.mapping.is_none(), "{rule}");
        let [problem] = over.problems.as_slice() else { panic!("{:?}", over.problems) };
        assert_eq!(problem.code, "LT-3024");
        assert!(problem.message.contains(words), "{}", problem.message);
        assert_eq!(verdict(&over.verdicts, name).state, State::Refuted);
    }
}

#[test]
fn source_places_that_nothing_reads_are_told() {
    let shape = learned(&[
        r#"{"m":"A1","s":"DONE","w":"a","d":"01/07/2025 08:00:00","q":1,"l":[{"t":"x","u":true}],"p":null}"#,
    ]);
    let review = review("json", BODY, Some(&shape));
    assert!(review.problems.is_empty(), "{:?}", review.problems);
    assert_eq!(review.unread, ["l[].t", "l[].u", "q"]);
}

#[test]
fn without_a_shape_only_the_format_is_known() {
    let review = review("json", BODY, None);
    let of = |name: &str| verdict(&review.verdicts, name);
    assert_eq!(of("id").state, State::Checked);
    assert_eq!(of("id").fails, None);
    assert_eq!(of("done").state, State::Proven);
    assert_eq!(of("tags").state, State::Checked);
    assert!(review.unread.is_empty());
}
