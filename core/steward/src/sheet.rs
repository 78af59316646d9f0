//! A mapping as a ministry signs it off, before it becomes a workbook or a page.

mod page;
mod words;
mod workbook;

use std::collections::BTreeMap;

use lienthong_mapping::{CodeTable, Mapping, State, Subject, Trace, Verdict};
use lienthong_standard::{Severity, Title};

use words::Told;

/// Why a sheet can't be written.
#[derive(Debug, thiserror::Error)]
pub enum SheetError {
    /// The workbook can't be written.
    #[error("the workbook can't be written")]
    Workbook(#[from] rust_xlsxwriter::XlsxError),
    /// The page can't be written.
    #[error("the page can't be written")]
    Page(#[from] askama::Error),
}

/// A mapping as a ministry signs it off.
#[derive(Clone, Debug)]
pub struct Sheet {
    /// The mapping: `igate/dossiers`.
    pub mapping: String,
    /// SHA-256 of the mapping and its code lists.
    pub mapping_digest: String,
    /// The standard's name and digest.
    pub standard: (String, String),
    /// The record type's name for people.
    pub record_type: Title,
    /// One line for each national field.
    pub fields: Vec<FieldLine>,
    /// One line for each rule across fields, and for the number of rows of each list.
    pub rules: Vec<RuleLine>,
    /// The code lists.
    pub codes: Vec<CodeTable>,
    /// The source fields that are left out on purpose.
    pub left_out: Vec<String>,
}

/// One national field.
#[derive(Clone, Debug)]
pub struct FieldLine {
    /// The field, with its groups.
    pub field: String,
    /// Its name for people.
    pub title: Title,
    /// Its type, in both languages.
    pub kind: Title,
    /// Whether a record must have it.
    pub required: bool,
    /// Where its value comes from; none where it is not mapped.
    pub source: Option<Title>,
    /// What is done to the value, in order, in both languages.
    pub steps: Vec<Title>,
    /// The code list.
    pub codes: Option<String>,
    /// How sure it is that the field is valid, and why.
    pub state: State,
    /// Why, in both languages.
    pub reasons: Vec<Title>,
    /// A source value and what it becomes, of an example.
    pub example: Option<(String, String)>,
    /// The rule as the mapping writes it, with its line in the file.
    pub written: Option<(String, Option<usize>)>,
}

/// One rule of the standard across fields.
#[derive(Clone, Debug)]
pub struct RuleLine {
    /// Its code.
    pub code: String,
    /// What it says.
    pub message: Title,
    /// Whether a record that breaks it is refused.
    pub refuses: bool,
    /// How sure it is that it holds; none where it was not looked at.
    pub state: Option<State>,
    /// Why, in both languages.
    pub reasons: Vec<Title>,
}

impl Sheet {
    /// Puts the sheet of a mapping together. `text` is the mapping's file, `example` an item of it
    /// that holds no person's data, mapped.
    pub fn new(
        mapping: &Mapping,
        verdicts: &[Verdict],
        text: &str,
        example: Option<&Trace>,
    ) -> Self {
        let standard = mapping.standard();
        let examples = example.map(examples).unwrap_or_default();
        let of = |subject: Subject| -> BTreeMap<&str, &Verdict> {
            let own = verdicts.iter().filter(|verdict| verdict.subject == subject);
            own.map(|verdict| (&*verdict.field, verdict)).collect()
        };
        let (by_field, by_rule) = (of(Subject::Field), of(Subject::Rule));
        let fields = mapping.outline().into_iter().map(|line| {
            let verdict = by_field.get(line.field.as_str());
            let Told { source, steps } =
                words::told(line.source.as_deref(), line.written.as_deref());
            let place = verdict.and_then(|verdict| verdict.place.as_ref());
            FieldLine {
                title: line.title,
                kind: words::kind(line.kind),
                required: line.required,
                source,
                steps,
                codes: line.codes,
                state: verdict.map_or(State::Checked, |verdict| verdict.state),
                reasons: verdict.map(|verdict| words::reasons(verdict)).unwrap_or_default(),
                example: examples.get(&line.field).cloned(),
                written: line.written.map(|rule| (rule, place.map(|at| line_of(text, at.start)))),
                field: line.field,
            }
        });
        let rules = mapping.record_type().rules.iter().map(|rule| {
            let verdict = by_rule.get(&*rule.code);
            RuleLine {
                code: rule.code.to_string(),
                message: rule.message.clone(),
                refuses: rule.severity == Severity::Refuse,
                state: verdict.map(|verdict| verdict.state),
                reasons: verdict.map(|verdict| words::reasons(verdict)).unwrap_or_default(),
            }
        });
        let groups = of(Subject::Group).into_iter().map(|(name, verdict)| RuleLine {
            code: name.to_owned(),
            message: words::both("số dòng của danh sách", "the number of rows of the list"),
            refuses: true,
            state: Some(verdict.state),
            reasons: words::reasons(verdict),
        });
        Self {
            mapping: mapping.name().to_owned(),
            mapping_digest: mapping.digest().to_owned(),
            standard: (standard.name().to_owned(), standard.digest().to_owned()),
            record_type: mapping.record_type().title.clone(),
            fields: fields.collect(),
            rules: rules.chain(groups).collect(),
            codes: mapping.code_tables(),
            left_out: left_out(text),
        }
    }

    /// The sheet as a workbook (`.xlsx`).
    ///
    /// # Errors
    /// When the workbook can't be written.
    pub fn to_xlsx(&self) -> Result<Vec<u8>, SheetError> {
        Ok(workbook::write(self)?)
    }

    /// The sheet as a page (`.html`) that needs nothing else.
    ///
    /// # Errors
    /// When the page can't be written.
    pub fn to_html(&self) -> Result<String, SheetError> {
        Ok(page::write(self)?)
    }

    /// How many fields have a verdict.
    pub fn count(&self, state: State) -> usize {
        self.fields.iter().filter(|line| line.state == state).count()
    }
}

/// The first value of each field in an example; those of groups are told without their rows.
fn examples(trace: &Trace) -> BTreeMap<String, (String, String)> {
    let mut found = BTreeMap::new();
    for row in &trace.rows {
        let (Some(source), Some(national)) = (&row.source_value, &row.national_value) else {
            continue;
        };
        let mut field = String::new();
        let mut is_inside = false;
        for letter in row.field.chars() {
            match letter {
                '[' => is_inside = true,
                ']' => is_inside = false,
                _ if is_inside => {}
                letter => field.push(letter),
            }
        }
        found.entry(field).or_insert_with(|| (source.clone(), national.clone()));
    }
    found
}

/// The line of a byte, counted from 1.
fn line_of(text: &str, at: usize) -> usize {
    text.get(..at).unwrap_or_default().matches('\n').count() + 1
}

/// The source fields that the mapping's file leaves out on purpose.
fn left_out(text: &str) -> Vec<String> {
    let table: Option<toml::Table> = text.parse().ok();
    let list = table.as_ref().and_then(|table| table.get("unmapped")?.as_array());
    let names = list.into_iter().flatten().filter_map(toml::Value::as_str);
    names.map(str::to_owned).collect()
}

#[cfg(test)]
mod tests;
