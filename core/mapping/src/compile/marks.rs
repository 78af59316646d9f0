//! What a mapping's file itself says of fields and groups: where their rules stand, and what refutes
//! them before anything is known of the items.

use std::collections::BTreeMap;

use lienthong_diagnostics::Problem;

use super::Compiler;
use super::keys::Span;
use crate::{State, Subject, Verdict, Why};

/// What the file says, by group or field.
#[derive(Debug, Default)]
pub(crate) struct Marks {
    fields: BTreeMap<String, Mark>,
    groups: BTreeMap<String, Mark>,
}

/// What the file says of one field or group.
#[derive(Debug, Default)]
struct Mark {
    place: Option<Span>,
    refusals: Vec<Why>,
}

impl Marks {
    /// Notes where the rule of a field stands, and what is wrong with it.
    pub(super) fn field(&mut self, name: &str, place: Option<Span>, problems: &[Problem]) {
        self.fields.insert(name.to_owned(), Mark::new(place, problems));
    }

    /// Notes where a group stands, and what is wrong with it.
    pub(super) fn group(&mut self, path: &str, place: Option<Span>, problems: &[Problem]) {
        self.groups.insert(path.to_owned(), Mark::new(place, problems));
    }
}

impl Mark {
    fn new(place: Option<Span>, problems: &[Problem]) -> Self {
        let refusals = problems.iter().map(|problem| Why {
            message: problem.message.clone(),
            message_vi: vietnamese(problem.code).to_owned(),
            fails: None,
        });
        Self { place, refusals: refusals.collect() }
    }
}

impl Compiler<'_> {
    /// Gives the verdicts their places, refutes what the file itself refutes, and turns what no
    /// item can pass into problems.
    pub(super) fn apply_marks(&mut self, verdicts: &mut [Verdict]) {
        for verdict in verdicts {
            let mark = match verdict.subject {
                Subject::Field => self.marks.fields.get(&*verdict.field),
                Subject::Group => self.marks.groups.get(&*verdict.field),
                Subject::Rule => None,
            };
            verdict.place = mark.and_then(|mark| mark.place.clone());
            if let Some(mark) = mark.filter(|mark| !mark.refusals.is_empty()) {
                verdict.state = State::Refuted;
                verdict.reasons.clone_from(&mark.refusals);
                verdict.fails = None;
            } else if verdict.state == State::Refuted {
                let why = verdict.reasons.iter().skip(1).map(|why| why.message.as_str());
                let why = why.collect::<Vec<_>>().join("; ");
                let what = verdict.subject.name();
                let message = format!("the {what} `{}` can never be valid: {why}", verdict.field);
                let hint = "mend the rule; or, if the items have changed, learn their shape again";
                let span = verdict.place.clone().unwrap_or(0..0);
                self.problem("LT-3024", span, message, "never valid", Some(hint.to_owned()));
            }
        }
    }
}

/// What kind of problem it is, for officials; the words beside it are for who writes mappings.
fn vietnamese(code: &str) -> &'static str {
    match code {
        "LT-3002" | "LT-3003" | "LT-3005" | "LT-3020" | "LT-3021" => "quy tắc viết chưa đúng",
        "LT-3004" => "chuẩn không có trường hoặc nhóm được nêu",
        "LT-3006" => "danh mục mã có lỗi",
        "LT-3007" => "mã không có trong danh mục của chuẩn",
        "LT-3008" => "trường hoặc nhóm bắt buộc chưa được ánh xạ",
        "LT-3009" => "quy tắc không phù hợp với trường của chuẩn",
        "LT-3023" => "phép chuyển đổi làm mất dữ liệu",
        _ => "ánh xạ có lỗi",
    }
}
