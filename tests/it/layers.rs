//! The dependency direction of `docs/architecture.md`: each crate uses only the layers above it.

use std::collections::BTreeMap;

use cargo_metadata::{DependencyKind, MetadataCommand};

/// The layers from the top; `None` stands for "may use anything, used by nothing".
const LAYERS: [&[&str]; 8] = [
    &["lienthong-diagnostics", "lienthong-text"],
    &["lienthong-adapter-api"],
    &["lienthong-standard", "lienthong-shape", "lienthong-adapter-kit"],
    &[
        "lienthong-mapping",
        "lienthong-protocol",
        "lienthong-kind-file-drop",
        "lienthong-kind-http-json",
        "lienthong-kind-soap-xml",
        "lienthong-kind-table",
    ],
    &["lienthong-outbox", "lienthong-keep", "lienthong-steward", "lienthong-catalogue"],
    &["lienthong-config", "lienthong-hub"],
    &["lienthong-runtime"],
    &["lienthong-cli"],
];

/// Crates that use anything and that nothing but each other and the command line uses.
const OUTSIDE: [&str; 6] = [
    "lienthong-job",
    "lienthong-roof",
    "lienthong-sample-sources",
    "lienthong-sink",
    "lienthong-tests",
    "xtask",
];

/// What integrators write and what is ours meet in the adapter contract alone.
const INTEGRATORS: [&str; 5] = [
    "lienthong-adapter-kit",
    "lienthong-kind-file-drop",
    "lienthong-kind-http-json",
    "lienthong-kind-soap-xml",
    "lienthong-kind-table",
];

fn edges() -> BTreeMap<String, Vec<String>> {
    let metadata = MetadataCommand::new()
        .manifest_path(crate::root().join("Cargo.toml"))
        .no_deps()
        .other_options(vec!["--offline".to_owned()])
        .exec()
        .unwrap();
    let names: Vec<String> = metadata.packages.iter().map(|p| p.name.to_string()).collect();
    let mut edges = BTreeMap::new();
    for package in &metadata.packages {
        let ours = package
            .dependencies
            .iter()
            .filter(|d| d.kind != DependencyKind::Development && names.contains(&d.name))
            .map(|d| d.name.clone());
        edges.insert(package.name.to_string(), ours.collect());
    }
    edges
}

fn layer(name: &str) -> Option<usize> {
    LAYERS.iter().position(|layer| layer.contains(&name))
}

#[test]
fn every_crate_has_a_layer_and_uses_only_those_above() {
    let mut wrong = Vec::new();
    for (package, uses) in edges() {
        if OUTSIDE.contains(&package.as_str()) {
            continue;
        }
        let Some(own) = layer(&package) else {
            wrong.push(format!("{package} has no layer"));
            continue;
        };
        for used in uses {
            let is_sample_for_demo =
                package == "lienthong-cli" && used == "lienthong-sample-sources";
            if !is_sample_for_demo && layer(&used).is_none_or(|above| above >= own) {
                wrong.push(format!("{package} may not use {used}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn integrators_and_the_core_meet_in_the_adapter_contract_alone() {
    let shared = ["lienthong-adapter-api", "lienthong-diagnostics", "lienthong-text"];
    let mut wrong = Vec::new();
    for (package, uses) in edges() {
        if OUTSIDE.contains(&package.as_str()) || package == "lienthong-catalogue" {
            continue;
        }
        let is_integrators = INTEGRATORS.contains(&package.as_str());
        for used in uses.iter().filter(|used| !shared.contains(&used.as_str())) {
            if is_integrators != INTEGRATORS.contains(&used.as_str()) {
                wrong.push(format!("{package} may not use {used}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn only_the_command_line_names_the_catalogue() {
    for (package, uses) in edges() {
        let names_it = uses.iter().any(|used| used == "lienthong-catalogue");
        let may = package == "lienthong-cli" || OUTSIDE.contains(&package.as_str());
        assert!(!names_it || may, "{package} names the catalogue");
    }
}
