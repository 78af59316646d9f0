//! The check of a folder: which workbooks hold which feed, and which sheets no feed asks for.

use std::collections::BTreeMap;
use std::path::Path;

use lienthong_adapter_api::PullError;

use crate::adapter::reasons;
use crate::book::Book;
use crate::extract::{Top, tops};
use crate::feed::Feed;
use crate::folder::{self, Contents};
use crate::legacy::FontText;
use crate::pattern::is_in_any;
use crate::settings::Settings;

/// The most workbooks that a check opens.
const WORKBOOKS_MAX: usize = 1000;

/// The most titles that are listed one by one.
const TITLES_MAX: usize = 200;

/// What was seen of the folder.
#[derive(Default)]
struct Seen {
    workbooks: usize,
    unreadable: Vec<String>,
    /// By feed: workbooks with its sheet, and workbooks where a rule explains that it has none.
    feeds: BTreeMap<String, (usize, usize)>,
    /// By title without its figures: how many sheets no feed asks for.
    unasked: BTreeMap<String, usize>,
    hidden: usize,
    untitled: usize,
}

/// Looks at every workbook of the folder.
///
/// # Errors
/// When the folder, or a file in it, can't be read.
pub(crate) fn survey(
    folder: &Path,
    settings: &Settings,
    feeds: &BTreeMap<String, Feed>,
) -> Result<Vec<String>, PullError> {
    let mut seen = Seen::default();
    let files = folder::list(folder)?;
    for file in files.iter().take(WORKBOOKS_MAX) {
        let bytes = match folder::read(file, settings.file_bytes_max())? {
            Contents::Bytes(bytes, _) => bytes,
            Contents::Gone => continue,
            Contents::TooLarge => {
                seen.unreadable.push(format!("{}: larger than `file_mb_max`", file.name));
                continue;
            }
        };
        // Titles read the same with and without fonts wherever all feeds agree on them.
        let text = feeds.values().next().map_or_else(FontText::default, |feed| feed.text);
        let read = Book::open(bytes, settings.limits(), text).and_then(|mut book| tops(&mut book));
        match read {
            Ok(tops) => seen.add(&tops, feeds),
            Err(error) => seen.unreadable.push(format!("{}: {}", file.name, reasons(&error))),
        }
    }
    let mut findings = seen.findings();
    if files.len() > WORKBOOKS_MAX {
        findings
            .push(format!("only the first {WORKBOOKS_MAX} of {} files were opened", files.len()));
    }
    Ok(findings)
}

impl Seen {
    fn add(&mut self, tops: &[Top], feeds: &BTreeMap<String, Feed>) {
        self.workbooks += 1;
        for (name, feed) in feeds {
            let counts = self.feeds.entry(name.clone()).or_default();
            let is_ours = |top: &Top| top.sheet.visible && feed.sheet.title.fit(&top.comparable);
            if tops.iter().any(is_ours) {
                counts.0 += 1;
            } else if tops.iter().any(|top| is_in_any(&feed.sheet.instead, &top.comparable)) {
                counts.1 += 1;
            }
        }
        for top in tops {
            if !top.sheet.visible {
                self.hidden += 1;
            } else if top.comparable.is_empty() {
                self.untitled += 1;
            } else if !feeds.values().any(|feed| feed.sheet.title.fit(&top.comparable)) {
                *self.unasked.entry(general(&top.comparable)).or_default() += 1;
            }
        }
    }

    fn findings(&self) -> Vec<String> {
        let mut lines = vec![format!("{} workbooks could be opened", self.workbooks)];
        for line in &self.unreadable {
            lines.push(format!("can't be read: {line}"));
        }
        for (name, (with, instead)) in &self.feeds {
            let without = self.workbooks - with - instead;
            lines.push(format!(
                "feed `{name}`: {with} workbooks have its sheet, {instead} another one instead, \
                 {without} neither"
            ));
        }
        let sheets: usize = self.unasked.values().sum();
        lines.push(format!(
            "no feed asks for {sheets} sheets with {} titles; {} sheets have no title, {} are \
             hidden",
            self.unasked.len(),
            self.untitled,
            self.hidden
        ));
        for (title, count) in self.unasked.iter().take(TITLES_MAX) {
            lines.push(format!("no feed asks for ({count}): {title}"));
        }
        lines
    }
}

/// A title without its number and dates, so that the same table of all months is one line.
fn general(title: &str) -> String {
    let title = title.trim_start_matches(|letter: char| {
        letter.is_ascii_digit() || matches!(letter, '.' | ' ' | ')')
    });
    let mut out = String::new();
    for letter in title.chars() {
        match letter {
            '0'..='9' if out.ends_with('#') => {}
            '0'..='9' => out.push('#'),
            _ => out.push(letter),
        }
    }
    out
}
