//! Groups: lists of sub-records, and single sub-records made from the fields around them.

use lienthong_standard::{Group, RecordType};

use super::Compiler;
use super::keys::{Keys, Span, Value, word};
use super::scope::Scope;
use crate::mapping::Input;
use crate::plan::{GroupPlan, RowsOf};
use crate::trie::Use;

/// Where groups lie: in the record, or in a group.
pub(super) struct Inside<'r> {
    pub(super) record_type: &'r RecordType,
    /// The group around them, by its place in the record type.
    pub(super) parent: Option<usize>,
    /// The scope whose rows they lie in.
    pub(super) scope: usize,
    /// The table around them.
    pub(super) span: Span,
}

impl Compiler<'_> {
    /// Compiles the groups of one table; required ones that are not there are problems.
    pub(super) fn groups(
        &mut self,
        keys: Option<&Keys<'_, '_>>,
        inside: &Inside<'_>,
        scope: &mut Scope,
        plans: &mut Vec<Option<GroupPlan>>,
    ) {
        let groups = &inside.record_type.groups;
        let of_parent =
            || groups.iter().enumerate().filter(|(_, group)| group.parent == inside.parent);
        let mut written = Vec::new();
        for (name, span, value) in keys.into_iter().flat_map(Keys::entries) {
            let Some((index, _)) = of_parent().find(|(_, group)| *group.name == *name) else {
                let hint = word::nearest_or_all(&name, of_parent().map(|(_, group)| &*group.name));
                let message = format!("the standard has no group `{name}` here");
                self.problem("LT-3004", span, message, "unknown group", Some(hint));
                continue;
            };
            written.push(index);
            let before = self.problems.len();
            let plan = self.group(index, value, inside, scope, plans);
            let path = groups.get(index).map_or("", |group| &*group.path);
            // What is wrong with a field is told at the field.
            let of_group = if plan.is_none() { self.problems.get(before..) } else { None };
            self.marks.group(path, Some(value.span()), of_group.unwrap_or_default());
            if let Some(place) = plans.get_mut(index) {
                *place = plan;
            }
        }
        let missing = |(index, group): &(usize, &Group)| group.required && !written.contains(index);
        for (_, group) in of_parent().filter(missing) {
            let before = self.problems.len();
            let message = format!("the required group `{}` is not mapped", group.path);
            let hint = Some(format!("add `[groups.{}]`", group.name));
            let span = inside.span.clone();
            self.problem("LT-3008", span, &message, "a group is missing", hint);
            let new = self.problems.get(before..).unwrap_or_default();
            self.marks.group(&group.path, None, new);
        }
    }

    fn group(
        &mut self,
        index: usize,
        value: Value<'_, '_>,
        around: &Inside<'_>,
        scope: &mut Scope,
        plans: &mut Vec<Option<GroupPlan>>,
    ) -> Option<GroupPlan> {
        let group = around.record_type.groups.get(index)?;
        let mut keys = self.table(value, &format!("group `{}`", group.path))?;
        let each = keys.get("each").map(|value| self.each(value, scope));
        let is_split = keys.has("split");
        let columns = self.split(&mut keys, scope);
        let fields = keys.get("fields").and_then(|value| self.table(value, "`fields`"));
        let nested = keys.get("groups").and_then(|value| self.table(value, "`groups`"));
        let prefix = format!("{}.", group.path);
        let mut inside = Inside {
            record_type: around.record_type,
            parent: Some(index),
            scope: around.scope,
            span: value.span(),
        };
        let span = value.span();
        self.finish(&keys);
        if each.is_some() || is_split {
            let id = self.scopes;
            self.scopes += 1;
            inside.scope = id;
            // A list that can't be read is told already; its rows are checked all the same.
            let list = each.flatten();
            let path = list.as_ref().map(|(path, _)| path);
            let mut inner = scope.of_rows(path, columns.as_ref());
            // Rows that lie in a document have paths of its kind.
            let format = path.map_or(self.input, |path| path.format(self.input));
            let around_rows = std::mem::replace(&mut self.input, format);
            let rules = self.fields(fields.as_ref(), &group.fields, &prefix, span, &mut inner);
            self.groups(nested.as_ref(), &inside, &mut inner, plans);
            self.input = around_rows;
            let width = inner.width;
            let root = self.close(inner, id);
            if let Some(columns) = columns {
                let (by, each) = (Some(columns.by()), None);
                self.splits.push(columns.into_split(id, around.scope));
                return Some(GroupPlan { rows: RowsOf::Scope(id), each, by, rules });
            }
            let (path, text) = list?;
            let each = Use::Each { scope: id, width, root };
            self.want_each(scope, &path, text, each);
            return Some(GroupPlan { rows: RowsOf::Scope(id), each: Some(path), by: None, rules });
        }
        if nested.as_ref().is_some_and(|keys| !keys.entries().is_empty()) {
            let message = "a group without `each` can't hold groups";
            let hint = Some("give it `each`, `\".\"` for the item itself".to_owned());
            self.problem("LT-3009", keys.span(), message, "groups in here", hint);
        } else {
            self.groups(nested.as_ref(), &inside, scope, plans);
        }
        let rules = self.fields(fields.as_ref(), &group.fields, &prefix, span, scope);
        Some(GroupPlan { rows: RowsOf::Around(around.scope), each: None, by: None, rules })
    }

    /// The list that makes the rows of a group, and its place in the mapping's file.
    fn each(&mut self, value: Value<'_, '_>, scope: &Scope) -> Option<(crate::path::Path, Span)> {
        let (text, span) = self.word(value)?;
        if scope.is_of_parts() {
            let message = "a part of a text holds no list";
            let hint = Some("a list in a part, with another mark, is a `split`".to_owned());
            self.problem("LT-3009", span, message, "no list here", hint);
            return None;
        }
        let path = self.path(&text, span.clone())?;
        if self.input == Input::Row && path.crossing().is_none() {
            let message = "a row of a table has no lists";
            let hint = "leave `each` out: the group is one row, or none; a list in one text is \
                        a `split`";
            self.problem("LT-3009", span, message, "no list here", Some(hint.to_owned()));
            return None;
        }
        if let Some(crate::path::Step::Attribute(_) | crate::path::Step::OwnText) =
            path.steps.last()
        {
            let message = format!("`{text}` is a single text, not a list");
            self.problem("LT-3005", span, message, "not a list", None);
            return None;
        }
        Some((path, span))
    }
}
