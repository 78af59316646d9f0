//! One verdict while it is put together: failures turned into words and counts of records.

use std::sync::Arc;

use lienthong_standard::{Field, Group, Rule as StandardRule, Severity};

use super::Case;
use super::failure::{Cause, Failure, Failures};
use super::outcome::Outcome;
use super::tally::Tally;
use super::words::{Asked, say};
use crate::plan::{GroupPlan, RowsOf, Rule, Source};
use crate::words::Kind;
use crate::{Fails, State, Subject, Verdict, Why};

/// One verdict while it is put together.
#[derive(Clone, Debug)]
pub(crate) struct Finding<'a> {
    pub(crate) verdict: Verdict,
    /// The learned records.
    items: u64,
    /// The most rows that one record has of what is judged.
    pub(crate) rows_max: u64,
    asked: Asked<'a>,
}

impl<'a> Finding<'a> {
    fn new(subject: Subject, name: Arc<str>, items: u64, asked: Asked<'a>) -> Self {
        let verdict = Verdict {
            subject,
            field: name,
            state: State::Proven,
            reasons: Vec::new(),
            fails: None,
            place: None,
        };
        Self { verdict, items, rows_max: 1, asked }
    }

    pub(crate) fn of_field(
        field: &'a Field,
        prefix: &str,
        rule: Option<&'a Rule>,
        items: u64,
        rows_max: u64,
    ) -> Self {
        let name = Arc::from(format!("{prefix}{}", field.name));
        let asked = Asked { field: Some(field), rule, ..Asked::default() };
        Self { rows_max, ..Self::new(Subject::Field, name, items, asked) }
    }

    pub(crate) fn of_group(group: &'a Group, items: u64) -> Self {
        Self::new(Subject::Group, Arc::clone(&group.path), items, Asked::default())
    }

    pub(crate) fn of_rule(rule: &'a StandardRule, items: u64) -> Self {
        let asked = Asked { across: Some(rule), ..Asked::default() };
        Self::new(Subject::Rule, Arc::clone(&rule.code), items, asked)
    }

    pub(crate) fn not_mapped(self) -> Self {
        self.proven(Why::new(
            "not mapped: always absent, which the standard allows",
            "không ánh xạ: luôn bỏ trống, điều chuẩn cho phép",
        ))
    }

    pub(crate) fn without_rows(self) -> Self {
        self.proven(Why::new(
            "there is never a row that it could fail in",
            "không bao giờ có dòng nào để có thể sai",
        ))
    }

    fn proven(mut self, why: Why) -> Self {
        self.verdict.reasons.push(why);
        self
    }

    /// Takes in the ways to fail: those of the mapping exclude each other, those of the standard
    /// may come together.
    pub(crate) fn fails(&mut self, mapping: &Failures, standard: &Failures) {
        let all = || mapping.0.iter().chain(&standard.0);
        let is_unfit = |failure: &Failure| matches!(failure.cause, Cause::Mapping(Kind::Unfit(_)));
        // Of items that nobody has seen there is no more to say than this.
        if self.items == 0 && all().any(is_unfit) {
            self.verdict.reasons.push(self.asked.no_single_value());
        }
        for failure in all().filter(|failure| self.items > 0 || !is_unfit(failure)) {
            let mut why = say(failure, &self.asked);
            why.fails = self.records(failure.tally);
            self.verdict.reasons.push(why);
        }
        if all().next().is_some() {
            self.verdict.state = State::Checked;
            let sum = |failures: &Failures| {
                failures.0.iter().fold(Tally::NEVER, |sum, failure| sum + failure.tally)
            };
            let least = |failure: &Failure| failure.tally.least;
            let (own, theirs) = (sum(mapping), sum(standard));
            self.verdict.fails = self.records(Tally {
                least: own.least + standard.0.iter().map(least).max().unwrap_or(0),
                most: own.most.saturating_add(theirs.most),
            });
        }
    }

    /// Rows counted as records: each record has at most so many of them.
    fn records(&self, rows: Tally) -> Option<Fails> {
        let of = self.items;
        (of > 0).then(|| Fails {
            at_least: rows.least.div_ceil(self.rows_max.max(1)).min(of),
            at_most: rows.most.min(of),
            of,
        })
    }

    /// Says that it can never be valid.
    pub(crate) fn refute(&mut self) {
        self.verdict.state = State::Refuted;
        self.verdict.reasons.insert(
            0,
            Why::new(
                "no item that fits the shape can be valid here",
                "không dữ liệu nào đúng với mẫu đã học có thể hợp lệ ở đây",
            ),
        );
    }

    /// Says why a field without a way to fail has none.
    pub(crate) fn tell(&mut self, given: &Outcome, case: &Case<'_>) {
        if self.verdict.state != State::Proven {
            return;
        }
        let is_constant =
            self.asked.rule.is_some_and(|rule| matches!(rule.source, Source::Value(_)));
        let count = given.known.len();
        let mut why = if is_constant {
            Why::new("a constant that the standard allows", "hằng số hợp lệ theo chuẩn")
        } else if !given.may_be_present() {
            Why::new(
                "always absent, which the standard allows",
                "luôn bỏ trống, điều chuẩn cho phép",
            )
        } else if given.others.is_empty() {
            Why::new(
                format!("each of the values that can come ({count}) is valid"),
                format!("mọi giá trị có thể có ({count}) đều hợp lệ"),
            )
        } else if case.shape.is_some() {
            Why::new(
                "every value that fits the shape is valid",
                "mọi giá trị đúng với mẫu đã học đều hợp lệ",
            )
        } else {
            Why::new("every value is valid", "mọi giá trị đều hợp lệ")
        };
        if given.may_be_present() && given.may_be_absent() {
            why.message.push_str("; it may be absent, which the standard allows");
            why.message_vi.push_str("; có thể bỏ trống, điều chuẩn cho phép");
        }
        self.verdict.reasons.push(why);
    }

    /// Says how many rows a group has that can't have a wrong number of them.
    pub(crate) fn tell_rows(&mut self, (fewest, most): (u64, u64), plan: &GroupPlan) {
        if self.verdict.state != State::Proven {
            return;
        }
        let why = if matches!(plan.rows, RowsOf::Around(_)) {
            Why::new(
                "one row, or none where no field has a value",
                "một dòng, hoặc không có khi không trường nào có giá trị",
            )
        } else {
            Why::new(
                format!("{fewest} to {most} rows, which the standard allows"),
                format!("{fewest} đến {most} dòng, điều chuẩn cho phép"),
            )
        };
        self.verdict.reasons.push(why);
    }

    /// Says of a rule why it always holds, or that it refuses nothing.
    pub(crate) fn tell_rule(&mut self, rule: &StandardRule) {
        if self.verdict.state == State::Proven {
            self.verdict.reasons.push(Why::new(
                "it holds for everything that the fields can be, or does not apply",
                "luôn đúng với mọi giá trị có thể có, hoặc không áp dụng",
            ));
        } else if rule.severity == Severity::Warn {
            self.verdict.fails = None;
            for why in &mut self.verdict.reasons {
                why.fails = None;
            }
            self.verdict.reasons.push(Why::new(
                "it warns only: no record is refused for it",
                "chỉ cảnh báo: không bản ghi nào bị từ chối vì quy tắc này",
            ));
        }
    }
}
