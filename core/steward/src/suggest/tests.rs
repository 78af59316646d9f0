//! Proposals for the project's own systems, held against the mappings that people wrote.

use lienthong_mapping::Mapping;
use lienthong_shape::Shape;
use lienthong_standard::Files;

use super::names::{Synonyms, words};
use super::{Suggestion, suggest};
use crate::tests::{national, systems};

fn shape(name: &str, files: &Files) -> Shape {
    let path = format!("{name}.shape.toml");
    Shape::parse(&path, files.get(&path).unwrap()).unwrap()
}

fn proposed(name: &str, record_type: &str) -> Suggestion {
    let (files, standard) = (systems(), national());
    suggest(&shape(name, &files), &standard, standard.record_type(record_type).unwrap())
}

/// The proposal's sources beside those of the mapping that a person wrote: how many fields have the
/// same, and which another.
fn compared(name: &str, record_type: &str) -> (usize, Vec<String>) {
    let files = systems();
    let written = Mapping::review(name, &files, &national()).mapping.unwrap();
    let suggestion = proposed(name, record_type);
    let table: toml::Table = suggestion.text.parse().unwrap();
    let (mut same, mut other) = (0, Vec::new());
    for line in written.outline() {
        let (group, field) = line.field.split_once('.').unwrap_or(("", &line.field));
        let fields = if group.is_empty() {
            table.get("fields")
        } else {
            table.get("groups").and_then(|groups| groups.get(group)?.get("fields"))
        };
        let rule = fields.and_then(|fields| fields.get(field));
        let from = rule.and_then(|rule| rule.get("from")?.as_str());
        match (from, &line.source) {
            (Some(from), Some(source)) if source.ends_with(from) => same += 1,
            (Some(from), source) => other.push(format!("{}: {from}, not {source:?}", line.field)),
            (None, _) => {}
        }
    }
    (same, other)
}

#[test]
fn most_of_a_mapping_is_found_and_little_is_wrong() {
    for (name, least, most_wrong) in
        [("igate/dossiers", 17, 4), ("gplx/dossiers", 14, 4), ("lgsp-one-stop/dossiers", 12, 6)]
    {
        let (same, other) = compared(name, "dossier");
        assert!(same >= least, "{name}: {same} the same; {other:?}");
        assert!(other.len() <= most_wrong, "{name}: {same} the same; {other:?}");
    }
}

#[test]
fn every_guess_is_marked_and_nothing_is_invented() {
    let suggestion = proposed("igate/dossiers", "dossier");
    let rules = suggestion.text.lines().filter(|line| line.contains("{ from = "));
    let rules: Vec<&str> = rules.collect();
    assert_eq!(rules.len(), suggestion.guessed);
    assert!(rules.iter().all(|line| line.contains("# guess ")), "{rules:#?}");
    assert!(!suggestion.text.contains("value ="), "no constant is guessed");
    for field in &suggestion.missing {
        assert!(
            suggestion.text.contains(&format!("{field} is REQUIRED: nothing found")),
            "{field}"
        );
    }
    assert!(suggestion.text.contains("acceptedDate\", timestamp = \"iso-basic-offset\" }"));
    assert!(suggestion.text.contains("procedure.translate[languageId=228].name"));
    assert!(suggestion.text.contains("# Source fields that no guess reads"));
}

#[test]
fn names_are_compared_without_marks_signs_and_capitals() {
    let same = ["NgayTiepNhan", "ngay_tiep_nhan", "Ngày tiếp nhận", "ngay-Tiep nhận"];
    assert!(same.iter().all(|name| words(name) == ["ngay", "tiep", "nhan"]));
    assert_eq!(words("MaTTHC"), ["ma", "tthc"]);
    assert_eq!(words("Điện thoại"), ["dien", "thoai"]);
}

#[test]
fn synonyms_name_fields_of_the_standard() {
    let standard = national();
    for record_type in ["dossier", "dossier-progress"] {
        let fields = &standard.record_type(record_type).unwrap().fields;
        let known: Vec<&str> = fields.iter().map(|field| &*field.name).collect();
        for field in Synonyms::new().by_table[record_type].keys() {
            assert!(known.contains(&field.as_str()), "{record_type}: {field}");
        }
    }
}
