//! Code lists of a rule: a file beside the mapping or an inline table.

use std::collections::BTreeMap;
use std::sync::Arc;

use lienthong_standard::{CodeList, Field, FieldType};
use toml::de::DeValue;

use super::Compiler;
use super::fields::Draft;
use super::formats::read_national;
use super::keys::{Keys, Span, Text, Value};
use crate::convert::codes::Codes;

/// National codes whose sources are shown in a warning.
const SHOWN_MAX: usize = 5;

/// Lines of one code list.
const LINES_MAX: usize = 200_000;

impl Compiler<'_> {
    /// Reads the code list of a rule, if it has one, and checks its national codes.
    pub(super) fn codes(&mut self, keys: &mut Keys<'_, '_>, draft: &Draft<'_>) -> Option<Codes> {
        let written = keys.get("codes");
        let fold = keys.get("fold").and_then(|value| {
            let fold = value.get_ref().as_bool().map(|fold| (fold, value.span()));
            if fold.is_none() {
                self.wrong_kind(value, "`true` or `false`");
            }
            fold
        });
        if let Some(value) = keys.get("aliases") {
            let fold = fold.is_some_and(|(fold, _)| fold);
            return self.aliases(value, written.is_some(), fold, draft.field);
        }
        let Some(value) = written else {
            if let Some((_, span)) = fold {
                let message = "`fold` is for `codes` and `aliases` alone";
                self.problem("LT-3003", span, message, "no codes", None);
            }
            return None;
        };
        if draft.field.kind == FieldType::Timestamp {
            let message = "a code list gives no timestamps";
            self.problem("LT-3009", value.span(), message, "does not fit", None);
            return None;
        }
        let fold = fold.is_some_and(|(fold, _)| fold);
        let codes = match value.get_ref() {
            DeValue::String(name) => self.listed(name, value.span(), fold, draft.field),
            DeValue::Table(_) => self.inline(value, fold, draft.field),
            _ => {
                self.wrong_kind(value, "the name of a code list or a table of codes");
                None
            }
        };
        let mut codes = codes?;
        self.many_to_one(&codes, value.span());
        if let FieldType::Code(list) = draft.field.kind {
            codes.name_each(|national| name_of(self.standard.list(list)?, national));
        }
        Some(codes)
    }

    /// The standard's own list: its codes pass, its aliases become their codes.
    fn aliases(
        &mut self,
        value: Value<'_, '_>,
        has_codes: bool,
        fold: bool,
        field: &Field,
    ) -> Option<Codes> {
        match value.get_ref().as_bool() {
            Some(true) => {}
            Some(false) => return None,
            None => {
                self.wrong_kind(value, "`true` or `false`");
                return None;
            }
        }
        let list = match field.kind {
            FieldType::Code(list) if !has_codes => self.standard.list(list)?,
            FieldType::Code(_) => {
                let message = "a rule has `codes` or `aliases`";
                let hint = Some("the codes of `codes` are national ones already".to_owned());
                self.problem("LT-3003", value.span(), message, "both", hint);
                return None;
            }
            _ => {
                let message = format!("`{}` is no code and has no aliases", field.name);
                self.problem("LT-3009", value.span(), message, "does not fit", None);
                return None;
            }
        };
        let mut codes = Codes::new(&format!("standard/{}", list.name), fold);
        for entry in list.codes() {
            let spellings = entry.aliases.iter().chain(std::iter::once(&entry.code));
            for spelling in spellings {
                let earlier = codes.add(spelling, &entry.code).map(|pair| pair.national.clone());
                if let Some(earlier) = earlier.filter(|earlier| *earlier != entry.code) {
                    let message = format!(
                        "folded, `{spelling}` may be `{earlier}` or `{}` of `{}`",
                        entry.code, list.name
                    );
                    let hint = Some("leave `fold` out".to_owned());
                    self.problem("LT-3006", value.span(), message, "two codes", hint);
                }
            }
        }
        codes.name_each(|national| name_of(list, national));
        Some(codes)
    }

    fn inline(&mut self, value: Value<'_, '_>, fold: bool, field: &Field) -> Option<Codes> {
        let keys = self.table(value, "`codes`")?;
        let mut codes = Codes::new(&format!("codes/{}", field.name), fold);
        for (source, span, value) in keys.entries() {
            if let Some((national, national_span)) = self.word(value) {
                let text = self.text.clone();
                self.line(&mut codes, field, &text, (&source, span), (&national, national_span));
            }
        }
        self.not_empty(&codes, value.span());
        Some(codes)
    }

    fn listed(&mut self, name: &str, span: Span, fold: bool, field: &Field) -> Option<Codes> {
        let path = format!("{}codes/{name}.csv", self.folder);
        let Some(text) = self.files.get(&path) else {
            let folder = format!("{}codes/", self.folder);
            let known: Vec<&str> = self
                .files
                .under(&folder)
                .filter_map(|(path, _)| path.strip_prefix(&folder)?.strip_suffix(".csv"))
                .collect();
            let hint = super::word::nearest_or_all(name, known.into_iter());
            let message = format!("there is no code list `{path}`");
            self.problem("LT-3006", span, message, "not there", Some(hint));
            return None;
        };
        let text = Text { file: self.files.shown(&path), text: Arc::clone(text) };
        let mut codes = Codes::new(&format!("codes/{name}"), fold);
        self.lines(&text, &mut codes, field)?;
        self.not_empty(&codes, span);
        self.lists.push(path);
        Some(codes)
    }

    /// Reads the lines of a file with the header `source,national`, and perhaps `note`.
    fn lines(&mut self, text: &Text, codes: &mut Codes, field: &Field) -> Option<()> {
        let mut reader =
            csv::ReaderBuilder::new().has_headers(false).from_reader(text.text.as_bytes());
        let mut record = csv::StringRecord::new();
        let mut has_header = false;
        loop {
            let start = byte_of(reader.position());
            match reader.read_record(&mut record) {
                Ok(true) => {}
                Ok(false) => break,
                Err(error) => {
                    let at = error.position().map_or(start, byte_of);
                    let message = format!("the code list can't be read: {error}");
                    let span = line_of(&text.text, at);
                    self.problems.push(text.problem("LT-3006", span, message, "here", None));
                    return None;
                }
            }
            let span = line_of(&text.text, start);
            let columns: Vec<&str> =
                record.iter().map(|column| column.trim_start_matches('\u{feff}')).collect();
            if !has_header {
                has_header = true;
                if !matches!(*columns, ["source", "national"] | ["source", "national", "note"]) {
                    let message = "a code list begins with the line `source,national`";
                    let hint = Some("a third column may be `note`".to_owned());
                    self.problems.push(text.problem("LT-3006", span, message, "no header", hint));
                    return None;
                }
                continue;
            }
            if codes.pairs().len() >= LINES_MAX {
                let message = format!("a code list has at most {LINES_MAX} lines");
                self.problems.push(text.problem("LT-3006", span, message, "too long", None));
                return None;
            }
            if let [source, national, ..] = *columns {
                let before = codes.pairs().len();
                self.line(codes, field, text, (source, span.clone()), (national, span));
                if codes.pairs().len() > before {
                    codes.at_line(record.position().map_or(0, csv::Position::line));
                }
            }
            if let [_, _, note] = *columns {
                codes.note(note);
            }
        }
        Some(())
    }

    /// Adds one line, if its source code is new and its national code is one of the standard.
    fn line(
        &mut self,
        codes: &mut Codes,
        field: &Field,
        text: &Text,
        (source, source_span): (&str, Span),
        (national, national_span): (&str, Span),
    ) {
        if source.is_empty() || national.is_empty() {
            let message = "a code is empty";
            let hint = Some("an empty source value counts as missing".to_owned());
            self.problems.push(text.problem("LT-3006", source_span, message, "empty", hint));
            return;
        }
        if read_national(field.kind, national).is_none() {
            let kind = field.kind.name();
            let message = format!("`{national}` is no {kind}, which `{}` is", field.name);
            self.problems.push(text.problem("LT-3009", national_span, message, "wrong type", None));
        } else if let Err((code, message, hint)) = self.fits_text(national, field) {
            let label = "not in the standard";
            self.problems.push(text.problem(code, national_span, message, label, hint));
        }
        if let Some(earlier) = codes.add(source, national) {
            let message = format!("`{source}` is there already, as `{}`", earlier.national);
            self.problems.push(text.problem("LT-3006", source_span, message, "again", None));
        }
    }

    fn not_empty(&mut self, codes: &Codes, span: Span) {
        if codes.pairs().is_empty() {
            let message = format!("the code list `{}` has no line", codes.name);
            self.problem("LT-3006", span, message, "empty", None);
        }
    }

    /// Several source codes with one national code can't be told apart any more.
    fn many_to_one(&mut self, codes: &Codes, span: Span) {
        let mut by_national: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for pair in codes.pairs() {
            by_national.entry(&pair.national).or_default().push(&pair.source);
        }
        by_national.retain(|_, sources| sources.len() > 1);
        if by_national.is_empty() {
            return;
        }
        let lines = by_national.iter().map(|(national, sources)| {
            let shown: Vec<&str> = sources.iter().copied().take(4).collect();
            let more = if sources.len() > shown.len() { ", …" } else { "" };
            format!("{}{more} → {national}", shown.join(", "))
        });
        let mut lines: Vec<String> = lines.collect();
        let more = lines.len().saturating_sub(SHOWN_MAX);
        lines.truncate(SHOWN_MAX);
        if more > 0 {
            lines.push(format!("and {more} more"));
        }
        let message = format!("several codes of `{}` become one: {}", codes.name, lines.join("; "));
        let hint =
            Some("their difference is lost from here on; if that is meant, leave it".to_owned());
        self.warnings.push(self.text.problem("LT-3022", span, message, "many to one", hint));
    }
}

/// What a national code means now, or meant last.
fn name_of(list: &CodeList, code: &str) -> Option<Arc<str>> {
    let newest = list.entries(code).max_by_key(|entry| entry.valid_from)?;
    Some(Arc::clone(&newest.name.vi))
}

fn byte_of(position: &csv::Position) -> usize {
    usize::try_from(position.byte()).unwrap_or(0)
}

/// The line that begins at an offset.
fn line_of(text: &str, start: usize) -> Span {
    let rest = text.get(start..).unwrap_or_default();
    let start = start + (rest.len() - rest.trim_start_matches(['\r', '\n']).len());
    let rest = text.get(start..).unwrap_or_default();
    start..start + rest.find(['\r', '\n']).unwrap_or(rest.len())
}
