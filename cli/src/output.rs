//! Where a command writes: data to stdout, everything else to stderr, coloured or not.

use std::io::{self, IsTerminal as _, Write as _};

use lienthong_diagnostics::{Level, Paint, Problem, render};
use serde::Serialize;

use crate::arguments::Colour;
use crate::exit::Failure;

/// The two streams of a command.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Output {
    out_paint: Paint,
    err_paint: Paint,
    is_out_terminal: bool,
    is_err_terminal: bool,
}

/// A colour that carries no meaning of its own: the words say the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ink {
    Green,
    Red,
    Bold,
    Dim,
}

impl Output {
    /// Decides whether to colour each stream.
    pub(crate) fn new(colour: Colour) -> Self {
        let no_colour = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let paint = |is_terminal: bool| match colour {
            Colour::Always => Paint::Colour,
            Colour::Auto if is_terminal && !no_colour => Paint::Colour,
            Colour::Auto | Colour::Never => Paint::Plain,
        };
        let (is_out_terminal, is_err_terminal) =
            (io::stdout().is_terminal(), io::stderr().is_terminal());
        Self {
            out_paint: paint(is_out_terminal),
            err_paint: paint(is_err_terminal),
            is_out_terminal,
            is_err_terminal,
        }
    }

    /// Writes text to stdout as it is.
    #[expect(clippy::unused_self, reason = "whoever writes was given the streams")]
    pub(crate) fn data(self, text: &str) -> Result<(), Failure> {
        let mut out = io::stdout().lock();
        out.write_all(text.as_bytes()).and_then(|()| out.flush()).map_err(failed)
    }

    /// Writes a line to stdout.
    pub(crate) fn line(self, text: impl AsRef<str>) -> Result<(), Failure> {
        self.data(&format!("{}\n", text.as_ref()))
    }

    /// Writes one line of JSON to stdout.
    pub(crate) fn json(self, value: &impl Serialize) -> Result<(), Failure> {
        let text = serde_json::to_string(value)
            .map_err(|error| Failure::of("the answer can't be written as JSON", error))?;
        self.line(text)
    }

    /// Colours text for stdout.
    pub(crate) fn ink(self, ink: Ink, text: &str) -> String {
        dyed(self.out_paint, ink, text)
    }

    /// Tells the person something, on stderr.
    #[expect(clippy::unused_self, reason = "whoever writes was given the streams")]
    pub(crate) fn note(self, text: impl AsRef<str>) {
        say(&format!("{}\n", text.as_ref()));
    }

    /// Tells the person of a failure, on stderr.
    pub(crate) fn error(self, text: &str) {
        let mark = dyed(self.err_paint, Ink::Red, "error:");
        say(&format!("{mark} {text}\n"));
    }

    /// Tells the person of problems in what was written, on stderr.
    pub(crate) fn problems(self, problems: &[Problem], level: Level) {
        say(&render(problems, level, self.err_paint));
        if level == Level::Error && !problems.is_empty() {
            let mut codes: Vec<&str> = problems.iter().map(|problem| problem.code).collect();
            codes.sort_unstable();
            codes.dedup();
            let count = problems.len();
            let plural = if count == 1 { "problem" } else { "problems" };
            let first = codes.first().copied().unwrap_or_default();
            say(&format!("{count} {plural}; `lienthong explain {first}` says more\n"));
        }
    }

    /// Whether stderr can show progress.
    pub(crate) fn has_progress(self) -> bool {
        self.is_err_terminal
    }

    /// Whether stdout is coloured.
    pub(crate) fn is_coloured(self) -> bool {
        self.out_paint == Paint::Colour
    }

    /// Whether stdout is a terminal.
    pub(crate) fn is_terminal(self) -> bool {
        self.is_out_terminal
    }
}

fn dyed(paint: Paint, ink: Ink, text: &str) -> String {
    let code = match (paint, ink) {
        (Paint::Plain, _) => return text.to_owned(),
        (Paint::Colour, Ink::Green) => 32,
        (Paint::Colour, Ink::Red) => 31,
        (Paint::Colour, Ink::Bold) => 1,
        (Paint::Colour, Ink::Dim) => 2,
    };
    format!("\u{1b}[{code}m{text}\u{1b}[0m")
}

fn say(text: &str) {
    // Where stderr is gone there is nobody left to tell.
    drop(io::stderr().lock().write_all(text.as_bytes()));
}

fn failed(error: io::Error) -> Failure {
    if error.kind() == io::ErrorKind::BrokenPipe {
        Failure::OutputClosed
    } else {
        Failure::of("stdout can't be written", error)
    }
}
