//! The rules of building from settings.

use super::fixture::{Conformance, MemorySecrets};

/// A name that no kind has a setting for.
const UNKNOWN: &str = "no_such_setting_anywhere";

type Found = Result<(), String>;

impl Conformance {
    pub(super) fn unknown_settings_are_refused(&self) -> Found {
        let line = format!("{UNKNOWN} = 1\n");
        let mut in_settings = self.clone();
        in_settings.settings.insert_str(0, &line);
        let mut in_connection = self.clone();
        in_connection.connection.insert_str(0, &line);
        let mut in_feed = self.clone();
        if let Some(feed) = in_feed.feeds.get_mut(&self.feed) {
            feed.insert_str(0, &line);
        }
        let cases = [("settings", in_settings), ("connection", in_connection), ("feed", in_feed)];
        for (part, changed) in cases {
            let blueprint = changed.blueprint()?;
            let Err(error) = changed.try_build(&blueprint, &self.secrets) else {
                return Err(format!("an unknown setting of the {part} was taken"));
            };
            let placed = error.problems.iter().any(|problem| {
                let marked = problem.text.get(problem.span.clone()).unwrap_or_default();
                problem.code == "LT-1004" && marked.contains(UNKNOWN)
            });
            if !placed {
                return Err(format!("in the {part}: {:?}", error.problems));
            }
        }
        Ok(())
    }

    pub(super) fn missing_secret_is_refused(&self) -> Found {
        let blueprint = self.blueprint()?;
        let Err(error) = self.try_build(&blueprint, &MemorySecrets::default()) else {
            return Err("it was built without its secrets".to_owned());
        };
        match error.problems.iter().find(|problem| problem.code.starts_with("LT-1")) {
            Some(_) => Ok(()),
            None => Err(format!("{error:?}")),
        }
    }

    pub(super) fn schemas_are_objects(&self) -> Found {
        let schemas = (self.kind.schemas)();
        let parts = [
            ("settings", schemas.settings),
            ("connection", schemas.connection),
            ("feed", schemas.feed),
        ];
        for (part, schema) in parts {
            if schema.get("type").and_then(serde_json::Value::as_str) != Some("object") {
                return Err(format!("the schema of the {part} is not of an object"));
            }
        }
        Ok(())
    }
}
