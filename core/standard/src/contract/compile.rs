//! From a contract's file to its compiled form, checked against the standard.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use lienthong_adapter_api::Section;
use lienthong_diagnostics::{Problem, nearest};
use toml::Spanned;

use super::raw;
use super::{
    EndpointContract, FieldForm, FollowUp, Limit, Member, MemberKind, Recoded, RecordContract, Way,
    Written,
};
use crate::{CodeList, Field, FieldType, Files, RecordType, Severity, Standard};

impl EndpointContract {
    /// Compiles the contract in `contracts/<name>.toml` of a standard's files. Every field of the
    /// standard must be sent or named as left out.
    ///
    /// # Errors
    /// Every problem of the file.
    pub fn compile(name: &str, files: &Files, standard: &Standard) -> Result<Self, Vec<Problem>> {
        let path = format!("contracts/{name}.toml");
        let Some(text) = files.get(&path) else {
            return Err(vec![missing_file(name, &path, files)]);
        };
        let owner = format!("contract `{name}`");
        let section = Section::parse(files.shown(&path), Arc::clone(text), owner)?;
        let written = section.read::<raw::Contract>()?;
        let mut reading =
            Reading { section: &section, standard, write: &written.write, problems: Vec::new() };
        if written.name.get_ref() != name {
            let message = format!("the file of `{}` must bear its name", written.name.get_ref());
            reading.problem(written.name.span(), message, None);
        }
        for format in [&written.write.timestamp, &written.write.date] {
            reading.format(format);
        }
        let way = match (&written.session, &written.envelope, &written.token) {
            (Some(session), Some(envelope), None) => {
                Some(Way::Session(session.clone(), envelope.clone()))
            }
            (None, None, Some(token)) => Some(Way::Token(token.clone())),
            _ => {
                let message = "a contract has `session` and `envelope`, or `token`".to_owned();
                reading.problem(written.name.span(), message, None);
                None
            }
        };
        let mut records = BTreeMap::new();
        for (record_type, record) in &written.records {
            if let Some(record) = reading.record(record_type, record) {
                records.insert(Arc::from(record_type.get_ref().as_str()), record);
            }
        }
        let (Some(way), true) = (way, reading.problems.is_empty()) else {
            return Err(reading.problems);
        };
        Ok(Self {
            name: Arc::from(name),
            title: written.title,
            transport: written.transport,
            way,
            answer: written.answer,
            records,
        })
    }
}

fn missing_file(name: &str, path: &str, files: &Files) -> Problem {
    let known: Vec<&str> = files
        .under("contracts/")
        .filter_map(|(path, _)| path.strip_prefix("contracts/")?.strip_suffix(".toml"))
        .collect();
    let hint = nearest(name, known.iter().copied()).map(|near| format!("did you mean `{near}`?"));
    Problem {
        code: "LT-4008",
        message: format!("the standard has no contract `{name}`"),
        label: String::new(),
        hint,
        file: files.shown(path),
        text: Arc::from(""),
        span: 0..0,
    }
}

struct Reading<'a> {
    section: &'a Section,
    standard: &'a Standard,
    write: &'a raw::Write,
    problems: Vec<Problem>,
}

impl Reading<'_> {
    fn record(&mut self, name: &Spanned<String>, written: &raw::Record) -> Option<RecordContract> {
        let Some(record_type) = self.standard.record_type(name.get_ref()) else {
            let known = self.standard.record_types().map(|record_type| &*record_type.name);
            let near = nearest(name.get_ref(), known);
            let hint = near.map(|near| format!("did you mean `{near}`?"));
            let message = format!("the standard has no record type `{}`", name.get_ref());
            self.problem(name.span(), message, hint);
            return None;
        };
        if *written.records_max.get_ref() == 0 {
            let message = "a request takes at least one record".to_owned();
            self.problem(written.records_max.span(), message, None);
        }
        let members = self.members(record_type, None, &written.fields);
        let then = written.then.as_ref().map(|then| FollowUp {
            service: then.service.clone(),
            missing: self.write.missing,
            members: self.members(record_type, None, &then.fields),
        });
        if written.gives_id.is_some() && then.is_none() {
            let message = "a number that is given is for what follows: say `then`".to_owned();
            self.problem(name.span(), message, None);
        }
        if let Some(names) = &written.names_id {
            let of = self.standard.record_type(&names.of);
            if of.is_none() || record_type.field_index(&names.by).is_none() {
                let message = "`names_id` names no record type or field of the standard".to_owned();
                self.problem(name.span(), message, None);
            }
        }
        let mut sent = sent(&members);
        sent.extend(then.iter().flat_map(|then| self::sent(&then.members)));
        let place = written.fields.span();
        let left_out = self.left_out(record_type, None, &sent, &written.left_out, &place);
        Some(RecordContract {
            service: written.service.clone(),
            records_max: *written.records_max.get_ref(),
            updating: written.updating.clone(),
            unit: written.unit.clone(),
            gives_id: written.gives_id.clone(),
            names_id: written.names_id.clone(),
            then,
            missing: self.write.missing,
            members,
            left_out,
        })
    }

    fn members(
        &mut self,
        record_type: &RecordType,
        group: Option<usize>,
        written: &Spanned<Vec<raw::Member>>,
    ) -> Vec<Member> {
        let mut members: Vec<Member> = Vec::new();
        for member in written.get_ref() {
            if members.iter().any(|other| *other.name == **member.name.get_ref()) {
                let message = format!("`{}` is sent twice", member.name.get_ref());
                self.problem(member.name.span(), message, None);
            }
            members.extend(self.member(record_type, group, member));
        }
        members
    }

    fn member(
        &mut self,
        record_type: &RecordType,
        group: Option<usize>,
        written: &raw::Member,
    ) -> Option<Member> {
        let from = written.from.as_ref().unwrap_or(&written.name);
        if let Some(only) = &written.only_when
            && !fields_of(record_type, group).iter().any(|field| *field.name == *only.field)
        {
            let message = format!("`only_when` names no field: `{}`", only.field);
            self.problem(written.name.span(), message, None);
        }
        let whole = |kind| Member {
            name: written.name.get_ref().as_str().into(),
            from: Arc::from(from.get_ref().as_str()),
            kind,
            only_when: written.only_when.clone(),
        };
        if let Some(object) = &written.object {
            let members = self.members(record_type, group, object);
            return Some(whole(MemberKind::Object(members)));
        }
        let inner = record_type
            .children(group)
            .find(|(_, inner)| *inner.name == **from.get_ref())
            .map(|(index, inner)| (index, inner.single));
        let kind = match (inner, &written.fields) {
            (Some((index, single)), Some(fields)) => {
                let members = self.members(record_type, Some(index), fields);
                let left_out = &written.left_out;
                let place = fields.span();
                let sent = sent(&members);
                let left_out = self.left_out(record_type, Some(index), &sent, left_out, &place);
                MemberKind::Group { members, left_out, single }
            }
            (Some(_), None) => {
                let message = format!("`{}` is a list: say its fields", from.get_ref());
                self.problem(from.span(), message, None);
                return None;
            }
            (None, fields) => {
                let known = fields_of(record_type, group);
                let field = known.iter().find(|field| *field.name == **from.get_ref());
                let Some(field) = field.filter(|_| fields.is_none()) else {
                    self.unknown(record_type, group, from);
                    return None;
                };
                self.field(field, written)
            }
        };
        Some(whole(kind))
    }

    fn field(&mut self, field: &Field, written: &raw::Member) -> MemberKind {
        let list = match field.kind {
            FieldType::Code(id) => self.standard.list(id),
            _ => None,
        };
        let severity = written.longer.unwrap_or(Severity::Warn);
        if let Some(format) = &written.format {
            self.format(format);
        }
        let format = |usual: &Spanned<String>| {
            written.format.as_ref().unwrap_or(usual).get_ref().as_str().into()
        };
        MemberKind::Field(FieldForm {
            written: match field.kind {
                FieldType::Date => Written::Date(format(&self.write.date)),
                FieldType::Timestamp => Written::Timestamp(format(&self.write.timestamp)),
                _ => Written::AsIs,
            },
            write_as: written.write_as,
            limit: written.max_chars.map(|chars| Limit { chars, severity }),
            codes: self.codes(list, written),
            refuses_others: written.other_codes.is_some(),
            booleans: written
                .booleans
                .as_ref()
                .unwrap_or(&self.write.booleans)
                .each_ref()
                .map(|word| word.as_str().into()),
        })
    }

    fn codes(
        &mut self,
        list: Option<&CodeList>,
        written: &raw::Member,
    ) -> BTreeMap<Box<str>, Recoded> {
        let mut codes = BTreeMap::new();
        for (ours, theirs) in &written.codes {
            if !list.is_some_and(|list| list.contains(ours.get_ref())) {
                let message = format!("the field has no code `{}`", ours.get_ref());
                self.problem(ours.span(), message, None);
            }
            let is_lossy = written.codes.values().filter(|other| *other == theirs).count() > 1
                || written.other_codes.is_none()
                    && list.is_some_and(|list| {
                        // A code that is not in the table is sent as it is.
                        list.contains(theirs)
                            && !written.codes.keys().any(|key| key.get_ref() == theirs)
                    });
            let code = theirs.as_str().into();
            codes.insert(ours.get_ref().as_str().into(), Recoded { code, is_lossy });
        }
        codes
    }

    /// Checks that what is not sent is left out on purpose.
    fn left_out(
        &mut self,
        record_type: &RecordType,
        group: Option<usize>,
        sent: &[&str],
        written: &[Spanned<String>],
        place: &Range<usize>,
    ) -> Vec<Arc<str>> {
        let names = names_of(record_type, group);
        for name in written {
            if sent.contains(&name.get_ref().as_str()) || !names.contains(&name.get_ref().as_str())
            {
                self.unknown(record_type, group, name);
            }
        }
        for name in names {
            if !sent.contains(&name) && !written.iter().any(|other| other.get_ref() == name) {
                let message = format!("`{name}` is neither sent nor left out");
                let hint = "add it to the fields, or to `left_out`".to_owned();
                self.problem(place.start..place.start + 1, message, Some(hint));
            }
        }
        written.iter().map(|name| Arc::from(name.get_ref().as_str())).collect()
    }

    fn format(&mut self, format: &Spanned<String>) {
        if super::render::is_format(format.get_ref()) {
            return;
        }
        let hint = "a format has %Y, %m, %d, %H, %M and %S".to_owned();
        let message = format!("`{}` is not a format of dates", format.get_ref());
        self.problem(format.span(), message, Some(hint));
    }

    fn unknown(&mut self, record_type: &RecordType, group: Option<usize>, name: &Spanned<String>) {
        let near = nearest(name.get_ref(), names_of(record_type, group));
        let hint = near.filter(|near| near != name.get_ref());
        let message = format!("`{}` can't be named here", name.get_ref());
        self.problem(name.span(), message, hint.map(|near| format!("did you mean `{near}`?")));
    }

    fn problem(&mut self, span: Range<usize>, message: String, hint: Option<String>) {
        self.problems.push(self.section.problem_at(span, "LT-4007", message, "", hint));
    }
}

/// The fields and groups that members send, those inside objects included.
fn sent(members: &[Member]) -> Vec<&str> {
    let mut names = Vec::with_capacity(members.len());
    for member in members {
        match &member.kind {
            MemberKind::Object(inner) => names.extend(sent(inner)),
            _ => names.push(&*member.from),
        }
    }
    names
}

fn fields_of(record_type: &RecordType, group: Option<usize>) -> &[Field] {
    match group {
        None => &record_type.fields,
        Some(index) => record_type.groups.get(index).map_or(&[], |group| &group.fields),
    }
}

/// The fields and groups that lie directly in a record or row.
fn names_of(record_type: &RecordType, group: Option<usize>) -> Vec<&str> {
    let fields = fields_of(record_type, group).iter().map(|field| &*field.name);
    fields.chain(record_type.children(group).map(|(_, inner)| &*inner.name)).collect()
}
