//! A sample source with known items, and the run over it.

use std::collections::BTreeMap;
use std::path::PathBuf;

use jiff::Timestamp;
use lienthong_adapter_api::{
    Adapter, Blueprint, BuildError, Kind, Secret, SecretError, SecretReader, SecretRef, Section,
};

use super::report::{Line, Outcome, Report};

/// A sample source that an adapter kind is tried against.
#[derive(Clone, Debug)]
pub struct Conformance {
    /// The kind under test.
    pub kind: Kind,
    /// What an operator writes, as TOML.
    pub settings: String,
    /// What an integrator writes for the system, as TOML.
    pub connection: String,
    /// What an integrator writes for each feed, as TOML by the feed's name.
    pub feeds: BTreeMap<String, String>,
    /// The folder of `adapter.toml`.
    pub system_folder: PathBuf,
    /// The folder that relative paths of the settings start from.
    pub settings_folder: PathBuf,
    /// What the references of the settings lead to.
    pub secrets: MemorySecrets,
    /// The feed that is read, one of `feeds`.
    pub feed: String,
    /// Every item of it, in order.
    pub items: Vec<Vec<u8>>,
    /// The codes of every fault of it, in order.
    pub faults: Vec<&'static str>,
    /// The moment at which it is read.
    pub now: Timestamp,
    /// Describes the state of the source, so that a change to it is seen.
    pub fingerprint: fn(&Conformance) -> String,
}

/// Secrets of a test: variables by name, files by path.
#[derive(Clone, Debug, Default)]
pub struct MemorySecrets(pub BTreeMap<String, String>);

impl SecretReader for MemorySecrets {
    fn read(&self, reference: &SecretRef) -> Result<Secret, SecretError> {
        let name = match reference {
            SecretRef::Env { env } => env.clone(),
            SecretRef::File { file } => file.to_string_lossy().into_owned(),
        };
        match self.0.get(&name) {
            Some(value) => Ok(Secret::new(value.clone())),
            None => Err(SecretError::NoVariable(name)),
        }
    }
}

impl Conformance {
    /// Tries every rule.
    pub async fn run(&self) -> Report {
        let mut lines = Vec::new();
        let mut line = |rule, found: Result<(), String>| {
            let outcome = found.map_or_else(Outcome::Broken, |()| Outcome::Kept);
            lines.push(Line { rule, outcome });
        };
        line("a pull is repeatable", self.pull_is_repeatable().await);
        line("the pages chain to the end exactly once", self.pages_chain().await);
        line("a page holds no more items than asked for", self.items_max_holds().await);
        line("a page holds no more bytes than asked for", self.bytes_max_holds().await);
        line("the cursor survives as text", self.cursor_survives_as_text().await);
        line("a restart loses and doubles nothing", self.restart_goes_on().await);
        line("behind the end nothing is found again", self.end_is_stable().await);
        line("a foreign cursor is refused", self.foreign_cursor_is_refused().await);
        line("an unknown feed is refused", self.unknown_feed_is_refused().await);
        line("a check changes nothing", self.check_changes_nothing().await);
        line("a fault has its code and place", self.faults_are_placed().await);
        line("an unknown setting is refused with its place", self.unknown_settings_are_refused());
        line("the schemas are those of objects", self.schemas_are_objects());
        line("the descriptor tells the truth about a census", self.census_is_as_described().await);
        let secret_rules = [
            ("a missing secret is refused", self.missing_secret_is_refused()),
            ("no secret is ever shown", self.secrets_stay_hidden().await),
        ];
        for (rule, found) in secret_rules {
            let outcome = match found {
                _ if self.secrets.0.is_empty() => Outcome::NotTried("the source has no secrets"),
                Ok(()) => Outcome::Kept,
                Err(why) => Outcome::Broken(why),
            };
            lines.push(Line { rule, outcome });
        }
        Report { kind: self.kind.name, lines }
    }

    /// What the adapter is built from.
    ///
    /// # Errors
    /// When one of the texts is not TOML.
    pub fn blueprint(&self) -> Result<Blueprint, String> {
        let section = |file: &str, text: &str| {
            let owner = format!("adapter `{}`", self.kind.name);
            Section::parse(file, text, owner).map_err(|problems| format!("{problems:?}"))
        };
        let mut feeds = BTreeMap::new();
        for (name, text) in &self.feeds {
            feeds.insert(name.clone(), section("adapter.toml", text)?);
        }
        Ok(Blueprint {
            source: "sample".to_owned(),
            settings: section("settings.toml", &self.settings)?,
            connection: section("adapter.toml", &self.connection)?,
            feeds,
            system_folder: self.system_folder.clone(),
            settings_folder: self.settings_folder.clone(),
        })
    }

    /// Builds the adapter.
    ///
    /// # Errors
    /// What keeps it from being built, in words.
    pub fn build(&self) -> Result<Box<dyn Adapter>, String> {
        let blueprint = self.blueprint()?;
        self.try_build(&blueprint, &self.secrets).map_err(|error| format!("{error:?}"))
    }

    pub(super) fn try_build(
        &self,
        blueprint: &Blueprint,
        secrets: &MemorySecrets,
    ) -> Result<Box<dyn Adapter>, BuildError> {
        (self.kind.build)(blueprint, secrets)
    }
}
