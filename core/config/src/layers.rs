//! The layers of a setting's value: default, file, environment, command line.
//!
//! figment merges the layers and remembers which of them each value came from. Lists whose
//! elements have names (`[[sources]]`) take part as tables by those names, so that one setting of
//! one element can be replaced: `LIENTHONG_SOURCES__IGATE__SCHEDULE__EVERY_SECS=60`.

mod defaults;
mod shown;

use std::collections::BTreeSet;
use std::sync::Arc;

use figment::value::{Dict, Map, Value};
use figment::{Figment, Metadata, Profile, Provider};
use lienthong_adapter_api::Section;
use lienthong_diagnostics::Problem;

pub(crate) use defaults::defaults;
pub use shown::Shown;
use shown::{DEFAULT, Places, Tree, show};

use crate::Environment;
use crate::overlay::{Overlay, Override};

/// Variables that begin so are settings, with `__` between the parts of their way.
const PREFIX: &str = "LIENTHONG_";
/// Variables of the command line, which are no settings.
const RESERVED: [&str; 3] = ["LOG", "SETTINGS", "LIBRARY"];

/// A settings text with its higher layers written into it.
pub(crate) struct Layers {
    /// The text.
    pub(crate) overlay: Overlay,
    /// The merged text as a section.
    pub(crate) section: Section,
    /// Where the file's own values stand.
    places: Places,
    figment: Figment,
}

/// One layer: a tree of values with a name.
struct Layer {
    name: String,
    values: Dict,
}

impl Provider for Layer {
    fn metadata(&self) -> Metadata {
        Metadata::named(self.name.clone())
    }

    fn data(&self) -> Result<Map<Profile, Dict>, figment::Error> {
        Ok(Profile::Default.collect(self.values.clone()))
    }
}

/// Reads a settings text with its layers.
///
/// # Errors
/// Where the text is no TOML, or a value from above can't be written into it.
pub(crate) fn layer(
    original: &Section,
    environment: &Environment,
    overrides: &[(String, String)],
) -> Result<Layers, Vec<Problem>> {
    let mut overlay = Overlay::new(Arc::clone(original.text()));
    let tree = Tree::read(original);
    let mut figment =
        Figment::new().merge(Layer { name: original.file().to_string(), values: tree.values });
    let mut problems = Vec::new();
    for over in above(original, environment, overrides) {
        match overlay.apply(&over) {
            Ok(path) => {
                let value = Value::from(over.parsed().to_string().trim());
                let name = over.origin.to_string();
                figment = figment.merge(Layer { name, values: nested(&path, value) });
            }
            Err(reason) => problems.push(unusable(&over, &reason)),
        }
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    let section = Section::parse(
        Arc::clone(original.file()),
        Arc::clone(overlay.merged()),
        original.owner().to_owned(),
    )?;
    Ok(Layers { overlay, section, places: tree.places, figment })
}

impl Layers {
    /// Every setting with its value and where it came from, with the defaults below all layers.
    pub(crate) fn shown(&self, defaults: Dict) -> Vec<Shown> {
        let below = Layer { name: DEFAULT.to_owned(), values: defaults };
        show(&self.figment.clone().join(below), self.section.file(), &self.places)
    }
}

/// The values from above the file, lowest layer first. A variable that the file names as the place
/// of a secret is no setting, whatever its name.
fn above(
    original: &Section,
    environment: &Environment,
    overrides: &[(String, String)],
) -> Vec<Override> {
    let secrets = original.with_value(|value, _| secret_variables(value.get_ref()));
    let of_environment = environment
        .prefixed(PREFIX)
        .filter(|(name, rest, _)| !RESERVED.contains(rest) && !secrets.contains(*name))
        .map(|(name, rest, value)| Override {
            path: rest.split("__").map(str::to_lowercase).collect(),
            value: value.to_owned(),
            origin: Arc::from(name),
        });
    let of_command_line = overrides.iter().map(|(path, value)| Override {
        path: path.split('.').map(str::to_owned).collect(),
        value: value.clone(),
        origin: Arc::from(format!("--set {path}")),
    });
    of_environment.chain(of_command_line).collect()
}

fn unusable(over: &Override, reason: &str) -> Problem {
    Problem {
        code: "LT-1019",
        message: format!("this value can't be set: {reason}"),
        label: "has no place in the settings".to_owned(),
        hint: Some("name the setting as `lienthong config show` does".to_owned()),
        file: Arc::clone(&over.origin),
        // The value may be a secret that a person put into the wrong place.
        text: Arc::from(over.path.join(".")),
        span: 0..over.path.join(".").len(),
    }
}

fn secret_variables(value: &toml::de::DeValue<'_>) -> BTreeSet<String> {
    use toml::de::DeValue;
    let mut found = BTreeSet::new();
    match value {
        DeValue::Table(table) => {
            for (key, inner) in table {
                match inner.get_ref() {
                    DeValue::String(name) if key.get_ref() == "env" => {
                        found.insert(name.to_string());
                    }
                    inner => found.extend(secret_variables(inner)),
                }
            }
        }
        DeValue::Array(list) => {
            list.iter().for_each(|inner| found.extend(secret_variables(inner.get_ref())));
        }
        _ => {}
    }
    found
}

fn nested(path: &[String], value: Value) -> Dict {
    match path {
        [] => Dict::new(),
        [last] => Dict::from([(last.clone(), value)]),
        [first, rest @ ..] => Dict::from([(first.clone(), Value::from(nested(rest, value)))]),
    }
}
