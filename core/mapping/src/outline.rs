//! A mapping as lines for people: what each national field is made of.

use lienthong_standard::{Field, FieldType, Personal, Standard, Title};

use crate::Mapping;
use crate::plan::Rule;

/// What one national field is made of; made by [`Mapping::outline`].
#[derive(Clone, Debug)]
pub struct OutlineLine {
    /// The field, with its groups: `DanhSachLePhi.Gia`.
    pub field: String,
    /// The field's name for people.
    pub title: Title,
    /// The type of its values, as the standard calls it.
    pub kind: &'static str,
    /// Whether a record must have it.
    pub required: bool,
    /// What kind of personal data it holds.
    pub personal: Option<Personal>,
    /// The paths that it is read from; none for a constant or a comparison.
    pub source: Option<String>,
    /// The rule, as the mapping writes it; none where the field is not mapped.
    pub written: Option<String>,
    /// How the rule's code list is called.
    pub codes: Option<String>,
}

/// One code list of a mapping, with what its national codes mean.
#[derive(Clone, Debug)]
pub struct CodeTable {
    /// How the list is called: `codes/status`.
    pub name: String,
    /// The national field that it is for, with its groups.
    pub field: String,
    /// Source code, national code, and its name where the standard has one.
    pub lines: Vec<(String, String, Option<Title>)>,
}

impl Mapping {
    /// One line for each field of the record type and its groups, mapped or not, in the order of the
    /// standard.
    pub fn outline(&self) -> Vec<OutlineLine> {
        let lines = self.places().map(|place| self.line(place));
        lines.collect()
    }

    /// The code lists that the rules use, in the order of the fields.
    pub fn code_tables(&self) -> Vec<CodeTable> {
        let tables = self.places().filter_map(|Place { name, field, rule, .. }| {
            let codes = rule?.codes.as_ref()?;
            let lines = codes.pairs().iter().map(|pair| {
                let title = title_of(&self.standard, field, &pair.national);
                (pair.source.to_string(), pair.national.to_string(), title)
            });
            Some(CodeTable { name: codes.name.to_string(), field: name, lines: lines.collect() })
        });
        tables.collect()
    }

    /// Every field of the record type and its groups.
    fn places(&self) -> impl Iterator<Item = Place<'_>> {
        let record = self.record_type.fields.iter().zip(&self.plan.record);
        let record = record.map(|(field, rule)| Place {
            name: field.name.to_string(),
            group: None,
            field,
            rule: rule.as_ref(),
        });
        let groups = self.record_type.groups.iter().zip(&self.plan.groups).enumerate();
        let groups = groups.flat_map(|(index, (group, plan))| {
            group.fields.iter().enumerate().map(move |(at, field)| Place {
                name: format!("{}.{}", group.path, field.name),
                group: Some(index),
                field,
                rule: plan.as_ref().and_then(|plan| plan.rules.get(at)?.as_ref()),
            })
        });
        record.chain(groups)
    }

    fn line(&self, place: Place<'_>) -> OutlineLine {
        let Place { name, group, field, rule } = place;
        OutlineLine {
            field: name,
            title: field.title.clone(),
            kind: field.kind.name(),
            required: field.required,
            personal: field.personal,
            source: rule.and_then(|rule| self.shown_paths(group, rule)),
            written: rule.map(|rule| rule.written.to_string()),
            codes: rule.and_then(|rule| Some(rule.codes.as_ref()?.name.to_string())),
        }
    }
}

/// A field of the record type or of a group, and its rule.
struct Place<'m> {
    name: String,
    group: Option<usize>,
    field: &'m Field,
    rule: Option<&'m Rule>,
}

fn title_of(standard: &Standard, field: &Field, code: &str) -> Option<Title> {
    let FieldType::Code(list) = field.kind else { return None };
    let list = standard.list(list)?;
    list.codes().iter().find(|entry| *entry.code == *code).map(|entry| entry.name.clone())
}
