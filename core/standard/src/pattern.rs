//! Named patterns of a standard.

use std::sync::Arc;

use regex::Regex;

use crate::Title;
use crate::shape::Shape;

/// A named pattern that whole texts match, compiled once.
#[derive(Clone, Debug)]
pub struct Pattern {
    /// Its name: `dossier-code`.
    pub name: Arc<str>,
    /// What it describes.
    pub title: Title,
    /// A text that matches, for hints.
    pub example: Option<Arc<str>>,
    pub(crate) matcher: Matcher,
}

/// How a text is compared.
#[derive(Clone, Debug)]
pub(crate) enum Matcher {
    Shape(Shape),
    Regex(Regex),
}

impl Pattern {
    /// Whether the whole text matches.
    pub fn is_match(&self, text: &str) -> bool {
        match &self.matcher {
            Matcher::Shape(shape) => shape.is_match(text),
            Matcher::Regex(regex) => regex.is_match(text),
        }
    }

    /// The regular expression, anchored at both ends.
    pub fn regex(&self) -> &str {
        match &self.matcher {
            Matcher::Shape(shape) => shape.regex(),
            Matcher::Regex(regex) => regex.as_str(),
        }
    }

    /// Whether texts of the pattern are periods, whose last day is known.
    pub(crate) const fn is_period(&self) -> bool {
        matches!(self.matcher, Matcher::Shape(Shape::Period))
    }

    /// Whether texts of the pattern are dossier codes, which have a date inside.
    pub(crate) const fn is_dossier(&self) -> bool {
        matches!(self.matcher, Matcher::Shape(Shape::Dossier))
    }
}
