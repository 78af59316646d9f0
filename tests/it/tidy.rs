//! What no compiler keeps: module comments, file length, glossary words, codes and their pages.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use unicode_normalization::is_nfc;

/// Longer files are split.
const LINES_MAX: usize = 500;

fn files(ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    collect(&crate::root(), ending, &mut found);
    assert!(!found.is_empty(), "the walk must find files");
    found
}

fn collect(folder: &Path, ending: &str, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            if name != "target" && (!name.starts_with('.') || name == ".ci") {
                collect(&path, ending, found);
            }
        } else if name.ends_with(ending) {
            found.push(path);
        }
    }
}

/// The text of a file: UTF-8, or UTF-16 where a byte order mark says so, as some samples are.
fn read(path: &Path) -> String {
    let bytes = fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let text = match bytes.strip_prefix(b"\xFF\xFE") {
        Some(wide) => {
            let units = wide.chunks_exact(2).map(|unit| u16::from_le_bytes([unit[0], unit[1]]));
            String::from_utf16(&units.collect::<Vec<_>>()).ok()
        }
        None => String::from_utf8(bytes).ok(),
    };
    text.unwrap_or_else(|| panic!("{}: not a text", path.display()))
}

fn assert_none(wrong: &[String]) {
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_rust_file_opens_with_a_module_comment() {
    let is_open = |path: &PathBuf| path.ends_with("tests.rs") || read(path).starts_with("//! ");
    let wrong: Vec<_> = files(".rs").into_iter().filter(|path| !is_open(path)).collect();
    assert_none(&wrong.iter().map(|path| path.display().to_string()).collect::<Vec<_>>());
}

#[test]
fn no_rust_file_is_longer_than_it_may_be() {
    let mut wrong = Vec::new();
    for path in files(".rs") {
        let lines = read(&path).lines().count();
        if lines > LINES_MAX {
            wrong.push(format!("{}: {lines} lines", path.display()));
        }
    }
    assert_none(&wrong);
}

#[test]
fn no_file_leaves_work_open_or_skips_a_test() {
    let marks = [
        ["to", "do!("].concat(),
        ["unimple", "mented!("].concat(),
        ["#[ig", "nore"].concat(),
        ["FIX", "ME"].concat(),
    ];
    let mut wrong = Vec::new();
    for path in files(".rs") {
        let text = read(&path);
        wrong.extend(
            marks
                .iter()
                .filter(|mark| text.contains(*mark))
                .map(|mark| format!("{}: {mark}", path.display())),
        );
    }
    assert_none(&wrong);
}

#[test]
fn error_codes_and_their_pages_pair() {
    let mut used = BTreeSet::new();
    for path in files(".rs") {
        let text = read(&path);
        if path.components().any(|part| part.as_os_str() == "tests") || path.ends_with("tests.rs") {
            continue;
        }
        // A code in quotes is one that a person can meet; one in a comment is prose.
        for (at, _) in text.match_indices("\"LT-") {
            let code: String = text[at + 1..].chars().take(7).collect();
            if code[3..].chars().all(|digit| digit.is_ascii_digit()) && code.len() == 7 {
                used.insert(code);
            }
        }
    }
    let pages: BTreeSet<String> = fs::read_dir(crate::root().join("docs/errors"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter_map(|path| Some(path.file_stem()?.to_string_lossy().into_owned()))
        .collect();
    let without_page: Vec<_> = used.difference(&pages).collect();
    let without_code: Vec<_> = pages.difference(&used).collect();
    assert!(without_page.is_empty(), "codes without a page: {without_page:?}");
    assert!(without_code.is_empty(), "pages without a code: {without_code:?}");
}

#[test]
fn every_error_page_says_what_happened_what_it_means_and_what_to_do() {
    let mut wrong = Vec::new();
    for entry in fs::read_dir(crate::root().join("docs/errors")).unwrap() {
        let path = entry.unwrap().path();
        let (text, code) = (read(&path), path.file_stem().unwrap().to_string_lossy().into_owned());
        let parts = ["## What happened", "## What it means for the data", "## What to do"];
        if !text.starts_with(&format!("# {code}: ")) || parts.iter().any(|p| !text.contains(p)) {
            wrong.push(path.display().to_string());
        }
    }
    assert_none(&wrong);
}

#[test]
fn vietnamese_text_is_nfc() {
    let mut wrong = Vec::new();
    for ending in [".rs", ".toml", ".md", ".html", ".csv"] {
        let texts = files(ending).into_iter().filter(|path| !is_nfc(&read(path)));
        wrong.extend(texts.map(|path| path.display().to_string()));
    }
    assert_none(&wrong);
}

#[test]
fn the_catalogue_lists_every_kind_sorted() {
    let catalogue = read(&crate::root().join("adapters/catalog.rs"));
    let mut folders: Vec<String> = fs::read_dir(crate::root().join("adapters/kinds"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    folders.sort();
    let mut last = 0;
    for folder in &folders {
        let name = format!("lienthong_kind_{}", folder.replace('-', "_"));
        let at = catalogue.rfind(&name).unwrap_or_else(|| panic!("{folder} is not listed"));
        assert!(at > last, "{folder} is out of order");
        last = at;
    }
}

#[test]
fn every_system_has_its_description_its_page_and_its_samples() {
    let root = crate::root();
    for entry in fs::read_dir(root.join("adapters/systems")).unwrap() {
        let system = entry.unwrap().path();
        for part in ["adapter.toml", "README.md", "samples"] {
            assert!(system.join(part).exists(), "{} has no {part}", system.display());
        }
        let name = system.file_name().unwrap();
        assert!(
            root.join("mappings/systems").join(name).exists(),
            "{} has no mapping",
            name.display()
        );
    }
}

#[test]
fn crate_descriptions_are_written() {
    let mut wrong = Vec::new();
    for path in files("Cargo.toml") {
        if read(&path).contains("description = \"\"") {
            wrong.push(path.display().to_string());
        }
    }
    assert_none(&wrong);
}

#[test]
fn modules_have_telling_names() {
    let refused = ["utils", "util", "helpers", "helper", "common", "misc", "prelude"];
    let is_wrong = |path: &PathBuf| {
        path.file_stem().is_some_and(|stem| refused.contains(&&*stem.to_string_lossy()))
    };
    let wrong: Vec<_> = files(".rs").into_iter().filter(is_wrong).collect();
    assert!(wrong.is_empty(), "{wrong:?}");
}

#[test]
fn every_third_party_crate_has_its_reason_in_a_decision() {
    let manifest = read(&crate::root().join("Cargo.toml"));
    let list = manifest.split("[workspace.dependencies]").nth(1).unwrap();
    let list = list.split("\n[").next().unwrap();
    let mut decisions = String::new();
    for path in files(".md").iter().filter(|path| path.parent().unwrap().ends_with("decisions")) {
        decisions += &read(path);
    }
    let names = list.lines().filter_map(|line| Some(line.split_once(" = ")?.0));
    let ours = |name: &str| name.starts_with("lienthong-");
    let missing: Vec<_> = names.filter(|name| !ours(name) && !decisions.contains(name)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}
