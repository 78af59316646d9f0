//! A rule that a record broke, before anybody puts it into words.

use crate::accept::body_gone;
use crate::record_type::Group;
use crate::rules::Condition;
use crate::{Candidate, FieldFault, RecordType, Rows, Rule, Standard, Value};

/// A rule that a record broke, and where.
///
/// Small, so that a rule that every record breaks costs next to nothing where it is only counted.
/// Made by [`RecordType::accept`]; [`RecordType::in_words`] says it to people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Breach {
    /// The rule, by its place in [`RecordType::rules`].
    pub rule: usize,
    pub(crate) at: Row,
    /// The field, where the rule does not name it.
    pub(crate) field: Option<usize>,
}

/// Where a field lies: in the record itself or in a row of a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Row {
    Record,
    Group { group: usize, row: usize },
}

impl RecordType {
    /// A breach in words. `candidate` is the one that it was found in.
    pub fn in_words(
        &self,
        standard: &Standard,
        breach: Breach,
        candidate: Candidate<'_>,
    ) -> Option<FieldFault> {
        let rule = self.rules.get(breach.rule)?;
        let prefix = self.prefix(breach.at, candidate.groups);
        let Some(place) = breach.field else {
            return Some(rule.fault(format!("{prefix}{}", rule.field)));
        };
        let field = self.fields_at(breach.at).get(place)?;
        let at = format!("{prefix}{}", field.name);
        if let (Condition::InForce, Value::Text(text)) =
            (&rule.holds, self.value_at(breach.at, place, candidate))
        {
            let on = self.own_date_of(candidate.values)?;
            return Some(body_gone(standard, field, text, on)?.at(at));
        }
        Some(rule.fault(at))
    }

    /// The place of the rule that is judged where values are checked one by one.
    pub(crate) fn rule_of_values(&self, is_it: fn(&Condition) -> bool) -> usize {
        let is_it = |rule: &Rule| is_it(&rule.holds);
        self.rules.iter().rposition(is_it).unwrap_or(self.rules.len())
    }

    fn value_at<'a>(&self, at: Row, field: usize, candidate: Candidate<'a>) -> Value<'a> {
        let value = match at {
            Row::Record => candidate.values.get(field),
            Row::Group { group, row } => {
                let width = self.fields_at(at).len();
                candidate.groups.get(group).and_then(|rows| rows.values.get(row * width + field))
            }
        };
        value.copied().unwrap_or(Value::Missing)
    }

    fn fields_at(&self, at: Row) -> &[crate::Field] {
        match at {
            Row::Record => &self.fields,
            Row::Group { group, .. } => {
                self.groups.get(group).map_or(&[][..], |group: &Group| &group.fields)
            }
        }
    }

    /// `DanhSachHoSoBoSung[1].DanhSachLePhiBoSung[0].`; rows are counted within their parent.
    pub(crate) fn prefix(&self, at: Row, groups: &[Rows<'_>]) -> String {
        let Row::Group { group: index, row } = at else { return String::new() };
        let Some(group) = self.groups.get(index) else { return String::new() };
        let Some(parent) = group.parent else {
            return if group.single {
                format!("{}.", group.name)
            } else {
                format!("{}[{row}].", group.name)
            };
        };
        let parents = groups.get(index).map_or(&[][..], |rows| rows.parents);
        let parent_row = parents.get(row).copied().unwrap_or(0);
        let first = parents.partition_point(|other| *other < parent_row);
        let above = self.prefix(Row::Group { group: parent, row: parent_row as usize }, groups);
        format!("{above}{}[{}].", group.name, row - first)
    }
}
