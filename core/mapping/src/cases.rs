//! Cases: an item and what must become of it, as a folder that a steward can add.
//!
//! `cases/<case>/` beside the mapping holds `input.json` or `input.xml`, and either
//! `expected.json`, the canonical record, or `refused.toml` with the `code` and perhaps the `field`
//! of a reason. Beside an `expected.json`, `warnings.toml` may name the `rules` of the standard that
//! the record breaks, no more and no less.
//! Where one folder holds several mappings, a case says by its name whose it is:
//! `cases/<mapping>-<what>/` or `cases/<mapping>/<case>/`.

use std::collections::BTreeSet;

use lienthong_standard::Files;
use serde_json::Value;

use crate::{Input, Mapping, Rejection, Trace};

/// What became of one case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseResult {
    /// The case's folder below the mappings.
    pub name: String,
    /// What differs from what was expected, a line each; empty when the case holds.
    pub differences: Vec<String>,
}

impl CaseResult {
    /// Whether the case holds.
    pub fn is_ok(&self) -> bool {
        self.differences.is_empty()
    }
}

/// A folder of cases in which something is missing or can't be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseFault {
    /// The error code, LT-3040.
    pub code: &'static str,
    /// What is wrong, with the file.
    pub message: String,
}

/// Runs every case of a mapping, sorted by name.
///
/// # Errors
/// Every case that can't be run: without an input, with an input for another format, without an
/// expectation or with two, or with one that can't be read.
pub fn cases(mapping: &Mapping, files: &Files) -> Result<Vec<CaseResult>, Vec<CaseFault>> {
    let names = names(mapping, files);
    let (mut results, mut faults) = (Vec::new(), Vec::new());
    for name in names {
        match run(mapping, files, &name) {
            Ok(differences) => results.push(CaseResult { name, differences }),
            Err(message) => {
                let message = format!("case `{name}`: {message}");
                faults.push(CaseFault { code: "LT-3040", message });
            }
        }
    }
    if faults.is_empty() { Ok(results) } else { Err(faults) }
}

/// The first case whose item becomes a record, mapped: an example that holds no person's data.
pub fn example(mapping: &Mapping, files: &Files) -> Option<Trace> {
    names(mapping, files).into_iter().find_map(|name| {
        files.get(&format!("{name}/expected.json"))?;
        let item = files.get(&format!("{name}/{}", input_name(mapping)))?;
        let trace = mapping.trace(item.trim_end().as_bytes());
        trace.outcome.is_ok().then_some(trace)
    })
}

/// The folders of a mapping's cases.
fn names(mapping: &Mapping, files: &Files) -> BTreeSet<String> {
    let (folder, feed) = mapping.name().rsplit_once('/').unwrap_or_else(|| ("", mapping.name()));
    let slash = if folder.is_empty() { "" } else { "/" };
    let root = format!("{folder}{slash}cases/");
    let own = format!("{root}{feed}/");
    let is_mapping = |path: &str| {
        let file = path.strip_prefix(folder).unwrap_or(path).trim_start_matches('/');
        // `dossiers.shape.toml` beside a mapping is none.
        file.strip_suffix(".toml").is_some_and(|name| !name.contains(['/', '.']))
    };
    let is_alone = files.under(folder).filter(|(path, _)| is_mapping(path)).count() == 1;
    let is_own_name =
        |case: &str| case.strip_prefix(feed).is_some_and(|rest| rest.starts_with('-'));
    let mut names = BTreeSet::new();
    for (path, _) in files.under(&root) {
        let Some((case, _)) = path.rsplit_once('/') else { continue };
        let inner = case.strip_prefix(&root).unwrap_or_default();
        let is_direct = !inner.contains('/') && (is_alone || is_own_name(inner));
        if is_direct || case.starts_with(&own) {
            names.insert(case.to_owned());
        }
    }
    names
}

const fn input_name(mapping: &Mapping) -> &'static str {
    match mapping.input() {
        Input::Json | Input::Row => "input.json",
        Input::Xml => "input.xml",
    }
}

/// Runs one case; the error says why it can't be run.
fn run(mapping: &Mapping, files: &Files, name: &str) -> Result<Vec<String>, String> {
    let file = |file: &str| files.get(&format!("{name}/{file}")).map(|text| &**text);
    let input_name = input_name(mapping);
    let item = file(input_name).ok_or_else(|| format!("there is no `{input_name}`"))?;
    let trace = mapping.trace(item.trim_end().as_bytes());
    let warned = file("warnings.toml").map(read_warnings).transpose()?;
    match (file("expected.json"), file("refused.toml")) {
        (Some(expected), None) => {
            let expected = serde_json::from_str(expected)
                .map_err(|error| format!("`expected.json` is not JSON: {error}"))?;
            let mut differences = compare(&expected, trace.outcome);
            if let Some(expected) = warned {
                let got: BTreeSet<String> = trace.warnings.into_iter().map(|w| w.rule).collect();
                let differs = |rule: &String, what: &str| format!("the rule `{rule}` {what}");
                let held = expected.difference(&got);
                differences.extend(held.map(|rule| differs(rule, "should warn, and does not")));
                let broken = got.difference(&expected);
                differences.extend(broken.map(|rule| differs(rule, "warns, and should not")));
            }
            Ok(differences)
        }
        (None, Some(_)) if warned.is_some() => {
            Err("`warnings.toml` goes with `expected.json`".to_owned())
        }
        (None, Some(refused)) => {
            let refused = Refused::read(refused)?;
            Ok(refused.compare(trace.outcome))
        }
        (None, None) => Err("there is neither `expected.json` nor `refused.toml`".to_owned()),
        (Some(_), Some(_)) => Err("it has both `expected.json` and `refused.toml`".to_owned()),
    }
}

/// The rules that a case says are broken.
fn read_warnings(text: &str) -> Result<BTreeSet<String>, String> {
    let wrong = |what: &str| format!("`warnings.toml` {what}");
    let table: toml::Table =
        text.parse().map_err(|error: toml::de::Error| wrong(error.message()))?;
    if let Some(key) = table.keys().find(|key| *key != "rules") {
        return Err(wrong(&format!("has the unknown key `{key}`")));
    }
    let rules = table.get("rules").and_then(toml::Value::as_array);
    let rules = rules.ok_or_else(|| wrong("has no list `rules`"))?;
    let texts = rules.iter().map(|rule| rule.as_str().map(str::to_owned));
    texts.collect::<Option<_>>().ok_or_else(|| wrong("has a rule that is not text"))
}

fn compare(expected: &Value, outcome: Result<String, Rejection>) -> Vec<String> {
    let record = match outcome {
        Ok(record) => record,
        Err(rejection) => {
            let reasons = rejection.reasons.iter().map(|reason| format!("refused: {reason}"));
            return reasons.collect();
        }
    };
    let mut differences = Vec::new();
    match serde_json::from_str(&record) {
        Ok(got) => differ("", expected, &got, &mut differences),
        Err(error) => differences.push(format!("the record is not JSON: {error}")),
    }
    differences
}

/// Notes every place where two values differ.
fn differ(at: &str, expected: &Value, got: &Value, out: &mut Vec<String>) {
    let shown = |name: &str| if at.is_empty() { name.to_owned() } else { format!("{at}.{name}") };
    match (expected, got) {
        (Value::Object(expected), Value::Object(got)) => {
            let names: BTreeSet<&String> = expected.keys().chain(got.keys()).collect();
            for name in names {
                match (expected.get(name), got.get(name)) {
                    (Some(expected), Some(got)) => differ(&shown(name), expected, got, out),
                    (Some(expected), None) => {
                        out.push(format!("{}: expected {expected}, got nothing", shown(name)));
                    }
                    (None, Some(got)) => {
                        out.push(format!("{}: expected nothing, got {got}", shown(name)));
                    }
                    (None, None) => {}
                }
            }
        }
        (Value::Array(left), Value::Array(right)) if left.len() == right.len() => {
            for (index, (expected, got)) in left.iter().zip(right).enumerate() {
                differ(&format!("{at}[{index}]"), expected, got, out);
            }
        }
        _ if expected == got => {}
        _ => out.push(format!("{at}: expected {expected}, got {got}")),
    }
}

/// What a case expects of a refusal.
struct Refused {
    code: String,
    field: Option<String>,
}

impl Refused {
    fn read(text: &str) -> Result<Self, String> {
        let wrong = |what: &str| format!("`refused.toml` {what}");
        let table: toml::Table =
            text.parse().map_err(|error: toml::de::Error| wrong(error.message()))?;
        let text = |key: &str| table.get(key).and_then(toml::Value::as_str).map(str::to_owned);
        if let Some(key) = table.keys().find(|key| !matches!(key.as_str(), "code" | "field")) {
            return Err(wrong(&format!("has the unknown key `{key}`")));
        }
        let code = text("code").ok_or_else(|| wrong("has no `code`"))?;
        let field = text("field");
        if field.is_none() && table.contains_key("field") {
            return Err(wrong("has a `field` that is not text"));
        }
        Ok(Self { code, field })
    }

    fn compare(&self, outcome: Result<String, Rejection>) -> Vec<String> {
        let wanted = match &self.field {
            Some(field) => format!("{} for {field}", self.code),
            None => self.code.clone(),
        };
        let rejection = match outcome {
            Err(rejection) => rejection,
            Ok(record) => return vec![format!("expected {wanted}, got the record {record}")],
        };
        let is_it = rejection.reasons.iter().any(|reason| {
            reason.code == self.code
                && (self.field.is_none() || reason.field.as_deref() == self.field.as_deref())
        });
        if is_it {
            return Vec::new();
        }
        let reasons = rejection.reasons.iter();
        reasons.map(|reason| format!("expected {wanted}, was refused for {reason}")).collect()
    }
}

#[cfg(test)]
mod tests;
