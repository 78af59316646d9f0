//! A small library with a standard, a system, and an adapter kind of its own.

use std::path::PathBuf;

use async_trait::async_trait;
use lienthong_adapter_api::{
    Adapter, Blueprint, BuildError, Checkup, Kind, Page, Problem, PullError, PullRequest, Schemas,
    SecretReader, SecretRef,
};
use serde::Deserialize;

use crate::{ConnectorPlan, Environment, Library, LoadRequest, load};

/// The least that a connector needs.
pub(super) const SMALL: &str = r#"agency = "H22"

[[sources]]
name = "notes"
system = "notes"

[sources.settings]
address = "https://notes.example"
password = { env = "NOTES_PASSWORD" }

[[endpoints]]
name = "hub"
type = "hub"
url = "https://hub.example"
token = { file = "secrets/token" }
"#;

const FILES: &[(&str, &str)] = &[
    (
        "adapters/systems/notes/adapter.toml",
        r#"system = "notes"
kind = "test"
version = "3"
title.vi = "Ghi chú"
title.en = "Notes"
[connection]
[feeds.notes]
record_type = "note"
mapping = "notes"
[feeds.notes.read]
[feeds.memos]
record_type = "note"
mapping = "notes"
"#,
    ),
    (
        "mappings/systems/notes/notes.toml",
        r#"mapping = "notes/notes"
standard = "v1"
record_type = "note"
input = { format = "json" }
[fields]
Id = { from = "id" }
"#,
    ),
    (
        "mappings/standard/v1/records/note.toml",
        r#"record_type = "note"
title.vi = "Ghi chú"
title.en = "Note"
key = ["Id"]
history = "latest"
[fields.Id]
title.vi = "Mã"
title.en = "Identifier"
type = "text"
required = true
max_chars = 20
"#,
    ),
];

/// A folder with a library, a secret and a settings file.
pub(crate) struct World {
    folder: tempfile::TempDir,
}

impl World {
    pub(crate) fn new() -> Self {
        let world = Self { folder: tempfile::tempdir().expect("a folder") };
        for (path, text) in FILES {
            world.write(&format!("library/{path}"), text);
        }
        world.write("secrets/token", "token\n");
        world.keep_private("secrets/token");
        world
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        std::fs::create_dir_all(path.parent().expect("has a folder")).expect("made");
        std::fs::write(path, text).expect("written");
    }

    #[cfg(unix)]
    fn keep_private(&self, path: &str) {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::Permissions::from_mode(0o600);
        std::fs::set_permissions(self.path(path), mode).expect("set");
    }

    pub(super) fn with_request<T>(
        &self,
        settings: &str,
        environment: &Environment,
        overrides: &[(String, String)],
        call: impl FnOnce(&LoadRequest<'_>) -> T,
    ) -> T {
        self.write("h22.toml", settings);
        call(&LoadRequest {
            settings: &self.path("h22.toml"),
            overrides,
            library: Library::Folder(self.path("library")),
            kinds: KINDS,
            environment,
        })
    }

    pub(super) fn load(
        &self,
        settings: &str,
        environment: &Environment,
        overrides: &[(String, String)],
    ) -> Result<ConnectorPlan, Vec<Problem>> {
        self.with_request(settings, environment, overrides, load)
    }

    /// Takes the folder's name out of a text.
    pub(crate) fn without_folder(&self, text: &str) -> String {
        text.replace(&format!("{}/", self.folder.path().display()), "")
    }
}

/// A kind whose adapters read nothing: these tests end before the first pull.
pub(super) const KINDS: &[Kind] = &[Kind {
    name: "test",
    summary: "nothing",
    can_census: false,
    build,
    schemas: || Schemas {
        settings: schemars::schema_for!(Settings),
        connection: schemars::schema_for!(Empty),
        feed: schemars::schema_for!(Empty),
    },
}];

#[derive(Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "only whether they can be read matters")]
struct Settings {
    address: String,
    password: SecretRef,
    #[serde(default = "pause_secs")]
    pause_secs: u8,
}

fn pause_secs() -> u8 {
    3
}

#[derive(Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
struct Empty {}

struct Silent;

#[async_trait]
impl Adapter for Silent {
    async fn check(&self) -> Result<Checkup, PullError> {
        Ok(Checkup::default())
    }

    async fn pull(&self, _: PullRequest<'_>) -> Result<Page, PullError> {
        Ok(Page::empty())
    }
}

fn build(
    blueprint: &Blueprint,
    secrets: &dyn SecretReader,
) -> Result<Box<dyn Adapter>, BuildError> {
    let origin = || blueprint.source.clone();
    let settings: Settings =
        blueprint.settings.read().map_err(|problems| BuildError { origin: origin(), problems })?;
    if let Err(error) = secrets.read(&settings.password) {
        let at = blueprint.settings.span_of("password");
        let problem =
            blueprint.settings.problem_at(at, "LT-1070", error.to_string(), "not there", None);
        return Err(BuildError { origin: origin(), problems: vec![problem] });
    }
    Ok(Box::new(Silent))
}
