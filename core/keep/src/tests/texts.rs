//! Old mappings, compiled again.

use std::collections::BTreeSet;
use std::sync::Arc;

use lienthong_mapping::Mapping;
use lienthong_standard::{Files, Standard};

use super::*;

/// The files below a folder of the 20-field example, by their paths from there.
fn files(folder: &str) -> Files {
    fn collect(root: &Path, folder: &Path, found: &mut Vec<(String, Arc<str>)>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                collect(root, &path, found);
            } else {
                let name = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
                found.push((name, std::fs::read_to_string(&path).unwrap().into()));
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/peers").join(folder);
    let mut found = Vec::new();
    collect(&root, &root, &mut found);
    Files::new(found)
}

struct World {
    folder: tempfile::TempDir,
    standard: Arc<Standard>,
    made: Made,
}

fn world() -> World {
    let folder = tempfile::tempdir().unwrap();
    let standard = Standard::compile("peers", &files("mappings/standard/peers")).unwrap();
    let standard = Arc::new(standard);
    let all = files("mappings/systems");
    let mapping = Mapping::compile("peers-json/dossiers", &all, &standard).unwrap().mapping;
    let own = mapping.files().iter().map(|name| (name.as_str(), all.get(name).unwrap()));
    let texts = Texts::of(folder.path());
    texts.put(mapping.digest(), own).unwrap();
    texts.put(standard.digest(), files("mappings/standard/peers").iter()).unwrap();
    let made = Made {
        mapping: mapping.name().to_owned(),
        mapping_digest: mapping.digest().to_owned(),
        standard: standard.name().to_owned(),
        standard_digest: standard.digest().to_owned(),
    };
    World { folder, standard, made }
}

#[test]
fn a_mapping_is_compiled_again_from_its_kept_files() {
    let world = world();
    let texts = Texts::of(world.folder.path());
    let mapping = texts.mapping(&world.made, &world.standard).unwrap();
    assert_eq!(mapping.digest(), world.made.mapping_digest);
}

#[test]
fn the_standard_of_then_is_kept_too() {
    let world = world();
    let changed = files("mappings/standard/peers");
    let changed = changed.iter().map(|(name, text)| {
        let text = if name.starts_with("records/") {
            format!("{text}\n# today")
        } else {
            text.to_string()
        };
        (name.to_owned(), Arc::from(text))
    });
    let today = Arc::new(Standard::compile("peers", &Files::new(changed)).unwrap());
    assert_ne!(today.digest(), world.standard.digest());
    let texts = Texts::of(world.folder.path());
    let mapping = texts.mapping(&world.made, &today).unwrap();
    assert_eq!(mapping.standard().digest(), world.standard.digest());
}

#[test]
fn texts_that_are_not_there_or_not_the_same_are_told() {
    let world = world();
    let texts = Texts::of(world.folder.path());
    let unknown = Made { mapping_digest: "77".to_owned(), ..world.made.clone() };
    let error = texts.mapping(&unknown, &world.standard).unwrap_err();
    assert_eq!(error.code(), "LT-5023", "{error}");
    let path =
        world.folder.path().join("_texts").join(format!("{}.json", world.made.mapping_digest));
    let text = std::fs::read_to_string(&path).unwrap().replacen("mapping = ", "# \\nmapping = ", 1);
    std::fs::write(&path, text).unwrap();
    let error = texts.mapping(&world.made, &world.standard).unwrap_err();
    assert!(error.to_string().contains("another digest"), "{error}");
}

#[test]
fn texts_that_no_frame_names_are_removed() {
    let world = world();
    let keep = world.folder.path();
    let texts = Texts::of(keep);
    let text: Arc<str> = Arc::from("x");
    texts.put("1", std::iter::once(("a", &text))).unwrap();
    texts.put("2", std::iter::once(("a", &text))).unwrap();
    // A frame names the mapping `1`.
    keep_passes(&mut open(keep, options(1 << 20), 1), 1, 1, 5, 40);
    prune(keep, &BTreeSet::from([world.made.standard_digest.clone()])).unwrap();
    let left = |digest: &str| keep.join("_texts").join(format!("{digest}.json")).exists();
    assert!(left("1") && left(&world.made.standard_digest));
    assert!(!left("2") && !left(&world.made.mapping_digest));
}
