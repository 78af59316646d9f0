//! Rendering of problems: marked text for people, JSON for scripts.

use annotate_snippets::{AnnotationKind, Level as SnippetLevel, Renderer, Snippet};
use serde::Serialize;

use crate::Problem;

/// How grave the problems are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// What was written can't be used.
    Error,
    /// It can be used, and a person should look at it.
    Warning,
}

/// Whether to colour the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paint {
    /// Escape codes of a terminal.
    Colour,
    /// Plain text.
    Plain,
}

/// Renders problems for a person, in the given order, a blank line between two.
pub fn render(problems: &[Problem], level: Level, paint: Paint) -> String {
    let renderer = match paint {
        Paint::Colour => Renderer::styled(),
        Paint::Plain => Renderer::plain(),
    };
    let mut out = String::new();
    for problem in problems {
        out.push_str(&render_one(problem, level, &renderer));
        out.push_str("\n\n");
    }
    out
}

fn render_one(problem: &Problem, level: Level, renderer: &Renderer) -> String {
    let level = match level {
        Level::Error => SnippetLevel::ERROR,
        Level::Warning => SnippetLevel::WARNING,
    };
    let is_marked = problem.text.get(problem.span.clone()).is_some();
    let title = level.primary_title(problem.message.as_str()).id(problem.code);
    let mut group = title.elements(std::iter::empty::<annotate_snippets::Element<'_>>());
    if is_marked && !problem.text.is_empty() {
        let label = AnnotationKind::Primary
            .span(first_line(&problem.text, problem.span.clone()))
            .label(problem.label.as_str());
        group =
            group.element(Snippet::source(&*problem.text).path(&*problem.file).annotation(label));
    } else {
        group = group.element(annotate_snippets::Origin::path(&*problem.file));
    }
    if let Some(hint) = &problem.hint {
        group = group.element(SnippetLevel::HELP.with_name("hint").message(hint.as_str()));
    }
    renderer.render(&[group])
}

/// A table spans many lines; its first one is enough to find it.
fn first_line(text: &str, span: std::ops::Range<usize>) -> std::ops::Range<usize> {
    let marked = text.get(span.clone()).unwrap_or_default();
    let length = marked.find('\n').unwrap_or(marked.len());
    span.start..span.start + length
}

/// Renders problems as a JSON array: `code`, `message`, `hint`, `file`, `line`, `column`.
pub fn render_json(problems: &[Problem]) -> serde_json::Value {
    #[derive(Serialize)]
    struct Row<'a> {
        code: &'a str,
        message: &'a str,
        hint: Option<&'a str>,
        file: &'a str,
        line: usize,
        column: usize,
    }
    let rows = problems.iter().map(|problem| {
        let (line, column) = problem.line_column();
        let Problem { code, message, hint, file, .. } = problem;
        serde_json::json!(Row { code, message, hint: hint.as_deref(), file, line, column })
    });
    serde_json::Value::Array(rows.collect())
}
