//! The files of a standard as text, read by whoever may do I/O.

use std::collections::BTreeMap;
use std::sync::Arc;

/// Files by their relative path, with `/` between folders; made by the config crate.
#[derive(Clone, Debug, Default)]
pub struct Files {
    root: String,
    texts: BTreeMap<String, Arc<str>>,
}

impl Files {
    /// Takes (relative path, text) pairs.
    pub fn new(files: impl IntoIterator<Item = (String, Arc<str>)>) -> Self {
        Self { root: String::new(), texts: files.into_iter().collect() }
    }

    /// The same files, shown to people below a folder: `mappings/standard/v1/`.
    #[must_use]
    pub fn shown_below(mut self, root: impl Into<String>) -> Self {
        self.root = root.into();
        self
    }

    /// The name of a file as a person knows it.
    pub fn shown(&self, path: &str) -> Arc<str> {
        Arc::from(format!("{}{path}", self.root))
    }

    /// The text of a file.
    pub fn get(&self, path: &str) -> Option<&Arc<str>> {
        self.texts.get(path)
    }

    /// The files whose path begins with a prefix, sorted by path.
    pub fn under<'a>(
        &'a self,
        prefix: &'a str,
    ) -> impl Iterator<Item = (&'a str, &'a Arc<str>)> + 'a {
        self.texts
            .range(prefix.to_owned()..)
            .take_while(move |(path, _)| path.starts_with(prefix))
            .map(|(path, text)| (path.as_str(), text))
    }

    /// All files, sorted by path.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Arc<str>)> {
        self.texts.iter().map(|(path, text)| (path.as_str(), text))
    }
}
