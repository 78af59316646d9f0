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
    /// below such a place is personal as well.
    pub fn personal_paths(&self) -> Vec<Vec<String>> {
        self.paths_of(|field, _| field.personal.is_some())
    }

    /// The places of an item whose values a code list translates, in the same form.
    pub fn code_paths(&self) -> Vec<Vec<String>> {
        self.paths_of(|field, rule| field.personal.is_none() && rule.codes.is_some())
    }

    /// The places that the wanted rules read.
    fn paths_of(&self, is_wanted: impl Fn(&Field, &Rule) -> bool) -> Vec<Vec<String>> {
        let mut found = BTreeSet::new();
        let record = (self.record_type.fields.as_slice(), self.plan.record.as_slice());
        self.add_paths(record, &[], &is_wanted, &mut found);
        for (index, group) in self.record_type.groups.iter().enumerate() {
            if let Some(Some(plan)) = self.plan.groups.get(index) {
                let rows = (group.fields.as_slice(), plan.rules.as_slice());
                self.add_paths(rows, &self.names_of_rows(index), &is_wanted, &mut found);
            }
        }
        found.into_iter().collect()
    }

    fn add_paths(
        &self,
        (fields, rules): (&[Field], &[Option<Rule>]),
        around: &[String],
        is_wanted: impl Fn(&Field, &Rule) -> bool,
        found: &mut BTreeSet<Vec<String>>,
    ) {
        let rules =
            fields.iter().zip(rules).filter_map(|(field, rule)| Some((field, rule.as_ref()?)));
        let rules = rules.filter(|(field, rule)| is_wanted(field, rule));
        for path in rules.flat_map(|(_, rule)| &rule.paths) {
            // It was read once already, when the mapping was compiled.
            if let Ok(path) = Path::parse(path, self.input) {
                found.insert(around.iter().cloned().chain(names(&path)).collect());
            }
        }
    }

    /// The names on the way from the item to the rows of a group.
    fn names_of_rows(&self, group: usize) -> Vec<String> {
        let parent = self.record_type.groups.get(group).and_then(|group| group.parent);
        let mut way = parent.map(|parent| self.names_of_rows(parent)).unwrap_or_default();
        let plan = self.plan.groups.get(group).and_then(Option::as_ref);
        way.extend(plan.and_then(|plan| plan.each.as_ref()).into_iter().flat_map(names));
        way
    }
}

/// The names of a path's members.
fn names(path: &Path) -> impl Iterator<Item = String> {
    path.steps.iter().filter_map(|step| match step {
        Step::Name(name) => Some(name.to_string()),
        Step::Attribute(name) => Some(format!("@{name}")),
        Step::OwnText => Some("text()".to_owned()),
        Step::Index(_) | Step::Where { .. } => None,
    })
}
