use std::path::{Path, PathBuf};

use clap::CommandFactory as _;
use lienthong_catalogue::KINDS;
use lienthong_config::{Environment, HubRequest, Library, LoadRequest, load, load_hub, reference};
use lienthong_diagnostics::{Level, Paint, render};

use crate::arguments::{Arguments, Colour, Init};
use crate::commands;
use crate::embedded::{EMBEDDED, error_codes, error_page};
use crate::output::Output;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

#[test]
fn the_arguments_do_not_contradict_each_other() {
    Arguments::command().debug_assert();
}

#[test]
fn the_settings_reference_is_fresh() {
    for file in reference(KINDS) {
        let there = std::fs::read_to_string(root().join(file.path)).unwrap_or_default();
        assert!(there == file.text, "{} is stale: run `cargo xtask generate`", file.path);
    }
}

#[test]
fn the_catalogue_is_sorted_and_names_every_folder_of_kinds() {
    let folders = std::fs::read_dir(root().join("adapters/kinds")).unwrap();
    let mut folders: Vec<String> =
        folders.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    folders.sort();
    let names: Vec<&str> = KINDS.iter().map(|kind| kind.name).collect();
    assert_eq!(names, folders);
}

#[test]
fn every_page_can_be_explained() {
    for code in error_codes() {
        let page = error_page(&code).unwrap();
        assert!(page.starts_with(&format!("# {code}: ")), "{code}");
    }
}

#[test]
fn the_example_agencies_load() {
    let environment = Environment::new(
        [
            "HUB_TOKEN",
            "IGATE_CLIENT_SECRET",
            "LGSP_PASSWORD",
            "PORTAL_PASSWORD",
            "GPLX_KEY",
            "LDTBXH_KEY",
            "WAREHOUSE_TOKEN",
        ]
        .map(|name| (name, "invented")),
    );
    for entry in std::fs::read_dir(root().join("connector-config/agencies")).unwrap() {
        let settings = entry.unwrap().path();
        let data = tempfile::tempdir().unwrap();
        let overrides = [("data_folder".to_owned(), format!("{:?}", data.path()))];
        let request = LoadRequest {
            settings: &settings,
            overrides: &overrides,
            library: Library::Embedded(&EMBEDDED),
            kinds: KINDS,
            environment: &environment,
        };
        let plan = load(&request).unwrap_or_else(|problems| {
            panic!("{}", render(&problems, Level::Error, Paint::Plain));
        });
        assert!(!plan.sources.is_empty() && !plan.endpoints.is_empty());
    }
}

#[test]
fn the_example_hub_loads() {
    let names = [
        "HUB_OPERATOR_TOKEN",
        "HUB_READER_TOKEN",
        "HUB_TOKEN_H22",
        "HUB_PORTAL_H22",
        "HUB_TOKEN_G04",
    ];
    let environment = Environment::new(names.map(|name| (name, name)));
    let request = HubRequest {
        settings: &root().join("connector-config/hub.toml"),
        overrides: &[],
        library: Library::Embedded(&EMBEDDED),
        environment: &environment,
    };
    let plan = load_hub(&request).unwrap_or_else(|problems| {
        panic!("{}", render(&problems, Level::Error, Paint::Plain));
    });
    assert_eq!(plan.agencies.len(), 2);
}

#[test]
fn the_file_that_init_writes_loads() {
    let folder = tempfile::tempdir().unwrap();
    let command = Init { folder: folder.path().to_path_buf(), agency: Some("H22".to_owned()) };
    commands::init::run(&command, Output::new(Colour::Never)).unwrap();
    std::fs::write(folder.path().join("secrets/hub-token"), "invented").unwrap();
    let environment = Environment::default();
    let settings = folder.path().join("lienthong.toml");
    let request = LoadRequest {
        settings: &settings,
        overrides: &[],
        library: Library::Embedded(&EMBEDDED),
        kinds: KINDS,
        environment: &environment,
    };
    let plan = load(&request).unwrap_or_else(|problems| {
        panic!("{}", render(&problems, Level::Error, Paint::Plain));
    });
    assert_eq!(plan.agency, "H22");
    let again = commands::init::run(&command, Output::new(Colour::Never));
    assert!(again.is_err(), "a file that is there is left alone");
}
