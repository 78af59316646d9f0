//! The samples mapped to the national standard: what every one of them becomes.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use lienthong_mapping::{Mapping, cases};
use lienthong_standard::{Files, Standard};

use crate::samples::{json_records, xml_elements};

/// Each feed of the systems: the mapping, where its samples are, and what is refused of them
/// (the number of the sample, the code and the field).
type Feed =
    (&'static str, &'static str, &'static str, &'static [(usize, &'static str, &'static str)]);

const FEEDS: [Feed; 5] = [
    (
        "igate/dossiers",
        "igate/samples/dossiers.json",
        "content",
        &[(7, "LT-3010", "TrangThaiHoSo"), (8, "LT-3011", "MaHoSo"), (9, "LT-4110", "NgayHenTra")],
    ),
    (
        "gplx/dossiers",
        "gplx/samples/dossiers.json",
        "data",
        &[(5, "LT-3010", "KenhThucHien"), (6, "LT-3012", "NgayHenTra")],
    ),
    (
        "ldtbxh/dossiers",
        "ldtbxh/samples/dossiers.json",
        "result.data",
        &[
            (6, "LT-3010", "TrangThaiHoSo"),
            (7, "LT-3030", ""),
            (8, "LT-3030", ""),
            (9, "LT-4110", "DinhDanhCHS.SoDinhDanh"),
        ],
    ),
    (
        "lgsp-one-stop/dossiers",
        "lgsp-one-stop/samples/dossiers.xml",
        "MSyncDocument",
        &[(4, "LT-3010", "LoaiDoiTuong"), (5, "LT-4105", "MaHoSo")],
    ),
    (
        "lgsp-one-stop/progress",
        "lgsp-one-stop/samples/progress.xml",
        "MDocumentTraces",
        &[(5, "LT-3011", "NguoiXuLy"), (6, "LT-3010", "TrangThai")],
    ),
];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// All files below a folder.
fn files(folder: &Path) -> Files {
    fn gather(folder: &Path, prefix: &str, into: &mut BTreeMap<String, Arc<str>>) {
        for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
            let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
            if entry.path().is_dir() {
                gather(&entry.path(), &format!("{name}/"), into);
            } else if let Ok(text) = std::fs::read_to_string(entry.path()) {
                into.insert(name, text.into());
            }
        }
    }
    let mut found = BTreeMap::new();
    gather(folder, "", &mut found);
    Files::new(found)
}

fn standard() -> Arc<Standard> {
    let compiled = Standard::compile("v1", &files(&root().join("mappings/standard/v1")));
    Arc::new(compiled.unwrap_or_else(|problems| panic!("{problems:#?}")))
}

fn mappings() -> Files {
    files(&root().join("mappings/systems"))
}

fn compiled(name: &str) -> Mapping {
    let review = Mapping::review(name, &mappings(), &standard());
    let shown: Vec<_> = review
        .problems
        .iter()
        .chain(&review.warnings)
        .map(|problem| {
            let marked = problem.text.get(problem.span.clone()).unwrap_or_default();
            format!("{} {} [{marked}]", problem.code, problem.message)
        })
        .collect();
    assert!(shown.is_empty(), "{name}: {shown:#?}");
    review.mapping.expect("no problem, so a mapping")
}

/// The records of a sample file.
fn records(path: &str, list: &str) -> Vec<String> {
    let file = root().join("adapters/systems").join(path);
    let text = std::fs::read_to_string(file).expect("a sample file");
    if text.trim_start().starts_with('<') {
        let places = xml_elements(&text, list).expect("XML");
        return places.into_iter().filter_map(|place| text.get(place)).map(str::to_owned).collect();
    }
    let records = json_records(&text, path, list, "").expect("a list in JSON");
    records.into_iter().map(|(_, record)| record.get().to_owned()).collect()
}

#[test]
fn every_sample_is_accepted_or_refused_for_its_own_reason() {
    let mut wrong = Vec::new();
    for (name, path, list, refused) in FEEDS {
        let mapping = compiled(name);
        let mut found = Vec::new();
        for (at, record) in records(path, list).iter().enumerate() {
            if let Err(rejection) = mapping.trace(record.as_bytes()).outcome {
                for reason in rejection.reasons {
                    let field = reason.field.unwrap_or_default();
                    found.push(format!("{at} {} {field}: {}", reason.code, reason.message));
                }
            }
        }
        let expected: Vec<_> =
            refused.iter().map(|(at, code, field)| format!("{at} {code} {field}:")).collect();
        let is_so = found.len() == expected.len()
            && found.iter().zip(&expected).all(|(found, expected)| found.starts_with(expected));
        if !is_so {
            wrong.push(format!("{name}: {found:#?} should be {expected:#?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_source_field_is_passed_over_by_mistake() {
    for (name, path, list, _) in FEEDS {
        let mapping = compiled(name);
        for record in records(path, list) {
            assert_eq!(mapping.unread(record.as_bytes()), Vec::<String>::new(), "{name}");
        }
    }
}

#[test]
fn every_case_holds() {
    let files = mappings();
    let mut wrong = Vec::new();
    for (name, ..) in FEEDS {
        let results = cases(&compiled(name), &files).unwrap_or_else(|faults| panic!("{faults:#?}"));
        assert!(results.len() >= 6, "{name} has {} cases", results.len());
        wrong.extend(results.into_iter().filter(|case| !case.is_ok()));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
