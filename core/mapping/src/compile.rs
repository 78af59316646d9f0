//! Compilation of a mapping's file: everything is checked, and all problems are told at once.

mod codes;
mod fields;
mod formats;
mod group;
mod keys;
mod marks;
mod scope;
mod source;
mod split;
mod steps;
mod target;
#[cfg(test)]
pub(crate) mod tests;

use std::fmt::Write as _;
use std::sync::Arc;

use lienthong_diagnostics::Problem;
use lienthong_shape::Shape;
use lienthong_standard::{FieldType, Files, RecordType, Standard};
use sha2::{Digest as _, Sha256};
use toml::de::DeTable;

use crate::convert::format::Zone;
use crate::mapping::{Input, Mapping, Review};
use crate::path::Path;
use crate::plan::{Plan, Reading};
use crate::prove;
use crate::slots::Slots;
use crate::trie::{Document, Split, Trie};

use keys::{Keys, Text, word};
use marks::Marks;

#[cfg(test)]
pub(crate) use steps::from_toml as step_from_toml;

/// What compiling gathers on its way.
pub(crate) struct Compiler<'s> {
    pub(crate) text: Text,
    pub(crate) files: &'s Files,
    pub(crate) standard: &'s Standard,
    /// The folder of the mapping with its slash, or nothing.
    pub(crate) folder: String,
    pub(crate) input: Input,
    pub(crate) zone: Zone,
    pub(crate) reading: Reading,
    pub(crate) problems: Vec<Problem>,
    pub(crate) warnings: Vec<Problem>,
    /// What the file itself says of fields and groups.
    pub(crate) marks: Marks,
    /// The code lists that were read, for the digest.
    pub(crate) lists: Vec<String>,
    /// The number of scopes so far.
    pub(crate) scopes: usize,
    /// The documents in texts so far.
    pub(crate) documents: Vec<Document>,
    /// The lists in texts so far.
    pub(crate) splits: Vec<Split>,
}

/// The head of a mapping's file.
struct Head {
    record_type: Arc<RecordType>,
    unmapped: Vec<Path>,
}

/// Checks a mapping over the shape beside it, if there is one, and compiles it if there is no
/// problem.
pub(crate) fn review(path: &str, files: &Files, standard: &Arc<Standard>) -> Review {
    let shape_file = format!("{path}.shape.toml");
    let Some(text) = files.get(&shape_file) else {
        return review_over(None, path, files, standard);
    };
    match Shape::parse(&files.shown(&shape_file), text) {
        Ok(shape) => review_over(Some(&shape), path, files, standard),
        // Without its shape the mapping could load that the shape refutes.
        Err(problems) => {
            let mut review = review_over(None, path, files, standard);
            review.mapping = None;
            review.problems.extend(problems);
            review
        }
    }
}

/// Checks a mapping over a shape.
pub(crate) fn review_over(
    shape: Option<&Shape>,
    path: &str,
    files: &Files,
    standard: &Arc<Standard>,
) -> Review {
    let file = format!("{path}.toml");
    let mut review = Review::default();
    let Some(text) = files.get(&file) else {
        let text = Text { file: files.shown(&file), text: Arc::from("") };
        let hint = format!("a mapping named `{path}` is the file `{file}`");
        let message = format!("there is no mapping `{path}`");
        review.problems.push(text.problem("LT-3001", 0..0, message, "not there", Some(hint)));
        return review;
    };
    let text = Text { file: files.shown(&file), text: Arc::clone(text) };
    let source = Arc::clone(&text.text);
    let (table, errors) = DeTable::parse_recoverable(&source);
    if !errors.is_empty() {
        review.problems.extend(errors.iter().map(|error| text.not_toml(error)));
        return review;
    }
    let folder = path.rsplit_once('/').map(|(folder, _)| format!("{folder}/")).unwrap_or_default();
    let mut compiler = Compiler {
        text,
        files,
        standard,
        folder,
        input: Input::Json,
        zone: Zone::HoChiMinh,
        reading: Reading::AsWritten,
        problems: Vec::new(),
        warnings: Vec::new(),
        marks: Marks::default(),
        lists: Vec::new(),
        scopes: 1,
        documents: Vec::new(),
        splits: Vec::new(),
    };
    let whole = table.span();
    let mut keys = Keys::new(table.get_ref(), whole, "a mapping");
    let loaded = compiler.head(&mut keys, path).map(|head| {
        let plan = compiler.plan(&mut keys, &head.record_type);
        (head, plan)
    });
    // Without a record type they were not read, which is no fault of theirs.
    keys.know(&["fields", "groups"]);
    compiler.finish(&keys);
    let mut verdicts = Vec::new();
    if let Some((head, plan)) = &loaded {
        let record_type = &head.record_type;
        let input = compiler.input;
        verdicts = prove::verdicts(&prove::Case { input, standard, record_type, plan, shape });
        compiler.apply_marks(&mut verdicts);
    }
    let Compiler { mut problems, warnings, lists, .. } = compiler;
    if let Some((head, plan)) = &loaded {
        problems.extend(faults_of_lists(plan, &head.record_type, standard));
    }
    problems.sort_by(|one, two| (&one.file, one.span.start).cmp(&(&two.file, two.span.start)));
    if let (Some((head, plan)), true) = (loaded, problems.is_empty()) {
        let own = own_files(file, lists);
        let digest = digest(&own, files);
        let mapping = Mapping {
            name: Arc::from(path),
            digest: Arc::from(digest),
            files: Arc::from(own),
            input: compiler.input,
            standard: Arc::clone(standard),
            record_type: head.record_type,
            plan,
            unmapped: head.unmapped,
        };
        review.unread = shape.map(|shape| mapping.unread_of(shape)).unwrap_or_default();
        review.mapping = Some(mapping);
    }
    Review { problems, warnings, verdicts, ..review }
}

/// The faults of the standard's large code lists that a mapping needs: nothing has read them before.
fn faults_of_lists(plan: &Plan, record_type: &RecordType, standard: &Standard) -> Vec<Problem> {
    let fields = record_type.fields.iter().zip(&plan.record);
    let groups = record_type.groups.iter().zip(&plan.groups);
    let of_groups = groups.filter_map(|(group, plan)| Some((group, plan.as_ref()?)));
    let of_groups = of_groups.flat_map(|(group, plan)| group.fields.iter().zip(&plan.rules));
    let mapped = fields.chain(of_groups).filter(|(_, rule)| rule.is_some());
    let mut lists: Vec<_> = mapped
        .filter_map(|(field, _)| match field.kind {
            FieldType::Code(list) if standard.is_large(list) => Some(list),
            _ => None,
        })
        .collect();
    lists.sort();
    lists.dedup();
    lists.iter().flat_map(|list| standard.faults_of(*list)).cloned().collect()
}

/// The mapping's file, then its code lists in order.
fn own_files(file: String, mut lists: Vec<String>) -> Vec<String> {
    lists.sort();
    lists.dedup();
    lists.insert(0, file);
    lists
}

/// SHA-256 over the names and texts of the mapping's own files, each with its length before it.
fn digest(own: &[String], files: &Files) -> String {
    let mut hash = Sha256::new();
    for name in own {
        let text = files.get(name).map_or("", |text| &**text);
        for part in [name, text] {
            hash.update(part.len().to_le_bytes());
            hash.update(part);
        }
    }
    hash.finalize().iter().fold(String::with_capacity(64), |mut hex, byte| {
        // Writing to a string can't fail.
        write!(hex, "{byte:02x}").unwrap_or_default();
        hex
    })
}

impl Compiler<'_> {
    /// Reads what stands before the fields. Without a record type nothing else can be checked.
    fn head(&mut self, keys: &mut Keys<'_, '_>, path: &str) -> Option<Head> {
        let name = keys.required("mapping", self).and_then(|value| self.word(value));
        if let Some((name, span)) = name.filter(|(name, _)| name != path) {
            let hint = Some(format!("write `mapping = \"{path}\"`, or move the file"));
            let message = format!("the mapping in this file is called `{name}`, not `{path}`");
            self.problem("LT-3003", span, message, "another name", hint);
        }
        let name = keys.required("standard", self).and_then(|value| self.word(value));
        if let Some((name, span)) = name.filter(|(name, _)| name != self.standard.name()) {
            let hint = Some(format!("the standard here is `{}`", self.standard.name()));
            let message = format!("there is no standard `{name}`");
            self.problem("LT-3004", span, message, "unknown standard", hint);
        }
        self.input(keys);
        self.settings(keys);
        let unmapped = self.unmapped(keys);
        let (name, span) = keys.required("record_type", self).and_then(|v| self.word(v))?;
        let Some(record_type) = self.standard.record_type(&name) else {
            let known = self.standard.record_types().map(|known| &*known.name);
            let hint = word::nearest_or_all(&name, known);
            let message = format!("the standard has no record type `{name}`");
            self.problem("LT-3004", span, message, "unknown record type", Some(hint));
            return None;
        };
        Some(Head { record_type: Arc::clone(record_type), unmapped })
    }

    fn input(&mut self, keys: &mut Keys<'_, '_>) {
        let Some(value) = keys.required("input", self) else { return };
        let Some(mut inner) = self.table(value, "`input`") else { return };
        if let Some((name, span)) = inner.required("format", self).and_then(|v| self.word(v)) {
            let known = [Input::Json, Input::Xml, Input::Row];
            if let Some(input) = known.into_iter().find(|input| input.name() == name) {
                self.input = input;
            } else {
                let hint = match name.as_str() {
                    "csv" | "xls" | "xlsx" | "table" => "a table's rows are `row`".to_owned(),
                    _ => word::nearest_or_all(&name, known.iter().map(|input| input.name())),
                };
                let message = format!("`{name}` is not the format of an item");
                self.problem("LT-3003", span, message, "unknown format", Some(hint));
            }
        }
        self.finish(&inner);
    }

    /// Reads what holds for all fields unless they say otherwise.
    fn settings(&mut self, keys: &mut Keys<'_, '_>) {
        if let Some((name, span)) = keys.get("timezone").and_then(|v| self.word(v)) {
            match name.as_str() {
                "Asia/Ho_Chi_Minh" => self.zone = Zone::HoChiMinh,
                "UTC" => self.zone = Zone::Utc,
                _ => {
                    let hint = "`Asia/Ho_Chi_Minh` or `UTC`".to_owned();
                    let message = format!("`{name}` is not a time zone that is known here");
                    self.problem("LT-3003", span, message, "unknown zone", Some(hint));
                }
            }
        }
        if let Some(value) = keys.get("text") {
            self.reading = self.reading(value).unwrap_or(self.reading);
        }
    }

    fn unmapped(&mut self, keys: &mut Keys<'_, '_>) -> Vec<Path> {
        let Some(value) = keys.get("unmapped") else { return Vec::new() };
        let paths = self.texts(value, "`unmapped`");
        let paths = paths.into_iter();
        paths.filter_map(|(path, span)| self.path(&path, span)).collect()
    }

    fn plan(&mut self, keys: &mut Keys<'_, '_>, record_type: &RecordType) -> Plan {
        let mut root = scope::Scope::default();
        let fields = keys.get("fields").and_then(|value| self.table(value, "`fields`"));
        let whole = keys.span();
        let record =
            self.fields(fields.as_ref(), &record_type.fields, "", whole.clone(), &mut root);
        let mut groups = vec![None; record_type.groups.len()];
        let written = keys.get("groups").and_then(|value| self.table(value, "`groups`"));
        let inside = group::Inside { record_type, parent: None, scope: 0, span: whole };
        self.groups(written.as_ref(), &inside, &mut root, &mut groups);
        let (mut lists, width) = (0, root.width);
        let mut root = self.close(root, 0);
        root.finish(&mut lists);
        let mut documents = std::mem::take(&mut self.documents);
        for document in &mut documents {
            document.root.finish(&mut lists);
        }
        let mut splits = std::mem::take(&mut self.splits);
        splits.sort_by_key(|split| split.scope);
        let trie = Trie { root, width, lists, scopes: self.scopes, documents, splits };
        if trie.width > Slots::WIDTH_MAX {
            let message = "the mapping reads too many source fields".to_owned();
            self.problem("LT-3003", 0..0, message, "too many", None);
        }
        Plan { trie, record, groups }
    }
}
