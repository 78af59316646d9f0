//! `records/<name>.toml`: one record type.

use std::ops::Range;
use std::sync::Arc;

use lienthong_adapter_api::Section;
use lienthong_diagnostics::Problem;
use toml::Spanned;

use super::raw::{self, Named, in_order};
use super::{Parts, bounds, is_name, states, unknown};
use crate::encode::Key;
use crate::rules::{ExpressionError, Fields, Lowered, Rule, lower};
use crate::{Bound, Field, FieldType, Group, RecordType, States, Within};

/// Rows of a group in one record, where the standard says nothing.
const ROWS_MAX: u32 = 10_000;

/// How deep groups may lie in each other.
const LEVELS_MAX: usize = 4;

/// Reads one record type; none if it has problems that leave no record type to go on with.
pub(super) fn compile(
    path: &str,
    section: &Section,
    parts: Parts<'_>,
    problems: &mut Vec<Problem>,
) -> Option<RecordType> {
    let written = match section.read::<raw::Record>() {
        Ok(written) => written,
        Err(found) => {
            problems.extend(found);
            return None;
        }
    };
    let mut reading = Reading { section, parts, problems, within: Vec::new() };
    reading.name(path, &written.name);
    let fields = reading.fields(written.fields, None, written.name.span());
    let mut groups = Vec::new();
    reading.groups(written.groups, None, 1, &mut groups);
    for group in &groups {
        if group.parent.is_none() && fields.iter().any(|field| field.name == group.name) {
            let message = format!("`{}` is a field and a group", group.name);
            reading.problem(written.name.span(), "LT-4003", message);
        }
    }
    let key = reading.key(&written.key, &fields);
    let own_date = written.own_date.as_ref().and_then(|name| reading.own_date(name, &fields));
    let revision = written.revision.as_ref().and_then(|name| reading.revision(name, &fields));
    let mut rules = reading.rules(written.rules, &fields, &groups);
    rules.extend([Rule::visible(), Rule::in_force()]);
    let states = written.states.and_then(|states| {
        let Parts { files, states: tables, .. } = parts;
        states::of_record(section, files, states, tables, (&fields, &key), reading.problems)
    });
    let over_time = states.iter().flat_map(States::rules).map(|rule| &rule.code);
    let mut codes: Vec<_> = rules.iter().map(|rule| &rule.code).chain(over_time).collect();
    codes.sort_unstable();
    for twice in codes.iter().zip(codes.iter().skip(1)).filter(|(one, next)| one == next) {
        let message = format!("there are two rules `{}`", twice.0);
        reading.problem(written.name.span(), "LT-4003", message);
    }
    let within = reading.within;
    Some(RecordType {
        name: Arc::from(written.name.get_ref().as_str()),
        title: written.title,
        source: written.source,
        fields,
        groups,
        key,
        history: written.history,
        own_date,
        revision,
        within,
        rules,
        states,
    })
}

struct Reading<'a, 'p> {
    section: &'a Section,
    parts: Parts<'a>,
    problems: &'p mut Vec<Problem>,
    within: Vec<Within>,
}

impl Reading<'_, '_> {
    fn name(&mut self, path: &str, name: &Spanned<String>) {
        let is_file = path.strip_prefix("records/").and_then(|file| file.strip_suffix(".toml"))
            == Some(name.get_ref().as_str());
        if !is_file {
            let message = format!("the file of `{}` must bear its name", name.get_ref());
            self.problem(name.span(), "LT-4008", message);
        }
        if !is_name(name.get_ref(), '-') {
            let message = "a record type is named in lower case with hyphens".to_owned();
            self.problem(name.span(), "LT-4003", message);
        }
    }

    fn fields(
        &mut self,
        named: Named<raw::Field>,
        group: Option<usize>,
        owner: Range<usize>,
    ) -> Vec<Field> {
        let mut fields = Vec::with_capacity(named.len());
        let mut lies_in = Vec::new();
        for (name, mut written) in in_order(named) {
            self.check_name(&name);
            lies_in.push(std::mem::take(&mut written.lies_in));
            fields.push(self.field(&name, written));
        }
        for (field, names) in lies_in.iter().enumerate() {
            for name in names {
                if let Some(above) = self.above(name, field, &fields) {
                    self.within.push(Within { group, field, above });
                }
            }
        }
        if fields.is_empty() {
            self.problem(owner, "LT-4003", "there are no fields".to_owned());
        }
        fields
    }

    /// The field that `lies_in` names, if the lists can tell whether a code lies in another.
    fn above(&mut self, name: &Spanned<String>, field: usize, fields: &[Field]) -> Option<usize> {
        let above = self.place(name, fields)?;
        let kind = |at: usize| fields.get(at).map(|field| field.kind);
        let can = match (kind(field), kind(above)) {
            (Some(FieldType::Code(list)), Some(FieldType::Code(above))) => {
                self.parts.lists.can_lie_in(list, above)
            }
            _ => false,
        };
        if !can {
            let message = format!("nothing tells whether this code lies in `{}`", name.get_ref());
            self.problem(name.span(), "LT-4002", message);
        }
        can.then_some(above)
    }

    fn field(&mut self, name: &Spanned<String>, written: raw::Field) -> Field {
        let Reading { section, parts, problems, .. } = self;
        let register = bounds::register(section, &written, *parts, problems);
        let kind = bounds::field_type(section, &written, *parts, problems);
        let pattern = bounds::pattern(section, &written, *parts, problems);
        let max_chars = bounds::max_chars(section, &written, problems);
        let min = bounds::bound(section, kind, written.min.as_ref(), problems);
        let max = bounds::bound(section, kind, written.max.as_ref(), problems);
        let value = |bound: &Option<Bound>| bound.clone();
        if let (Some(low), Some(high)) = (value(&min), value(&max))
            && crate::order::compare(low.value(), high.value()) == Some(std::cmp::Ordering::Greater)
        {
            let message = "`min` is greater than `max`".to_owned();
            self.problem(name.span(), "LT-4002", message);
        }
        Field {
            name: Arc::from(name.get_ref().as_str()),
            title: written.title,
            kind,
            required: written.required,
            nullable: written.nullable,
            max_chars,
            pattern,
            min,
            max,
            personal: written.personal,
            register,
            note: written.note,
            json_key: Key::new(name.get_ref()),
        }
    }

    /// Lays groups out in one list, each before those in its rows.
    fn groups(
        &mut self,
        named: Named<raw::Group>,
        parent: Option<usize>,
        level: usize,
        groups: &mut Vec<Group>,
    ) {
        for (name, written) in in_order(named) {
            self.check_name(&name);
            if level > LEVELS_MAX {
                let message = format!("groups may lie {LEVELS_MAX} deep at most");
                self.problem(name.span(), "LT-4002", message);
                return;
            }
            // The place that the group gets below; groups in it come after it.
            let fields = self.fields(written.fields, Some(groups.len()), name.span());
            for inner in written.groups.keys() {
                if fields.iter().any(|field| *field.name == **inner.get_ref()) {
                    let message = format!("`{}` is a field and a group", inner.get_ref());
                    self.problem(inner.span(), "LT-4003", message);
                }
            }
            let above = parent.and_then(|parent| groups.get(parent));
            let path = match above {
                Some(above) => format!("{}.{}", above.path, name.get_ref()),
                None => name.get_ref().clone(),
            };
            groups.push(Group {
                name: Arc::from(name.get_ref().as_str()),
                path: Arc::from(path),
                title: written.title,
                fields,
                parent,
                single: written.single,
                required: written.required,
                rows_max: written.rows_max.unwrap_or(ROWS_MAX),
                json_key: Key::new(name.get_ref()),
            });
            let index = groups.len() - 1;
            self.groups(written.groups, Some(index), level + 1, groups);
        }
    }

    fn key(&mut self, key: &Spanned<Vec<Spanned<String>>>, fields: &[Field]) -> Vec<usize> {
        let mut places = Vec::new();
        for name in key.get_ref() {
            let Some(place) = self.place(name, fields) else { continue };
            if places.contains(&place) {
                let message = format!("`{}` is in the key twice", name.get_ref());
                self.problem(name.span(), "LT-4003", message);
            }
            places.push(place);
        }
        let is_required = |place: &usize| fields.get(*place).is_some_and(|field| field.required);
        if !places.iter().any(is_required) && places.len() == key.get_ref().len() {
            let message = "a key needs a field that every record has".to_owned();
            self.problem(key.span(), "LT-4002", message);
        }
        places
    }

    fn own_date(&mut self, name: &Spanned<String>, fields: &[Field]) -> Option<usize> {
        let place = self.place(name, fields)?;
        let field = fields.get(place)?;
        let has_date = match field.kind {
            FieldType::Date | FieldType::Timestamp => true,
            FieldType::Text => field.pattern.as_ref().is_some_and(|pattern| pattern.is_period()),
            _ => false,
        };
        if !has_date {
            let message = "the record's own date is a date, a timestamp or a period".to_owned();
            self.problem(name.span(), "LT-4002", message);
        }
        has_date.then_some(place)
    }

    fn revision(&mut self, name: &Spanned<String>, fields: &[Field]) -> Option<usize> {
        let place = self.place(name, fields)?;
        let is_integer = fields.get(place).is_some_and(|field| field.kind == FieldType::Integer);
        if !is_integer {
            let message = "a revision is an integer".to_owned();
            self.problem(name.span(), "LT-4002", message);
        }
        is_integer.then_some(place)
    }

    fn rules(&mut self, written: Vec<raw::Rule>, fields: &[Field], groups: &[Group]) -> Vec<Rule> {
        let mut rules: Vec<Rule> = Vec::with_capacity(written.len());
        for rule in written {
            if let Some(rule) = self.rule(rule, fields, groups) {
                rules.push(rule);
            }
        }
        rules
    }

    fn rule(&mut self, written: raw::Rule, fields: &[Field], groups: &[Group]) -> Option<Rule> {
        let group = match &written.group {
            None => None,
            Some(path) => {
                let place = groups.iter().position(|group| *group.path == **path.get_ref());
                if place.is_none() {
                    let known = groups.iter().map(|group| &*group.path);
                    let problem =
                        unknown(self.section, path.span(), "group", path.get_ref(), known);
                    self.problems.push(problem);
                    return None;
                }
                place
            }
        };
        let row = group.and_then(|place| groups.get(place));
        let Parts { patterns, sentinels, lists, .. } = self.parts;
        let scope = Fields { record: fields, groups, row, lists, patterns, sentinels };
        let when = match &written.when {
            None => None,
            Some(text) => Some(self.expression(text, scope)?.condition),
        };
        let holds = self.expression(&written.holds, scope)?;
        let shown = match &written.field {
            None => holds.field.unwrap_or_else(|| Arc::from("")),
            Some(name) => {
                let in_row = row.map_or(&[][..], |group| &group.fields);
                let mut known = in_row.iter().chain(fields).map(|field| &*field.name);
                if !known.any(|field| field == name.get_ref()) {
                    let known = in_row.iter().chain(fields).map(|field| &*field.name);
                    let problem =
                        unknown(self.section, name.span(), "field", name.get_ref(), known);
                    self.problems.push(problem);
                }
                Arc::from(name.get_ref().as_str())
            }
        };
        Some(Rule {
            code: Arc::from(written.code.get_ref().as_str()),
            message: written.message,
            severity: written.severity,
            source: written.source,
            group,
            holds_text: Arc::from(written.holds.get_ref().as_str()),
            field: shown,
            when,
            holds: holds.condition,
        })
    }

    fn expression(&mut self, text: &Spanned<String>, fields: Fields<'_>) -> Option<Lowered> {
        match lower(text.get_ref(), fields) {
            Ok(lowered) => Some(lowered),
            Err(error) => {
                let span = self.inside(text, &error);
                let problem = self.section.problem_at(
                    span,
                    "LT-4004",
                    error.message,
                    "in this condition",
                    error.hint,
                );
                self.problems.push(problem);
                None
            }
        }
    }

    /// The place of an error inside a quoted text; of the whole text where escapes shift it.
    fn inside(&self, text: &Spanned<String>, error: &ExpressionError) -> Range<usize> {
        let whole = text.span();
        let start = whole.start + 1;
        let written = self.section.text().get(start..start + text.get_ref().len());
        if written == Some(text.get_ref()) {
            return start + error.span.start..start + error.span.end;
        }
        whole
    }

    fn check_name(&mut self, name: &Spanned<String>) {
        if !is_name(name.get_ref(), '_') {
            let message =
                format!("`{}` is not a name: ASCII letters, digits, underscores", name.get_ref());
            self.problem(name.span(), "LT-4003", message);
        }
    }

    fn place(&mut self, name: &Spanned<String>, fields: &[Field]) -> Option<usize> {
        let place = fields.iter().position(|field| *field.name == **name.get_ref());
        if place.is_none() {
            let known = fields.iter().map(|field| &*field.name);
            let problem = unknown(self.section, name.span(), "field", name.get_ref(), known);
            self.problems.push(problem);
        }
        place
    }

    fn problem(&mut self, span: Range<usize>, code: &'static str, message: String) {
        self.problems.push(self.section.problem_at(span, code, message, "", None));
    }
}
