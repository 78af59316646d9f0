//! `codes/lists.toml` and `codes/*.csv`: the code lists.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use csv::{ByteRecord, ReaderBuilder};
use lienthong_diagnostics::Problem;

use super::raw::{self, Named, in_order};
use super::{section, unknown};
use crate::lists::{ListFile, Lists};
use crate::text::flaw;
use crate::{Code, CodeList, CodeListId, Date, Files, Title};

const PATH: &str = "codes/lists.toml";
const COLUMNS: [&str; 8] =
    ["code", "name_vi", "name_en", "valid_from", "valid_to", "parent", "aliases", "successor"];

/// Between two aliases, or two successors, in one cell.
const SEPARATOR: char = '|';

/// Reads what `lists.toml` says of every list, sorted by name; the codes are read when a list is
/// first asked for.
pub(super) fn compile(files: &Files, problems: &mut Vec<Problem>) -> Lists {
    let Some(text) = files.get(PATH) else { return Lists::default() };
    let Some(section) = section(files, PATH, text, "a code list", problems) else {
        return Lists::default();
    };
    let mut heads = match section.read::<Named<raw::List>>() {
        Ok(heads) => in_order(heads),
        Err(found) => {
            problems.extend(found);
            return Lists::default();
        }
    };
    heads.sort_by(|(left, _), (right, _)| left.get_ref().cmp(right.get_ref()));
    heads.retain(|(name, _)| {
        let path = path_of(name.get_ref());
        let is_there = files.get(&path).is_some();
        if !is_there {
            let message = format!("the code list `{}` has no file `{path}`", name.get_ref());
            problems.push(section.problem_at(name.span(), "LT-4008", message, "no file", None));
        }
        is_there
    });
    let names: Vec<String> = heads.iter().map(|(name, _)| name.get_ref().clone()).collect();
    let mut lists = Vec::new();
    for (name, head) in heads {
        let path = path_of(name.get_ref());
        let Some(text) = files.get(&path) else { continue };
        let mut parents = Vec::new();
        for parent in &head.parents {
            let found = names.iter().zip(0..).find(|(name, _)| *name == parent.get_ref());
            if let Some((_, place)) = found {
                parents.push(CodeListId(place));
            } else {
                let known = names.iter().map(String::as_str);
                let (span, name) = (parent.span(), parent.get_ref());
                problems.push(unknown(&section, span, "code list", name, known));
            }
        }
        lists.push(ListFile {
            name: Arc::from(name.get_ref().as_str()),
            title: head.title,
            source: head.source,
            parents: parents.into(),
            is_large: head.large,
            shown: files.shown(&path),
            text: Arc::clone(text),
        });
    }
    let lists = Lists::new(lists);
    if let Some(name) = lists.in_a_circle() {
        let message = format!("the parents of the code list `{name}` lead back to it");
        problems.push(section.problem_at(0..0, "LT-4002", message, "", None));
        return Lists::default();
    }
    lists
}

fn path_of(name: &str) -> String {
    format!("codes/{name}.csv")
}

/// Reads the codes of one list; `above` finds the lists of its parents.
///
/// # Errors
/// Every fault of its lines.
pub(crate) fn read<'l>(
    file: &ListFile,
    above: impl Fn(CodeListId) -> Option<&'l CodeList>,
) -> Result<CodeList, Vec<Problem>> {
    let (shown, text) = (Arc::clone(&file.shown), Arc::clone(&file.text));
    let mut reading = Reading { file: shown, text, places: Vec::new(), problems: Vec::new() };
    let codes = reading.codes();
    let above: Vec<&CodeList> = file.parents.iter().filter_map(|id| above(*id)).collect();
    reading.check(&codes, &above);
    if !reading.problems.is_empty() {
        return Err(reading.problems);
    }
    let (name, source) = (Arc::clone(&file.name), file.source.clone());
    Ok(CodeList::new(name, file.title.clone(), source, file.parents.clone(), codes))
}

/// One CSV file while it is read.
struct Reading {
    file: Arc<str>,
    text: Arc<str>,
    /// The place of each code's line.
    places: Vec<Range<usize>>,
    problems: Vec<Problem>,
}

impl Reading {
    fn codes(&mut self) -> Vec<Code> {
        let text = Arc::clone(&self.text);
        let mut reader = ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
        let mut row = ByteRecord::new();
        let mut columns: Option<Vec<Option<usize>>> = None;
        let mut codes = Vec::new();
        loop {
            match reader.read_byte_record(&mut row) {
                Ok(true) => {}
                Ok(false) => break,
                Err(error) => {
                    let at = error.position().map_or(0, csv::Position::byte);
                    self.problem(self.line(at), csv_message(&error), None);
                    break;
                }
            }
            let place = self.line(row.position().map_or(0, csv::Position::byte));
            let Some(columns) = &columns else {
                let Some(found) = self.columns(&row, &place) else { break };
                columns = Some(found);
                continue;
            };
            let cell = |name: &str| {
                let column = COLUMNS.iter().position(|column| *column == name)?;
                let bytes = row.get(columns.get(column).copied().flatten()?)?;
                std::str::from_utf8(bytes).ok().filter(|cell| !cell.is_empty())
            };
            if let Some(code) = self.code(cell, &place) {
                codes.push(code);
                self.places.push(place);
            }
        }
        if codes.is_empty() && self.problems.is_empty() {
            self.problem(0..0, "the code list has no codes".to_owned(), None);
        }
        codes
    }

    /// Where each known column stands.
    fn columns(&mut self, head: &ByteRecord, place: &Range<usize>) -> Option<Vec<Option<usize>>> {
        let names: Vec<&str> =
            head.iter().map(|cell| std::str::from_utf8(cell).unwrap_or_default()).collect();
        let mut is_good = true;
        for name in names.iter().filter(|name| !COLUMNS.contains(name)) {
            let message = format!("`{name}` is not a column of a code list");
            let hint = format!("the columns are {}", COLUMNS.join(", "));
            self.problem(place.clone(), message, Some(hint));
            is_good = false;
        }
        for needed in ["code", "name_vi"].iter().filter(|needed| !names.contains(needed)) {
            let message = format!("the code list has no column `{needed}`");
            self.problem(place.clone(), message, None);
            is_good = false;
        }
        let find = |column: &&str| names.iter().position(|name| name == column);
        is_good.then(|| COLUMNS.iter().map(find).collect())
    }

    fn code<'a>(
        &mut self,
        cell: impl Fn(&str) -> Option<&'a str>,
        place: &Range<usize>,
    ) -> Option<Code> {
        let (Some(code), Some(name)) = (cell("code"), cell("name_vi")) else {
            let message = "a code needs the code itself and its Vietnamese name".to_owned();
            self.problem(place.clone(), message, None);
            return None;
        };
        for text in [code, name].into_iter().chain(cell("name_en")).chain(cell("aliases")) {
            if text.trim() != text || flaw(text).is_some() {
                let message = format!("`{}` is not clean text", text.escape_debug());
                let hint = "no blanks at the ends, no invisible characters, letters composed (NFC)";
                self.problem(place.clone(), message, Some(hint.to_owned()));
            }
        }
        let valid_from = self.date(cell("valid_from"), place);
        let valid_to = self.date(cell("valid_to"), place);
        if let (Some(from), Some(to)) = (valid_from, valid_to)
            && from > to
        {
            let message = format!("the code `{code}` ends ({to}) before it begins ({from})");
            self.problem(place.clone(), message, None);
        }
        let vi: Arc<str> = Arc::from(name);
        let en = cell("name_en").map_or_else(|| Arc::clone(&vi), Arc::from);
        let several = |name: &str| -> Box<[Box<str>]> {
            let parts = cell(name).unwrap_or_default().split(SEPARATOR).map(str::trim);
            parts.filter(|part| !part.is_empty()).map(Box::from).collect()
        };
        Some(Code {
            code: code.into(),
            name: Title { vi, en },
            valid_from,
            valid_to,
            parent: cell("parent").map(Box::from),
            aliases: several("aliases"),
            successors: several("successor"),
        })
    }

    fn date(&mut self, cell: Option<&str>, place: &Range<usize>) -> Option<Date> {
        let written = cell?;
        let date = Date::parse_iso(written);
        if date.is_none() {
            let message = format!("`{written}` is not a date");
            self.problem(place.clone(), message, Some("write 2025-07-01".to_owned()));
        }
        date
    }

    /// Checks what one line alone can't show.
    fn check(&mut self, codes: &[Code], above: &[&CodeList]) {
        let mut by_code: HashMap<&str, Vec<&Code>> = HashMap::with_capacity(codes.len());
        let places = self.places.clone();
        for (code, place) in codes.iter().zip(&places) {
            let earlier = by_code.entry(&code.code).or_default();
            if earlier.iter().any(|other| overlap(code, other)) {
                let message = format!("the code `{}` is there twice for the same days", code.code);
                let hint = "a code may return only with times in force that do not overlap";
                self.problem(place.clone(), message, Some(hint.to_owned()));
            }
            earlier.push(code);
        }
        let mut owners: HashMap<&str, &str> = HashMap::new();
        for (code, place) in codes.iter().zip(&places) {
            if let Some(parent) = &code.parent
                && !by_code.contains_key(&**parent)
                && !above.iter().any(|list| list.contains(parent))
            {
                let message = format!("the parent `{parent}` is not in the list");
                let hint = "parents of another list need `parents = [\"…\"]` in codes/lists.toml";
                self.problem(place.clone(), message, Some(hint.to_owned()));
            }
            for successor in &code.successors {
                if !by_code.contains_key(&**successor) {
                    let message = format!("the successor `{successor}` is not in the list");
                    self.problem(place.clone(), message, None);
                }
            }
            for alias in &code.aliases {
                let owner = *owners.entry(alias).or_insert(&code.code);
                if by_code.contains_key(&**alias) || owner != &*code.code {
                    let message = format!("the alias `{alias}` means more than one code");
                    self.problem(place.clone(), message, None);
                }
            }
        }
    }

    /// The line that begins at a byte.
    fn line(&self, byte: u64) -> Range<usize> {
        let start = usize::try_from(byte).unwrap_or(0);
        let rest = self.text.get(start..).unwrap_or_default();
        let blank = rest.len() - rest.trim_start_matches(['\r', '\n']).len();
        let start = start + blank;
        let length = rest.get(blank..).and_then(|rest| rest.lines().next()).map_or(0, str::len);
        start..start + length
    }

    fn problem(&mut self, span: Range<usize>, message: String, hint: Option<String>) {
        let (file, text) = (Arc::clone(&self.file), Arc::clone(&self.text));
        let label = String::new();
        self.problems.push(Problem { code: "LT-4005", message, label, hint, file, text, span });
    }
}

fn csv_message(error: &csv::Error) -> String {
    match error.kind() {
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!("this line has {len} cells, the head has {expected_len}")
        }
        _ => error.to_string(),
    }
}

fn overlap(left: &Code, right: &Code) -> bool {
    let begins_before_end = |a: &Code, b: &Code| match (a.valid_from, b.valid_to) {
        (Some(from), Some(to)) => from <= to,
        _ => true,
    };
    begins_before_end(left, right) && begins_before_end(right, left)
}
