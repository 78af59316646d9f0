//! Source paths that lead to data of persons, so that nobody keeps what stands there, and to codes.

use std::collections::BTreeSet;

use lienthong_standard::Field;

use crate::Mapping;
use crate::path::{Path, Step};
use crate::plan::Rule;

impl Mapping {
    /// The places of an item that rules of personal fields read, sorted, each as the names of the
    /// members from the item down: `["applicant", "data", "ownerFullname"]`. Elements of lists have
    /// no name of their own; an attribute is `@name` and an element's own text `text()`. What lies
    /// below such a place is personal as well. A text that is a document counts as personal whole.
    pub fn personal_paths(&self) -> Vec<Vec<String>> {
        self.paths_of(|field, _, way| field.personal.is_some() || way.is_in_document)
    }

    /// The places of an item whose values a code list translates, in the same form.
    pub fn code_paths(&self) -> Vec<Vec<String>> {
        self.paths_of(|field, rule, way| {
            let is_whole_text = !way.is_in_document && !way.is_of_parts;
            is_whole_text && field.personal.is_none() && rule.codes.is_some()
        })
    }

    /// The wanted places that rules read.
    fn paths_of(&self, is_wanted: impl Fn(&Field, &Rule, &Way) -> bool) -> Vec<Vec<String>> {
        let mut found = BTreeSet::new();
        let record = (self.record_type.fields.as_slice(), self.plan.record.as_slice());
        self.add_paths(record, &Way::default(), &is_wanted, &mut found);
        for (index, group) in self.record_type.groups.iter().enumerate() {
            if let Some(Some(plan)) = self.plan.groups.get(index) {
                let rows = (group.fields.as_slice(), plan.rules.as_slice());
                self.add_paths(rows, &self.way_to_rows(index), &is_wanted, &mut found);
            }
        }
        found.into_iter().collect()
    }

    fn add_paths(
        &self,
        (fields, rules): (&[Field], &[Option<Rule>]),
        around: &Way,
        is_wanted: impl Fn(&Field, &Rule, &Way) -> bool,
        found: &mut BTreeSet<Vec<String>>,
    ) {
        let rules = fields.iter().zip(rules);
        for (field, rule) in rules.filter_map(|(field, rule)| Some((field, rule.as_ref()?))) {
            for path in &rule.paths {
                let mut way = around.clone();
                // It was read once already, when the mapping was compiled; in a document, where the
                // way ends, perhaps as one of another format.
                if let Ok(path) = Path::parse(path, self.input) {
                    way.follow(&path);
                }
                if is_wanted(field, rule, &way) {
                    found.insert(way.names);
                }
            }
        }
    }

    /// The way from the item to the rows of a group.
    fn way_to_rows(&self, group: usize) -> Way {
        let parent = self.record_type.groups.get(group).and_then(|group| group.parent);
        let mut way = parent.map(|parent| self.way_to_rows(parent)).unwrap_or_default();
        if let Some(plan) = self.plan.groups.get(group).and_then(Option::as_ref) {
            way.is_of_parts |= plan.by.is_some();
            if let Some(each) = &plan.each {
                way.follow(each);
            }
        }
        way
    }
}

/// The names on the way to something, up to a document that it lies in.
#[derive(Clone, Default)]
struct Way {
    names: Vec<String>,
    is_in_document: bool,
    /// Whether it is a part of a text.
    is_of_parts: bool,
}

impl Way {
    fn follow(&mut self, path: &Path) {
        for step in &path.steps {
            if self.is_in_document {
                return;
            }
            match step {
                Step::Name(name) => self.names.push(name.to_string()),
                Step::Attribute(name) => self.names.push(format!("@{name}")),
                Step::OwnText => self.names.push("text()".to_owned()),
                Step::Index(_) | Step::Where { .. } => {}
                Step::Document(_) => self.is_in_document = true,
            }
        }
    }
}
