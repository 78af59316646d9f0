//! Progress of long work: a bar on a terminal, plain lines elsewhere.

use indicatif::{ProgressBar, ProgressStyle};

use crate::output::Output;

/// The progress of one piece of work.
pub(crate) struct Progress {
    bar: Option<ProgressBar>,
    output: Output,
    what: &'static str,
}

impl Progress {
    /// Begins; `what` is counted.
    pub(crate) fn new(output: Output, length: u64, what: &'static str) -> Self {
        let bar = output.has_progress().then(|| {
            let template = "{spinner} {bar:30} {pos}/{len} {prefix} {msg}";
            let style = ProgressStyle::with_template(template)
                .unwrap_or_else(|_| ProgressStyle::default_bar());
            ProgressBar::new(length).with_style(style).with_prefix(what)
        });
        Self { bar, output, what }
    }

    /// Says what is worked on now.
    pub(crate) fn on(&self, name: &str) {
        match &self.bar {
            Some(bar) => {
                bar.set_message(name.to_owned());
                bar.tick();
            }
            None => self.output.note(format!("{name} …")),
        }
    }

    /// Counts.
    pub(crate) fn add(&self, count: u64) {
        if let Some(bar) = &self.bar {
            bar.inc(count);
        }
    }

    /// Tells the present state: how much is done and how much there is.
    pub(crate) fn at(&self, done: u64, length: u64, words: &str) {
        if let Some(bar) = &self.bar {
            bar.set_length(length);
            bar.set_position(done);
            bar.set_message(words.to_owned());
            bar.tick();
        }
    }

    /// Ends and clears the bar, so that the answer stands alone.
    pub(crate) fn end(self) {
        match &self.bar {
            Some(bar) => bar.finish_and_clear(),
            None => self.output.note(format!("{}: done", self.what)),
        }
    }
}
