//! `patterns.toml`: named patterns, each tried on its own examples.

use std::collections::BTreeMap;
use std::sync::Arc;

use lienthong_adapter_api::Section;
use lienthong_diagnostics::Problem;
use regex::RegexBuilder;
use toml::Spanned;

use super::raw::{self, Named, in_order};
use super::{section, unknown};
use crate::Files;
use crate::pattern::{Matcher, Pattern};
use crate::shape::Shape;

/// A compiled expression may not take more memory than this.
const REGEX_BYTES_MAX: usize = 1 << 20;

const PATH: &str = "patterns.toml";

pub(super) fn compile(
    files: &Files,
    problems: &mut Vec<Problem>,
) -> BTreeMap<Arc<str>, Arc<Pattern>> {
    let mut patterns = BTreeMap::new();
    let Some(text) = files.get(PATH) else { return patterns };
    let Some(section) = section(files, PATH, text, "a pattern", problems) else { return patterns };
    let named = match section.read::<Named<raw::Pattern>>() {
        Ok(named) => named,
        Err(found) => {
            problems.extend(found);
            return patterns;
        }
    };
    for (name, written) in in_order(named) {
        let Some(matcher) = matcher(&section, &name, &written, problems) else { continue };
        let example = written.matches.first().map(|text| Arc::from(text.get_ref().as_str()));
        let key: Arc<str> = Arc::from(name.get_ref().as_str());
        let pattern = Pattern { name: Arc::clone(&key), title: written.title, example, matcher };
        try_examples(&section, &pattern, &written.matches, &written.refuses, problems);
        patterns.insert(key, Arc::new(pattern));
    }
    patterns
}

fn matcher(
    section: &Section,
    name: &Spanned<String>,
    written: &raw::Pattern,
    problems: &mut Vec<Problem>,
) -> Option<Matcher> {
    match (&written.regex, &written.shape) {
        (Some(regex), None) => {
            let source = regex.get_ref();
            let is_anchored = source.starts_with('^') && source.ends_with('$');
            let built = RegexBuilder::new(source).size_limit(REGEX_BYTES_MAX).build();
            let message = match built {
                Ok(built) if is_anchored => return Some(Matcher::Regex(built)),
                Ok(_) => "a pattern matches the whole text: write ^…$".to_owned(),
                Err(error) => error.to_string(),
            };
            let problem =
                section.problem_at(regex.span(), "LT-4006", message, "not a pattern", None);
            problems.push(problem);
            None
        }
        (None, Some(shape)) => {
            let found = Shape::ALL.into_iter().find(|known| known.name() == shape.get_ref());
            if found.is_none() {
                let known = Shape::ALL.into_iter().map(Shape::name);
                problems.push(unknown(section, shape.span(), "shape", shape.get_ref(), known));
            }
            found.map(Matcher::Shape)
        }
        _ => {
            let message =
                format!("the pattern `{}` needs either `regex` or `shape`", name.get_ref());
            problems.push(section.problem_at(name.span(), "LT-4006", message, "", None));
            None
        }
    }
}

/// A pattern that fails its own examples is wrong, or they are.
fn try_examples(
    section: &Section,
    pattern: &Pattern,
    matches: &[Spanned<String>],
    refuses: &[Spanned<String>],
    problems: &mut Vec<Problem>,
) {
    let wanted = matches.iter().map(|text| (text, true));
    for (text, want) in wanted.chain(refuses.iter().map(|text| (text, false))) {
        if pattern.is_match(text.get_ref()) != want {
            let does = if want { "does not match" } else { "matches" };
            let message = format!("the pattern `{}` {does} this text", pattern.name);
            let label = if want { "listed as matching" } else { "listed as refused" };
            problems.push(section.problem_at(text.span(), "LT-4006", message, label, None));
        }
    }
}
