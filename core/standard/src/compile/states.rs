//! `states.toml` and the states of record types: which may follow which.

use std::collections::BTreeMap;
use std::sync::Arc;

use lienthong_adapter_api::Section;
use lienthong_diagnostics::Problem;
use toml::Spanned;

use super::raw::{self, Named, in_order};
use super::{section, unknown};
use crate::lists::Lists;
use crate::states::{HistoryRule, STATES_MAX, StateCode, StateTable, States, Steps};
use crate::{Field, FieldType, Files};

const PATH: &str = "states.toml";

/// Reads the tables; each is over the codes of one list.
pub(super) fn compile(
    files: &Files,
    lists: &Lists,
    problems: &mut Vec<Problem>,
) -> BTreeMap<Arc<str>, Arc<StateTable>> {
    let mut tables = BTreeMap::new();
    let Some(text) = files.get(PATH) else { return tables };
    let Some(section) = section(files, PATH, text, "a table of states", problems) else {
        return tables;
    };
    let named = match section.read::<Named<raw::StateTable>>() {
        Ok(named) => named,
        Err(found) => {
            problems.extend(found);
            return tables;
        }
    };
    for (name, written) in in_order(named) {
        if let Some(table) = table(&section, &name, written, lists, problems) {
            tables.insert(Arc::clone(&table.name), Arc::new(table));
        }
    }
    tables
}

fn table(
    section: &Section,
    name: &Spanned<String>,
    written: raw::StateTable,
    lists: &Lists,
    problems: &mut Vec<Problem>,
) -> Option<StateTable> {
    let before = problems.len();
    let list_name = &written.code_list;
    let Some(list) = lists.id(list_name.get_ref()).and_then(|id| lists.get(id)) else {
        let (span, known) = (list_name.span(), lists.names());
        problems.push(unknown(section, span, "code list", list_name.get_ref(), known));
        return None;
    };
    let rows = in_order(written.next);
    let place = |code: &str| rows.iter().position(|(known, _)| known.get_ref() == code);
    let mut next = Vec::new();
    for (code, after) in &rows {
        let mut places = Vec::new();
        for other in after {
            if let Some(place) = place(other.get_ref()) {
                places.push(place);
                continue;
            }
            let known = rows.iter().map(|(known, _)| known.get_ref().as_str());
            problems.push(unknown(section, other.span(), "state", other.get_ref(), known));
        }
        let state = StateCode::of(code.get_ref()).filter(|_| list.contains(code.get_ref()));
        if let Some(state) = state {
            next.push((state, places));
            continue;
        }
        let known = list.codes().iter().map(|code| &*code.code);
        problems.push(unknown(section, code.span(), "code", code.get_ref(), known));
    }
    if next.len() > STATES_MAX {
        let message = format!("a table holds up to {STATES_MAX} states");
        problems.push(section.problem_at(name.span(), "LT-4002", message, "", None));
    }
    let name = Arc::from(name.get_ref().as_str());
    let is_whole = problems.len() == before;
    is_whole.then(|| StateTable::new(name, written.title, written.source, &next))
}

/// What a record type says of its states.
pub(super) fn of_record(
    section: &Section,
    files: &Files,
    written: raw::States,
    tables: &BTreeMap<Arc<str>, Arc<StateTable>>,
    (fields, key): (&[Field], &[usize]),
    problems: &mut Vec<Problem>,
) -> Option<States> {
    let name = &written.table;
    let Some(table) = tables.get(name.get_ref().as_str()) else {
        let known = tables.keys().map(|name| &**name);
        problems.push(unknown(section, name.span(), "table of states", name.get_ref(), known));
        return None;
    };
    let mut place = |name: &Spanned<String>, fits: fn(FieldType) -> bool, what: &str| {
        let found = fields.iter().position(|field| *field.name == **name.get_ref());
        let Some(found) = found else {
            let known = fields.iter().map(|field| &*field.name);
            problems.push(unknown(section, name.span(), "field", name.get_ref(), known));
            return None;
        };
        if !fields.get(found).is_some_and(|field| fits(field.kind)) {
            let message = format!("`{}` is not {what}", name.get_ref());
            problems.push(section.problem_at(name.span(), "LT-4002", message, "", None));
        }
        Some(found)
    };
    let field = place(&written.field, |kind| matches!(kind, FieldType::Code(_)), "a code")?;
    let steps = match written.steps {
        None => None,
        Some(raw::Steps { of, at, late, twice, beside }) => {
            let at = place(&at, |kind| kind == FieldType::Timestamp, "a timestamp")?;
            if files.get(&format!("records/{}.toml", of.get_ref())).is_none() {
                problems.push(unknown(
                    section,
                    of.span(),
                    "record type",
                    of.get_ref(),
                    std::iter::empty(),
                ));
            }
            if key.len() < 2 {
                let message = "the key of a step begins with that of its record".to_owned();
                problems.push(section.problem_at(of.span(), "LT-4002", message, "", None));
            }
            let of = Arc::from(of.get_ref().as_str());
            let [late, twice, beside] = [late, twice, beside].map(rule);
            Some(Steps { of, at, late, twice, beside })
        }
    };
    Some(States { table: Arc::clone(table), field, back: rule(written.back), steps })
}

fn rule(written: raw::HistoryRule) -> HistoryRule {
    let raw::HistoryRule { code, severity, message, source } = written;
    HistoryRule { code, message, severity, source }
}
