//! A record as a person wants to see it: source beside national value, with the rule between them.
//!
//! A trace decodes and evaluates with the very code that [`Mapping::apply`] runs, so the two can't
//! disagree. Its values are those of the source, personal ones included, for the eyes of the person
//! who asked; whether a row is personal is said beside it.

use lienthong_standard::{Candidate, Personal, Rows, Submission, Value};
use lienthong_text::reread_detected;

use crate::apply::text_of;
use crate::decode;
use crate::draft::{At, Drafts};
use crate::functions::Outcome;
use crate::plan::{Reading, RowsOf, Rule, Source};
use crate::rejection::{Reason, Rejection};
use crate::slots::{Row, Slot, Slots};
use crate::{Mapping, Workspace};

/// What became of one item, field by field; made by [`Mapping::trace`].
#[derive(Clone, Debug)]
pub struct Trace {
    /// One row for each rule and, in groups, for each row of the record.
    pub rows: Vec<TraceRow>,
    /// The canonical JSON record, or why there is none.
    pub outcome: Result<String, Rejection>,
    /// What is doubtful about the record, where there is one.
    pub warnings: Vec<Warning>,
}

/// A rule of the standard that an accepted record breaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// The rule's code: `fax-is-not-phone`.
    pub rule: String,
    /// The same in words, with its field.
    pub reason: Reason,
}

/// One national value and where it came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TraceRow {
    /// The national field, with group and row: `DanhSachLePhi[2].Gia`.
    pub field: String,
    /// The paths it is read from; none for a constant or a comparison.
    pub source_path: Option<String>,
    /// What stands there, several values joined by ` | `; none where nothing does.
    pub source_value: Option<String>,
    /// The encoding that its text was found to be in, with the confidence, where the mapping asks
    /// for that: `vni 0.99`.
    pub detected: Option<String>,
    /// The rule, as the mapping writes it.
    pub rule: String,
    /// The line of the code list that translated it, with its place: `codes/status.csv:4 DXL → 4`.
    pub code_line: Option<String>,
    /// The national value; none where there is none.
    pub national_value: Option<String>,
    /// What kind of personal data it is.
    pub personal: Option<Personal>,
    /// What is wrong with it.
    pub faults: Vec<Reason>,
}

impl Mapping {
    /// Maps one item and shows every value on its way, faults beside the fields they belong to.
    pub fn trace(&self, item: &[u8]) -> Trace {
        let mut work = Workspace::new();
        let unescaped = decode::Unescaped::default();
        let mut slots = Slots::default().recycle(self.plan.trie.scopes);
        let mut drafts = Drafts::default();
        let trie = &self.plan.trie;
        if let Err(fault) = decode::decode(self.input, trie, item, &unescaped, &mut slots) {
            return self.trace_fault(fault, &mut slots, &mut drafts);
        }
        self.draft(&mut slots, &mut drafts, &mut work.spare);
        let mut json = Vec::new();
        let mut sink = |submission: &Submission<'_>| submission.write_json(&mut json);
        let values = drafts.values.complete(&slots.scratch);
        let texts = (item, &*slots.scratch);
        let accepted = self.accept(texts, &drafts, &values, &mut work, &mut sink);
        let outcome = accepted.map(|()| String::from_utf8_lossy(&json).into_owned());
        let mut rows = self.trace_rows(&slots, &drafts, &values);
        if let Err(rejection) = &outcome {
            for reason in &rejection.reasons {
                let field = reason.field.as_deref();
                if let Some(row) = rows.iter_mut().find(|row| Some(&*row.field) == field) {
                    row.faults.push(reason.clone());
                }
            }
        }
        let warnings = match &outcome {
            Ok(_) => self.warnings(&drafts, &values, &work),
            Err(_) => Vec::new(),
        };
        Trace { rows, outcome, warnings }
    }

    /// The rules that an accepted record broke, in words.
    fn warnings(
        &self,
        drafts: &Drafts<'_>,
        values: &[Value<'_>],
        work: &Workspace,
    ) -> Vec<Warning> {
        let rows = drafts.groups.iter().map(|(within, parents)| Rows {
            values: values.get(within.clone()).unwrap_or_default(),
            parents: drafts.parents.get(parents.clone()).unwrap_or_default(),
        });
        let rows: Vec<Rows<'_>> = rows.collect();
        let own = values.get(..self.record_type.fields.len()).unwrap_or_default();
        let candidate = Candidate { values: own, groups: &rows };
        let warnings = work.breaches().iter().filter_map(|breach| {
            let rule = self.record_type.rules.get(breach.rule)?.code.to_string();
            let fault = self.record_type.in_words(&self.standard, *breach, candidate)?;
            let path = self.path_of(&fault.field);
            Some(Warning { rule, reason: Reason::of_standard(fault, path) })
        });
        warnings.collect()
    }

    /// An item that can't be read has no rows, unless only a part of it can't: then they show what
    /// stands beside that part.
    fn trace_fault<'a>(
        &'a self,
        fault: decode::Fault,
        slots: &mut Slots<'a>,
        drafts: &mut Drafts<'a>,
    ) -> Trace {
        let (mut rows, mut key) = (Vec::new(), None);
        if fault.is_behind_the_item() {
            key = self.key_beside(&fault, slots, drafts, &mut String::new());
            drafts.clear();
            self.draft(slots, drafts, &mut String::new());
            let values = drafts.values.complete(&slots.scratch);
            rows = self.trace_rows(slots, drafts, &values);
        }
        let outcome = Err(Rejection { reasons: vec![fault.reason()], key });
        Trace { rows, outcome, warnings: Vec::new() }
    }

    fn trace_rows(
        &self,
        slots: &Slots<'_>,
        drafts: &Drafts<'_>,
        values: &[Value<'_>],
    ) -> Vec<TraceRow> {
        let mut rows = Vec::new();
        let record = (self.plan.record.as_slice(), Row::default());
        self.trace_row(record, None, 0, (slots, values), &mut rows);
        for (index, group) in self.plan.groups.iter().enumerate() {
            let (Some(plan), Some((within, parents))) = (group, drafts.groups.get(index)) else {
                continue;
            };
            let width = plan.rules.len().max(1);
            let (RowsOf::Scope(scope) | RowsOf::Around(scope)) = plan.rows;
            let parents = drafts.parents.get(parents.clone()).unwrap_or_default();
            for nth in 0..within.len() / width {
                // Rows made of the fields around them may have been left out, so such a row is
                // known by the row around it.
                let at = match (plan.rows, parents.get(nth)) {
                    (RowsOf::Around(_), Some(around)) => *around as usize,
                    _ => nth,
                };
                let Some(row) = slots.rows(scope).get(at) else { continue };
                let values = values.get(within.start + nth * width..).unwrap_or_default();
                let rules = (plan.rules.as_slice(), *row);
                self.trace_row(rules, Some(index), nth, (slots, values), &mut rows);
            }
        }
        rows
    }

    fn trace_row(
        &self,
        (rules, row): (&[Option<Rule>], Row),
        group: Option<usize>,
        nth: usize,
        (slots, values): (&Slots<'_>, &[Value<'_>]),
        rows: &mut Vec<TraceRow>,
    ) {
        for (field, rule) in rules.iter().enumerate() {
            let Some(rule) = rule else { continue };
            let at = At { group, row: u32::try_from(nth).unwrap_or(u32::MAX), field };
            let national = values.get(field).copied().and_then(text_of);
            let source = source_value(rule, row, slots);
            rows.push(TraceRow {
                field: self.name_at(at),
                source_path: self.shown_paths(group, rule),
                detected: detected(rule, source.as_deref()),
                code_line: source.as_deref().and_then(|source| code_line(rule, source)),
                source_value: source,
                rule: rule.written.to_string(),
                national_value: national,
                personal: self.field_at(at).and_then(|field| field.personal),
                faults: Vec::new(),
            });
        }
    }
}

/// What the text of a rule that asks for it was found to be.
fn detected(rule: &Rule, source: Option<&str>) -> Option<String> {
    let text = source.filter(|_| rule.text == Reading::Detected)?;
    let (_, detection) = reread_detected(text).ok()?;
    detection.best.map(|best| best.to_string())
}

/// The line of the code list that translates a source value, after the rule's functions.
fn code_line(rule: &Rule, source: &str) -> Option<String> {
    let codes = rule.codes.as_ref()?;
    // Of several paths the first that is there is taken.
    let mut text = match &rule.source {
        Source::FirstOf(_) => source.split(" | ").next().unwrap_or_default().to_owned(),
        _ => source.to_owned(),
    };
    for step in &rule.steps {
        let mut written = String::new();
        text = match step.apply(&text, &mut written) {
            Outcome::Kept(range) => text.get(range).unwrap_or_default().to_owned(),
            Outcome::Written => written,
            Outcome::Failed(_) => return None,
        };
    }
    let pair = codes.pair(&text, &mut String::new())?;
    let (name, source, national) = (&codes.name, &pair.source, &pair.national);
    Some(match pair.line {
        Some(line) => format!("{name}.csv:{line} {source} → {national}"),
        None => format!("{name} {source} → {national}"),
    })
}

/// What stands at the paths of a rule.
fn source_value(rule: &Rule, row: Row, slots: &Slots<'_>) -> Option<String> {
    let paths: &[u32] = match &rule.source {
        Source::Slot(slot) => std::slice::from_ref(slot),
        Source::FirstOf(paths) | Source::Join { slots: paths, .. } => paths,
        Source::Value(_) | Source::Later { .. } => &[],
    };
    let shown: Vec<String> = paths
        .iter()
        .filter_map(|slot| match slots.get(row, *slot) {
            Slot::Missing => None,
            Slot::Null => Some("null".to_owned()),
            Slot::Text(text) | Slot::Number(text) => Some(text.to_owned()),
            Slot::Scratch(span) => Some(span.of(&slots.scratch).to_owned()),
            Slot::True => Some("true".to_owned()),
            Slot::False => Some("false".to_owned()),
            Slot::Unfit(_) => Some("…".to_owned()),
        })
        .collect();
    (!shown.is_empty()).then(|| shown.join(" | "))
}
