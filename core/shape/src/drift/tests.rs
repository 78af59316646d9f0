use super::{DriftKind, Finding, Watch};
use crate::{Format, Shape, sample};

fn item(code: &str, status: &str, date: &str, more: &str) -> String {
    format!(
        r#"{{"code":"{code}","status":"{status}","date":"{date}","applicant":{{"email":"a@example.vn"}}{more}}}"#
    )
}

fn shape() -> Shape {
    let items: Vec<String> = (0..30)
        .map(|nth| item(&format!("X{nth}"), ["1", "4"][nth % 2], "2025-06-02 08:12:05", ""))
        .collect();
    sample::learned(Format::Json, &items)
}

fn findings(item: &str) -> Vec<String> {
    let mut watch = Watch::new(&shape(), &sample::probes());
    watch.look(item.as_bytes()).iter().map(shown).collect()
}

fn shown(finding: &Finding) -> String {
    format!("{} {} {}", finding.kind.name(), finding.path, finding.what)
}

#[test]
fn what_the_shape_says_is_no_drift() {
    assert!(
        findings(&item("A long code that nobody has seen", "4", "2025-01-01 00:00:00", ""))
            .is_empty()
    );
    assert!(findings(&item("", "1", "", "")).is_empty());
    assert!(findings("not json").is_empty());
}

#[test]
fn the_five_kinds_are_told_apart() {
    assert_eq!(
        findings(&item("X1", "77", "03/06/2025", r#","more":[1],"status2":null"#)),
        [
            "new-field more ",
            "new-field status2 ",
            "new-code status `77`",
            "new-form date `timestamp:%Y-%m-%d %H:%M:%S` → `date:%d/%m/%Y`",
        ]
    );
    assert_eq!(
        findings(r#"{"code":5,"status":["1"],"date":true,"applicant":null}"#),
        [
            "new-type applicant null",
            "new-type code number",
            "new-type date true or false",
            "new-type status list",
        ]
    );
}

#[test]
fn values_of_people_are_not_told() {
    let found =
        findings(&item("X1", "Nguyễn Văn Mẫu", "2025-06-02 08:12:05", r#","000000000101":{}"#));
    assert_eq!(found, ["new-field * ", "new-code status ***"]);
}

#[test]
fn a_field_is_silent_when_enough_items_lack_it() {
    let mut watch = Watch::new(&shape(), &sample::probes());
    let vanished = r#"{"code":"X1","status":"1","date":"","applicant":{}}"#;
    for _ in 0..19 {
        assert!(watch.look(vanished.as_bytes()).is_empty());
    }
    assert!(watch.silent().is_empty());
    watch.look(vanished.as_bytes());
    let silent: Vec<String> = watch.silent().iter().map(shown).collect();
    assert_eq!(silent, ["silent applicant.email ", "silent date "]);
    assert!(watch.silent().is_empty(), "the count begins anew");
    watch.look(item("X1", "1", "2025-06-02 08:12:05", "").as_bytes());
    assert!(watch.has_met("date") && !watch.has_met("status2"));
}

#[test]
fn one_of_many_is_enough_to_be_heard() {
    let mut watch = Watch::new(&shape(), &sample::probes());
    for nth in 0..40 {
        let date = if nth == 7 { "2025-06-02 08:12:05" } else { "" };
        watch.look(item("X1", "1", date, "").as_bytes());
    }
    assert!(watch.silent().is_empty());
}

#[test]
fn a_shape_that_was_learned_anew_knows_what_was_drift() {
    let drifted: Vec<String> = (0..30)
        .map(|nth| item(&format!("X{nth}"), ["1", "77"][nth % 2], "03/06/2025", r#","more":[1]"#))
        .collect();
    let mut anew = shape();
    anew.merge(&sample::learned(Format::Json, &drifted));
    let mut watch = Watch::new(&shape(), &sample::probes());
    let found = watch.look(drifted[1].as_bytes());
    assert_eq!(found.len(), 3, "{found:?}");
    for finding in &found {
        assert!(!shape().knows(finding), "{finding:?}");
        assert!(anew.knows(finding), "{finding:?}");
    }
    let silent = Finding { kind: DriftKind::Silent, path: "date".to_owned(), what: String::new() };
    assert!(!shape().knows(&silent));
    let field = Finding { kind: DriftKind::NewField, path: "x.y".to_owned(), what: String::new() };
    assert!(!anew.knows(&field));
}

#[test]
fn a_single_element_in_xml_is_no_drift() {
    let items = ["<r><l><a>1</a></l><l><a>2</a></l></r>"; 6];
    let mut watch = Watch::new(&sample::learned(Format::Xml, &items), &sample::probes());
    assert!(watch.look(b"<r><l><a>1</a></l></r>").is_empty());
    assert_eq!(watch.look(b"<r><l><b/></l></r>").len(), 1);
}
