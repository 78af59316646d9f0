//! The one constructor of a submission: every check of a record, all faults at once.

mod words;

use crate::breach::{Breach, Row};
use crate::record_type::Group;
use crate::rules::{Condition, Rule, Scope, Severity, Verdict};
use crate::shape::Shape;
use crate::text::{Flaw, flaw};
use crate::{
    AgencyCode, Candidate, Code, CodeList, CodeListId, Date, Field, FieldFault, FieldType,
    IdentifierKind, Lookup, RecordType, Rows, Standard, Submission, Value, Within, decimal, order,
};

/// A record with thousands of bad rows is answered with this many faults.
const FAULTS_MAX: usize = 100;

impl RecordType {
    /// Checks types, required fields, lengths, patterns, ranges, the codes in force on the record's
    /// own date, and the rules across fields. Appends what is wrong to `faults` and what is
    /// doubtful to `warnings`, up to 100 each; answers a submission if nothing is wrong. Nothing
    /// is allocated for a record without faults.
    ///
    /// # Panics
    /// If the candidate is not as wide as the record type: its maker is wrong, not its data.
    pub fn accept<'a>(
        &'a self,
        standard: &Standard,
        candidate: Candidate<'a>,
        faults: &mut Vec<FieldFault>,
        breaches: &mut Vec<Breach>,
    ) -> Option<Submission<'a>> {
        assert_eq!(candidate.values.len(), self.fields.len(), "one value for each field");
        assert_eq!(candidate.groups.len(), self.groups.len(), "rows for each group");
        let before = faults.len();
        let mut check = Check {
            record_type: self,
            standard,
            candidate,
            faults_end: before + FAULTS_MAX,
            breaches_end: breaches.len() + FAULTS_MAX,
            faults,
            breaches,
        };
        check.fields(&self.fields, candidate.values, Row::Record);
        for (index, (group, rows)) in self.groups.iter().zip(candidate.groups).enumerate() {
            check.group(index, group, *rows);
        }
        if !self.within.is_empty() {
            check.within();
        }
        check.rules();
        (faults.len() == before).then(|| Submission::new(self, candidate))
    }
}

impl RecordType {
    /// Checks one value of a field for itself, as [`RecordType::accept`] does in a record whose own
    /// date is `own_date` (the value of the field that it is read from). Rules across fields are not
    /// looked at.
    pub fn faults_of(
        &self,
        standard: &Standard,
        field: &Field,
        value: Value<'_>,
        own_date: Value<'_>,
    ) -> Vec<FieldFault> {
        let mut values = vec![Value::Missing; self.fields.len()];
        if let Some(place) = self.own_date.and_then(|index| values.get_mut(index)) {
            *place = own_date;
        }
        let (mut faults, mut breaches) = (Vec::new(), Vec::new());
        let mut check = Check {
            record_type: self,
            standard,
            candidate: Candidate { values: &values, groups: &[] },
            faults_end: FAULTS_MAX,
            breaches_end: FAULTS_MAX,
            faults: &mut faults,
            breaches: &mut breaches,
        };
        check.field(field, value, Row::Record);
        faults
    }
}

struct Check<'a, 'f> {
    record_type: &'a RecordType,
    standard: &'a Standard,
    candidate: Candidate<'a>,
    faults: &'f mut Vec<FieldFault>,
    breaches: &'f mut Vec<Breach>,
    faults_end: usize,
    breaches_end: usize,
}

impl Check<'_, '_> {
    fn fields(&mut self, fields: &[Field], values: &[Value<'_>], row: Row) {
        for (field, value) in fields.iter().zip(values) {
            self.field(field, *value, row);
        }
    }

    fn field(&mut self, field: &Field, value: Value<'_>, row: Row) {
        match (field.kind, value) {
            (_, Value::Missing) => {
                if field.required {
                    self.fault(field, row, words::missing(field));
                }
            }
            (_, Value::Null) => {
                if !field.nullable {
                    self.fault(field, row, words::null(field));
                }
            }
            (FieldType::Text, Value::Text(text)) => self.text(field, text, row),
            (FieldType::Identifier(kind), Value::Text(text)) => {
                if !shape_of(kind).is_match(text) {
                    self.fault(field, row, words::identifier(field, kind, text));
                } else if let Some(register) = field.register {
                    self.registered(field, register, text, row);
                }
                self.text(field, text, row);
            }
            (FieldType::Code(list), Value::Text(code)) => self.code(field, list, code, row),
            (FieldType::Decimal, Value::Decimal(number)) => {
                if !decimal::is_canonical(number) {
                    self.fault(field, row, words::not_canonical(field, number));
                    return;
                }
                self.range(field, value, row);
            }
            (FieldType::Integer, Value::Integer(_))
            | (FieldType::Date, Value::Date(_))
            | (FieldType::Timestamp, Value::Timestamp(_)) => self.range(field, value, row),
            (FieldType::Boolean, Value::Boolean(_)) => {}
            _ => self.fault(field, row, words::wrong_type(field, value)),
        }
    }

    fn text(&mut self, field: &Field, text: &str, row: Row) {
        if text.is_empty() {
            self.fault(field, row, words::empty(field));
        }
        match flaw(text) {
            None => {}
            Some(Flaw::Control) => self.fault(field, row, words::control(field)),
            Some(Flaw::NotComposed) => self.fault(field, row, words::not_composed(field)),
            Some(Flaw::Invisible) => {
                self.doubt(field, row, |condition| matches!(condition, Condition::Visible));
            }
        }
        if let Some(max) = field.max_chars
            && text.len() > max as usize
        {
            let chars = text.chars().count();
            if chars > max as usize {
                self.fault(field, row, words::too_long(field, chars, max));
            }
        }
        if let Some(pattern) = &field.pattern
            && !pattern.is_match(text)
        {
            self.fault(field, row, words::pattern(field, pattern, text));
        }
    }

    fn code(&mut self, field: &Field, id: CodeListId, code: &str, row: Row) {
        let Some(list) = self.standard.list(id) else {
            self.fault(field, row, words::wrong_type(field, Value::Text(code)));
            return;
        };
        let on = if list.is_dated() {
            self.record_type.own_date_of(self.candidate.values)
        } else {
            None
        };
        match (list.lookup(code, on), on) {
            (Lookup::OutOfForce(entry), Some(on)) => {
                self.fault(field, row, words::out_of_force(field, list, entry, on));
            }
            (Lookup::Unknown, _) => {
                self.fault(field, row, words::unknown_code(field, list, code, on));
            }
            // Without a day every code of the list is in force.
            (Lookup::InForce(_) | Lookup::OutOfForce(_), _) => {}
        }
    }

    /// Warns of a body that is known not to have been there on the record's own date. One that the
    /// register does not have is no fault: registers are never complete.
    fn registered(&mut self, field: &Field, register: CodeListId, text: &str, row: Row) {
        if let Some(on) = self.record_type.own_date_of(self.candidate.values)
            && out_of_force(self.standard, register, text, on).is_some()
        {
            self.doubt(field, row, |condition| matches!(condition, Condition::InForce));
        }
    }

    /// Checks that codes lie in each other: a commune in its province.
    fn within(&mut self) {
        let record_type = self.record_type;
        let Some(on) = record_type.own_date_of(self.candidate.values) else { return };
        for within in &record_type.within {
            let Some(index) = within.group else {
                let values = self.candidate.values;
                self.lies_in(within, &record_type.fields, values, on, Row::Record);
                continue;
            };
            let Some(group) = record_type.groups.get(index) else { continue };
            let rows = self.candidate.groups.get(index).copied().unwrap_or(Rows::EMPTY).values;
            for (row, values) in rows.chunks_exact(group.fields.len().max(1)).enumerate() {
                let row = Row::Group { group: index, row };
                self.lies_in(within, &group.fields, values, on, row);
            }
        }
    }

    fn lies_in(
        &mut self,
        within: &Within,
        fields: &[Field],
        values: &[Value<'_>],
        on: Date,
        row: Row,
    ) {
        let of = |at: usize| Some((fields.get(at)?, values.get(at)?));
        let (Some((field, Value::Text(code))), Some((above, Value::Text(expected)))) =
            (of(within.field), of(within.above))
        else {
            return;
        };
        let (FieldType::Code(list), FieldType::Code(above_list)) = (field.kind, above.kind) else {
            return;
        };
        // A code that is not in force has its own fault.
        let found = self.standard.ancestor((list, code), above_list, on);
        if let Some(found) = found.filter(|found| found != expected) {
            let lists = (self.standard.list(list), self.standard.list(above_list));
            let words = words::lies_elsewhere((field, code), (above, expected), found, lists, on);
            self.fault(field, row, words);
        }
    }

    fn range(&mut self, field: &Field, value: Value<'_>, row: Row) {
        let is_over = |bound: &crate::Bound, wrong: std::cmp::Ordering| {
            order::compare(value, bound.value()) == Some(wrong)
        };
        let below = field.min.as_ref().is_some_and(|min| is_over(min, std::cmp::Ordering::Less));
        let above = field.max.as_ref().is_some_and(|max| is_over(max, std::cmp::Ordering::Greater));
        if below || above {
            self.fault(field, row, words::out_of_range(field, value));
        }
    }

    fn group(&mut self, index: usize, group: &Group, rows: Rows<'_>) {
        let width = group.fields.len();
        let count = rows.values.len() / width.max(1);
        assert_eq!(rows.values.len(), count * width, "whole rows");
        if let Some(parent) = group.parent {
            self.parents(index, group, rows.parents, parent, count);
        } else if count == 0 && group.required {
            self.group_fault(&group.path, words::no_rows(group));
        } else if count > 1 && group.single {
            self.group_fault(&group.path, words::several(group, count));
        }
        if count > group.rows_max as usize {
            self.group_fault(&group.path, words::too_many_rows(group, count));
            return;
        }
        for (row, values) in rows.values.chunks_exact(width.max(1)).enumerate() {
            self.fields(&group.fields, values, Row::Group { group: index, row });
        }
    }

    /// The rows of a nested group: each parent row for itself.
    fn parents(
        &mut self,
        index: usize,
        group: &Group,
        parents: &[u32],
        parent: usize,
        count: usize,
    ) {
        let parent_width = self.record_type.groups.get(parent).map_or(1, |g| g.fields.len());
        let parent_values = self.candidate.groups.get(parent).map_or(0, |rows| rows.values.len());
        let parent_count = parent_values / parent_width.max(1);
        assert_eq!(parents.len(), count, "a parent row for each row");
        assert!(parents.is_sorted(), "rows in the order of their parents");
        assert!(parents.last().is_none_or(|last| (*last as usize) < parent_count), "parents exist");
        if group.single
            && let Some([row, _]) = parents.array_windows().find(|[left, right]| left == right)
        {
            let of_row = parents.iter().filter(|other| *other == row).count();
            let at = self.prefix(Row::Group { group: parent, row: *row as usize });
            self.group_fault(&format!("{at}{}", group.name), words::several(group, of_row));
        }
        if group.required {
            let mut expected = 0;
            for row in parents {
                if *row > expected {
                    break;
                }
                expected = row + 1;
            }
            if (expected as usize) < parent_count {
                let at = self.prefix(Row::Group { group: parent, row: expected as usize });
                self.group_fault(&format!("{at}{}", group.name), words::no_rows(group));
            }
        }
        debug_assert!(index > parent, "a group comes after its parent");
    }

    fn rules(&mut self) {
        let Candidate { values, groups } = self.candidate;
        for (place, rule) in self.record_type.rules.iter().enumerate() {
            let Some(index) = rule.group else {
                if rule.judge(&Scope { values, groups, row: &[] }) == Verdict::Broken {
                    self.broken(place, rule, Row::Record);
                }
                continue;
            };
            let rows = groups.get(index).copied().unwrap_or(Rows::EMPTY).values;
            if rows.is_empty() {
                continue;
            }
            let width = self.record_type.groups.get(index).map_or(1, |group| group.fields.len());
            for (row, cells) in rows.chunks_exact(width.max(1)).enumerate() {
                if rule.judge(&Scope { values, groups, row: cells }) == Verdict::Broken {
                    self.broken(place, rule, Row::Group { group: index, row });
                }
            }
        }
    }

    #[cold]
    fn broken(&mut self, place: usize, rule: &Rule, at: Row) {
        if rule.severity == Severity::Refuse {
            self.push_fault(rule.fault(format!("{}{}", self.prefix(at), rule.field)));
        }
        self.push_breach(Breach { rule: place, at, field: None });
    }

    /// A rule that is judged value by value, broken at a field.
    #[cold]
    fn doubt(&mut self, field: &Field, at: Row, is_it: fn(&Condition) -> bool) {
        let fields = match at {
            Row::Record => Some(&self.record_type.fields),
            Row::Group { group, .. } => self.record_type.groups.get(group).map(|g| &g.fields),
        };
        let place = fields.and_then(|all| all.iter().position(|one| std::ptr::eq(one, field)));
        let rule = self.record_type.rule_of_values(is_it);
        self.push_breach(Breach { rule, at, field: place });
    }

    #[cold]
    fn group_fault(&mut self, path: &str, words: words::Words) {
        self.push_fault(words.at(path.to_owned()));
    }

    #[cold]
    fn fault(&mut self, field: &Field, row: Row, words: words::Words) {
        let place = format!("{}{}", self.prefix(row), field.name);
        self.push_fault(words.at(place));
    }

    fn push_fault(&mut self, fault: FieldFault) {
        if self.faults.len() < self.faults_end {
            self.faults.push(fault);
        }
    }

    /// Past the bound, a rule is still told once: there are only so many of them.
    fn push_breach(&mut self, breach: Breach) {
        let is_new = self.breaches.last().is_none_or(|last| last.rule != breach.rule);
        if self.breaches.len() < self.breaches_end || is_new {
            self.breaches.push(breach);
        }
    }

    fn prefix(&self, at: Row) -> String {
        self.record_type.prefix(at, self.candidate.groups)
    }
}

impl IdentifierKind {
    /// Whether a text has the form of such an identifier.
    pub fn is_match(self, text: &str) -> bool {
        shape_of(self).is_match(text)
    }
}

/// The entry of a body that was not there on a day, whichever generation of codes names it.
fn out_of_force<'s>(
    standard: &'s Standard,
    register: CodeListId,
    text: &str,
    on: Date,
) -> Option<(&'s CodeList, &'s Code)> {
    let list = standard.list(register)?;
    // Registers keep codes of generation 1; a field may hold either.
    let converted = match text.as_bytes() {
        [b'0'..=b'9', ..] => None,
        _ => AgencyCode::read(text).and_then(|code| code.to_generation_1()),
    };
    let code = converted.as_ref().map_or(text, AgencyCode::as_str);
    match list.lookup(code, Some(on)) {
        Lookup::OutOfForce(entry) => Some((list, entry)),
        Lookup::InForce(_) | Lookup::Unknown => None,
    }
}

/// The words for a body that was not there on a day.
pub(crate) fn body_gone(
    standard: &Standard,
    field: &Field,
    text: &str,
    on: Date,
) -> Option<words::Words> {
    let (list, entry) = out_of_force(standard, field.register?, text, on)?;
    Some(words::body_gone(field, list, entry, (text, on)))
}

pub(crate) const fn shape_of(kind: IdentifierKind) -> Shape {
    match kind {
        IdentifierKind::Agency => Shape::Agency,
        IdentifierKind::Procedure => Shape::Procedure,
        IdentifierKind::Dossier => Shape::Dossier,
    }
}

#[cfg(test)]
mod tests;
